"""Operators of texts: which rows have any, and the rows with their operators marked.

The rule is that of `plain.operators`, on bytes: a byte outside ASCII counts as a letter. An
operator is written as a Braille cell between spaces, a decimal point as one letter. Rows that are
not ASCII, but *simple* (`typography`), are normalised here too.
"""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types them
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import BLOCK, ONES, bytes_within
from ftaudit.similarity.kernels.byte_normalisation import last_bytes, view
from ftaudit.similarity.kernels.called import called
from ftaudit.similarity.kernels.marked_text import mark
from ftaudit.similarity.kernels.operator_context import MARGIN, STATE
from ftaudit.similarity.kernels.typography import fold_simple, is_simple

_VIEWS, _U64, _I64 = (
    types.Array(types.int32, 2, "C", readonly=True),
    types.uint64[::1],
    types.int64[::1],
)
_U8 = types.uint8[::1]

FOREIGN, OPERATORS, SIMPLE = 1, 2, 3
"""What a row may have: characters outside ASCII; perhaps operators, and none of those; characters
outside ASCII that are all simple."""

_foreign, _digits, _capitals, _letters = (
    bytes_within(128, 128),
    bytes_within(ord("0"), 10),
    bytes_within(ord("A"), 26),
    bytes_within(ord("a"), 26),
)
_money, _star_plus, _signs, _escapes, _bars = (
    bytes_within(ord("$"), 3),
    bytes_within(ord("*"), 2),
    bytes_within(ord("<"), 3),
    bytes_within(ord("\\"), 1),
    bytes_within(ord("|"), 1),
)
_stops, _point, _colon, _shout, _query, _at_sign = (
    bytes_within(ord("-"), 3),
    *(bytes_within(ord(c)) for c in ".:!?@"),
)
_caret, _tilde, _hash, _line = (bytes_within(ord(c)) for c in "^~#_")
_round, _square, _curly, _quote = (bytes_within(ord(c)) for c in "([{'")
_comma, _semicolon, _closed, _shut, _ended = (bytes_within(ord(c)) for c in ",;)]}")
_space, _tab = bytes_within(ord(" ")), bytes_within(ord("\t"))


@called
def block_candidates(text, at, beyond):
    """Return which bytes of a block may be operators, and which are outside ASCII.

    Of the last two bytes only what needs no neighbour; bytes in `beyond` are not looked at.
    """
    shift = uint64(1)
    stops, points, colon = _stops(text, at), _point(text, at), _colon(text, at)
    round_, square, curly = _round(text, at), _square(text, at), _curly(text, at)
    shout, query, comma = _shout(text, at), _query(text, at), _comma(text, at)
    strong = (
        _money(text, at) | _star_plus(text, at) | _signs(text, at) | _escapes(text, at)
        | _bars(text, at) | _caret(text, at) | _tilde(text, at) | square | curly
        | (stops & ~points)
    )  # fmt: skip
    digits, letters = _digits(text, at), _capitals(text, at) | _letters(text, at)
    line, sharp, quote = _line(text, at), _hash(text, at), _quote(text, at)
    plain, blank = digits | letters | line, _space(text, at) | _tab(text, at)
    behind = letters & ~beyond
    listed = (digits | letters) & ((comma & ~beyond) >> shift)
    beside = (
        (points & (((digits | points | letters) & ~beyond) >> shift))
        | (shout & (((plain | round_ | colon | points) & ~beyond) >> shift))
        | (query & (((plain | points | colon | _semicolon(text, at)) & ~beyond) >> shift))
        | (_at_sign(text, at) & (((letters | blank) & ~beyond) >> shift))
        | (colon & (((digits | colon | letters | round_) & ~beyond) >> shift))
        | (plain & ((sharp & ~beyond) >> shift))
        | (sharp & (behind >> shift))
        | (~plain & ((line & ~beyond) >> shift))
        | (~plain & ((behind >> shift) & ((shout & ~beyond) >> uint64(2))))
        | (blank & (points >> shift) & ((blank & ~beyond) >> uint64(2)))
        | (blank & (quote >> shift) & (behind >> uint64(2)))
        | (quote & ((quote & ~beyond) >> shift))
        | (digits & (((shout | query) & ~beyond) >> shift))
        | ((plain | quote) & ((round_ & ~beyond) >> shift))
        | (round_ & (((digits | query | _closed(text, at) | listed) & ~beyond) >> shift))
        | (comma & (((_closed(text, at) | _shut(text, at) | _ended(text, at)) & ~beyond) >> shift))
    )
    return (strong | beside) & ~beyond, _foreign(text, at) & ~beyond


@called
def begins(text):
    """Return whether a text begins with what a block looks for behind another byte: `_`, `n!`."""
    size = text.shape[0]
    return (size > 0 and text[0] == 95) or (size > 1 and text[1] == 33)


@njit(types.void(_VIEWS, _U64, _U8), nogil=True, cache=True)
def classify_rows(views, buffers, classes):
    """Write `FOREIGN`, `OPERATORS`, `SIMPLE` or 0 for every text.

    A text without operators may be classed as `OPERATORS`, never the reverse. A block of 64 bytes
    at a time; blocks overlap by two bytes, so that each byte is seen with the two after it.
    """
    block = np.zeros(BLOCK, np.uint8)
    for row in range(views.shape[0]):
        text = view(views, buffers, row)
        foreign, operators, at = uint64(0), uint64(begins(text)), int64(0)
        while at < text.shape[0]:
            count = text.shape[0] - at
            if count >= BLOCK:
                candidates, outside = block_candidates(text, at, uint64(0))
            else:
                last_bytes(text, count, block)
                candidates, outside = block_candidates(block, int64(0), ONES << uint64(count))
            operators |= candidates
            foreign |= outside
            at += BLOCK - 2
        if foreign:
            classes[row] = SIMPLE if is_simple(text) else FOREIGN
        else:
            classes[row] = OPERATORS if operators else 0


@njit(types.void(_VIEWS, _U64, _I64, types.boolean, _U8, _I64), nogil=True, cache=True)
def mark_rows(views, buffers, rows, simple, out, ends):
    """Write the texts of `rows` with their operators marked to `out`, one after another.

    When all of them are `simple`, they are folded before.

    Symbols that are no operators become spaces, so that marking twice is marking once.
    `ends[0]` is 0, `ends[i + 1]` gets where the text of `rows[i]` ends. `out` has room for five
    bytes for every byte of the texts.
    """
    end, longest = int64(0), int64(0)
    ends[0] = 0
    for i in range(rows.shape[0]):
        longest = max(longest, int64(views[rows[i], 0]))
    scratch = np.empty(longest + 2 * MARGIN, np.uint8)
    for k in range(MARGIN):
        scratch[k] = 10
    kept, state = np.empty(longest + 2 * MARGIN, np.uint8), np.empty(STATE, np.int64)
    for i in range(rows.shape[0]):
        text = view(views, buffers, rows[i])
        size = text.shape[0]
        if simple:
            size = fold_simple(text, scratch[MARGIN:])
        else:
            for k in range(size):
                scratch[MARGIN + k] = text[k]
        for k in range(size, size + MARGIN):
            scratch[MARGIN + k] = 10
        end = mark(scratch[: size + 2 * MARGIN], kept, state, out, end)
        ends[i + 1] = end
