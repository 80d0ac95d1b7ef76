"""Filters of the exact join: shingles that occur once, and prefixes of rare shingles."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_bit_counters import cells_of, count, shared, tallied
from ftaudit.similarity.plain.plain_byte_blocks import Hashes, u64
from ftaudit.similarity.plain.plain_hash_sets import TOLERANCE, places_of

Sizes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
Frequency = npt.NDArray[np.uint16]

_MOST = 65_535


def keep_shared(  # noqa: PLR0913, PLR0917 - those of the kernel
    hashes: Hashes,
    counts: Sizes,
    sizes: Sizes,
    cells: Hashes,
    bits: int,
    salt: int,
    threshold: float,
) -> int:
    """Do what `kernels.prefix_filter.keep_shared` does."""
    live = np.flatnonzero(shared(hashes[: int(counts.sum())], cells, bits, salt))
    values, limit = hashes[live].tolist(), 1.0 - threshold + TOLERANCE
    ends = np.searchsorted(live, np.cumsum(counts, dtype=np.int64)).tolist()
    kept: list[int] = []
    for t, (size, low, high) in enumerate(zip(counts.tolist(), [0, *ends], ends, strict=False)):
        counts[t] = 0
        if low == high or size - (high - low) > int(limit * size):
            continue
        distinct = dict.fromkeys(values[low:high])
        sizes[t] = len(distinct) + size - (high - low)
        if len(distinct) >= (threshold - TOLERANCE) * sizes[t]:
            counts[t] = len(distinct)
            kept += distinct
    hashes[: len(kept)] = kept
    return len(kept)


def _values(values: Hashes, starts: Places, counts: Sizes) -> Hashes:
    """Return the members of sets, one set after another."""
    return np.asarray(values[places_of(starts, counts)[0]])


def prune_sets(  # noqa: PLR0913, PLR0917 - those of the kernel
    values: Hashes,
    starts: Places,
    counts: Sizes,
    sizes: Sizes,
    low: int,
    high: int,
    cells: Hashes,
    bits: int,
    salt: int,
    threshold: float,
) -> int:
    """Do what `kernels.prefix_filter.prune_sets` does."""
    alive = 0
    for t in range(low, high):
        own = values[starts[t] : starts[t] + counts[t]]
        live = own[shared(own, cells, bits, salt)]
        own[: len(live)] = live
        enough = len(live) > 0 and len(live) >= (threshold - TOLERANCE) * sizes[t]
        counts[t] = len(live) if enough else 0
        alive += enough
    return alive


def tally_sets(  # noqa: PLR0913, PLR0917 - those of the kernel
    values: Hashes,
    starts: Places,
    counts: Sizes,
    cells: Hashes,
    bits: int,
    salt: int,
    part: int,
    parts: int,
) -> None:
    """Do what `kernels.prefix_filter.tally_sets` does."""
    low, high = (len(cells) * i // parts << 5 for i in (part, part + 1))
    own = cells_of(_values(values, starts, counts), salt, bits)
    count(own[(own >= u64(low)) & (own < u64(high))], cells)


def count_frequency(  # noqa: PLR0913, PLR0917 - those of the kernel
    values: Hashes,
    starts: Places,
    counts: Sizes,
    frequency: Frequency,
    bits: int,
    part: int,
    parts: int,
) -> None:
    """Do what `kernels.prefix_filter.count_frequency` does."""
    low, high = (len(frequency) * i // parts for i in (part, part + 1))
    own = cells_of(_values(values, starts, counts), 0, bits)
    distinct, times = tallied(own[(own >= u64(low)) & (own < u64(high))], len(frequency))
    frequency[distinct] = np.minimum(_MOST, frequency[distinct] + times)


def _order(numbers: npt.NDArray[Any], rank: Hashes, own: Hashes) -> Places:
    """Return the order of members by the number of their set, by rank, and by themselves."""
    order = np.argsort(rank)
    order = order[np.argsort(numbers[order], kind="stable")]
    numbers, rank = numbers[order], rank[order]
    if ((numbers[1:] == numbers[:-1]) & (rank[1:] == rank[:-1])).any():
        return np.lexsort((own, rank, numbers))
    return order


def order_sets(  # noqa: PLR0913, PLR0917 - those of the kernel
    values: Hashes,
    starts: Places,
    counts: Sizes,
    sizes: Sizes,
    low: int,
    high: int,
    frequency: Frequency,
    bits: int,
    threshold: float,
    keys: Hashes,
    owners: Sizes,
    rest: Sizes,
) -> int:
    """Do what `kernels.prefix_filter.order_sets` does."""
    places, owned = places_of(starts[low:high], counts[low:high])
    numbers = np.repeat(np.arange(low, high, dtype=np.min_scalar_type(high)), owned)
    own = values[places]
    rank = frequency[cells_of(own, 0, bits)].astype(np.uint64) << u64(48) | own >> u64(16)
    own = own[_order(numbers, rank, own)]
    values[places] = own
    within = np.arange(len(own)) - np.repeat(np.cumsum(owned) - owned, owned)
    least = np.ceil((threshold - TOLERANCE) * sizes[low:high]).astype(np.int64)
    chosen = np.flatnonzero(within < np.repeat(owned - least + 1, owned))
    end = len(chosen)
    keys[:end], owners[:end] = own[chosen], numbers[chosen]
    rest[:end] = (np.repeat(owned, owned) - 1 - within)[chosen]
    return end
