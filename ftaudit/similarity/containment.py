"""Holdout texts that stand inside longer training texts.

A text is compared by its three-word shingles (of scripts without spaces: three characters). It is
*contained* in a training text that has at least 90 % of its distinct shingles and more shingles
than it (containment: Broder 1997, "On the resemblance and containment of documents"). Texts of
fewer than eight distinct shingles, ten words, are not looked for: greetings stand everywhere.
Rows that are near-identical to a training row are not looked for either.

One pass over the training data counts the shingles of the holdout: texts with too many shingles
that occur nowhere are out, and that is nearly all. Of the others, so many of the rarest shingles
are indexed that a training text that contains the text must have one of them; a second pass looks
those up and verifies. Nothing is missed, nothing false is reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.similarity.buffers import views
from ftaudit.similarity.compiled import load_kernels
from ftaudit.similarity.membership import Membership
from ftaudit.similarity.shingling import shingle
from ftaudit.similarity.source import ready
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.task import Task

SHARE: Final = 0.9
"""Share of a text's shingles that must stand in the other."""
LEAST_SHINGLES: Final = 8
"""Distinct shingles below which a text is not looked for."""
AT_ONCE: Final = 1 << 23
"""Shingles of the holdout looked for at once; more take further passes over the training data."""

CONTAINED: Final = pl.Schema({"row": pl.Int64, "host": pl.Int64, "share": pl.Float64})
"""A holdout row, the training row that has most of it (the first of several), and how much."""


@dataclass(frozen=True, eq=False)
class _Sought:
    """Texts to look for: set `i` is `values[starts[i] : starts[i] + counts[i]]`."""

    rows: npt.NDArray[np.int64]
    values: Hashes
    counts: npt.NDArray[np.int32]

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        return np.asarray(np.cumsum(self.counts, dtype=np.int64) - self.counts)

    @property
    def least(self) -> npt.NDArray[np.int64]:
        """How many of its shingles a text must have to contain each."""
        return np.asarray(np.ceil(SHARE * self.counts - 1e-9), np.int64)

    def some(self, which: npt.NDArray[np.bool_]) -> "_Sought":
        kept = self.values[np.repeat(which, self.counts)]
        return _Sought(self.rows[which], kept, self.counts[which])


def find_contained(task: Task, found: Membership) -> pl.DataFrame:
    """Return `CONTAINED`, ascending: every holdout row that a longer training row contains."""
    holdout, train = (task.source.numbering.of_split(split) for split in (HOLDOUT, TRAIN))
    if not holdout or not train:
        return CONTAINED.to_frame()
    load_kernels(task.progress, "shingles", "walking", "containing")
    near = _near(found, holdout, train)
    parts = [_search(task, sought, train) for sought in _sought(task, holdout, near)]
    return pl.concat([CONTAINED.to_frame(), *parts]).sort("row")


def _inside(rows: npt.NDArray[np.uint32], ranges: list[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(rows), np.bool_)
    for low, high in ranges:
        inside |= (rows >= low) & (rows < high)
    return inside


def _near(
    found: Membership, holdout: list[tuple[int, int]], train: list[tuple[int, int]]
) -> npt.NDArray[np.int64]:
    """Return the holdout rows with a near-identical training row, ascending."""
    taught = np.zeros(int(found.nodes.max()) + 1 if len(found.nodes) else 0, np.bool_)
    taught[found.nodes[_inside(found.rows, train)]] = True
    near = taught.copy()
    near[found.left] |= taught[found.right]
    near[found.right] |= taught[found.left]
    rows = found.rows[_inside(found.rows, holdout) & near[found.nodes]]
    return np.sort(rows).astype(np.int64)


def _sought(
    task: Task, holdout: list[tuple[int, int]], near: npt.NDArray[np.int64]
) -> Iterator[_Sought]:
    """Yield the holdout texts to look for, so many at once that memory is bounded."""
    parts: list[_Sought] = []
    for rows, hashes, counts in _sets(task, holdout):
        wanted = (counts >= LEAST_SHINGLES) & ~np.isin(rows, near, assume_unique=True)
        parts.append(_Sought(rows, hashes, counts).some(wanted))
        if sum(len(part.values) for part in parts) >= AT_ONCE:
            yield _joined(parts)
            parts = []
    if any(len(part.rows) for part in parts):
        yield _joined(parts)


def _joined(parts: list[_Sought]) -> _Sought:
    return _Sought(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.counts for part in parts]),
    )


def _sets(
    task: Task, ranges: list[tuple[int, int]]
) -> Iterator[tuple[npt.NDArray[np.int64], Hashes, npt.NDArray[np.int32]]]:
    """Yield rows of the given ranges, their distinct shingles, and how many each has."""
    from ftaudit.similarity.kernels.shingles import keep_distinct

    def one(
        first: int, hashes: Hashes, counts: npt.NDArray[np.int32]
    ) -> tuple[int, Hashes, npt.NDArray[np.int32]]:
        kept = hashes[: keep_distinct(hashes, counts)].copy()
        return first, kept, counts.copy()

    for rows, texts in _texts(task, ranges):
        for first, hashes, counts in shingle(task.workers, "word3", views(texts), one):
            yield rows[first : first + len(counts)], hashes, counts


def _texts(
    task: Task, ranges: list[tuple[int, int]]
) -> Iterator[tuple[npt.NDArray[np.int64], pl.Series]]:
    """Yield the texts of rows in the given ranges, with their numbers."""
    for piece in task.workers.through(task.source.texts(), ready):
        start = piece.first
        for low, high in ranges:
            first, end = max(low, start), min(high, start + len(piece))
            if first < end:
                yield np.arange(first, end), piece.texts[first - start : end - start]


def _search(task: Task, sought: _Sought, train: list[tuple[int, int]]) -> pl.DataFrame:
    """Return where the sought texts stand."""
    known = _Known(np.unique(sought.values))
    _count(task, known, train)
    places = np.searchsorted(known.values, sought.values)
    there = known.often[places] > 0
    owner = np.repeat(np.arange(len(sought.rows)), sought.counts)
    present = np.bincount(owner[there], minlength=len(sought.rows))
    maybe = present >= sought.least
    if not maybe.any():
        return CONTAINED.to_frame()
    sought = sought.some(maybe)
    common, host = np.zeros(len(sought.rows), np.int64), np.zeros(len(sought.rows), np.int64)
    _verify(task, known, sought, train, (common, host))
    result = pl.DataFrame(
        {"row": sought.rows, "host": host, "share": common / sought.counts}, schema=CONTAINED
    )
    return result.filter(pl.Series(common > 0))


class _Known:
    """Distinct shingles, to look up; and how often each occurs in the training data."""

    def __init__(self, values: Hashes) -> None:
        from ftaudit.similarity.kernels.containing import place

        size = 1 << (2 * len(values)).bit_length()
        self.values = values
        self.table, self.slots = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
        self.often = np.zeros(len(values), np.int64)
        place(values, self.table, self.slots)


def _count(task: Task, known: _Known, train: list[tuple[int, int]]) -> None:
    from ftaudit.similarity.kernels.containing import count_known

    lock = Lock()

    def one(_: int, hashes: Hashes, __: npt.NDArray[np.int32]) -> None:
        with lock:
            count_known(hashes, known.table, known.slots, known.often)

    with task.progress.stage("looking for contained texts", task.rows) as advance:
        for rows, texts in _texts(task, train):
            shingle(task.workers, "word3", views(texts), one)
            advance(len(rows))


def _verify(
    task: Task,
    known: _Known,
    sought: _Sought,
    train: list[tuple[int, int]],
    best: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
) -> None:
    """Fill `best`, the overlap and the row, for every sought text that stands in a row."""
    from ftaudit.similarity.kernels.containing import find_hosts

    posted = _posted(known, sought)
    stored = (sought.values, sought.starts, sought.counts, sought.least)
    with task.progress.stage("verifying contained texts", task.rows) as advance:
        for rows, hashes, counts in _sets(task, train):
            find_hosts(hashes, counts, rows, known.table, known.slots, *posted, *stored, *best)
            advance(len(rows))


def _posted(known: _Known, sought: _Sought) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return for each known shingle the texts it is among the rarest of."""
    places = np.searchsorted(known.values, sought.values)
    owner = np.repeat(np.arange(len(sought.rows), dtype=np.int32), sought.counts)
    often = known.often[places]
    order = np.lexsort((places, often, owner))
    order = order[often[order] > 0]
    present = np.bincount(owner[order], minlength=len(sought.rows))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(present) - present, present)
    chosen = order[rank <= np.repeat(present - sought.least, present)]
    chosen = chosen[np.lexsort((owner[chosen], places[chosen]))]
    bounds = np.searchsorted(places[chosen], np.arange(len(known.values) + 1)).astype(np.int64)
    return bounds, owner[chosen]
