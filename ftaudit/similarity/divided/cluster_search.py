"""The stages of a divided search, one after another.

1. sign: a task for every part hashes and signs its texts; the least row of equal texts is found by
   the slot of their hash, buckets by the slot of their key, equal buckets by that of their digest.
2. walk: every part sends the sets of its rows to the slots whose buckets ask for them; each bucket
   is walked alone, and a slot keeps its strongest links. The driver unites them: components.
3. pair: the sets of all components but giant ones go to slots by component, for all their pairs.
4. giant: where components are giant and of several splits, the buckets are walked again, restricted
   to the rows of each split.

The driver holds, for every row with the text of an earlier one, the least row with that text; and
the links.
"""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model.blobs import BlobCluster, BlobTable
from ftaudit.model.dataset import TRAIN, DataFile
from ftaudit.similarity.clusters.connected_components import Graph, connected_by, in_giant
from ftaudit.similarity.clusters.giant_clusters import distinct_edges, splits_of_sets
from ftaudit.similarity.clusters.linked_rows import LinkedRows
from ftaudit.similarity.clusters.membership import clustered_rows
from ftaudit.similarity.clusters.strongest_links import strongest_forest
from ftaudit.similarity.divided.divided_texts import (
    BUCKETS,
    CROWD,
    EDGES,
    MOVED,
    NEAREST,
    SPAN,
    DividedTexts,
    NumberedPart,
    unpacked,
)
from ftaudit.similarity.divided.drawn_sample import (
    SampleSizes,
    SampleTexts,
    step_of,
)
from ftaudit.similarity.divided.read_parts import ReadPart, placed_parts
from ftaudit.similarity.divided.requested_sets import SetReader, sets_of
from ftaudit.similarity.divided.shuffled_buckets import (
    BandBuckets,
    DistinctBuckets,
    SetRequests,
    requests,
)
from ftaudit.similarity.divided.signed_parts import LeastRows, PartSigner
from ftaudit.similarity.divided.walked_slots import RowView, SlotPairs, SlotWalker
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.search.distinct_texts import RepeatedTexts
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.shingle_sets import ShingleSets
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_source import Ranges, TextSource, TextWork

Rows = npt.NDArray[np.uint32]
T = TypeVar("T")

AT_ONCE: Final = 16
"""Parts of a job, at least, whose results wait on the driver together; else two for each core."""
_COLUMNS: Final = 5
"""Of an edge between rows: left, right, overlap, and the sizes of both sets."""


class PartsOf(Protocol):
    """Returns the parts of the rows with some columns, pickled, each in a slot of its own."""

    def __call__(self, columns: Sequence[str], /) -> list[NumberedPart]:
        """Return the parts, in row order."""


class ClusterSearch(Struct, frozen=True, eq=False):
    """A search by MinHash on a cluster; see `linked_rows.DividedSearch`."""

    cluster: BlobCluster
    parts: PartsOf
    files: tuple[DataFile, ...]
    slots: int

    @property
    def numbering(self) -> RowNumbering:
        """Return the numbering of the rows, without the lines of files: it travels."""
        return RowNumbering(tuple(replace(file, lines=None) for file in self.files))

    def sample(self, column: str) -> pl.Series:
        """Draw the sample in which boilerplate is looked for: its step, then its texts."""
        parts = [part.blob for part in self.parts(["id", column])]
        table = self.cluster.table(parts, len(parts))
        sizes = table.map(SampleSizes(self.numbering, column)).gathered()
        step = step_of([blob.data for blob in sizes], self.numbering.rows)
        texts = table.map(SampleTexts(self.numbering, column, step)).gathered()
        return SampleTexts.joined(texts)

    def over(self, source: TextSource, work: TextWork[T], ranges: Ranges | None) -> Iterator[T]:
        """Yield what `work` makes of the texts of every part; see `TextSource.over`."""
        columns = tuple(getattr(work, "columns", ("id", source.column)))
        needed = [part for part in self.parts(columns) if _inside(part.span, ranges)]
        step = max(AT_ONCE, 2 * self.cluster.cores)
        for low in range(0, len(needed), step):
            placed, of_all = placed_parts(needed[low : low + step], work)
            if not placed:
                continue
            reader = ReadPart(self.numbering, source.column, source.boilerplate, of_all)
            read = self.cluster.table(placed, len(placed)).map(reader).gathered()
            for blob in sorted(read, key=lambda blob: blob.kind):
                yield pickle.loads(blob.data)  # noqa: S301 - our own tasks pickled it

    def link(self, task: SearchTask) -> LinkedRows:
        """Search and link near-identical rows."""
        load_kernels(task.progress, "bucket_walk", steps=task.rows)
        source = task.source
        texts = DividedTexts(
            self.numbering, source.column, source.boilerplate, task.options, task.profile
        )
        parts = [part.blob for part in self.parts(["id", source.column])]
        table = self.cluster.table(parts, len(parts))
        with task.progress.stage("matching bands"):
            signed = table.map(PartSigner(texts, self.slots), self.slots).shuffled()
            bands = signed.map(LeastRows(self.slots)).shuffled()
            buckets = bands.map(BandBuckets(texts, self.slots)).shuffled().map(DistinctBuckets())
        with buckets.kept() as kept:
            facts = unpacked(kept.only((SPAN, MOVED)).gathered(), SPAN, MOVED)
            spans = np.array(sorted(facts[SPAN], key=lambda span: span[1]), np.int64).reshape(-1, 3)
            search = _Stages(task, texts, table, kept.only((BUCKETS,)), spans)
            return search.linked(_repeated(facts.pop(MOVED)))


class _Stages(Struct, frozen=True, eq=False):
    """The stages after the buckets."""

    task: SearchTask
    texts: DividedTexts
    parts: BlobTable
    buckets: BlobTable
    spans: npt.NDArray[np.int64]

    def linked(self, repeated: RepeatedTexts) -> LinkedRows:
        """Return the rows in clusters and the pairs of their texts."""
        with self.task.progress.stage("verifying candidates"):
            walked = self._walk(SlotWalker(self.texts), SetRequests(self.spans))
            edges = _edges(walked[EDGES])
            sets = _sets(edges)
            forest = strongest_forest(_of_sets(edges, sets), sets)
            graph = connected_by(forest, sets)
        graph = replace(graph, edges=forest, cut=_cut(walked[CROWD], graph, sets))
        clustered = clustered_rows(repeated, sets, graph)
        graph = self._paired(graph, sets)
        return LinkedRows(clustered, sets, self._split(graph, sets, repeated))

    def _walk(self, walker: SlotWalker, asking: SetRequests) -> dict[int, list[Any]]:
        """Bring the sets to the buckets that ask for them; return what the walks yield."""
        requested = self.buckets.map(asking, self.parts_count).shuffled()
        read = self.parts.and_of(requested).shuffled().map(SetReader(self.texts), self.slots)
        walked = self.buckets.and_of(read).shuffled().map(walker).gathered()
        return unpacked(walked, EDGES, CROWD, NEAREST)

    @property
    def parts_count(self) -> int:
        return self.parts.slots

    @property
    def slots(self) -> int:
        return self.buckets.slots

    def _paired(self, graph: Graph, sets: ShingleSets) -> Graph:
        """Replace the edges of every component that is not giant by all its pairs."""
        giant = in_giant(graph, self.task.options)
        kept = graph.edges[giant[graph.edges[:, 0]]]
        rows, groups = sets.rows[~giant], sets.rows[graph.labels[~giant]]
        if not len(rows):
            return replace(graph, edges=kept)
        slots = _balanced(groups, self.slots)
        requested = [
            blob
            for slot in range(self.slots)
            for blob in requests(slot, rows[slots == slot], groups[slots == slot], self.spans)
        ]
        with self.task.progress.stage("pairing clusters"):
            read = (
                self.parts.with_blobs(requested).map(SetReader(self.texts), self.slots).shuffled()
            )
            pairs = unpacked(read.map(SlotPairs(self.texts)).gathered(), EDGES)[EDGES]
        return replace(graph, edges=np.concatenate([_of_sets(_edges(pairs), sets), kept]))

    def _split(self, graph: Graph, sets: ShingleSets, repeated: RepeatedTexts) -> Graph:
        """Add edges that connect each split of a giant component by itself, and its leaks."""
        giant = in_giant(graph, self.task.options)
        splits = splits_of_sets(self.task.source.numbering, repeated, sets)
        present = {split: has & giant for split, has in splits.items() if (has & giant).any()}
        if len(present) < 2:
            return graph
        views = [RowView(at, sets.rows[has]) for at, has in enumerate(present.values())]
        training = sets.rows[present[TRAIN]] if TRAIN in present else None
        walker = SlotWalker(self.texts, views, training)
        walked = self._walk(walker, SetRequests(self.spans, sets.rows[giant]))
        edges, cut = [graph.edges], graph.cut
        for view in views:
            of_view = [content for content in walked[EDGES] if content[0] == view.number]
            forest = strongest_forest(_of_sets(_edges(of_view), sets), sets)
            crowds = [content for content in walked[CROWD] if content[0] == view.number]
            edges.append(forest)
            cut += _cut(crowds, connected_by(forest, sets), sets)
        edges.append(_nearest(walked[NEAREST], sets))
        return replace(graph, edges=distinct_edges(np.concatenate(edges)), cut=cut)


def _inside(span: tuple[int, int], ranges: Ranges | None) -> bool:
    """Tell whether a part may have rows in ranges."""
    return ranges is None or any(low < span[1] and span[0] < end for low, end in ranges)


def _repeated(contents: list[Any]) -> RepeatedTexts:
    """Return the rows that moved, and where to.

    A row may have moved twice: to the least of its part, and that to the least of all.
    """
    none = np.zeros(0, np.uint32)
    moved = np.concatenate([none, *(rows for rows, _ in contents)])
    least = np.concatenate([none, *(least for _, least in contents)])
    contents.clear()
    order = np.argsort(moved)
    moved, least = moved[order], least[order]
    again = np.flatnonzero(np.isin(least, moved))
    least[again] = least[np.searchsorted(moved, least[again])]
    return RepeatedTexts(moved, least)


def _edges(contents: Iterable[Any]) -> Rows:
    """Return the edges of several blobs, each once."""
    listed = [np.zeros((0, _COLUMNS), np.uint32), *(content[-1] for content in contents)]
    return np.unique(np.concatenate(listed), axis=0)


def _sets(edges: Rows) -> ShingleSets:
    """Return the sets at the ends of edges, of which the sizes alone are known."""
    rows, first = np.unique(edges[:, :2], return_index=True)
    sizes = edges[:, 3:5].ravel()[first].astype(np.int32)
    return replace(
        sets_of(rows.astype(np.uint32), np.zeros_like(sizes), np.zeros(0, np.uint64)), sizes=sizes
    )


def _of_sets(edges: Rows, sets: ShingleSets) -> npt.NDArray[np.int32]:
    """Return edges between rows as edges between sets: left, right, overlap."""
    ends = np.searchsorted(sets.rows, edges[:, :2])
    return np.column_stack([ends, edges[:, 2]]).astype(np.int32)


def _cut(crowds: Iterable[Any], graph: Graph, sets: ShingleSets) -> int:
    """Count the buckets cut short, each once, that have rows of several components."""
    distinct = {rows.tobytes(): rows for _, rows in crowds}
    return sum(_components(rows, graph, sets) > 1 for rows in distinct.values())


def _components(rows: Rows, graph: Graph, sets: ShingleSets) -> int:
    """Return of how many components rows are; a row without any edge is one."""
    linked = rows[np.isin(rows, sets.rows)]
    labels = graph.labels[np.searchsorted(sets.rows, linked)]
    return len(np.unique(labels)) + len(rows) - len(linked)


def _balanced(groups: Rows, slots: int) -> npt.NDArray[np.int64]:
    """Return a slot for every row, one for all of a group, so that slots have equal work."""
    distinct, places, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    work = np.cumsum(sizes.astype(np.int64) ** 2 + 8 * sizes)
    slot_of = (work - work[:1]) * slots // (work[-1] + 1)
    return np.asarray(slot_of[places]) if len(distinct) else np.zeros(0, np.int64)


def _nearest(contents: Iterable[Any], sets: ShingleSets) -> npt.NDArray[np.int32]:
    """Return an edge from every row to the nearest of all training rows that slots gave it."""
    edges = _edges(contents)
    common = edges[:, 2].astype(np.int64)
    similarity = common / (edges[:, 3].astype(np.int64) + edges[:, 4] - common)
    edges = edges[np.lexsort((edges[:, 1], -similarity, edges[:, 0]))]
    _, first = np.unique(edges[:, 0], return_index=True)
    chosen = _of_sets(edges[first], sets)
    return np.column_stack([np.sort(chosen[:, :2], axis=1), chosen[:, 2]]).astype(np.int32)
