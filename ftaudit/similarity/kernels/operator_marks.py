"""Operators of texts: which rows have any, and the rows with their operators marked.

The rule is that of `plain.operators`, on bytes: a byte outside ASCII counts as a letter. An
operator is written as a Braille cell between spaces, a decimal point as one letter.

Rows whose only characters outside ASCII are *simple* are normalised here too, some twenty times as
fast as by the general way: typographic quotes, dashes and spaces, the ellipsis, the letters of
Latin-1 and a few currency signs. For those normalisation means one replacement each.
"""

# ruff: noqa: ANN001, ANN201, SIM109, PLR0913, PLR0917, C901, PLR1714 - numba types them
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64, njit, types, uint8, uint64

from ftaudit.similarity.kernels.byte_blocks import BLOCK, ONES, bytes_within
from ftaudit.similarity.kernels.byte_normalisation import last_bytes, view
from ftaudit.similarity.kernels.called import called

_VIEWS, _U64, _I64 = (
    types.Array(types.int32, 2, "C", readonly=True),
    types.uint64[::1],
    types.int64[::1],
)
_U8 = types.uint8[::1]

NONE, STRONG, WEAK, OPENING, CLOSING, HASH, POINT = range(7)

KINDS = np.zeros(256, np.uint8)
KINDS[[ord(c) for c in "+*=<>&|^~"]] = STRONG
KINDS[[ord(c) for c in "-/!%"]] = WEAK
KINDS[[ord(c) for c in "().#"]] = [OPENING, CLOSING, POINT, HASH]

BEFORE_SIGN = np.zeros(256, np.bool_)
BEFORE_SIGN[[ord(c) for c in " \t\n\r([{=<>+*/^|&,:;\"'"]] = True

FOREIGN, OPERATORS, SIMPLE = 1, 2, 3
"""What a row may have: characters outside ASCII; perhaps operators, and none of those; characters
outside ASCII that are all simple."""

KEEP, LOWER, SPACE, SEPARATE, HYPHEN, TIMES, DIVIDE, ELLIPSIS = range(1, 9)
"""What becomes of a simple character: itself, its lower case, a space, a space once operators are
marked (until then it counts as a letter), a sign of ASCII, three full stops."""

ASCII_OF = np.zeros(9, np.uint8)
ASCII_OF[[SPACE, HYPHEN, TIMES, DIVIDE]] = [ord(c) for c in " -*/"]

LATIN = np.zeros((2, 64), np.uint8)
for _c in range(0x80, 0x100):
    if _c >= 0xC0:
        LATIN[_c >> 6 & 1, _c & 63] = LOWER if _c < 0xDF else KEEP
LATIN[0, [c & 63 for c in (0xA2, 0xA3, 0xA5)]] = KEEP
LATIN[0, 0xA0 & 63] = SPACE
LATIN[0, [c & 63 for c in (0xA1, 0xA7, 0xAB, 0xB6, 0xB7, 0xBB, 0xBF)]] = SEPARATE
LATIN[1, 0xD7 & 63], LATIN[1, 0xF7 & 63], LATIN[1, 0xDF & 63] = TIMES, DIVIDE, 0
"""By the second byte of two, after C2 and C3: of U+0080 to U+00FF."""

PUNCTUATION = np.zeros(64, np.uint8)
PUNCTUATION[0x00:0x0B] = SPACE
PUNCTUATION[0x2F] = SPACE
PUNCTUATION[0x10:0x14] = HYPHEN
PUNCTUATION[[0x14, 0x15, *range(0x18, 0x20), 0x22, 0x39, 0x3A]] = SEPARATE
PUNCTUATION[0x26] = ELLIPSIS
"""By the third byte of three, after E2 80: of U+2000 to U+203F."""


@njit(inline="always")
def treatment(text, at):
    """Return what becomes of the character at an index, which is not ASCII; 0 if not simple."""
    lead, size = text[at], text.shape[0]
    if (lead == 0xC2 or lead == 0xC3) and at + 1 < size:
        return LATIN[lead - 0xC2, text[at + 1] & 63]
    if lead == 0xE2 and at + 2 < size:
        if text[at + 1] == 0x80:
            return PUNCTUATION[text[at + 2] & 63]
        if text[at + 1] == 0x88 and text[at + 2] == 0x92:
            return uint8(HYPHEN)
        if text[at + 1] == 0x82 and text[at + 2] == 0xAC:
            return uint8(KEEP)
    return uint8(0)


@called
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


@called
def fold_simple(text, folded):
    """Write a simple text in lower case, with the signs of ASCII, to `folded`; return its size."""
    at, end = 0, 0
    while at < text.shape[0]:
        c = text[at]
        if c < 128:
            folded[end] = c + 32 if 65 <= c <= 90 else c
            at, end = at + 1, end + 1
            continue
        kind, width = treatment(text, at), 3 if c == 0xE2 else 2
        if kind == KEEP or kind == LOWER or kind == SEPARATE:
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


_foreign, _digits, _capitals, _letters = (
    bytes_within(128, 128),
    bytes_within(ord("0"), 10),
    bytes_within(ord("A"), 26),
    bytes_within(ord("a"), 26),
)
_percent_and, _star_plus, _comparisons = (
    bytes_within(ord("%"), 2),
    bytes_within(ord("*"), 2),
    bytes_within(ord("<"), 3),
)
_caret, _bar, _tilde, _space, _tab = (bytes_within(ord(c)) for c in "^|~ \t")
_minus, _slash, _point, _shout, _hash = (bytes_within(ord(c)) for c in "-/.!#")
_round, _square, _dollar, _line = (bytes_within(ord(c)) for c in "([$_")


@called
def block_candidates(text, at, beyond):
    """Return which bytes of a block may be operators, and which are outside ASCII.

    Of the last byte only what needs no neighbour; bytes in `beyond` are not looked at.
    """
    shift = uint64(1)
    strong = (
        _percent_and(text, at) | _star_plus(text, at) | _comparisons(text, at)
        | _caret(text, at) | _bar(text, at) | _tilde(text, at)
    )  # fmt: skip
    digits, slashes, round_ = _digits(text, at), _slash(text, at), _round(text, at)
    letters = _capitals(text, at) | _letters(text, at)
    term = (
        digits | letters | _space(text, at) | _tab(text, at) | round_ | _square(text, at)
        | _dollar(text, at) | _point(text, at) | slashes
    )  # fmt: skip
    operand = digits | letters | round_ | _line(text, at)
    beside = (
        ((_minus(text, at) | slashes) & ((term & ~beyond) >> shift))
        | (_point(text, at) & ((digits & ~beyond) >> shift))
        | (_shout(text, at) & ((operand & ~beyond) >> shift))
        | (letters & ((_hash(text, at) & ~beyond) >> shift))
    )
    return (strong | beside) & ~beyond, _foreign(text, at) & ~beyond


@njit(types.void(_VIEWS, _U64, _U8), nogil=True, cache=True)
def classify_rows(views, buffers, classes):
    """Write `FOREIGN`, `OPERATORS`, `SIMPLE` or 0 for every text.

    A text without operators may be classed as `OPERATORS`, never the reverse. A block of 64 bytes
    at a time; blocks overlap by one byte, so that each byte is seen with the one after it.
    """
    block = np.zeros(BLOCK, np.uint8)
    for row in range(views.shape[0]):
        text = view(views, buffers, row)
        foreign, operators, at = uint64(0), uint64(0), int64(0)
        while at < text.shape[0]:
            count = text.shape[0] - at
            if count >= BLOCK:
                candidates, outside = block_candidates(text, at, uint64(0))
            else:
                last_bytes(text, count, block)
                candidates, outside = block_candidates(block, int64(0), ONES << uint64(count))
            operators |= candidates
            foreign |= outside
            at += BLOCK - 1
        if foreign:
            classes[row] = SIMPLE if is_simple(text) else FOREIGN
        else:
            classes[row] = OPERATORS if operators else 0


@njit(inline="always")
def is_digit(c):
    """Return whether a byte is an ASCII digit."""
    return 48 <= c <= 57


@njit(inline="always")
def is_letter(c):
    """Return whether a byte is an ASCII letter."""
    return 65 <= c <= 90 or 97 <= c <= 122


@njit(inline="always")
def is_word(c):
    """Return whether a byte is a letter, a digit, an underscore or outside ASCII."""
    return c >= 128 or is_digit(c) or is_letter(c) or c == 95


@njit(inline="always")
def byte_at(text, at):
    """Return the byte at an index; a line break before and after the text."""
    return text[at] if 0 <= at < text.shape[0] else uint8(10)


@njit(inline="always")
def is_blank(c):
    """Return whether a byte is a space or a tab."""
    return c == 32 or c == 9


@called
def skip(text, at, step):
    """Return the next index that holds no blank, in the direction of `step`."""
    while is_blank(byte_at(text, at)):
        at += step
    return at


@called
def is_single_letter(text, at):
    """Return whether a letter at an index has no letter or digit beside it."""
    return (
        is_letter(byte_at(text, at))
        and not is_word(byte_at(text, at - 1))
        and not is_word(byte_at(text, at + 1))
    )


@called
def ends_term(text, at):
    """Return whether a number, a single letter or a bracket ends at an index, blanks skipped."""
    at = skip(text, at, -1)
    c = byte_at(text, at)
    return is_digit(c) or c == 41 or c == 93 or c == 37 or is_single_letter(text, at)


@called
def starts_term(text, at):
    """Return whether a number, a single letter or a bracket starts at an index."""
    c = byte_at(text, at)
    if c == 36 or c == 46 or c == 45:
        return is_digit(byte_at(text, at + 1))
    return is_digit(c) or c == 40 or c == 91 or is_single_letter(text, at)


@called
def run_operates(text, at):
    """Return whether the run of operator symbols around an index is an operator."""
    first, end = at, at + 1
    while 1 <= KINDS[byte_at(text, first - 1)] <= 2:
        first -= 1
    while 1 <= KINDS[byte_at(text, end)] <= 2:
        end += 1
    strong, plus = False, True
    for k in range(first, end):
        strong |= KINDS[text[k]] == STRONG
        plus &= text[k] == 43
    before, after = byte_at(text, first - 1), byte_at(text, end)
    spaced = is_blank(before) and is_blank(after)
    if spaced:
        left, right = byte_at(text, skip(text, first - 1, -1)), byte_at(text, skip(text, end, 1))
        spaced = left != 10 and left != 13 and right != 10 and right != 13
    if strong:
        direct = is_word(before) or before == 41 or before == 93 or before == 34 or before == 39
        follows = (
            is_word(after)
            or after == 40
            or after == 91
            or after == 34
            or after == 39
            or after == 36
        )
        return spaced or (direct and (follows or plus))
    symbol, length = text[first], end - first
    if length == 2 and symbol == 47 and text[first + 1] == 47:
        length = 1
    if length > 1:
        return False
    if symbol == 45:
        return starts_term(text, skip(text, end, 1)) and (
            ends_term(text, first - 1) or (BEFORE_SIGN[before] and starts_term(text, end))
        )
    if symbol == 47:
        return spaced or (ends_term(text, first - 1) and starts_term(text, skip(text, end, 1)))
    if symbol == 33:
        return BEFORE_SIGN[before] and (is_word(after) or after == 40)
    return is_digit(before) or spaced


@called
def operates(text, at):
    """Return whether the symbol at an index is an operator."""
    kind = KINDS[text[at]]
    if kind == NONE:
        return False
    if kind <= WEAK:
        return run_operates(text, at)
    if kind == POINT:
        return is_digit(byte_at(text, at - 1)) and is_digit(byte_at(text, at + 1))
    if kind == HASH:
        return is_single_letter(text, at - 1) and not is_word(byte_at(text, at + 1))
    beside = skip(text, at - 1, -1) if kind == OPENING else skip(text, at + 1, 1)
    return 1 <= KINDS[byte_at(text, beside)] <= 2 and run_operates(text, beside)


@njit(types.void(_VIEWS, _U64, _I64, types.boolean, _U8, _I64), nogil=True, cache=True)
def mark_rows(views, buffers, rows, simple, out, ends):
    """Write the texts of `rows` with their operators marked to `out`, one after another.

    When all of them are `simple`, they are folded before, and simple separators become spaces.

    Symbols that are no operators become spaces, so that marking twice is marking once.
    `ends[0]` is 0, `ends[i + 1]` gets where the text of `rows[i]` ends. `out` has room for five
    bytes for every byte of the texts.
    """
    end, longest = int64(0), int64(0)
    ends[0] = 0
    for i in range(rows.shape[0]):
        longest = max(longest, int64(views[rows[i], 0]))
    scratch = np.empty(longest if simple else 0, np.uint8)
    for i in range(rows.shape[0]):
        text = view(views, buffers, rows[i])
        if simple:
            text = scratch[: fold_simple(text, scratch)]
        at = int64(-1)
        while at + 1 < text.shape[0]:
            at += 1
            c = text[at]
            if simple and c >= 0xC2 and treatment(text, at) == SEPARATE:
                out[end] = 32
                end += 1
                at += 2 if c == 0xE2 else 1
            elif KINDS[c] == NONE:
                out[end] = c
                end += 1
            else:
                # of a run of symbols all are operators or none: to judge each by itself would take
                # the square of the run's length
                last, run = at, KINDS[c] <= WEAK
                while run and 1 <= KINDS[byte_at(text, last + 1)] <= WEAK:
                    last += 1
                kept = operates(text, at)
                for k in range(at, last + 1):
                    c = text[k]
                    if not kept:
                        out[end] = 32
                        end += 1
                    elif c == 46:
                        out[end], out[end + 1], out[end + 2] = 0xEA, 0x9E, 0x8F
                        end += 3
                    else:
                        out[end], out[end + 4] = 32, 32
                        out[end + 1], out[end + 2] = 0xE2, 0xA0 | (c >> 6)
                        out[end + 3] = 0x80 | (c & 63)
                        end += 5
                at = last
        ends[i + 1] = end
