"""Differences of two shares and Cramér's V, against published and other people's values."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from ftaudit.model.statistics.two_shares import (
    association,
    equal_shares_p_value,
    share_difference,
)


@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0),
    ],
)
def test_intervals_are_those_of_newcombe_1998(
    counts: tuple[int, int, int, int], lower: float, upper: float
) -> None:
    interval = share_difference(*counts)
    assert (interval.lower, interval.upper) == pytest.approx((lower, upper), abs=6e-5)


def test_the_p_value_is_that_of_the_chi_square_test() -> None:
    table = np.array([[56, 14], [48, 32]])
    expected = chi2_contingency(table, correction=False).pvalue
    assert equal_shares_p_value(56, 70, 48, 80) == pytest.approx(expected)
    assert equal_shares_p_value(0, 5, 0, 9) == 1.0


def test_names_that_go_together_have_a_v_of_one_and_independent_ones_of_none() -> None:
    together = association({("a", "x"): 50, ("b", "y"): 50})
    assert together[0] == pytest.approx(1.0)
    assert together[1] < 1e-20
    apart = association({(a, b): 25 for a in "ab" for b in "xy"})
    assert apart[0] == 0.0
    assert apart[1] == pytest.approx(1.0)
    assert association({("a", "x"): 9}) == (0.0, 1.0)
