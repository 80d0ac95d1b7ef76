"""The contract every record format meets."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl
from msgspec import Struct, field

from ftaudit.records.cell_values import Raw
from ftaudit.records.shape import TableShape

Parts = Mapping[str, str]
"""Part of the record → the user's column. Parts named like canonical columns are those;
others, such as `tools` or `rejected`, belong to one format."""


class MappedRecords(Struct, frozen=True, eq=False):
    """What a format makes of one batch, one value per row."""

    input: pl.Series
    output: pl.Series
    text: pl.Series
    label: pl.Series | None = None
    answer: pl.Series | None = None
    """What records of near-identical input must agree in; None: the output."""
    variant: pl.Series | None = None
    """What tells apart records whose input is equal by design; None: nothing does."""
    focus: pl.Series | None = None
    """What tells apart records whose inputs are near-identical by design; None: nothing does."""
    problems: Sequence[pl.DataFrame] = field(default_factory=tuple)
    """`problem.PROBLEMS`; empty unless asked for."""
    rejected: pl.Series | None = None
    """What the model should not answer and is shown in training; None: the format has none."""
    score: pl.Series | None = None
    """Number on a scale that the record is rated; None: the format has none."""


class RecordFormat(Protocol):
    """One way in which fine-tuning records are written. Implementations have no state."""

    @property
    def id(self) -> str:
        """Name of the format, as `--format` takes it."""

    @property
    def needs(self) -> str:
        """Columns the format needs, in words, for an error message."""

    def recognise(self, shape: TableShape) -> Parts | None:
        """Return the columns of the format's parts, or None when the data is of another."""

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Return the user's columns that are read for the canonical columns `wanted`."""

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read the records of a batch. Values that are not `wanted` may be anything."""


def nothing(raw: Raw) -> pl.Series:
    """Return a null text for every row."""
    return pl.Series([None] * len(raw), dtype=pl.String)


def all_columns(parts: Parts, requested: frozenset[str]) -> frozenset[str]:
    """Read every part as soon as anything of the record is wanted."""
    return frozenset(parts.values()) if requested else frozenset()
