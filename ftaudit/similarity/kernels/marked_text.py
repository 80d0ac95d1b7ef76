"""Texts with their operators marked: words are copied, and every symbol is judged."""

# ruff: noqa: ANN001, ANN201 - for numba
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable, var-annotated"

import numpy as np
from numba import int64, uint8, uint64

from ftaudit.similarity.kernels.byte_blocks import BLOCK, bytes_within, load, store, trailing
from ftaudit.similarity.kernels.called import bare, merged
from ftaudit.similarity.kernels.operator_context import (
    BEFORE,
    BLANK,
    CLOSING,
    DIGIT,
    FLAGS,
    FORMULA,
    LETTER,
    MARGIN,
    PAIRS,
    QUOTED,
    SPACE,
    WORD,
    has,
)
from ftaudit.similarity.kernels.operator_idioms import is_capital
from ftaudit.similarity.kernels.operator_patterns import is_named
from ftaudit.similarity.kernels.operator_runs import DROPPED, OPERAND, OPERATOR
from ftaudit.similarity.kernels.operator_scan import judge

SYMBOL = np.zeros(256, np.bool_)
SYMBOL[[*range(33, 48), *range(58, 65), *range(91, 97), *range(123, 127)]] = True
"""ASCII punctuation."""

JOINS = np.zeros(256, np.bool_)
JOINS[[*b"._"]] = True
"""What goes on with a formula before a word."""

_digits, _capitals, _letters, _outside = (
    bytes_within(ord("0"), 10),
    bytes_within(ord("A"), 26),
    bytes_within(ord("a"), 26),
    bytes_within(128, 128),
)
_space, _tab, _line = (bytes_within(ord(c)) for c in " \t_")


@bare
def begins_name(text, at):
    """Return whether an underscore at an index begins a word."""
    return text[at] == 95 and not has(text, at - 1, WORD)


@bare
def copy_words(text, at, out, end):
    """Copy words and blanks to `out`, to the next symbol or line break; return its index.

    An underscore that begins a word counts as a symbol: none stands at `at`.

    A block at a time while the text has one more: `out` has room for five bytes for each of it, and
    the margin has fewer bytes than those.
    """
    while at + BLOCK <= text.shape[0]:
        line = _line(text, at)
        words = (
            _letters(text, at) | _capitals(text, at) | _digits(text, at) | _outside(text, at) | line
        )
        before = (words << uint64(1)) | uint64(has(text, at - 1, WORD))
        count = trailing(~(words | _space(text, at) | _tab(text, at)) | (line & ~before))
        for k in range(0, count, 8):
            store(out, end + k, load(text, at + k))
        at, end = at + count, end + count
        if count < BLOCK:
            return at
    while FLAGS[text[at]] & (WORD | BLANK) and not begins_name(text, at):
        out[end] = text[at]
        at, end = at + 1, end + 1
    return at


@bare
def remember_words(text, state, first, end):
    """Remember that words stand before a place, if they do: those from an index on, with blanks."""
    last = end
    while last > first and has(text, last - 1, BLANK):
        last -= 1
    if last == first:
        return
    start = last
    while start > first and not has(text, start - 1, BLANK):
        start -= 1
    earlier = start
    while earlier > first and has(text, earlier - 1, BLANK):
        earlier -= 1
    joined = start == first and state[FORMULA] and JOINS[text[first - 1]]
    state[FORMULA] = earlier == first and (joined or state[BEFORE] == OPERATOR)
    state[BEFORE] = OPERAND


@bare
def may_ask(text, at):
    """Return whether a question mark at an index may end a name: `name.empty?`, `try?`."""
    if text[at - 2] | 32 == 114 and text[at - 1] | 32 == 121:
        return True
    at -= 1
    while has(text, at, LETTER):
        at -= 1
    return text[at] == 46


@bare
def separates(text, state, at):
    """Return whether a symbol is a comma, ends a sentence or is an apostrophe within a word.

    `judge` would say so too: most symbols of prose are, and need no more than a glance.
    """
    c = text[at]
    if c == 44:
        return not has(text, at + 1, CLOSING)
    if c == 46:
        return has(text, at + 1, SPACE) and not has(text, at - 1, BLANK)
    if c == 63:
        ends = has(text, at + 1, SPACE) and not has(text, at - 1, DIGIT)
        return ends and not may_ask(text, at)
    if c == 59:
        return True
    if c != 39 or state[QUOTED] == 39:
        return False
    return has(text, at - 1, WORD) and has(text, at + 1, WORD)


@merged
def mark(text, kept, state, out, end):
    """Write a text with its operators marked to `out` from `end` on; return where it ends.

    `text` has its margins (`operator_context.MARGIN`), which are not written.
    """
    state[:PAIRS] = 0
    state[PAIRS:] = -1
    at = int64(MARGIN)
    while at < text.shape[0] - MARGIN:
        first = at
        if FLAGS[text[at]] & (WORD | BLANK) and not begins_name(text, at):
            if 65 <= text[at] <= 90 and (text[at - 1] == 92 or text[at - 1] == 45):
                end = write_capital(text, at, out, end)
                at += 1
            words = at
            at = copy_words(text, at, out, end)
            remember_words(text, state, first, at)
            end += at - words
            continue
        if separates(text, state, at):
            out[end], state[BEFORE] = 32, DROPPED
            at, end = at + 1, end + 1
            continue
        at = judge(text, kept, state, at)
        for k in range(first, at):
            end = write(text, kept, k, out, end)
    return end


@bare
def write_capital(text, at, out, end):
    """Write a capital as a small letter, and what keeps it apart if its case carries meaning."""
    out[end] = text[at] + 32
    if not is_capital(text, at):
        return end + 1
    out[end + 1], out[end + 2], out[end + 3] = 0xEA, 0x9F, 0xB7
    return end + 4


@bare
def write(text, kept, at, out, end):
    """Write what becomes of a symbol; return where it ends."""
    c = text[at]
    if not SYMBOL[c]:
        out[end] = c
        return end + 1
    out[end] = 32
    if not kept[at]:
        return end + 1
    if c == 60 and is_named(text, at):
        kept[at + 1] = 0
        out[end + 1], out[end + 2], out[end + 3], out[end + 4] = 0xE2, 0x86, 0x90, 32
        return end + 5
    if c == 46 and has(text, at + 1, DIGIT) and text[at - 1] != 46:
        if not has(text, at - 1, DIGIT):
            out[end + 1] = 48
            end += 2
        out[end], out[end + 1], out[end + 2] = 0xEA, 0x9E, 0x8F
        return end + 3
    if c == 34:
        c = uint8(39)
    out[end + 1], out[end + 2] = 0xE2, 0xA0 | (c >> 6)
    out[end + 3], out[end + 4] = 0x80 | (c & 63), 32
    return end + 5
