"""Raw tables held in memory, and how tests read records from them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from ftaudit.model.parts import Part, PartSizes, held_parts
from ftaudit.records.detect import recognise
from ftaudit.records.rows import CanonicalRows

Record = Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Held:
    """The user's columns of one training file, in batches of `size` rows."""

    frame: pl.DataFrame
    size: int = 1 << 20
    split: str = "train"
    asked: list[list[str] | None] = field(default_factory=list)

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        self.asked.append(None if columns is None else list(columns))
        names = self.frame.columns if columns is None else columns
        for start in range(0, self.frame.height, self.size):
            part = self.frame[start : start + self.size]
            place = pl.select(
                __split=pl.repeat(self.split, part.height),
                __file=pl.repeat(0, part.height, dtype=pl.UInt32),
                __row=pl.int_range(start, start + part.height, dtype=pl.UInt64),
            )
            yield place.with_columns(part[name] for name in names)

    def parts(self, sizes: PartSizes, columns: Sequence[str] | None = None) -> Iterator[Part]:
        return held_parts(self.tables(columns), sizes)


def typed(records: Sequence[Record], schema: Mapping[str, object] | None = None) -> pl.DataFrame:
    """Build the table a reader makes of uniform records."""
    return pl.DataFrame(list(records), schema=schema, infer_schema_length=None)  # type: ignore[arg-type] # polars' own union


def as_json(records: Sequence[Record], *columns: str) -> pl.DataFrame:
    """Build the table a reader makes of records whose `columns` are not uniform."""
    return pl.DataFrame(
        [
            {
                name: json.dumps(value) if name in columns and value is not None else value
                for name, value in record.items()
            }
            for record in records
        ],
        infer_schema_length=None,
    )


def read(  # noqa: PLR0913 - what a user may say of a table
    frame: pl.DataFrame,
    json_columns: Sequence[str] = (),
    *,
    format_: str | None = None,
    overrides: Mapping[str, str] | None = None,
    size: int = 1 << 20,
    columns: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Recognise a table and return all its canonical rows."""
    known = recognise(
        frame.schema, frozenset(json_columns), format_=format_, overrides=overrides or {}
    )
    return pl.concat(list(CanonicalRows(Held(frame, size), known).batches(columns)))


def row(frame: pl.DataFrame, *json_columns: str, **options: object) -> dict[str, object]:
    """Return the first canonical row of a table."""
    return read(frame, json_columns, **options).row(0, named=True)  # type: ignore[arg-type] # a test's own words


def problems(rows: pl.DataFrame) -> list[list[tuple[str, str]]]:
    """Return rule (without `schema.`) and field of the problems of every row."""
    return [
        [(str(p["rule"]).removeprefix("schema."), str(p["field"])) for p in listed]
        for listed in rows["problems"].to_list()
    ]
