"""The data under audit: its files, and its rows in one canonical shape."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

import polars as pl
from msgspec import Struct, field

from ftaudit.model.column_copy import ColumnCopy
from ftaudit.model.parts import Part, PartSizes
from ftaudit.model.watched_parts import WatchedParts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

TRAIN: Final = "train"
VALIDATION: Final = "validation"
HOLDOUT: Final = "holdout"
SPLITS: Final = (TRAIN, VALIDATION, HOLDOUT)
"""The roles data can play, in the order in which they are read and reported."""

FIELD: Final = pl.Struct({"path": pl.String, "text": pl.String})
PROBLEM: Final = pl.Struct({"rule": pl.String, "field": pl.String, "detail": pl.String})

ROWS: Final = pl.Schema(
    [
        ("id", pl.UInt64),
        ("split", pl.String),
        ("file", pl.UInt32),
        ("row", pl.UInt64),
        ("key", pl.String),
        ("input", pl.String),
        ("output", pl.String),
        ("rejected", pl.String),
        ("label", pl.String),
        ("score", pl.Float64),
        ("text", pl.String),
        ("answer", pl.String),
        ("variant", pl.String),
        ("focus", pl.String),
        ("group", pl.String),
        ("time", pl.Datetime("us", "UTC")),
        ("source_id", pl.String),
        ("license", pl.String),
        ("annotator", pl.String),
        ("fields", pl.List(FIELD)),
        ("problems", pl.List(PROBLEM)),
    ]
)
"""Columns of a canonical row.

- `id`: the row id (`model.row_id`), unique over all splits, ascending in file and row.
- `split`, `file`, `row`: where it is; `file` is the ordinal in `Dataset.files`, `row` 0-based.
- `key`: the record's own identifier, when it has one.
- `input`: what the model is given (chat: the conversation up to the last assistant turn).
- `output`: what it should answer (last assistant turn, completion, chosen answer); else null.
- `rejected`: what it should not answer and training shows it (rejected and undesirable answers,
  texts that do not answer a query); null where a record has none.
- `label`: the class of a classification record; else null.
- `score`: what a record without a label is rated, a number on a scale; else null.
- `text`: the whole record as one text, every role and field of it.
- `answer`: what records of near-identical input must agree in: the output, or the result at its
  end; null where a prompt stands with several answers by design.
- `variant`: what tells apart records whose input is equal by design, such as the pair of answers
  to a prompt; null where a repeated input is a duplicate.
- `focus`: what tells apart records whose inputs are near-identical by design, such as the question
  about a passage; null where near-identical inputs are alike.
- `group`, `time`: customer, ticket or document id; when it was written. Null unless mapped.
- `source_id`, `license`: per-row provenance. Null unless the columns exist.
- `annotator`: who labelled it. Null unless the column exists.
- `fields`: every string of the record with its path, such as `messages[2].content`.
- `problems`: what the record format finds malformed; `rule` is a rule of the schema check."""


LINES: Final = pl.Schema(
    {
        "split": pl.String,
        "file": pl.UInt32,
        "row": pl.UInt64,
        "line": pl.UInt64,
        "text": pl.Binary,
        "framing": pl.String,
        "bom": pl.Boolean,
        "unended": pl.Boolean,
    }
)
"""Columns of a record as it is written.

- `split`, `file`: where it is, as in `ROWS`.
- `row`: the 0-based data row; null for a line on which none stands, such as a blank one.
- `line`: the 1-based line on which it begins; null where the file is no text.
- `text`: its JSON, without line break; of a table, what its row would be written as.
- `framing`: how its file is cut into records: `lines`, `array`, `objects`, `utf-16` or `table`.
- `bom`: whether its file begins with a byte order mark.
- `unended`: whether it is the last line of its file and no line break follows it."""


class LineMap(Struct, frozen=True, eq=False):
    """Where rows begin in a text file: row `r` is on line `r + offsets[i]` from `rows[i]` on."""

    rows: "npt.NDArray[np.uint64]"
    """Ascending 0-based rows at which the offset changes; the first is 0."""
    offsets: "npt.NDArray[np.uint64]"
    """Line number, 1-based, minus row number."""

    def line(self, rows: "npt.NDArray[np.uint64]") -> "npt.NDArray[np.uint64]":
        """Return the 1-based line on which each row begins."""
        stretches = self.rows.searchsorted(rows, side="right") - 1
        return rows + self.offsets[stretches]


class DataFile(Struct, frozen=True, eq=False):
    """One file of the data, read once from end to end and known to be well-formed."""

    name: str
    """As shown to the user and written to the manifest: relative, with `/`, never absolute."""
    split: str
    sha256: str
    """Of the file's own bytes (the compressed ones for .gz and .zst), 64 hexadecimal digits."""
    rows: int
    bytes: int
    lines: LineMap | None = None


class Rows(Protocol):
    """Canonical rows that can be read any number of times."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield batches of `ROWS` (or of some of its columns) by ascending id.

        Batch boundaries carry no meaning, and a batch never spans two files.
        """


class DivisibleRows(Rows, Protocol):
    """Canonical rows that can also be read in parts."""

    def parts(self, sizes: PartSizes, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """Yield the same rows, with all columns or some, in the same order, in parts."""


class Tables(Protocol):
    """The user's own columns, as they are in the files."""

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield batches of raw columns, with `__split`, `__file` and `__row` before them."""

    def parts(self, sizes: PartSizes, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """Yield the same rows, with all columns or some, in the same order, in parts."""


class Lines(Protocol):
    """Records as they are written."""

    def line_parts(self, sizes: PartSizes) -> Iterator[Part]:
        """Yield batches of `LINES` in canonical order, in parts; a batch never spans two files."""


class Dataset(Struct, frozen=True, eq=False):
    """Everything under audit: training data, and validation and holdout data if given."""

    files: tuple[DataFile, ...]
    """In canonical order: by split (train, validation, holdout), then by name."""
    format: str
    """Id of the recognised record format, such as `classification`."""
    columns: Mapping[str, str]
    """Canonical column → the user's column it is read from."""
    rows: DivisibleRows
    tables: Tables
    rejects: bool = False
    """Whether rows have rejected answers."""
    has_more: bool = False
    """Whether the whole text of rows has more than input, output and what they reject: definitions
    of tools, reference answers."""
    unread: tuple[str, ...] = ()
    """Columns of the user, and parts of them, that hold text, and that no role claims."""
    not_read: tuple[str, ...] = ()
    """Those, and the columns that the user does not use."""
    copies: Mapping[str, ColumnCopy] = field(default_factory=dict)
    """Column that is a copy by its first values → what it repeats."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """Column, or part of a turn → what it is, of all that `columns` and `not_read` leave out."""
    left_out: tuple[str, ...] = ()
    """Files beside the data that were not read as data."""
    missing_files: tuple[str, ...] = ()
    """Shards that the names of others say there are."""
    broken: tuple[str, ...] = ()
    """What is said of records that cannot be read and were left out, file by file."""
    watched: WatchedParts = field(default_factory=WatchedParts)
    """Columns and parts that are taken for metadata by their first values, and could hold text."""
    memory: int = 0
    """Bytes that all columns would take in memory, about."""
    lines: Lines | None = None
    """Records as they are written, where the data can tell."""

    def count(self, split: str) -> int:
        """Return how many rows a split has; 0 when it was not given."""
        return sum(file.rows for file in self.files if file.split == split)

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that were given, in the order of `SPLITS`."""
        return tuple(s for s in SPLITS if any(file.split == s for file in self.files))
