"""Sets are compared alike as numbers and as sets."""

import numpy as np
import pytest

from ftaudit.similarity.plain import plain_hash_sets
from ftaudit.similarity.plain.bucket_pairs import pairs_ahead
from ftaudit.similarity.plain.plain_hash_sets import SetsByNumber

VALUES = np.array([5, 7, 9, 0, 7, 9, 2**63, 5], np.uint64)
STARTS, COUNTS = np.array([0, 4, 7, 3]), np.array([3, 3, 1, 0], np.int32)


@pytest.mark.parametrize("most", [0, plain_hash_sets.MOST_BITS])
def test_common_members_are_counted(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_hash_sets, "MOST_BITS", most)
    sets = SetsByNumber(VALUES, STARTS, COUNTS)
    left, right = np.array([0, 1, 0, 2, 0], np.int32), np.array([1, 0, 2, 3, 0], np.int32)
    for _ in range(2):
        assert sets.common_of(left, right).tolist() == [2, 2, 1, 0, 3]
    assert sets.common(0, 1, 2) == 2
    assert sets.common(0, 1, 3) == -1


def test_pairs_stand_in_one_bucket_by_their_first_member() -> None:
    places, others = pairs_ahead(np.array([2, 5, 6, 8]))
    assert [*zip(places.tolist(), others.tolist(), strict=True)] == [(2, 3), (2, 4), (3, 4), (6, 7)]
    places, others = pairs_ahead(np.array([2, 5, 6, 8]), 1)
    assert [*zip(places.tolist(), others.tolist(), strict=True)] == [(2, 3), (3, 4), (6, 7)]
