"""Keys → groups of the places that share one."""

import numpy as np
import numpy.typing as npt

Groups = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]
"""Members and bounds: group `g` is `members[bounds[g] : bounds[g + 1]]`, ascending. Groups come in
the order of their first members."""

CELLS_PER_KEY = 8
"""Counters of two bits for each key: one key in nine meets another, and is looked at again."""


def grouped(keys: npt.NDArray[np.uint64], there: npt.NDArray[np.uint32] | None = None) -> Groups:
    """Return the places of every key that occurs twice or more.

    `there` are the places to look at, ascending; all when None.
    """
    from ftaudit.similarity.kernels.grouping import (
        choose_repeated,
        gather_groups,
    )

    places = np.arange(len(keys), dtype=np.uint32) if there is None else there
    bits = max(12, (CELLS_PER_KEY * len(places) - 1).bit_length())
    chosen = np.empty(len(places) + 1, np.int32)
    count = choose_repeated(keys, places, np.zeros(1 << (bits - 5), np.uint64), bits, chosen)
    slots = np.full(1 << max(1, (2 * count - 1).bit_length()), -1, np.int32)
    members, bounds = np.empty(count, np.int32), np.empty(count // 2 + 1, np.int64)
    groups = gather_groups(keys, chosen, count, slots, members, bounds)
    return members[: bounds[groups]], bounds[: groups + 1]
