"""Take every check over its relation and ask what it says: all of a scan's work on rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from ftaudit.engines.local.fold import Fold, run
from ftaudit.engines.local.processes import Workers
from ftaudit.engines.local.spool import Spool
from ftaudit.model.attempt import BrokenCall, attempt
from ftaudit.model.check import Check, Completed, Failed, Relation, Result
from ftaudit.model.dataset import ROWS, Dataset, Held, Rows, Shares, held
from ftaudit.model.progress import Progress
from ftaudit.records.rows import CanonicalRows
from ftaudit.similarity.relation import CLUSTERS, Similar

WORTH_A_PROCESS: Final = 24 << 20
"""Bytes of data, in memory, that are worth a process: its libraries take seconds to load."""


@dataclass(frozen=True, eq=False)
class Counted:
    """Rows that remember how many of each split the longest reading has passed on."""

    rows: Rows
    seen: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    """Of each text column that was read: rows with text in it, over all readings."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the batches of the rows within."""
        passed: Counter[str] = Counter()
        extra = columns is not None and "split" not in columns
        for batch in self.rows.batches([*columns, "split"] if columns and extra else columns):
            passed.update(dict(batch["split"].value_counts().iter_rows()))
            for name in {"input", "text"} & set(batch.columns):
                self.texts[name] += int(batch[name].str.contains(r"\S").sum())
            yield batch.drop("split") if extra else batch
        for split, count in passed.items():
            self.seen[split] = max(self.seen[split], count)


def workers_beside(
    dataset: Dataset, processes: int, prepare: Callable[[], object]
) -> AbstractContextManager[Workers | None]:
    """Start as many workers beside this process as the data is worth; none for little of it.

    Args:
        dataset: what the rows will be read from.
        processes: the most processes there may be, this one among them.
        prepare: what each worker does first; can be pickled.
    """
    count = min(processes, dataset.memory // WORTH_A_PROCESS) - 1
    return Workers(count, prepare) if count > 0 else nullcontext()


@dataclass(frozen=True, eq=False)
class Folding:
    """Checks that have been prepared, and what they are to be folded over."""

    dataset: Dataset
    checks: Mapping[str, Check]
    folder: Path
    """The run folder, for spill files."""
    workers: Workers | None
    """Processes that map rows besides this one; closed when that is done."""
    progress: Progress
    build_similar: Callable[[Rows], Similar]

    def run(self) -> "Folded":
        """Fold every check and let it judge its totals; one that breaks ends `Failed`."""
        folds = {id_: self._fold(id_, check) for id_, check in sorted(self.checks.items())}
        by_relation = {
            relation: [f for f in folds.values() if f.check.relation is relation]
            for relation in Relation
        }
        self._over_rows(by_relation[Relation.ROWS])
        self._over_tables(by_relation[Relation.TABLE])
        similar = self._over_similar(by_relation[Relation.SIMILAR])
        results = tuple(_judged(fold) for fold in folds.values())
        return Folded(results, tuple(fold.spool for fold in folds.values()), similar)

    def _fold(self, id_: str, check: Check) -> Fold:
        folder = self.folder / "findings"
        folder.mkdir(exist_ok=True)
        return Fold(check, Spool(folder, id_, check.rules))

    def _over_rows(self, folds: Sequence[Fold]) -> None:
        if not folds:
            return
        shares = Shares(self.dataset.memory, 1 + (self.workers.count if self.workers else 0))
        rows = self.dataset.rows
        with self.progress.stage("checking rows", self._total) as advance:
            run(folds, [Held(ROWS.to_frame())])
            if isinstance(rows, CanonicalRows):
                parts, reading = rows.tables.parts(shares), rows.reading.rows
                run(folds, parts, reading=reading, workers=self.workers, advance=advance)
            else:
                run(folds, held(rows.batches(), shares), workers=self.workers, advance=advance)
        if self.workers:
            self.workers.close()

    def _over_tables(self, folds: Sequence[Fold]) -> None:
        if not folds:
            return
        with self.progress.stage("checking columns", self._total) as advance:
            run(folds, map(Held, self.dataset.tables.tables()), advance=advance)

    def _over_similar(self, folds: Sequence[Fold]) -> Similar | None:
        if not folds:
            return None
        rows = Counted(self.dataset.rows)
        similar = attempt(self.build_similar, rows)
        if not isinstance(similar, BrokenCall) and not rows.texts.total():
            similar = BrokenCall("no row has text to compare")  # nothing compared is not a pass
        if isinstance(similar, BrokenCall):
            for fold in folds:
                fold.broken = similar
            return None
        run(folds, map(Held, _never_empty(CLUSTERS, similar.batches())))
        for fold in folds:
            fold.seen = rows.seen
        return similar

    @property
    def _total(self) -> int:
        return sum(file.rows for file in self.dataset.files)


@dataclass(frozen=True, eq=False)
class Folded:
    """How every check ended, in the order of their ids, and what they found."""

    results: tuple[Result, ...]
    spools: tuple[Spool, ...]
    similar: Similar | None


def _judged(fold: Fold) -> Result:
    totals = fold.totals()
    if isinstance(totals, BrokenCall):
        return Failed(type(fold.check), totals.error)
    judgement = attempt(fold.check.judge, totals)
    if isinstance(judgement, BrokenCall):
        return Failed(type(fold.check), judgement.error)
    added = attempt(fold.spool.add, judgement.findings)
    if isinstance(added, BrokenCall):
        return Failed(type(fold.check), added.error)
    return Completed(fold.check, judgement, dict(fold.seen), dict(fold.spool.counts))


def _never_empty(schema: pl.Schema, batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Put an empty batch before the others: a fold over nothing still has totals."""
    yield schema.to_frame()
    yield from batches
