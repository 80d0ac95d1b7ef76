"""The user's records as canonical rows, computed batch by batch and column by column."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model.dataset import HOLDOUT, PROBLEM, ROWS, Tables
from ftaudit.model.parts import Part, PartSizes, PlacedPart, pieces
from ftaudit.model.row_id import row_id_of
from ftaudit.model.time import moments
from ftaudit.records.cell_values import Raw
from ftaudit.records.compose import compose, composed_of
from ftaudit.records.dialect import MESSAGES, TURN_KEYS
from ftaudit.records.format import MappedRecords
from ftaudit.records.leaves import fields
from ftaudit.records.problem import flag, gathered, of_holdout
from ftaudit.records.read_types import as_text, with_names
from ftaudit.records.recognised import Recognised
from ftaudit.records.record_formats import FORMATS

_PLACE: Final = frozenset({"id", "split", "file", "row"})
_RECORD: Final = frozenset(
    {"input", "output", "rejected", "label", "score", "text", "problems", "answer", "variant"}
    | {"focus"}
)
_BESIDE: Final = ("key", "group", "source_id", "license", "annotator")

_DECODED_ROWS: Final = 8_192
"""Rows whose JSON text is decoded into objects at a time, which bounds the memory they take."""


class CanonicalRows(Struct, frozen=True, eq=False):
    """Read `dataset.Rows` from the user's own columns."""

    tables: Tables
    recognised: Recognised

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield batches of `ROWS`, computing only `columns` and reading only what they need."""
        reading = self.reading
        requested = ROWS.names() if columns is None else list(columns)
        for table in self.tables.tables(reading.needed(frozenset(requested))):
            yield from reading.rows(table, requested)

    def chosen(
        self, columns: Sequence[str] | None, ids: pl.DataFrame, memory: int
    ) -> Iterator[pl.DataFrame]:
        """Yield batches of the rows whose `id` is in `ids`; no others are computed.

        Of data of `memory` bytes, parts that hold none of them are not read where that is known.
        """
        ascending = ids["id"].sort().to_list()
        for part in self.parts(PartSizes.for_rows(ids.height, memory), columns):
            ends = part.row_ids()
            if ends is None or bisect_left(ascending, ends[0]) < bisect_left(ascending, ends[1]):
                yield from part.of_ids(ids).frames()

    def parts(self, sizes: PartSizes, columns: Sequence[str] | None = None) -> Iterator["RowPart"]:
        """Yield the same rows in parts, each made where it is mapped."""
        reading = self.reading
        if columns is None:
            return (RowPart(part, reading) for part in self.tables.parts(sizes))
        needed = reading.needed(frozenset(columns))
        parts = self.tables.parts(sizes, needed)
        return (RowPart(part, reading, tuple(columns)) for part in parts)

    @property
    def reading(self) -> "RowReader":
        """What makes rows of tables, without the tables: small, and can be sent to a worker."""
        return RowReader(self.recognised)


class RowPart(Struct, frozen=True, eq=False):
    """A part of the user's tables, read as canonical rows."""

    part: Part
    reader: "RowReader"
    columns: tuple[str, ...] | None = None
    """Of `ROWS`; None: all."""
    ids: pl.DataFrame | None = None
    """`id` of the rows that are read; None: all."""

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield batches of `ROWS`, each made of a piece of the tables."""
        for frame in self.part.frames():
            for piece in pieces(frame if self.ids is None else with_ids(frame, self.ids)):
                yield from self.reader.rows(piece, self.columns)

    def of_ids(self, ids: pl.DataFrame) -> "RowPart":
        """Return the part with only those rows whose `id` is among many.

        Of these it keeps its own, as parts are sent to other processes.
        """
        ends = self.row_ids()
        own = ids if ends is None else ids.filter(pl.col("id").is_between(*ends, closed="left"))
        return replace(self, ids=own)

    def row_ids(self) -> tuple[int, int] | None:
        """Return the first row id that it may have, and the one after the last; None: any."""
        return self.part.row_ids() if isinstance(self.part, PlacedPart) else None


class RowReader(Struct, frozen=True, eq=False):
    """Make canonical rows of batches of the user's own columns."""

    recognised: Recognised

    def rows(
        self, table: pl.DataFrame, columns: Sequence[str] | None = None
    ) -> Iterator[pl.DataFrame]:
        """Yield the rows of a batch of `Tables`, in one batch of `ROWS` or several."""
        requested = ROWS.names() if columns is None else list(columns)
        decoded = self.recognised.json_columns | self.recognised.json_cells
        step = _DECODED_ROWS if decoded else max(table.height, 1)
        for start in range(0, table.height, step):
            yield self._canonical(table[start : start + step], requested)

    def needed(self, requested: frozenset[str]) -> list[str]:
        """Return the user's columns that are needed, in their own order."""
        recognised = self.recognised
        if "fields" in requested:
            return list(recognised.schema)
        form = FORMATS[recognised.format]
        needed = set(form.columns(recognised.parts, self._record(requested)))
        beside = {*_BESIDE, "time"} & requested | ({"time"} if "problems" in requested else set())
        needed |= {recognised.parts[name] for name in beside if name in recognised.parts}
        needed |= set(composed_of(recognised, frozenset(requested)))
        return [name for name in recognised.schema if name in needed]

    def _record(self, requested: frozenset[str]) -> frozenset[str]:
        """Return the requested columns that the format makes; of some only where it has them."""
        absent = {"score"} - self.recognised.columns.keys()
        absent |= set() if self.recognised.rejects else {"rejected"}
        return (requested & _RECORD) - absent

    def _canonical(self, table: pl.DataFrame, requested: Sequence[str]) -> pl.DataFrame:
        own = frozenset(table.columns)
        raw = Raw(
            as_text(with_names(_plain(table), self.recognised.class_names), self.recognised.schema),
            (self.recognised.json_columns | self.recognised.json_cells) & own,
        )
        names = frozenset(requested)
        values = {
            "id": table.select(row_id_of("__file", "__row")).to_series(),
            "split": table["__split"],
            "file": table["__file"],
            "row": table["__row"],
        }
        for name in _BESIDE:
            if name in names and name in self.recognised.parts:
                values[name] = raw.frame[self.recognised.parts[name]].cast(pl.String)
        problems: list[pl.DataFrame] = []
        if names & {"time", "problems"} and "time" in self.recognised.parts:
            values["time"], unread = _time(raw, self.recognised.parts["time"])
            problems.append(unread)
        if record := self._record(names):
            form = FORMATS[self.recognised.format]
            mapped = form.map(raw, self.recognised.parts, record)
            mapped = compose(mapped, raw, self.recognised, record)
            values |= _values(mapped)
            problems += mapped.problems
        if "problems" in names:
            problems += [_turns_in_text(raw, c) for c in sorted(self.recognised.flat_cells & own)]
        if table["__split"][0] == HOLDOUT:
            problems = [of_holdout(p) for p in problems]
        if "problems" in names:
            values["problems"] = _listed(raw, problems)
        if "fields" in names:
            # cells of csv files are searched as they are written, so that places in them hold
            values["fields"] = fields(Raw(raw.frame, self.recognised.json_columns & own))
        return _frame(values, requested, table.height)


def with_ids(table: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a batch of `Tables` whose `id` is in `ids`."""
    named = table.select(id=row_id_of("__file", "__row"))
    return table.filter(named["id"].is_in(ids["id"].implode()))


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """Read categories as the strings they stand for."""
    coded = [n for n, t in table.schema.items() if isinstance(t, pl.Categorical | pl.Enum)]
    return table.with_columns(pl.col(coded).cast(pl.String)) if coded else table


def _values(mapped: MappedRecords) -> dict[str, pl.Series]:
    optional = {"label": mapped.label, "score": mapped.score, "rejected": mapped.rejected}
    optional |= {"variant": mapped.variant, "focus": mapped.focus}
    answer = mapped.output if mapped.answer is None else mapped.answer
    values = {"input": mapped.input, "output": mapped.output, "text": mapped.text, "answer": answer}
    return values | {name: column for name, column in optional.items() if column is not None}


def _time(raw: Raw, column: str) -> tuple[pl.Series, pl.DataFrame]:
    column_values = raw.frame[column]
    read = moments(column_values)
    table = raw.index().with_columns(lost=column_values.is_not_null() & read.is_null())
    return read, flag(table, pl.col("lost"), "bad_time", column, "is not a time")


_TURNS_AS_TEXT: Final = (
    rf"^\s*\[\s*\{{[^{{}}]*\"(?:{'|'.join(sorted(TURN_KEYS))})\"\s*:\s*\""
    rf"|^\s*\{{\s*\"(?:{'|'.join(sorted(MESSAGES))}|conversations?)\"\s*:\s*\[\s*\{{"
)
"""The beginning of a conversation as JSON text."""


def _turns_in_text(raw: Raw, column: str) -> pl.DataFrame:
    """Flag the cells that hold a conversation in a column that is read as text."""
    table = raw.index().with_columns(text=raw.frame[column].cast(pl.String))
    detail = "holds turns as JSON text, which are read as one text"
    return flag(table, pl.col("text").str.contains(_TURNS_AS_TEXT), "turns_in_text", column, detail)


def _listed(raw: Raw, problems: Sequence[pl.DataFrame]) -> pl.Series:
    by_row = gathered(problems).group_by("row", maintain_order=True)
    lists = by_row.agg(problems=pl.struct("rule", "field", "detail"))
    rows = raw.index().join(lists, on="row", how="left", maintain_order="left")
    return rows["problems"].cast(pl.List(PROBLEM)).fill_null([])


def _frame(values: dict[str, pl.Series], requested: Sequence[str], height: int) -> pl.DataFrame:
    """Put the wanted columns together; those the data does not have are null."""
    return pl.DataFrame(
        [
            values[name].cast(ROWS[name]).alias(name)
            if name in values
            else pl.Series(name, [None], dtype=ROWS[name]).new_from_index(0, height)
            for name in requested
        ]
    )
