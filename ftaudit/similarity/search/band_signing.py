"""Texts → hashes and MinHash band keys of every row, in one pass."""

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.runtime.band_store import BandStore
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.threads import ALONE
from ftaudit.similarity.search.holdout_counting import HashReader
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.shingling import shingle
from ftaudit.similarity.text.signatures import permutations
from ftaudit.similarity.text.text_hashes import TextHashes
from ftaudit.similarity.text.text_source import TextSlice


def hash_rows(task: SearchTask, bands: BandStore, counting: HashReader | None) -> TextHashes:
    """Read every text once: hash it, and write its key of every band to `bands`.

    `counting` is shown the hashes of every text.
    """
    from ftaudit.similarity.kernels.minhash import sign_bands

    width = task.options.rows_per_band
    a, b = permutations(bands.count * width, task.options.seed)
    hashed = TextHashes.empty_rows(task.rows)

    def sign_slice(texts: TextSlice) -> int:
        with bands.writing(texts.first, len(texts)) as (keys, column):

            def sign_rows(first: int, hashes: Hashes, counts: npt.NDArray[np.int32]) -> None:
                sign_bands(hashes, counts, a, b, width, keys, column + first)
                if counting is not None:
                    counting(texts, hashes)

            into = hashed.part(texts.first, len(texts))
            shingle(ALONE, task.profile.kind, texts.column, sign_rows, into=into)
        return len(texts)

    with task.progress.stage("signing texts", task.rows) as advance:
        for rows in task.workers.through(task.source.texts(), sign_slice):
            advance(rows)
    return hashed
