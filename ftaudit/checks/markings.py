"""The `markings` check."""

from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct

from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, parameters
from ftaudit.model.declaration import Concern, Declaration, StandardTags
from ftaudit.model.finding import Metric, Rule, Severity, counted
from ftaudit.privacy.findings.finding_counts import (
    FindingTotals,
    TextSpans,
    combine,
    count_findings,
    settled_values,
    value_keys,
)
from ftaudit.privacy.marking_scanner import MarkingScanner, kinds

_NO_KEY: Final = b"markings are phrases everybody knows"
"""Markings hold nothing personal, so their digests need no secret."""


class Markings(Struct, frozen=True):
    """Find confidentiality markings in every string of every record.

    **What it finds.** Traffic Light Protocol labels (TLP 2.0), US controlled unclassified
    information and classification banners, those of the UK, Australia, Canada, Germany, France,
    NATO and the EU, and the phrases of offices: attorney-client privileged, internal use only, do
    not distribute, strictly confidential, under embargo, and e-mail disclaimers.

    **Why it harms training.** A marking says that a document may not be passed on. A model tuned
    on it passes it on, to everyone who may use the model; for controlled information that is
    unlawful.

    **How it decides.** A marking that has a line of its own is a banner (score 0.95). In a
    sentence a phrase scores by how specific it is, from 0.3 to 0.9, and more in capitals; below
    0.4 it is not reported, so that "confidential" within a sentence is no finding and a line
    "CONFIDENTIAL" is.

    **Known false positives.** Texts about markings: policies, training material, quotations.

    **References.** FIRST, *Traffic Light Protocol 2.0*; 32 CFR 2002 (CUI); UK *Government Security
    Classifications* (2023).
    """

    id: ClassVar[str] = "markings"
    version: ClassVar[int] = 2
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        concern=Concern.EXPOSURE,
        tags=StandardTags(("Art. 10(2)(b)",), ("MAP 4.1",), ("confidentiality", "compliance")),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "markings.*",
            "a confidentiality marking",
            Severity.MEDIUM,
            "Remove the row, or have the marking lifted by the document's owner.",
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("markings.findings", "markings found", "findings"),
        Metric(
            "markings.banners",
            "markings that stand as a banner or a label",
            "findings",
            sentence="{value} markings in a banner or a label",
        ),
        Metric("markings.rows", "rows with a marking"),
        Metric(
            "markings.*.findings",
            "markings of one kind",
            "findings",
            sentence="{value} markings of {name}",
        ),
    )

    @classmethod
    def prepare(cls, context: Context) -> Self:
        """Return the check.

        Raises:
            UsageError: a parameter is given; there are none.
        """
        return cls(**parameters(cls, context.parameters))

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Search every string of the rows."""
        return count_findings(batch, _find, topic="markings", key=_NO_KEY)

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Fold counts and examples together."""
        return combine(partials)

    @staticmethod
    def keys(partials: pl.DataFrame) -> pl.Series:
        """Return a number for each distinct value."""
        return value_keys(partials)

    @staticmethod
    def settle(partials: pl.DataFrame, keyless: pl.DataFrame, /) -> pl.DataFrame:
        """Count the distinct values of each entity."""
        return settled_values(partials, keyless)

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Count the markings by kind, and those that are banners."""
        findings = FindingTotals(totals)
        count, rows, banners = (findings.count(kind) for kind in ("findings", "rows", "strong"))
        by_kind = dict.fromkeys(kinds(), 0) | findings.entities
        return Judgement(
            metrics={
                "markings.findings": count,
                "markings.banners": banners,
                "markings.rows": rows,
            }
            | {f"markings.{kind}.findings": n for kind, n in sorted(by_kind.items())},
            headline=f"{counted(count, 'marking')} in {counted(rows, 'row')}, {banners:,} of them "
            f"{'a banner' if banners == 1 else 'banners'}"
            if count
            else "no marking found",
            examples=findings.examples("markings"),
            coverage={"markings_searched": kinds()},
        )


def _find(texts: pl.Series, labels: pl.Series) -> TextSpans:  # noqa: ARG001 - see `SpanSearch`
    """Search texts; what a field is called says nothing of its markings."""
    return MarkingScanner().find(texts)


CHECK: Final[type[Check]] = Markings
