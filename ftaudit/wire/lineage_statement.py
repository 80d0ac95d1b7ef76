"""The wire format of lineage: an in-toto Statement that binds data to the data it was made of.

Its own type beside the audit manifest, closed and frozen per version. The subjects are the files
that were written. The JSON Schema is `ftaudit/wire/schemas/lineage-v1.schema.json`.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import shown_json
from ftaudit.model.json_object import RepeatedKeyError
from ftaudit.wire.exact_json import UnwritableError, exact_json
from ftaudit.wire.manifest import STATEMENT_TYPE, Document, Subject, Tool, Wire

LINEAGE_TYPE: Final = "https://ftaudit.dev/attestation/data-lineage/v1"


class LineageFile(Wire, frozen=True, kw_only=True):
    """A file before or after a step."""

    name: str
    role: Literal["train", "validation", "holdout"]
    rows: int
    sha256: str
    content_root: str | None
    """The same for the same rows, however they are encoded; null where there is none."""


class AppliedRemedy(Wire, frozen=True, kw_only=True):
    """A remedy, and how it was set."""

    id: str
    choices: dict[str, object]


class ChangeCount(Wire, frozen=True, kw_only=True):
    """What a remedy did about the findings of a rule."""

    remedy: str
    rule: str
    rows_removed: int
    spans_replaced: int


class LineagePredicate(Wire, frozen=True, kw_only=True):
    """One step from data to data."""

    tool: Tool
    time_created: str
    inputs: list[LineageFile]
    outputs: list[LineageFile]
    recipe: str
    """Its id; empty where no recipe was given."""
    remedies: list[AppliedRemedy]
    """In the order in which they were applied."""
    policy: Document
    audit_evidence: str
    """The evidence digest of the audit that found what was to be changed."""
    decisions: Document | None
    changes: list[ChangeCount]
    changes_file: Document
    """The record of every change, `changes.parquet`."""
    rows_held: int
    """Rows that were set aside until a person has decided."""
    findings_left: int
    """Findings that a remedy was to mend and that are still there."""


class LineageStatement(Wire, frozen=True, kw_only=True):
    """An in-toto Statement v1 about files and what they were made of."""

    type_: Literal["https://in-toto.io/Statement/v1"] = msgspec.field(
        name="_type", default=STATEMENT_TYPE
    )
    subject: list[Subject]
    predicate_type: Literal["https://ftaudit.dev/attestation/data-lineage/v1"] = LINEAGE_TYPE
    predicate: LineagePredicate


def to_json(statement: LineageStatement) -> str:
    """Serialise with sorted keys: equal steps give equal bytes."""
    value = msgspec.to_builtins(statement)
    return shown_json(value, allow_nan=False) + "\n"


def from_json(data: bytes, name: str = "lineage") -> LineageStatement:
    """Read a lineage statement.

    Raises:
        InputError: not JSON, or not an in-toto Statement.
        IntegrityError: a statement of another type, fields that are not those of version 1, or
            subjects that are not its outputs.
    """
    try:
        value = exact_json(data)
    except RepeatedKeyError:
        raise IntegrityError(f"{name}: a key stands twice, where ftaudit writes it once") from None
    except UnwritableError:
        raise IntegrityError(f"{name}: holds text or numbers that lineage cannot") from None
    except (ValueError, RecursionError):
        raise InputError(name, "not JSON, so not lineage", remedy=_FIX) from None
    if not isinstance(value, dict) or value.get("_type") != STATEMENT_TYPE:
        raise InputError(name, "not an in-toto Statement, so not lineage", remedy=_FIX)
    if value.get("predicateType") != LINEAGE_TYPE:
        message = "a statement of another type or version, where lineage is expected"
        raise IntegrityError(f"{name}: {message}")
    try:
        statement = msgspec.convert(value, LineageStatement)
    except msgspec.ValidationError as error:
        raise IntegrityError(f"{name}: not lineage of version 1: {error}") from None
    subjects = {(subject.name, subject.digest.sha256) for subject in statement.subject}
    if subjects != {(file.name, file.sha256) for file in statement.predicate.outputs}:
        raise IntegrityError(f"{name}: its subjects are not the files that it says were written")
    return statement


def is_lineage(data: bytes) -> bool:
    """Return whether a payload means to be lineage."""
    try:
        value = exact_json(data)
    except (ValueError, RecursionError):
        return b'"predicateType"' in data and LINEAGE_TYPE.encode() in data
    return isinstance(value, dict) and value.get("predicateType") == LINEAGE_TYPE


def load(path: Path | str) -> LineageStatement:
    """Read the lineage at `path` (unsigned JSON).

    Raises:
        InputError: unreadable or not lineage.
        IntegrityError: fields that are not those of version 1.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})", remedy=_FIX) from None
    return from_json(data, str(path))


def digest(statement: LineageStatement) -> str:
    """Return the SHA-256 of the statement's file."""
    return hashlib.sha256(to_json(statement).encode()).hexdigest()


def schema() -> Mapping[str, object]:
    """Return the JSON Schema of lineage (the file in the package is made from it)."""
    made = msgspec.json.schema(LineageStatement, schema_hook=_anything)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": LINEAGE_TYPE,
        "title": "ftaudit data lineage, version 1",
        **made,
    }


def _anything(_: type) -> dict[str, object]:
    """Return the schema of a choice: any JSON."""
    return {"description": "any JSON value"}


_FIX: Final = "Name the lineage.json or lineage.dsse.json that `ftaudit fix` wrote"
