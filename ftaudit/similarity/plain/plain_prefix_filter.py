"""Filters of the exact join: shingles that occur once, and prefixes of rare shingles."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_bit_counters import cells_of, count, shared
from ftaudit.similarity.plain.plain_byte_blocks import Hashes, u64
from ftaudit.similarity.plain.plain_hash_sets import TOLERANCE

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
    own = counts.astype(np.int64)
    within = np.arange(int(own.sum())) - np.repeat(np.cumsum(own) - own, own)
    return np.asarray(values[np.repeat(starts, own) + within])


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
    distinct, times = np.unique(own[(own >= u64(low)) & (own < u64(high))], return_counts=True)
    frequency[distinct] = np.minimum(_MOST, frequency[distinct] + times)


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
    at = 0
    for t in range(low, high):
        size = int(counts[t])
        own = values[starts[t] : starts[t] + size]
        rank = frequency[cells_of(own, 0, bits)].astype(np.uint64) << u64(48) | own >> u64(16)
        own[:] = own[np.lexsort((own, rank))]
        prefix = size - int(np.ceil((threshold - TOLERANCE) * sizes[t])) + 1
        end = at + max(0, min(prefix, size))
        keys[at:end], owners[at:end] = own[: end - at], t
        rest[at:end] = size - 1 - np.arange(end - at)
        at = end
    return at
