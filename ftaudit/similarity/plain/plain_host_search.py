"""Sets that are contained, almost wholly, in larger ones."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import Hashes
from ftaudit.similarity.plain.plain_hash_sets import SetsByNumber

Sizes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


def place(values: Hashes, table: Hashes, slots: Sizes) -> None:
    """Do what `kernels.host_search.place` does."""
    mask, taken = len(table) - 1, set[int]()
    for i, value in enumerate(values.tolist()):
        q = value & mask
        while q in taken:
            q = (q + 1) & mask
        taken.add(q)
        table[q], slots[q] = value, i


def _places(hashes: Hashes, table: Hashes, slots: Sizes) -> list[int]:
    """Return the index of every hash among the values of the table, or -1."""
    filled = np.flatnonzero(slots >= 0)
    index_of = dict(zip(table[filled].tolist(), slots[filled].tolist(), strict=True))
    return [index_of.get(h, -1) for h in hashes.tolist()]


def count_listed(hashes: Hashes, table: Hashes, counts: npt.NDArray[np.uint32]) -> None:
    """Do what `kernels.host_search.count_listed` does."""
    filled = np.flatnonzero(table)
    place_of = dict(zip(table[filled].tolist(), filled.tolist(), strict=True))
    place_of[0] = int(table.argmin())  # where zeros come to
    places = [place_of[h] for h in hashes.tolist() if h in place_of]
    counts += np.bincount(places, minlength=len(counts)).astype(np.uint32)


def find_hosts(  # noqa: PLR0913, PLR0917 - those of the kernel
    hashes: Hashes,
    sizes: Sizes,
    rows: Places,
    more: int,
    table: Hashes,
    slots: Sizes,
    bounds: Places,
    posted: Sizes,
    values: Hashes,
    starts: Places,
    counts: Sizes,
    least: Places,
    common: Places,
    host: Places,
) -> None:
    """Do what `kernels.host_search.find_hosts` does."""
    places, sets = _places(hashes, table, slots), SetsByNumber(values, starts, counts)
    start = 0
    for t, size in enumerate(sizes.tolist()):
        own, listed = hashes[start : start + size], places[start : start + size]
        start += size
        tried: dict[int, None] = {}
        for value in listed:
            if value >= 0:
                tried.update(dict.fromkeys(posted[bounds[value] : bounds[value + 1]].tolist()))
        members: frozenset[int] | None = None
        for x in tried:
            if counts[x] + more > size:
                continue
            members = frozenset(own.tolist()) if members is None else members
            both = len(members & sets[x])
            if both < least[x]:
                continue
            if both > common[x] or (both == common[x] and rows[t] < host[x]):
                common[x], host[x] = both, rows[t]


def join_hosts(  # noqa: PLR0913, PLR0917 - those of the kernel
    hashes: Hashes,
    sizes: Sizes,
    rows: Places,
    more: int,
    table: Hashes,
    slots: Sizes,
    bounds: Places,
    posted: Sizes,
    values: Hashes,
    starts: Places,
    counts: Sizes,
    least: Places,
    owners: Places,
    roots: Places,
    pairs: Places,
    end: int,
) -> int:
    """Do what `kernels.host_search.join_hosts` does."""
    places, sets = _places(hashes, table, slots), SetsByNumber(values, starts, counts)
    start = 0
    for t, size in enumerate(sizes.tolist()):
        members, tried = frozenset(hashes[start : start + size].tolist()), set[int]()
        listed = places[start : start + size]
        start, row = start + size, int(rows[t])
        own = _root(roots, row)
        for value in listed:
            for x in posted[bounds[value] : bounds[value + 1]].tolist() if value >= 0 else ():
                if x in tried or counts[x] + more > size or owners[x] == row:
                    continue
                tried.add(x)
                other = _root(roots, int(owners[x]))
                if other == own or len(members & sets[x]) < least[x]:
                    continue
                own, other = min(own, other), max(own, other)
                roots[other] = own
                pairs[end] = owners[x], row
                end += 1
    return end


def _root(roots: Places, row: int) -> int:
    while roots[row] != row:
        roots[row] = roots[roots[row]]
        row = int(roots[row])
    return row
