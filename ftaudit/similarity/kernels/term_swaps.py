"""Keys of texts without some terms, and of these terms: `text.swap_reading` reads texts with this.

The key of a text is the sum of what its words add, each in its place. So taking a term out of a
text, which leaves one word in its place, changes the sum by what these two words differ in.
"""

# ruff: noqa: ANN001, ANN201, C901, PLR0912, PLR0913, PLR0917 - numba types the arguments; one loop over words
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, call-overload, assignment"
# mypy: disable-error-code="unreachable"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import (
    BLOCK,
    C1,
    ONES,
    PAD,
    bytes_within,
    finish,
    first_bytes,
    load,
    plain_block,
    trailing,
)
from ftaudit.similarity.kernels.byte_normalisation import code_point, view
from ftaudit.similarity.kernels.called import called
from ftaudit.similarity.kernels.hash_sets import place_in

GAP, UNREAD = 0x110000, 0x110001
"""Forms of a character: what stands between words, and what a text cannot be read with here. All
others are the character that it is read as. Of those of ASCII letters and digits have a form of
their own, in lower case; `_` and the zero byte cannot be read, and all others are gaps."""
BEGINS, GOES_ON = np.uint64(1 << 62), np.uint64(1 << 63)
"""Marks of a word: a term of several words begins with it, or goes on with it."""

_SEED = np.uint64(0xCBF29CE484222325)
_FOREIGN, _BEYOND = np.uint64(0x8080808080808080), np.uint64(1 << 63)
"""Bits that eight bytes of ASCII have not; and one of them, of a form beyond ASCII."""
_underscores, _zeros = bytes_within(0x5F), bytes_within(0)

_VIEWS, _U64 = types.Array(types.int32, 2, "C", readonly=True), types.uint64[::1]
_FORMS, _U32 = types.uint32[::1], types.uint32[::1]
_U8, _BOOL = types.uint8[::1], types.boolean[::1]


@njit(inline="always")
def hashed(h, forms):
    """Return the hash of a word with more of its forms: eight of ASCII at most, or one other."""
    h = (h ^ forms) * C1
    return h ^ (h >> uint64(32))


@njit(inline="always")
def sized(forms, count):
    """Return fewer than eight forms of ASCII so that zeros at their end count, too."""
    return forms | (uint64(count) | uint64(0x80)) << uint64(56)


@called
def form_at(source, at, forms):
    """Return the form of the character at an index, and where the next one is."""
    if source[at] < 0x80:
        return forms[source[at]], at + 1
    point, after = code_point(source, at)
    return (forms[point] if point < forms.shape[0] else np.uint32(UNREAD)), after


@called
def word_of(source, at, forms):
    """Return the hash of the word that begins at an index, and where it ends."""
    h, held, count = _SEED, uint64(0), 0
    while at < source.shape[0]:
        form, after = form_at(source, at, forms)
        if form >= GAP:
            break
        at = after
        if form < 0x80:
            held |= uint64(form) << uint64(8 * count)
            count += 1
        if count == 8:
            h, held, count = hashed(h, held), uint64(0), 0
        if form >= 0x80:
            if count:
                h, held, count = hashed(h, sized(held, count)), uint64(0), 0
            h = hashed(h, uint64(form) | _BEYOND)
    return (hashed(h, sized(held, count)) if count else h), at


@called
def plain_word(text, at, stop):
    """Return what `word_of` returns of letters and digits of ASCII, and whether they are that."""
    h, every = _SEED, uint64(0)
    while at + 8 <= stop:
        held = load(text, at)
        h, every, at = hashed(h, held), every | held, at + 8
    if at < stop:
        held = first_bytes(load(text, at), stop - at)
        h, every = hashed(h, sized(held, stop - at)), every | held
    return h, every & _FOREIGN == 0


@called
def read_plain(source, text, tail, gaps):
    """Write what `plain_block` makes of a text and, a bit for each byte, where it has gaps.

    `tail` is scratch for the last block. Returns whether a character of ASCII cannot be read.
    """
    at, unread = int64(0), uint64(0)
    while at + BLOCK <= source.shape[0]:
        unread |= _underscores(source, at) | _zeros(source, at)
        gaps[at // BLOCK] = plain_block(source, at, text, at)
        at += BLOCK
    tail[:BLOCK] = 0x20
    for k in range(source.shape[0] - at):
        tail[k] = source[at + k]
    unread |= _underscores(tail, 0) | _zeros(tail, 0)
    gaps[at // BLOCK] = plain_block(tail, 0, text, at)
    gaps[at // BLOCK + 1] = ONES
    return unread != 0


@called
def next_run(gaps, at, size):
    """Return where letters, digits and bytes beyond ASCII go on after an index, and up to where.

    Both are `size` where nothing but gaps follows.
    """
    block = at // BLOCK
    bits = ~gaps[block] & (ONES << uint64(at % BLOCK))
    while bits == 0:
        block += 1
        if block * BLOCK >= size:
            return size, size
        bits = ~gaps[block]
    at = block * BLOCK + trailing(bits)
    bits = gaps[block] & (ONES << uint64(at % BLOCK))
    while bits == 0:
        block += 1
        bits = gaps[block]
    return at, block * BLOCK + trailing(bits)


@called
def placed(word, place):
    """Return what a word adds to the key of a text in which it has a place."""
    return finish(word ^ (uint64(place) * C1))


@called
def marks_of(word, table, marks):
    """Return the marks of a word: 0 where it is in no term."""
    q = place_in(table, word)
    return marks[q] if q >= 0 else uint64(0)


@njit(
    types.int64(
        _VIEWS, _U64, types.int64, types.int64, _FORMS, _U64, _U64, types.uint64, types.int64,
        _U32, _U8, _U64, _U64, _BOOL,
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def list_swaps(
    views, buffers, low, high, forms, table, marks, stand_in, kinds,
    rows, named, rest, terms, unread,
):  # fmt: skip
    """Write the keys of texts `low` to `high` for each kind of which they have terms.

    `forms` has the forms of characters, as many as there are; `table` the hashes of the words of
    terms, `marks` bit `k` for a term of kind `k`, besides `BEGINS` and `GOES_ON`; `stand_in` is the
    hash of what replaces a term. Returns how many were written to `rows` (counted from `low`,
    ascending), `named` (the kind), `rest` and `terms`, which have room for `kinds` of each text.
    Nothing is written of texts that cannot be read here, or may have a term of several words: they
    are marked in `unread`.
    """
    changes, used = np.zeros(kinds, np.uint64), np.zeros(kinds, np.uint64)
    counts, end, longest = np.zeros(kinds, np.int64), int64(0), int64(0)
    for row in range(low, high):
        longest = max(longest, int64(views[row, 0]))
    text, tail = np.empty(longest + 2 * PAD, np.uint8), np.empty(BLOCK + PAD, np.uint8)
    gaps = np.empty(longest // BLOCK + 2, np.uint64)
    for row in range(low, high):
        source, at, words = view(views, buffers, row), int64(0), int64(0)
        size, run, word, is_plain = source.shape[0], int64(0), uint64(0), True
        whole, begun, stop, counts[:] = uint64(0), False, int64(0), 0
        unread[row - low] = read_plain(source, text, tail, gaps)
        while not unread[row - low]:
            if at >= run:
                at, run = next_run(gaps, at, size)
                if at >= size:
                    break
                word, is_plain = plain_word(text, at, run)
            after = run
            if not is_plain:
                form, after = form_at(source, at, forms)
                if form == UNREAD:
                    unread[row - low] = True
                    break
                if form == GAP:
                    at = after
                    continue
                word, after = word_of(source, at, forms)
            phrase = begun and at == stop + 1 and source[stop] == 0x20
            at = stop = after
            own = marks_of(word, table, marks)
            if phrase and own & GOES_ON:
                unread[row - low] = True
                break
            addend = placed(word, words)
            whole += addend
            begun = own & BEGINS != 0
            for kind in range(kinds if own else 0):
                if not own >> uint64(kind) & uint64(1):
                    continue
                if counts[kind] == 0:
                    changes[kind], used[kind] = 0, 0
                changes[kind] += placed(stand_in, words) - addend
                used[kind] += placed(word, counts[kind])
                counts[kind] += 1
            words += 1
        for kind in range(0 if unread[row - low] else kinds):
            if counts[kind]:
                rows[end], named[end] = row - low, kind
                rest[end], terms[end] = finish(whole + changes[kind]), finish(used[kind])
                end += 1
    return end


@njit(types.void(_VIEWS, _U64, _FORMS, types.boolean, _U64), nogil=True, cache=True)
def hash_texts(views, buffers, forms, single, keys):
    """Write the key of each text as `list_swaps` does; of single words their hash instead."""
    for row in range(len(keys)):
        source, at, words, whole = view(views, buffers, row), int64(0), int64(0), uint64(0)
        while at < source.shape[0]:
            form, after = form_at(source, at, forms)
            if form == GAP:
                at = after
                continue
            word, at = word_of(source, at, forms)
            whole += word if single else placed(word, words)
            words += 1
        keys[row] = whole if single else finish(whole)
