"""An interval of plausible values, and the normal quantile it is made with."""

from statistics import NormalDist
from typing import Final

from msgspec import Struct

CONFIDENCE: Final = 0.95
"""Two-sided confidence of an interval unless a caller asks for another."""


class Interval(Struct, frozen=True):
    """A confidence interval; both ends belong to it."""

    lower: float
    upper: float

    def around(self, centre: float) -> float:
        """Return the wider distance from `centre` to an end."""
        return max(centre - self.lower, self.upper - centre)


def normal_quantile(confidence: float) -> float:
    """Return z such that a standard normal lies within -z and z with this probability."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def upper_tail(z: float) -> float:
    """Return the probability that a standard normal is at least `z`."""
    return NormalDist().cdf(-z)
