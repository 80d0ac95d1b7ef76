"""The wire format of an audit: an in-toto Statement whose predicate is the audit manifest.

Frozen per version: the domain types may change without it changing, and unknown or missing
fields are refused. The JSON Schema is `ftaudit/wire/schemas/manifest-v1.schema.json`.
Source: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec
import msgspec.structs
from msgspec import Struct

from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.breach import Breach
from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import shown_json
from ftaudit.model.json_object import RepeatedKeyError
from ftaudit.wire.exact_json import UnwritableError, exact_json

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://ftaudit.dev/attestation/audit-manifest/v1"

LARGEST: Final = 64 * 1024 * 1024
"""Bytes beyond which a file is no manifest that ftaudit wrote."""

Status = Literal["passed", "warned", "failed", "skipped", "error"]


class Wire(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A part of the wire format: frozen, camelCase, closed to unknown fields."""


class FileDigest(Wire, frozen=True, kw_only=True):
    """SHA-256, 64 hexadecimal digits."""

    sha256: str


class Subject(Wire, frozen=True, kw_only=True):
    """A data file the statement is about."""

    name: str
    digest: FileDigest


class Tool(Wire, frozen=True, kw_only=True):
    """What made the manifest, and the libraries that decide its results."""

    name: str
    version: str
    libraries: dict[str, str]


class Input(Wire, frozen=True, kw_only=True):
    """A data file: its role, and how it was read. Its digest is in the statement's subject."""

    name: str
    role: Literal["train", "validation", "holdout"]
    rows: int
    bytes: int
    format: str
    columns: dict[str, str]
    content_root: str | None = None


class Document(Wire, frozen=True, kw_only=True):
    """A file a person wrote, by name and by what its bytes were."""

    name: str
    sha256: str


class FindingCount(Wire, frozen=True, kw_only=True):
    """How many findings of one rule there are."""

    rule: str
    title: str
    severity: Literal["info", "low", "medium", "high"]
    count: int
    remedy: str


class Reference(Wire, frozen=True, kw_only=True):
    """A row of a data file: `row` is 0-based, `line` 1-based where the file has lines."""

    split: str
    file: str
    row: int
    line: int | None = None


class ExampleRecord(Wire, frozen=True, kw_only=True):
    """A row, or a pair of rows, worth looking at. Holds no text of the data."""

    rule: str
    where: Reference
    related: Reference | None = None
    field: str = ""
    start: int | None = None
    end: int | None = None
    similarity: float | None = None
    score: float | None = None
    detail: str = ""


class ChartRecord(Wire, frozen=True, kw_only=True):
    """A small table that reports draw."""

    title: str
    labels: list[str]
    series: dict[str, list[float]]
    unit: str = "rows"


class CheckRecord(Wire, frozen=True, kw_only=True):
    """How one check ended."""

    id: str
    version: int
    status: Status
    reason: str = ""
    applicable: bool = True
    headline: str = ""
    metrics: dict[str, int | float] = {}
    findings: list[FindingCount] = []
    examples: list[ExampleRecord] = []
    notes: list[str] = []
    charts: list[ChartRecord] = []
    rows_seen: dict[str, int] = {}


class RowCounts(Wire, frozen=True, kw_only=True):
    """Rows seen by the audit, and rows there are."""

    seen: int
    total: int


COVERAGE_LISTS: Final = (
    "entities_searched",
    "entities_not_searched",
    "languages",
    "countries",
    "ner",
    "columns_not_read",
)
"""Lists that have a field of their own in `CoverageRecord`; the others are under `other`."""


COLUMNS_BESIDE: Final = "columns_beside"
"""The list, under `other`, of columns and parts of turns that are neither mapped nor unread."""

BY_CUES: Final = "entities_by_cues_only"
"""The list, under `other`, of types of personal data that are found beside a cue alone."""


class CoverageRecord(Wire, frozen=True, kw_only=True):
    """What was looked at and what was not."""

    rows: dict[str, RowCounts]
    sampled: bool
    entities_searched: list[str] = []
    entities_not_searched: list[str] = []
    languages: list[str] = []
    countries: list[str] = []
    ner: list[str] = []
    columns_not_read: list[str] = msgspec.field(default=[], name="columns_not_read")
    """Columns that hold text which no role claims, and those the user does not use."""
    other: dict[str, list[str]] = {}

    def lists(self) -> dict[str, frozenset[str]]:
        """Return every list of names by the name of the list."""
        named = {name: frozenset(getattr(self, name)) for name in COVERAGE_LISTS}
        return named | {name: frozenset(values) for name, values in self.other.items()}


class BreachRecord(Wire, frozen=True, kw_only=True):
    """One limit exceeded. `waiver` names the waiver that covers it."""

    rule: str
    check: str
    message: str
    metric: str = ""
    value: int | float | None = None
    limit: int | float | None = None
    waiver: str | None = None
    why: str = ""
    fix: str = ""

    @classmethod
    def of(cls, breach: Breach) -> "BreachRecord":
        """Return a breach as the manifest records it."""
        return cls(**msgspec.structs.asdict(breach))

    def breach(self) -> Breach:
        """Return the breach that is recorded."""
        return Breach(**msgspec.structs.asdict(self))


class Gate(Wire, frozen=True, kw_only=True):
    """The verdict at the time of the scan. `ftaudit gate` judges again and never trusts it."""

    verdict: Literal["PASSED", "BLOCKED"]
    breaches: list[BreachRecord] = []
    warnings: list[BreachRecord] = []
    errors: list[str] = []
    waivers: list[str] = []


class Predicate(Wire, frozen=True, kw_only=True):
    """The audit itself."""

    tool: Tool
    time_created: str
    expires: str
    inputs: list[Input]
    configuration: dict[str, object]
    policy: Document
    checks: list[CheckRecord]
    coverage: CoverageRecord
    gate: Gate
    provenance: Document | None = None


class Manifest(Wire, frozen=True, kw_only=True):
    """An in-toto Statement v1 about the data files."""

    type_: Literal["https://in-toto.io/Statement/v1"] = msgspec.field(
        name="_type", default=STATEMENT_TYPE
    )
    subject: list[Subject]
    predicate_type: Literal["https://ftaudit.dev/attestation/audit-manifest/v1"] = PREDICATE_TYPE
    predicate: Predicate


def to_json(manifest: Manifest) -> str:
    """Serialise with sorted keys: equal manifests give equal bytes. Refuses NaN and infinities."""
    value = msgspec.to_builtins(manifest)
    return shown_json(value, allow_nan=False) + "\n"


def from_json(data: bytes, name: str = "manifest") -> Manifest:
    """Read a manifest.

    Raises:
        InputError: not JSON, or a statement of another type; says what it is.
        IntegrityError: a manifest whose fields are not those of version 1.
    """
    try:
        value = exact_json(data)
    except RepeatedKeyError:
        raise IntegrityError(f"{name}: a key stands twice, where ftaudit writes it once") from None
    except UnwritableError:
        raise IntegrityError(f"{name}: holds text or numbers that a manifest cannot") from None
    except (ValueError, RecursionError):
        raise InputError(name, "not JSON, so not a manifest", remedy=_SCAN) from None
    if not isinstance(value, dict) or value.get("_type") != STATEMENT_TYPE:
        raise InputError(name, "not an in-toto Statement, so not a manifest", remedy=_SCAN)
    kind = value.get("predicateType")
    if kind != PREDICATE_TYPE:
        problem = (
            f"a statement of another type or version: {kind} where {PREDICATE_TYPE} is expected"
        )
        raise IntegrityError(f"{name}: {problem}")
    try:
        return msgspec.convert(value, Manifest)
    except msgspec.ValidationError as error:
        raise IntegrityError(f"{name}: not a manifest of version 1: {error}") from None


def load(path: Path | str) -> Manifest:
    """Read the manifest at `path` (unsigned JSON).

    Raises:
        InputError: unreadable or not a manifest.
        IntegrityError: a manifest whose fields are not those of version 1.
    """
    try:
        data = read_bounded(path, LARGEST)
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})", remedy=_SCAN) from None
    return from_json(data, str(path))


def digest(manifest: Manifest) -> str:
    """Return the SHA-256 of the manifest's file, which is how other statements refer to it."""
    return hashlib.sha256(to_json(manifest).encode()).hexdigest()


def evidence_digest(manifest: Manifest) -> str:
    """Return the SHA-256 of all that data and configuration decide: no clock in it.

    RFC 8785 canonical JSON of the statement without `timeCreated` and `expires`.
    """
    import rfc8785

    value = msgspec.to_builtins(manifest)
    del value["predicate"]["timeCreated"], value["predicate"]["expires"]
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def schema() -> Mapping[str, object]:
    """Return the JSON Schema of a manifest (the file in the package is made from it)."""
    made = msgspec.json.schema(Manifest, schema_hook=_anything)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": PREDICATE_TYPE,
        "title": "ftaudit audit manifest, version 1",
        **made,
    }


def _anything(_: type) -> dict[str, object]:
    """Return the schema of a configuration value: any JSON (msgspec takes {} for no answer)."""
    return {"description": "any JSON value"}


_SCAN: Final = "Name the manifest.json or manifest.dsse.json that `ftaudit scan` wrote"
