"""The strongest links of giant components: a spanning forest that no order of work can change.

Every bucket is walked alone, as if no other had been seen, so that the edges it yields are a
function of its members. Of all edges together, the maximum spanning forest by similarity, left and
right set is kept (Kruskal 1956). That is one forest only, and the forest of the forests of any
parts of the edges: the buckets may be walked in any order, in any pieces, on any machine.
"""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.search.shingle_sets import ShingleSets


def strongest_forest(edges: npt.NDArray[np.int32], sets: ShingleSets) -> npt.NDArray[np.int32]:
    """Return the edges (left, right, overlap) of the maximum spanning forest, strongest first.

    Of equally similar pairs the lower left, then the lower right set comes first.
    """
    unite = kernels("bucket_walk").unite

    if not len(edges):
        return edges
    common = edges[:, 2].astype(np.int64)
    both = sets.sizes[edges[:, 0]].astype(np.int64) + sets.sizes[edges[:, 1]]
    similarity = common / (both - common)
    ordered = np.ascontiguousarray(edges[np.lexsort((edges[:, 1], edges[:, 0], -similarity))])
    nodes, ends = np.unique(ordered[:, :2], return_inverse=True)
    local = np.column_stack([ends.reshape(-1, 2), np.arange(len(ordered))]).astype(np.int32)
    kept = unite(local, len(local), np.arange(len(nodes), dtype=np.int32))
    return np.asarray(ordered[local[:kept, 2]])
