"""Findings beside the rows they name."""

from collections.abc import Callable
from typing import Any, TypeAlias

import polars as pl

from ftaudit.model.dataset import Dataset
from ftaudit.model.errors import UsageError

Beside: TypeAlias = Callable[[pl.DataFrame], pl.DataFrame]
"""What sets findings beside the rows they name."""


class FindingsFrame(pl.DataFrame):
    """The findings of an audit: a frame that can stand beside the user's own rows.

    `filter`, `sort` and `head` give such a frame again. What polars makes of it by other methods
    is an ordinary frame, for `Audit.with_rows`.
    """

    _beside: Beside | None = None  # polars makes frames of this class without `__init__`

    def __init__(self, findings: pl.DataFrame, beside: Beside | None) -> None:
        """Hold findings, without copying them, and what sets them beside their rows."""
        super().__init__(findings)
        self._beside = beside

    def filter(self, *predicates: Any, **constraints: Any) -> "FindingsFrame":  # noqa: ANN401 - as polars has it
        """Return the findings that meet every predicate, as `polars.DataFrame.filter` does."""
        return FindingsFrame(super().filter(*predicates, **constraints), self._beside)

    def sort(self, *by: Any, **options: Any) -> "FindingsFrame":  # noqa: ANN401 - as polars has it
        """Return the findings in another order, as `polars.DataFrame.sort` does."""
        return FindingsFrame(super().sort(*by, **options), self._beside)

    def head(self, n: int = 5) -> "FindingsFrame":
        """Return the first findings."""
        return FindingsFrame(super().head(n), self._beside)

    def with_rows(self) -> pl.DataFrame:
        """Return the findings beside your own columns of the rows they name.

        Your columns stand as the data has them, not masked; one that is called like a column of
        the findings gets the ending `_of_row`.

        Raises:
            UsageError: the audit is closed, its data could not be read as rows, or polars made
                this frame of the findings.
        """
        if self._beside is None:
            raise UsageError(
                "this frame was made of the findings and knows no rows: give it to "
                "audit.with_rows(frame)"
            )
        return self._beside(self)


def beside_rows(findings: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Return findings, in their order, with the user's columns of their rows behind them.

    A column of the user's that is called like one of the findings gets the ending `_of_row`.
    """
    names = pl.DataFrame(
        {
            "file": [file.name for file in dataset.files],
            "split": [file.split for file in dataset.files],
            "__file": pl.Series(range(len(dataset.files)), dtype=pl.UInt32),
        }
    )
    keys = findings.join(names, on=["file", "split"], how="left", maintain_order="left")
    rows = keys.select("__file", pl.col("row").cast(pl.UInt64).alias("__row")).unique()
    batches = [batch.join(rows, on=["__file", "__row"]) for batch in dataset.tables.tables()]
    table = pl.concat(batches).drop("__split")
    taken = {name: f"{name}_of_row" for name in table.columns if name in findings.columns}
    joined = keys.join(
        table.rename(taken),
        left_on=["__file", "row"],
        right_on=["__file", "__row"],
        how="left",
        maintain_order="left",
    )
    return joined.drop("__file")
