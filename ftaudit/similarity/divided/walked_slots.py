"""Buckets and sets of a slot → verified edges; components and sets → all their pairs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.blobs import Blob
from ftaudit.similarity.clusters.connected_components import all_pairs, walk_all_alone
from ftaudit.similarity.clusters.giant_clusters import nearest_training
from ftaudit.similarity.divided.divided_texts import (
    BUCKETS,
    CROWD,
    EDGES,
    NEAREST,
    SETS,
    DividedTexts,
    packed_blob,
    unpacked,
)
from ftaudit.similarity.divided.requested_sets import arrived_sets
from ftaudit.similarity.divided.shuffled_buckets import joined_buckets
from ftaudit.similarity.search.buckets import Buckets
from ftaudit.similarity.search.shingle_sets import ShingleSets

Rows = npt.NDArray[np.uint32]


class RowView(NamedTuple):
    """Rows to which buckets are restricted."""

    number: int
    rows: Rows
    """Ascending."""


class SlotWalker(Struct, frozen=True, eq=False):
    """Buckets and the sets of their members → the strongest links of the slot.

    Edges are arrays of left row, right row, overlap, and the sizes of both sets.
    """

    texts: DividedTexts
    views: Sequence[RowView] = ()
    """Each is walked by itself; without any, whole buckets are walked."""
    training: Rows | None = None
    """Rows of training, ascending: every other row is given its nearest one of them."""

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Walk the buckets of the slot."""
        contents = unpacked(blobs, BUCKETS, SETS)
        if not contents[BUCKETS] or not contents[SETS]:
            return
        sets, _ = arrived_sets(contents[SETS])
        members, bounds = joined_buckets(contents[BUCKETS])
        buckets = _of_sets(members, bounds, sets)
        for view in self.views or (RowView(0, sets.rows),):
            inside = np.isin(sets.rows, view.rows, assume_unique=True)
            yield from self._walked(view.number, buckets.only(inside[buckets.members]), sets)
        if self.training is not None:
            yield self._nearest(buckets, sets, self.training)

    def _walked(self, number: int, buckets: Buckets, sets: ShingleSets) -> Iterator[Blob]:
        forest, crowds = walk_all_alone(self.texts.task(), [buckets], sets)
        yield packed_blob(0, EDGES, number, of_rows(forest, sets))
        for at in np.flatnonzero(crowds.short).tolist():
            short = crowds.buckets.part(at, at + 1)
            yield packed_blob(0, CROWD, number, sets.rows[short.members])

    def _nearest(self, buckets: Buckets, sets: ShingleSets, training_rows: Rows) -> Blob:
        training = np.isin(sets.rows, training_rows, assume_unique=True)
        nearest = nearest_training([buckets], sets, training, self.texts.options)
        edges = np.stack([nearest.sets, nearest.best, nearest.common], axis=1)
        return packed_blob(0, NEAREST, of_rows(edges, sets))


class SlotPairs(Struct, frozen=True, eq=False):
    """The sets of whole components, with the component of each → every pair."""

    texts: DividedTexts

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Pair the components of the slot."""
        contents = unpacked(blobs, SETS)
        if not contents[SETS]:
            return
        sets, groups = arrived_sets(contents[SETS])
        order = np.argsort(groups, kind="stable")
        ends = np.flatnonzero(np.diff(groups[order])) + 1
        bounds = np.concatenate([[0], ends, [len(order)]]).astype(np.int64)
        pairs = all_pairs(self.texts.task(), order.astype(np.int32), bounds, sets)
        yield packed_blob(0, EDGES, 0, of_rows(pairs, sets))


def of_rows(edges: npt.NDArray[np.int32], sets: ShingleSets) -> Rows:
    """Return edges between sets as left row, right row, overlap, sizes of both."""
    ends = edges[:, :2]
    columns = [sets.rows[ends], edges[:, 2:].astype(np.uint32), sets.sizes[ends].astype(np.uint32)]
    return np.concatenate(columns, axis=1, dtype=np.uint32)


def _of_sets(members: Rows, bounds: npt.NDArray[np.int64], sets: ShingleSets) -> Buckets:
    """Return buckets of rows as buckets of sets; rows without a set are left out."""
    places = np.minimum(np.searchsorted(sets.rows, members), len(sets) - 1)
    kept = sets.rows[places] == members
    return Buckets(places.astype(np.int32), bounds).only(kept)
