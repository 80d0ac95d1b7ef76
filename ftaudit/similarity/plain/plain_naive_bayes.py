"""Counts of features by label, and the doubt in the label of a row that follows from them."""

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import Hashes

Sizes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Counts = npt.NDArray[np.uint32]


def _rows(hashes: Hashes, sizes: Sizes, last: int, most: int) -> Iterator[list[int]]:
    """Yield the places of the distinct hashes of every row, at most so many, in order."""
    start, values = 0, hashes[: int(sizes.sum())].tolist()
    for size in sizes.tolist():
        distinct = [*dict.fromkeys(values[start : start + size])]
        yield [h & last for h in distinct[:most]]
        start += size


def count_features(  # noqa: PLR0913, PLR0917 - those of the kernel
    hashes: Hashes,
    sizes: Sizes,
    labels: Sizes,
    most: int,
    table: Hashes,  # noqa: ARG001 - scratch
    counts: Counts,
) -> None:
    """Do what `kernels.naive_bayes.count_features` does."""
    rows = [*_rows(hashes, sizes, counts.shape[0] - 1, most)]
    features = np.array([place for row in rows for place in row], np.int64)
    np.add.at(counts, (features, np.repeat(labels, [len(row) for row in rows])), np.uint32(1))


def doubt_rows(  # noqa: PLR0913, PLR0917 - those of the kernel
    hashes: Hashes,
    sizes: Sizes,
    labels: Sizes,
    taught: npt.NDArray[np.bool_],
    table: Hashes,  # noqa: ARG001 - scratch
    places: Sizes,
    counts: Counts,
    totals: Places,
    logs: Floats,
    smoothing: float,
    shared: float,
    own: Sizes,  # noqa: ARG001 - scratch
    scores: Floats,  # noqa: ARG001 - scratch
    norms: Floats,  # noqa: ARG001 - scratch
    doubts: Floats,
) -> None:
    """Do what `kernels.naive_bayes.doubt_rows` does, with the same steps in the same order."""
    spare = smoothing * counts.shape[0]
    usual = np.array([math.log(total + spare) for total in totals.tolist()])
    rows = _rows(hashes, sizes, counts.shape[0] - 1, len(places))
    for t, row in enumerate(rows):
        label, kept = int(labels[t]), len(row)
        evidence = _evidence(row, label if taught[t] else -1, counts, logs, smoothing)
        norms_here = usual
        if taught[t]:
            norms_here = usual.copy()
            norms_here[label] = math.log(int(totals[label]) - kept + spare)
        scale = kept / shared if kept > shared else 1.0
        judged = (evidence - kept * norms_here) / scale
        highest = float(judged.max())
        odds = 0.0
        for score in judged.tolist():
            odds += math.exp(score - highest)
        doubts[t] = 1.0 - math.exp(float(judged[label]) - highest) / odds


def _evidence(row: list[int], label: int, counts: Counts, logs: Floats, smoothing: float) -> Floats:
    """Return the sum of logarithms of every label, added in the order of the features."""
    seen = counts[row].astype(np.int64)
    if label >= 0:
        times = Counter(row)
        seen[:, label] -= [times[place] for place in row]
    known = logs[np.minimum(seen, len(logs) - 1)]
    for place in zip(*np.nonzero(seen >= len(logs)), strict=True):
        known[place] = math.log(int(seen[place]) + smoothing)
    return np.asarray(np.add.accumulate(known, axis=0)[-1] if row else np.zeros(counts.shape[1]))
