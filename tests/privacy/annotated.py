"""The annotated set, scored: precision, recall and F2 of every entity type."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.search import Search

TUNE, REPORT = 0, 1
"""The half that rules were chosen on, and the half whose figures are reported."""
GOLD_NAMES = {"DOMAIN_NAME": "URL", "GPE": "LOCATION"}
ALSO = {"DATE_OF_BIRTH": "DATE_TIME"}
"""Our type → the set's type that it is a case of."""
SCORED = (
    "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "US_SSN", "URL", "CREDIT_CARD", "PHONE_NUMBER",
    "US_DRIVER_LICENSE", "PERSON", "STREET_ADDRESS", "DATE_OF_BIRTH", "DATE_TIME", "AGE",
    "ZIP_CODE",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    text: str
    gold: tuple[tuple[str, int, int], ...]

    @property
    def half(self) -> int:
        return hashlib.sha256(self.text.encode()).digest()[0] & 1


@dataclass(frozen=True)
class Score:
    """Counts of one entity type; a finding is right when it overlaps a span of its type."""

    right: int
    wrong: int
    found: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)

    @property
    def f2(self) -> float:
        p, r = self.precision, self.recall
        return 5 * p * r / (4 * p + r) if p + r else 0.0


def read(shared: Path) -> list[Row]:
    rows = json.loads((shared / "presidio_synth_v2.json").read_text("utf-8"))
    return [
        Row(
            row["full_text"],
            tuple(
                (
                    GOLD_NAMES.get(s["entity_type"], s["entity_type"]),
                    s["start_position"],
                    s["end_position"],
                )
                for s in row["spans"]
            ),
        )
        for row in rows
    ]


def find(texts: Iterable[str], search: Search | None = None) -> list[list[Span]]:
    """Return the findings of each text."""
    column = pl.Series(list(texts), dtype=pl.String)
    found = dict((search or Search()).find(column))
    return [found.get(i, []) for i in range(len(column))]


def score(
    rows: Iterable[Row],
    found: Iterable[list[Span]],
    entity: str,
    also: Mapping[str, str] = ALSO,
) -> Score:
    """Score one entity type. What is `also` of a wider type counts as found for that, too."""
    right = wrong = hit = missed = 0
    wanted = also.get(entity, entity)
    for row, spans in zip(rows, found, strict=True):
        mine = [(s.start, s.end) for s in spans if s.entity == entity]
        kin = [(s.start, s.end) for s in spans if also.get(s.entity, s.entity) == entity]
        gold = [(start, end) for kind, start, end in row.gold if kind == wanted]
        good = sum(any(_overlap(m, g) for g in gold) for m in mine)
        right, wrong = right + good, wrong + len(mine) - good
        reached = sum(any(_overlap(g, k) for k in (kin or mine)) for g in gold)
        hit, missed = hit + reached, missed + len(gold) - reached
    return Score(right, wrong, hit, missed)


def scores(rows: list[Row], found: list[list[Span]], half: int) -> Mapping[str, Score]:
    """Return the scores of one half by entity type."""
    chosen = [(r, f) for r, f in zip(rows, found, strict=True) if r.half == half]
    return {e: score([r for r, _ in chosen], [f for _, f in chosen], e) for e in SCORED}


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return min(a[1], b[1]) > max(a[0], b[0])
