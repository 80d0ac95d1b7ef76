"""The whole relation: near-identical rows, holdout rows given away, rows with a suspected label."""

from collections.abc import Iterator, Mapping
from functools import partial
from operator import attrgetter

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.similarity.clusters.kept_stages import KeptStages
from ftaudit.similarity.clusters.near_clusters import NearClusters
from ftaudit.similarity.clusters.other_questions import divide_pairs, divide_rewordings
from ftaudit.similarity.clusters.pair_clusters import PairClusters, read_labels
from ftaudit.similarity.clusters.reworded_clusters import RewordedClusters
from ftaudit.similarity.relation import SearchLimit
from ftaudit.similarity.reworded.other_numbers import without_other_numbers
from ftaudit.similarity.reworded.reworded_search import (
    REWORDED,
    RewordedRows,
    find_reworded,
    join_reworded,
)
from ftaudit.similarity.search.answer_leaks import (
    answers_of,
    find_equal_answers,
    find_quoted,
    join_equal_answers,
    join_quoted,
)
from ftaudit.similarity.search.containment import find_contained, join_contained
from ftaudit.similarity.search.embedded_questions import find_embedded, join_embedded
from ftaudit.similarity.search.permuted_options import find_permuted, join_permuted
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.short_questions import (
    find_short_questions,
    join_short_questions,
)


class SimilarRelation(Struct, frozen=True, eq=False):
    """The `similar` relation of one scan (`relation.Similar`)."""

    near: NearClusters
    pairs: tuple[PairClusters, ...]
    """Of other kinds, ascending in kind."""
    reworded: RewordedClusters
    rewording: RewordedRows

    @property
    def configuration(self) -> Mapping[str, object]:
        """Everything that decided it."""
        return {**self.near.configuration, "rewording": self.rewording.configuration}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        return (*self.near.notes, *(limit.note for limit in self.limits))

    @property
    def limits(self) -> tuple[SearchLimit, ...]:
        """What could not be told of which rows."""
        return self.rewording.limits

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield batches of `CLUSTERS`, ascending in kind."""
        kinds: list[NearClusters | PairClusters | RewordedClusters]
        kinds = [self.near, *self.pairs, self.reworded]
        for clusters in sorted(kinds, key=attrgetter("kind")):
            yield from clusters.batches()


def complete_relation(  # noqa: PLR0913 - the last of the line
    task: SearchTask,
    near: NearClusters,
    suspects: pl.DataFrame,
    passages: pl.DataFrame,
    stages: KeptStages,
    *,
    pooled: bool = False,
    rewordings: bool = True,
) -> SimilarRelation:
    """Look for rows that training gives away, and join the clusters of all kinds.

    Args:
        task: the texts, and how they are searched.
        near: the near-identical rows.
        suspects: those of the review of labels (`label_review.SUSPECTS`).
        passages: holdout rows near-identical but for their question (`other_questions`).
        stages: keeps what searches find.
        pooled: join all rows that would give one another away in some split, whatever splits
            they are in; else look for holdout rows that training rows give away.
        rewordings: look for rows that say the same in other words, too.
    """
    if pooled:
        pairs_of_kind = _pooled_pairs(task)
    else:
        pairs_of_kind = _leaked_pairs(task, near, stages)
        if task.options.compare == "input":
            pairs_of_kind = divide_pairs(task, pairs_of_kind, passages)
    pairs_of_kind["suspect"] = suspects
    reworded = RewordedRows(REWORDED.to_frame(), {"searched": False})
    if rewordings:
        model = task.options.vectors
        reworded = stages.reworded(
            None if model is None else dict(model.digests),
            partial(_find_reworded, task, near, pairs_of_kind, pooled=pooled),
        )
    if "passage" in pairs_of_kind:
        reworded_pairs, pairs_of_kind["passage"] = divide_rewordings(
            task, without_other_numbers(task, reworded.pairs), pairs_of_kind["passage"]
        )
        reworded = replace(reworded, pairs=reworded_pairs)
    every = [*pairs_of_kind.values(), reworded.pairs]
    rows = np.unique(np.concatenate([pairs[:, :2].to_numpy().ravel() for pairs in every]))
    with task.progress.stage("reading labels", len(rows)) as advance:
        labels = read_labels(task, rows.astype(np.int64))
        advance(len(rows))
    return SimilarRelation(
        near,
        tuple(
            _pair_clusters(kind, task, pairs_of_kind[kind], labels)
            for kind in sorted(pairs_of_kind)
        ),
        RewordedClusters(task.source.numbering, reworded.pairs, labels),
        reworded,
    )


def _leaked_pairs(
    task: SearchTask, near: NearClusters, stages: KeptStages
) -> dict[str, pl.DataFrame]:
    leaked = near.members.leaked(task.source.numbering)
    answers = answers_of(task)
    searches = {
        "contained": partial(_find_contained, task, leaked),
        "permuted": partial(_find_permuted, task, leaked),
        "same-answer": partial(find_equal_answers, task, answers, leaked),
    }
    if task.options.compare == "input":  # the whole text of a record has its output in it
        searches["quoted"] = partial(find_quoted, task, answers, leaked)
    pairs = {kind: stages.pairs(kind, search) for kind, search in searches.items()}
    if task.has_more and task.options.compare == "input":
        given = [leaked, *(pairs[kind]["row"].to_numpy() for kind in ("contained", "quoted"))]
        others = np.unique(np.concatenate(given))
        more = stages.pairs("beyond", partial(find_contained, task, others, task.beside("text")))
        pairs["contained"] = pl.concat([pairs["contained"], more]).sort("row")
    return pairs


def _find_contained(task: SearchTask, leaked: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Join the holdout texts inside longer ones with short questions behind other prompts."""
    both = pl.concat([find_contained(task, leaked), find_short_questions(task, leaked)])
    return both.unique("row", keep="first", maintain_order=True).sort("row")


def _find_permuted(task: SearchTask, leaked: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Join the questions that training asks as whole inputs with those inside its records."""
    both = pl.concat([find_permuted(task, leaked), find_embedded(task, leaked)])
    return both.unique("row", keep="first", maintain_order=True).sort("row")


def _pooled_pairs(task: SearchTask) -> dict[str, pl.DataFrame]:
    answers = answers_of(task)
    pairs_of_kind = {
        "contained": pl.concat([join_contained(task), join_short_questions(task)]),
        "permuted": pl.concat([join_permuted(task), join_embedded(task)]),
        "same-answer": join_equal_answers(task, answers),
    }
    if task.has_more and task.options.compare == "input":
        beyond = join_contained(task, task.beside("text"))
        pairs_of_kind["contained"] = pl.concat([pairs_of_kind["contained"], beyond])
    if task.options.compare == "input":
        pairs_of_kind["quoted"] = join_quoted(task, answers)
    return pairs_of_kind


def _find_reworded(
    task: SearchTask,
    near: NearClusters,
    pairs_of_kind: Mapping[str, pl.DataFrame],
    *,
    pooled: bool,
) -> RewordedRows:
    """Look for rewordings among the rows that nothing else gives away."""
    if pooled:
        return join_reworded(task, near.members.clusters_of)
    leaked = near.members.leaked(task.source.numbering)
    others = [
        pairs.to_series(0).to_numpy() for kind, pairs in pairs_of_kind.items() if kind != "passage"
    ]
    return find_reworded(
        task, np.unique(np.concatenate([leaked, *others])), near.members.clusters_of
    )


def _pair_clusters(
    kind: str, task: SearchTask, pairs: pl.DataFrame, labels: pl.DataFrame
) -> PairClusters:
    """Return clusters of the first two columns of `pairs`, with the third as similarity."""
    first, second = (pairs.to_series(i).to_numpy() for i in range(2))
    no_doubt = pl.repeat(None, pairs.height, dtype=pl.Float64, eager=True)
    doubt = pairs["doubt"] if "doubt" in pairs.columns else no_doubt
    return PairClusters(
        kind, task.source.numbering, first, second, pairs.to_series(2), labels, doubt
    )
