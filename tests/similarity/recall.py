"""How many of the exact join's pairs the MinHash method finds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ftaudit.model.dataset import Dataset
from tests.bench.corpus import Corpus
from tests.similarity.reference import row_pairs
from tests.similarity.rows import relation_of, texts_of

LEAST: Final = 0.7
"""Jaccard similarity from which pairs are counted."""
SURE: Final = 0.8
"""Similarity from which none may be missed."""
REAL: Final = ("banking77", "gsm8k", "roleplay")
MADE_UP: Final = {"chat": 20_000, "short": 100_000}
"""Rows of each made-up corpus: so many that one pair missed is less than a thousandth."""
KINDS: Final = ("char5", "word3")
SEEDS: Final = (1, 2, 3)

Pairs = Mapping[tuple[int, int], float]


class Recall(NamedTuple):
    """What one seed found."""

    missed: Sequence[float]
    """Similarity of each pair of the exact join that was not found, ascending."""
    wrong: int
    """Pairs that the exact join does not have, or with another similarity."""

    def at(self, similarity: float, exact: Pairs) -> float:
        """Return the share found of the pairs at or above a similarity; 1 where there are none."""
        missed = sum(value >= similarity for value in self.missed)
        return 1 - missed / max(1, count(similarity, exact))


def texts(name: str, shared: Path) -> list[str]:
    """Return the training texts of a real data set in `shared`, or those of a made-up corpus."""
    return Corpus(name, 7).chunk(MADE_UP[name], 0) if name in MADE_UP else texts_of(shared, name)


def count(similarity: float, exact: Pairs) -> int:
    """Return how many pairs there are at or above a similarity."""
    return sum(value >= similarity for value in exact.values())


def pairs(given: Dataset, kind: str, **how: object) -> Pairs:
    """Return every pair of rows at or above `LEAST`; no cluster is too large to pair fully."""
    options = {"compare": "text", "threshold": LEAST, "full_cluster": 4_096}
    found = relation_of(given, **options, shingles=kind, **how)  # type: ignore[arg-type] # a test's own words
    assert all(frame["complete"].all() for frame in found.batches())
    return row_pairs(found.batches())


def recall(given: Dataset, kind: str, seed: int, exact: Pairs) -> Recall:
    """Compare what MinHash finds with `exact`, what `pairs` returns with `method="exact"`."""
    found = pairs(given, kind, method="minhash", seed=seed)
    missed = sorted(value for pair, value in exact.items() if pair not in found)
    return Recall(missed, sum(exact.get(pair) != value for pair, value in found.items()))


def expected(exact: Pairs) -> float:
    """Return the share that 20 bands of 4 rows find on average: 1 - (1 - J^4)^20 of each pair."""
    return 1 - sum((1 - value**4) ** 20 for value in exact.values()) / max(1, len(exact))
