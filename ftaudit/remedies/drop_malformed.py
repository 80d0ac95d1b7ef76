"""The remedy `drop-malformed`: rows that no trainer takes are removed."""

from typing import ClassVar, Final

import polars as pl
from msgspec import Struct

from ftaudit.model.finding import Rule, Severity
from ftaudit.remedies.changes import removals
from ftaudit.remedies.remedy import Damage, Remedy


class DropMalformed(Struct, frozen=True):
    """Remove the rows that the schema check calls invalid, in every split.

    Findings of low severity are no reason: such rows are odd, and trainers take them.
    """

    id: ClassVar[str] = "drop-malformed"
    order: ClassVar[int] = 10
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = False

    def treats(self, rule: Rule) -> bool:
        """Return whether the rule makes a row invalid."""
        return rule.severity in {Severity.MEDIUM, Severity.HIGH}

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Remove every row with a finding."""
        rows = damage.findings.with_columns(damage.ids()).sort("id", maintain_order=True)
        return removals(rows)


REMEDY: Final[type[Remedy]] = DropMalformed
