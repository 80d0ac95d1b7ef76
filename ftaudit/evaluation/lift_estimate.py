"""How much better one model is than another on the same rows, with its uncertainty."""

from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.statistics.bootstrap import bootstrap
from ftaudit.model.statistics.clustered_mean import clustered_mean
from ftaudit.model.statistics.interval import CONFIDENCE, Interval, normal_quantile
from ftaudit.model.statistics.mcnemar import exact_p_value, mid_p_value
from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.model.statistics.paired_intervals import newcombe, tango
from ftaudit.model.statistics.standing import Standing
from ftaudit.model.statistics.tails import student_tail

Scores = npt.NDArray[np.float64]

MOST_UNITS: Final = 20_000
"""Distinct differences up to which graded scores are resampled; beyond, the formula of the mean
holds as well and costs nothing."""


class LiftEstimate(Struct, frozen=True):
    """The lift of a tuned model over a baseline."""

    pairs: int
    counts: PairedCounts | None
    """For right or wrong scores; None for graded ones."""
    baseline: float
    tuned: float
    interval: Interval
    standard_error: float
    p_value: float
    """Two-sided: McNemar's mid-p, or Student's t for clusters and graded scores."""
    method: str
    """Of the interval: `tango`, `clustered t`, `bootstrap bca` or `paired t`."""
    second_opinion: Interval | None = None
    """Newcombe's interval, for right or wrong scores."""
    exact_p_value: float | None = None
    design_effect: float | None = None
    clusters: int | None = None

    @property
    def difference(self) -> float:
        """The tuned model's mean score minus the baseline's."""
        return self.counts.lift if self.counts is not None else self.tuned - self.baseline

    def standing(self, minimum: float = 0.0) -> Standing:
        """Return whether the lift is at least (and above zero) what is asked for."""
        if self.interval.lower >= minimum and self.interval.lower > 0:
            return Standing.SHOWN
        refuted = self.interval.upper < max(minimum, 0.0) or self.interval.upper <= 0
        return Standing.REFUTED if refuted else Standing.NOT_SHOWN


def fourfold(baseline: Scores, tuned: Scores) -> PairedCounts:
    """Return the fourfold table of scores that are all 0 or 1."""
    both = int(np.count_nonzero((baseline == 1) & (tuned == 1)))
    fixed = int(np.count_nonzero((baseline == 0) & (tuned == 1)))
    broken = int(np.count_nonzero((baseline == 1) & (tuned == 0)))
    return PairedCounts(both, fixed, broken, len(baseline) - both - fixed - broken)


def is_binary(scores: Scores) -> bool:
    """Return whether every score is 0 or 1."""
    return bool(np.isin(scores, (0.0, 1.0)).all())


def estimate_lift(
    baseline: Scores,
    tuned: Scores,
    clusters: pl.Series | None = None,
    confidence: float = CONFIDENCE,
) -> LiftEstimate:
    """Compare scores of the same rows.

    Args:
        baseline: one score per row.
        tuned: likewise, in the same order.
        clusters: what rows belong together by; null is a cluster of its own kind.
        confidence: two-sided.
    """
    binary = is_binary(baseline) and is_binary(tuned)
    counts = fourfold(baseline, tuned) if binary else None
    if clusters is not None and len(baseline):
        return _clustered(baseline, tuned, clusters, counts, confidence)
    if counts is not None:
        return of_counts(counts, confidence)
    return _graded(baseline, tuned, confidence)


def of_counts(counts: PairedCounts, confidence: float = CONFIDENCE) -> LiftEstimate:
    """Return the lift of right or wrong scores."""
    return LiftEstimate(
        pairs=counts.pairs,
        counts=counts,
        baseline=counts.baseline,
        tuned=counts.tuned,
        interval=tango(counts, confidence),
        standard_error=counts.standard_error,
        p_value=mid_p_value(counts),
        method="tango",
        second_opinion=newcombe(counts, confidence),
        exact_p_value=exact_p_value(counts),
    )


def _clustered(
    baseline: Scores,
    tuned: Scores,
    clusters: pl.Series,
    counts: PairedCounts | None,
    confidence: float,
) -> LiftEstimate:
    codes = clusters.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
    mean = clustered_mean(tuned - baseline, codes)
    return LiftEstimate(
        pairs=len(baseline),
        counts=counts,
        baseline=float(baseline.mean()),
        tuned=float(tuned.mean()),
        interval=mean.interval(confidence),
        standard_error=mean.standard_error,
        p_value=mean.p_value,
        method="clustered t",
        second_opinion=tango(counts, confidence) if counts is not None else None,
        exact_p_value=exact_p_value(counts) if counts is not None else None,
        design_effect=mean.design_effect,
        clusters=mean.clusters,
    )


def _graded(baseline: Scores, tuned: Scores, confidence: float) -> LiftEstimate:
    """Resample the differences, or take the normal interval where there are very many."""
    differences = tuned - baseline
    rows = len(differences)
    if rows < 2:
        return LiftEstimate(rows, None, 0.0, 0.0, Interval(-1.0, 1.0), 0.0, 1.0, "paired t")
    error = float(differences.std(ddof=1)) / sqrt(rows)
    values, multiplicities = np.unique(differences, return_counts=True)
    mean = float(differences.mean())
    if len(values) <= MOST_UNITS:
        drawn = bootstrap(lambda weights: weights @ values / weights.sum(axis=1), multiplicities)
        interval, method = drawn.bias_corrected(confidence), "bootstrap bca"
    else:
        reach = normal_quantile(confidence) * error
        interval, method = Interval(mean - reach, mean + reach), "paired t"
    return LiftEstimate(
        pairs=rows,
        counts=None,
        baseline=float(baseline.mean()),
        tuned=float(tuned.mean()),
        interval=interval,
        standard_error=error,
        p_value=student_tail(mean / error, rows - 1) if error else float(mean == 0),
        method=method,
    )
