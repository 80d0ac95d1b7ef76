"""One check on its way over a relation, whatever engine maps the batches."""

from collections import Counter
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.engines.spool import Spool
from ftaudit.model.attempt import BrokenCall, attempt
from ftaudit.model.check import Check, Completed, Failed, Mapped, Result

COMBINE_AT: Final = 16
"""Partials that wait before they are folded together, which bounds memory."""


class Fold(Struct):
    """One check, the partials it has been mapped to so far, and its findings."""

    check: Check
    spool: Spool
    broken: BrokenCall | None = None
    seen: Counter[str] = field(default_factory=Counter)
    """Rows mapped, per split."""
    _waiting: list[pl.DataFrame] = field(default_factory=list)

    def take(self, mapped: Mapped | BrokenCall, seen: Counter[str]) -> None:
        """Add what one batch was mapped to. The first break is kept and ends the fold."""
        if self.broken is not None:
            return
        if isinstance(mapped, BrokenCall):
            self.broken = mapped
            return
        self.seen += seen
        self._waiting.append(mapped.partials)
        settled = attempt(self._settle, mapped.findings)
        self.broken = settled if isinstance(settled, BrokenCall) else None

    def totals(self) -> pl.DataFrame | BrokenCall:
        """Return all partials folded together; the fold must have seen a batch."""
        totals = attempt(self._combined) if self.broken is None else self.broken
        if isinstance(totals, pl.DataFrame):
            self._waiting = [totals]
        return totals

    def result(self) -> Result:
        """Let the check judge its totals, which are dropped then; one that breaks ends `Failed`."""
        totals = self.totals()
        self._waiting = []
        if isinstance(totals, BrokenCall):
            return Failed(type(self.check), totals.error)
        judgement = attempt(self.check.judge, totals)
        if isinstance(judgement, BrokenCall):
            return Failed(type(self.check), judgement.error)
        added = attempt(self.spool.add, judgement.findings)
        if isinstance(added, BrokenCall):
            return Failed(type(self.check), added.error)
        return Completed(self.check, judgement, dict(self.seen), dict(self.spool.counts))

    def _settle(self, findings: pl.DataFrame) -> None:
        self.spool.add(findings)
        if len(self._waiting) >= COMBINE_AT:
            self._waiting = [self._combined()]

    def _combined(self) -> pl.DataFrame:
        return self.check.combine(pl.concat(self._waiting))
