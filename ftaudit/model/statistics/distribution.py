"""How even a distribution over names is, and how far one is from another.

Sums are exact to the last bit (`math.fsum`), so that their order does not matter.
"""

from collections.abc import Mapping, Sequence
from math import ceil, fsum, log, log2, sqrt
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from ftaudit.model.statistics.tails import chi_square_tail

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

TestMethod = Literal["auto", "permutation"]

LEAST_EXPECTED: Final = 5
"""Least expected count of a cell of a chi-square test (Cochran 1954, doi:10.2307/3001616)."""
DRAWS: Final = 9_999
"""Draws of a permutation test: the least p-value is one in 10,000."""
_CELLS: Final = 50_000_000
"""Cells drawn at most: with more than 5,000 names there are fewer draws."""
_SEED: Final = 0


class DistributionShift(Struct, frozen=True):
    """How far the shares of new rows are from those of a reference."""

    distance: float
    """Jensen-Shannon distance in bits, in [0, 1] (Lin 1991, doi:10.1109/18.61115)."""
    chance: float
    """The distance that two samples of these sizes have by chance, if drawn from one source."""
    statistic: float
    """Pearson's chi-square over all names, none taken together."""
    p_value: float
    """That both are drawn from one distribution."""
    method: Literal["chi-square", "permutation"]
    """Permutation where a name is expected fewer than 5 times in either sample."""
    names: int
    reference_rows: int
    new_rows: int
    total_variation: float
    """Half the sum of absolute differences of shares, in [0, 1]."""
    widest: str
    """The name that adds most to the distance."""
    widest_shares: tuple[float, float]
    """Its shares in the reference and among the new rows."""

    @property
    def excess(self) -> float:
        """The distance with the chance level taken off: sqrt(max(0, JSD - E[JSD]))."""
        return sqrt(max(0.0, self.distance**2 - self.chance**2))


def evenness(counts: Mapping[str, int]) -> float:
    """Return Pielou's evenness in [0, 1]; 0 for a single class."""
    total = sum(counts.values())
    if len(counts) < 2:
        return 0.0
    entropy = -fsum(n / total * log(n / total) for n in counts.values())
    return entropy / log(len(counts))


def distribution_shift(
    reference: Mapping[str, int], new: Mapping[str, int], *, test: TestMethod = "auto"
) -> DistributionShift:
    """Compare two distributions, each with at least one row, given as name → rows.

    Args:
        reference: what the new rows are compared with.
        new: the new rows.
        test: `permutation` always, or only where chi-square's approximation does not hold.
            Names are never taken together: that can leave nothing to test.
    """
    names = sorted(reference.keys() | new.keys())
    old_counts = [reference.get(name, 0) for name in names]
    new_counts = [new.get(name, 0) for name in names]
    old_rows, new_rows = sum(old_counts), sum(new_counts)
    shares = {
        name: (old / old_rows, count / new_rows)
        for name, old, count in zip(names, old_counts, new_counts, strict=True)
    }
    terms = {name: _divergence(*pair) for name, pair in shares.items()}
    widest = max(names, key=lambda name: terms[name])
    statistic = _chi_square(old_counts, new_counts)
    permuted = test == "permutation" or _sparse(old_counts, new_counts)
    p_value = (
        _permutation_p_value(old_counts, new_counts)
        if permuted
        else chi_square_tail(statistic, len(names) - 1)
        if len(names) > 1
        else 1.0
    )
    return DistributionShift(
        distance=sqrt(min(1.0, max(0.0, fsum(terms.values())))),
        chance=sqrt(chance_divergence(len(names), old_rows, new_rows)),
        statistic=statistic,
        p_value=p_value,
        method="permutation" if permuted else "chi-square",
        names=len(names),
        reference_rows=old_rows,
        new_rows=new_rows,
        total_variation=fsum(abs(p - q) for p, q in shares.values()) / 2,
        widest=widest,
        widest_shares=shares[widest],
    )


def chance_divergence(names: int, reference_rows: int, new_rows: int) -> float:
    """Return the Jensen-Shannon divergence by chance: (K - 1)(1/n + 1/m) / (8 ln 2) bits."""
    return (names - 1) * (1 / reference_rows + 1 / new_rows) / (8 * log(2))


def rows_to_tell(names: int, limit: float) -> int:
    """Return the new rows from which chance alone stays under half a limit of the distance.

    Against a large reference: (K - 1) / (2 ln 2 limit^2), rounded up.
    """
    return ceil((names - 1) / (2 * log(2) * limit**2))


def smirnov_distance(left: Sequence[float], right: Sequence[float]) -> float:
    """Return the greatest difference of two cumulative distributions (Kolmogorov-Smirnov)."""
    import numpy as np

    first, second = np.sort(np.asarray(left)), np.sort(np.asarray(right))
    values = np.concatenate([first, second])
    below = [
        np.searchsorted(sample, values, side="right") / len(sample) for sample in (first, second)
    ]
    return float(np.abs(below[0] - below[1]).max())


def _divergence(p: float, q: float) -> float:
    """Return one name's term of the Jensen-Shannon divergence, in bits."""
    middle = (p + q) / 2
    return fsum(x / 2 * log2(x / middle) for x in (p, q) if x)


def _sparse(old: Sequence[int], new: Sequence[int]) -> bool:
    """Return whether a name is expected too seldom for chi-square's approximation."""
    least = min(sum(old), sum(new)) / (sum(old) + sum(new))
    return any((a + b) * least < LEAST_EXPECTED for a, b in zip(old, new, strict=True))


def _chi_square(old: Sequence[int], new: Sequence[int]) -> float:
    sizes = sum(old), sum(new)
    total = sum(sizes)
    return fsum(
        (count - (a + b) * size / total) ** 2 / ((a + b) * size / total)
        for a, b in zip(old, new, strict=True)
        for count, size in ((a, sizes[0]), (b, sizes[1]))
    )


def _permutation_p_value(old: Sequence[int], new: Sequence[int]) -> float:
    """Return the share of relabellings at least as far apart, the observed one among them.

    With both margins fixed, the new rows are a draw without replacement from all rows, so the
    counts are multivariate hypergeometric.
    """
    import numpy as np

    pooled = np.array(old, np.int64) + np.array(new, np.int64)
    new_rows, total = sum(new), int(pooled.sum())
    draws = max(99, min(DRAWS, _CELLS // len(pooled)))
    expected = pooled * (new_rows / total)
    weights = 1 / expected + 1 / (pooled - expected)

    def statistic(counts: "npt.NDArray[np.int64]") -> "npt.NDArray[np.float64]":
        return np.asarray((counts - expected) ** 2 @ weights)

    generator = np.random.default_rng(_SEED)
    observed = float(statistic(np.array(new, np.int64)))
    block = max(1, 2_000_000 // len(pooled))
    reached = 0
    for start in range(0, draws, block):
        counts = generator.multivariate_hypergeometric(
            pooled, new_rows, size=min(block, draws - start), method="marginals"
        )
        reached += int((statistic(counts) >= observed * (1 - 1e-12)).sum())
    return (1 + reached) / (1 + draws)
