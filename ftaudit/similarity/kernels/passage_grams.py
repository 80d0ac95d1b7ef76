"""Runs of words that two texts share: hashes of all runs, and how much of a text they cover."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917, C901, PLR0912 - numba types the arguments; one loop nest
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import float64, int32, int64, njit, types, uint8

from ftaudit.similarity.kernels.byte_blocks import BLOCK, PAD
from ftaudit.similarity.kernels.byte_normalisation import normalise, view
from ftaudit.similarity.kernels.called import called
from ftaudit.similarity.kernels.host_search import look
from ftaudit.similarity.kernels.shingle_rows import hash_words, split
from ftaudit.similarity.kernels.word_runs import run_hash

SHORT, LONG = 8, 13
"""Words of the two kinds of run (`index.passages` has their sources)."""

_VIEWS = types.Array(types.int32, 2, "C", readonly=True)
_U64, _I64, _I32, _U8 = types.uint64[::1], types.int64[::1], types.int32[::1], types.uint8[::1]


@called
def read_marks(views, buffers, row, text, block, ends, marks):
    """Write the hash of every word of a text to `marks`; return how many there are."""
    size = normalise(view(views, buffers, row), text, block)
    if size == 0:
        return int64(0)
    words = split(text, size, ends)
    hash_words(text, ends, words, marks)
    return words


@called
def longest_text(views, low, high):
    """Return the bytes of the longest of some texts."""
    longest = int64(0)
    for row in range(low, high):
        longest = max(longest, int64(views[row, 0]))
    return longest


@njit(types.void(_VIEWS, _U64, types.int64, types.int64, _I32, _U64, _U64), nogil=True, cache=True)
def hash_grams(views, buffers, low, high, words, short, long):
    """Write how many words texts `low` to `high` have, and the hash of every run, text by text.

    `short` and `long` need room for as many runs as the texts have bytes.
    """
    room = longest_text(views, low, high) + PAD
    text, block = np.zeros(room, np.uint8), np.zeros(BLOCK, np.uint8)
    ends, marks = np.empty(room, np.int64), np.empty(room, np.uint64)
    at, after = int64(0), int64(0)
    for row in range(low, high):
        count = read_marks(views, buffers, row, text, block, ends, marks)
        words[row - low] = count
        for i in range(count - SHORT + 1):
            short[at] = run_hash(marks, int64(i), int64(SHORT))
            at += 1
        for i in range(count - LONG + 1):
            long[after] = run_hash(marks, int64(i), int64(LONG))
            after += 1


@called
def covered_words(runs, first, last, stamps, stamp):
    """Return the words of a text that stamped runs cover, and the most of them in a row.

    `runs[first:last]` are the short runs of the text, in order: run `i` covers the words `i` to
    `i + SHORT`.
    """
    covered, edge, begun, longest = int64(0), int64(0), int64(0), int64(0)
    for k in range(last - first):
        if stamps[runs[first + k]] != stamp:
            continue
        if k > edge or covered == 0:
            begun, edge = int64(k), int64(k)
        covered += k + SHORT - edge
        edge = int64(k + SHORT)
        longest = max(longest, edge - begun)
    return covered, longest


@njit(
    types.void(
        _VIEWS, _U64, types.int64, types.int64,
        _U64, _I32, _I64, _I32, _I64, _I32, _I32,
        _U64, _I32, _U8, _I64, _I32,
        types.float64, _U8, _U8,
        types.float64[::1], _I32, _I32, types.float64[::1], _I32, _I32, _I32,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def cover_entries(
    views,
    buffers,
    low,
    high,
    table,
    slots,
    bounds,
    posted,
    starts,
    runs,
    words,
    long_table,
    long_slots,
    telling,
    long_starts,
    long_runs,
    least,
    seen,
    long_seen,
    best,
    best_row,
    entry,
    share,
    longest,
    passage,
    count,
):
    """Find how much of each entry every text covers, and how much of an entry any text does.

    Short runs are numbered by `table` and `slots`, long ones by `long_table` and `long_slots`.
    Entry `e` has `words[e]` words, the short runs `runs[starts[e] : starts[e + 1]]` in order, and
    the long ones likewise. It is compared with a text that has a run `v` with `e` in
    `posted[bounds[v] : bounds[v + 1]]`. A long run counts as a passage where `telling[v]`.

    Updated: `seen` and `long_seen`, 1 for every run that any text has; `best` and `best_row`, the
    most that a text covers of each entry as a share of its words, and the first text that does.
    Of text `t`, written at `t - low`: the `entry` it covers most of among those of which it covers
    at least `least` or has a passage (of several the one with the longest stretch, then the
    first; else -1), the `share` and the `longest` stretch covered, whether it has a `passage`, and
    the `count` of entries of which it covers at least `least`.
    """
    room = longest_text(views, low, high) + PAD
    text, block = np.zeros(room, np.uint8), np.zeros(BLOCK, np.uint8)
    ends, marks = np.empty(room, np.int64), np.empty(room, np.uint64)
    listed = np.zeros(room, np.bool_)
    stamps, long_stamps = np.zeros(len(seen), np.int32), np.zeros(len(long_seen), np.int32)
    tried, queue = np.zeros(len(words), np.int32), np.empty(len(words), np.int32)
    for t in range(low, high):
        place, stamp, queued = t - low, int32(t - low + 1), int64(0)
        entry[place], share[place], longest[place] = int32(-1), 0.0, int32(0)
        passage[place], count[place] = int32(0), int32(0)
        size = read_marks(views, buffers, t, text, block, ends, marks)
        for i in range(size - SHORT + 1):
            value = look(run_hash(marks, int64(i), int64(SHORT)), table, slots)
            listed[i] = value >= 0
            if value < 0 or stamps[value] == stamp:
                continue
            stamps[value], seen[value] = stamp, uint8(1)
            for p in range(bounds[value], bounds[value + 1]):
                e = posted[p]
                if tried[e] != stamp:
                    tried[e], queue[queued] = stamp, e
                    queued += 1
        for i in range(size - LONG + 1):
            if listed[i] and listed[i + LONG - SHORT]:
                value = look(run_hash(marks, int64(i), int64(LONG)), long_table, long_slots)
                if value >= 0:
                    long_stamps[value], long_seen[value] = stamp, uint8(1)
        for q in range(queued):
            e = queue[q]
            covered, stretch = covered_words(runs, starts[e], starts[e + 1], stamps, stamp)
            part = float64(covered) / float64(words[e])
            if part > best[e]:
                best[e], best_row[e] = part, int32(t)
            through = int32(0)
            for k in range(long_starts[e], long_starts[e + 1]):
                value = long_runs[k]
                if long_stamps[value] == stamp and telling[value]:
                    through = int32(1)
                    break
            count[place] += int32(part >= least)
            if part < least and through == 0:
                continue
            better = part > share[place] or (
                part == share[place]
                and (stretch > longest[place] or (stretch == longest[place] and e < entry[place]))
            )
            if entry[place] < 0 or better:
                entry[place], share[place], longest[place] = e, part, int32(stretch)
                passage[place] = through
