"""Map the parts of a relation by every check, a task for each part."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import ClassVar, Final

import polars as pl

from ftaudit.engines.folds import Fold
from ftaudit.engines.local.mapping import PartMapper
from ftaudit.engines.spark.spark_session import SparkCluster
from ftaudit.engines.spark.tasks import each
from ftaudit.model.attempt import BrokenCall, attempt
from ftaudit.model.check import Check, Mapped
from ftaudit.model.parts import Part, PartSizes

AT_ONCE: Final = 2_000
"""Parts of a job. The results of one job wait on the driver together."""


@dataclass
class EvenSizes(PartSizes):
    """Parts of one size."""

    size_bytes: int = 64 << 20
    left: int = 0
    processes: int = 1
    group: ClassVar[int] = 1 << 30

    def size(self) -> int:
        """Return the bytes the next part should have."""
        return self.size_bytes


def map_parts(cluster: SparkCluster, folds: Sequence[Fold], parts: Iterable[Part]) -> None:
    """Map every part by every check on the executors, and hand over the results in order.

    Raises:
        InputError: a part cannot be read; of several the first.
        IncompleteError: the cluster could not do the work.
    """
    work = _WholePart([fold.check for fold in folds])
    rest = iter(parts)
    while some_parts := list(islice(rest, AT_ONCE)):
        for seen, results in each(cluster, some_parts, work):
            for fold, result in zip(folds, results, strict=True):
                fold.take(result, seen)


@dataclass(frozen=True, eq=False)
class _WholePart:
    """Maps a part by some checks, and combines what they make of its batches."""

    checks: Sequence[Check]

    def __call__(self, part: Part) -> tuple[Counter[str], list[Mapped | BrokenCall]]:
        seen: Counter[str] = Counter()
        gathered = [_OfCheck(check) for check in self.checks]
        for rows, results in PartMapper(self.checks).of(part):
            seen += rows
            for of_check, result in zip(gathered, results, strict=True):
                of_check.add(result)
        return seen, [attempt(of_check.mapped) for of_check in gathered]


@dataclass
class _OfCheck:
    """What one check makes of the batches of a part; the first break is kept."""

    check: Check
    broken: BrokenCall | None = None
    partials: list[pl.DataFrame] = field(default_factory=list)
    findings: list[pl.DataFrame] = field(default_factory=list)

    def add(self, result: Mapped | BrokenCall) -> None:
        if isinstance(result, BrokenCall):
            self.broken = self.broken or result
        elif self.broken is None:
            self.partials.append(result.partials)
            self.findings += [] if result.findings.is_empty() else [result.findings]

    def mapped(self) -> Mapped | BrokenCall:
        if self.broken is not None:
            return self.broken
        partials = self.check.combine(pl.concat(self.partials))
        if not self.findings:
            return Mapped(partials)
        return Mapped(partials, pl.concat(self.findings))
