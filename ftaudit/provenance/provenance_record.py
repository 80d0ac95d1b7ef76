"""The provenance record: where data came from, by what right, and for what use.

The fields follow the Data & Trust Alliance's Data Provenance Standards 1.0, with those of
Croissant RAI and of a gate beside them. Everything is optional when a record is read: what is
missing is a finding of the provenance check, measured against what the policy requires, and so
is a value that still begins with `TODO`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ftaudit.model.documents import load_document

SCHEMA: Final = "ftaudit.provenance/v1"
NAME: Final = "provenance.yaml"
"""The file looked for beside the data."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, hexadecimal")]
Texts = tuple[str, ...]


def _undone(value: object) -> bool:
    return isinstance(value, str) and value.strip().upper().startswith("TODO")


class RecordSection(BaseModel):
    """A part of the record: immutable, without unknown keys, `TODO` marks read as missing."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", coerce_numbers_to_str=True, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def drop_marks(cls, value: object) -> object:
        """Leave out values and list items that still say `TODO`, and nulls."""
        if not isinstance(value, Mapping):
            return value
        kept = {k: v for k, v in value.items() if v is not None and not _undone(v)}
        return {
            k: [i for i in v if i is not None and not _undone(i)] if isinstance(v, list) else v
            for k, v in kept.items()
        }


class DatasetInfo(RecordSection):
    """What the dataset is called, and who issued it."""

    id: str | None = Field(default=None, description="Identifier, such as a URN or URL")
    version: str | None = None
    title: str | None = None
    issuer: str | None = Field(
        default=None, description="The legal person who answers for the data"
    )
    issued: date | None = None
    previous: str | None = Field(
        default=None, description="Identifier of the version before this one"
    )


class FileEntry(RecordSection):
    """A file of the dataset."""

    path: str | None = Field(default=None, description="Relative, with /")
    split: Literal["train", "validation", "holdout"] | None = None
    sha256: Digest | None = None
    content_root: str | None = Field(
        default=None, description="Digest of the rows, whatever the encoding"
    )
    rows: int | None = Field(default=None, ge=0)


class IntendedUse(RecordSection):
    """What the data may and may not be used for."""

    task: str | None = Field(default=None, description="Such as text-classification")
    stage: str | None = Field(default=None, description="Such as fine-tuning or evaluation")
    allowed: Texts = ()
    prohibited: Texts = ()


class Pet(RecordSection):
    """A privacy-enhancing technology that was applied."""

    tool: str | None = None
    params: str | None = None


class PersonalData(RecordSection):
    """Whether the data holds personal data, of what kind, and on which lawful basis."""

    present: bool | None = None
    categories: Texts = ()
    lawful_basis: str | None = Field(
        default=None, description="Such as consent or contract (GDPR Art. 6)"
    )
    dpia: str | None = Field(
        default=None, description="Reference of the impact assessment (GDPR Art. 35)"
    )
    pets: tuple[Pet, ...] = ()


class Geography(RecordSection):
    """Where the data comes from, and where it may be processed and stored."""

    origin: Texts = ()
    processing_allow: Texts = ()
    storage_allow: Texts = ()


class Retention(RecordSection):
    """Until when the data may be kept."""

    expires: date | None = None
    policy: str | None = None


class Collector(RecordSection):
    """Who collected a source."""

    name: str | None = None
    contact: str | None = None


class Collected(RecordSection):
    """When a source was collected: first and last day."""

    start: date | None = None
    end: date | None = None


class Consent(RecordSection):
    """Whether a source needs the consent of persons, and where that is documented."""

    required: bool | None = None
    reference: str | None = None


class Synthetic(RecordSection):
    """What generated a source, and under which terms its output may be used."""

    generator: str | None = Field(default=None, description="Such as model@version")
    terms: str | None = None


class SourceEntry(RecordSection):
    """Where some of the rows came from, and by what right."""

    id: str | None = Field(default=None, description="What rows give as their source_id")
    kind: (
        Literal["public-dataset", "licensed", "crawl", "user-interaction", "synthetic", "other"]
        | None
    ) = Field(default=None, description="After the EU template for training content, section 2")
    uri: str | None = None
    collector: Collector | None = None
    collected: Collected | None = None
    method: str | None = Field(default=None, description="Such as export, crawl or annotation")
    license: str | None = Field(default=None, description="SPDX expression or LicenseRef-…")
    rights_basis: (
        Literal["owned", "licence", "contract", "consent", "public-domain", "tdm-exception"] | None
    ) = None
    evidence: Texts = Field(
        default=(), description="Contracts, pages or letters that prove the right"
    )
    consent: Consent | None = None
    synthetic: Synthetic | None = None


class Step(RecordSection):
    """One processing step of the data."""

    id: str | None = None
    activity: str | None = Field(default=None, description="Such as dedup, filter or annotate")
    tool: str | None = None
    inputs: Texts = Field(default=(), description="Digests, as sha256:…")
    outputs: Texts = Field(default=(), description="Digests, as sha256:…")
    ended: datetime | None = None


class Approval(RecordSection):
    """Who approved the data, in which role, and until when."""

    role: str | None = None
    by: str | None = None
    at: date | None = None
    subject_digest: str | None = None
    ref: str | None = None
    expires: date | None = None


class RowColumns(RecordSection):
    """Columns of the data that hold the origin of each row."""

    source_id: str | None = None
    license: str | None = None
    collected_at: str | None = None
    consent_id: str | None = None
    synthetic: str | None = None


class ProvenanceRecord(RecordSection):
    """Where a dataset came from, by what right, and for what use."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", coerce_numbers_to_str=True, populate_by_name=True
    )

    schema_: Literal["ftaudit.provenance/v1"] = Field(alias="schema")
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
        **ProvenanceRecord.model_json_schema(by_alias=True),
    }


def to_yaml(record: ProvenanceRecord) -> str:
    """Return a record as the text of a `provenance.yaml`, without its empty parts."""
    import yaml

    value = record.model_dump(mode="json", by_alias=True, exclude_none=True)
    parts = {key: part for key, part in value.items() if part not in ([], {})}
    return yaml.safe_dump(parts, sort_keys=False, allow_unicode=True)
