"""Weighing rows with kernels: equal to `weighted_rows.vocabulary` and `weigh`, for much data."""

import numpy as np

from ftaudit.similarity.reworded.weighted_rows import (
    LEAST_NUMBERS,
    UNIT,
    CorpusWords,
    WeightedRows,
    corpus_words,
)
from ftaudit.similarity.reworded.word_features import Tokens, joined


def count_words(parts: list[Tokens]) -> CorpusWords:
    """Return the keys of some rows and how rare each is; the kernels must have been loaded."""
    from ftaudit.similarity.kernels.weighted_join import count_keys

    every = joined(parts)
    keys, frequency, numbers = count_keys(every.rows, every.keys, every.numbers)
    order = np.argsort(keys)
    return corpus_words(every.height, keys[order], numbers[order], frequency[order])


class KernelWeighing:
    """A vocabulary in a hash table."""

    def __init__(self, words: CorpusWords) -> None:
        """Fill the table; the kernels must have been loaded (`best_matches.load_join`)."""
        from ftaudit.similarity.kernels.weighted_join import place_keys

        size = 1 << (2 * len(words.keys) + 2).bit_length()
        self._words = words
        self._table = np.zeros((size, 2), np.uint64)
        place_keys(words.keys, words.numbers, words.rarity, self._table)

    def weigh(self, tokens: Tokens) -> WeightedRows:
        """Return the rows of `tokens` as weighted words and numbers, in no order within a row."""
        from ftaudit.similarity.kernels.weighted_join import weigh_tokens

        words, size = self._words, len(tokens.rows)
        starts = np.zeros(tokens.height + 1, np.int64)
        ids, weights = np.empty(size, np.int32), np.empty(size, np.int64)
        totals, numbered = np.zeros(tokens.height, np.int64), np.zeros(tokens.height, np.bool_)
        end = weigh_tokens(
            *(tokens.rows, tokens.keys, tokens.numbers, tokens.height),
            *(self._table, np.zeros(len(words.keys), np.uint8), words.unseen, words.times),
            *(UNIT, LEAST_NUMBERS, starts, ids, weights, totals, numbered),
        )
        return WeightedRows(starts, ids[:end], weights[:end], totals, numbered)
