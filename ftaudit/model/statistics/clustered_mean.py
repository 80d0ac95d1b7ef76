"""The mean of differences whose rows come in clusters: customers, documents, classes."""

from math import sqrt

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.statistics.interval import CONFIDENCE, Interval
from ftaudit.model.statistics.tails import student_quantile, student_tail

Differences = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


class ClusteredMean(Struct, frozen=True):
    """A mean, and its standard errors with and without clusters."""

    mean: float
    clusters: int
    uncorrected_error: float
    """Liang and Zeger 1986 (CR0)."""
    standard_error: float
    """The same times sqrt(G / (G - 1)) (CR1); infinite for a single cluster."""
    independent_error: float
    """As if rows were independent, divisor n."""

    @property
    def design_effect(self) -> float:
        """By how much clusters inflate the variance; 1 where there is none to inflate."""
        if self.independent_error == 0:
            return 1.0
        return (self.standard_error / self.independent_error) ** 2

    def interval(self, confidence: float = CONFIDENCE) -> Interval:
        """Return the interval by Student's t with G - 1 degrees of freedom."""
        if self.clusters < 2:
            return Interval(-1.0, 1.0)
        reach = student_quantile(confidence, self.clusters - 1) * self.standard_error
        return Interval(self.mean - reach, self.mean + reach)

    @property
    def p_value(self) -> float:
        """Two-sided, by Student's t with G - 1 degrees of freedom."""
        if self.clusters < 2 or self.standard_error == 0:
            return 1.0
        return student_tail(self.mean / self.standard_error, self.clusters - 1)


def clustered_mean(differences: Differences, codes: Codes) -> ClusteredMean:
    """Return the mean of differences with cluster-robust errors.

    Args:
        differences: one value per row.
        codes: the cluster of each row, numbered from 0.
    """
    rows = len(differences)
    mean = float(differences.mean())
    residuals = differences - mean
    sums = np.bincount(codes, weights=residuals)
    clusters = len(np.unique(codes))
    plain = sqrt(float(sums @ sums)) / rows
    corrected = plain * sqrt(clusters / (clusters - 1)) if clusters > 1 else float("inf")
    independent = sqrt(float(residuals @ residuals)) / rows
    return ClusteredMean(mean, clusters, plain, corrected, independent)
