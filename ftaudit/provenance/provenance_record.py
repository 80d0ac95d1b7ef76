"""The provenance record: where data came from, by what right, and for what use.

The fields follow the Data & Trust Alliance's Data Provenance Standards 1.0, with those of
Croissant RAI and of a gate beside them. Everything is optional when a record is read: what is
missing is a finding of the provenance check, measured against what the policy requires, and so
is a value that still begins with `TODO`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

from msgspec import Meta

from ftaudit.model.document_models import DocumentSection, explaining_model, plain_values
from ftaudit.model.documents import load_document

SCHEMA: Final = "ftaudit.provenance/v1"
NAME: Final = "provenance.yaml"
"""The file looked for beside the data."""

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", description="SHA-256, hexadecimal")]
Texts = tuple[str, ...]


def _undone(value: object) -> bool:
    return isinstance(value, str) and value.strip().upper().startswith("TODO")


def _without_marks(value: object) -> object:
    """Leave out values and list items that still say `TODO`, and nulls, at every depth."""
    if isinstance(value, Mapping):
        return {k: _without_marks(v) for k, v in value.items() if v is not None and not _undone(v)}
    if isinstance(value, list):
        return [_without_marks(item) for item in value if item is not None and not _undone(item)]
    return value


class RecordSection(DocumentSection, frozen=True):
    """A part of the record: immutable, without unknown keys, `TODO` marks read as missing."""

    numbers_as_text: ClassVar[bool] = True

    @classmethod
    def prepared(cls, value: object) -> object:
        """Return plain values without nulls and what still says `TODO`."""
        return _without_marks(value)


class DatasetInfo(RecordSection, frozen=True):
    """What the dataset is called, and who issued it."""

    id: Annotated[str | None, Meta(description="Identifier, such as a URN or URL")] = None
    version: str | None = None
    title: str | None = None
    issuer: Annotated[str | None, Meta(description="The legal person who answers for the data")] = (
        None
    )
    issued: date | None = None
    previous: Annotated[
        str | None, Meta(description="Identifier of the version before this one")
    ] = None


class FileEntry(RecordSection, frozen=True):
    """A file of the dataset."""

    path: Annotated[str | None, Meta(description="Relative, with /")] = None
    split: Literal["train", "validation", "holdout"] | None = None
    sha256: Digest | None = None
    content_root: Annotated[
        str | None, Meta(description="Digest of the rows, whatever the encoding")
    ] = None
    rows: Annotated[int, Meta(ge=0)] | None = None


class IntendedUse(RecordSection, frozen=True):
    """What the data may and may not be used for."""

    task: Annotated[str | None, Meta(description="Such as text-classification")] = None
    stage: Annotated[str | None, Meta(description="Such as fine-tuning or evaluation")] = None
    allowed: Texts = ()
    prohibited: Texts = ()


class Pet(RecordSection, frozen=True):
    """A privacy-enhancing technology that was applied."""

    tool: str | None = None
    params: str | None = None


class PersonalData(RecordSection, frozen=True):
    """Whether the data holds personal data, of what kind, and on which lawful basis."""

    present: bool | None = None
    categories: Texts = ()
    lawful_basis: Annotated[
        str | None, Meta(description="Such as consent or contract (GDPR Art. 6)")
    ] = None
    dpia: Annotated[
        str | None, Meta(description="Reference of the impact assessment (GDPR Art. 35)")
    ] = None
    pets: tuple[Pet, ...] = ()


class Geography(RecordSection, frozen=True):
    """Where the data comes from, and where it may be processed and stored."""

    origin: Texts = ()
    processing_allow: Texts = ()
    storage_allow: Texts = ()


class Retention(RecordSection, frozen=True):
    """Until when the data may be kept."""

    expires: date | None = None
    policy: str | None = None


class Collector(RecordSection, frozen=True):
    """Who collected a source."""

    name: str | None = None
    contact: str | None = None


class Collected(RecordSection, frozen=True):
    """When a source was collected: first and last day."""

    start: date | None = None
    end: date | None = None


class Consent(RecordSection, frozen=True):
    """Whether a source needs the consent of persons, and where that is documented."""

    required: bool | None = None
    reference: str | None = None


class Synthetic(RecordSection, frozen=True):
    """What generated a source, and under which terms its output may be used."""

    generator: Annotated[str | None, Meta(description="Such as model@version")] = None
    terms: str | None = None


class SourceEntry(RecordSection, frozen=True):
    """Where some of the rows came from, and by what right."""

    id: Annotated[str | None, Meta(description="What rows give as their source_id")] = None
    kind: Annotated[
        Literal["public-dataset", "licensed", "crawl", "user-interaction", "synthetic", "other"]
        | None,
        Meta(description="After the EU template for training content, section 2"),
    ] = None
    uri: str | None = None
    collector: Collector | None = None
    collected: Collected | None = None
    method: Annotated[str | None, Meta(description="Such as export, crawl or annotation")] = None
    license: Annotated[str | None, Meta(description="SPDX expression or LicenseRef-…")] = None
    rights_basis: (
        Literal["owned", "licence", "contract", "consent", "public-domain", "tdm-exception"] | None
    ) = None
    evidence: Annotated[
        Texts, Meta(description="Contracts, pages or letters that prove the right")
    ] = ()
    consent: Consent | None = None
    synthetic: Synthetic | None = None


class Step(RecordSection, frozen=True):
    """One processing step of the data."""

    id: str | None = None
    activity: Annotated[str | None, Meta(description="Such as dedup, filter or annotate")] = None
    tool: str | None = None
    inputs: Annotated[Texts, Meta(description="Digests, as sha256:…")] = ()
    outputs: Annotated[Texts, Meta(description="Digests, as sha256:…")] = ()
    ended: datetime | None = None


class Approval(RecordSection, frozen=True):
    """Who approved the data, in which role, and until when."""

    role: str | None = None
    by: str | None = None
    at: date | None = None
    subject_digest: str | None = None
    ref: str | None = None
    expires: date | None = None


class RowColumns(RecordSection, frozen=True):
    """Columns of the data that hold the origin of each row."""

    source_id: str | None = None
    license: str | None = None
    collected_at: str | None = None
    consent_id: str | None = None
    synthetic: str | None = None


class ProvenanceRecord(RecordSection, frozen=True, rename={"schema_": "schema"}):
    """Where a dataset came from, by what right, and for what use."""

    schema_: Literal["ftaudit.provenance/v1"]
    dataset: DatasetInfo | None = None
    files: tuple[FileEntry, ...] = ()
    intended_use: IntendedUse | None = None
    confidentiality: Literal["public", "internal", "confidential", "restricted"] | None = None
    personal_data: PersonalData | None = None
    geography: Geography | None = None
    retention: Retention | None = None
    sources: tuple[SourceEntry, ...] = ()
    lineage: tuple[Step, ...] = ()
    approvals: tuple[Approval, ...] = ()
    row_columns: RowColumns | None = None


def load_record(path: Path | str) -> ProvenanceRecord:
    """Read a provenance record.

    Raises:
        InputError: unreadable, not YAML, or not a record; names the line and the nearest key.
    """
    return load_document(path, ProvenanceRecord, kind="provenance")


def json_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a record, as committed in `ftaudit/wire/schemas/`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{SCHEMA}/provenance.schema.json",
        **explaining_model(ProvenanceRecord).model_json_schema(by_alias=True),
    }


def filled_values(section: RecordSection) -> dict[str, Any]:
    """Return a section as JSON values under the keys of its file, without what is None."""
    return _without_nulls(plain_values(section))  # type: ignore[no-any-return] # of a dict, a dict


def _without_nulls(value: Any) -> Any:  # noqa: ANN401 - a plain value of any type
    if isinstance(value, dict):
        return {key: _without_nulls(part) for key, part in value.items() if part is not None}
    return [_without_nulls(part) for part in value] if isinstance(value, list) else value


def to_yaml(record: ProvenanceRecord) -> str:
    """Return a record as the text of a `provenance.yaml`, without its empty parts."""
    import yaml

    parts = {key: part for key, part in filled_values(record).items() if part not in ([], {})}
    return yaml.safe_dump(parts, sort_keys=False, allow_unicode=True)
