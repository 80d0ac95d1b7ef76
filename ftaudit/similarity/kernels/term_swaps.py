"""Keys of texts without some terms, and of these terms: `text.swap_reading` reads texts with this.

The key of a text is the sum of what its words add, each in its place. So taking a term out of a
text, which leaves one word in its place, changes the sum by what these two words differ in.
"""

# ruff: noqa: ANN001, ANN201, C901, PLR0913, PLR0917 - numba types the arguments; one loop over bytes
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, call-overload, assignment"

import numpy as np
from numba import int64, njit, types, uint64

from ftaudit.similarity.kernels.byte_blocks import C1, finish
from ftaudit.similarity.kernels.byte_normalisation import code_point, view
from ftaudit.similarity.kernels.called import called
from ftaudit.similarity.kernels.hash_sets import place_in

_FNV, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
GAP, UNREAD = 0x110000, 0x110001
"""Forms of a character: what stands between words, and what a text cannot be read with here. All
others are the character that it is read as."""
BEGINS, GOES_ON = np.uint64(1 << 62), np.uint64(1 << 63)
"""Marks of a word: a term of several words begins with it, or goes on with it."""

_VIEWS, _U64 = types.Array(types.int32, 2, "C", readonly=True), types.uint64[::1]
_FORMS, _U32 = types.uint32[::1], types.uint32[::1]
_U8, _BOOL = types.uint8[::1], types.boolean[::1]


@called
def form_at(source, at, forms):
    """Return the form of the character outside ASCII at an index, and where the next one is."""
    point, after = code_point(source, at)
    return (forms[point] if point < forms.shape[0] else np.uint32(UNREAD)), after


@called
def word_of(source, at, forms):
    """Return the hash of the word that begins at an index, and where it ends."""
    h, size = _FNV, source.shape[0]
    while True:
        while at < size and source[at] < 0x80 and forms[source[at]] < GAP:
            h = (h ^ uint64(forms[source[at]])) * _PRIME
            at += 1
        if at >= size or source[at] < 0x80:
            return finish(h), at
        form, after = form_at(source, at, forms)
        if form >= GAP:
            return finish(h), at
        h = (h ^ uint64(form)) * _PRIME
        at = after


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
    counts, end = np.zeros(kinds, np.int64), int64(0)
    for row in range(low, high):
        source, at, words = view(views, buffers, row), int64(0), int64(0)
        whole, begun, stop, counts[:] = uint64(0), False, int64(0), 0
        while at < source.shape[0]:
            if source[at] < 0x80:
                form, after = forms[source[at]], at + 1
            else:
                form, after = form_at(source, at, forms)
            if form == GAP:
                at = after
                continue
            phrase = begun and at == stop + 1 and source[stop] == 32
            word, stop = word_of(source, at, forms)
            own = marks_of(word, table, marks)
            if form == UNREAD or (phrase and own & GOES_ON):
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
            at = stop
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
            if source[at] < 0x80:
                form, after = forms[source[at]], at + 1
            else:
                form, after = form_at(source, at, forms)
            if form == GAP:
                at = after
                continue
            word, at = word_of(source, at, forms)
            whole += word if single else placed(word, words)
            words += 1
        keys[row] = whole if single else finish(whole)
