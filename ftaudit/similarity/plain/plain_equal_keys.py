"""Groups of equal keys."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_bit_counters import cells_of
from ftaudit.similarity.plain.plain_byte_blocks import Hashes

Rows = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int32]


def choose_repeated(keys: Hashes, places: Rows, cells: Hashes, bits: int, chosen: Places) -> int:  # noqa: ARG001 - scratch
    """Do what `kernels.equal_keys.choose_repeated` does."""
    own = cells_of(keys[places], 0, bits)
    _, back, times = np.unique(own, return_inverse=True, return_counts=True)
    repeated = places[times[back] > 1]
    chosen[: len(repeated)] = repeated
    return len(repeated)


def gather_groups(  # noqa: PLR0913, PLR0917 - those of the kernel
    keys: Hashes,
    chosen: Places,
    count: int,
    slots: Places,  # noqa: ARG001 - scratch
    members: Places,
    bounds: npt.NDArray[np.int64],
) -> int:
    """Do what `kernels.equal_keys.gather_groups` does."""
    groups: dict[int, list[int]] = {}
    places = chosen[:count]
    for place, key in zip(places.tolist(), keys[places].tolist(), strict=True):
        groups.setdefault(key, []).append(place)
    kept = [group for group in groups.values() if len(group) > 1]
    bounds[: len(kept) + 1] = np.cumsum([0, *map(len, kept)])
    members[: int(bounds[len(kept)])] = [place for group in kept for place in group]
    return len(kept)


def join_equal(
    members: Places, bounds: npt.NDArray[np.int64], second: Hashes, first_of: Rows
) -> int:
    """Do what `kernels.equal_keys.join_equal` does."""
    moved, rows = 0, members.tolist()
    for first, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        least: dict[int, int] = {}
        for row in rows[first:end]:
            earlier = least.setdefault(int(second[row]), row)
            if earlier != row:
                first_of[row] = earlier
                moved += 1
    return moved
