"""Shingle sets on their way: read where the texts are, sent to the slots that ask for them."""

import pickle
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.blobs import Blob
from ftaudit.model.parts import Part
from ftaudit.similarity.divided.divided_texts import (
    ASKED,
    PART,
    SETS,
    DividedTexts,
    packed_blob,
    unpacked,
)
from ftaudit.similarity.runtime.hash_store import Hashes, HashStore
from ftaudit.similarity.search.shingle_sets import ShingleSets, distinct_sets
from ftaudit.similarity.text.arrow_buffers import views


class ArrivedSets(NamedTuple):
    """The sets that came to a slot, by ascending row."""

    sets: ShingleSets
    groups: npt.NDArray[np.uint32]
    """What each was asked for with."""


class SetReader(Struct, frozen=True, eq=False):
    """A part, and what it is asked for → the sets, to the slots that asked."""

    texts: DividedTexts

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Read the sets that anybody asks for once."""
        part: Part | None = None
        requested: list[Any] = []
        for blob in blobs:
            if blob.kind == PART:
                part = pickle.loads(blob.data)  # noqa: S301 - our own driver pickled it
            else:
                requested += unpacked([blob], ASKED)[ASKED]
        if part is None or not requested:
            return
        self.texts.task()
        rows = np.unique(np.concatenate([rows for _, rows, _ in requested]))
        sets = self._read(part, rows)
        for slot, chosen, groups in requested:
            own = sets.gathered(np.searchsorted(rows, chosen).astype(np.int64))
            yield packed_blob(slot, SETS, own.rows, groups, own.counts, own.values)

    def _read(self, part: Part, rows: npt.NDArray[np.uint32]) -> ShingleSets:
        values: list[Hashes] = [np.zeros(0, np.uint64)]
        counts: list[npt.NDArray[np.int64]] = [np.zeros(0, np.int64)]
        for texts in self.texts.slices(part):
            places = rows[texts.among(rows)].astype(np.int64) - texts.first
            if not len(places):
                continue
            column = views(texts.chosen(places))
            read = distinct_sets(self.texts.profile.kind, column)
            values += read.values
            counts.append(read.sizes)
        return sets_of(rows, np.concatenate(counts).astype(np.int32), np.concatenate(values))


def sets_of(
    rows: npt.NDArray[np.uint32], counts: npt.NDArray[np.int32], values: Hashes
) -> ShingleSets:
    """Return whole sets, one after another in memory."""
    starts = np.cumsum(counts, dtype=np.int64) - counts
    return ShingleSets(rows, values, starts, counts, counts, HashStore(Path(), 0))


def arrived_sets(contents: list[Any]) -> ArrivedSets:
    """Return the sets of several blobs by ascending row; none is in two of them."""
    contents = sorted(contents, key=lambda content: int(content[0][0]))
    columns = [np.concatenate([content[at] for content in contents]) for at in range(4)]
    rows, groups, counts, values = columns
    return ArrivedSets(sets_of(rows, counts, values), groups)
