"""Which texts may be similar: their shingle sets, and the buckets they share."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.runtime.band_store import BandStore
from ftaudit.similarity.search.band_signing import hash_rows
from ftaudit.similarity.search.buckets import Buckets, band_buckets, renumber, rows_in
from ftaudit.similarity.search.distinct_texts import (
    RepeatedTexts,
    least_equal_rows,
    repeated_texts,
)
from ftaudit.similarity.search.exact_join import (
    count_shingles,
    keep_sets,
    prefix_buckets,
    prune,
)
from ftaudit.similarity.search.holdout_counting import counting_holdout
from ftaudit.similarity.search.key_groups import places_of
from ftaudit.similarity.search.permuted_options import gathering_questions
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.seed_edges import seed_buckets
from ftaudit.similarity.search.shingle_counts import counters_for
from ftaudit.similarity.search.shingle_sets import ShingleSets, read_sets
from ftaudit.similarity.text.text_hashes import TextHashes


class Candidates(NamedTuple):
    """The texts that may be similar, by either method."""

    repeated: RepeatedTexts
    sets: ShingleSets
    buckets: list[Buckets]


def join_candidates(task: SearchTask) -> Candidates:
    """Count shingles, keep the sets that may match, bucket them by prefix: no pair is missed."""
    counters = counters_for(task.profile.shingles)
    with counting_holdout(task) as counting:
        hashes = count_shingles(task, counters, counting)
    repeated, distinct = _told_apart(hashes)
    del hashes  # 17 bytes per row
    with gathering_questions(task) as questions:
        sets = keep_sets(task, distinct, counters, questions)
    sets = prune(sets, task.options.threshold, task.workers)
    buckets = prefix_buckets(task, sets)
    return Candidates(repeated, sets, [*seed_buckets(task, buckets, sets), *buckets])


def minhash_candidates(task: SearchTask) -> Candidates:
    """Sign every text and bucket the signatures by band."""
    size = 8 * task.options.bands * task.rows
    spill = task.folder if size > task.memory // 4 else None
    bands = BandStore(task.options.bands, task.rows, spill)
    with counting_holdout(task) as counting:
        hashes = hash_rows(task, bands, counting)
    repeated, distinct = _told_apart(hashes)
    del hashes  # 17 bytes per row
    buckets = band_buckets(task, bands, distinct)
    del distinct
    bands.clear()
    rows = rows_in(buckets)
    renumber(buckets, rows)
    with gathering_questions(task) as questions:
        return Candidates(repeated, read_sets(task, rows, questions), buckets)


def _told_apart(hashes: TextHashes) -> tuple[RepeatedTexts, npt.NDArray[np.uint32]]:
    """Return the rows with the text of another, and the least row of every distinct text."""
    repeated = repeated_texts(least_equal_rows(hashes))
    distinct = ~hashes.empty
    distinct[repeated.rows] = False
    return repeated, places_of(distinct)
