"""Texts whose only characters outside ASCII are *simple*, and those in lower case.

Typographic quotes, dashes and spaces, the ellipsis, the letters of Latin-1 and a few currency
signs: for those normalisation means one replacement each, some twenty times as fast as the general
way.
"""

# ruff: noqa: ANN001, ANN201, PLR1714, SIM109 - numba types them
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import njit, uint8

from ftaudit.similarity.kernels.called import bare

KEEP, LOWER, BLANK_SPACE, COMMA, QUOTE_MARK, DOUBLE_QUOTE, HYPHEN, TIMES, DIVIDE, ELLIPSIS = range(
    1, 11
)
"""What becomes of a simple character: itself, its lower case, a sign of ASCII, three full stops."""

ASCII_OF = np.zeros(11, np.uint8)
ASCII_OF[BLANK_SPACE:ELLIPSIS] = [ord(c) for c in " ,'\"-*/"]

LATIN = np.zeros((2, 64), np.uint8)
for _c in range(0x80, 0x100):
    if _c >= 0xC0:
        LATIN[_c >> 6 & 1, _c & 63] = LOWER if _c < 0xDF else KEEP
LATIN[0, [c & 63 for c in (0xA2, 0xA3, 0xA5)]] = KEEP
LATIN[0, 0xA0 & 63] = BLANK_SPACE
LATIN[0, [c & 63 for c in (0xA1, 0xA7, 0xB6, 0xB7, 0xBF)]] = COMMA
LATIN[0, [c & 63 for c in (0xAB, 0xBB)]] = DOUBLE_QUOTE
LATIN[1, 0xD7 & 63], LATIN[1, 0xF7 & 63], LATIN[1, 0xDF & 63] = TIMES, DIVIDE, 0
"""By the second byte of two, after C2 and C3: of U+0080 to U+00FF."""

TYPOGRAPHY = np.zeros(64, np.uint8)
TYPOGRAPHY[0x00:0x0B] = BLANK_SPACE
TYPOGRAPHY[0x2F] = BLANK_SPACE
TYPOGRAPHY[0x10:0x14] = HYPHEN
TYPOGRAPHY[[0x14, 0x15, 0x22]] = COMMA
TYPOGRAPHY[0x18:0x1C] = QUOTE_MARK
TYPOGRAPHY[[*range(0x1C, 0x20), 0x39, 0x3A]] = DOUBLE_QUOTE
TYPOGRAPHY[0x26] = ELLIPSIS
"""By the third byte of three, after E2 80: of U+2000 to U+203F."""


@njit(inline="always")
def treatment(text, at):
    """Return what becomes of the character at an index, which is not ASCII; 0 if not simple."""
    lead, size = text[at], text.shape[0]
    if (lead == 0xC2 or lead == 0xC3) and at + 1 < size:
        return LATIN[lead - 0xC2, text[at + 1] & 63]
    if lead == 0xE2 and at + 2 < size:
        if text[at + 1] == 0x80:
            return TYPOGRAPHY[text[at + 2] & 63]
        if text[at + 1] == 0x88 and text[at + 2] == 0x92:
            return uint8(HYPHEN)
        if text[at + 1] == 0x82 and text[at + 2] == 0xAC:
            return uint8(KEEP)
    return uint8(0)


@bare
def is_simple(text):
    """Return whether every character of valid UTF-8 outside ASCII is simple."""
    at = 0
    while at < text.shape[0]:
        if text[at] < 128:
            at += 1
            continue
        if treatment(text, at) == 0:
            return False
        at += 3 if text[at] == 0xE2 else 2
    return True


@bare
def fold_simple(text, folded):
    """Write a simple text in lower case, with the signs of ASCII, to `folded`; return its size.

    Capitals behind a hyphen or a backslash stay: their case may carry meaning.
    """
    at, end = 0, 0
    while at < text.shape[0]:
        c = text[at]
        if c < 128:
            lowered = 65 <= c <= 90 and not (end > 0 and (folded[end - 1] in (45, 92)))
            folded[end] = c + 32 if lowered else c
            at, end = at + 1, end + 1
            continue
        kind, width = treatment(text, at), 3 if c == 0xE2 else 2
        if kind == KEEP or kind == LOWER:
            for k in range(width):
                folded[end + k] = text[at + k]
            if kind == LOWER:
                folded[end + 1] += 32
            end += width
        elif kind == ELLIPSIS:
            folded[end], folded[end + 1], folded[end + 2] = 46, 46, 46
            end += 3
        else:
            folded[end] = ASCII_OF[kind]
            end += 1
        at += width
    return end
