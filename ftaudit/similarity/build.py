"""Build the `similar` relation: one straight line from rows to clusters."""

from pathlib import Path

import numpy as np

from ftaudit.dataset import DataFile, Rows
from ftaudit.progress import Progress, Silent
from ftaudit.similarity.answers import read_answers
from ftaudit.similarity.bands import Bands
from ftaudit.similarity.candidates import buckets, touched
from ftaudit.similarity.clusters import Clusters
from ftaudit.similarity.compiled import load_kernels
from ftaudit.similarity.graph import connect, pair_fully
from ftaudit.similarity.membership import membership
from ftaudit.similarity.nodes import nodes
from ftaudit.similarity.normalisation import VERSION
from ftaudit.similarity.options import SimilarityOptions
from ftaudit.similarity.relation import Similar
from ftaudit.similarity.shingle_sets import read_sets
from ftaudit.similarity.shingling import choose
from ftaudit.similarity.signatures import hash_rows
from ftaudit.similarity.source import Numbering, Source
from ftaudit.similarity.workers import working


def build(  # noqa: PLR0913 - the one entry
    rows: Rows,
    files: tuple[DataFile, ...],
    options: SimilarityOptions,
    *,
    workers: int = 1,
    memory: int | None = None,
    folder: Path,
    progress: Progress = Silent(),  # noqa: B008 - has no state
) -> Similar:
    """Find every group of near-identical rows."""
    load_kernels(progress)
    source = Source(rows, Numbering(files), options.compare)
    kind = choose(source) if options.shingles == "auto" else options.shingles
    bands = Bands(options.bands, source.numbering.rows, None)
    with working(workers) as pool:
        hashed = hash_rows(source, kind, options, bands, pool, progress)
        same = nodes(hashed)
        there = np.flatnonzero((same == np.arange(len(same))) & ~hashed.empty).astype(np.uint64)
        found = buckets(bands, there, pool, progress)
        bands.clear()
        sets = read_sets(source, touched(found), kind, pool, progress)
        graph = connect(found, sets, options, pool, progress)
        graph = pair_fully(graph, sets, options, pool, progress)
    members = membership(hashed, same, sets, graph, source.numbering)
    answers = read_answers(source, members, progress)
    configuration = {
        "method": f"minhash {options.bands}x{options.rows_per_band}",
        "threshold": options.threshold,
        "shingles": kind,
        "compare": options.compare,
        "normalisation": VERSION,
        "seed": options.seed,
        "full_cluster": options.full_cluster,
    }
    return Clusters(configuration, (), source.numbering, members, answers, options.full_cluster)
