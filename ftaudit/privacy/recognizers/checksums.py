"""Check digits of cards and national identifiers. Arguments are strings of ASCII digits."""

from collections.abc import Iterable


def digits(value: str) -> str:
    """Return the decimal digits of `value`, whatever their script, as ASCII digits."""
    return "".join(str(int(c)) for c in value if c.isdecimal())


def weighted(number: str, weights: Iterable[int]) -> int:
    """Return the sum of each digit times its weight; digits beyond the weights do not count."""
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def uniform(number: str) -> bool:
    """Say whether all digits are the same: a filler that passes many checksums."""
    return len(set(number)) <= 1
