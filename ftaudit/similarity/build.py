"""Build the `similar` relation: one straight line from rows to clusters."""

import os
from functools import partial
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from ftaudit.model.dataset import DataFile, Rows
from ftaudit.model.progress import Progress, Silent
from ftaudit.similarity.clusters.answer_similarity import compare_answers, read_member_texts
from ftaudit.similarity.clusters.connected_components import Graph
from ftaudit.similarity.clusters.kept_stages import KeptStage, KeptStages
from ftaudit.similarity.clusters.linked_rows import (
    DividedSearch,
    link_rows,
)
from ftaudit.similarity.clusters.membership import Membership, membership
from ftaudit.similarity.clusters.near_clusters import NearClusters
from ftaudit.similarity.clusters.other_questions import (
    divide_linked,
    has_focus,
    may_ask_about_passages,
    one_focus,
)
from ftaudit.similarity.clusters.similar_relation import complete_relation
from ftaudit.similarity.label_review import SUSPECTS, LabelFindings, LabelReader, LabelReview
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.relation import Similar
from ftaudit.similarity.reworded.reworded_search import rows_to_read
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.threads import running_threads
from ftaudit.similarity.search.containment import CONTAINED, SHARE
from ftaudit.similarity.search.early_results import EarlyResults
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.boilerplate import find_boilerplate, sampled
from ftaudit.similarity.text.normalisation import VERSION
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_profile import TextProfile, profile
from ftaudit.similarity.text.text_source import Boilerplate, TextSource

MEMORY: Final = 4 << 30
"""Bytes assumed where the machine does not say how much memory it has."""


def build(  # noqa: PLR0913 - the one entry
    rows: Rows,
    files: tuple[DataFile, ...],
    options: SimilarityOptions,
    *,
    label_reader: LabelReader | None,
    workers: int = 1,
    memory: int | None = None,
    folder: Path,
    progress: Progress = Silent(),  # noqa: B008 - has no state
    boilerplate: Boilerplate | None = None,
    rejected: bool = False,
    has_more: bool = False,
    pooled: bool = False,
    rewordings: bool = True,
    divided: DividedSearch | None = None,
    kept: KeptStage | None = None,
) -> Similar:
    """Find every group of near-identical rows, over all splits together.

    Args:
        rows: read two to four times, never held whole.
        files: in canonical order; the row ids of `rows` refer to them.
        options: everything that decides the result.
        label_reader: reads the labels and returns the review of them, as
            `labels.suspected_labels.review_labels` does; None leaves labels unreviewed.
        workers: threads; the result is the same for any number.
        memory: bytes that growing arrays may take before they spill; a quarter of the machine's
            memory when None. Decides no result.
        folder: where spill files go (hashes and counts only); the caller removes it.
        progress: told of every stage.
        boilerplate: what to leave out of every text before it is compared; when None, what
            `find_boilerplate` finds in the inputs, and nothing where whole records are compared.
        rejected: whether the rows have rejected answers, which are searched beside outputs.
        has_more: whether their whole text has more than that, which is searched, too.
        pooled: for rows that are yet to be split: kinds other than `near` join all rows that
            would give one another away in some split (`clusters.similar_relation`).
        rewordings: look for rows that say the same in other words, too.
        divided: searches by MinHash elsewhere, with the same result.
        kept: keeps the linked rows, and what training gives away, for a scan that goes on after
            this one was killed.
    """
    numbering = RowNumbering(files)
    source = TextSource(rows, numbering, options.compare, boilerplate)
    asks = True
    if boilerplate is None and options.compare == "input":
        sample = divided.sample(options.compare) if divided else sampled(source, progress)
        asks = not pooled and may_ask_about_passages(sample)
        boilerplate = find_boilerplate(rows, numbering, options.compare, progress, sample)
        source = source.leaving_out(boilerplate)
    if rewordings and not pooled and divided is None:
        source.remember(rows_to_read(numbering))
    with running_threads(workers) as pool:
        review = pool.begin(partial(label_reader or _read_nothing, source))
        with progress.stage("looking at the first rows"):
            chosen = profile(source, options, pool)
        method = ("partitioned_counts", "prefix_filter") if chosen.exact else ("minhash",)
        load_kernels(progress, "shingle_rows", "equal_keys", "bucket_walk", "bitmaps", *method)
        link_all = link_rows
        if divided is not None and not chosen.exact:
            link_all, source.elsewhere = divided.link, divided
        given = options.compare == "input" and not pooled
        focused = given and has_focus(source)
        may_share = given and (focused or asks)
        task = SearchTask(
            *(source, options, chosen, pool, progress, folder, memory or default_memory()),
            rejected=rejected,
            has_more=has_more,
            focused=focused,
            early=None if pooled else EarlyResults(),
        )
        link = partial(link_all, task)
        decided_by = ([replace(f, lines=None) for f in files], replace(options, vectors=None))
        stages = KeptStages(decided_by, kept)
        linked = stages.linked(link)
        passages = CONTAINED.to_frame()
        if may_share:
            linked, passages = divide_linked(task, linked)
        reading = pool.begin(partial(read_member_texts, task, linked.clustered.rows))
        graph = linked.graph
        members = membership(linked.clustered, linked.sets, graph, source.numbering)
        del linked  # memory for the stages to come
        answers = compare_answers(task, reading, members)
        if may_share:
            answers = answers._replace(apart=one_focus(members, answers.apart))
        labels = review()(task, members.member_frame(), members.pair_frame())
        near = NearClusters(
            _configuration(options, chosen, boilerplate)
            | {"containment": f"word3 >= {SHARE}", "suspects": dict(labels.configuration)},
            _notes(graph, members, options, boilerplate),
            source.numbering,
            members,
            answers,
            options.full_cluster,
            labels.doubts,
        )
        return complete_relation(
            *(task, near, labels.suspects, passages, stages), pooled=pooled, rewordings=rewordings
        )


def default_memory() -> int:
    """Return a quarter of the memory of the machine, in bytes."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4
    except (AttributeError, ValueError, OSError):
        return MEMORY


def _read_nothing(_: TextSource) -> LabelReview:
    """Return a review that finds nothing, for callers who ask for none."""
    return lambda *_: LabelFindings({}, SUSPECTS.to_frame(), {})


def _configuration(
    options: SimilarityOptions, chosen: TextProfile, boilerplate: Boilerplate | None
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
    giant = members.giant(options.full_cluster)
    if giant:
        notes.append(
            f"{giant} clusters have more than {options.full_cluster} distinct texts: their rows "
            "are all known, their pairs are counted only where they connect the cluster"
        )
    if graph.cut:
        notes.append(
            f"{graph.cut} MinHash buckets held too many unlike texts to compare them all: some "
            "links may be missing; the exact method misses none"
        )
    return tuple(notes)
