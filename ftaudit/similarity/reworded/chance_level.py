"""Which likeness is chance in a corpus: the threshold of rewording, set from the data itself.

Of some training rows the likeness to the most similar other training row is measured. What stands
clear of that counts as reworded: more than 2.1 standard deviations above the median, both
estimated robustly (median absolute deviation), so that rewordings among them decide nothing. Where
most rows are alike, as in texts made from templates and in short questions of one topic, nothing
stands clear: two rows say different things in the same words.
"""

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.similarity.reworded.best_matches import LeastLikeness


class Deviations(NamedTuple):
    """Standard deviations above the median from which a pair counts."""

    words: float
    """Where neither row has two numbers."""
    numbers: float
    """Where one of them has."""


DEVIATIONS: Final = Deviations(2.1, 2.1)
"""Chosen on gsm8k and MMLU sociology (docs/benchmarks-rewordings.md)."""
WITH_VECTORS: Final = Deviations(2.95, 3.4)
"""The same where vectors are compared, too, which vary less than words. Chosen on the same data."""
FLOORS: Final = LeastLikeness(0.33, 0.43)
"""Likeness below which nothing counts, however unlike the rows of a corpus are."""
FEW: Final = 30
"""Rows of a kind below which the data cannot tell what chance is."""
OF_FEW: Final = 0.6
"""The least threshold where there are so few."""
DEVIATIONS_OF_FEW: Final = 3.0
"""Standard deviations above the median of all rows, where there are few of the kind."""
ALIKE: Final = 0.5
"""Median from which most rows are so alike that rewordings cannot be told."""
_SIGMA: Final = 1.4826
"""Standard deviation of a normal distribution by its median absolute deviation."""


class ChanceLevel(Struct, frozen=True):
    """The threshold of a corpus, and what it rests on."""

    least: LeastLikeness
    compared: Mapping[str, int]
    """Rows whose best match was measured: `words`, those without two numbers, and `numbers`."""
    usual: Mapping[str, float]
    """The median of their likeness."""

    def untold(self, numbered: npt.NDArray[np.bool_]) -> int:
        """Return of how many rows rewordings cannot be told: no likeness stands clear of chance.

        `numbered` says which of them have two numbers or more.
        """
        words = int((~numbered).sum()) if self.least.words >= 1 else 0
        return words + (int(numbered.sum()) if self.least.numbers >= 1 else 0)

    @property
    def configuration(self) -> dict[str, object]:
        """Everything that a manifest records of it."""
        return {
            "threshold": {"words": self.least.words, "numbers": self.least.numbers},
            "usual": dict(self.usual),
            "compared": dict(self.compared),
        }


def chance_level(
    likeness: npt.NDArray[np.float64],
    halved: npt.NDArray[np.float64],
    numbered: npt.NDArray[np.bool_],
    growth: float,
    deviations: Deviations = DEVIATIONS,
) -> ChanceLevel:
    """Return the threshold of a corpus.

    Args:
        likeness: of some rows to the most similar other row of the sample.
        halved: the same in one half of the sample.
        numbered: whether each row has two numbers or more.
        growth: rows of the corpus by rows of the sample. The best of more rows is better by chance:
            the median is raised, for every doubling, by what doubling the half raised it.
        deviations: what stands clear.
    """
    kinds = {"words": ~numbered, "numbers": numbered}
    usual = {kind: _median(likeness[rows]) for kind, rows in kinds.items()}
    least = {
        kind: _least(likeness, halved, rows, growth, getattr(deviations, kind))
        for kind, rows in kinds.items()
    }
    floored = {kind: max(getattr(FLOORS, kind), value) for kind, value in least.items()}
    return ChanceLevel(
        LeastLikeness(floored["words"], floored["numbers"]),
        {kind: int(rows.sum()) for kind, rows in kinds.items()},
        {kind: round(value, 6) for kind, value in usual.items()},
    )


def _least(
    likeness: npt.NDArray[np.float64],
    halved: npt.NDArray[np.float64],
    rows: npt.NDArray[np.bool_],
    growth: float,
    deviations: float,
) -> float:
    """Return the threshold of the rows of one kind, or of all where there are few of the kind."""
    few = int(rows.sum()) < FEW
    of_kind = likeness if few else likeness[rows]
    usual = _median(of_kind)
    spread = _SIGMA * _median(np.abs(of_kind - usual))
    doubling = max(0.0, usual - _median(halved if few else halved[rows]))
    if usual >= ALIKE:
        return 1.0
    level = usual + doubling * math.log2(max(1.0, growth))
    level += (max(DEVIATIONS_OF_FEW, deviations) if few else deviations) * spread
    return round(max(OF_FEW, level) if few else level, 6)


def _median(values: npt.NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else 0.0
