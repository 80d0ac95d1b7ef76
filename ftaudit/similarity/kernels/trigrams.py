"""Trigrams of texts, and how many two texts have in common, repeated ones counted."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; one loop nest
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import finish
from ftaudit.similarity.kernels.byte_normalisation import normalise, view

_U64, _I64, _I32 = types.uint64[::1], types.int64[::1], types.int32[::1]
_CHARACTER = np.uint64((1 << 21) - 1)


@njit(types.int64(types.uint8[::1], types.int64, _U64, types.int64), nogil=True, cache=True)
def list_characters(text, size, out, at):
    """Write the characters of UTF-8 to `out` from `at` on; return where they end.

    Invalid UTF-8 is read deterministically: a continuation byte without a start continues the
    character before it, or is a character at the beginning of the text.
    """
    for i in range(size):
        c = uint64(text[i])
        if c < 0x80:
            out[at] = c
        elif c >= 0xF0:
            out[at] = c & uint64(0x07)
        elif c >= 0xE0:
            out[at] = c & uint64(0x0F)
        elif c >= 0xC0 or i == 0:
            out[at] = c & uint64(0x1F)
        else:
            at -= 1
            out[at] = (out[at] << uint64(6) | (c & uint64(0x3F))) & _CHARACTER
        at += 1
    return at


@njit(
    types.void(
        types.Array(types.int32, 2, "C", readonly=True), _U64, types.int64, types.int64,
        types.uint8[::1], types.uint8[::1], _U64, _U64, _I32,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def list_trigrams(views, buffers, low, high, text, block, characters, out, counts):
    """Write the hashes of the trigrams of texts `low` to `high`, one text after another.

    Arguments as of `shingle_rows.shingle_rows`.

    A trigram is three consecutive characters of the normalised text with a space at either end, so
    there are as many as characters. `out` has room for as many as the texts have bytes. No two
    trigrams have the same hash: a code point takes 21 bits, and `finish` is a bijection.

    `text`, `block` and `characters` are scratch: zeros for the bytes of the longest text and `PAD`,
    of a block, and two more than the bytes of the longest text.
    """
    characters[0] = 32
    at = 0
    for t in range(low, high):
        size = normalise(view(views, buffers, t), text, block)
        end = list_characters(text, size, characters, 1)
        characters[end] = 32
        counts[t - low] = end - 1
        for i in range(end - 1):
            first, second = characters[i] << uint64(42), characters[i + 1] << uint64(21)
            out[at] = finish(first | second | characters[i + 2])
            at += 1


@njit(
    types.void(
        _I64, _I64, types.int64, types.int64, _U64, _I64, _I32, _U64, _I64, _I32, _I64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def count_common(left, right, low, high, values, starts, counts, table, stamps, left_over, common):
    """Write how many values the multisets `left[i]` and `right[i]` have in common.

    Multiset `x` is `values[starts[x] : starts[x] + counts[x]]`. `table`, `stamps` (zeros) and
    `left_over` are scratch: a power of two entries, at least twice the values of any.
    """
    for i in range(low, high):
        a, b, stamp = left[i], right[i], i - low + 1
        mask = 1
        while mask < 2 * counts[a]:
            mask *= 2
        mask -= 1
        for z in range(starts[a], starts[a] + counts[a]):
            q = int64(values[z]) & mask
            while stamps[q] == stamp and table[q] != values[z]:
                q = (q + 1) & mask
            if stamps[q] != stamp:
                stamps[q], table[q], left_over[q] = stamp, values[z], 0
            left_over[q] += 1
        both = 0
        for z in range(starts[b], starts[b] + counts[b]):
            q = int64(values[z]) & mask
            while stamps[q] == stamp and table[q] != values[z]:
                q = (q + 1) & mask
            if stamps[q] == stamp and left_over[q] > 0:
                left_over[q] -= 1
                both += 1
        common[i] = both
