"""Processor time that grows with the size of the input, and not with its square."""

import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

SIZES: Final = (50_000, 100_000, 200_000)
"""Characters of hostile texts."""
MOST: Final = 3.0
"""Processor time of twice as much text, to that of the text."""
NOISE: Final = 0.15
"""Seconds below which a time says nothing of growth."""
RUNS: Final = 3
"""Runs of which the shortest counts, where the first does not settle it: others use the machine."""


def assert_linear(act: Callable[[int], object], sizes: Sequence[int] = SIZES) -> None:
    """Hold that twice the size takes at most `MOST` times as long, or next to nothing."""
    longest = _processor_time(act, sizes[-1])
    if longest <= NOISE:
        return  # next to nothing, and so is anything shorter
    times = [*(_processor_time(act, size) for size in sizes[:-1]), longest]
    for _ in range(RUNS - 1):
        if _is_linear(times):
            break
        again = [_processor_time(act, size) for size in sizes]
        times = [min(pair) for pair in zip(times, again, strict=True)]
    assert _is_linear(times), times


def _processor_time(act: Callable[[int], object], size: int) -> float:
    start = time.process_time()
    act(size)
    return time.process_time() - start


def _is_linear(times: Sequence[float]) -> bool:
    return all(large <= max(small * MOST, NOISE) for small, large in pairwise(times))
