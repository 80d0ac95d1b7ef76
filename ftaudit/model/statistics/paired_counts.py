"""Two systems right or wrong on the same rows: the fourfold table and what follows of it."""

from math import sqrt

from msgspec import Struct


class PairedCounts(Struct, frozen=True):
    """How many rows both, one or none of two systems has right."""

    both: int
    fixed: int
    """Only the tuned system is right (b)."""
    broken: int
    """Only the baseline is right (c)."""
    neither: int

    @property
    def pairs(self) -> int:
        """Rows compared (n)."""
        return self.both + self.fixed + self.broken + self.neither

    @property
    def discordant(self) -> int:
        """Rows of which exactly one system is right."""
        return self.fixed + self.broken

    @property
    def baseline(self) -> float:
        """The baseline's share of right rows, in [0, 1]."""
        return (self.both + self.broken) / self.pairs if self.pairs else 0.0

    @property
    def tuned(self) -> float:
        """The tuned system's share of right rows, in [0, 1]."""
        return (self.both + self.fixed) / self.pairs if self.pairs else 0.0

    @property
    def lift(self) -> float:
        """The tuned system's share minus the baseline's, in [-1, 1]."""
        return (self.fixed - self.broken) / self.pairs if self.pairs else 0.0

    @property
    def discordance(self) -> float:
        """The share of discordant rows, in [0, 1]."""
        return self.discordant / self.pairs if self.pairs else 0.0

    @property
    def standard_error(self) -> float:
        """Of the lift: sqrt((b + c) - (b - c)^2 / n) / n (Miller 2024, arXiv:2411.00640)."""
        n = self.pairs
        spread = self.discordant - (self.fixed - self.broken) ** 2 / n if n else 0.0
        return sqrt(max(0.0, spread)) / n if n else 0.0

    @property
    def unpaired_error(self) -> float:
        """Of the lift, had the systems answered different rows: what pairing saves."""
        p, q = self.baseline, self.tuned
        return sqrt((p * (1 - p) + q * (1 - q)) / self.pairs) if self.pairs else 0.0
