"""The sum of the hashes of the words of a text, which does not depend on their order."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import Hashes, finish, normalise, texts_of
from ftaudit.similarity.plain.plain_shingle_rows import hash_words


def add_words(
    views: npt.NDArray[np.int32], buffers: Hashes, low: int, high: int, sums: Hashes
) -> None:
    """Do what `kernels.word_sums.add_words` does."""
    texts = [normalise(text) for text in texts_of(views, buffers, range(low, high))]
    sums[low:high] = [finish(marks).sum(dtype=np.uint64) for marks in hash_words(texts)]
