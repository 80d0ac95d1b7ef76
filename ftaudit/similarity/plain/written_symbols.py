"""What stands in normalised text for operators, decimal points and the case of capitals."""

from typing import Final

from ftaudit.similarity.plain.symbol_surroundings import DIGITS

CAPITAL: Final = "\ua7f7"
"""Stands behind a letter whose case carries meaning, as in `grep -V`: a letter, too."""
POINT: Final = "\ua78f"
"""Stands for a decimal point in normalised text: a letter, so it stays inside its word."""


def stand_in(symbol: str) -> str:
    """Return the character that stands for an operator in normalised text.

    The Braille cell of the same number: no text has Braille and ASCII operators mixed, and every
    step of the normalisation leaves it as it is. Both quotation marks have one.
    """
    return chr(0x2800 + ord("'" if symbol == '"' else symbol))


def form(text: str, place: int) -> str:
    """Return what normalised text has for the operator at a place; a point joins its digits."""
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    if text[place] != "." or after not in DIGITS or before == ".":
        return f" {stand_in(text[place])} "
    return POINT if before in DIGITS else f" 0{POINT}"
