"""Open everything a user names as data: the entry to the readers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model.column_label import column_label
from ftaudit.model.dataset import HOLDOUT, SPLITS, TRAIN, VALIDATION, DataFile
from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.parts import HeldPart, Part, PartSizes, RangedPart
from ftaudit.model.progress import Advance, Progress, Silent
from ftaudit.model.row_id import row_id
from ftaudit.readers.arrow_stream import ArrowStream
from ftaudit.readers.columns import Agreed, agree, conformed, is_json
from ftaudit.readers.csv_dialect import CsvDialect
from ftaudit.readers.data_source import FILE, ROW, SPLIT, TableSource
from ftaudit.readers.decoded_size import refuse_columns
from ftaudit.readers.delimited import DelimitedSource, open_delimited
from ftaudit.readers.hub_dataset import (
    HubDataset,
    HubRows,
    is_hub_dataset,
    refuse_selected_table,
)
from ftaudit.readers.names import short_names
from ftaudit.readers.origin import LocalFile, Origin
from ftaudit.readers.partitions import PartitionedPart, PartitionedSource, partition_of
from ftaudit.readers.paths import DataPath, find
from ftaudit.readers.remote import RemoteFile
from ftaudit.readers.remote_copy import FetchedFile, copied
from ftaudit.readers.sidecars import missing_shards
from ftaudit.readers.sniffing import refuse_disguised
from ftaudit.readers.unchanged import UnchangedPart, origin_of, unchanged, unchanged_file

if TYPE_CHECKING:
    from ftaudit.readers.frame import FrameSource
    from ftaudit.readers.raw_lines import RawFile

InputLike: TypeAlias = str | Path | pl.DataFrame | pl.LazyFrame | ArrowStream | HubDataset
"""A file, folder, pattern or address; a table in memory, or a dataset of Hugging Face."""

_COLUMNAR: Final = frozenset({"parquet", "arrow"})
"""Formats of files that are read by their parts, never as a stream."""

_ROLES: Final = {TRAIN: "training", VALIDATION: "validation", HOLDOUT: "holdout"}


class Inputs(Struct, frozen=True, eq=False):
    """All data under audit, read once and known to be well-formed."""

    files: tuple[DataFile, ...]
    """In canonical order: by split (train, validation, holdout), then by name."""
    schema: pl.Schema
    """The columns of the training files, and the types that hold the values of all files."""
    json_columns: frozenset[str]
    """String columns that hold the JSON text of values that have no one type."""
    sources: tuple[TableSource, ...]
    """In the order of `files`."""
    left_out: tuple[str, ...] = ()
    """Files beside the data that were not read as data."""
    missing: tuple[str, ...] = ()
    """Shards that the names of others say there are."""
    broken: tuple[str, ...] = ()
    """What is said of records that cannot be read and were left out, file by file."""

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
            labels = [column_label(name, number) for number, name in enumerate(self.schema, 1)]
            raise UsageError(f"no column {unknown[0]}; there are {', '.join(labels)}")
        needed_types = {name: self.schema[name] for name in names}
        for ordinal, source in enumerate(self.sources):
            place = _Place(source.file.split, ordinal, needed_types)
            own = [name for name in names if name in source.schema]
            yield from map(place.of, unchanged(source, source.batches(own)))

    def parts(self, sizes: PartSizes, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """Yield the same rows, with all columns or some, in the same order, in parts."""
        names = list(self.schema) if columns is None else list(columns)
        types = {name: self.schema[name] for name in names}
        for ordinal, source in enumerate(self.sources):
            place = _Place(source.file.split, ordinal, types)
            own = [name for name in names if name in source.schema]
            for part in source.parts(own, sizes):
                yield _Placed(part, place, origin_of(source))

    def line_parts(self, sizes: PartSizes) -> Iterator[Part]:
        """Yield the records as they are written (`dataset.LINES`), in parts."""
        from ftaudit.readers.raw_lines import open_raw
        from ftaudit.readers.written_rows import written_rows

        for ordinal, source in enumerate(self.sources):
            if is_json(source):
                raw = open_raw(source.origin, source.compression)
                for part in raw.parts(source.file.split, ordinal, sizes):
                    yield UnchangedPart(part, origin_of(source))
            else:
                yield from written_rows(source, ordinal, sizes)

    @property
    def class_names(self) -> Mapping[str, tuple[str, ...]]:
        """Column of class numbers → names of the classes, where all files that name them agree."""
        named: dict[str, set[tuple[str, ...]]] = {}
        for source in self.sources:
            for column, names in source.class_names.items():
                named.setdefault(column, set()).add(names)
        return {
            column: next(iter(names))
            for column, names in named.items()
            if len(names) == 1 and column in self.schema
        }

    @property
    def cells(self) -> frozenset[str]:
        """Columns of csv files alone, in which lists and objects can only stand as JSON text."""
        return frozenset(
            column
            for column in self.schema
            if all(
                isinstance(getattr(source, "source", source), DelimitedSource)
                for source in self.sources
                if column in source.schema
            )
        )

    def sample(self, rows: int) -> pl.DataFrame:
        """Return the first rows, at most so many, of the training files (of all, if there is none).

        The user's own columns alone. The same whatever the size of batches.
        """
        taken: list[pl.DataFrame] = []
        for batch in self.tables():
            taken.append(batch.drop(SPLIT, FILE, ROW).head(rows))
            rows -= taken[-1].height
            if rows <= 0:
                break
        return pl.concat(taken) if taken else self.schema.to_frame()

    @property
    def memory(self) -> int:
        """Bytes that all columns would take in memory, about."""
        return sum(source.memory for source in self.sources)


class _Place(Struct, frozen=True):
    """Which file of all rows are of, and the columns they are to have."""

    split: str
    ordinal: int
    columns: Mapping[str, pl.DataType]

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Say where the rows of a source are, and give them the columns of all files."""
        place = [
            pl.lit(self.split, pl.String).alias(SPLIT),
            pl.lit(self.ordinal, pl.UInt32).alias(FILE),
        ]
        return frame.select(*place, ROW, *conformed(frame.schema, self.columns))


class _Placed(Struct, frozen=True):
    """A part of a file that knows which of all files that is."""

    part: Part
    place: _Place
    file: Origin | None
    """Where it is read from, if that is a file."""

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield its rows as `Inputs.tables` does."""
        return map(self.place.of, unchanged_file(self.file, self.part.frames()))

    def row_ids(self) -> tuple[int, int]:
        """Return the first row id that it may have, and the one after the last."""
        file, rows = self.place.ordinal, _rows_of(self.part)
        if rows is None:
            return row_id(file, 0), row_id(file + 1, 0)
        return row_id(file, rows.start), row_id(file, rows.stop)


def _rows_of(part: Part) -> range | None:
    """Return which rows of its file a part holds; None where it does not know before it reads."""
    inner = part.part if isinstance(part, PartitionedPart) else part
    if isinstance(inner, HeldPart) and inner.frame.height:
        return range(inner.frame[ROW][0], inner.frame[ROW][-1] + 1)
    return inner.row_range if isinstance(inner, RangedPart) else None


class RawInputs(Struct, frozen=True, eq=False):
    """JSON files that need not be sound: nothing can be asked of them but their lines."""

    files: tuple[DataFile, ...]
    """In canonical order, as those of `Inputs`; every line that is not blank counts as a row."""
    raw_files: "tuple[RawFile, ...]"

    def line_parts(self, sizes: PartSizes) -> Iterator[Part]:
        """Yield the records as they are written (`dataset.LINES`), in parts."""
        for ordinal, (file, raw) in enumerate(zip(self.files, self.raw_files, strict=True)):
            yield from raw.parts(file.split, ordinal, sizes)


def open_raw_inputs(
    train: Sequence[InputLike],
    *,
    validation: Sequence[InputLike] = (),
    holdout: Sequence[InputLike] = (),
) -> RawInputs | None:
    """Open data that `open_inputs` refused, or None where it is not all in JSON files.

    Raises:
        InputError: a file cannot be read at all.
    """
    from ftaudit.readers.raw_lines import open_raw

    by_split = {TRAIN: train, VALIDATION: validation, HOLDOUT: holdout}
    if not all(_is_path(item) for items in by_split.values() for item in items):
        return None
    paths = distinct([f for split, items in by_split.items() for f in _files(items, split)])
    if not all(path.kind.format in {"json", "jsonl"} for path in paths):
        return None
    opened: list[tuple[DataFile, RawFile]] = []
    for path, name in zip(paths, short_names(paths), strict=True):
        raw = open_raw(path.origin, path.kind.compression)
        opened.append((raw.data_file(name, path.split), raw))
    opened.sort(key=lambda pair: (SPLITS.index(pair[0].split), pair[0].name))
    return RawInputs(tuple(file for file, _ in opened), tuple(raw for _, raw in opened))


class FoundFile(Struct, frozen=True):
    """A file that was found, and what it is called in results."""

    path: DataPath
    name: str


class FileOpener(Struct, frozen=True):
    """Opens a file and reads it from end to end. Can be pickled."""

    dialect: CsvDialect
    copies: bool = True
    """Whether the copies that are made of files in stores are kept, to be read from then on."""

    def __call__(self, file: FoundFile) -> TableSource:
        """Return the file.

        Raises:
            InputError: it is not what it should be, or changed while it was read.
        """
        path = _pinned(file.path)
        source = _opened(path, file.name, lambda _: None, self.dialect)
        origin = path.origin
        if self.copies or not isinstance(origin, RemoteFile):
            return source
        from ftaudit.readers.arrow import ArrowSource
        from ftaudit.readers.parquet import ScannedSource

        if isinstance(source, ScannedSource | ArrowSource):
            return replace(source, origin=origin if origin.scannable else FetchedFile(origin))
        return source


OpenEach: TypeAlias = Callable[
    [Sequence[FoundFile], Callable[[FoundFile], TableSource]], Iterable[TableSource]
]
"""Opens every file by the function, in whichever process; returns them in order."""


def open_inputs(  # noqa: PLR0913 - keyword-only but for the data
    train: Sequence[InputLike],
    *,
    validation: Sequence[InputLike] = (),
    holdout: Sequence[InputLike] = (),
    progress: Progress | None = None,
    dialect: CsvDialect = CsvDialect(),  # noqa: B008 - frozen
    open_each: OpenEach | None = None,
) -> Inputs:
    """Read all data once from end to end: validate it, digest it, count its rows.

    `open_each` opens the files elsewhere, by a function that can be pickled; by default they are
    opened here, one after another. The result does not depend on the order in which files are
    given, nor on where they lie.

    Raises:
        InputError: a file is not what it should be, or the files do not fit together.
        UsageError: no training data is given.
    """
    by_split = {TRAIN: train, VALIDATION: validation, HOLDOUT: holdout}
    paths = distinct([f for split, items in by_split.items() for f in _files(items, split)])
    frames = [(o, split) for split, items in by_split.items() for o in items if not _is_path(o)]
    if not any(path.split == TRAIN for path in paths) and not any(s == TRAIN for _, s in frames):
        raise UsageError("no training data is given; name a file, a folder or an address")
    sources = [*_open_files(paths, progress or Silent(), dialect, open_each), *_open_frames(frames)]
    sources.sort(key=lambda source: (SPLITS.index(source.file.split), source.file.name))
    for source in sources:
        refuse_columns(source.file.name, list(source.schema))
    _not_twice(sources)
    agreed = _partitioned(agree(sources), paths)
    files = tuple(source.file for source in agreed.sources)
    return Inputs(
        files,
        agreed.schema,
        agreed.json_columns,
        agreed.sources,
        left_out=tuple(sorted({name for path in paths for name in path.left_out})),
        missing=missing_shards(path.parts for path in paths),
        broken=tuple(_broken(agreed.sources)),
    )


def _broken(sources: Sequence[TableSource]) -> Iterator[str]:
    for source in sources:
        if faults := getattr(source, "broken", ""):
            yield f"{source.file.name}: {faults}"


def _partitioned(agreed: Agreed, paths: Sequence[DataPath]) -> Agreed:
    """Add the columns that stand in the names of folders."""
    by_name = dict(zip(short_names(paths), paths, strict=True))
    keys: dict[str, None] = {}
    sources: list[TableSource] = []
    for source in agreed.sources:
        path = by_name.get(source.file.name)
        values = partition_of(path.folders) if path is not None else {}
        values = {name: value for name, value in values.items() if name not in source.schema}
        keys |= dict.fromkeys(values)
        sources.append(PartitionedSource(source, values) if values else source)
    schema = pl.Schema({**agreed.schema, **dict.fromkeys(keys, pl.String())})
    return replace(agreed, sources=tuple(sources), schema=schema)


def _is_path(item: InputLike) -> bool:
    return isinstance(item, (str, Path))


def _files(items: Sequence[InputLike], split: str) -> list[DataPath]:
    return [path for item in items if isinstance(item, (str, Path)) for path in find(item, split)]


def distinct(paths: Sequence[DataPath]) -> list[DataPath]:
    """Drop files found twice; one that the user named itself has the split it was named for.

    Raises:
        InputError: a file has two splits.
    """
    kept: dict[str, DataPath] = {}
    for path in sorted(paths, key=lambda path: (not path.named, SPLITS.index(path.split))):
        first = kept.setdefault(path.identity, path)
        if first.split != path.split and first.named == path.named:
            raise _two_roles(path.origin.user_path, first.split, path.split, "the same file")
    return list(kept.values())


def _open_files(
    paths: Sequence[DataPath],
    progress: Progress,
    dialect: CsvDialect,
    open_each: OpenEach | None,
) -> Iterable[TableSource]:
    names = short_names(paths)
    files = [FoundFile(path, name) for path, name in zip(paths, names, strict=True)]
    files.sort(key=lambda file: (SPLITS.index(file.path.split), file.name))
    if open_each is not None:
        return open_each(files, FileOpener(dialect, copies=False))
    return _opened_here(files, progress, dialect)


def _opened_here(
    files: Sequence[FoundFile], progress: Progress, dialect: CsvDialect
) -> Iterator[TableSource]:
    sizes = [file.path.origin.size for file in files]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    with progress.stage("reading", total) as advance:
        for file in files:
            yield _opened(_pinned(file.path), file.name, advance, dialect)


def _pinned(path: DataPath) -> DataPath:
    """Return where a file is, as it is now; one on disk is so already."""
    origin = path.origin
    return replace(path, origin=origin.pinned()) if isinstance(origin, RemoteFile) else path


def _opened(path: DataPath, name: str, advance: Advance, dialect: CsvDialect) -> TableSource:
    source = _open(path, name, advance, dialect)
    path.origin.verify()
    return source


def _open(path: DataPath, name: str, advance: Advance, dialect: CsvDialect) -> TableSource:
    origin, kind, split = path.origin, path.kind, path.split
    if kind.format in _COLUMNAR:
        file = origin if isinstance(origin, LocalFile) else copied(origin)
        refuse_disguised(file, kind, is_utf8=True)
        if kind.format == "parquet":
            from ftaudit.readers.parquet import open_parquet

            return open_parquet(file, name, split, advance)
        from ftaudit.readers.arrow import open_arrow

        return open_arrow(file, name, split, advance)
    if isinstance(origin, LocalFile):
        is_csv = kind.format in {"csv", "tsv"}
        refuse_disguised(origin, kind, is_utf8=not is_csv or dialect.encoding is None)
    match kind.format:
        case "csv" | "tsv":
            return open_delimited(origin, kind, name, split, advance, dialect)
        case _:
            from ftaudit.readers.json_source import open_json

            keep = dialect.keep_going
            return open_json(origin, kind, name, split, advance, keep_going=keep)


def _open_frames(tables: Sequence[tuple[InputLike, str]]) -> "list[FrameSource]":
    """Open frames, and call several of one split by their content."""
    if not tables:
        return []
    from ftaudit.readers.frame import open_frame

    opened: list[FrameSource] = []
    for item, split in tables:
        table = HubRows(item) if is_hub_dataset(item) else item
        refuse_selected_table(table)
        if isinstance(table, (pl.DataFrame, pl.LazyFrame, ArrowStream)):
            opened.append(open_frame(table, split))
        else:
            problem = f"data is a path, a frame or an Arrow C stream, not {type(table).__name__}"
            raise UsageError(problem)
    opened.sort(key=lambda source: (SPLITS.index(source.file.split), source.file.sha256))
    names = [source.file.name for source in opened]
    return [
        source.renamed(f"{name}-{names[:i].count(name) + 1}") if names.count(name) > 1 else source
        for i, (source, name) in enumerate(zip(opened, names, strict=True))
    ]


def _not_twice(sources: Sequence[TableSource]) -> None:
    """Refuse equal bytes in two splits: every row of one would be in the other."""
    seen: dict[str, TableSource] = {}
    for source in sources:
        first = seen.setdefault(source.file.sha256, source)
        if first.file.split != source.file.split:
            same = f"the same content as {first.file.name}"
            raise _two_roles(source.file.name, first.file.split, source.file.split, same)


def _two_roles(user_path: str, first_split: str, second_split: str, reason: str) -> InputError:
    problem = f"{reason} is given as {_ROLES[first_split]} and as {_ROLES[second_split]} data"
    return InputError(user_path, problem, remedy="Give each file one role")
