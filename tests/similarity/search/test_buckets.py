"""Buckets of several bands are put merged, and what occurs again is left out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.similarity.search.buckets import Buckets, merged

Groups = list[list[int]]

bands = st.lists(
    st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=4, unique=True).map(sorted)),
    min_size=1,
    max_size=4,
)


def buckets(groups: Groups) -> Buckets:
    """Return buckets as the engine makes them."""
    members = np.array([member for group in groups for member in group], np.int32)
    return Buckets(members, np.cumsum([0, *map(len, groups)], dtype=np.int64))


def groups(found: Buckets) -> Groups:
    """Return the members of each bucket."""
    return [part.tolist() for part in np.split(found.members, found.bounds[1:-1])][: len(found)]


@given(bands)
def test_put_merged_bands_keep_every_bucket_in_order(given_bands: list[Groups]) -> None:
    everything = [group for band in given_bands for group in band]
    assert groups(merged([buckets(band) for band in given_bands])) == everything


@given(bands)
def test_a_couple_is_kept_once_and_larger_buckets_as_they_are(given_bands: list[Groups]) -> None:
    everything = [group for band in given_bands for group in band]
    found = groups(merged([buckets(band) for band in given_bands]).once())
    couples = sorted({tuple(group) for group in everything if len(group) == 2})
    assert found == [*map(list, couples), *(group for group in everything if len(group) > 2)]
