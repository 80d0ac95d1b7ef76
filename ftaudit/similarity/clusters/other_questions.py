"""Texts that are alike in a passage they share, and ask other questions about it.

A question about a passage is most of the time a small part of the text it stands in, so that two
questions look near-identical, or like a rewording, or as if one stood inside the other. Pairs of
texts whose questions are not alike (`text.passage_questions`) are taken out of all kinds; a holdout
row among them, if nothing else gives it away, shares its passage with a training row. The question
is the `focus` of a record where its format tells, else it is read from the input, without
boilerplate.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import chain
from typing import ClassVar, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.similarity.clusters.connected_components import Graph
from ftaudit.similarity.clusters.linked_rows import LinkedRows
from ftaudit.similarity.clusters.membership import ClusteredRows, Membership
from ftaudit.similarity.runtime.kernel_loader import kernels
from ftaudit.similarity.search.containment import CONTAINED
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.normalisation import normalised
from ftaudit.similarity.text.passage_questions import (
    ask_alike,
    asked_within,
    may_ask,
    normal_questions,
    passage_questions,
    word_runs,
)
from ftaudit.similarity.text.row_numbering import within_ranges
from ftaudit.similarity.text.text_source import (
    Boilerplate,
    Ranges,
    RowNumbers,
    TextReading,
    TextSource,
    rows_within,
)

LOOKED_AT: Final = 500
"""Inputs of a sample, evenly spaced, that are read to tell whether any asks about a passage."""
LEAST_SIZE: Final = 30
"""Shingles of a text below which it has no passage."""
SHARED: Final = 0.4
"""Share of common three-word runs from which two texts share their passage."""

_QUESTIONS: Final = pl.Schema({"row": pl.Int64, "question": pl.String})
_INPUTS: Final = pl.Schema({"row": pl.Int64, "text": pl.String})


AskedQuestions: TypeAlias = Mapping[int, str]
"""Row → what it asks about a passage, in its normal form.

Empty where a record has a passage and no question.
"""


class DividedRows(NamedTuple):
    """Near-identical rows that ask the same, and rows that share no more than a passage."""

    linked: LinkedRows
    passages: pl.DataFrame
    """`CONTAINED` of holdout rows: the training row most like each, and how like."""


def may_ask_about_passages(sample: pl.Series) -> bool:
    """Return whether any text asks about a passage within it.

    Args:
        sample: inputs, of which at most `LOOKED_AT` that may ask something are read.
    """
    asking = sample.filter(may_ask(sample))
    step = -(-len(asking) // LOOKED_AT) if len(asking) else 1
    chosen = asking.gather_every(step)
    return any(
        passage_questions(chosen[low : low + 64]).is_not_null().any()
        for low in range(0, len(chosen), 64)
    )


def has_focus(source: TextSource) -> bool:
    """Return whether any row has a `focus`."""
    return any([*source.over(_FocusOfAny())])


class _FocusOfAny(Struct, frozen=True, eq=False):
    """Tells whether any row has a `focus`."""

    columns: ClassVar[tuple[str, ...]] = ("id", "focus")

    def __call__(self, reading: TextReading, /) -> bool:
        """Read until there is one."""
        batches = reading.source.rows.batches(self.columns)
        return any(batch["focus"].null_count() < batch.height for batch in batches)


def divide_linked(task: SearchTask, linked: LinkedRows) -> DividedRows:
    """Take the pairs that ask other questions out of the near-identical rows."""
    clustered, sets, graph = linked
    places = np.flatnonzero(_comparable(task, linked))
    rows = np.unique(sets.rows[graph.edges[places, :2]]).astype(np.int64)
    asked = _questions(task, rows) if len(rows) else {}
    ends = sets.rows[graph.edges[places, :2]].astype(np.int64)
    asks = np.isin(ends, np.fromiter(asked, np.int64))
    both, one = asks.all(axis=1), asks.sum(axis=1) == 1
    apart = np.array([_apart(asked, row, other) for row, other in ends[both].tolist()], np.bool_)
    divided = places[both][apart]
    if len(divided):
        turned = np.where(asks[one, :1], ends[one], ends[one][:, ::-1])
        bridges = _bridges(asked, turned, graph.edges[places[one], 2])
        divided = np.sort(np.concatenate([divided, places[one][bridges]]))
    # records are not linked to those that have no focus, though they stay in one cluster
    unlinked = np.setdiff1d(places[one], divided) if task.focused else places[:0]
    if not len(divided) and not len(unlinked):
        return DividedRows(linked, CONTAINED.to_frame())
    apart_at = np.union1d(divided, unlinked)
    passages = _nearest(task, clustered, linked, graph.edges[apart_at])
    near = _nearest(task, clustered, linked, np.delete(graph.edges, apart_at, axis=0))["row"]
    given_away = pl.concat([near, _equal_to_training(task, clustered)])
    kept = _regrouped(graph, np.delete(graph.edges, divided, axis=0), len(sets))
    return DividedRows(
        LinkedRows(_members(linked, kept), sets, kept),
        passages.filter(~pl.col("row").is_in(given_away.implode())),
    )


def _comparable(task: SearchTask, linked: LinkedRows) -> npt.NDArray[np.bool_]:
    """Return which edges join texts that are long enough for a passage.

    None of a giant component, of which not all pairs are known: others might link its parts.
    """
    sets, graph = linked.sets, linked.graph
    long = (sets.sizes[graph.edges[:, :2]] >= LEAST_SIZE).all(axis=1)
    sizes = np.bincount(graph.labels, minlength=len(sets))
    giant = sizes[graph.labels[graph.edges[:, 0]]] > task.options.full_cluster
    return np.asarray(long & ~giant)


def _apart(asked: AskedQuestions, row: int, other: int) -> bool:
    left, right = asked.get(row), asked.get(other)
    return None not in {left, right} and left != right and not _alike(left, right)


def _bridges(
    asked: AskedQuestions, pairs: npt.NDArray[np.int64], common: npt.NDArray[np.int32]
) -> npt.NDArray[np.bool_]:
    """Return which edges would join questions through a text that asks none.

    Args:
        asked: what rows ask.
        pairs: a row that asks, and one that does not.
        common: shingles that both have.
    """
    bridges = np.zeros(len(pairs), np.bool_)
    nearest: dict[int, int] = {}
    for place in np.lexsort((pairs[:, 0], -common.astype(np.int64))).tolist():
        row, bare = pairs[place].tolist()
        bridges[place] = _apart(asked, row, nearest.setdefault(bare, row))
    return bridges


@lru_cache(maxsize=65_536)
def _alike(left: str, right: str) -> bool:
    return ask_alike(left, right)


def _regrouped(graph: Graph, edges: npt.NDArray[np.int32], size: int) -> Graph:
    """Return the graph of some of its edges."""
    bucket_walk = kernels("bucket_walk")

    labels = np.arange(size, dtype=np.int32)
    edges = np.ascontiguousarray(edges)
    bucket_walk.unite(edges, len(edges), labels)
    bucket_walk.label(labels, labels)
    return replace(graph, labels=labels, edges=edges)


def _members(linked: LinkedRows, graph: Graph) -> ClusteredRows:
    """Return the rows that are in a cluster still."""
    rows, clusters, texts = linked.clustered
    sets = linked.sets
    places = np.searchsorted(sets.rows, texts).clip(0, max(0, len(sets) - 1))
    inside = sets.rows[places] == texts
    clusters = np.where(inside, sets.rows[graph.labels[places]], clusters)
    _, of_row, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    kept = sizes[of_row] > 1
    return ClusteredRows(rows[kept], clusters[kept].astype(np.uint32), texts[kept])


def _nearest(
    task: SearchTask,
    clustered: ClusteredRows,
    linked: LinkedRows,
    edges: npt.NDArray[np.int32],
) -> pl.DataFrame:
    """Return for each holdout row of edges the training row most like it, as `CONTAINED`."""
    sets = linked.sets
    holdout, train = _sides(task, clustered)
    train = train.group_by("text").agg(host=pl.col("row").min())
    common = edges[:, 2].astype(np.int64)
    both = sets.sizes[edges[:, 0]].astype(np.int64) + sets.sizes[edges[:, 1]]
    share = common / (both - common)
    sides = [sets.rows[edges[:, at]] for at in (0, 1)]
    directed = pl.concat(
        pl.DataFrame({"text": sides[at], "other": sides[1 - at], "share": share}) for at in (0, 1)
    )
    pairs = holdout.join(directed, on="text").join(train, left_on="other", right_on="text")
    return _best(pairs.select(CONTAINED.names()))


def _equal_to_training(task: SearchTask, clustered: ClusteredRows) -> pl.Series:
    """Return the holdout rows whose text a training row has, too."""
    holdout, train = _sides(task, clustered)
    return holdout.join(train, on="text", how="semi")["row"]


def _sides(task: SearchTask, clustered: ClusteredRows) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `row` and `text` of the rows in clusters, of the holdout and of training."""
    ranges = task.source.numbering.of_split
    members = pl.DataFrame({"row": clustered.rows.astype(np.int64), "text": clustered.texts})
    holdout, train = (
        members.filter(pl.Series(within_ranges(clustered.rows, ranges(split))))
        for split in (HOLDOUT, TRAIN)
    )
    return holdout, train


def _best(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return of each row the pair most alike, of equals the first host."""
    best = pairs.sort("row", "share", "host", descending=[False, True, False])
    return best.unique("row", keep="first", maintain_order=True)


def one_focus(members: Membership, apart: pl.DataFrame) -> pl.DataFrame:
    """Return `variant` and `focus` of members, with one focus for questions that are alike.

    Within a cluster all texts ask alike, so the focus of each text is that of the first.
    """
    if apart["focus"].null_count() == apart.height:
        return apart
    frame = apart.with_columns(cluster=pl.Series(members.clusters), node=pl.Series(members.nodes))
    own = pl.col("focus").first().over("node")
    first = pl.col("focus").drop_nulls().first().over("cluster")
    same = pl.when(pl.col("focus") == own).then(first).otherwise("focus")
    return frame.with_columns(focus=same).select(apart.columns)


def divide_pairs(
    task: SearchTask, pairs_of_kind: Mapping[str, pl.DataFrame], passages: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Move holdout rows whose question is not in their host from all kinds to `passage`.

    Args:
        task: the search.
        pairs_of_kind: `CONTAINED` of `contained` and `quoted`, and of other kinds, which stay.
        passages: those of near-identical rows (`divide_linked`).
    """
    kinds = [kind for kind in ("contained", "quoted") if kind in pairs_of_kind]
    rows = np.unique(np.concatenate([pairs_of_kind[kind]["row"].to_numpy() for kind in kinds]))
    asked = _holdout_questions(task, rows.astype(np.int64)) if len(rows) else {}
    divided = dict(pairs_of_kind)
    moved = [passages]
    if asked:
        hosts = pl.concat(pairs_of_kind[kind].select("row", "host") for kind in kinds)
        own = hosts.filter(pl.col("row").is_in(list(asked)))["host"].unique().sort()
        texts = _whole_texts(task, own.to_numpy())
        for kind in kinds:
            pairs = pairs_of_kind[kind]
            kept = pl.Series(_asked_there(asked, texts, pairs), dtype=pl.Boolean)
            divided[kind] = pairs.filter(kept)
            moved.append(pairs.filter(~kept))
    given = pl.concat(pairs.select("row") for pairs in divided.values())
    divided["passage"] = _best(pl.concat(moved)).join(given, on="row", how="anti")
    return divided


def _asked_there(
    asked: AskedQuestions, texts: Mapping[int, str], pairs: pl.DataFrame
) -> npt.NDArray[np.bool_]:
    """Return whether the question of each row stands in its host, whose words are read once."""
    there = np.ones(pairs.height, np.bool_)
    last, runs = -1, set[tuple[str, ...]]()
    ordered = pairs.select("row", "host").with_row_index("place").sort("host")
    for place, row, host in ordered.iter_rows():
        if asked.get(row):
            last, runs = host, runs if host == last else word_runs(texts.get(host, ""))
            there[place] = asked_within(asked[row], runs)
    return there


def divide_rewordings(
    task: SearchTask, pairs: pl.DataFrame, passages: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rewordings whose questions are alike, and `passage` with those of the others.

    Two texts that share their passage say the same only if they ask the same.
    """
    if pairs.is_empty():
        return pairs, passages
    rows = np.unique(pairs.select("row", "match").to_numpy()).astype(np.int64)
    holdout = task.source.numbering.of_split(HOLDOUT)
    in_holdout = within_ranges(rows.astype(np.uint32), holdout)
    if not _holdout_questions(task, rows[in_holdout]):
        return pairs, passages
    asked = _questions(task, rows)
    unlike = [_apart(asked, row, match) for row, match in pairs.select("row", "match").iter_rows()]
    doubtful = pairs.filter(pl.Series(unlike, dtype=pl.Boolean))
    if doubtful.is_empty():
        return pairs, passages
    among = np.unique(doubtful.select("row", "match").to_numpy()).astype(np.int64)
    runs = {
        row: word_runs(text)
        for numbers, texts in task.source.prepared(among)
        for row, text in zip(numbers.tolist(), texts, strict=True)
    }
    shares = [
        len(runs[row] & runs[match]) / len(runs[row] | runs[match])
        for row, match in doubtful.select("row", "match").iter_rows()
    ]
    moved = doubtful.with_columns(share=pl.Series(shares, dtype=pl.Float64))
    moved = moved.filter(pl.col("share") >= SHARED)
    kept = pairs.join(moved, on=["row", "match"], how="anti", maintain_order="left")
    in_holdout = within_ranges(moved["row"].to_numpy().astype(np.uint32), holdout)
    shared = moved.filter(pl.Series(in_holdout)).select("row", "share", host="match")
    every = _best(pl.concat([passages, shared.select(CONTAINED.names())]))
    return kept, every.join(kept, on="row", how="anti", maintain_order="left")


def _questions(task: SearchTask, rows: RowNumbers) -> AskedQuestions:
    """Return what rows (ascending) ask about a passage, of those that have one."""
    with task.progress.stage("comparing questions", len(rows)) as advance:
        read = task.source.over(_QuestionsOfRows(rows), None, task.workers, advance)
        return _normal(read)


def _holdout_questions(task: SearchTask, rows: RowNumbers) -> AskedQuestions:
    """Return the same of holdout rows; where inputs alone tell, of those that are at hand."""
    if len(rows) and task.focused:
        return _questions(task, rows)
    ranges = task.source.numbering.of_split(HOLDOUT)
    return _normal(task.source.over(_HeldQuestions(rows, ranges), ranges)) if len(rows) else {}


def _normal(read: Iterable[Iterable[pl.DataFrame]]) -> AskedQuestions:
    asked = pl.concat(chain([_QUESTIONS.to_frame()], chain.from_iterable(read)))
    questions = normal_questions(asked["question"].to_list())
    return {
        row: question
        for row, question in zip(asked["row"], questions, strict=True)
        if question is not None
    }


def _whole_texts(task: SearchTask, rows: RowNumbers) -> dict[int, str]:
    """Return the whole records of rows (ascending), in their normal form."""
    read = task.source.over(_RecordsOfRows(rows))
    texts = pl.concat(chain([_INPUTS.to_frame()], chain.from_iterable(read)))
    return dict(zip(texts["row"], normalised(texts["text"]), strict=True))


class _QuestionsOfRows(Struct, frozen=True, eq=False):
    """Reads what some rows (ascending) ask about a passage."""

    rows: RowNumbers
    columns: ClassVar[tuple[str, ...]] = ("id", "input", "focus")

    def within(self, low: int, high: int) -> "_QuestionsOfRows | None":
        """Return the work on the rows from number `low` to before `high`; None: there is none."""
        rows = rows_within(self.rows, low, high)
        return _QuestionsOfRows(rows) if len(rows) else None

    def __call__(self, reading: TextReading, /) -> Iterator[pl.DataFrame]:
        """Yield those of every batch that has any."""
        chosen = _chosen(reading, self.columns, self.rows)
        asked = partial(_asked_in, reading.source.boilerplate)
        for count, questions in reading.workers.through(chosen, asked):
            yield questions
            reading.advance(count)


def _asked_in(
    boilerplate: Boilerplate | None, chosen: tuple[npt.NDArray[np.int64], pl.DataFrame]
) -> tuple[int, pl.DataFrame]:
    """Return how many rows these are, and `_QUESTIONS` of those that ask about a passage."""
    numbers, batch = chosen
    questions = batch.select(
        pl.Series("row", numbers),
        question=pl.coalesce("focus", _asked(batch["input"], boilerplate)),
    )
    return len(numbers), questions.drop_nulls("question")


class _HeldQuestions(Struct, frozen=True, eq=False):
    """Reads what the inputs of some rows (ascending) in ranges ask about a passage."""

    rows: RowNumbers
    ranges: Ranges

    def __call__(self, reading: TextReading, /) -> Iterator[pl.DataFrame]:
        """Yield those of every slice that has any."""
        for first, raw in reading.source.raw(self.ranges):
            own = rows_within(self.rows, first, first + len(raw))
            if len(own):
                questions = _asked(raw.gather(own - first), reading.source.boilerplate)
                columns = {"row": own, "question": questions}
                yield pl.DataFrame(columns, schema=_QUESTIONS).drop_nulls("question")


def _asked(texts: pl.Series, boilerplate: Boilerplate | None) -> pl.Series:
    return passage_questions(texts if boilerplate is None else boilerplate.without(texts))


class _RecordsOfRows(Struct, frozen=True, eq=False):
    """Reads the whole texts of some rows (ascending)."""

    rows: RowNumbers
    columns: ClassVar[tuple[str, ...]] = ("id", "text")

    def within(self, low: int, high: int) -> "_RecordsOfRows | None":
        """Return the work on the rows from number `low` to before `high`; None: there is none."""
        rows = rows_within(self.rows, low, high)
        return _RecordsOfRows(rows) if len(rows) else None

    def __call__(self, reading: TextReading, /) -> Iterator[pl.DataFrame]:
        """Yield those of every batch that has any."""
        for numbers, batch in _chosen(reading, self.columns, self.rows):
            texts = batch["text"].fill_null("")
            yield pl.DataFrame({"row": numbers, "text": texts}, schema=_INPUTS)


def _chosen(
    reading: TextReading, columns: tuple[str, ...], rows: RowNumbers
) -> Iterator[tuple[npt.NDArray[np.int64], pl.DataFrame]]:
    """Yield the numbers and the columns of some rows (ascending), batch by batch."""
    for batch in reading.source.rows.batches(columns):
        numbers = reading.source.numbering.numbers(batch["id"].to_numpy()).astype(np.int64)
        chosen = np.isin(numbers, rows)
        if chosen.any():
            yield numbers[chosen], batch.filter(pl.Series(chosen))
