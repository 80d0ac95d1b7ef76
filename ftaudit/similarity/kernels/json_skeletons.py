"""Skeletons of lines of JSON: everything but the texts that decide nothing.

A skeleton is the line with single bytes in place of most values: marks, which no JSON has outside
of its strings. Two lines of one skeleton have the same keys, kinds and structure, and both are JSON
or neither is. The key that a string stands under decides whether it stays as it is.

Nothing is parsed: strings are found, and the bytes between them are copied. A line is left in doubt
where its bytes alone do not tell enough: escapes in keys and ids, halves of surrogate pairs,
numbers that may not fit, control characters. UTF-8 is not checked.
"""

# ruff: noqa: ANN001, ANN201, C901, FBT003, PLR0911, PLR0912, PLR0913, PLR0915, PLR0917, PLR1714, SIM110 - numba types them, and one loop is what it compiles best
# mypy: disable-error-code="no-untyped-def, no-untyped-call, unreachable"

import numpy as np
from numba import int64, njit, types, uint8

from ftaudit.similarity.kernels.called import called

_U8, _I64 = types.uint8[::1], types.int64[::1]
_BYTES = types.Array(types.uint8, 1, "C", readonly=True)

PLAIN, KEPT, COPIED, ID, ARGUMENTS, VERBATIM = range(6)
"""How strings under a key are written: as a mark; as they are where short; as they are; as the
number of the first equal id; as a mark, with their place. Under `VERBATIM` the whole value is
copied."""
EMPTY, TEXT, INTEGER, FLOAT, EQUAL_ID, JSON_TEXT = 1, 3, 4, 5, 6, 7
"""Marks."""
DOUBTFUL, ASCII, FOREIGN = range(3)
"""The state of a line: in doubt, all ASCII, or not."""
LONGEST_KEPT = 384
"""Bytes of JSON that 32 characters may need. What is longer is not kept."""
MOST_IDS = 60
DEEPEST = 60
LONGEST_NUMBER = 18
"""Digits that fit into 64 bits."""

HEX = np.zeros(256, np.bool_)
HEX[[ord(c) for c in "0123456789abcdefABCDEF"]] = True
ESCAPES = np.zeros(256, np.bool_)
ESCAPES[[ord(c) for c in '"\\/bfnrtu']] = True


@called
def is_half(data, at, low):
    """Return whether four hexadecimal digits are the high, or low, half of a surrogate pair."""
    second = data[at + 1] | 32
    is_low = second >= 99 and second <= 102
    is_high = second == 56 or second == 57 or second == 97 or second == 98
    return (data[at] | 32) == 100 and (is_low if low else is_high)


@called
def four_digits(data, at, end):
    """Return whether four hexadecimal digits stand at an index."""
    if at + 4 > end:
        return False
    for k in range(at, at + 4):
        if not HEX[data[k]]:
            return False
    return True


@called
def read_string(data, start, end, marks):
    """Return the index after the string whose first character is at `start`; -1 in doubt.

    `marks` gets whether a character that is no white space is in it, whether an escape is, and
    whether anything outside ASCII is.
    """
    solid = escaped = foreign = False
    at = start
    while at < end:
        c = data[at]
        if c == 34:
            marks[0], marks[1], marks[2] = solid, escaped, foreign
            return at + 1
        if c == 92:
            escaped = True
            if at + 1 >= end or not ESCAPES[data[at + 1]]:
                return int64(-1)
            e = data[at + 1]
            if e == 117:
                if not four_digits(data, at + 2, end) or is_half(data, at + 2, True):
                    return int64(-1)
                if is_half(data, at + 2, False):
                    pair = at + 6
                    if pair + 6 > end or data[pair] != 92 or data[pair + 1] != 117:
                        return int64(-1)
                    if not four_digits(data, pair + 2, end) or not is_half(data, pair + 2, True):
                        return int64(-1)
                    solid = True
                    at += 6
                at += 6
            else:
                solid = solid or e == 34 or e == 92 or e == 47
                at += 2
        elif c > 127:
            foreign = True
            if c >= 0xC3 and c != 0xE1 and c != 0xE2:
                solid = solid or not (
                    c == 0xE3 and at + 2 < end and data[at + 1] == 0x80 and data[at + 2] == 0x80
                )
            at += 1
        elif c < 32:
            return int64(-1)
        else:
            solid = solid or c != 32
            at += 1
    return int64(-1)


@called
def read_number(data, start, end):
    """Return the index after the number at `start`, negative where it has a point; 0 in doubt."""
    at = start
    if data[at] == 45:
        at += 1
    first = at
    while at < end and data[at] >= 48 and data[at] <= 57:
        at += 1
    digits, point = at - first, False
    if digits == 0 or (digits > 1 and data[first] == 48):
        return int64(0)
    if at < end and data[at] == 46:
        point = True
        at += 1
        first = at
        while at < end and data[at] >= 48 and data[at] <= 57:
            at += 1
        if at == first:
            return int64(0)
        digits += at - first
    if digits > LONGEST_NUMBER:
        return int64(0)
    if at < end and (data[at] | 32 == 101 or data[at] == 45 or data[at] == 43 or data[at] == 46):
        return int64(0)
    return -at if point else at


@called
def class_of(data, start, end, names, bounds, classes):
    """Return how strings are written under the key that stands between two indexes."""
    for i in range(classes.shape[0]):
        low, size = bounds[i], bounds[i + 1] - bounds[i]
        if size != end - start or names[low] != data[start]:
            continue
        same = True
        for k in range(1, size):
            same = same and names[low + k] == data[start + k]
        if same:
            return classes[i]
    return uint8(PLAIN)


@called
def equal_id(data, start, end, ids, count):
    """Return the number of the first id that equals the one between two indexes."""
    for i in range(count):
        if ids[i, 1] - ids[i, 0] != end - start:
            continue
        same = True
        for k in range(end - start):
            same = same and data[ids[i, 0] + k] == data[start + k]
        if same:
            return i
    return count


@called
def copy(data, start, end, out, to):
    """Copy bytes; return the index after them in `out`."""
    for k in range(end - start):
        out[to + k] = data[start + k]
    return to + end - start


@njit(
    types.void(_BYTES, _I64, _BYTES, _I64, _U8, types.boolean, _U8, _I64, _U8, _I64, _I64),
    nogil=True,
    cache=True,
)
def skeletonise(
    data, offsets, names, bounds, classes, with_ids, out, ends, states, places, place_ends
):
    """Write the skeleton of every line to `out`, one after another.

    Line `i` is `data[offsets[i] : offsets[i + 1]]`, its skeleton `out[ends[i] : ends[i + 1]]`; it
    is never longer. `states[i]` gets its state; a line in doubt has no skeleton.
    `places[place_ends[i] : place_ends[i + 1]]` gets the class, first and last index of each string
    (with its quotes) that is needed to compare two lines of one skeleton: arguments, and ids if
    `with_ids`. Where `places` is full, a line is in doubt.
    """
    marks = np.zeros(3, np.bool_)
    ids = np.zeros((MOST_IDS, 2), np.int64)
    stack = np.zeros(DEEPEST, np.uint8)
    to, place = int64(0), int64(0)
    ends[0] = 0
    place_ends[0] = 0
    for i in range(states.shape[0]):
        at, end = offsets[i], offsets[i + 1]
        began, place_began = to, place
        depth, verbatim, count = 0, -1, 0
        kind, foreign, sound = uint8(PLAIN), False, True
        while at < end:
            c = data[at]
            if c == 34:
                after = read_string(data, at + 1, end, marks)
                if after < 0:
                    sound = False
                    break
                foreign = foreign or marks[2]
                colon = after
                while colon < end and data[colon] == 32:
                    colon += 1
                is_key = colon < end and data[colon] == 58
                if is_key or verbatim >= 0:
                    to = copy(data, at, after, out, to)
                    if is_key and verbatim < 0:
                        if marks[1]:
                            sound = False
                            break
                        kind = class_of(data, at + 1, after - 1, names, bounds, classes)
                        if kind == VERBATIM:
                            verbatim = depth
                elif after == at + 2:
                    out[to] = EMPTY
                    to += 1
                elif kind == ARGUMENTS:
                    if place + 3 > places.shape[0]:
                        sound = False
                        break
                    places[place], places[place + 1], places[place + 2] = kind, at, after
                    place += 3
                    out[to] = JSON_TEXT
                    to += 1
                elif not marks[0] or kind == COPIED:
                    to = copy(data, at, after, out, to)
                elif kind == ID:
                    number = equal_id(data, at + 1, after - 1, ids, count)
                    if marks[1] or number == MOST_IDS or place + 3 > places.shape[0]:
                        sound = False
                        break
                    if number == count:
                        ids[count, 0], ids[count, 1] = at + 1, after - 1
                        count += 1
                        if with_ids:
                            places[place], places[place + 1], places[place + 2] = kind, at, after
                            place += 3
                    out[to], out[to + 1] = EQUAL_ID, number + 32
                    to += 2
                elif kind == KEPT and after - at - 2 <= LONGEST_KEPT:
                    to = copy(data, at, after, out, to)
                else:
                    out[to] = TEXT
                    to += 1
                at = after
                continue
            if c == 45 or (c >= 48 and c <= 57):
                after = read_number(data, at, end)
                if after == 0:
                    sound = False
                    break
                point, after = after < 0, abs(after)
                if verbatim >= 0 or kind == KEPT:
                    to = copy(data, at, after, out, to)
                else:
                    out[to] = FLOAT if point else INTEGER
                    to += 1
                at = after
                continue
            if c == 123 or c == 91:
                if depth == DEEPEST:
                    sound = False
                    break
                stack[depth] = kind
                depth += 1
                if c == 123:
                    kind = uint8(PLAIN)
            elif c == 125 or c == 93:
                if depth == 0:
                    sound = False
                    break
                depth -= 1
                kind = stack[depth]
                if depth < verbatim:
                    verbatim = -1
            elif c == 44 and depth == verbatim:
                verbatim = -1
            elif c < 32 or c > 126:
                sound = False
                break
            out[to] = c
            to += 1
            at += 1
        if not sound:
            to, place = began, place_began
        states[i] = DOUBTFUL if not sound else FOREIGN if foreign else ASCII
        ends[i + 1] = to
        place_ends[i + 1] = place
