"""Parts of the texts → one node for every distinct text, and its keys by band."""

import pickle
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.blobs import Blob
from ftaudit.model.parts import Part
from ftaudit.similarity.divided.divided_texts import (
    BANDS,
    KEYS,
    MOVED,
    SPAN,
    DividedTexts,
    packed_blob,
    unpacked,
)
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.runtime.threads import ALONE
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.signatures import permutations
from ftaudit.similarity.text.text_hashes import TextHashes
from ftaudit.similarity.text.text_source import TextSlice


class PartSigner(Struct, frozen=True, eq=False):
    """A part → hashes and band keys of its distinct texts, to the slots of their first hashes."""

    texts: DividedTexts
    slots: int

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Sign the parts that come."""
        self.texts.task()
        for blob in blobs:
            part: Part = pickle.loads(blob.data)  # noqa: S301 - our own driver pickled it
            yield from self._signed(blob.slot, part)

    def _signed(self, number: int, part: Part) -> Iterator[Blob]:
        slices = [self._slice(texts) for texts in self.texts.slices(part)]
        if not slices:
            return
        rows, first, second = (np.concatenate([s[at] for s in slices]) for at in range(3))
        keys = np.concatenate([s[3] for s in slices], axis=1)
        low, high = min(s[4] for s in slices), max(s[5] for s in slices)
        yield packed_blob(number, SPAN, number, low, high)
        least = least_rows(first, second, rows)
        moved = least != rows
        yield packed_blob(number, MOVED, rows[moved], least[moved])
        for slot, at in by_slot(first, np.flatnonzero(~moved), self.slots):
            yield packed_blob(slot, KEYS, first[at], second[at], rows[at], keys[:, at])

    def _slice(
        self, texts: TextSlice
    ) -> tuple[npt.NDArray[np.uint32], Hashes, Hashes, Hashes, int, int]:
        """Return rows, hashes and keys of texts that are not empty, and the span of all rows."""
        sign_bands = kernels("minhash").sign_bands
        options, count = self.texts.options, len(texts)
        a, b = permutations(options.bands * options.rows_per_band, options.seed)
        hashed, keys = TextHashes.empty_rows(count), np.zeros((options.bands, count), np.uint64)

        def sign_rows(first: int, hashes: Hashes, counts: npt.NDArray[np.int32]) -> None:
            sign_bands(hashes, counts, a, b, options.rows_per_band, keys, first)

        shingle(ALONE, self.texts.profile.kind, texts.column, sign_rows, into=hashed)
        full = ~hashed.empty
        rows = np.arange(texts.first, texts.first + count, dtype=np.uint32)
        return (
            rows[full], hashed.first[full], hashed.second[full], keys[:, full],
            texts.first, texts.first + count,
        )  # fmt: skip


class LeastRows(Struct, frozen=True, eq=False):
    """Texts of a slot → the least row of each, and its keys, to the slots of the keys."""

    slots: int

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Join equal texts; what is of no text passes."""
        arrived: list[Blob] = []
        for blob in blobs:
            if blob.kind == KEYS:
                arrived.append(blob)
            else:
                yield Blob(blob.slot, blob.kind, bytes(blob.data))
        if not arrived:
            return
        parts = unpacked(arrived, KEYS)[KEYS]
        first, second, rows = (np.concatenate([part[at] for part in parts]) for at in range(3))
        keys = np.concatenate([part[3] for part in parts], axis=1)
        least = least_rows(first, second, rows)
        moved = least != rows
        yield packed_blob(int(first[0] % self.slots), MOVED, rows[moved], least[moved])
        nodes = np.flatnonzero(~moved)
        bands: list[list[tuple[int, Hashes, npt.NDArray[np.uint32]]]]
        bands = [[] for _ in range(self.slots)]
        for band in range(len(keys)):
            for slot, at in by_slot(keys[band], nodes, self.slots):
                bands[slot].append((band, keys[band, at], rows[at]))
        for slot, listed in enumerate(bands):
            if listed:
                yield packed_blob(slot, BANDS, listed)


def least_rows(
    first: Hashes, second: Hashes, rows: npt.NDArray[np.uint32]
) -> npt.NDArray[np.uint32]:
    """Return for every row the least row with the same two hashes."""
    order = np.lexsort((rows, second, first))
    begins = np.ones(len(order), np.bool_)
    begins[1:] = np.diff(first[order]) != 0
    begins[1:] |= np.diff(second[order]) != 0
    least = np.empty_like(rows)
    least[order] = rows[order][np.flatnonzero(begins)][np.cumsum(begins) - 1]
    return least


def by_slot(
    keys: Hashes, chosen: npt.NDArray[np.int64], slots: int
) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Yield each slot, and the chosen places whose keys belong to it."""
    slot = (keys[chosen] >> np.uint64(32)).astype(np.int64) % slots
    order = np.argsort(slot, kind="stable")
    ends = np.searchsorted(slot[order], np.arange(slots + 1)).tolist()
    for number, (low, high) in enumerate(pairwise(ends)):
        if low < high:
            yield number, chosen[order[low:high]]
