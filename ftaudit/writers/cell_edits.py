"""What is to be changed in the cells of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

import polars as pl

from ftaudit.model.text_edit import TextEdit

FieldEdits: TypeAlias = Mapping[str, Sequence[TextEdit]]
"""Path of a field, as in `dataset.ROWS` → edits of its text, ascending and apart."""

WHOLE_RECORD: Final = ""
"""Stands for the field of edits of a whole JSON record, as it is written. They are made last: their
offsets are in the text that all other edits make."""

BYTE_ORDER_MARK: Final = "byte order mark"
BLANK_LINES: Final = "blank lines"
LAST_LINE_BREAK: Final = "last line break"
"""Stand for the field of edits of a whole file, which is written without a mark, without blank
lines, or with a line break after the last line. Such an edit
replaces no character by none, as no edit of a cell does, so that a field may be called the same."""

CELL_EDITS: Final = pl.Schema(
    {
        "row": pl.UInt64,
        "field": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "new": pl.String,
    }
)
"""Columns of the edits of one file: `row` is 0-based; `start` and `end` are offsets in the text
that the field has before any edit, end exclusive."""


@dataclass(frozen=True, eq=False)
class CellEdits:
    """The edits of one file, by row. Holds values that take the place of others."""

    frame: pl.DataFrame = field(default_factory=CELL_EDITS.to_frame, repr=False)
    """`CELL_EDITS`, sorted by all its columns."""

    @cached_property
    def of_file(self) -> frozenset[str]:
        """The edits of the file as a whole: `BYTE_ORDER_MARK`, `BLANK_LINES`, `LAST_LINE_BREAK`."""
        return frozenset(self.frame.filter(_of_file())["field"])

    @cached_property
    def of_cells(self) -> "CellEdits":
        """The edits of cells and records alone."""
        return CellEdits(self.frame.filter(~_of_file())) if self.of_file else self

    @property
    def rows(self) -> pl.Series:
        """The rows with an edit, ascending."""
        return self.frame["row"].unique(maintain_order=True)

    def between(self, first: int, after: int) -> dict[int, FieldEdits]:
        """Return row → edits of its fields, for the rows from `first` to before `after`."""
        if self.frame.is_empty():
            return {}
        start, stop = (self.frame["row"].search_sorted(row) for row in (first, after))
        edits: dict[int, dict[str, list[TextEdit]]] = {}
        for row, path, begin, end, new in self.frame[start:stop].iter_rows():
            edits.setdefault(row, {}).setdefault(path, []).append(TextEdit(begin, end, new))
        return dict(edits)


def _of_file() -> pl.Expr:
    """Say of an edit whether it is one of a whole file."""
    is_empty = (pl.col("start") == 0) & (pl.col("end") == 0) & (pl.col("new") == "")
    return is_empty & pl.col("field").is_in([BYTE_ORDER_MARK, BLANK_LINES, LAST_LINE_BREAK])
