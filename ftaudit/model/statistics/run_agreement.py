"""Whether a system answers the same item alike when it is asked again.

Source: Krippendorff 2011, Computing Krippendorff's alpha-reliability (nominal data).
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from msgspec import Struct


class RunAgreement(Struct, frozen=True):
    """How alike the answers of repeated runs are."""

    items: int
    """Items with two answers or more."""
    unanimous: float
    """Share of items with one answer, in [0, 1]."""
    pairwise: float
    """Mean share of agreeing pairs of runs over items, in [0, 1]."""
    alpha: float
    """Krippendorff's alpha; falls when one answer dominates, whatever the agreement."""


def run_agreement(answers: Mapping[str, Sequence[Hashable]]) -> RunAgreement | None:
    """Return the agreement over items (id → its answers); None when no item was repeated."""
    repeated = [Counter(runs) for runs in answers.values() if len(runs) > 1]
    if not repeated:
        return None
    items = len(repeated)
    return RunAgreement(
        items=items,
        unanimous=sum(len(counts) == 1 for counts in repeated) / items,
        pairwise=sum(_agreeing(counts) for counts in repeated) / items,
        alpha=_alpha(repeated),
    )


def _agreeing(counts: Counter[Hashable]) -> float:
    runs = counts.total()
    return sum(n * (n - 1) for n in counts.values()) / (runs * (runs - 1))


def _alpha(repeated: Sequence[Counter[Hashable]]) -> float:
    """Return 1 - observed / expected disagreement; 1 where every answer is one."""
    values: Counter[Hashable] = Counter()
    observed = 0.0
    for counts in repeated:
        values += counts
        observed += counts.total() * (1 - _agreeing(counts))
    total = values.total()
    expected = 1 - sum(n * (n - 1) for n in values.values()) / (total * (total - 1))
    return 1 - observed / total / expected if expected else 1.0
