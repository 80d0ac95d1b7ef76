"""Compare a provenance record with the policy, the files and the calendar."""

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from ftaudit.model.dataset import DataFile

if TYPE_CHECKING:
    from ftaudit.provenance.provenance_record import ProvenanceRecord


class Assessment(Struct, frozen=True):
    """What is missing, contradictory or out of date in a record, before any row is read."""

    day: str = ""
    """The day dates were compared with, ISO 8601."""
    sha256: str | None = None
    """Of the record; None when there is none."""
    sources: tuple[tuple[str, str | None], ...] = ()
    """Id and licence of every source."""
    missing: tuple[str, ...] = ()
    """Required fields without a value, by their dotted names."""
    contradictions: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    """Fields that tell of the past but lie in the future."""
    expired: tuple[str, ...] = ()
    unlisted: tuple[int, ...] = ()
    """Ordinals of files the record does not name."""
    mismatched: tuple[int, ...] = ()
    """Ordinals of files the record names with another digest."""
    absent: tuple[str, ...] = ()
    """Files the record names that are not among the data."""


def assess(
    path: str | None,
    *,
    required: Sequence[str],
    files: Sequence[DataFile],
    columns: Collection[str],
    today: date,
) -> Assessment:
    """Read the record at `path` and find what is missing, contradictory or out of date.

    Args:
        path: the record, or None when there is none; then every required field is missing.
        required: dotted names of the fields the policy requires.
        files: the data.
        columns: the user's own columns; empty when they are not known.
        today: the day that dates are compared with.

    Raises:
        InputError: the record is not one.
        UsageError: the policy requires a field that does not exist.
    """
    from ftaudit.provenance.fields import check_names

    check_names(required)
    if path is None:
        everything = tuple(range(len(files)))
        return Assessment(today.isoformat(), missing=tuple(required), unlisted=everything)
    from ftaudit.provenance.provenance_record import load_record

    record = load_record(path)
    digest = sha256(Path(path).read_bytes()).hexdigest()
    return _assess(record, digest, required, files, columns, today)


def _assess(  # noqa: PLR0913, PLR0917 - the arguments of `assess`, positional inside this module
    record: "ProvenanceRecord",
    digest: str,
    required: Sequence[str],
    files: Sequence[DataFile],
    columns: Collection[str],
    today: date,
) -> Assessment:
    from ftaudit.provenance.fields import missing_fields
    from ftaudit.provenance.file_listing import compare_files
    from ftaudit.provenance.record_conflicts import (
        contradictions,
        future_dates,
    )

    listing = compare_files(record.files, files)
    conflicts = [
        *contradictions(record),
        *listing.contradictions,
        *_absent_columns(record, columns),
    ]
    return Assessment(
        today.isoformat(),
        digest,
        tuple((s.id, s.license) for s in record.sources if s.id),
        missing_fields(record, required),
        tuple(conflicts),
        future_dates(record, today),
        _expired(record, today),
        listing.unlisted,
        listing.mismatched,
        listing.absent,
    )


def _absent_columns(record: "ProvenanceRecord", columns: Collection[str]) -> tuple[str, ...]:
    """Return a sentence for each column of row provenance that the data does not have."""
    named = asdict(record.row_columns) if record.row_columns and columns else {}
    return tuple(
        f"row_columns.{name} names the column {column}, which the data does not have"
        for name, column in named.items()
        if column is not None and column not in columns
    )


def _expired(record: "ProvenanceRecord", today: date) -> tuple[str, ...]:
    expires = record.retention.expires if record.retention else None
    return (f"retention.expires was {expires}",) if expires and expires < today else ()
