"""What is known of the user's columns when a record format is recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

import polars as pl

from ftaudit.records.cell_values import scalar, struct_fields


class ColumnKind(Enum):
    """What a column may hold."""

    TEXT = auto()
    """One value that can be shown as text: strings, numbers, booleans, dates."""
    TURNS = auto()
    """Lists of objects that have a role or speaker."""
    JSON = auto()
    """JSON text of values that are not uniform: possibly turns, possibly strings."""
    OTHER = auto()
    """Other lists, objects or bytes."""


@dataclass(frozen=True)
class TableShape:
    """The user's columns, and what the user says of them."""

    schema: pl.Schema
    json_columns: frozenset[str] = frozenset()
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Part of the record → the user's column for it."""
    forced: bool = False
    """The user named the format: no other will be tried."""

    def pick(self, part: str, names: Sequence[str], kinds: Sequence[ColumnKind]) -> str | None:
        """Return the column for a part: the user's choice, or the first of `names` there is.

        Names are compared without regard to case, spaces, `-` and `_`.
        """
        if (chosen := self.overrides.get(part)) is not None:
            return chosen if self.kind(chosen) in kinds else None
        taken = set(self.overrides.values())
        columns: dict[str, str] = {}
        for column in self.schema:
            if column not in taken and self.kind(column) in kinds:
                columns.setdefault(plain(column), column)
        return next((columns[plain(name)] for name in names if plain(name) in columns), None)

    def kind(self, column: str) -> ColumnKind:
        """Tell what a column may hold."""
        dtype = self.schema[column]
        if column in self.json_columns:
            return ColumnKind.JSON
        if scalar(dtype):
            return ColumnKind.TEXT
        if isinstance(dtype, pl.List | pl.Array) and {"role", "from"} & struct_fields(dtype).keys():
            return ColumnKind.TURNS
        return ColumnKind.OTHER


def plain(name: str) -> str:
    """Return a column's name without what differs from one convention to another."""
    return name.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
