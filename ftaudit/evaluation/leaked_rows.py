"""Which rows of the holdout leak, by the findings that the audit wrote beside its manifest."""

from pathlib import Path
from typing import Final

import polars as pl

from ftaudit.evaluation.holdout import EvaluationHoldout
from ftaudit.model.errors import InputError, IntegrityError

NEAR_ROWS: Final = "leakage.near_rows"
REWORDED_ROWS: Final = "leakage.reworded_rows"
RULES: Final = {
    NEAR_ROWS: ("leakage.exact", "leakage.near"),
    REWORDED_ROWS: ("leakage.reworded",),
}
"""Metric of the manifest → the rules whose findings it counts."""
FINDINGS: Final = "findings.parquet"


def leaked_positions(
    findings: Path, holdout: EvaluationHoldout, metric: str, expected: int | None
) -> pl.Series | None:
    """Return the positions of leaked rows, ascending; None where there are no findings to read.

    Args:
        findings: the file that `scan` wrote.
        holdout: whose rows are asked about.
        metric: one of `RULES`, which says how rows leak.
        expected: the metric as the manifest has it; None where it has none.

    Raises:
        InputError: the file is no findings file.
        IntegrityError: it has other leaked rows than the manifest.
    """
    if not findings.is_file():
        return None
    try:
        table = pl.read_parquet(findings, columns=["rule", "split", "file", "row"])
    except (pl.exceptions.PolarsError, OSError):
        remedy = "Keep the findings.parquet of the audit beside its manifest"
        raise InputError(findings, "cannot be read as findings", remedy=remedy) from None
    rows = table.filter(pl.col("rule").is_in(RULES[metric]) & (pl.col("split") == "holdout"))
    starts = {file.name: holdout.first_row(file.name) for file in holdout.files}
    inside = rows.filter(pl.col("file").is_in(list(starts)))
    start = inside["file"].replace_strict(starts, return_dtype=pl.UInt64)
    positions = (inside["row"] + start).unique().sort().cast(pl.UInt32)
    counted = rows.select("file", "row").unique().height
    if expected is not None and counted != expected:
        message = f"{counted:,} leaked rows, where the manifest counts {expected:,}"
        raise IntegrityError(f"{findings}: {message}: it belongs to another audit")
    return positions
