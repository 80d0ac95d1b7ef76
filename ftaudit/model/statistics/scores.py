"""Scores on a scale, counted: rounded so that few are distinct, and gathered into tenths."""

from collections.abc import Collection, Mapping
from math import fsum, sqrt
from typing import Final, NamedTuple

import polars as pl

_FIGURES: Final = 3
"""Significant figures of a counted score, which bounds how many are distinct."""
_TENTHS: Final = 10

ScoreCounts = Mapping[float, int]
"""Score → rows."""


class ScoreMean(NamedTuple):
    """The mean of scores, with the variance of that mean."""

    rows: int
    mean: float
    variance: float


def rounded_score(score: pl.Expr) -> pl.Expr:
    """Return scores (Float64) as strings of three significant figures."""
    return score.round_sig_figs(_FIGURES).cast(pl.String)


def score_mean(counts: ScoreCounts) -> ScoreMean:
    """Return the mean of two scores or more; their order does not matter to exact sums."""
    rows = sum(counts.values())
    mean = fsum(score * n for score, n in counts.items()) / rows
    squares = fsum(n * (score - mean) ** 2 for score, n in counts.items())
    return ScoreMean(rows, mean, squares / (rows - 1) / rows)


def equal_means_p_value(first: ScoreMean, second: ScoreMean) -> float:
    """Return the two-sided p-value of equal means (Welch 1938, with the normal distribution)."""
    spread = sqrt(first.variance + second.variance)
    if spread == 0:
        return 1.0 if first.mean == second.mean else 0.0
    from ftaudit.model.statistics.interval import upper_tail

    return 2 * upper_tail(abs(first.mean - second.mean) / spread)


def score_tenths(scores: Collection[float]) -> Mapping[float, str]:
    """Return the tenth of the scale that each score is in, such as `1.4 to 1.8`.

    A scale of ten distinct scores or fewer has a class for each of them.
    """
    distinct = sorted(set(scores))
    if len(distinct) <= _TENTHS:
        return {score: f"{score:g}" for score in distinct}
    least, most = distinct[0], distinct[-1]
    width = (most - least) / _TENTHS
    tenths = {score: min(_TENTHS - 1, int((score - least) / width)) for score in distinct}
    edges = [f"{least + at * width:.3g}" for at in range(_TENTHS + 1)]
    return {score: f"{edges[at]} to {edges[at + 1]}" for score, at in tenths.items()}


def rows_of_tenths(scores: ScoreCounts, tenths: Mapping[float, str]) -> dict[str, int]:
    """Return the rows of each tenth of the scale, in the order of the scale."""
    counts: dict[str, int] = {}
    for score in sorted(scores):
        counts[tenths[score]] = counts.get(tenths[score], 0) + scores[score]
    return counts
