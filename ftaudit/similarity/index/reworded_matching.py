"""Training texts that say in other words what a row of a benchmark says.

As `reworded.reworded_search` finds them, except that the benchmark says how rare a word is, so that
the likeness of a training row to a benchmark row depends on no other. Which likeness is chance
(`reworded.chance_level`) is measured among the rows of the benchmark and in a sample of the
training rows, and the higher threshold holds: a benchmark may have few rows of one template, and
training many.
"""

from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from msgspec import Struct

from ftaudit.similarity.index.word_keys import hash_texts, parse_tokens, token_bytes
from ftaudit.similarity.reworded.best_matches import (
    BestMatches,
    IndexedJoin,
    LeastLikeness,
    load_join,
)
from ftaudit.similarity.reworded.chance_level import ChanceLevel, Deviations, chance_level
from ftaudit.similarity.reworded.kernel_weighing import KernelWeighing, count_words
from ftaudit.similarity.reworded.weighted_rows import CorpusWords, WeightedRows
from ftaudit.similarity.reworded.word_features import Tokens, joined

COMPARED: Final = 1_000
"""Rows, evenly spread, that are compared with the others."""
SAMPLE: Final = 2_000
"""Distinct training texts, those of the least hashes, that stand for all."""
MOST_TOKENS: Final = 2_048
"""Tokens beyond which a text is not in the sample: it is a document, no question."""
MOST: Final = 5
"""Rows of the benchmark that are named for one training row."""
DEVIATIONS: Final = Deviations(1.7, 2.3)
"""What stands clear of chance. Words are weighed by the benchmark alone here, which spreads the
likeness otherwise. Chosen on gsm8k and MMLU sociology (docs/benchmarks-contamination.md)."""
ANY: Final = LeastLikeness(0.05, 0.05)
"""Likeness below which rows have nothing in common."""
_ENTRIES: Final = 1 << 40
"""Added to the number of a benchmark row: the join leaves out rows of equal numbers."""

SAID: Final = pl.Schema(
    {"id": pl.UInt64, "entry": pl.UInt32, "score": pl.Float64, "numbered": pl.Boolean}
)
"""A training row, a benchmark row that may say the same in other words, their likeness, and whether
one of them has two numbers or more."""
SAMPLED: Final = pl.Schema({"id": pl.UInt64, "bits": pl.Binary})
"""The hash of a training text, and its tokens (`word_keys.token_bytes`)."""


class RewordedMatcher(Struct, frozen=True, eq=False, dict=True):
    """Finds training texts that say what a row of a benchmark says."""

    tokens: Tokens
    """Of the benchmark."""
    rows: int
    """How many training rows there are: the best of more rows is better by chance."""

    def match(self, ids: pl.Series, tokens: Tokens) -> pl.DataFrame:
        """Return `SAID`: up to five benchmark rows for each training row, the most alike first.

        Pairs stand clear of chance among the rows of the benchmark; see `told_apart`.

        Args:
            ids: row ids, ascending.
            tokens: those of the column that the index compares (`word_keys.kept_tokens`).
        """
        load_join()
        weighed = KernelWeighing(self.words).weigh(tokens)
        join = IndexedJoin(weighed, np.arange(len(ids)), self.words, MOST)
        entries = np.arange(len(self.entries)) + _ENTRIES
        best = join.match(self.entries, entries, self.level.least)
        place, rank = np.nonzero(best.rows >= 0)
        entry = best.rows[place, rank] - _ENTRIES
        return pl.DataFrame(
            {
                "id": ids.gather(place),
                "entry": entry,
                "score": best.likeness[place, rank],
                "numbered": weighed.numbered[place] | self.entries.numbered[entry],
            },
            schema_overrides=SAID,
        )

    def told_apart(self, pairs: pl.DataFrame, level: ChanceLevel) -> pl.DataFrame:
        """Return the pairs, with the columns of `SAID`, that stand clear of a level of chance."""
        least = pl.when("numbered").then(level.least.numbers).otherwise(level.least.words)
        return pairs.filter(pl.col("score") >= least)

    def level_with(self, sample: pl.DataFrame) -> ChanceLevel:
        """Return what is chance among the benchmark or among training rows, the higher.

        `sample` has the columns of `SAMPLED`.
        """
        tokens = joined([_tokens_of(bits) for bits in sample["bits"]])
        if not tokens.height:
            return self.level
        load_join()
        own = self._chance(KernelWeighing(self.words).weigh(tokens))
        least = LeastLikeness(
            max(own.least.words, self.level.least.words),
            max(own.least.numbers, self.level.least.numbers),
        )
        return ChanceLevel(least, own.compared, own.usual)

    def untold(self, level: ChanceLevel) -> int:
        """Return of how many rows it cannot be told, as rows are too much alike."""
        return level.untold(self.entries.numbered)

    @cached_property
    def words(self) -> CorpusWords:
        """The words of the benchmark, and how rare each is."""
        load_join()
        return count_words([self.tokens])

    @cached_property
    def entries(self) -> WeightedRows:
        """The rows of the benchmark."""
        load_join()
        return KernelWeighing(self.words).weigh(self.tokens)

    @cached_property
    def level(self) -> ChanceLevel:
        """Which likeness is chance among rows of the benchmark."""
        return self._chance(self.entries)

    def _chance(self, rows: WeightedRows) -> ChanceLevel:
        """Return which likeness is chance among some rows."""
        load_join()
        every = np.arange(len(rows))
        count = min(COMPARED, len(every))
        places = np.arange(count) * len(every) // max(1, count)
        compared = rows.only(places)
        join = IndexedJoin(compared, places, self.words, 1)
        halves = [
            join.match(rows.only(half), half, ANY)
            for half in (every[::2].copy(), every[1::2].copy())
        ]
        best = halves[0].merged(halves[1:])
        growth = max(1.0, self.rows / max(1, len(every)))
        return chance_level(_least(best), _least(halves[0]), compared.numbered, growth, DEVIATIONS)


def sampled(texts: pl.Series, tokens: Tokens) -> pl.DataFrame:
    """Return `SAMPLED` of some training rows: those of the least hashes, up to `SAMPLE`.

    Args:
        texts: prepared texts.
        tokens: those of the texts.
    """
    hashes = hash_texts(texts)
    counts = np.bincount(tokens.rows, minlength=tokens.height)
    starts = np.concatenate([[0], np.cumsum(counts)])
    fit = np.flatnonzero((counts > 0) & (counts <= MOST_TOKENS))
    _, first = np.unique(hashes[fit], return_index=True)
    chosen = fit[first[:SAMPLE]]
    bits = []
    for low, high in zip(starts[chosen], starts[chosen + 1], strict=True):
        part = np.arange(low, high)
        part = part[np.argsort(tokens.keys[part], kind="stable")]
        rows = np.zeros(len(part), np.int32)
        own = Tokens(rows, tokens.keys[part], tokens.numbers[part], 1)
        bits.append(b"".join(token_bytes(own)))
    return pl.DataFrame({"id": hashes[chosen], "bits": bits}, schema=SAMPLED)


def _tokens_of(bits: bytes) -> Tokens:
    parsed = parse_tokens(bits, 0, 1)
    assert parsed is not None  # noqa: S101 - `sampled` wrote it
    return parsed[0]


def _least(best: BestMatches) -> "np.typing.NDArray[np.float64]":
    return np.maximum(best.likeness[:, 0], 0.0)
