"""Derive the masks of patterns and lay them out."""

import zlib
from collections.abc import Sequence
from itertools import product
from typing import Final

import numpy as np

from ftaudit.privacy.patterns.byte_automaton import LONGEST, ByteSet, Mask, byte_set
from ftaudit.privacy.patterns.byte_masks import (
    GRAM,
    SYMBOLS,
    best_anchor,
    derive_masks,
    symbol_table,
    symbols,
)
from ftaudit.privacy.patterns.byte_shares import share
from ftaudit.privacy.patterns.mask_tables import MaskTables, packed, pattern_digest, unpacked
from ftaudit.privacy.patterns.re2_shape import read_shape

_ANYTHING: Final = (1 << 256) - 1


def derive_tables(patterns: Sequence[str], before: MaskTables | None = None) -> MaskTables:
    """Derive masks for patterns in RE2's syntax, with `dot_nl`; some may have none.

    Those of patterns that are `before` in tables, as the same source derived them, are taken over.
    """
    known = {} if before is None else masks_in(before)
    masks_of = {
        pattern: known.get(pattern_digest(pattern)) or derive_masks_of(pattern)
        for pattern in dict.fromkeys(patterns)
    }
    return lay_out({pattern: masks for pattern, masks in masks_of.items() if masks})


def masks_in(tables: MaskTables) -> dict[str, list[Mask]]:
    """Return the masks of every pattern, by its digest."""
    members = np.frombuffer(zlib.decompress(tables.members), np.uint8).reshape(-1, 256)
    sets = [byte_set(np.flatnonzero(row).tolist()) for row in members]
    before, after = unpacked(tables.before).tolist(), unpacked(tables.after).tolist()
    places, numbers = (
        unpacked(data).reshape(tables.checks, -1).T.tolist()
        for data in (tables.places, tables.sets)
    )
    masks: dict[str, list[Mask]] = {digest: [] for digest in tables.patterns}
    for i, owner in enumerate(unpacked(tables.owners).tolist()):
        size = before[i] + after[i] + 1
        checks = sorted(zip(places[i][:size], numbers[i][:size], strict=True))
        masks[tables.patterns[owner]].append(tuple(sets[number] for _, number in checks))
    return masks


def derive_masks_of(pattern: str) -> list[Mask]:
    """Return masks of which every match of a pattern in RE2's syntax has one, or none."""
    shape = read_shape(pattern)
    return [] if shape is None else sorted(derive_masks(shape))


def lay_out(masks_of: dict[str, list[Mask]]) -> MaskTables:
    """Lay out the masks of every pattern; each has some."""
    owned = [(owner, mask) for owner, masks in enumerate(masks_of.values()) for mask in masks]
    distinct = sorted({_ANYTHING, *(members for _, mask in owned for members in mask)})
    number_of = {members: number for number, members in enumerate(distinct)}
    checks = [_checks(mask) for _, mask in owned]
    listed = sorted((gram, i) for i, (_, mask) in enumerate(owned) for gram in _grams(mask))
    return MaskTables(
        patterns=tuple(map(pattern_digest, masks_of)),
        symbols=packed(np.frombuffer(symbol_table(), np.uint8)),
        owners=_packed([owner for owner, _ in owned]),
        before=_packed([_end(mask) for _, mask in owned]),
        after=_packed([len(mask) - 1 - _end(mask) for _, mask in owned]),
        places=_packed([of_mask[i][0] for i in range(LONGEST) for of_mask in checks]),
        sets=_packed([number_of[of_mask[i][1]] for i in range(LONGEST) for of_mask in checks]),
        checks=LONGEST,
        members=packed(_members(distinct)),
        grams=packed(np.diff([gram for gram, _ in listed], prepend=0).astype("<i4")),
        listed=_packed([i for _, i in listed]),
    )


def _packed(numbers: Sequence[int]) -> bytes:
    return packed(np.array(numbers, np.dtype("<i4")))


def _checks(mask: Mask) -> list[tuple[int, ByteSet]]:
    """Return which bytes to compare with which sets, the most telling ones first.

    Those of the gram come last: that its symbols are there is known.
    """
    end, first = _end(mask), best_anchor(mask).first
    order = sorted(range(len(mask)), key=lambda i: (first <= i <= end, share(mask[i : i + 1]), i))
    checks = [(i - end, mask[i]) for i in order]
    return [*checks, *[(0, _ANYTHING)] * (LONGEST - len(mask))]


def _members(sets: Sequence[ByteSet]) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    whole = b"".join(members.to_bytes(32, "little") for members in sets)
    return np.unpackbits(np.frombuffer(whole, np.uint8), bitorder="little").reshape(-1, 256)


def _end(mask: Mask) -> int:
    """Return where in a mask its gram ends."""
    return best_anchor(mask).first + min(GRAM, len(mask)) - 1


def _grams(mask: Mask) -> list[int]:
    """Return the grams that the anchor of a mask may be."""
    first = best_anchor(mask).first
    kinds = [symbols(members) for members in mask[first : first + GRAM]]
    anything = [tuple(range(SYMBOLS))] * (GRAM - len(kinds))
    grams = product(*anything, *kinds)
    return [((a * SYMBOLS + b) * SYMBOLS + c) * SYMBOLS + d for a, b, c, d in grams]
