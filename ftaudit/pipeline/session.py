"""Open the data and recognise what it is: what scan, init and index all begin with.

The one place that opens data and recognises it. Everything that later stages need of the data is
in the session: its files, its columns, its canonical rows.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import polars as pl
from msgspec import Struct, field

from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION, Dataset
from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.escape import printable
from ftaudit.model.options import Options
from ftaudit.model.parts import Part, PartSizes
from ftaudit.model.watched_parts import is_part
from ftaudit.policy.policy import ColumnRoles
from ftaudit.readers.csv_dialect import CsvDialect
from ftaudit.readers.hub_dataset import refuse_iterable
from ftaudit.readers.inputs import InputLike, Inputs, open_inputs, open_raw_inputs
from ftaudit.readers.panic_text import without_panic_text
from ftaudit.readers.paths import SPLIT_RECORD, is_split_record
from ftaudit.readers.split_names import WORDS, split_by_name
from ftaudit.records.detect import chosen_roles, recognise
from ftaudit.records.evidence import SAMPLE_ROWS
from ftaudit.records.part_paths import check_parts
from ftaudit.records.recognised import Recognised
from ftaudit.records.roles import Role
from ftaudit.records.rows import CanonicalRows

Data: TypeAlias = InputLike | Sequence[InputLike] | Mapping[str, InputLike]
"""One input or several: paths, globs, folders, addresses, frames; or several by their split."""

UNSOUND: Final = "unsound"
"""What the format is called of data that cannot be read as records."""

PROVENANCE_FILE: Final = "provenance.yaml"
"""The provenance record, where it lies beside the training data."""


class OpenFiles(Protocol):
    """Opens all data and reads it once from end to end, as `readers.inputs.open_inputs` does."""

    def __call__(
        self,
        train: Sequence[InputLike],
        *,
        validation: Sequence[InputLike],
        holdout: Sequence[InputLike],
        dialect: CsvDialect = CsvDialect(),  # noqa: B008 - frozen
    ) -> Inputs:
        """Return the data; see `Engine.survey`."""


class NamedData(Struct, frozen=True):
    """What a user names as data, by the role it plays."""

    train: Sequence[InputLike]
    validation: Sequence[InputLike] = ()
    holdout: Sequence[InputLike] = ()

    @classmethod
    def of(cls, train: Data, *, validation: Data = (), holdout: Data = ()) -> "NamedData":
        """Return named data from one input or several for each role.

        Raises:
            UsageError: a name in a dictionary of datasets is none of a split.
        """
        if not isinstance(train, Mapping):
            return cls(_several(train), _several(validation), _several(holdout))
        named: dict[str, list[InputLike]] = {TRAIN: [], VALIDATION: [], HOLDOUT: []}
        for name, data in train.items():
            split = split_by_name((str(name),))
            if split is None:
                msg = f"{printable(str(name))} is no name of a split; known: {', '.join(WORDS)}"
                raise UsageError(msg)
            named[split] += _several(data)
        return cls(
            named[TRAIN],
            (*named[VALIDATION], *_several(validation)),
            (*named[HOLDOUT], *_several(holdout)),
        )

    def folders(self) -> Iterator[Path]:
        """Yield the folder of every training file, and the folders that were named."""
        for named in self.train:
            if isinstance(named, str | Path) and "://" not in str(named):
                path = Path(named).expanduser()
                # unlike a Path's own questions, this is answered for any text: no such folder
                yield path if os.path.isdir(path) else path.parent  # noqa: PTH112 - as above

    @property
    def bytes(self) -> int:
        """Bytes of the local files that are named, and of those right in folders that are."""
        several = (*self.train, *self.validation, *self.holdout)
        paths = [Path(n).expanduser() for n in several if isinstance(n, str | Path)]
        return sum(map(_bytes, paths))

    def provenance_beside(self) -> Path | None:
        """Return the provenance record beside the training data, if there is one."""
        for folder in self.folders():
            if os.path.isfile(folder / PROVENANCE_FILE):  # noqa: PTH113 - as in `folders`
                return folder / PROVENANCE_FILE
        return None

    def split_beside(self) -> Path | None:
        """Return the record of the split that the training data is a part of, if there is one."""
        for folder in self.folders():
            for place in (folder, folder.parent):
                if is_split_record(place / SPLIT_RECORD):
                    return place / SPLIT_RECORD
        return None


class ReadingOptions(Struct, frozen=True):
    """How the user says that the data is to be read; what is not said is recognised."""

    format: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    """Canonical column (input, output, label, group, time) → the user's column."""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Role (context, title, choices) → the user's columns that play it."""
    ignore: tuple[str, ...] = ()
    """The user's columns that are known and not used."""

    dialect: CsvDialect = CsvDialect()
    """How csv files are written."""
    policy: ColumnRoles = field(default_factory=ColumnRoles)
    """What the policy says of columns; columns that the data lacks are passed over."""

    @classmethod
    def of(cls, options: Options, policy: ColumnRoles) -> "ReadingOptions":
        """Return what the options of a scan and its policy say of the columns."""
        written = (options.delimiter, options.header, options.encoding)
        dialect = CsvDialect(*written, keep_going=options.keep_going)
        columns = (options.format, options.columns, options.roles, options.ignore)
        return cls(*columns, dialect, policy)

    def parts(self, columns: Collection[str]) -> dict[str, str]:
        """Return role → column of the roles that one column plays; the options win."""
        ours = {part: c for part, c in self.policy.single().items() if c in columns}
        return {**ours, **self.columns}

    def chosen(self, columns: Collection[str]) -> Mapping[str, Role]:
        """Return column → role of the roles that several may play, and of columns not used.

        Raises:
            UsageError: a role that cannot be given, or a column with two roles.
        """
        free = set(columns) - set(self.columns.values())
        roles = {r: [c for c in named if c in free] for r, named in self.policy.several().items()}
        ignored = [c for c in self.policy.ignore if c in free or is_part(c, free)]
        own = chosen_roles(self.roles, self.ignore)
        return {**chosen_roles(roles, ignored), **own}


class Session(Struct, frozen=True, eq=False):
    """Data that was opened, and what it was recognised as."""

    inputs: Inputs
    dataset: Dataset
    recognised: Recognised


@without_panic_text()
def open_session(
    data: NamedData,
    reading: ReadingOptions,
    survey: OpenFiles = open_inputs,
) -> Session:
    """Open all data, and recognise its record format or take it from `reading`.

    Args:
        data: what the user names.
        reading: how it is to be read, as far as the user says.
        survey: opens the files: `Engine.survey`, or what the readers offer.

    Raises:
        InputError: a file is not what it should be; no format fits, which names the columns and
            the option that helps; or a file lacks the input: nothing in it could be found, which
            must not look like a pass.
        UsageError: no training data is given, or an option cannot be meant.
    """
    inputs = survey(
        data.train, validation=data.validation, holdout=data.holdout, dialect=reading.dialect
    )
    recognised = recognise(
        inputs.schema,
        inputs.json_columns,
        files=[file.name for file in inputs.files],
        format_=reading.format,
        overrides=reading.parts(inputs.schema),
        chosen=reading.chosen(inputs.schema),
        sample=inputs.sample(SAMPLE_ROWS),
        class_names=inputs.class_names,
        cells=inputs.cells,
    )
    _all_have_the_input(inputs, recognised)
    check_parts(
        [name for name in reading.ignore if is_part(name, inputs.schema)],
        inputs.schema,
        recognised.json_columns | recognised.json_cells,
        inputs.sample(SAMPLE_ROWS),
        inputs.tables,
    )
    rows = CanonicalRows(inputs, recognised)
    dataset = Dataset(
        files=inputs.files,
        format=recognised.format,
        columns=recognised.columns,
        rejects=recognised.rejects,
        has_more=recognised.has_more,
        rows=rows,
        tables=inputs,
        unread=recognised.unread,
        not_read=recognised.not_read,
        watched=recognised.watched_parts,
        beside=recognised.beside,
        copies=recognised.copies,
        left_out=inputs.left_out,
        missing_files=inputs.missing,
        broken=inputs.broken,
        memory=inputs.memory,
        lines=inputs,
    )
    return Session(inputs, dataset, recognised)


def open_unsound(data: NamedData) -> Dataset | None:
    """Return data that `open_session` refused as a dataset of lines, without any row.

    None where there is nothing that could be read so: data that is not all in JSON files.
    """
    inputs = open_raw_inputs(data.train, validation=data.validation, holdout=data.holdout)
    if inputs is None:
        return None
    return Dataset(
        files=inputs.files,
        format=UNSOUND,
        columns={},
        rows=NoRows(),
        tables=NoRows(),
        memory=sum(file.bytes for file in inputs.files),
        lines=inputs,
    )


class NoRows(Struct, frozen=True):
    """Rows, and tables, of which there are none."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield nothing."""
        del columns
        yield from ()

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield nothing."""
        del columns
        yield from ()

    def parts(self, sizes: PartSizes, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """Yield nothing."""
        del sizes, columns
        yield from ()


def open_one_split(data: Sequence[InputLike], reading: ReadingOptions, *, named: str) -> Session:
    """Open data that plays one role only, such as the holdout of an index.

    Raises:
        InputError: as `open_session`.
        UsageError: the data has files of several splits; `named` is what the user calls it.
    """

    def survey(
        train: Sequence[InputLike],
        *,
        validation: Sequence[InputLike],
        holdout: Sequence[InputLike],
        dialect: CsvDialect = CsvDialect(),  # noqa: B008 - frozen
    ) -> Inputs:
        inputs = open_inputs(train, validation=validation, holdout=holdout, dialect=dialect)
        if splits := sorted({file.split for file in inputs.files} - {TRAIN}):
            names = f"{TRAIN}, {', '.join(splits)}"
            raise UsageError(f"{named} has files of several splits ({names}): name the files")
        return inputs

    return open_session(NamedData(data), reading, survey=survey)


def _all_have_the_input(inputs: Inputs, recognised: Recognised) -> None:
    column = recognised.columns.get("input")
    for source in inputs.sources:
        if column is not None and column not in source.schema:
            problem = f"has no column {column}, which is the input of the training data"
            raise InputError(source.file.name, problem, remedy="Give it the columns of that data")


def _bytes(path: Path) -> int:
    """Return the bytes of a file or of the files in a folder; 0 where there is neither."""
    try:
        if os.path.isdir(path):  # noqa: PTH112 - as in `folders`
            return sum(e.stat().st_size for e in os.scandir(path) if e.is_file())
        return os.stat(path).st_size  # noqa: PTH116 - as in `folders`
    except (OSError, ValueError):
        return 0


def _several(data: Data) -> Sequence[InputLike]:
    several: Sequence[InputLike] = data if isinstance(data, list | tuple) else (data,)
    for item in several:
        refuse_iterable(item)
    return several
