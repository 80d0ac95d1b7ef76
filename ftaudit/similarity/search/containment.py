"""Holdout texts that stand inside longer training texts.

A text is compared by its three-word shingles (of scripts without spaces: three characters). It is
*contained* in a training text that has at least 90 % of its distinct shingles and more shingles
than it (containment: Broder 1997, "On the resemblance and containment of documents"). Texts of
fewer than eight distinct shingles, ten words, are not looked for: greetings occur everywhere.
Rows that are near-identical to a training row are not looked for either. Of a conversation, and of
a prompt with examples, the question at its end is looked for (`asked_parts`): training may have it
behind another system prompt, or alone. Answers are searched for questions without the instructions
before them and the options behind them, too.

One pass over the training data counts the shingles of the holdout texts. A text of which more than
a tenth of the shingles occur nowhere is contained nowhere; that rules out nearly all. Of the others
as many of the rarest shingles are indexed as a training text that contains the text cannot all
lack (the prefix filter of `exact_join`); a second pass looks those up and verifies. No contained
text is missed, and none is reported that is not contained.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import ClassVar, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.runtime.sorted_values import distinct_values
from ftaudit.similarity.runtime.threads import ALONE
from ftaudit.similarity.search.holdout_shingles import HoldoutShingles
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.asked_parts import asked_parts, asked_stems
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_source import (
    NumberedTexts,
    Ranges,
    TextReading,
    TextSlice,
    TextSource,
    prepare,
)

SHARE: Final = 0.9
"""Share of the shingles of a text that the other must have."""
LEAST_SHINGLES: Final = 8
"""Distinct shingles below which a text is not looked for."""
AT_ONCE: Final = 1 << 23
"""Shingles of the holdout looked for at once; more take further passes over the training data."""

CONTAINED: Final = pl.Schema({"row": pl.Int64, "host": pl.Int64, "share": pl.Float64})
"""A holdout row, the training row that has most of its shingles (the first of several), and the
share of them it has."""


PossibleTexts: TypeAlias = Callable[[Hashes, npt.NDArray[np.int32]], npt.NDArray[np.bool_]]
"""Returns for shingle sets, one after another, with their sizes, which may be in another text."""
_RowSets: TypeAlias = tuple[npt.NDArray[np.int64], Hashes, npt.NDArray[np.int32]]


class _SoughtTexts(Struct, frozen=True, eq=False):
    """Texts to look for: set `i` is `values[starts[i] : starts[i] + counts[i]]`."""

    rows: npt.NDArray[np.int64]
    values: Hashes
    counts: npt.NDArray[np.int32]

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        return np.asarray(np.cumsum(self.counts, dtype=np.int64) - self.counts)

    @property
    def least(self) -> npt.NDArray[np.int64]:
        """How many shingles of each text another must have to contain it."""
        return np.asarray(np.ceil(SHARE * self.counts - 1e-9), np.int64)

    def only(self, kept: npt.NDArray[np.bool_]) -> "_SoughtTexts":
        values = self.values[np.repeat(kept, self.counts)]
        return _SoughtTexts(self.rows[kept], values, self.counts[kept])


def find_contained(
    task: SearchTask, near: npt.NDArray[np.int64], hosts: TextSource | None = None
) -> pl.DataFrame:
    """Return `CONTAINED`, ascending: every holdout row that a longer training row contains.

    Rows in `near` (ascending), which are near-identical to a training row, are left out. With
    `hosts`, another column of the same rows, the texts of that column are searched instead, also
    those that are no longer than the holdout text.
    """
    holdout, train = (task.source.numbering.of_split(split) for split in (HOLDOUT, TRAIN))
    if not holdout or not train:
        return CONTAINED.to_frame()
    load_kernels(task.progress, "shingle_rows", "bucket_walk", "host_search")
    asked = _HeldTexts(partial(asked_texts, task, holdout, near))
    asked_rows = [questions.rows for questions in asked]
    others = np.union1d(near, np.concatenate([np.empty(0, np.int64), *asked_rows]))
    whole = sought_texts(task, holdout, others)
    searches: Iterable[tuple[_HostSearch, _SoughtTexts]]
    if hosts is not None:
        search = _HostSearch(task, hosts, train, 0)
        stems = _stem_texts(task, holdout, near)
        searches = ((search, sought) for sought in _merged(chain(whole, asked, stems)))
    else:  # a question may stand in a text that is no longer than it
        longer, any_size = (_HostSearch(task, task.source, train, more) for more in (1, 0))
        searches = chain(((longer, sought) for sought in whole), ((any_size, s) for s in asked))
    parts = [search.run(sought) for search, sought in searches]
    return pl.concat([CONTAINED.to_frame(), *parts]).sort("row")


class _HeldTexts:
    """Texts to look for that are read once if `AT_ONCE` shingles hold them, else each time."""

    def __init__(self, read: Callable[[], Iterator[_SoughtTexts]]) -> None:
        self._read = read
        self._held = list(islice(read(), 2))

    def __iter__(self) -> Iterator[_SoughtTexts]:
        return iter(self._held) if len(self._held) < 2 else self._read()


def asked_texts(
    task: SearchTask,
    holdout: list[tuple[int, int]],
    near: npt.NDArray[np.int64],
    possible: PossibleTexts | None = None,
) -> Iterator[_SoughtTexts]:
    """Yield the questions that holdout texts ask behind something else, as `sought_texts` does."""
    if task.options.compare == "input":
        read = task.source.over(_AskedSets(holdout), holdout, task.workers)
        yield from _merged(_long_texts(chain.from_iterable(read), near, possible))


def _stem_texts(
    task: SearchTask, holdout: list[tuple[int, int]], near: npt.NDArray[np.int64]
) -> Iterator[_SoughtTexts]:
    """Yield the questions of the holdout without instructions and options, as `sought_texts`."""
    if task.options.compare == "input":
        read = task.source.over(_AskedSets(holdout, asked_stems), holdout, task.workers)
        yield from _merged(_long_texts(chain.from_iterable(read), near, None))


def sought_texts(
    task: SearchTask,
    holdout: list[tuple[int, int]],
    near: npt.NDArray[np.int64],
    possible: PossibleTexts | None = None,
) -> Iterator[_SoughtTexts]:
    """Yield the holdout texts to look for, about `AT_ONCE` shingles at a time.

    `possible` rules out texts by their shingles and how many each has.
    """
    read = task.source.over(_RangeSets(holdout), holdout, task.workers)
    yield from _merged(_long_texts(chain.from_iterable(read), near, possible))


def _long_texts(
    sets: "Iterable[_RowSets]",
    near: npt.NDArray[np.int64],
    possible: PossibleTexts | None,
) -> Iterator[_SoughtTexts]:
    """Yield those texts of sets that are long enough, not `near`, and possible."""
    for rows, hashes, counts in sets:
        long = (counts >= LEAST_SHINGLES) & ~np.isin(rows, near, assume_unique=True)
        if possible is not None:
            long &= possible(hashes, counts)
        yield _SoughtTexts(rows, hashes, counts).only(long)


def _merged(every: Iterable[_SoughtTexts]) -> Iterator[_SoughtTexts]:
    """Yield the same texts, about `AT_ONCE` shingles at a time."""
    parts: list[_SoughtTexts] = []
    for sought in every:
        parts.append(sought)
        if sum(len(part.values) for part in parts) >= AT_ONCE:
            yield _joined(parts)
            parts = []
    if any(len(part.rows) for part in parts):
        yield _joined(parts)


def _joined(parts: list[_SoughtTexts]) -> _SoughtTexts:
    return _SoughtTexts(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.counts for part in parts]),
    )


class _RangeSets(Struct, frozen=True, eq=False):
    """Reads the shingle sets of the rows in ranges; see `_sets`."""

    ranges: Ranges
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows",)

    def __call__(self, reading: TextReading, /) -> "Iterator[_RowSets]":
        return _sets(reading, self.ranges)


class _AskedSets(Struct, frozen=True, eq=False):
    """Reads the shingle sets of what the rows in ranges ask; see `asked_parts`."""

    ranges: Ranges
    parts: Callable[[pl.Series], pl.DataFrame] = asked_parts
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows",)

    def __call__(self, reading: TextReading, /) -> "Iterator[_RowSets]":
        """Yield the sets of the rows that say something besides what they ask."""
        for first, texts in reading.source.raw(self.ranges):
            asked = self.parts(texts)
            if asked.is_empty():
                continue
            rows = first + asked["place"].to_numpy().astype(np.int64)
            questions = TextSlice(0, asked["asked"], reading.source.boilerplate)
            for low, hashes, counts in shingle(ALONE, "word3", questions.column, _kept_sets):
                yield rows[low : low + len(counts)], hashes, counts


def _kept_sets(
    first: int, hashes: Hashes, counts: npt.NDArray[np.int32]
) -> tuple[int, Hashes, npt.NDArray[np.int32]]:
    """Return the number of the first row, and the distinct shingles of each."""
    kept = hashes[: kernels("shingle_rows").keep_distinct(hashes, counts)].copy()
    return first, kept, counts.copy()


def _sets(reading: TextReading, ranges: Ranges) -> Iterator[_RowSets]:
    """Yield the rows in `ranges`, their distinct shingles, and how many each row has."""

    def sets_of(texts: TextSlice) -> list[_RowSets]:
        return [
            (rows[first : first + len(counts)], hashes, counts)
            for rows, column in in_ranges(texts, ranges)
            for first, hashes, counts in shingle(ALONE, "word3", views(column), _kept_sets)
        ]

    for parts in reading.workers.through(reading.source.within(ranges), sets_of):
        yield from parts


def texts_in(reading: TextReading, ranges: Ranges) -> Iterator[NumberedTexts]:
    """Yield the texts of the rows in `ranges`, with their numbers."""
    for texts in reading.workers.through(reading.source.within(ranges), prepare):
        yield from in_ranges(texts, ranges)


def in_ranges(texts: TextSlice, ranges: Ranges) -> Iterator[NumberedTexts]:
    """Yield the texts of a slice that are in `ranges`, prepared, with their numbers."""
    start = texts.first
    for low, high in ranges:
        first, end = max(low, start), min(high, start + len(texts))
        if first < end:
            yield np.arange(first, end), texts.texts[first - start : end - start]


def join_contained(task: SearchTask, hosts: TextSource | None = None) -> pl.DataFrame:
    """Return `CONTAINED` pairs that join every row with all others whose text contains its text.

    Of all splits together. Rows that a chain of pairs joins already are not paired again, so
    there are fewer pairs than rows; the share is the least that a pair has. `hosts` as in
    `find_contained`.
    """
    load_kernels(task.progress, "shingle_rows", "bucket_walk", "host_search")
    everywhere = [(0, task.source.numbering.rows)]
    search, any_size = (
        _HostSearch(task, hosts or task.source, everywhere, more)
        for more in (int(hosts is None), 0)
    )
    forest = _JoinedRows(task.source.numbering.rows)
    seen = _SeenShingles(task.profile.shingles)
    for _, hashes, _ in _sets(TextReading(search.hosts, task.workers), everywhere):
        seen.add(hashes)
    if seen.any:
        enough, nothing = seen.repeated_enough, np.empty(0, np.int64)
        if hosts is not None:
            enough = seen.seen_enough
        for sought in sought_texts(task, everywhere, nothing, enough):
            search.join(sought, forest)
        for sought in asked_texts(task, everywhere, nothing, enough):
            any_size.join(sought, forest)
    pairs = forest.pairs[: forest.end]
    shares = np.full(forest.end, SHARE)
    columns = {"row": pairs[:, 0], "host": pairs[:, 1], "share": shares}
    return pl.DataFrame(columns, schema=CONTAINED).sort("row", "host")


class _SeenShingles:
    """Which shingles were seen once, and which again, by the low bits of their hashes.

    Shingles that share those bits are taken for one, so that texts may pass which are contained
    nowhere, and none that is contained fails.
    """

    def __init__(self, shingles: int) -> None:
        size = 1 << min(27, max(16, (4 * shingles).bit_length()))
        self._mask = np.uint64(size - 1)
        self._once, self._again = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        self.any = False

    def add(self, hashes: Hashes) -> None:
        """Note the distinct shingles of some rows, one row after another."""
        slots = np.sort(self._slots(hashes))
        self._again[slots[self._once[slots]]] = True
        self._again[slots[1:][slots[1:] == slots[:-1]]] = True
        self._once[slots] = True
        self.any |= len(slots) > 0

    def repeated_enough(
        self, hashes: Hashes, counts: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.bool_]:
        """Return for each row whether another may have enough of its shingles to contain it."""
        return self._enough(self._again[self._slots(hashes)], counts)

    def seen_enough(self, hashes: Hashes, counts: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """Return for each row whether enough of its shingles were seen at all."""
        return self._enough(self._once[self._slots(hashes)], counts)

    def _slots(self, hashes: Hashes) -> npt.NDArray[np.int64]:
        return (hashes & self._mask).astype(np.int64)

    @staticmethod
    def _enough(
        present: npt.NDArray[np.bool_], counts: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.bool_]:
        ends = np.cumsum(counts, dtype=np.int64)
        before = np.append(0, np.cumsum(present))
        return np.asarray(before[ends] - before[ends - counts] >= SHARE * counts - 1e-9)


class _JoinedRows:
    """Rows that are joined, as a forest, and the pairs that joined them."""

    def __init__(self, rows: int) -> None:
        self.roots = np.arange(rows)
        self.pairs = np.empty((max(0, rows - 1), 2), np.int64)
        self.end = 0


class _HostSearch(Struct, frozen=True):
    """The search of texts in training texts: two passes over the column of the hosts."""

    task: SearchTask
    hosts: TextSource
    train: list[tuple[int, int]]
    more: int
    """How many shingles more than the text its host must have."""

    def run(self, sought: _SoughtTexts) -> pl.DataFrame:
        """Return `CONTAINED` of the sought texts."""
        shingles = HoldoutShingles(distinct_values(sought.values))
        self._count(shingles)
        sought = self._possible(shingles, sought)
        if not len(sought.rows):
            return CONTAINED.to_frame()
        common, host = self._verify(shingles, sought)
        result = pl.DataFrame(
            {"row": sought.rows, "host": host, "share": common / sought.counts}, schema=CONTAINED
        )
        return result.filter(pl.Series(common > 0))

    def join(self, sought: _SoughtTexts, forest: _JoinedRows) -> None:
        """Join the sought texts with all rows that contain them."""
        host_search = kernels("host_search")

        shingles = HoldoutShingles(distinct_values(sought.values))
        self._count(shingles)
        if self.hosts is self.task.source:  # every text is among the hosts itself
            shingles.frequency = np.maximum(shingles.frequency - 1, 0)
        sought = self._possible(shingles, sought)
        table, posted = (shingles.table, shingles.slots), _posted(shingles, sought)
        stored = (sought.values, sought.starts, sought.counts, sought.least, sought.rows)
        with self.task.progress.stage("verifying contained texts", self.task.rows) as advance:
            reading = TextReading(self.hosts, self.task.workers)
            for rows, hashes, counts in _sets(reading, self.train):
                joined = (forest.roots, forest.pairs, forest.end)
                forest.end = host_search.join_hosts(
                    hashes, counts, rows, self.more, *table, *posted, *stored, *joined
                )
                advance(len(rows))

    def _possible(self, shingles: HoldoutShingles, sought: _SoughtTexts) -> _SoughtTexts:
        """Return the texts of which enough shingles occur among the hosts at all."""
        places = np.searchsorted(shingles.values, sought.values)
        occurs = shingles.frequency[places] > 0
        owner = np.repeat(np.arange(len(sought.rows)), sought.counts)
        present = np.bincount(owner[occurs], minlength=len(sought.rows))
        return sought.only(present >= sought.least)

    def _count(self, shingles: HoldoutShingles) -> None:
        """Count how often the shingles of the holdout occur in the training texts."""
        kept = self.task.early if self.hosts is self.task.source else None
        counted = None if kept is None else kept.occurrences(shingles.values)
        if counted is not None:
            shingles.frequency = counted
            return
        counting = _ShingleCounting(shingles, self.train)
        with self.task.progress.stage("looking for contained texts", self.task.rows) as advance:
            read = self.hosts.over(counting, self.train, self.task.workers, advance)
            for places, counts in read:
                shingles.frequency[places] += counts

    def _verify(
        self, shingles: HoldoutShingles, sought: _SoughtTexts
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the overlap with, and the row of, the best host of every sought text."""
        work = _HostFinder(shingles, _posted(shingles, sought), sought, self.train, self.more)
        common, host = np.zeros((2, len(sought.rows)), np.int64)
        with self.task.progress.stage("verifying contained texts", self.task.rows) as advance:
            read = self.hosts.over(work, self.train, self.task.workers, advance)
            for texts, overlaps, rows in read:  # of equal overlaps the first row counts
                better = overlaps > common[texts]
                common[texts[better]], host[texts[better]] = overlaps[better], rows[better]
        return common, host


class _ShingleCounting(Struct, frozen=True, eq=False):
    """Counts how often some shingles occur in the texts of ranges."""

    shingles: HoldoutShingles
    ranges: Ranges
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows", "host_search")

    def __call__(
        self, reading: TextReading, /
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the places of the shingles that occur, and how often each does."""
        shingles = self.shingles

        def count_rows(_: int, hashes: Hashes, __: npt.NDArray[np.int32]) -> None:
            shingles.count(hashes)

        def count_slice(texts: TextSlice) -> int:
            own = list(in_ranges(texts, self.ranges))
            for _, column in own:
                shingle(ALONE, "word3", views(column), count_rows)
            return sum(len(rows) for rows, _ in own)

        inside = reading.source.within(self.ranges)
        for rows in reading.workers.through(inside, count_slice):
            reading.advance(rows)
        counts = shingles.counted()
        places = np.flatnonzero(counts)
        return places, counts[places]


class _HostFinder(Struct, frozen=True, eq=False):
    """Finds the best host of every sought text among the texts of ranges."""

    shingles: HoldoutShingles
    posted: tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]
    sought: _SoughtTexts
    ranges: Ranges
    more: int
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows", "host_search")

    def __call__(
        self, reading: TextReading, /
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the places of the texts with a host, its overlap, and its row."""
        host_search, sought = kernels("host_search"), self.sought
        table = (self.shingles.table, self.shingles.slots)
        stored = (sought.values, sought.starts, sought.counts, sought.least)
        common, host = np.zeros((2, len(sought.rows)), np.int64)
        for rows, hashes, counts in _sets(reading, self.ranges):
            host_search.find_hosts(
                hashes, counts, rows, self.more, *table, *self.posted, *stored, common, host
            )
            reading.advance(len(rows))
        places = np.flatnonzero(common)
        return places, common[places], host[places]


def _posted(
    shingles: HoldoutShingles, sought: _SoughtTexts
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return an inverted index: for each shingle the texts that it is among the rarest of.

    A text with `present` shingles of which `least` are required is found by its `present - least
    + 1` rarest: a row without any of them lacks too many.
    """
    places = np.searchsorted(shingles.values, sought.values)
    owner = np.repeat(np.arange(len(sought.rows), dtype=np.int32), sought.counts)
    frequency = shingles.frequency[places]
    order = np.lexsort((places, frequency, owner))
    order = order[frequency[order] > 0]
    present = np.bincount(owner[order], minlength=len(sought.rows))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(present) - present, present)
    chosen = order[rank <= np.repeat(present - sought.least, present)]
    chosen = chosen[np.lexsort((owner[chosen], places[chosen]))]
    bounds = np.searchsorted(places[chosen], np.arange(len(shingles.values) + 1)).astype(np.int64)
    return bounds, owner[chosen]
