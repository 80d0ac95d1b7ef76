"""Columns whose values stand in the names of folders, as `label=refund/part-0.parquet`.

Spark, Hive, pyarrow, pandas and polars write and read tables so.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import unquote

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import DataFile
from ftaudit.model.parts import Part, PartSizes
from ftaudit.readers.data_source import ROW, TableSource

_NULL: Final = "__HIVE_DEFAULT_PARTITION__"


def partition_of(folders: Sequence[str]) -> dict[str, str | None]:
    """Return column → value of every folder that names both; null where it says so."""
    values: dict[str, str | None] = {}
    for folder in folders:
        name, sign, value = folder.partition("=")
        if sign and name.isidentifier():
            values[name] = None if value == _NULL else unquote(value)
    return values


class PartitionedSource(Struct, frozen=True, eq=False):
    """A file, and the columns that its folders add to it."""

    source: TableSource
    values: Mapping[str, str | None]
    """Column → its one value in this file; columns that the file itself has are left out."""

    @property
    def file(self) -> DataFile:
        """Describe the file."""
        return self.source.file

    @property
    def origin(self) -> object:
        """Return where the file is, as `unchanged.origin_of` asks."""
        return getattr(self.source, "origin", None)

    @property
    def broken(self) -> str:
        """Return what is said of records that were left out."""
        return str(getattr(self.source, "broken", ""))

    @property
    def schema(self) -> pl.Schema:
        """Return the file's columns, then those of its folders."""
        return pl.Schema({**self.source.schema, **dict.fromkeys(self.values, pl.String())})

    @property
    def json_columns(self) -> frozenset[str]:
        """Return the columns of JSON text."""
        return self.source.json_columns

    @property
    def class_names(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names of classes."""
        return self.source.class_names

    @property
    def memory(self) -> int:
        """Return the bytes that the columns would take in memory, about."""
        return self.source.memory

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield `__row` and the columns asked for."""
        names = list(self.schema) if columns is None else list(columns)
        own = [name for name in names if name not in self.values]
        return (self._with_values(frame, names) for frame in self.source.batches(own))

    def parts(self, columns: Sequence[str], sizes: PartSizes) -> Iterator[Part]:
        """Yield the same in parts."""
        own = [name for name in columns if name not in self.values]
        for part in self.source.parts(own, sizes):
            yield PartitionedPart(part, tuple(columns), dict(self.values))

    def _with_values(self, frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
        return with_values(frame, names, self.values)


class PartitionedPart(Struct, frozen=True):
    """A part of a file, with the columns of its folders."""

    part: Part
    columns: tuple[str, ...]
    values: Mapping[str, str | None]

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield its rows."""
        return (with_values(frame, self.columns, self.values) for frame in self.part.frames())


def with_values(
    frame: pl.DataFrame, columns: Sequence[str], values: Mapping[str, str | None]
) -> pl.DataFrame:
    """Return `__row` and the columns, those of folders with their one value."""
    added = [pl.lit(values[name], pl.String).alias(name) for name in columns if name in values]
    return frame.with_columns(added).select(ROW, *columns)
