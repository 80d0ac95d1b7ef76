"""Lineage at the gate: verify it, tie it to the audited data, and show the chain to its source."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from ftaudit.admission.remarks import Remarks
from ftaudit.admission.signed_manifest import Trust
from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import printable
from ftaudit.wire import envelope
from ftaudit.wire.lineage_statement import LineageFile, LineageStatement, from_json
from ftaudit.wire.manifest import Manifest


class OpenedLineage(Struct, frozen=True):
    """A step from data to data, and what its signature says."""

    name: str
    """The file as the user named it."""
    statement: LineageStatement
    remarks: Remarks


def open_lineage(path: Path, trust: Trust) -> OpenedLineage:
    """Read lineage; verify its signature where one is required.

    Raises:
        InputError: unreadable, or no lineage.
        IntegrityError: not signed by whom it has to be.
    """
    try:
        data = read_bounded(path, envelope.LARGEST)
    except OSError as error:
        remedy = "Name the lineage that `ftaudit fix` wrote"
        raise InputError(path, f"cannot be read ({error.strerror})", remedy=remedy) from None
    if envelope.is_envelope(data) and trust.keys:
        verified = envelope.verify(data, trust.keys, name=str(path))
        if trust.rules.keys and verified.keyid not in trust.rules.keys:
            msg = f"signed by the key {verified.keyid[:12]}, which the policy does not name"
            raise IntegrityError(f"{path}: {msg} under signature.keys")
        holds = ("lineage", f"the signature holds ({verified.keyid[:12]})")
        statement = from_json(verified.payload, str(path))
        return OpenedLineage(str(path), statement, Remarks(verified=(holds,)))
    if trust.required:
        remedy = "Give lineage.dsse.json, as `ftaudit fix --sign` writes it"
        raise IntegrityError(f"{path}: not signed, where a signature is required. {remedy}")
    if envelope.is_envelope(data):
        data = envelope.unverified(data, name=str(path)).payload
    note = "no trusted key signed the lineage: anybody may have written it"
    remarks = Remarks(notes=(note,), caveats=("anybody may have written the lineage",))
    return OpenedLineage(str(path), from_json(data, str(path)), remarks)


def judge_lineage(steps: Sequence[OpenedLineage], manifest: Manifest) -> Remarks:
    """Tie steps to the audited data, and say how that came from its source.

    Args:
        steps: the steps, in any order.
        manifest: the audit of what they led to.

    Raises:
        IntegrityError: a training file is the output of no step, or a step leads to no file that
            was audited, nor to another step.
    """
    if not steps:
        return Remarks()
    made = [file for step in steps for file in step.statement.predicate.outputs]
    used = [file for step in steps for file in step.statement.predicate.inputs]
    audited = _audited(manifest)
    for file in audited:
        if file.role == "train" and not _among(file, made):
            message = f"the lineage does not lead to {printable(file.name)}, which was audited"
            raise IntegrityError(f"{message}. Scan what `ftaudit fix` wrote")
    for step in steps:
        if not any(_among(f, [*audited, *used]) for f in step.statement.predicate.outputs):
            raise IntegrityError(f"{step.name}: leads to no file that was audited")
    remarks = Remarks()
    for step in steps:
        remarks += step.remarks + _said(step)
    source = [f"{printable(f.name)} ({f.sha256[:12]})" for f in used if not _among(f, made)]
    kept = [f"{printable(f.name)} ({f.sha256[:12]})" for f in used if _among(f, made)]
    origin = ("source", ", ".join(dict.fromkeys(source)) or "none: " + ", ".join(kept))
    return remarks + Remarks(verified=(origin,))


def _audited(manifest: Manifest) -> list[LineageFile]:
    digests = {subject.name: subject.digest.sha256 for subject in manifest.subject}
    return [
        LineageFile(
            name=file.name,
            role=file.role,
            rows=file.rows,
            sha256=digests.get(file.name, ""),
            content_root=file.content_root,
        )
        for file in manifest.predicate.inputs
    ]


def _among(file: LineageFile, files: Sequence[LineageFile]) -> bool:
    """Return whether the same bytes, or the same rows, are among some files."""
    root = file.content_root
    return any(f.sha256 == file.sha256 or (root and f.content_root == root) for f in files)


def _said(step: OpenedLineage) -> Remarks:
    """Say what a step did, and what it left for people."""
    predicate = step.statement.predicate
    rows = [sum(f.rows for f in files) for files in (predicate.inputs, predicate.outputs)]
    counts: dict[str, int] = {}
    for change in predicate.changes:
        number = change.rows_removed + change.spans_replaced
        counts[change.remedy] = counts.get(change.remedy, 0) + number
    changes = ", ".join(f"{printable(name)} {number:,}" for name, number in counts.items())
    text = f"{rows[0]:,} → {rows[1]:,} rows by ftaudit {printable(predicate.tool.version)}"
    notes = []
    if predicate.rows_held:
        notes.append(f"{predicate.rows_held:,} rows were set aside until a person has decided")
    if predicate.findings_left:
        notes.append(f"{predicate.findings_left:,} findings were left by the step before the audit")
    holds = ("lineage", f"{text}: {changes or 'nothing changed'}")
    return Remarks(verified=(holds,), notes=tuple(notes))
