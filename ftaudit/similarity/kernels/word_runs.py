"""Words, runs of eight of them, and texts without the runs that many rows share."""

# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917, C901, PLR0912 - numba types the arguments; one loop over bytes
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable, assignment"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import C2, C3, C4, finish
from ftaudit.similarity.kernels.called import called

RUN = 8
"""Words of a run: longer than phrases that people often use ("I would like to know how")."""
PHRASE = 3
"""Words of a phrase; a phrase that many rows share does not distinguish rows."""

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

_U64, _I64, _I32, _U8 = types.uint64[::1], types.int64[::1], types.int32[::1], types.uint8[::1]
_BUFFER = types.Array(types.uint8, 1, "C", readonly=True)
_OFFSETS = types.Array(types.int64, 1, "C", readonly=True)


@called
def is_name(h):
    """Return whether a word is the name of a month or day."""
    low, high = 0, CALENDAR.shape[0]
    while low < high:
        middle = (low + high) // 2
        if CALENDAR[middle] < h:
            low = middle + 1
        else:
            high = middle
    return low < CALENDAR.shape[0] and CALENDAR[low] == h


@njit(
    types.void(
        _BUFFER, _OFFSETS, types.int64, types.int64, _U64, _I64, _I64, _I32, _U8, _I32,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def read_words(buffer, offsets, low, high, hashes, begins, ends, blocks, kinds, counts):
    """Write hash, place, block and kind of every word of texts `low` to `high`, text by text.

    A word is a run of letters and digits, or one character of a script without spaces. A block
    ends at a line break, and at `. ! ? : ;` before white space. Words that start with a digit
    are numbers; they hash alike, and so do the names of months and days. `counts` gets how many
    words each text has: no more than bytes.
    """
    count = 0
    for t in range(low, high):
        i, stop, first, block = offsets[t], offsets[t + 1], count, 0
        while i < stop:
            lead = buffer[i]
            kind = KINDS[lead]
            wide = lead == 0xE3 and i + 2 < stop and buffer[i + 1] == 0x80 and buffer[i + 2] <= 0x82
            if kind <= 2 or wide:
                following = KINDS[buffer[i + 1]] if i + 1 < stop else np.uint8(1)
                if kind == 2 and following != 1 and buffer[i + 1] != 32:
                    kind = np.uint8(0)
                if (kind > 0 or wide) and count > first and blocks[count - 1] == block:
                    block += 1  # wide: the ideographic space, comma or full stop
                i += 3 if wide else 1
                continue
            start, h = i, _FNV
            if 0xE3 <= lead <= 0xE9:
                while i < min(stop, start + 3):
                    h = (h ^ uint64(buffer[i])) * _PRIME
                    i += 1
            else:
                while i < stop and KINDS[buffer[i]] > 2 and not 0xE3 <= buffer[i] <= 0xE9:
                    c = KINDS[buffer[i]]
                    h = (h ^ uint64(buffer[i] if c == 255 else c)) * _PRIME
                    i += 1
            kinds[count] = PLAIN
            if 48 <= lead <= 57:
                h = _NUMBER
                kinds[count] = NUMERIC
                if count > first and start == ends[count - 1] + 1:
                    c, before = buffer[start - 1], kinds[count - 1]
                    if (45 <= c <= 47 or c == 58) and NUMERIC <= before <= DATED:
                        kinds[count - 1] = kinds[count] = DATED
            elif is_name(h):
                h = _CALENDAR
                kinds[count] = MONTH
            hashes[count] = finish(h)
            begins[count], ends[count], blocks[count] = start, i, block
            count += 1
        counts[t - low] = count - first
        for j in range(first, count):
            if kinds[j] == NUMERIC:
                for k in range(max(first, j - 2), min(count, j + 3)):
                    if kinds[k] == MONTH:
                        kinds[j] = DATED


@called
def run_hash(hashes, at, size):
    """Hash the `size` words that begin at `at`."""
    h = uint64(0)
    for k in range(size):
        h = h * C3 + hashes[at + k]
    return finish(h * C2 ^ C4)


@njit(types.int64(_U64, _I32, types.int64, _U64, _I32), nogil=True, cache=True)
def list_runs(hashes, counts, size, out, runs):
    """Write the hashes of the runs of `size` words of every text, text by text; return how many.

    `hashes` are those of the words of all texts, `counts` how many each has; `runs` gets how many
    runs it has.
    """
    start, end = 0, 0
    for t in range(len(counts)):
        runs[t] = max(0, counts[t] - size + 1)
        for i in range(start, start + runs[t]):
            out[end] = run_hash(hashes, int64(i), size)
            end += 1
        start += counts[t]
    return end


@called
def rows_with(table, rows, h):
    """Return in how many rows a run was counted; 0 when it is not shared."""
    mask = len(table) - 1
    q = int64(h) & mask
    while table[q] != 0:
        if table[q] == h:
            return rows[q]
        q = (q + 1) & mask
    return 0


@called
def cover_words(first, end, hashes, blocks, table, rows, above, cover):
    """Mark with 4 the words of blocks that runs of more than `above` rows cover wholly.

    In other blocks, mark with 2 the words that such runs inside the block cover. Returns the most
    rows of any run, and how many words lie outside the blocks that are covered wholly.
    """
    for k in range(first, end):
        cover[k] = 0
    most = int64(0)
    for i in range(first, end - RUN + 1):
        count = rows_with(table, rows, run_hash(hashes, int64(i), int64(RUN)))
        most = max(most, count)
        if count > above:
            inside = 3 if blocks[i] == blocks[i + RUN - 1] else 1
            for k in range(i, i + RUN):
                cover[k] |= inside
    out, i = 0, first
    while i < end:
        j, whole = i, True
        while j < end and blocks[j] == blocks[i]:
            whole = whole and cover[j] != 0
            j += 1
        for k in range(i, j):
            cover[k] = 4 if whole else cover[k] & 2
            out += 1 - whole
        i = j
    return most, out


@njit(
    types.void(
        _U64, _I32, _U8, _I32, _U64, _I64, _U64, _I64, types.int64, _U8, _I32,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def mark_words(hashes, blocks, kinds, counts, table, rows, phrases, common, least, cover, removed):
    """Write to `cover` which words of every text to leave out, to `removed` how many of each text.

    Where nothing would remain, only runs count that occur in more than half as many rows as the
    most common run of the text; where still nothing would remain, everything is kept. Words inside
    a block are left out only where at least `least` words remain that are neither marked nor part
    of a phrase that many rows share.
    """
    first = int64(0)
    for t in range(len(counts)):
        end = first + counts[t]
        most, out = cover_words(first, end, hashes, blocks, table, rows, int64(0), cover)
        if out == 0:
            most, out = cover_words(first, end, hashes, blocks, table, rows, most // 2, cover)
        telling, last = 0, first - 1  # the last word of a common phrase
        for k in range(first, end):
            if k + PHRASE <= end:
                h = run_hash(hashes, int64(k), int64(PHRASE))
                if rows_with(phrases, common, h) > 0:
                    last = k + PHRASE - 1
            telling += cover[k] == 0 and k > last
        removed[t] = 0
        for k in range(first, end):
            inline = cover[k] == 2 and telling >= least
            cover[k] = out > 0 and (cover[k] == 4 or inline) and kinds[k] != NUMERIC
            removed[t] += cover[k]
        first = end


@njit(
    types.int64(
        _BUFFER, _OFFSETS, types.int64, types.int64, _I64, _I64, _I32, _U8, _I32, _U8, types.int64,
        _I64,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def leave_out(buffer, offsets, low, high, begins, ends, counts, cover, removed, out, at, places):
    """Write texts `low` to `high` without the words that `cover` marks, a space for those in a row.

    They go to `out` from `at` on, which has room for all their bytes; `places` gets where each
    begins. Returns where the last one ends.
    """
    first = int64(0)
    for t in range(low, high):
        places[t] = at
        i, k, left = offsets[t], first, removed[t - low]
        while left > 0:
            while cover[k] == 0:
                k += 1
            while i < begins[k]:
                out[at] = buffer[i]
                at, i = at + 1, i + 1
            out[at] = 32
            at += 1
            while left > 0 and cover[k] != 0:
                i = ends[k]
                k, left = k + 1, left - 1
        while i < offsets[t + 1]:
            out[at] = buffer[i]
            at, i = at + 1, i + 1
        first += counts[t - low]
    return at
