"""The bootstrap, for statistics that have no formula: BCa and percentile intervals.

Rows that look alike are one cell with a count, so that a draw of n rows is one draw of a
multinomial distribution over the cells, whatever n is. Units are rows, or clusters where there
are any; the statistic is a function of weights on the units. Source: Efron 1987, Better
bootstrap confidence intervals.
"""

from collections.abc import Callable
from statistics import NormalDist
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.statistics.interval import CONFIDENCE, Interval

Weights: TypeAlias = npt.NDArray[np.float64]
Values: TypeAlias = npt.NDArray[np.float64]
Statistic: TypeAlias = Callable[[Weights], Values]
"""Weights, draws x units → one value per draw."""

DRAWS: Final = 10_000
SEED: Final = 20_261_101
_CELLS_AT_ONCE: Final = 4_000_000
"""Weights held at once: 32 MB."""


class Bootstrap(Struct, frozen=True, eq=False):
    """A statistic, its resampled values, and its values with one unit left out."""

    estimate: float
    values: Values
    """Ascending."""
    jackknife: Values
    """One value per unit."""
    multiplicities: Weights
    """How many rows (or clusters) each unit stands for."""

    @property
    def standard_error(self) -> float:
        """The standard deviation of the resampled values."""
        return float(self.values.std(ddof=1))

    def percentile(self, confidence: float = CONFIDENCE) -> Interval:
        """Return the plain percentile interval."""
        tail = (1 - confidence) / 2
        lower, upper = np.quantile(self.values, [tail, 1 - tail])
        return Interval(float(lower), float(upper))

    def bias_corrected(self, confidence: float = CONFIDENCE) -> Interval:
        """Return the BCa interval; the percentile interval if all values are on one side."""
        below = float(np.mean(self.values < self.estimate))
        ties = float(np.mean(self.values == self.estimate))
        share = below + ties / 2
        if not 0 < share < 1:
            return self.percentile(confidence)
        normal = NormalDist()
        bias, acceleration = normal.inv_cdf(share), self._acceleration()
        levels = []
        for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
            shifted = bias + normal.inv_cdf(tail)
            levels.append(normal.cdf(bias + shifted / (1 - acceleration * shifted)))
        lower, upper = np.quantile(self.values, levels)
        return Interval(float(lower), float(upper))

    def _acceleration(self) -> float:
        total = self.multiplicities.sum()
        centre = float(self.jackknife @ self.multiplicities / total)
        distance = centre - self.jackknife
        square = float(distance**2 @ self.multiplicities)
        return float(distance**3 @ self.multiplicities) / (6 * square**1.5) if square else 0.0


def bootstrap(
    statistic: Statistic,
    multiplicities: npt.NDArray[np.int64],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Bootstrap:
    """Resample units with replacement, as many as there are.

    Args:
        statistic: vectorised over draws.
        multiplicities: rows (or clusters) that each unit stands for, all positive.
        draws: how many resamples.
        seed: of numpy's PCG64.
    """
    total = int(multiplicities.sum())
    weights = multiplicities.astype(np.float64)
    generator = np.random.default_rng(seed)
    shares = weights / total
    block = max(1, _CELLS_AT_ONCE // len(weights))
    values = [
        statistic(generator.multinomial(total, shares, min(block, draws - start)).astype(float))
        for start in range(0, draws, block)
    ]
    estimate = float(statistic(weights[np.newaxis])[0])
    return Bootstrap(
        estimate, np.sort(np.concatenate(values)), _leave_one_out(statistic, weights), weights
    )


def _leave_one_out(statistic: Statistic, weights: Weights) -> Values:
    """Return the statistic with one of each unit left out."""
    block = max(1, _CELLS_AT_ONCE // len(weights))
    parts = []
    for start in range(0, len(weights), block):
        rows = np.arange(start, min(start + block, len(weights)))
        left = np.repeat(weights[np.newaxis], len(rows), axis=0)
        left[np.arange(len(rows)), rows] -= 1
        parts.append(statistic(left))
    return np.concatenate(parts)
