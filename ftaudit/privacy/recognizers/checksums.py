"""Check digits of cards and national identifiers. Arguments are strings of ASCII digits."""

from collections.abc import Sequence
from typing import Final

_DIHEDRAL: Final = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTE: Final = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def digits(value: str) -> str:
    """Return the decimal digits of `value`, whatever their script, as ASCII digits."""
    return "".join(str(int(c)) for c in value if c.isdecimal())


def luhn(number: str) -> bool:
    """Check ISO/IEC 7812-1 annex B: cards, Canadian SIN, Swedish personnummer, South African id."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def weighted(number: str, weights: Sequence[int]) -> int:
    """Return the sum of each digit times its weight; digits beyond the weights do not count."""
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def verhoeff(number: str) -> bool:
    """Check Verhoeff's dihedral code (1969), used by the Indian Aadhaar."""
    state = 0
    for place, digit in enumerate(reversed(number)):
        state = int(_DIHEDRAL[state][int(_PERMUTE[place % 8][int(digit)])])
    return state == 0


def mod11_10(number: str) -> bool:
    """Check ISO/IEC 7064 MOD 11,10, used by the German tax id and the Croatian OIB."""
    product = 10
    for digit in number[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(number[-1])


def uniform(number: str) -> bool:
    """Say whether all digits are the same: a filler that passes many checksums."""
    return len(set(number)) <= 1
