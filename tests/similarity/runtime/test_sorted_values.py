"""Distinct values are those of numpy, in its order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.similarity.runtime.sorted_values import distinct_values


@given(st.lists(st.integers(0, 9)), st.booleans())
def test_every_value_is_there_once_and_ascending(values: list[int], paired: bool) -> None:
    array = np.array(values, np.uint64)
    if paired:
        array = array[: len(array) // 2 * 2].reshape(-1, 2)
    assert np.array_equal(distinct_values(array), np.unique(array))
