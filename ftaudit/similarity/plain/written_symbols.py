"""What stands in normalised text for operators, decimal points and the case of capitals."""

from typing import Final

from ftaudit.similarity.plain.symbol_patterns import is_named
from ftaudit.similarity.plain.symbol_surroundings import DIGITS, Surroundings

CAPITAL: Final = "\ua7f7"
"""Stands behind a letter whose case carries meaning, as in `grep -V`: a letter, too."""
POINT: Final = "\ua78f"
"""Stands for a decimal point in normalised text: a letter, so it stays inside its word."""


ARROW: Final = "\u2190"
"""Stands for an arrow that assigns."""


def stand_in(symbol: str) -> str:
    """Return the character that stands for an operator in normalised text.

    The Braille cell of the same number: no text has Braille and ASCII operators mixed, and every
    step of the normalisation leaves it as it is. Both quotation marks have one.
    """
    return chr(0x2800 + ord("'" if symbol == '"' else symbol))


def sign(beside: Surroundings, place: int) -> str:
    """Return what stands for the operator at a place; an arrow has one sign, where it begins."""
    symbol = beside.at(place)
    if symbol == "<" and is_named(beside, place):
        return ARROW
    assigns = symbol == "-" and beside.at(place - 1) == "<" and is_named(beside, place - 1)
    return "" if assigns else stand_in(symbol)


def form(beside: Surroundings, place: int) -> str:
    """Return what normalised text has for the operator at a place; a point joins its digits."""
    if beside.text[place] not in "<-.":
        return f" {stand_in(beside.text[place])} "
    before = beside.at(place - 1)
    if beside.text[place] != "." or beside.at(place + 1) not in DIGITS or before == ".":
        word = sign(beside, place)
        return f" {word} " if word else " "
    return POINT if before in DIGITS else f" 0{POINT}"
