"""Keys → groups of places with equal keys."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.runtime.kernel_loader import kernels

Groups = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]
"""Members and bounds: group `g` is `members[bounds[g] : bounds[g + 1]]`, ascending. Groups come in
the order of their first members."""

COUNTERS_PER_KEY = 8
"""Counters of two bits for each key: one key in nine shares one by chance, and is looked up."""


STRETCH = 1 << 20
"""Flags looked at together: their places have 8 bytes each before they have 4."""


def places_of(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint32]:
    """Return the places of flags that are set, ascending."""
    stretches = [
        (np.flatnonzero(flags[low : low + STRETCH]) + low).astype(np.uint32)
        for low in range(0, len(flags), STRETCH)
    ]
    return np.concatenate([np.zeros(0, np.uint32), *stretches])


def grouped(keys: npt.NDArray[np.uint64], among: npt.NDArray[np.uint32] | None = None) -> Groups:
    """Return the places of every key that occurs twice or more.

    `among` are the places to look at, ascending; all when None.
    """
    equal_keys = kernels("equal_keys")

    places = np.arange(len(keys), dtype=np.uint32) if among is None else among
    bits = max(12, (COUNTERS_PER_KEY * len(places) - 1).bit_length())
    chosen = np.empty(len(places) + 1, np.int32)
    count = equal_keys.choose_repeated(
        keys, places, np.zeros(1 << (bits - 5), np.uint64), bits, chosen
    )
    slots = np.full(1 << max(1, (2 * count - 1).bit_length()), -1, np.int32)
    members, bounds = np.empty(count, np.int32), np.empty(count // 2 + 1, np.int64)
    groups = equal_keys.gather_groups(keys, chosen, count, slots, members, bounds)
    return members[: bounds[groups]], bounds[: groups + 1]
