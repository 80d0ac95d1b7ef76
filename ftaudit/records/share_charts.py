"""Charts of the shares that names have in every split."""

from collections.abc import Mapping, Sequence
from typing import Final

from ftaudit.model.check import Chart
from ftaudit.model.dataset import SPLITS, TRAIN
from ftaudit.records.name_tallies import NameCounts

_MOST_CLASSES: Final = 400
"""Classes with a bar of their own."""


def median_length(lengths: Mapping[str, int]) -> str:
    """Return the bucket of the median length, in words."""
    half, seen = (sum(lengths.values()) + 1) // 2, 0
    for name, rows in sorted(lengths.items()):
        seen += rows
        if seen >= half:
            return f"{length_bucket(name)} characters"
    return "unknown"


def length_bucket(name: str) -> str:
    """Return the lengths of a bucket, by the number of bits that they have: `4-7`."""
    bits = int(name)
    low, high = (1 << bits) >> 1, (1 << bits) - 1
    return str(low) if low >= high else f"{low:,}-{high:,}"


def length_chart(title: str, counts: NameCounts) -> Chart:
    """Draw the lengths in buckets that double; there must be a row."""
    seen = [int(name) for names in counts.values() for name in names]
    names = [f"{bits:02}" for bits in range(min(seen), max(seen) + 1)]
    labels, series = shares_by_split(counts, names)
    return Chart(title, tuple(length_bucket(name) for name in labels), series, "%")


def class_chart(counts: NameCounts) -> Chart:
    """Draw the largest classes of training; the others are one bar."""
    train = counts.get(TRAIN, {})
    every = set().union(*counts.values())
    names = sorted(every, key=lambda n: (-train.get(n, 0), n))
    kept, rest = names[:_MOST_CLASSES], names[_MOST_CLASSES:]
    labels, series = shares_by_split(counts, kept)
    if not rest:
        return Chart("Classes", labels, series, "%")
    others = {s: _percent(sum(c.get(n, 0) for n in rest), c) for s, c in counts.items()}
    full = {split: (*values, others[split]) for split, values in series.items()}
    return Chart("Classes", (*labels, f"{len(rest):,} others"), full, "%")


def shares_by_split(
    counts: NameCounts, names: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, tuple[float, ...]]]:
    """Return names, and for every split their shares in percent, in the order of the names."""
    splits = [split for split in SPLITS if split in counts]
    return tuple(names), {
        split: tuple(_percent(counts[split].get(n, 0), counts[split]) for n in names)
        for split in splits
    }


def _percent(rows: int, counts: Mapping[str, int]) -> float:
    return round(100 * rows / max(1, sum(counts.values())), 3)
