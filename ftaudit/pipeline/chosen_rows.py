"""Some of the rows of a dataset, for checks that judge every text by itself."""

from collections.abc import Iterator, Sequence

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import Dataset
from ftaudit.model.parts import Part, PartSizes
from ftaudit.records.rows import CanonicalRows, RowPart


class ChosenRows(Struct, frozen=True, eq=False):
    """Some of the canonical rows of a dataset."""

    dataset: Dataset
    ids: pl.DataFrame
    """`id` of each of them."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield batches of them by ascending id."""
        if isinstance(self.dataset.rows, CanonicalRows):
            yield from self.dataset.rows.chosen(columns, self.ids, self.dataset.memory)
            return
        names = None if columns is None else list(dict.fromkeys(["id", *columns]))
        for batch in self.dataset.rows.batches(names):
            chosen = batch.join(self.ids, on="id", how="semi", maintain_order="left")
            yield chosen if columns is None else chosen.select(columns)

    def parts(self, sizes: PartSizes, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """Yield the same rows in parts; `id` is among some columns."""
        for part in self.dataset.rows.parts(sizes, columns):
            if isinstance(part, RowPart):
                yield part.of_ids(self.ids)
            else:
                yield ChosenPart(part, self.ids)


class ChosenPart(Struct, frozen=True, eq=False):
    """A part of canonical rows, of which some are chosen."""

    part: Part
    ids: pl.DataFrame

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the rows that are chosen."""
        for frame in self.part.frames():
            yield frame.join(self.ids, on="id", how="semi", maintain_order="left")
