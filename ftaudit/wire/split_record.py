"""`split.json`: how data was split, for a reviewer and for the manifest of the next scan.

The JSON Schema is `ftaudit/wire/schemas/split-v1.schema.json`. A record holds counts, shares and
digests. Names of classes stand in it masked, as in reports.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION
from ftaudit.model.errors import InputError
from ftaudit.model.escape import shown_json
from ftaudit.wire.manifest import Wire

SPLIT_FILE: Final = "split.json"
CONFIGURATION: Final = "split"
"""Key of the manifest's configuration under which the record stands."""
LARGEST: Final = 64 << 20
"""Bytes beyond which a file is no record of a split."""


class SplitFile(Wire, frozen=True, kw_only=True):
    """A file that was split, or one that was written."""

    name: str
    sha256: str
    rows: int


class SplitParameters(Wire, frozen=True, kw_only=True):
    """What the user asked for."""

    holdout: float | None
    """Share of the rows; null where a moment was named instead."""
    validation: float
    folds: int
    seed: int
    holdout_after: str | None
    group_column: str | None
    time_column: str | None
    kept: bool
    """Whether rows of an earlier split stayed where they were."""
    format: str


class SplitPartRecord(Wire, frozen=True, kw_only=True):
    """A part: its rows, and a digest of their contents in any order."""

    name: str
    rows: int
    share: float
    """Of all rows, in [0, 1]; `target` is what it should be."""
    target: float
    rows_digest: str


class SplitUnitsRecord(Wire, frozen=True, kw_only=True):
    """Units that are never divided."""

    count: int
    larger: int
    """Units of two rows or more."""
    rows_in_larger: int
    largest: int
    sizes: dict[str, int]
    """Rows of a unit → units of that size."""


class SplitClassRecord(Wire, frozen=True, kw_only=True):
    """A class: its rows and units, and its rows in each part."""

    name: str
    rows: int
    units: int
    parts: dict[str, int]


class SplitRecord(Wire, frozen=True, kw_only=True):
    """How data was split."""

    schema: Literal["ftaudit.split/v1"] = "ftaudit.split/v1"
    version: str
    """Of ftaudit."""
    parameters: SplitParameters
    similarity: dict[str, object]
    """Configuration of the search that joined rows to units."""
    inputs: list[SplitFile]
    parts: list[SplitPartRecord]
    units: SplitUnitsRecord
    classes: list[SplitClassRecord]
    remarks: list[str]
    """What could not be had, with numbers."""
    outputs: list[SplitFile]


def to_json(record: SplitRecord) -> str:
    """Serialise with sorted keys, but the schema first, by which readers know the file."""
    value = msgspec.json.decode(msgspec.json.encode(record, order="sorted"))
    ordered = {"schema": record.schema, **value}
    return shown_json(ordered, sort_keys=False) + "\n"


def schema() -> Mapping[str, object]:
    """Return the JSON Schema of a record (the file in the package is made from it)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "ftaudit.split/v1",
        "title": "ftaudit record of a split, version 1",
        **msgspec.json.schema(SplitRecord, schema_hook=_anything),
    }


def _anything(_: type) -> dict[str, object]:
    """Return the schema of a setting of the search: any JSON."""
    return {"description": "any JSON value"}


def bound_record(
    record: SplitRecord, sha256: str, files: Iterable[tuple[str, str]]
) -> dict[str, object]:
    """Return what a manifest holds of the split that its data came from.

    Args:
        record: how the data was split.
        sha256: digest of its file.
        files: role and SHA-256 of every file that was audited.
    """
    roles = {"test": HOLDOUT, VALIDATION: VALIDATION, TRAIN: TRAIN}
    written = {(roles.get(o.name.partition("/")[0]), o.sha256) for o in record.outputs}
    if record.parameters.folds:  # any fold may be the holdout
        written |= {(role, digest) for _, digest in written for role in roles.values()}
    return {
        "sha256": sha256,
        "parameters": msgspec.to_builtins(record.parameters),
        "parts": {part.name: part.rows for part in record.parts},
        "units": record.units.count,
        "largest_unit": record.units.largest,
        "remarks": list(record.remarks),
        "files_unchanged": set(files) <= written,
    }


def read_split(path: Path) -> tuple[SplitRecord, str]:
    """Return a record of a split, and the SHA-256 of its file.

    Raises:
        InputError: it cannot be read, or is none.
    """
    try:
        data = read_bounded(path, LARGEST)
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})") from None
    try:
        return msgspec.json.decode(data, type=SplitRecord), hashlib.sha256(data).hexdigest()
    except (msgspec.ValidationError, msgspec.DecodeError):
        remedy = "Split the data again, or move the file away from the data"
        raise InputError(path, "is no record of `ftaudit split`", remedy=remedy) from None
