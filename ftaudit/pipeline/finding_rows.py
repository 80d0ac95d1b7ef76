"""Findings beside the rows they name."""

import polars as pl

from ftaudit.model.dataset import Dataset


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
