"""Issuer ranges and lengths of payment cards, and test numbers that vendors document."""

import re
from typing import Final, NamedTuple

from ftaudit.model.lazy_pattern import LazyPattern


class CardBrand(NamedTuple):
    """Numbers of one payment network."""

    prefix: str
    lengths: frozenset[int]


BRANDS: Final = (
    CardBrand(r"4", frozenset({13, 16, 19})),  # Visa
    CardBrand(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", frozenset({16})),  # Mastercard
    CardBrand(r"3[47]", frozenset({15})),  # American Express
    CardBrand(r"30[0-5]|309|36|3[89]", frozenset({14, 16, 19})),  # Diners Club
    CardBrand(r"6011|64[4-9]|65", frozenset({16, 19})),  # Discover
    CardBrand(r"35", frozenset({16, 19})),  # JCB: 3528 to 3589, and older test ranges
    CardBrand(r"2131|1800", frozenset({15, 16})),  # JCB, older ranges
    CardBrand(r"62|81", frozenset({16, 17, 18, 19})),  # UnionPay
    CardBrand(r"220[0-4]", frozenset({16, 19})),  # Mir
    CardBrand(r"60|508|82|9792", frozenset({16})),  # RuPay, Troy
    CardBrand(r"50[0-79]|5[6-8]|6[13-9]", frozenset({16})),  # Maestro, with a card's usual length
)
"""Ranges under ISO/IEC 7812, as the networks publish them."""
_MAESTRO: Final = LazyPattern(r"5[06-8]|6|0604")
"""Maestro numbers have 12 to 19 digits: too many numbers are like that without a cue."""
_COMPILED: Final = tuple((re.compile(brand.prefix), brand.lengths) for brand in BRANDS)

GROUPED: Final = LazyPattern(
    r"\d{12,19}|(?:\d{4}([ .-])\d{4}\1\d{4}(?:\1\d{1,4}){0,2})|\d{4}([ .-])\d{6}\2\d{4,5}"
)
"""How cards are printed: unbroken, in fours, or 4-6-5 (American Express) and 4-6-4 (Diners)."""

TEST_NUMBERS: Final = frozenset(
    """
    4111111111111111 4242424242424242 4012888888881881 4000056655665556 4000000000000002
    4222222222222 5555555555554444 5105105105105100 5200828282828210 2223003122003222
    378282246310005 371449635398431 378734493671000 6011111111111117 6011000990139424
    30569309025904 38520000023237 3056930009020004 3530111333300000 3566002020360505
    6200000000000005 6304000000000000 5019717010103742 6331101999990016
    """.split()  # noqa: SIM905 - quotes around every number would hide the numbers
)
"""Numbers that payment processors document for tests (Stripe, PayPal, Adyen)."""


def luhn(number: str) -> bool:
    """Check the last digit of a card, of ASCII digits: ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def issued(number: str, *, cued: bool = False) -> bool:
    """Say whether a network issues numbers that begin so and have this length.

    `number` is ASCII digits. With a word for a card beside it, Maestro's 12 to 19 digits count.
    """
    if any(len(number) in lengths and prefix.match(number) for prefix, lengths in _COMPILED):
        return True
    return cued and 12 <= len(number) <= 19 and _MAESTRO.match(number) is not None
