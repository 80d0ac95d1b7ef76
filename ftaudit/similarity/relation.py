"""The schema of the `similar` relation, which the engine yields and the checks fold over."""

from collections.abc import Iterator, Mapping
from typing import Final, Protocol, Self, runtime_checkable

import polars as pl
from msgspec import Struct

MEMBER: Final = pl.Struct(
    {
        "id": pl.UInt64,
        "split": pl.String,
        "file": pl.UInt32,
        "row": pl.UInt64,
        "label": pl.String,
        "score": pl.Float64,
        "step": pl.Float64,
        "variant": pl.UInt64,
        "focus": pl.UInt64,
        "node": pl.UInt32,
        "within": pl.UInt64,
        "answer": pl.UInt32,
        "doubt": pl.Float64,
    }
)
PAIR: Final = pl.Struct({"left": pl.UInt32, "right": pl.UInt32, "similarity": pl.Float64})

CLUSTERS: Final = pl.Schema(
    [
        ("cluster", pl.UInt64),
        ("kind", pl.String),
        ("complete", pl.Boolean),
        ("members", pl.List(MEMBER)),
        ("pairs", pl.List(PAIR)),
        ("answers", pl.List(PAIR)),
    ]
)
"""One row per cluster, ascending in `kind` then `cluster`. Batches hold whole clusters.

- `cluster`: the least row id of its members, its representative; in kinds other than `near` the
  id of the first member. Unique within a kind.
- `kind`: `near`, a connected component of verified pairs with Jaccard >= threshold (rows of all
  splits together) that do not ask other questions about a passage they share; or of two members or
  more, of which the first, a holdout row, is not near any training row: `contained`, the second is
  a training row whose text contains it, with the containment as the similarity; `quoted`, the same
  with the output of a training row; `permuted`, a training row that asks the question with its
  options in another order; `same-answer`, the first training row with the same long output;
  `passage`, a training row that asks something else about the passage of the first, which no other
  kind has; or `suspect`, a training row whose label is probably wrong (first member), and the row
  of another label that it contradicts most (second), with their likeness as the similarity. In
  `reworded` the first member is a holdout row that nothing else gives away, or a training row, and
  up to five training rows follow that say the same in other words, with their likeness to the first
  (`reworded.best_matches`) as the similarity; of the training rows only some, evenly spread, are
  compared with the others. Of rows that are yet to be split (`build.build(pooled=True)`) the
  members of all kinds but `suspect` are any rows, and a row may be in several clusters of a kind.
- `complete`: every pair of nodes at or above the threshold is in `pairs`. False in clusters too
  large to pair fully; then `pairs` still connects the cluster, and holds for every holdout node
  its nearest training node among those compared.
- `members`: by ascending id in `near`. `node` numbers the distinct normalised texts of the cluster
  from 0 by least member, so members of one node are exact duplicates (similarity 1). `within` is
  the least id of the member's component when only rows of its own split are considered. `answer`
  numbers the distinct normalised outputs in the same way; null when the record has no output.
  `variant` and `focus` are hashes of what tells records of equal and of near-identical inputs
  apart by design (`dataset.ROWS`), null where nothing does.
  `score` is the place of the row's score on the scale of the data, from 0 (the least score of all
  rows) to 1 (the greatest) in thousandths, and `step` what one whole number is on that scale, 0
  where not all scores are whole or there are two alone; null where the data has no scores, and in
  kinds other than `near`.
  `doubt`, in [0, 1], is 1 minus the confidence in the label given the text and all other rows
  (`labels.label_confidence`); null unless the row was compared with one of another label.
- `pairs`: verified pairs of nodes, left < right, ascending, exact Jaccard in [threshold, 1).
- `answers`: similarity of two answers, left < right, for the answers of members in the same node
  or in paired nodes; capped like `pairs`. Empty for data with labels."""


class SearchLimit(Struct, frozen=True):
    """Rows of which the search could not tell whether they have a match. Never read it as none."""

    kind: str
    """Of the clusters that were looked for."""
    split: str
    rows: int
    sought: int
    """Rows that were to be looked for, these among them."""
    note: str
    """How many could not be told, and for what reason."""


@runtime_checkable
class HeedsLimits(Protocol):
    """A check that says what the search could not tell. It declares it by offering the method."""

    def limited(self, limits: tuple[SearchLimit, ...]) -> Self:
        """Return the check that knows the limits of the relation it is folded over."""


class Similar(Protocol):
    """The relation, computed once per scan and readable any number of times."""

    @property
    def configuration(self) -> Mapping[str, object]:
        """Everything that decided it: method, shingles, normalisation, seed, boilerplate."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: estimates, boilerplate left out, incomplete clusters."""

    @property
    def limits(self) -> tuple[SearchLimit, ...]:
        """What could not be told of which rows; the notes have it too."""

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield batches of `CLUSTERS`; batch boundaries carry no meaning."""
