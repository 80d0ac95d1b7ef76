"""Keys of a band → buckets of rows → each bucket once, whatever bands it is of."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.blobs import Blob
from ftaudit.similarity.divided.divided_texts import (
    ASKED,
    BANDS,
    BUCKETS,
    DividedTexts,
    packed_blob,
    unpacked,
)
from ftaudit.similarity.divided.signed_parts import by_slot
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.search.key_groups import grouped

Rows = npt.NDArray[np.uint32]
Bounds = npt.NDArray[np.int64]

_MIX: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))


class BandBuckets(Struct, frozen=True, eq=False):
    """Keys of a slot → buckets of two rows or more, to the slots of their digests."""

    texts: DividedTexts
    slots: int

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Group the rows of every key; what is no key passes."""
        self.texts.task()
        by_band: dict[int, list[tuple[Hashes, Rows]]] = {}
        for blob in blobs:
            if blob.kind != BANDS:
                yield Blob(blob.slot, blob.kind, bytes(blob.data))
                continue
            for (listed,) in unpacked([blob], BANDS)[BANDS]:
                for band, keys, rows in listed:
                    by_band.setdefault(band, []).append((keys, rows))
        for band in sorted(by_band):
            members, bounds = _buckets(by_band.pop(band))
            digests = _digests(members, bounds)
            every = np.arange(len(bounds) - 1)
            for slot, at in by_slot(digests[0], every, self.slots):
                yield packed_blob(slot, BUCKETS, *_chosen(members, bounds, at), digests[:, at])


class DistinctBuckets(Struct, frozen=True, eq=False):
    """Buckets of a slot → those of the same rows once, ordered by digest."""

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Join equal buckets; what is no bucket passes."""
        arrived: list[Blob] = []
        for blob in blobs:
            if blob.kind == BUCKETS:
                arrived.append(Blob(blob.slot, blob.kind, bytes(blob.data)))
            else:
                yield Blob(blob.slot, blob.kind, bytes(blob.data))
        parts = unpacked(arrived, BUCKETS)[BUCKETS]
        if not parts:
            return
        members, bounds = joined_buckets(parts)
        digests = np.concatenate([part[2] for part in parts], axis=1)
        order = np.lexsort((digests[1], digests[0]))
        ordered = digests[:, order]
        begins = np.ones(len(order), np.bool_)
        begins[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
        at = order[begins]
        yield packed_blob(arrived[0].slot, BUCKETS, *_chosen(members, bounds, at), digests[:, at])


class SetRequests(Struct, frozen=True, eq=False):
    """Buckets of a slot → which sets it asks each part for."""

    spans: npt.NDArray[np.int64]
    """Part number, first row and the row after the last, of every part, ascending."""
    among: Rows | None = None
    """Rows that are asked for, ascending; None: all."""

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Ask for the sets of all members."""
        for blob in blobs:
            for members, _, _ in unpacked([blob], BUCKETS)[BUCKETS]:
                rows = np.unique(members)
                if self.among is not None:
                    rows = rows[np.isin(rows, self.among, assume_unique=True)]
                yield from requests(blob.slot, rows, np.zeros(len(rows), np.uint32), self.spans)


def requests(slot: int, rows: Rows, groups: Rows, spans: npt.NDArray[np.int64]) -> Iterator[Blob]:
    """Yield what a slot asks every part for: the sets of rows (ascending), each of a group."""
    for part, first, after in spans.tolist():
        low, high = np.searchsorted(rows, np.array([first, after], np.uint32)).tolist()
        if low < high:
            yield packed_blob(part, ASKED, slot, rows[low:high], groups[low:high])


def joined_buckets(parts: list[Any]) -> tuple[Rows, Bounds]:
    """Return the buckets of several blobs, one after another."""
    sizes = [np.diff(part[1]) for part in parts]
    bounds = np.cumsum(np.concatenate([np.zeros(1, np.int64), *sizes]))
    return np.concatenate([part[0] for part in parts]), bounds


def _buckets(parts: list[tuple[Hashes, Rows]]) -> tuple[Rows, Bounds]:
    """Return the rows of every key that two rows have, ascending in each bucket."""
    keys, rows = (np.concatenate([part[at] for part in parts]) for at in range(2))
    order = np.argsort(rows, kind="stable")
    places, bounds = grouped(np.ascontiguousarray(keys[order]))
    return rows[order][places].astype(np.uint32), bounds.astype(np.int64)


def _digests(members: Rows, bounds: Bounds) -> Hashes:
    """Return two sums of mixed rows for each bucket: equal for equal buckets."""
    if len(bounds) < 2:
        return np.zeros((2, 0), np.uint64)
    mixed = []
    for factor in _MIX:
        value = (members.astype(np.uint64) + np.uint64(1)) * factor
        value = (value ^ (value >> np.uint64(31))) * _MIX[1]
        mixed.append(np.add.reduceat(value ^ (value >> np.uint64(29)), bounds[:-1]))
    return np.stack(mixed)


def _chosen(members: Rows, bounds: Bounds, at: npt.NDArray[np.int64]) -> tuple[Rows, Bounds]:
    """Return the buckets at some places."""
    sizes = np.diff(bounds)[at]
    ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    inside = np.repeat(bounds[:-1][at] - ends[:-1], sizes) + np.arange(ends[-1])
    return members[inside], ends
