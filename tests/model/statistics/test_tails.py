import numpy as np
from scipy.special import chdtrc

from ftaudit.model.statistics.tails import chi_square_tail


def test_the_tail_of_chi_square_is_scipys_to_the_last_bit() -> None:
    source = np.random.default_rng(7)
    freedoms = source.integers(1, 300, 5_000)
    statistics = source.gamma(2, 50, 5_000)
    expected = chdtrc(freedoms, statistics)
    pairs = zip(statistics.tolist(), freedoms.tolist(), strict=True)
    assert [chi_square_tail(*pair) for pair in pairs] == expected.tolist()
