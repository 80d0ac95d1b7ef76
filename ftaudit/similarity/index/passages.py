"""Runs of words of benchmark rows, as hashes: what finds a part of a row in a longer text.

Two sizes, those that reports of large models use:

- 8 words. PaLM counts a row as contaminated when at least 70 % of its 8-grams occur in training
  (Chowdhery et al. 2022, section 8, https://arxiv.org/abs/2204.02311); Llama 3 counts the share of
  tokens that 8-grams of the training data cover (Llama team 2024, section 5.1.4,
  https://arxiv.org/abs/2407.21783). Llama 2 calls a row dirty when matched runs cover 80 % of its
  tokens (Touvron et al. 2023, appendix A.6, https://arxiv.org/abs/2307.09288).
- 13 words. GPT-3 calls a row dirty when one 13-gram of it occurs in training, and leaves out
  13-grams that more than ten documents share (Brown et al. 2020, appendix C,
  https://arxiv.org/abs/2005.14165).

Words are those of the normalised text (`text.normalisation`). Hashes are in the order of the text.
"""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.text.arrow_buffers import TextViews

SHORT: Final = 8
"""Words of a short run."""
LONG: Final = 13
"""Words of a long run."""
SIZES: Final = (SHORT, LONG)
"""What the header of an index says it holds; equal to the sizes of `kernels.passage_grams`."""


class Passages(Struct, frozen=True, eq=False):
    """All runs of words of some texts, text by text."""

    words: npt.NDArray[np.int32]
    """How many words each text has."""
    short: Hashes
    """Hashes of runs of 8 words: `max(0, words - 7)` of each text."""
    long: Hashes
    """Hashes of runs of 13 words."""

    @property
    def short_starts(self) -> npt.NDArray[np.int64]:
        """Return where the short runs of each text begin, and where those of the last end."""
        return _starts(self.words, SHORT)

    @property
    def long_starts(self) -> npt.NDArray[np.int64]:
        """Return the same of the long runs."""
        return _starts(self.words, LONG)

    def only(self, texts: npt.NDArray[np.int64]) -> "Passages":
        """Return those of some texts, ascending."""
        chosen = np.zeros(len(self.words), np.bool_)
        chosen[texts] = True
        short, long = (
            values[np.repeat(chosen, np.diff(starts))]
            for values, starts in (
                (self.short, self.short_starts),
                (self.long, self.long_starts),
            )
        )
        return Passages(self.words[texts], short, long)


def read_passages(column: TextViews) -> Passages:
    """Return the runs of prepared texts (`text.normalisation`); the kernels must be loaded."""
    from ftaudit.similarity.kernels.passage_grams import hash_grams

    texts = len(column.sizes)
    room = int(column.sizes.sum(dtype=np.int64)) + 1
    words = np.zeros(texts, np.int32)
    short, long = np.empty(room, np.uint64), np.empty(room, np.uint64)
    hash_grams(column.views, column.addresses, 0, texts, words, short, long)
    ends = (int(_starts(words, size)[-1]) for size in SIZES)
    return Passages(words, short[: next(ends)].copy(), long[: next(ends)].copy())


def joined_passages(parts: list[Passages]) -> Passages:
    """Return the runs of several stretches of texts as those of one."""
    return Passages(
        np.concatenate([np.zeros(0, np.int32), *(part.words for part in parts)]),
        np.concatenate([np.zeros(0, np.uint64), *(part.short for part in parts)]),
        np.concatenate([np.zeros(0, np.uint64), *(part.long for part in parts)]),
    )


def passage_bytes(passages: Passages) -> list[bytes]:
    """Return the parts of a file that hold the runs: words (u32), then hashes (u64)."""
    return [
        passages.words.astype("<u4").tobytes(),
        passages.short.astype("<u8").tobytes(),
        passages.long.astype("<u8").tobytes(),
    ]


def parse_passages(data: bytes, at: int, texts: int) -> tuple[Passages, int] | None:
    """Return what `passage_bytes` wrote at a place, and where it ends; None where it is cut short.

    Args:
        data: the file.
        at: where the runs begin.
        texts: how many texts there are.
    """
    if len(data) < at + 4 * texts:
        return None
    words = np.frombuffer(data, "<u4", texts, at).astype(np.int64)
    counts = [int(np.maximum(words - size + 1, 0).sum()) for size in SIZES]
    starts = np.cumsum([at + 4 * texts, *(8 * count for count in counts)]).tolist()
    if len(data) < starts[-1] or (words > np.iinfo(np.int32).max).any():
        return None
    short, long = (
        np.frombuffer(data[low:high], "<u8").astype(np.uint64) for low, high in pairwise(starts)
    )
    return Passages(words.astype(np.int32), short, long), starts[-1]


def _starts(words: npt.NDArray[np.int32], size: int) -> npt.NDArray[np.int64]:
    counts = np.maximum(words.astype(np.int64) - size + 1, 0)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
