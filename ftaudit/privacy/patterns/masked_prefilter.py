"""Search columns of text for prefilters of which nearly all are ruled out by their masks.

What is found is what `Prefilter` finds. A text is searched only for the prefilters of which it has
a mask (`mask_search`), one by one: most texts have none, and an automaton for one prefilter has few
states and is fast.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import compress
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.privacy.patterns.mask_search import MaskHits, find_masks
from ftaudit.privacy.patterns.mask_tables import MaskArrays, MaskTables, mask_arrays
from ftaudit.privacy.patterns.prefilter import Prefilter, SetMatch, load_re2, match_of_one

_AT_A_TIME: Final = 4 << 20
"""Bytes of text, about, that are looked through before what passes is searched."""
_MANY: Final = 8
"""Prefilters of a text above which it is searched for all at once, which takes no longer."""
_ENOUGH: Final = 0.1
"""Share of such texts from which it is worth it to compile all prefilters together."""
_FOREIGN: Final = 0.125
"""Share of bytes, those after the first of each character, above which a text is searched for all
prefilters at once: to masks, as to prefilters, all characters beyond ASCII are alike."""


class MaskedPrefilter:
    """All prefilters at once, over columns of text."""

    def __init__(self, prefilters: Sequence[str], tables: MaskTables) -> None:
        """Take prefilters and tables with the masks of most; each is compiled when it is needed."""
        self._prefilters = tuple(prefilters)
        self._distinct = tuple(dict.fromkeys(prefilters))
        self._tables = tables
        self._matches: dict[int, SetMatch] = {}

    def candidates(self, texts: pl.Series) -> Iterator[tuple[int, str, list[int]]]:
        """Yield (position, text, ascending prefilters found) of texts in which any is found."""
        size = int(texts.str.len_bytes().sum() or 0)
        step = max(1, len(texts) * _AT_A_TIME // max(size, _AT_A_TIME))
        for start in range(0, len(texts), step):
            for position, text, hits in sorted(self._found(texts.slice(start, step))):
                yield start + position, text, sorted(hits)

    @cached_property
    def _arrays(self) -> MaskArrays:
        return mask_arrays(self._tables, self._distinct)

    @cached_property
    def _whole(self) -> Prefilter:
        return Prefilter(self._prefilters)

    @cached_property
    def _unmasked(self) -> Prefilter:
        return Prefilter([self._distinct[i] for i in self._arrays.unmasked])

    @cached_property
    def _places(self) -> list[list[int]]:
        """Where each of the distinct prefilters stands."""
        return [
            [i for i, other in enumerate(self._prefilters) if other == prefilter]
            for prefilter in self._distinct
        ]

    def _match(self, number: int) -> SetMatch:
        """Return what searches a text for one of the distinct prefilters."""
        if number not in self._matches:
            self._matches[number] = match_of_one(self._distinct[number])
        return self._matches[number]

    def _found(self, texts: pl.Series) -> Iterator[tuple[int, str, list[int]]]:
        """Yield what `candidates` does, in no order."""
        sizes = texts.str.len_bytes()
        foreign = (sizes - texts.str.len_chars() > sizes * _FOREIGN).fill_null(value=False)
        others = pl.select(pl.when(~foreign).then(texts)).to_series() if foreign.any() else texts
        masks = find_masks(self._arrays, others)
        crowded = self._crowded(np.bincount(masks.texts, minlength=len(texts)))
        crowded |= foreign.to_numpy()
        places = np.flatnonzero(crowded)
        if len(places):
            for at, text, hits in self._whole.candidates(texts.gather(places)):
                yield int(places[at]), text, hits
        few = ~crowded[masks.texts]
        hits_of = self._searched(texts, MaskHits(masks.texts[few], masks.patterns[few]))
        for at, hits in self._found_unmasked(texts):
            if not crowded[at]:
                hits_of.setdefault(at, []).extend(hits)
        found = texts.gather([*hits_of])
        yield from zip(hits_of, found, hits_of.values(), strict=True)

    def _crowded(self, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return which texts to search for all prefilters at once, of how many each has masks.

        Without RE2 all that have any; with it those of many, where that are many texts.
        """
        if load_re2() is None:
            return counts > 0
        crowded = counts > _MANY
        return crowded if crowded.sum() > _ENOUGH * len(counts) else np.zeros_like(crowded)

    def _found_unmasked(self, texts: pl.Series) -> Iterator[tuple[int, list[int]]]:
        """Yield (position, prefilters found) of those without masks, for which all is searched."""
        numbers = self._arrays.unmasked
        for at, _, hits in self._unmasked.candidates(texts) if numbers else ():
            yield at, [i for hit in hits for i in self._places[numbers[hit]]]

    def _searched(self, texts: pl.Series, masks: MaskHits) -> dict[int, list[int]]:
        """Search texts for the prefilters of which each has a mask; return what is found."""
        rows = np.unique(masks.texts)
        data_of = dict(zip(rows.tolist(), texts.gather(rows).cast(pl.Binary), strict=True))
        hits_of: dict[int, list[int]] = {}
        order = np.argsort(masks.patterns, kind="stable")
        numbers, texts_of = np.unique(masks.patterns[order], return_index=True)
        for number, group in zip(
            numbers.tolist(), np.split(masks.texts[order], texts_of[1:]), strict=False
        ):
            # one prefilter after the other: its states stay in the processor's cache
            places, own = self._places[number], group.tolist()
            matches = map(self._match(number), map(data_of.__getitem__, own))
            # a match beside the one of every text; none: out of memory
            for row in compress(own, [len(found) != 1 for found in matches]):
                hits_of.setdefault(row, []).extend(places)
        return hits_of
