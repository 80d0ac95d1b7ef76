"""Which labels are likely wrong: a row that resembles another, whose label its text does not fit.

1. Candidates are pairs of training rows with different labels and a Jaccard similarity of their
   five-character shingles of at least 0.5, found by an exact join, whatever the threshold of the
   scan. That is affordable up to some 100,000 short rows; beyond, pairs of the relation serve.
2. The *likeness* of a pair is the Jaccard similarity of their multisets of three-character pieces
   (`likeness`): it suffers less from words that moved or were misspelt.
3. The *doubt* of a row is 1 minus the confidence of the label model in its label.
4. Of each pair the row with more doubt is suspected, with the score likeness times doubt, in
   [0, 1]; a row's score is that of its highest pair.

The product is the best of what was measured (docs/benchmarks-conflicts.md).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.dataset import TRAIN
from ftaudit.similarity.compiled import load_kernels
from ftaudit.similarity.joining import (
    count_shingles,
    keep_sets,
    prefix_buckets,
    prune,
)
from ftaudit.similarity.label_model import MOST_LABELS, LabelModel, learn
from ftaudit.similarity.likeness import Pieces, pieces_of
from ftaudit.similarity.membership import Membership
from ftaudit.similarity.nodes import nodes
from ftaudit.similarity.profile import PER_WORD, Profile
from ftaudit.similarity.shingle_sets import ShingleSets
from ftaudit.similarity.source import Source, Texts
from ftaudit.similarity.store import Hashes
from ftaudit.similarity.tally import cells_for
from ftaudit.similarity.task import Task
from ftaudit.similarity.workers import Workers

LEAST: Final = 0.5
"""Jaccard similarity from which two rows are compared further."""
LEAST_SCORE: Final = 0.5
"""Score from which a suspicion is kept."""
MOST_SHINGLES: Final = 1 << 23
"""Characters of all texts up to which candidates are joined below the threshold of the scan."""
MOST_COMPARED: Final = 128
"""Texts that each is compared with for every rare shingle they share; those next in the data."""
MOST_PAIRS: Final = 100_000
"""Pairs looked at, the most alike first."""
DIGITS: Final = 6
"""Digits kept, so that no machine's logarithm shows."""

_ENDS: Final = ("left", "right")

SUSPECTS: Final = pl.Schema(
    {"row": pl.Int64, "rival": pl.Int64, "likeness": pl.Float64, "doubt": pl.Float64}
)
"""One suspected row each, ascending: its number, the row it contradicts, how alike they are, and
the doubt in its label; the score is their product."""


class Suspicion(NamedTuple):
    """What the labels look like from the text."""

    doubts: dict[int, float]
    """Row number → doubt, of every training row that is near-identical to one of another label
    or was compared."""
    suspects: pl.DataFrame
    """`SUSPECTS`."""
    configuration: Mapping[str, object]
    """How it was decided; empty where there are no labels."""


class Labels(NamedTuple):
    """What the rows are labelled as, in numbers."""

    of_row: npt.NDArray[np.int32]
    """Label of each row of training data, -1 where there is none."""
    many: int


class _Compared(NamedTuple):
    """The rows in any pair."""

    rows: npt.NDArray[np.int64]
    """Their numbers, ascending."""
    doubts: npt.NDArray[np.float64]
    pieces: Pieces

    def by_row(self) -> dict[int, float]:
        """Return the doubt of each row by its number."""
        return dict(zip(self.rows.tolist(), self.doubts.tolist(), strict=True))


def find_suspects(task: Task, found: Membership, labels: Labels) -> Suspicion:
    """Doubt the labels of rows that contradict rows like them."""
    if not 2 <= labels.many <= MOST_LABELS:
        return Suspicion({}, SUSPECTS.to_frame(), {"labels": labels.many})
    low = _affordable(task)
    configuration = {
        "labels": labels.many,
        "model": "naive-bayes-1",
        "pairs_from": low.options.threshold if low else task.options.threshold,
    }
    load_kernels(
        task.progress,
        *("shingles", "grouping", "counting", "pruning", "walking"),
        *("opposing", "learning", "likening"),
    )
    pairs = _member_pairs(found, labels.of_row)
    if low is not None:
        pairs = pl.concat([pairs, _low_pairs(low, labels.of_row)])
    pairs = pairs.group_by("left", "right").agg(pl.col("similarity").max())
    pairs = pairs.sort(-pl.col("similarity"), "left", "right").head(MOST_PAIRS)
    rows = np.unique(pairs.select(_ENDS).to_numpy())
    if not len(rows):
        return Suspicion({}, SUSPECTS.to_frame(), configuration)
    model = learn(task, labels.of_row, labels.many)
    compared = _read(task, model, rows, labels.of_row)
    suspects = _suspects(pairs, compared, task.workers)
    return Suspicion(compared.by_row(), suspects, configuration)


def read_labels(source: Source) -> Labels:
    """Give the labels of training rows numbers; case and outer spaces make no difference."""
    numbers, labels = [], []
    for batch in source.rows.batches(["id", "split", "label"]):
        some = batch.filter((pl.col("split") == TRAIN) & pl.col("label").is_not_null())
        numbers.append(source.numbering.numbers(some["id"].to_numpy()))
        labels.append(some["label"].str.strip_chars().str.to_lowercase())
    of_row = np.full(source.numbering.rows, -1, np.int32)
    if not sum(map(len, labels)):
        return Labels(of_row, 0)
    said = pl.concat(labels).rank("dense") - 1
    of_row[np.concatenate(numbers)] = said.to_numpy()
    return Labels(of_row, int(said.max()) + 1)  # type: ignore[arg-type] # ranks are integers


def _member_pairs(found: Membership, labels: npt.NDArray[np.int32]) -> pl.DataFrame:
    """Return pairs of the relation with different labels, a row for each node and label."""
    members = pl.DataFrame({"node": found.nodes, "row": found.rows.astype(np.int64)})
    nodes = pl.concat(
        [
            pl.DataFrame(
                {"node": found.left, "other": found.right, "similarity": found.similarity}
            ),
            members.select("node", other="node", similarity=pl.lit(1.0)).unique(),
        ]
    )
    return _row_pairs(nodes, members, labels)


def _row_pairs(
    nodes: pl.DataFrame, members: pl.DataFrame, labels: npt.NDArray[np.int32]
) -> pl.DataFrame:
    """Turn pairs of nodes into pairs of rows with different labels."""
    sides = (
        members.with_columns(label=labels[members["row"].to_numpy()])
        .filter(pl.col("label") >= 0)
        .group_by("node", "label")
        .agg(pl.col("row").min())
    )
    both = nodes.join(sides, on="node").join(
        sides, left_on="other", right_on="node", suffix="_other"
    )
    return both.filter(pl.col("label") != pl.col("label_other")).select(
        left=pl.min_horizontal("row", "row_other"),
        right=pl.max_horizontal("row", "row_other"),
        similarity="similarity",
    )


def _affordable(task: Task) -> Task | None:
    """Return the same task below the threshold of the scan; None where that costs too much."""
    profile = task.profile
    shingles = int(profile.shingles * (1 if profile.kind == "char5" else PER_WORD))
    if shingles > MOST_SHINGLES:
        return None
    options = replace(task.options, threshold=min(LEAST, task.options.threshold))
    return replace(task, options=options, profile=Profile("char5", exact=True, shingles=shingles))


def _low_pairs(low: Task, labels: npt.NDArray[np.int32]) -> pl.DataFrame:
    """Join labelled texts with different labels."""
    cells = cells_for(low.profile.shingles)
    hashed = count_shingles(low, cells)
    same = nodes(hashed)
    taught = np.flatnonzero((labels >= 0) & ~hashed.empty)
    heads = np.unique(same[taught])
    sets = prune(keep_sets(low, heads, cells), low.options.threshold, low.workers)
    found = _oppose(low, sets, _labels_of(sets.rows, same[taught], labels[taught]))
    members = pl.DataFrame({"node": same[taught].astype(np.int64), "row": taught})
    return _row_pairs(found, members, labels)


def _labels_of(
    heads: npt.NDArray[np.uint32], same: npt.NDArray[np.uint32], labels: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """Return the label of each text that stands at one of `heads`, -2 where it has several."""
    sides = (
        pl.DataFrame({"head": same, "label": labels})
        .group_by("head")
        .agg(
            label=pl.when(pl.col("label").n_unique() > 1)
            .then(-2)
            .otherwise(pl.col("label").first())
        )
    )
    of = pl.DataFrame({"head": heads}).join(sides, on="head", how="left", maintain_order="left")
    return of["label"].to_numpy().astype(np.int32)


def _oppose(task: Task, sets: ShingleSets, labels: npt.NDArray[np.int32]) -> pl.DataFrame:
    """Return pairs of texts with different labels, by the numbers of their first rows."""
    from ftaudit.similarity.kernels.opposing import oppose

    parts, maps = prefix_buckets(task, sets), sets.bitmaps(task.workers)

    def one(cut: tuple[int, int]) -> npt.NDArray[np.int32]:
        part = parts[cut[0]]
        return np.asarray(
            oppose(
                part.members, part.bounds, part.rest, sets.values, sets.starts, sets.counts,
                sets.sizes, labels, maps, task.options.threshold, MOST_COMPARED,
            )
        )  # fmt: skip

    found = task.workers.each([(i, i) for i in range(len(parts))], one)
    pairs = np.unique(np.concatenate([np.zeros((0, 3), np.int32), *found]), axis=0)
    left, right, common = pairs[:, 0], pairs[:, 1], pairs[:, 2].astype(np.int64)
    union = sets.sizes[left].astype(np.int64) + sets.sizes[right] - common
    return pl.DataFrame(
        {
            "node": sets.rows[left].astype(np.int64),
            "other": sets.rows[right].astype(np.int64),
            "similarity": common / np.maximum(union, 1),
        }
    )


def _read(
    task: Task, model: LabelModel, rows: npt.NDArray[np.int64], labels: npt.NDArray[np.int32]
) -> _Compared:
    """Read the texts of the given rows (ascending): doubt their labels, keep their pieces."""
    doubts, counts = np.zeros(len(rows), np.float64), np.zeros(len(rows), np.int32)
    store = task.store("pieces")  # of hashes: no text may spill

    def read(piece: Texts) -> tuple[int, Hashes]:
        here = piece.among(rows)
        some = piece.texts.gather(rows[here] - piece.first)
        doubts[here] = model.judge(some, labels[rows[here]])
        pieces = pieces_of(some)
        counts[here] = pieces.counts
        return len(piece), pieces.values

    with task.progress.stage("doubting labels", task.rows) as advance:
        for done, pieces in task.workers.through(task.source.texts(), read):
            store.add(pieces)
            advance(done)
    return _Compared(rows, _rounded(doubts), Pieces(store.all(), counts))


def _rounded(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Keep `DIGITS` digits, rounding as Python does: exactly, not by way of a product."""
    return np.array([round(value, DIGITS) for value in values.tolist()], np.float64)


def _suspects(pairs: pl.DataFrame, compared: _Compared, workers: Workers) -> pl.DataFrame:
    """Blame one row of each pair; keep the highest pair of each row blamed."""
    left, right = (np.searchsorted(compared.rows, pairs[name].to_numpy()) for name in _ENDS)
    worse = compared.doubts[left] > compared.doubts[right]
    row, rival = np.where(worse, left, right), np.where(worse, right, left)
    likeness = _rounded(compared.pieces.likeness(left, right, workers))
    blamed = {
        "row": compared.rows[row],
        "rival": compared.rows[rival],
        "likeness": likeness,
        "doubt": compared.doubts[row],
    }
    score = pl.col("likeness") * pl.col("doubt")
    return (
        pl.DataFrame(blamed, schema=SUSPECTS)
        .filter(score >= LEAST_SCORE)
        .sort("row", -score, "rival")
        .unique("row", keep="first", maintain_order=True)
    )
