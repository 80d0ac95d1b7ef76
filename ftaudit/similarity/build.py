"""Build the `similar` relation: one straight line from rows to clusters."""

import os
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.model.dataset import DataFile, Rows
from ftaudit.model.progress import Progress, Silent
from ftaudit.similarity.answers import compare_answers, read_said
from ftaudit.similarity.assembled import assemble
from ftaudit.similarity.bands import Bands
from ftaudit.similarity.boilerplate import find_boilerplate
from ftaudit.similarity.candidates import Buckets, buckets, number, touched
from ftaudit.similarity.clusters import Clusters
from ftaudit.similarity.compiled import load_kernels
from ftaudit.similarity.containment import SHARE
from ftaudit.similarity.graph import Graph, connect, pair_fully
from ftaudit.similarity.hashed import Hashed
from ftaudit.similarity.hints import hints
from ftaudit.similarity.joining import (
    count_shingles,
    keep_sets,
    prefix_buckets,
    prune,
)
from ftaudit.similarity.large import split_large
from ftaudit.similarity.membership import Membership, company, membership
from ftaudit.similarity.nodes import nodes
from ftaudit.similarity.normalisation import VERSION
from ftaudit.similarity.options import SimilarityOptions
from ftaudit.similarity.profile import Profile, profile
from ftaudit.similarity.relation import Similar
from ftaudit.similarity.shingle_sets import ShingleSets, read_sets
from ftaudit.similarity.signatures import hash_rows
from ftaudit.similarity.source import Boilerplate, Numbering, Source
from ftaudit.similarity.suspicion import find_suspects, read_labels
from ftaudit.similarity.tally import cells_for
from ftaudit.similarity.task import Task
from ftaudit.similarity.workers import working

MEMORY: Final = 4 << 30
"""Bytes assumed where the machine does not say how much memory it has."""


class _Found(NamedTuple):
    """What either method hands to verification."""

    empty: npt.NDArray[np.bool_]
    """Rows without text."""
    same: npt.NDArray[np.uint32]
    """Least row with the same text, of every row."""
    sets: ShingleSets
    buckets: list[Buckets]


def build(  # noqa: PLR0913 - the one entry
    rows: Rows,
    files: tuple[DataFile, ...],
    options: SimilarityOptions,
    *,
    workers: int = 1,
    memory: int | None = None,
    folder: Path,
    progress: Progress = Silent(),  # noqa: B008 - has no state
    boilerplate: Boilerplate | None = None,
) -> Similar:
    """Find every group of near-identical rows, over all splits together.

    Args:
        rows: read two to four times, never held whole.
        files: in canonical order; the row ids of `rows` refer to them.
        options: everything that decides the result.
        workers: threads; the result is the same for any number.
        memory: bytes that growing arrays may take before they spill; a quarter of the machine's
            memory when None. Decides no result.
        folder: where spill files go (hashes and counts only); the caller removes it.
        progress: told of every stage.
        boilerplate: what to leave out of every text before it is compared; when None, what
            `find_boilerplate` finds in the inputs, and nothing where whole records are compared.
    """
    numbering = Numbering(files)
    if boilerplate is None and options.compare == "input":
        boilerplate = find_boilerplate(rows, numbering, options.compare, progress)
    with working(workers) as pool:
        source = Source(rows, numbering, options.compare, boilerplate)
        labels = pool.begin(lambda: read_labels(source))
        chosen = profile(source, options, pool)
        method = ("counting", "pruning") if chosen.exact else ("signing",)
        load_kernels(progress, "shingles", "grouping", "walking", *method)
        task = Task(source, options, chosen, pool, progress, folder, memory or default_memory())
        found = _by_join(task) if chosen.exact else _by_minhash(task)
        graph = connect(task, found.buckets, found.sets)
        among = company(found.empty, found.same, found.sets, graph)
        graph = pair_fully(task, graph, found.sets)
        said = pool.begin(partial(read_said, task, among.rows))
        graph = split_large(task, graph, found.buckets, found.sets, found.same)
        members = membership(among, found.sets, graph, source.numbering)
        del found, among
        answers = compare_answers(task, said, members)
        suspicion = find_suspects(task, members, labels())
        near = Clusters(
            _configuration(options, chosen, boilerplate)
            | {"containment": f"word3 >= {SHARE}", "suspects": dict(suspicion.configuration)},
            _notes(graph, members, options, boilerplate),
            source.numbering,
            members,
            answers,
            options.full_cluster,
            suspicion.doubts,
        )
        return assemble(task, near, suspicion)


def default_memory() -> int:
    """Return a quarter of the machine's memory, in bytes."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4
    except (AttributeError, ValueError, OSError):
        return MEMORY


def _by_join(task: Task) -> _Found:
    """Count shingles, keep what may match, and bucket it by prefix: no pair can be missed."""
    cells = cells_for(task.profile.shingles)
    hashed = count_shingles(task, cells)
    same = nodes(hashed)
    sets = keep_sets(task, _alone(hashed, same), cells)
    sets = prune(sets, task.options.threshold, task.workers)
    found = prefix_buckets(task, sets)
    return _Found(hashed.empty, same, sets, [*hints(task, found, sets), *found])


def _by_minhash(task: Task) -> _Found:
    """Sign every text and bucket the signatures by band."""
    size = 8 * task.options.bands * task.rows
    bands = Bands(task.options.bands, task.rows, task.folder if size > task.memory // 4 else None)
    hashed = hash_rows(task, bands)
    same, empty = nodes(hashed), hashed.empty
    alone = _alone(hashed, same)
    del hashed  # 16 bytes per row
    found = buckets(task, bands, alone)
    del alone
    bands.clear()
    rows = touched(found)
    number(found, rows)
    return _Found(empty, same, read_sets(task, rows), found)


def _alone(hashed: Hashed, same: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return the least row of every distinct text."""
    return np.flatnonzero((same == np.arange(len(same))) & ~hashed.empty).astype(np.uint32)


def _configuration(
    options: SimilarityOptions, chosen: Profile, boilerplate: Boilerplate | None
) -> dict[str, object]:
    minhash = f"minhash {options.bands}x{options.rows_per_band}"
    return {
        "method": "exact" if chosen.exact else minhash,
        "threshold": options.threshold,
        "shingles": chosen.kind,
        "compare": options.compare,
        "normalisation": VERSION,
        "seed": options.seed,
        "full_cluster": options.full_cluster,
        "boilerplate": None if boilerplate is None else dict(boilerplate.configuration),
    }


def _notes(
    graph: Graph,
    members: Membership,
    options: SimilarityOptions,
    boilerplate: Boilerplate | None,
) -> tuple[str, ...]:
    notes = [] if boilerplate is None else list(boilerplate.notes)
    large = members.large(options.full_cluster)
    if large:
        notes.append(
            f"{large} clusters have more than {options.full_cluster} distinct texts: their rows "
            "are all known, their pairs are counted only where they connect the cluster"
        )
    if graph.cut:
        notes.append(
            f"{graph.cut} MinHash buckets held too many unlike texts to compare them all: some "
            "links may be missing; the exact method misses none"
        )
    return tuple(notes)
