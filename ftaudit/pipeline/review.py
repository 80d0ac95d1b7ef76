"""Gather the cases that only a person can decide: conflicts of labels and clashing answers."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Unpack

import numpy as np
import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.admission.rules import Rulebook
from ftaudit.model.check import Check, Masking
from ftaudit.model.dataset import Dataset
from ftaudit.model.fix import FixTarget
from ftaudit.model.options import Options
from ftaudit.model.progress import Progress
from ftaudit.model.row_id import row_id
from ftaudit.pipeline.excerpts import excerpts_of, policy_maskings
from ftaudit.pipeline.keyword_types import OptionKeywords
from ftaudit.pipeline.scan import scan
from ftaudit.pipeline.scan_keywords import with_keywords
from ftaudit.pipeline.session import Data, NamedData, ReadingOptions, open_session
from ftaudit.readers.panic_text import without_panic_text
from ftaudit.remedies.decisions import row_digests
from ftaudit.remedies.splitting.split_units import unite_rows
from ftaudit.reports.excerpt import Excerpt, Excerpts
from ftaudit.reports.review_cases import ReviewCase, ReviewRow
from ftaudit.wire.manifest import Reference

MORE_LIKELY_WRONG: Final = "its label is more likely wrong than that of the related row"
LESS_LIKELY_WRONG: Final = "the label of the related row is more likely wrong"
LIKELY_WRONG: Final = "its label fits its text badly; the related row is like it"
UNDECIDED: Final = "nothing tells which is right"

_Row = tuple[str, int]
"""File and row."""


@without_panic_text()
def review(
    data: Data,
    *,
    holdout: Data = (),
    options: Options | None = None,
    progress: Progress | None = None,
    **keywords: Unpack[OptionKeywords],
) -> list[ReviewCase]:
    """Return the cases of training data that a person must decide, the likeliest errors first.

    Args:
        data: training data, as `scan` takes it.
        holdout: data that must not leak, likewise; its rows are no part of any case.
        options: how data is read and compared, as for a scan.
        progress: where to report stages to.
        keywords: options of a scan by name, as `with_keywords` takes them; they win over
            `options`.

    Raises:
        InputError: data that is not what it should be.
        UsageError: an option that cannot be meant.
    """
    chosen = with_keywords(options or Options(), keywords)
    rules = Rulebook.load(chosen.policy)
    conflicts = _conflict_rules(rules.checks)
    only = tuple(sorted({check for check, _, _ in conflicts}))
    asking = replace(chosen, only=only, skip=(), excerpts=False)
    with scan(data, holdout=holdout, options=asking, progress=progress) as audit:
        findings = audit.findings.filter(
            pl.col("rule").is_in([rule for _, rule, _ in conflicts]),
            pl.col("related_row").is_not_null(),
        )
    if findings.is_empty():
        return []
    reading = ReadingOptions.of(chosen, rules.policy.columns)
    dataset = open_session(NamedData.of(data, holdout=holdout), reading).dataset
    masking = policy_maskings(rules.checks, rules.policy.parameters)
    certain = {rule for _, rule, target in conflicts if target is FixTarget.CONFLICT}
    return _cases(findings, ReviewedRows.of(dataset, findings, masking), certain)


def _conflict_rules(checks: Mapping[str, type[Check]]) -> list[tuple[str, str, FixTarget]]:
    """Return check, rule and target of all that find what a person must decide."""
    return [
        (id_, rule.id, rule.fix.target)
        for id_, check in checks.items()
        for rule in check.rules
        if rule.fix is not None and rule.fix.target in {FixTarget.CONFLICT, FixTarget.SUSPECT}
    ]


class ReviewedRows(Struct, frozen=True, eq=False):
    """Masked excerpts and digests of the rows that findings name."""

    excerpts: Excerpts
    digests: Mapping[_Row, str]
    labelled: bool
    """Whether rows have labels; else they have answers."""

    @classmethod
    def of(
        cls, dataset: Dataset, findings: pl.DataFrame, maskings: Sequence[Masking]
    ) -> "ReviewedRows":
        """Read the rows."""
        own = findings.select("split", "file", "row")
        related = findings.select("split", file="related_file", row="related_row")
        rows = pl.concat([own, related]).unique(maintain_order=True)
        ordinals = {(file.split, file.name): at for at, file in enumerate(dataset.files)}
        places = {
            Reference(split=split, file=file, row=row): ordinals[split, file]
            for split, file, row in rows.iter_rows()
        }
        excerpts = excerpts_of(dataset, places, maskings)
        digests = _digests(dataset, places)
        return cls(excerpts, digests, labelled="label" in dataset.columns)

    def excerpt(self, split: str, place: _Row) -> Excerpt:
        """Return the masked excerpt of a row."""
        return self.excerpts.get((split, *place)) or Excerpt(split, *place, "")


def _digests(dataset: Dataset, places: Mapping[Reference, int]) -> dict[_Row, str]:
    ids = {row_id(ordinal, reference.row): reference for reference, ordinal in places.items()}
    digests: dict[_Row, str] = {}
    for batch in dataset.rows.batches(["id", "fields"]):
        rows = batch.filter(pl.col("id").is_in(list(ids)))
        for id_, digest in zip(rows["id"], row_digests(rows), strict=True):
            digests[ids[id_].file, ids[id_].row] = digest
    return digests


def _cases(
    findings: pl.DataFrame, rows: ReviewedRows, certain: AbstractSet[str]
) -> list[ReviewCase]:
    """Gather findings that share rows into cases: `certain` rules first, then by their scores."""
    places = list(dict.fromkeys(p for pair in _pairs(findings) for p in pair))
    numbers = {place: at for at, place in enumerate(places)}
    ends = np.array([[numbers[own], numbers[other]] for own, other in _pairs(findings)])
    groups = np.repeat(np.arange(len(ends)), 2)
    units = unite_rows(len(places), [(ends.ravel(), groups)])
    gathered: dict[int, list[dict[str, object]]] = {}
    for finding in findings.iter_rows(named=True):
        unit = int(units[numbers[str(finding["file"]), int(finding["row"])]])
        gathered.setdefault(unit, []).append(finding)
    ordered = sorted(gathered.values(), key=lambda listed: _urgency(listed, certain))
    return [
        ReviewCase(name, tuple(_rows(name, listed, rows)))
        for name, listed in ((f"case-{at}", f) for at, f in enumerate(ordered, start=1))
    ]


def _pairs(findings: pl.DataFrame) -> list[tuple[_Row, _Row]]:
    columns = findings.select("file", "row", "related_file", "related_row")
    return [((file, row), (other, place)) for file, row, other, place in columns.iter_rows()]


def _urgency(
    listed: Sequence[Mapping[str, object]], certain: AbstractSet[str]
) -> tuple[bool, float, str, int]:
    best = max(float(str(f["score"] or 0)) for f in listed)
    first = min((str(f["file"]), int(str(f["row"]))) for f in listed)
    return (certain.isdisjoint(str(f["rule"]) for f in listed), -best, *first)


def _rows(
    case: str, listed: Sequence[Mapping[str, object]], rows: ReviewedRows
) -> Iterator[ReviewRow]:
    """Yield a row for every row of the findings, and for rows that are only related to them."""
    by_place: dict[_Row, Mapping[str, object]] = {}
    for finding in listed:
        by_place.setdefault((str(finding["file"]), int(str(finding["row"]))), finding)
    for finding in listed:
        other = (str(finding["related_file"]), int(str(finding["related_row"])))
        if other not in by_place:
            by_place[other] = {
                **finding,
                "file": other[0],
                "row": other[1],
                "related_file": finding["file"],
                "related_row": finding["row"],
                "score": None,
            }
    scores = {place: f["score"] for place, f in by_place.items()}
    for place in sorted(by_place):
        yield _row(case, by_place[place], scores, rows)


def _row(
    case: str,
    finding: Mapping[str, object],
    scores: Mapping[_Row, object],
    rows: ReviewedRows,
) -> ReviewRow:
    split = str(finding["split"])
    place = (str(finding["file"]), int(str(finding["row"])))
    other = (str(finding["related_file"]), int(str(finding["related_row"])))
    own, related = rows.excerpt(split, place), rows.excerpt(split, other)
    label, rival = (own.label, related.label) if rows.labelled else ("", "")
    own_score, rival_score = scores.get(place), scores.get(other)
    suggested, reason = "", UNDECIDED
    if rows.labelled and own_score != rival_score:
        wrong = float(str(own_score or 0)) > float(str(rival_score or 0))
        suggested = rival if wrong else label
        reason = MORE_LIKELY_WRONG if wrong else LESS_LIKELY_WRONG
        if wrong and rival_score is None:
            reason = LIKELY_WRONG
    text = own.text if rows.labelled else f"{own.text}\n→ {own.label}"
    related_text = related.text if rows.labelled else f"{related.text}\n→ {related.label}"
    return ReviewRow(
        case=case,
        file=place[0],
        row=place[1],
        digest=rows.digests.get(place, ""),
        kind=str(finding["rule"]),
        label=label,
        suggested=suggested,
        why=reason,
        score=None if own_score is None else float(str(own_score)),
        text=text,
        related_file=other[0],
        related_row=other[1],
        related_label=rival,
        related_text=related_text,
    )
