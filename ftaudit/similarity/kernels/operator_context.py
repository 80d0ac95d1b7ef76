"""What stands beside a symbol: `plain.symbol_surroundings`, on bytes.

A byte outside ASCII is a letter. A text stands between two margins of line breaks, so that no
function has to ask for its ends. `state` is what a walk over a text remembers, an array of `STATE`
numbers. Constants that are arguments are numbers of numpy: numba compiles a function once for all
of those, but once for each literal of Python.
"""

# ruff: noqa: ANN001, ANN201, PLR1714, SIM109, SIM110 - numba types them
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

from typing import Final

import numpy as np
from numba import uint64

from ftaudit.similarity.kernels.byte_blocks import load
from ftaudit.similarity.kernels.called import bare

PLAIN, OUTSIDE, DIGIT, LETTER, BLANK, LINE, OPENING, CLOSING, QUOTE, RUN, STRONG, SENTENCE, SIGN = (
    np.int64(1 << bit) for bit in range(13)
)
"""What a byte is; `SIGN`: a sign behind it belongs to what follows."""
WORD, SPACE = PLAIN | OUTSIDE, BLANK | LINE

FLAGS = np.zeros(256, np.uint16)
for _bytes, _flag in (
    (b"0123456789", DIGIT | PLAIN),
    (bytes(range(65, 91)) + bytes(range(97, 123)), LETTER | PLAIN),
    (b"_", PLAIN),
    (bytes(range(128, 256)), OUTSIDE),
    (b" \t", BLANK),
    (b"\n\r", LINE),
    (b"([{", OPENING),
    (b")]}", CLOSING),
    (b"\"'`", QUOTE),
    (b"+*=<>&|^~", STRONG | RUN),
    (b"-/!%:?.@", RUN),
    (b".:?!", SENTENCE),
    (b" \t\n\r([{=<>+*/^|&,:;\"'`$", SIGN),
):
    FLAGS[[*_bytes]] |= np.uint16(_flag)

SYMBOLS = np.zeros(256, np.int64)
SYMBOLS[[*b"+*=<>&|^~-/!%:?.@"]] = 1 << np.arange(17)
"""A bit for each symbol of runs."""


def any_of(symbols: bytes) -> np.int64:
    """Return the bits of some symbols of runs."""
    return np.int64(SYMBOLS[[*symbols]].sum())


REPEATED, POINTERS, NEGATIONS, COMPARISONS, ADDRESSES = map(
    any_of, (b"*?", b"*&.~-!", b"~-!&/", b"<>=!", b"&*~!+-")
)
"""Symbols of which the runs of `suffix` and `prefix` are made."""

MARGIN: Final = 8
"""Line breaks before and behind a text: more than a rule looks beyond what it has passed over."""
BACK, AHEAD = np.int64(-1), np.int64(1)
"""Directions of `skip`."""

BEFORE, OPEN, QUOTED, FORMULA, COMMENT, STARRED, PAIRS = range(7)
"""What stands before; the open brackets; the open quotation mark; whether a formula and a comment
of HTML are open, and whether the line has a star that is none; where the pairs that are open close,
by number."""
STAR, TILDE, BAR, DOLLAR, MINUS, TAG = (np.int64(number) for number in range(6))
"""Numbers of the symbols that stand in pairs; `TAG`: `>`."""
PAIRED = np.array([*b"*~|$->"], np.uint8)
UNTIL, FOUND = PAIRS + 4, PAIRS + 10
"""Until where the answer of `closing` holds, and the answer, by number."""
STATE: Final = FOUND + 6


@bare
def has(text, at, flag):
    """Return whether the byte at an index is of a kind."""
    return (FLAGS[text[at]] & flag) != 0


@bare
def skip(text, at, step):
    """Return the next index that holds no blank, in the direction of `step`."""
    while has(text, at, BLANK):
        at += step
    return at


@bare
def stretch_end(text, at, flag):
    """Return where the stretch of bytes of a kind ends that begins at an index."""
    while has(text, at, flag):
        at += 1
    return at


@bare
def alike_end(text, at):
    """Return where the stretch of the symbol at an index ends."""
    end = at + 1
    while text[end] == text[at]:
        end += 1
    return end


@bare
def is_of(text, first, end, symbols):
    """Return whether a run has none but some symbols, given by their bits."""
    for k in range(first, end):
        if SYMBOLS[text[k]] & symbols == 0:
            return False
    return True


@bare
def has_text_beyond(text, first, end):
    """Return whether the line has text on both sides of a run, blanks skipped."""
    left, right = skip(text, first - 1, BACK), skip(text, end, AHEAD)
    if has(text, right, SENTENCE) and has(text, right + 1, SPACE):
        return False
    return not has(text, left, LINE) and not has(text, right, LINE)


@bare
def is_spaced(text, first, end):
    """Return whether a run stands between blanks with text beyond."""
    if not has(text, first - 1, BLANK) or not has(text, end, BLANK):
        return False
    return has_text_beyond(text, first, end)


@bare
def is_left_operand(text, at):
    """Return whether a word, a bracket or a quotation ends at an index."""
    if has(text, at, QUOTE):
        return not has(text, at - 1, SPACE | OPENING)
    return has(text, at, WORD | CLOSING)


@bare
def is_right_operand(text, at):
    """Return whether a word, a bracket, a quotation, `$` or a backslash begins at an index."""
    if has(text, at, QUOTE):
        return not has(text, at + 1, SPACE)
    c = text[at]
    return has(text, at, WORD | OPENING) or c == 36 or c == 92


@bare
def is_single_letter(text, at):
    """Return whether a letter has no letter or digit beside it."""
    if has(text, at - 1, WORD) or has(text, at + 1, WORD):
        return False
    return has(text, at, LETTER)


@bare
def ends_term(text, at):
    """Return whether a number, single letter, bracket or identifier ends at an index."""
    if has(text, at, BLANK):
        at = skip(text, at, BACK)
        while text[at] == 41 or text[at] == 93:
            at -= 1
    c = text[at]
    if has(text, at, DIGIT) or c == 41 or c == 93 or c == 37 or is_single_letter(text, at):
        return True
    joined = False
    while has(text, at, PLAIN) and not joined:
        at -= 1
        joined = text[at] == 95 and has(text, at - 1, PLAIN)
    return joined or (text[at] == 92 and has(text, at + 1, PLAIN))


@bare
def starts_term(text, at):
    """Return whether a number, single letter, bracket or identifier starts at an index."""
    if has(text, at - 1, BLANK):
        while text[at] == 40 or text[at] == 91:
            at += 1
    c = text[at]
    if c == 36 or c == 46 or c == 45:
        return has(text, at + 1, DIGIT)
    if c == 92:
        return has(text, at + 1, LETTER)
    if has(text, at, DIGIT) or c == 40 or c == 91 or is_single_letter(text, at):
        return True
    end, joined = at, False
    while has(text, end, PLAIN):
        joined |= text[end] == 95 and at < end and has(text, end + 1, PLAIN)
        end += 1
    c = text[end]
    return end > at and (joined or c == 40 or c == 91)


@bare
def closes_pair(text, number, first, end):
    """Return whether a run of a paired symbol closes a pair."""
    if has(text, first - 1, SPACE):
        return False
    if number == TAG:
        return True
    if number == STAR or number == TILDE:
        return not has(text, end, PLAIN)
    return not has(text, end, WORD) and (number != DOLLAR or not has(text, end, OPENING))


LF, CR = np.uint8(10), np.uint8(13)


@bare
def differs(word, byte):
    """Return 0 if one of eight bytes is a byte, by the carries of Mycroft's test for zero bytes."""
    ones = uint64(0x0101010101010101)
    apart = word ^ (ones * uint64(byte))
    return uint64(0) if (apart - ones) & ~apart & (ones << uint64(7)) else uint64(1)


@bare
def next_of(text, at, symbol):
    """Return the next index that holds a symbol or a line break, or the end of the text."""
    while at + 8 <= text.shape[0]:
        word = load(text, at)
        if not (differs(word, symbol) and differs(word, LF) and differs(word, CR)):
            break
        at += 8
    while text[at] != symbol and not has(text, at, LINE):
        at += 1
    return at


@bare
def closing(text, state, number, at):
    """Return where the next closing run of a paired symbol begins; -1: not on the line."""
    if at < state[UNTIL + number]:
        return state[FOUND + number]
    state[FOUND + number] = -1
    while True:
        at = next_of(text, at, PAIRED[number])
        if has(text, at, LINE):
            break
        end = at
        while text[end] == PAIRED[number]:
            end += 1
        if end > at and closes_pair(text, number, at, end):
            state[FOUND + number] = at
            state[UNTIL + number] = at + 1
            return at
        at = max(end, at + 1)
    state[UNTIL + number] = at
    return -1
