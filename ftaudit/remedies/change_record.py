"""All changes of a run: of which rows of the input, for which reason, and where they are now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import DataFile
from ftaudit.remedies.accumulated_edits import ReasonedEdit, accumulated
from ftaudit.remedies.changes import CHANGED, CHANGES
from ftaudit.writers.cell_edits import CELL_EDITS, WHOLE_RECORD, CellEdits

_CELL: Final = ["file", "row", "field"]
_RECORDED: Final = pl.Schema([("remedy", pl.String), ("hides", pl.Boolean), *CHANGES.items()])
"""Changes with the remedy that made them, in rows and characters of the input."""


class RemedyChanges(Struct, frozen=True):
    """What one remedy changes in one round."""

    remedy: str
    hides: bool
    changes: pl.DataFrame
    """`CHANGES`, in rows and characters of the data as it is now."""


@dataclass(eq=False)
class ChangeRecord:
    """Gathers the changes of every round, and says what they are of the input."""

    files: Sequence[DataFile]
    """The files of the input."""
    kept: list[npt.NDArray[np.bool_]] = field(init=False)
    """For every file which of its rows are left."""
    _removals: pl.DataFrame = field(default_factory=_RECORDED.to_frame)
    _edits: pl.DataFrame = field(default_factory=_RECORDED.to_frame)

    def __post_init__(self) -> None:
        """Begin with every row, unchanged."""
        self.kept = [np.ones(file.rows, np.bool_) for file in self.files]

    def add(self, rounds: Sequence[RemedyChanges], ordinals: Sequence[int]) -> None:
        """Add the changes of one round.

        Args:
            rounds: what remedies change, in the order in which they are applied.
            ordinals: for every file as it is now, which file of the input it is.
        """
        frames = [
            part.changes.select(
                pl.lit(part.remedy).alias("remedy"), pl.lit(part.hides).alias("hides"), *CHANGES
            )
            for part in rounds
        ]
        changes = self._of_input(pl.concat([_RECORDED.to_frame(), *frames]), ordinals)
        is_removal = pl.col("field").is_null()
        removed = changes.filter(is_removal).unique(
            ["file", "row"], keep="first", maintain_order=True
        )
        self._removals = pl.concat([self._removals, removed])
        for number in range(len(self.files)):
            rows = removed.filter(pl.col("file") == number)["row"].to_numpy()
            self.kept[number][rows] = False
        edits = changes.filter(~is_removal).with_columns(order=pl.int_range(pl.len()))
        self._edits = _merged(self._edits, _apart(self._last(edits)))

    def _last(self, edits: pl.DataFrame) -> pl.DataFrame:
        """Return edits of one round in which no whole record is edited beside fields of it.

        Whole records are edited last: earlier edits of those whose fields change now are dropped,
        to be found again in the next round.
        """
        is_whole = pl.col("field") == WHOLE_RECORD
        fields = edits.filter(~is_whole)
        rows = fields.select("file", "row").unique()
        if rows.is_empty():
            return edits
        by = ["file", "row"]
        whole = self._edits.filter(is_whole).join(rows, on=by, how="anti")
        self._edits = pl.concat([self._edits.filter(~is_whole), whole])
        alone = edits.filter(is_whole).join(rows, on=by, how="anti")
        return pl.concat([fields, alone])

    def _of_input(self, changes: pl.DataFrame, ordinals: Sequence[int]) -> pl.DataFrame:
        """Return changes in the files and rows of the input."""
        rows = [np.flatnonzero(self.kept[number]) for number in ordinals]
        places = pl.concat(
            pl.DataFrame(
                {"now": np.arange(len(of_file)), "then": of_file},
                schema={"now": pl.UInt64, "then": pl.UInt64},
            ).with_columns(file_now=pl.lit(now, pl.UInt32), file_then=pl.lit(number, pl.UInt32))
            for now, (number, of_file) in enumerate(zip(ordinals, rows, strict=True))
        )
        for file, row in (("file", "row"), ("related_file", "related_row")):
            changes = (
                changes.join(
                    places,
                    left_on=[file, row],
                    right_on=["file_now", "now"],
                    how="left",
                    maintain_order="left",
                )
                .with_columns(pl.col("file_then").alias(file), pl.col("then").alias(row))
                .select(_RECORDED.names())
            )
        return changes

    def edits(self, number: int) -> CellEdits:
        """Return the edits of a file of the input."""
        of_file = self._edits.filter(pl.col("file") == number).select(CELL_EDITS.names())
        return CellEdits(of_file.sort(CELL_EDITS.names()))

    def set_aside(self, number: int) -> npt.NDArray[np.bool_]:
        """Return which rows of a file of the input are to be set aside."""
        rows = self._removals.filter((pl.col("file") == number) & ~pl.col("hides"))["row"]
        aside = np.zeros(self.files[number].rows, np.bool_)
        aside[rows.to_numpy()] = True
        return aside

    @property
    def edited_rows(self) -> Mapping[int, npt.NDArray[np.uint64]]:
        """File of the input → its rows with an edit that are left."""
        rows = self._edits.select("file", "row").unique().sort("file", "row")
        by_file = {key[0]: part["row"].to_numpy() for key, part in rows.group_by("file")}
        return {int(n): r[self.kept[int(n)][r]] for n, r in by_file.items()}

    @property
    def held(self) -> pl.DataFrame:
        """The rows that wait for a person: `file`, `row`, `rule`, `remedy`."""
        return self._removals.filter("held").select("file", "row", "rule", "remedy")

    def counts(self) -> list[tuple[str, str, int, int]]:
        """Return remedy, rule, rows removed and places replaced, sorted."""
        both = pl.concat(
            [
                self._removals.select("remedy", "rule", removed=pl.lit(1), replaced=pl.lit(0)),
                self._edits.select("remedy", "rule", removed=pl.lit(0), replaced=pl.lit(1)),
            ]
        )
        return both.group_by("remedy", "rule").sum().sort("remedy", "rule").rows()

    def table(self) -> pl.DataFrame:
        """Return every change as `changes.CHANGED`."""
        names = [file.name for file in self.files]
        places = pl.concat([self._new_rows(number) for number in range(len(names))])
        left = self._edits.join(places, on=["file", "row"], how="inner", maintain_order="left")
        removed = self._removals.with_columns(new_row=pl.lit(None, pl.UInt64))
        columns = [*_RECORDED.names(), "new_row"]
        changes = pl.concat([left.select(columns), removed.select(columns)])
        ordered = changes.sort("file", "row", "field", "start", nulls_last=False)
        return ordered.with_columns(
            pl.col(column).replace_strict(dict(enumerate(names)), return_dtype=pl.String)
            for column in ("file", "related_file")
        ).select(CHANGED.names())

    def _new_rows(self, number: int) -> pl.DataFrame:
        rows = np.flatnonzero(self.kept[number])
        return pl.DataFrame(
            {"row": rows, "new_row": np.arange(len(rows))},
            schema={"row": pl.UInt64, "new_row": pl.UInt64},
        ).with_columns(file=pl.lit(number, pl.UInt32))


def _apart(edits: pl.DataFrame) -> pl.DataFrame:
    """Return edits of one round, without those that overlap an earlier remedy's.

    What they leave standing is found again in the next round.
    """
    ordered = edits.sort(*_CELL, "start", "order")
    ends = pl.col("end").cum_max().shift().over(_CELL)
    clashing = ordered.filter(pl.col("start") < ends).select(_CELL).unique()
    if clashing.is_empty():
        return ordered.select(_RECORDED.names())
    alone = ordered.join(clashing, on=_CELL, how="anti", maintain_order="left")
    rest = ordered.join(clashing, on=_CELL, how="semi").sort(*_CELL, "order")
    chosen: list[int] = []
    for _, cell in rest.group_by(_CELL, maintain_order=True):
        taken: list[tuple[int, int]] = []
        for start, end, order in cell.select("start", "end", "order").iter_rows():
            if all(end <= first or start >= after for first, after in taken):
                taken.append((start, end))
                chosen.append(order)
    parts = [alone, rest.filter(pl.col("order").is_in(chosen))]
    return pl.concat(parts).sort(*_CELL, "start").select(_RECORDED.names())


def _merged(earlier: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """Return edits of the input that do what two rounds of edits do, one after the other."""
    cells = earlier.select(_CELL).unique().join(later.select(_CELL).unique(), on=_CELL)
    if cells.is_empty():
        return pl.concat([earlier, later])
    rest = [frame.join(cells, on=_CELL, how="anti") for frame in (earlier, later)]
    both = [
        frame.join(cells, on=_CELL, how="semi").sort(*_CELL, "start") for frame in (earlier, later)
    ]
    return pl.concat([*rest, *_cells_merged(*both)])


def _cells_merged(earlier: pl.DataFrame, later: pl.DataFrame) -> Iterator[pl.DataFrame]:
    after = dict(iter(later.group_by(_CELL, maintain_order=True)))
    for cell, before in earlier.group_by(_CELL, maintain_order=True):
        reasons = pl.concat([before, after[cell]])
        edits = [
            ReasonedEdit(start, end, new, number)
            for number, (start, end, new) in enumerate(
                reasons.select("start", "end", "new").iter_rows()
            )
        ]
        result = accumulated(edits[: before.height], edits[before.height :])
        frame = reasons[[edit.reason for edit in result]]
        yield frame.with_columns(
            pl.Series("start", [e.start for e in result], pl.UInt32),
            pl.Series("end", [e.end for e in result], pl.UInt32),
            pl.Series("new", [e.new for e in result], pl.String),
        )
