"""Words, runs of eight of them, and texts without the runs that many rows share."""

# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917, C901, PLR0912 - numba types the arguments; one loop over bytes
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.words import C2, C3, C4, finish

RUN = 8
"""Words of a run: long enough that what people often say ("I would like to know how") is none."""
PHRASE = 3
"""Words of a phrase; words in a phrase that many rows share do not tell rows apart."""

KINDS = np.zeros(256, np.uint8)
KINDS[128:] = 255
for _c in range(128):
    if chr(_c).isalnum():
        KINDS[_c] = ord(chr(_c).lower())
KINDS[[10, 13]] = 1
KINDS[[ord(_c) for _c in ".!?:;"]] = 2
"""Of each byte: a letter or digit in lower case, 0 a separator, 1 a line break, 2 a mark that ends
a block when white space follows, 255 part of a character outside ASCII."""

_NUMBER, _CALENDAR = np.uint64(0x6E756D626572), np.uint64(0x63616C656E646172)
_FNV, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


def _hash(word):
    h = int(_FNV)
    for c in word.encode():
        h = ((h ^ c) * int(_PRIME)) % 2**64
    return h


_NAMES = [
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
]
CALENDAR = np.array(
    sorted({_hash(w) for name in _NAMES for w in (name, name[:3])} | {_hash("sept")}), np.uint64
)
"""Names of months and days, and their first three letters."""

PLAIN, NUMERIC, DATED, MONTH = 0, 1, 2, 3


@njit
def _name(h):
    at = np.searchsorted(CALENDAR, h)
    return at < len(CALENDAR) and CALENDAR[at] == h


@njit
def read_words(buffer, low, high, hashes, begins, ends, blocks, kinds):
    """Write hash, place, block and kind of every word of a text; return how many there are.

    A word is a run of letters and digits, or one character of a script without spaces. A block
    ends at a line break, and at `. ! ? : ;` before white space. Words that start with a digit
    are numbers; they hash alike, and so do the names of months and days.
    """
    count, block, i = 0, 0, low
    while i < high:
        kind = KINDS[buffer[i]]
        if kind <= 2:
            ends_block = kind == 1 or (
                kind == 2 and (i + 1 >= high or buffer[i + 1] == 32 or KINDS[buffer[i + 1]] == 1)
            )
            if ends_block and count > 0 and blocks[count - 1] == block:
                block += 1
            i += 1
            continue
        lead = buffer[i]
        if lead == 0xE3 and i + 2 < high and buffer[i + 1] == 0x80 and buffer[i + 2] <= 0x82:
            if count > 0 and blocks[count - 1] == block:
                block += 1  # ideographic space, comma and full stop
            i += 3
            continue
        start, h = i, _FNV
        if 0xE3 <= lead <= 0xE9:
            stop = min(high, i + 3)
            while i < stop:
                h = (h ^ uint64(buffer[i])) * _PRIME
                i += 1
        else:
            while i < high and KINDS[buffer[i]] > 2 and not 0xE3 <= buffer[i] <= 0xE9:
                c = KINDS[buffer[i]]
                h = (h ^ uint64(buffer[i] if c == 255 else c)) * _PRIME
                i += 1
            while i < high and buffer[i] & 0xC0 == 0x80:
                h = (h ^ uint64(buffer[i])) * _PRIME  # a stray byte of a character we cut into
                i += 1
        kinds[count] = PLAIN
        if 48 <= lead <= 57:
            h = _NUMBER
            kinds[count] = NUMERIC
            if (
                count > 0
                and kinds[count - 1] in (NUMERIC, DATED)
                and start == ends[count - 1] + 1
                and buffer[start - 1] in (45, 46, 47, 58)
            ):
                kinds[count - 1] = kinds[count] = DATED
        elif _name(h):
            h = _CALENDAR
            kinds[count] = MONTH
        hashes[count] = finish(h)
        begins[count], ends[count], blocks[count] = start, i, block
        count += 1
    for j in range(count):
        if kinds[j] == NUMERIC:
            for k in range(max(0, j - 2), min(count, j + 3)):
                if kinds[k] == MONTH:
                    kinds[j] = DATED
    return count


@njit
def run_hash(hashes, at, size):
    """Hash the `size` words that begin at `at`."""
    h = uint64(0)
    for k in range(size):
        h = h * C3 + hashes[at + k]
    return finish(h * C2 ^ C4)


@njit(
    types.int64(
        types.Array(types.uint8, 1, "C", readonly=True),
        types.Array(types.int64, 1, "C", readonly=True),
        types.int64, types.uint64[::1], types.int32[::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def list_runs(buffer, offsets, size, out, counts):
    """Write the hashes of the runs of `size` words of every text, text by text; return how many."""
    longest = 1
    for t in range(len(offsets) - 1):
        longest = max(longest, offsets[t + 1] - offsets[t])
    hashes = np.empty(longest, np.uint64)
    begins, ends = np.empty(longest, np.int64), np.empty(longest, np.int64)
    blocks, kinds = np.empty(longest, np.int32), np.empty(longest, np.uint8)
    end = 0
    for t in range(len(offsets) - 1):
        words = read_words(buffer, offsets[t], offsets[t + 1], hashes, begins, ends, blocks, kinds)
        counts[t] = max(0, words - size + 1)
        for i in range(counts[t]):
            out[end] = run_hash(hashes, i, size)
            end += 1
    return end


@njit
def _rows_with(table, rows, h):
    """Return in how many rows a run was counted; 0 when it is not shared."""
    mask = len(table) - 1
    q = int64(h) & mask
    while table[q] != 0:
        if table[q] == h:
            return rows[q]
        q = (q + 1) & mask
    return 0


@njit
def _cover(words, hashes, blocks, table, rows, above, cover):
    """Mark 4 what lies in blocks that runs of more than `above` rows cover wholly.

    Of other blocks, mark 2 what such runs inside the block cover. Returns the most rows of a run
    and the words outside blocks that are covered wholly.
    """
    cover[:words] = 0
    most = 0
    for i in range(words - RUN + 1):
        count = _rows_with(table, rows, run_hash(hashes, i, RUN))
        most = max(most, count)
        if count > above:
            inside = 3 if blocks[i] == blocks[i + RUN - 1] else 1
            for k in range(i, i + RUN):
                cover[k] |= inside
    out, i = 0, 0
    while i < words:
        j, whole = i, True
        while j < words and blocks[j] == blocks[i]:
            whole = whole and cover[j] != 0
            j += 1
        for k in range(i, j):
            cover[k] = 4 if whole else cover[k] & 2
            out += 1 - whole
        i = j
    return most, out


@njit
def _telling(words, hashes, phrases, common, cover):
    """Return how many words that are not marked stand in no phrase that many rows share."""
    telling, last = 0, -1  # the last word of a common phrase
    for k in range(words):
        if k + PHRASE <= words and _rows_with(phrases, common, run_hash(hashes, k, PHRASE)) > 0:
            last = k + PHRASE - 1
        telling += cover[k] == 0 and k > last
    return telling


@njit
def mark(words, hashes, blocks, kinds, table, rows, phrases, common, least, cover):
    """Write to `cover` which words to leave out; return how many they are.

    Where nothing would remain, only runs count that more than half as many rows share as share
    the most common one; where still nothing would remain, everything is kept.
    """
    most, out = _cover(words, hashes, blocks, table, rows, 0, cover)
    if most == 0:
        cover[:words] = 0
        return 0
    if out == 0:
        most, out = _cover(words, hashes, blocks, table, rows, most // 2, cover)
    rest = _telling(words, hashes, phrases, common, cover)
    gone = 0
    for k in range(words):
        inline = cover[k] == 2 and rest >= least
        cover[k] = out > 0 and (cover[k] == 4 or inline) and kinds[k] != NUMERIC
        gone += cover[k] != 0
    return gone


@njit(
    types.int64(
        types.Array(types.uint8, 1, "C", readonly=True),
        types.Array(types.int64, 1, "C", readonly=True),
        types.uint64[::1], types.int64[::1], types.uint64[::1], types.int64[::1],
        types.int64, types.uint8[::1], types.int64[::1], types.boolean[::1],
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def leave_out(buffer, offsets, table, rows, phrases, common, least, out, places, touched):
    """Write every text without the words that `mark` marks, a space in their stead.

    `out` must have room for all bytes; `places` gets the new offsets, `touched` which texts
    changed. Returns how many bytes were written.
    """
    longest = 1
    for t in range(len(offsets) - 1):
        longest = max(longest, offsets[t + 1] - offsets[t])
    hashes, cover = np.empty(longest, np.uint64), np.empty(longest, np.uint8)
    begins, ends = np.empty(longest, np.int64), np.empty(longest, np.int64)
    blocks, kinds = np.empty(longest, np.int32), np.empty(longest, np.uint8)
    at = 0
    for t in range(len(offsets) - 1):
        places[t] = at
        low, high = offsets[t], offsets[t + 1]
        words = read_words(buffer, low, high, hashes, begins, ends, blocks, kinds)
        touched[t] = (
            mark(words, hashes, blocks, kinds, table, rows, phrases, common, least, cover) > 0
        )
        i = low
        if touched[t]:
            for k in range(words):
                if cover[k]:
                    while i < begins[k] and (k == 0 or not cover[k - 1]):
                        out[at] = buffer[i]
                        at, i = at + 1, i + 1
                    out[at] = 32
                    at += k == 0 or not cover[k - 1]
                    i = ends[k]
        while i < high:
            out[at] = buffer[i]
            at, i = at + 1, i + 1
    places[len(offsets) - 1] = at
    return at
