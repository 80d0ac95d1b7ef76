"""Band keys → buckets of nodes that share one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ftaudit.progress import Progress
from ftaudit.similarity.bands import Bands
from ftaudit.similarity.nodes import bits, keyed
from ftaudit.similarity.workers import Workers


@dataclass(frozen=True, eq=False)
class Buckets:
    """Groups of nodes that agree on one band: `members[bounds[q] : bounds[q + 1]]`."""

    members: npt.NDArray[np.uint32]
    """Row numbers, ascending within a bucket."""
    bounds: npt.NDArray[np.int64]


def buckets(
    bands: Bands, there: npt.NDArray[np.uint64], workers: Workers, progress: Progress
) -> list[Buckets]:
    """Return the buckets of two nodes or more of every band; `there` are the nodes' rows."""
    with progress.stage("sorting bands", bands.count) as advance:

        def one(band: tuple[int, int]) -> Buckets:
            found = _shared(keyed(bands.read(band[0])[there], there, bits(bands.rows)), bands.rows)
            advance(1)
            return found

        return workers.each([(band, 0) for band in range(bands.count)], one)


def _shared(keys: npt.NDArray[np.uint64], rows: int) -> Buckets:
    from ftaudit.similarity.kernels.walking import (  # noqa: PLC0415 - numba is heavy
        count_shared,
        gather_shared,
    )

    shared = count_shared(keys, bits(rows))
    members = np.empty(shared, np.uint32)
    bounds = np.empty(shared // 2 + 1, np.int64)
    count = gather_shared(keys, bits(rows), members, bounds)
    return Buckets(members, bounds[: count + 1].copy())


def touched(found: list[Buckets]) -> npt.NDArray[np.uint32]:
    """Return the rows in any bucket, ascending."""
    if not any(len(b.members) for b in found):
        return np.zeros(0, np.uint32)
    most = max(int(b.members.max()) for b in found if len(b.members))
    flags = np.zeros(most + 1, np.bool_)
    for bucket in found:
        flags[bucket.members] = True
    return np.flatnonzero(flags).astype(np.uint32)
