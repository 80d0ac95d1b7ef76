"""Labels, scores, answers, variants and focus of rows in clusters; how similar the answers are."""

from collections.abc import Callable, Iterator
from typing import ClassVar, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.text_digest import text_keys
from ftaudit.similarity.clusters.membership import Membership
from ftaudit.similarity.clusters.score_scale import ScoreScale
from ftaudit.similarity.parameters import Shingles
from ftaudit.similarity.runtime.hash_store import HashStore
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.search.shingle_sets import ShingleSets, distinct_sets, packed
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.normalisation import prepared
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_source import TextReading

MOST_ANSWERS: Final = 4_096
"""Pairs of answers measured between two nodes; beyond, only those with the first of either."""

_APART: Final = pl.Schema({"variant": pl.UInt64, "focus": pl.UInt64})
_READ: Final = ("label", "answer", "score", *_APART)
_NO_PAIRS: Final = pl.Schema({"left": pl.Int64, "right": pl.Int64})


class Answers(NamedTuple):
    """Labels and answers of the members, in the order of the members."""

    labels: pl.Series
    scores: pl.DataFrame
    """`score` and `step`, as `relation.MEMBER` has them."""
    apart: pl.DataFrame
    """`variant` and `focus`: hashes of what tells rows apart by design; null where nothing does."""
    numbers: npt.NDArray[np.int64]
    """Distinct output of each member, numbered through all clusters by cluster and least member;
    -1 when the row has no output."""
    pairs: pl.DataFrame
    """`left`, `right` (numbers, left < right, ascending) and `similarity`."""


class _MemberOutputs(NamedTuple):
    """Hashes of the outputs of members without a label, in the order of rows."""

    members: npt.NDArray[np.int64]
    """Indices of the members by ascending row."""
    first: npt.NDArray[np.uint64]
    second: npt.NDArray[np.uint64]
    sizes: npt.NDArray[np.int64]


class MemberTexts(NamedTuple):
    """Labels and outputs of the members, by ascending row."""

    labels: pl.Series
    scores: pl.DataFrame
    apart: pl.DataFrame
    outputs: list[_MemberOutputs]
    store: HashStore
    """The shingles of the outputs."""


def read_member_texts(task: SearchTask, rows: npt.NDArray[np.uint32]) -> MemberTexts:
    """Read labels and outputs of the given rows (ascending), in the calling thread."""
    labels: list[pl.Series] = [pl.Series([], dtype=pl.String)]
    scores: list[pl.Series] = [pl.Series([], dtype=pl.Float64)]
    scale = ScoreScale()
    apart = [_APART.to_frame()]
    outputs: list[_MemberOutputs] = []
    store = task.store("outputs")
    for batches in task.source.over(_MemberReader(rows, 0, task.profile.kind)):
        for batch in batches:
            scale.join(batch.scale)
            labels.append(batch.labels)
            scores.append(batch.scores)
            apart.append(batch.apart)
            for values in batch.values:
                store.add(values)
            if len(batch.outputs.members):
                outputs.append(batch.outputs)
    placed = scale.places(pl.concat(scores))
    return MemberTexts(pl.concat(labels), placed, pl.concat(apart), outputs, store)


class _MemberBatch(NamedTuple):
    """What is read of the members in a batch of rows, and the scale of all its scores."""

    scale: ScoreScale
    labels: pl.Series
    scores: pl.Series
    apart: pl.DataFrame
    outputs: _MemberOutputs
    values: list[npt.NDArray[np.uint64]]
    """Shingles of the outputs."""


class _MemberReader(Struct, frozen=True, eq=False):
    """Reads labels and outputs of the members (ascending row numbers)."""

    rows: npt.NDArray[np.uint32]
    before: int
    """How many members come before the first of them."""
    kind: Shingles
    columns: ClassVar[tuple[str, ...]] = ("id", *_READ)
    kernels: ClassVar[tuple[str, ...]] = ("shingle_rows",)

    def within(self, low: int, high: int) -> "_MemberReader":
        """Return the work on the rows from number `low` to before `high`."""
        first, after = self._places(low, high)
        return _MemberReader(self.rows[first:after], self.before + first, self.kind)

    def __call__(self, reading: TextReading, /) -> Iterator[_MemberBatch]:
        """Yield what is read of every batch."""
        for frame in reading.source.rows.batches(self.columns):
            scale = ScoreScale()
            scale.widen(frame["score"])
            low, members = self._members(frame, reading.source.numbering)
            apart = members.select(_hashed(members[name]).alias(name) for name in _APART)
            answered = members["label"].is_null() & members["answer"].is_not_null()
            places = answered.arg_true().to_numpy().astype(np.int64)
            outputs, values = _hash(self.kind, members["answer"], self.before + low, places)
            yield _MemberBatch(scale, members["label"], members["score"], apart, outputs, values)

    def _members(self, frame: pl.DataFrame, numbering: RowNumbering) -> tuple[int, pl.DataFrame]:
        """Return what is read of the members in a batch, and the index of the first of them."""
        numbers = numbering.numbers(frame["id"].to_numpy())
        ends = (int(numbers[0]), int(numbers[-1]) + 1) if len(numbers) else (0, 0)
        low, high = self._places(*ends)
        texts = frame.select(_READ)
        empty = all(texts[name].null_count() == frame.height for name in texts.columns)
        places = np.searchsorted(numbers, self.rows[low:high])
        return low, texts.head(high - low) if empty else texts[places]

    def _places(self, low: int, high: int) -> tuple[int, int]:
        """Return which members are rows from number `low` to before `high`."""
        ends = np.array([low, high], np.uint32)  # of another type, all rows would be copied
        first, after = np.searchsorted(self.rows, ends).tolist()
        return first, after


def compare_answers(
    task: SearchTask, reading: Callable[[], MemberTexts], members: Membership
) -> Answers:
    """Wait for labels and outputs, and compare the outputs of near-identical inputs."""
    with task.progress.stage("reading labels"):
        labels, scores, apart, outputs, store = reading()
    order = np.argsort(members.rows, kind="stable")
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    outputs = [batch._replace(members=order[batch.members]) for batch in outputs]
    numbers, sets = _number(outputs, members, store)
    pairs = _compare(task, numbers, sets, members)
    return Answers(labels.gather(back), scores[back], apart[back], numbers, pairs)


def _hashed(variants: pl.Series) -> pl.Series:
    """Return a hash of each variant, without regard to case, spaces and punctuation."""
    if variants.null_count() == len(variants):
        return pl.Series([None], dtype=pl.UInt64).new_from_index(0, len(variants))
    plain = variants.str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ")
    return text_keys(plain.str.strip_chars())


def _hash(
    kind: Shingles, answers: pl.Series, low: int, places: npt.NDArray[np.int64]
) -> tuple[_MemberOutputs, list[npt.NDArray[np.uint64]]]:
    """Return hashes and shingles of the answers at places, which count from member `low`."""
    texts = prepared(answers.gather(places))
    sets = distinct_sets(kind, views(texts))
    outputs = _MemberOutputs(low + places, sets.hashed.first, sets.hashed.second, sets.sizes)
    return outputs, sets.values


def _number(
    outputs: list[_MemberOutputs], members: Membership, store: HashStore
) -> tuple[npt.NDArray[np.int64], ShingleSets]:
    """Return the number of each distinct output in its cluster, and the sets in that order."""
    numbers = np.full(len(members.rows), -1, np.int64)
    if not outputs:
        return numbers, packed(np.zeros(0, np.uint32), store, np.zeros(0, np.int64))
    at = np.concatenate([o.members for o in outputs])
    everything = pl.DataFrame(
        {
            "member": at,
            "cluster": members.clusters[at],
            "first": np.concatenate([o.first for o in outputs]),
            "second": np.concatenate([o.second for o in outputs]),
        }
    ).with_row_index("set")
    key = ["cluster", "first", "second"]
    least = everything.sort("member").unique(key, keep="first", maintain_order=True)
    least = least.with_row_index("number")
    numbered = everything.join(least.select(*key, "number"), on=key, how="left")
    numbers[numbered["member"].to_numpy()] = numbered["number"].to_numpy()
    sizes = np.concatenate([o.sizes for o in outputs])
    return numbers, packed(members.rows[at], store, sizes).chosen(least["set"].to_numpy())


def _compare(
    task: SearchTask, numbers: npt.NDArray[np.int64], sets: ShingleSets, members: Membership
) -> pl.DataFrame:
    """Measure the answers of members in the same node or in paired nodes."""
    pairs = _answer_pairs(numbers, members) if (numbers >= 0).any() else _NO_PAIRS.to_frame()
    if pairs.is_empty():
        return pairs.with_columns(similarity=pl.lit(0.0))
    load_kernels(task.progress, "set_overlaps")
    set_overlaps = kernels("set_overlaps")

    left = pairs["left"].to_numpy().astype(np.int32)
    right = pairs["right"].to_numpy().astype(np.int32)
    common = np.zeros(len(left), np.int32)
    arguments = (sets.values, sets.starts, sets.counts, common)
    task.workers.over(
        len(left), lambda low, high: set_overlaps.measure_pairs(left, right, low, high, *arguments)
    )
    both = sets.sizes[left].astype(np.int64) + sets.sizes[right] - common
    return pairs.with_columns(similarity=common / np.maximum(both, 1))


def _answer_pairs(numbers: npt.NDArray[np.int64], members: Membership) -> pl.DataFrame:
    """Return distinct pairs of answer numbers to compare, ascending."""
    has = numbers >= 0
    answers = (
        pl.DataFrame({"node": members.nodes[has], "answer": numbers[has]})
        .unique()
        .sort("node", "answer")
        .with_columns(count=pl.len().over("node"), head=pl.int_range(pl.len()).over("node") == 0)
    )
    nodes = pl.concat(
        [
            pl.DataFrame({"node": members.left, "other": members.right}),
            answers.select("node", other="node").unique(),
        ]
    )
    size = answers.select("node", "count").unique()
    weighed = nodes.join(size, on="node").join(size, left_on="other", right_on="node", suffix="_2")
    few = pl.col("count").cast(pl.UInt64) * pl.col("count_2") <= MOST_ANSWERS
    heads = answers.filter("head")
    parts = [
        _joined(weighed.filter(few), answers, answers),
        _joined(weighed.filter(~few), heads, answers),
        _joined(weighed.filter(~few), answers, heads),
    ]
    return (
        pl.concat(parts)
        .select(left=pl.min_horizontal("left", "right"), right=pl.max_horizontal("left", "right"))
        .filter(pl.col("left") < pl.col("right"))
        .unique()
        .sort("left", "right")
    )


def _joined(nodes: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    return (
        nodes.select("node", "other")
        .join(left.select("node", left="answer"), on="node")
        .join(right.select(other="node", right="answer"), on="other")
        .select("left", "right")
    )
