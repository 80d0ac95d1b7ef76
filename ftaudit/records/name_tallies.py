"""Rows by name: by class, by score, by kind or length of the output, of every split."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.model.examples import examples, first_of_each
from ftaudit.model.finding import EVIDENCE, Example, evidence
from ftaudit.model.label_spelling import plain_label
from ftaudit.model.row_id import file_of, row_of

_CLASSES: Final = ("label", "answer")
"""Topics whose names are classes, which may be spelled in more than one way."""

NameCounts = Mapping[str, Mapping[str, int]]
"""Split → name → rows."""


class NameTallies(Struct, frozen=True, eq=False):
    """The totals as numbers: rows and first row by topic, split and name."""

    counts: Mapping[str, NameCounts]
    first: Mapping[tuple[str, str, str], int]

    def of(self, topic: str) -> NameCounts:
        """Return the rows of a topic; empty where it was not counted."""
        return self.counts.get(topic, {})

    def rows(self, split: str) -> int:
        """Return all rows of a split, whatever they are named."""
        return self.of("all").get(split, {}).get("", 0)


def name_tallies(totals: pl.DataFrame) -> NameTallies:
    """Read the totals of a check as numbers; all spellings of a class are one.

    Args:
        totals: `topic`, `split`, `name`, `rows` and `first` (row id). The topic `all` counts every
            row, under an empty name.
    """
    counts: dict[str, dict[str, dict[str, int]]] = {}
    first: dict[tuple[str, str, str], int] = {}
    for topic, split, name, rows, least in _one_spelling(totals).iter_rows():
        counts.setdefault(topic, {}).setdefault(split, {})[name] = rows
        first[topic, split, name] = least
    return NameTallies(counts, first)


def _one_spelling(totals: pl.DataFrame) -> pl.DataFrame:
    """Count all spellings of a class as one, named as it is spelled most often."""
    named = totals.with_columns(
        plain=pl.when(pl.col("topic").is_in(_CLASSES))
        .then(plain_label(pl.col("name")))
        .otherwise("name")
    )
    spellings = named.group_by("topic", "plain", "name").agg(pl.sum("rows"))
    usual = (
        spellings.sort("topic", "plain", "rows", "name", descending=[False, False, True, False])
        .group_by("topic", "plain", maintain_order=True)
        .agg(pl.first("name"))
    )
    return (
        named.drop("name")
        .join(usual, on=["topic", "plain"])
        .group_by("topic", "split", "name")
        .agg(pl.sum("rows"), pl.min("first"))
        .sort("topic", "split", "name")
    )


class NameFindings(Struct, frozen=True, eq=False):
    """Findings, each at the first row of its class. Names of classes are data and left out."""

    tallies: NameTallies
    topic: str = "label"
    _rows: list[tuple[str, str, int, str]] = field(default_factory=list)
    """Rule, split, row id and detail."""

    def add(self, rule: str, split: str, name: str, detail: str, topic: str = "") -> None:
        """Add a finding of a name, of another topic if it is given, at its first row in a split."""
        first = self.tallies.first[topic or self.topic, split, name]
        self._rows.append((rule, split, first, detail))

    def frame(self) -> pl.DataFrame:
        """Return all of them, by row."""
        return self._unordered().sort("file", "row", "rule")

    def examples(self) -> tuple[Example, ...]:
        """Return the first three of each rule."""
        return examples(first_of_each(self._unordered(), "rule", ["rule", "file", "row"]))

    def _unordered(self) -> pl.DataFrame:
        if not self._rows:
            return EVIDENCE.to_frame()
        rows = pl.DataFrame(self._rows, schema=("rule", "split", "id", "detail"), orient="row")
        return evidence(rows, file=file_of("id"), row=row_of("id"))
