"""Every two members of a bucket, at once."""

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def pairs_ahead(bounds: Places, most: int | None = None) -> tuple[Places, Places]:
    """Return the places of both members of every pair in a bucket, by the first, then the second.

    Bucket `q` is the places from `bounds[q]` to `bounds[q + 1]`. Only pairs whose places are at
    most `most` apart are returned.
    """
    first = np.arange(bounds[0], bounds[-1])
    ahead = np.repeat(bounds[1:], np.diff(bounds)) - first - 1
    if most is not None:
        ahead = np.minimum(ahead, most)
    places = np.repeat(first, ahead)
    before = np.repeat(np.cumsum(ahead) - ahead, ahead)
    return places, places + 1 + np.arange(len(places)) - before
