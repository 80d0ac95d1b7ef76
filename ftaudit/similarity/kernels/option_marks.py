"""Which texts may ask a multiple-choice question: those with two line breaks or labels of options.

A label is a letter or a number of up to two digits, perhaps behind an opening bracket, and one of
`) ] . :` behind it, between two blanks. A byte outside ASCII counts as a blank: some are a part of
one. So no text with two breaks or labels is passed over (`search.permuted_options` looks closer).
"""

# ruff: noqa: ANN001, ANN201 - numba types the arguments; bytes as ASCII has them
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import BLOCK, ONES, bytes_within, ones, trailing
from ftaudit.similarity.kernels.byte_normalisation import last_bytes, view
from ftaudit.similarity.kernels.called import called

_VIEWS = types.Array(types.int32, 2, "C", readonly=True)

_breaks, _tab_and_breaks = bytes_within(10, 4), bytes_within(9, 5)
_space, _foreign = bytes_within(ord(" ")), bytes_within(128, 128)
_round, _square = bytes_within(ord(")")), bytes_within(ord("]"))
_point, _colon = bytes_within(ord(".")), bytes_within(ord(":"))

ALL_BUT_LAST = ONES >> uint64(1)
"""All bytes of a block but the last, which is the first of the next."""


@called
def marks_of_block(block, at, beyond):
    """Return which bytes of a block break a line, and which may end a label: a blank follows.

    Bytes in `beyond` are not looked at.
    """
    blank = _tab_and_breaks(block, at) | _space(block, at) | _foreign(block, at)
    ends = _round(block, at) | _square(block, at) | _point(block, at) | _colon(block, at)
    return _breaks(block, at) & ~beyond, ends & ((blank & ~beyond) >> uint64(1))


@njit(inline="always")
def is_digit(c):
    """Return whether a byte is a digit."""
    return 48 <= c <= 57


@called
def begins_label(text, start):
    """Return whether a blank stands before `start`, or an opening bracket behind a blank."""
    before = start - 1
    if before >= 0 and (text[before] == 40 or text[before] == 91):
        before -= 1
    return before >= 0 and (9 <= text[before] <= 13 or text[before] == 32 or text[before] >= 128)


@called
def ends_label(text, end):
    """Return whether what stands before the mark at `end` makes it a label."""
    if end < 2:
        return False
    if is_digit(text[end - 1]):
        return begins_label(text, end - 1) or (
            is_digit(text[end - 2]) and begins_label(text, end - 2)
        )
    return 97 <= text[end - 1] | 32 <= 122 and begins_label(text, end - 1)


@njit(types.void(_VIEWS, types.uint64[::1], types.boolean[::1]), nogil=True, cache=True)
def find_lists(views, buffers, found):
    """Write for every text whether it has two line breaks or labels.

    A block of 64 bytes at a time; blocks overlap by one, so that each byte is seen with the next.
    """
    last = np.zeros(BLOCK, np.uint8)
    for row in range(views.shape[0]):
        text = view(views, buffers, row)
        at, marks = int64(0), int64(0)
        while at < text.shape[0] and marks < 2:
            count = text.shape[0] - at
            if count >= BLOCK:
                breaks, ends = marks_of_block(text, at, uint64(0))
            else:
                last_bytes(text, count, last)
                breaks, ends = marks_of_block(last, int64(0), ONES << uint64(count))
            marks += ones(breaks & ALL_BUT_LAST if count > BLOCK else breaks)
            while ends and marks < 2:
                marks += int64(ends_label(text, at + trailing(ends)))
                ends &= ends - uint64(1)
            at += BLOCK if count <= BLOCK else BLOCK - 1
        found[row] = marks >= 2
