"""How even a distribution is, and how far one is from another.

Sums are exact to the last bit (`math.fsum`), so that their order does not matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, exp, fsum, lgamma, log, log2, sqrt
from typing import Final

_LEAST_EXPECTED: Final = 5
"""Least expected count of a cell of a chi-square test (Cochran 1954, doi:10.2307/3001616)."""


@dataclass(frozen=True)
class Drift:
    """How far the holdout's distribution is from training's."""

    distance: float
    """Jensen-Shannon distance in bits, in [0, 1] (Lin 1991, doi:10.1109/18.61115)."""
    p_value: float
    """Of Pearson's chi-square test that both are drawn from one distribution."""
    freedom: int
    train: int
    holdout: int
    widest: str
    """The name that adds most to the distance."""
    shares: str
    """Its shares, in words."""

    def note(self, subject: str) -> str:
        """Say how large the drift is and how many rows say so."""
        return (
            f"Drift of {subject}: Jensen-Shannon distance {self.distance:.3f}, chi-square p-value "
            f"{self.p_value:.2g} with {self.freedom} degrees of freedom, over {self.train:,} "
            f"training and {self.holdout:,} holdout rows."
        )


def evenness(counts: Mapping[str, int]) -> float:
    """Return Pielou's evenness in [0, 1]; 0 for a single class."""
    total = sum(counts.values())
    if len(counts) < 2:
        return 0.0
    entropy = -fsum(n / total * log(n / total) for n in counts.values())
    return entropy / log(len(counts))


def drift_of(train: Mapping[str, int], holdout: Mapping[str, int]) -> Drift:
    """Compare two distributions, each with at least one row, given as name → rows."""
    sizes = sum(train.values()), sum(holdout.values())
    names = sorted(train.keys() | holdout.keys())
    terms = {
        n: _divergence(train.get(n, 0) / sizes[0], holdout.get(n, 0) / sizes[1]) for n in names
    }
    distance = sqrt(min(1.0, max(0.0, fsum(terms.values()))))
    cells = _pooled([(train.get(n, 0), holdout.get(n, 0)) for n in names], sizes)
    statistic = fsum(
        (seen - (a + b) * size / sum(sizes)) ** 2 / ((a + b) * size / sum(sizes))
        for a, b in cells
        for seen, size in ((a, sizes[0]), (b, sizes[1]))
    )
    widest = max(names, key=lambda n: terms[n])
    shares = (
        f"{train.get(widest, 0) / sizes[0]:.1%} of training and "
        f"{holdout.get(widest, 0) / sizes[1]:.1%} of the holdout"
    )
    freedom = len(cells) - 1
    return Drift(distance, _tail(statistic, freedom), freedom, *sizes, widest, shares)


def _divergence(p: float, q: float) -> float:
    """Return one class's term of the Jensen-Shannon divergence, in bits."""
    middle = (p + q) / 2
    return fsum(x / 2 * log2(x / middle) for x in (p, q) if x)


def _pooled(cells: Sequence[tuple[int, int]], sizes: tuple[int, int]) -> list[tuple[int, int]]:
    """Take the classes whose expected count is under 5 in either split together."""
    least = min(sizes) / sum(sizes)
    big = [c for c in cells if sum(c) * least >= _LEAST_EXPECTED]
    small = [c for c in cells if sum(c) * least < _LEAST_EXPECTED]
    return big + ([(sum(a for a, _ in small), sum(b for _, b in small))] if small else [])


def _tail(statistic: float, freedom: int) -> float:
    """Return the chance that chi-square with `freedom` degrees is at least `statistic`.

    A finite sum: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5.
    """
    if freedom < 1 or statistic <= 0:
        return 1.0
    half = statistic / 2
    orders = [freedom % 2 / 2 + i for i in range(freedom // 2)]
    terms = [exp(k * log(half) - half - lgamma(k + 1)) for k in orders]
    return min(1.0, fsum([*terms, erfc(sqrt(half)) if freedom % 2 else 0.0]))
