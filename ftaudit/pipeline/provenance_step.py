"""The provenance record of data that a step made: the step, and the files as they are then."""

from datetime import datetime

from msgspec.structs import replace

from ftaudit import __version__
from ftaudit.provenance.provenance_record import (
    FileEntry,
    PersonalData,
    Pet,
    ProvenanceRecord,
    Step,
    to_yaml,
)
from ftaudit.wire.lineage_statement import LineageFile, LineageStatement


def with_step(record: ProvenanceRecord, lineage: LineageStatement, ended: datetime) -> str:
    """Return a `provenance.yaml` that describes the outputs and names what made them.

    Files that the record does not know stay out of it, unless it names none: what was not recorded
    of the input is not known of the output.
    """
    predicate = lineage.predicate
    step = Step(
        id=f"fix-{len(record.lineage) + 1}",
        activity="fix: " + ", ".join(remedy.id for remedy in predicate.remedies),
        tool=f"ftaudit {__version__}",
        inputs=tuple(f"sha256:{file.sha256}" for file in predicate.inputs),
        outputs=tuple(f"sha256:{file.sha256}" for file in predicate.outputs),
        ended=ended,
    )
    changed: dict[str, object] = {
        "lineage": (*record.lineage, step),
        "files": tuple(_entry(entry, lineage) for entry in record.files),
    }
    if record.personal_data is not None and any(c.spans_replaced for c in predicate.changes):
        changed["personal_data"] = _with_pet(record.personal_data, lineage)
    return to_yaml(replace(record, **changed))


def _entry(entry: FileEntry, lineage: LineageStatement) -> FileEntry:
    """Return the entry of a file as it is after the step; one without rows keeps its digest."""
    predicate = lineage.predicate
    inputs = {file.sha256: file for file in predicate.inputs}
    outputs = {file.name: file for file in predicate.outputs}
    before = inputs.get(entry.sha256 or "") or _by_path(entry, predicate.inputs)
    after = outputs.get(before.name) if before is not None else None
    if after is None:
        return entry
    known = {
        "sha256": after.sha256 if entry.sha256 is not None else None,
        "rows": after.rows if entry.rows is not None else None,
        "content_root": after.content_root if entry.content_root is not None else None,
    }
    return replace(entry, **known)


def _by_path(entry: FileEntry, files: list[LineageFile]) -> LineageFile | None:
    path = f"/{entry.path or ''}"
    return next((file for file in files if path.endswith(f"/{file.name}")), None)


def _with_pet(personal: PersonalData, lineage: LineageStatement) -> PersonalData:
    """Add how personal data was replaced."""
    remedies = lineage.predicate.remedies
    operator = next((r.choices["operator"] for r in remedies if "operator" in r.choices), None)
    if operator is None:
        return personal
    pet = Pet(tool=f"ftaudit fix {__version__}", params=f"operator={operator}")
    return replace(personal, pets=(*personal.pets, pet))
