"""How reliable annotators are, by the texts that several labelled, and what follows for labels.

The model of Dawid and Skene (1979) with one error rate for each annotator: who errs gives any other
label alike. Error rates and the probabilities of labels are estimated in turn (expectation
maximisation), from the share of the votes; no gold label is needed, and one annotator who errs as
often as all others changes nothing.

Dawid, Skene 1979, Maximum likelihood estimation of observer error-rates using the EM algorithm,
https://doi.org/10.2307/2346806.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.similarity.labels.row_labels import RowLabels

LEAST_ITEMS: Final = 20
"""Texts labelled by two annotators or more, below which nothing is learnt."""
ROUNDS: Final = 20
"""Of the estimation, always as many: the result does not depend on when it is near enough."""
PRIOR: Final = 5.0
"""Labels that an annotator is thought to have given before, erring as often as all do."""
SURE: Final = 0.01
"""The least error rate and the least doubt, and 1 less the highest: nobody is certain."""
WEIGHT: Final = 0.5
"""Exponent of what annotators say beside what the text says: the model of texts has heard other
labels of the same text already. Chosen on made-up data (docs/benchmarks-conflicts.md)."""

Labels = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


class AnnotatorVotes(Struct, frozen=True, eq=False):
    """The labels that annotators gave to texts which several labelled."""

    items: Labels
    """Number of the text of each vote, ascending; one annotator has one vote on a text."""
    labels: Labels
    annotators: Labels
    distinct: int
    """How many labels there are."""
    row_items: dict[int, int]
    """Row number → text, of rows whose text several annotators labelled."""
    row_labels: RowLabels
    rates: Numbers
    """Error rate of each annotator, in (0, 1)."""
    usual: float
    """Error rate of all of them together."""

    def weigh(self, rows: Labels, doubts: Numbers) -> Numbers:
        """Return the doubts in the labels of rows, weighed with what is known of annotators.

        A row whose annotator is not known, and on whose text nobody else has voted, keeps its
        doubt. So does one whose annotator errs as often as all do.

        Args:
            rows: row numbers.
            doubts: of their labels, by their texts alone, in [0, 1].
        """
        bounds = np.searchsorted(self.items, np.arange(self.items.max() + 2))
        return np.array(
            [
                self._weighed(int(row), float(doubt), bounds)
                for row, doubt in zip(rows, doubts, strict=True)
            ]
        )

    def _weighed(self, row: int, doubt: float, bounds: Labels) -> float:
        own, label = int(self.row_labels.annotators[row]), int(self.row_labels.numbers[row])
        if own < 0:
            return doubt
        rate, others = float(self.rates[own]), max(1, self.distinct - 1)
        right, wrong = (1 - rate) / (1 - self.usual), np.full(self.distinct, rate / self.usual)
        item = self.row_items.get(row)
        votes = slice(*bounds[item : item + 2]) if item is not None else slice(0, 0)
        for voted, annotator in zip(self.labels[votes], self.annotators[votes], strict=True):
            if annotator == own:
                continue
            error = float(self.rates[annotator])
            right *= 1 - error if voted == label else error / others
            wrong *= error / others
            wrong[voted] *= (1 - error) * others / error
        wrong[label] = 0.0
        unsure = min(max(doubt, SURE), 1 - SURE)
        against = float((wrong**WEIGHT).sum()) * unsure / others
        return against / (against + (1 - unsure) * float(right**WEIGHT))


def annotator_votes(labels: RowLabels, members: pl.DataFrame) -> AnnotatorVotes | None:
    """Return the votes on equal texts; None where too few texts have several annotators.

    Args:
        labels: of all rows.
        members: `node` and `row` of rows in clusters; rows of one node have equal texts.
    """
    if not (labels.annotators >= 0).any():
        return None
    rows = members["row"].to_numpy()
    votes = members.select("node", "row").with_columns(
        label=pl.Series(labels.numbers[rows]).cast(pl.Int64),
        annotator=pl.Series(labels.annotators[rows]).cast(pl.Int64),
    )
    votes = votes.filter((pl.col("label") >= 0) & (pl.col("annotator") >= 0)).sort("node", "row")
    votes = votes.filter(pl.col("annotator").n_unique().over("node") > 1)
    votes = votes.with_columns(item=pl.col("node").rank("dense").cast(pl.Int64) - 1)
    if votes.is_empty() or votes["item"].n_unique() < LEAST_ITEMS:
        return None
    once = votes.unique(["item", "annotator"], keep="first", maintain_order=True)
    items, labelled, annotators = (once[name].to_numpy() for name in ("item", "label", "annotator"))
    rates, usual = _error_rates(items, labelled, annotators, labels)
    return AnnotatorVotes(
        items,
        labelled,
        annotators,
        labels.distinct,
        dict(votes.select("row", "item").iter_rows()),
        labels,
        rates,
        usual,
    )


def _error_rates(
    items: Labels, labelled: Labels, annotators: Labels, labels: RowLabels
) -> tuple[Numbers, float]:
    """Return the error rate of each annotator, and of all together."""
    pairs, place = np.unique(np.stack([items, labelled]), axis=1, return_inverse=True)
    place = place.ravel()
    count = int(labels.annotators.max()) + 1
    voted = np.bincount(annotators, minlength=count)
    belief = np.bincount(place) / np.bincount(items)[pairs[0]]
    others = max(1, labels.distinct - 1)
    rates, usual = np.zeros(count), 0.0
    for _ in range(ROUNDS):
        wrong = 1 - belief[place]
        usual = _bounded(np.array([wrong.mean()]))[0]
        rates = _bounded((np.bincount(annotators, wrong, count) + PRIOR * usual) / (voted + PRIOR))
        gain = np.log((1 - rates) * others / rates)
        evidence = np.bincount(place, gain[annotators])
        top = np.full(int(items.max()) + 1, -np.inf)
        np.maximum.at(top, pairs[0], evidence)
        weight = np.exp(evidence - top[pairs[0]])
        belief = weight / np.bincount(pairs[0], weight)[pairs[0]]
    return rates, float(usual)


def _bounded(shares: Numbers) -> Numbers:
    return np.clip(shares, SURE, 1 - SURE)
