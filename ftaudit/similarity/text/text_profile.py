"""What the texts are like, which decides shingles and method when the caller does not."""

from itertools import accumulate
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.progress import Silent
from ftaudit.similarity.parameters import Shingles, SimilarityOptions
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.runtime.threads import ALONE, Threads
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.normalisation import SPACELESS
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.text_source import TextSlice, TextSource

SAMPLE_ROWS: Final = 20_000
"""Rows looked at: the first by row id; rows without text do not count."""
SHORT: Final = 100
"""Mean characters below which word shingles miss too much, whatever they save: on banking77 (mean
60) `word3` finds 182 of the 483 pairs of training and test rows that `char5` finds at J >= 0.7."""
SPACELESS_SHARE: Final = 0.3
"""Share of characters of scripts without spaces from which words mean little."""
EXACT_WORDS: Final = 1 << 27
"""Shingles (rows times their mean number) up to which `word3` is joined exactly: some 1.6 million
chat records. Counting them takes 128 MiB."""
EXACT_CHARS: Final = 1 << 24
"""The same for `char5`, where a join costs more: some 200,000 texts of 80 characters, or 35,000
chat records of 476. Up to here `char5` is also preferred for long texts, for it sees edits inside
words that `word3` misses: on gsm8k (mean 234) it finds two leaks at J >= 0.7, `word3` none."""
SHARED_COST: Final = 14.0
"""How much more a shingle of `word3` costs the exact join where all rows share most of theirs, as
texts put together from common sentences do, than where none does: measured on a million rows of
either kind (docs/benchmarks-similarity.md). Natural texts share most of their `char5` anyway; its
limit is set for those."""
SHARED: Final = 0.5
"""Share of its shingles that a row must have in common with other rows to count as such a row."""
PER_WORD: Final = 5.5
"""Characters per word of English text, the space included."""


class TextProfile(Struct, frozen=True):
    """How the texts will be compared."""

    kind: Shingles
    exact: bool
    shingles: int
    """Estimated number of shingles of all texts together."""


def profile(
    source: TextSource, options: SimilarityOptions, workers: Threads = ALONE
) -> TextProfile:
    """Look at the first texts and choose shingles and method.

    `char5` finds more, and is chosen for short texts, for scripts without spaces, and wherever the
    data is small enough to join it exactly; `word3` for the rest. The exact method is chosen where
    it is affordable. The data alone decides, never the machine.
    """
    mean, spaceless = _sample(source, workers)
    chars = source.numbering.rows * max(1.0, mean)
    auto: Shingles = "word3"
    if mean < SHORT or spaceless >= SPACELESS_SHARE or chars <= EXACT_CHARS:
        auto = "char5"
    kind = auto if options.shingles == "auto" else options.shingles
    shingles = int(chars if kind == "char5" else max(source.numbering.rows, chars / PER_WORD))
    most = EXACT_CHARS if kind == "char5" else EXACT_WORDS
    if options.method == "auto":
        exact = shingles <= most
        if kind == "word3" and exact and shingles * (1 + SHARED_COST) > most:
            exact = shingles * (1 + SHARED_COST * _sharing(source, workers)) <= most
    else:
        exact = options.method == "exact"
    return TextProfile(kind, exact, shingles)


def _sharing(source: TextSource, workers: Threads) -> float:
    """Return the share of the first rows that have `SHARED` of their shingles in common.

    Rows with equal texts count once: duplicates cost the join nothing.
    """
    load_kernels(Silent(), "shingle_rows")
    texts = pl.concat([part.texts for part in source.first(SAMPLE_ROWS)]).head(SAMPLE_ROWS)
    texts = texts.filter(texts.str.len_bytes() > 0).unique(maintain_order=True)
    parts = shingle(workers, "word3", views(texts), _distinct)
    if not parts:
        return 0.0
    sizes = np.concatenate([counts for _, counts in parts])
    _, places, frequency = np.unique(
        np.concatenate([values for values, _ in parts]), return_inverse=True, return_counts=True
    )
    owners = np.repeat(np.arange(len(sizes)), sizes)
    common = np.bincount(owners[frequency[places] > 1], minlength=len(sizes))
    return float(np.mean(common >= SHARED * np.maximum(sizes, 1)))


def _distinct(
    _: int, hashes: Hashes, counts: npt.NDArray[np.int32]
) -> tuple[Hashes, npt.NDArray[np.int32]]:
    """Return the distinct shingles of rows, one row after another, and how many each has."""
    shingle_rows = kernels("shingle_rows")

    end = shingle_rows.keep_distinct(hashes, counts)
    return hashes[:end].copy(), counts.copy()


def _sample(source: TextSource, workers: Threads) -> tuple[float, float]:
    """Return the mean characters of a text and the share of them in scripts without spaces."""
    first = source.first(SAMPLE_ROWS)
    before = accumulate(map(len, first), initial=0)
    left = [SAMPLE_ROWS - rows for rows in before]
    counts = workers.each(list(zip(first, left, strict=False)), _count_characters)
    count, size, spaceless = (sum(parts) for parts in zip((0, 0, 0), *counts, strict=True))
    return size / max(1, count), spaceless / max(1, size)


def _count_characters(sample: tuple[TextSlice, int]) -> tuple[int, int, int]:
    """Count the first texts of a slice, their characters, and those of scripts without spaces."""
    texts, column, foreign = sample[0].viewed()
    sizes = column.sizes[: sample[1]]
    count, size = int(np.count_nonzero(sizes)), int(sizes.sum(dtype=np.int64))
    foreign = foreign[foreign < len(sizes)]
    if not len(foreign):
        return count, size, 0
    wide = texts.gather(foreign)
    size += int(wide.str.len_chars().sum()) - int(wide.str.len_bytes().sum())
    return count, size, int(wide.str.count_matches(f"[{SPACELESS}]").sum())
