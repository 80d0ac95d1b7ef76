"""Open everything a user names as data: the entry to the readers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl

from ftaudit.model.dataset import HOLDOUT, SPLITS, TRAIN, VALIDATION, DataFile, Part, Shares
from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.progress import Advance, Progress, Silent
from ftaudit.readers.arrow import open_arrow
from ftaudit.readers.columns import agree, conformed
from ftaudit.readers.delimited import open_delimited
from ftaudit.readers.frame import ArrowStream, FrameSource, open_frame
from ftaudit.readers.json_source import open_json
from ftaudit.readers.names import short_names
from ftaudit.readers.parquet import open_parquet
from ftaudit.readers.paths import Found, find
from ftaudit.readers.source import FILE, ROW, SPLIT, Source

InputLike: TypeAlias = str | Path | pl.DataFrame | pl.LazyFrame | ArrowStream
"""A file, folder, pattern or address; or a table in memory."""

_ROLES: Final = {TRAIN: "training", VALIDATION: "validation", HOLDOUT: "holdout"}


@dataclass(frozen=True, eq=False)
class Inputs:
    """All data under audit, read once and known to be well-formed."""

    files: tuple[DataFile, ...]
    """In canonical order: by split (train, validation, holdout), then by name."""
    schema: pl.Schema
    """The columns of the training files, and the types that hold the values of all files."""
    json_columns: frozenset[str]
    """String columns that hold the JSON text of values that have no one type."""
    sources: tuple[Source, ...] = field(repr=False)
    """In the order of `files`."""

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield batches of `__split`, `__file` (UInt32), `__row` (UInt64) and the user's columns.

        Batches are in canonical order and never span two files; where they are cut means
        nothing. A column that a validation or holdout file lacks is null.

        Raises:
            UsageError: a column does not exist.
            InputError: a file changed since it was first read.
        """
        names = list(self.schema) if columns is None else list(columns)
        if unknown := [name for name in names if name not in self.schema]:
            raise UsageError(f"no column {unknown[0]}; there are {', '.join(self.schema)}")
        wanted = {name: self.schema[name] for name in names}
        for ordinal, source in enumerate(self.sources):
            place = _Place(source.file.split, ordinal, wanted)
            own = [name for name in names if name in source.schema]
            yield from map(place.of, source.batches(own))

    def parts(self, shares: Shares) -> Iterator[Part]:
        """Yield the same rows, with all columns and in the same order, in parts."""
        for ordinal, source in enumerate(self.sources):
            place = _Place(source.file.split, ordinal, self.schema)
            own = [name for name in self.schema if name in source.schema]
            for part in source.parts(own, shares):
                yield _Placed(part, place)

    @property
    def memory(self) -> int:
        """Bytes that all columns would take in memory, about."""
        return sum(source.memory for source in self.sources)


@dataclass(frozen=True)
class _Place:
    """Which file of all rows are of, and the columns they are to have."""

    split: str
    ordinal: int
    wanted: Mapping[str, pl.DataType]

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Say where the rows of a source are, and give them the columns of all files."""
        where = [
            pl.lit(self.split, pl.String).alias(SPLIT),
            pl.lit(self.ordinal, pl.UInt32).alias(FILE),
        ]
        rows = frame.select(ROW)
        rest = conformed(frame, self.wanted) if self.wanted else rows.select([])
        return rows.select(*where, ROW).hstack(rest.get_columns())


@dataclass(frozen=True)
class _Placed:
    """A part of a file that knows which of all files that is."""

    part: Part
    place: _Place

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield its rows as `Inputs.tables` does."""
        return map(self.place.of, self.part.frames())


def open_inputs(
    train: Sequence[InputLike],
    *,
    validation: Sequence[InputLike] = (),
    holdout: Sequence[InputLike] = (),
    progress: Progress | None = None,
) -> Inputs:
    """Read all data once from end to end: validate it, digest it, count its rows.

    The result does not depend on the order in which files are given, nor on where they lie.

    Raises:
        InputError: a file is not what it should be, or the files do not fit together.
        UsageError: no training data is given.
    """
    given = {TRAIN: train, VALIDATION: validation, HOLDOUT: holdout}
    found = _distinct([f for split, some in given.items() for f in _files(some, split)])
    frames = [(o, split) for split, some in given.items() for o in some if not _is_path(o)]
    if not any(one.split == TRAIN for one in found) and not any(s == TRAIN for _, s in frames):
        raise UsageError("no training data is given; name a file, a folder or an address")
    sources = [*_open_files(found, progress or Silent()), *_open_frames(frames)]
    sources.sort(key=lambda source: (SPLITS.index(source.file.split), source.file.name))
    _not_twice(sources)
    agreed = agree(sources)
    files = tuple(source.file for source in agreed.sources)
    return Inputs(files, agreed.schema, agreed.json_columns, agreed.sources)


def _is_path(given: InputLike) -> bool:
    return isinstance(given, (str, Path))


def _files(given: Sequence[InputLike], split: str) -> list[Found]:
    return [found for one in given if isinstance(one, (str, Path)) for found in find(one, split)]


def _distinct(found: Sequence[Found]) -> list[Found]:
    """Drop files found twice; one that the user named itself has the split it was named for.

    Raises:
        InputError: a file has two splits.
    """
    kept: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: (not one.named, SPLITS.index(one.split))):
        known = kept.setdefault(one.identity, one)
        if known.split != one.split and known.named == one.named:
            raise _two_roles(one.origin.shown, known.split, one.split, "the same file")
    return list(kept.values())


def _open_files(found: Sequence[Found], progress: Progress) -> Iterator[Source]:
    names = short_names(found)
    sizes = [one.origin.size for one in found]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    ordered = sorted(zip(found, names, strict=True), key=lambda p: (SPLITS.index(p[0].split), p[1]))
    with progress.stage("reading", total) as advance:
        for one, name in ordered:
            yield _open(one, name, advance)


def _open(found: Found, name: str, advance: Advance) -> Source:
    origin, kind, split = found.origin, found.kind, found.split
    match kind.format:
        case "parquet":
            return open_parquet(origin, name, split, advance)
        case "arrow":
            return open_arrow(origin, name, split, advance)
        case "csv" | "tsv":
            return open_delimited(origin, kind, name, split, advance)
        case _:
            return open_json(origin, kind, name, split, advance)


def _open_frames(given: Sequence[tuple[InputLike, str]]) -> list[FrameSource]:
    """Open frames, and call several of one split by their content."""
    opened: list[FrameSource] = []
    for one, split in given:
        if isinstance(one, (pl.DataFrame, pl.LazyFrame, ArrowStream)):
            opened.append(open_frame(one, split))
        else:
            what = f"data is a path, a frame or an Arrow C stream, not {type(one).__name__}"
            raise UsageError(what)
    opened.sort(key=lambda source: (SPLITS.index(source.file.split), source.file.sha256))
    names = [source.file.name for source in opened]
    return [
        source.renamed(f"{name}-{names[:i].count(name) + 1}") if names.count(name) > 1 else source
        for i, (source, name) in enumerate(zip(opened, names, strict=True))
    ]


def _not_twice(sources: Sequence[Source]) -> None:
    """Refuse equal bytes in two splits: every row of one would be in the other."""
    seen: dict[str, Source] = {}
    for source in sources:
        known = seen.setdefault(source.file.sha256, source)
        if known.file.split != source.file.split:
            same = f"the same content as {known.file.name}"
            raise _two_roles(source.file.name, known.file.split, source.file.split, same)


def _two_roles(shown: str, one: str, other: str, why: str) -> InputError:
    what = f"{why} is given as {_ROLES[one]} and as {_ROLES[other]} data"
    return InputError(shown, what, remedy="Give each file one role")
