"""The local engine: this process, and workers beside it where the data is worth them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import polars as pl
from msgspec import Struct, field

from ftaudit.engines.base import RelationSource, SimilarRows
from ftaudit.engines.folds import Fold
from ftaudit.engines.local.finished_parts import Arrays, FinishedParts
from ftaudit.engines.local.held_rows import rows_at_hand
from ftaudit.engines.local.mapping import map_parts, read_parts
from ftaudit.engines.local.shuffled_fold import ShuffledFold, shuffled
from ftaudit.model.check import MapsInOneProcess, Result
from ftaudit.model.dataset import Dataset, Rows
from ftaudit.model.parts import PartSizes
from ftaudit.model.progress import Progress, Silent
from ftaudit.readers.csv_dialect import CsvDialect
from ftaudit.readers.inputs import InputLike, Inputs, open_inputs
from ftaudit.readers.source_root import root_at_hand, root_of
from ftaudit.similarity.parameters import SimilarityOptions

if TYPE_CHECKING:
    from ftaudit.engines.local.processes import Workers
    from ftaudit.engines.local.worker_process import WorkerProcess
    from ftaudit.similarity.divided.cluster_search import ClusterSearch

P = ParamSpec("P")
T = TypeVar("T")

WORTH_A_PROCESS: Final = 24 << 20
"""Bytes of data, in memory, that are worth a process: its libraries take seconds to load."""
WORTH_THREADS: Final = 1 << 20
"""Bytes of data, in memory, that are worth another thread: less is searched without kernels, in
plain Python, which runs in one thread at a time."""


class LocalEngine(Struct, eq=False):
    """Do the work of a scan on this machine; see `engines.base.Engine`."""

    folder: Path
    """The run folder, for spill files."""
    processes: int = 1
    """The most processes there may be, this one among them; also the number of threads."""
    memory: int | None = None
    """Bytes the similarity engine may hold; by default a share of the machine's."""
    progress: Progress = field(default_factory=Silent)
    finished: FinishedParts | None = None
    """Results of the parts that a killed scan finished, where they are kept."""
    first: "WorkerProcess | None" = None
    """A worker that was started already (`first_worker`); the engine ends it."""
    _workers: "Workers | None" = None

    def survey(
        self,
        train: Sequence[InputLike],
        *,
        validation: Sequence[InputLike],
        holdout: Sequence[InputLike],
        dialect: CsvDialect = CsvDialect(),  # noqa: B008 - frozen
    ) -> Inputs:
        """Read all data once from end to end; see `Engine.survey`."""
        return open_inputs(
            train,
            validation=validation,
            holdout=holdout,
            progress=self.progress,
            dialect=dialect,
        )

    def content_roots(self, inputs: Inputs) -> Mapping[int, str]:
        """Return file ordinal → content root; see `Engine.content_roots`."""
        unread = [s.file.rows for s in inputs.sources if root_at_hand(s) is None]
        progress = self.progress if unread else Silent()
        with progress.stage("hashing cells", sum(unread)) as advance:
            roots = [root_of(source, advance) for source in inputs.sources]
        return {ordinal: root for ordinal, root in enumerate(roots) if root is not None}

    def started(
        self, dataset: Dataset, load: Callable[[], object] | None
    ) -> AbstractContextManager[object]:
        """Start as many workers beside this process as the data is worth; none for little of it.

        For little data the first worker, if there is one, stays for `conclude` and `aside`.
        """
        count = min(self.processes, dataset.memory // WORTH_A_PROCESS) - 1
        return self._beside(count, load) if load is not None and count > 0 else nullcontext()

    @contextmanager
    def _beside(self, count: int, load: Callable[[], object]) -> Iterator[None]:
        from ftaudit.engines.local.processes import Workers

        first, self.first = self.first, None
        with Workers(count, load, first) as self._workers:
            yield
        self._workers = None

    def close(self) -> None:
        """End the first worker, unless it ended as one of several; what it does is lost."""
        if self.first is not None:
            self.first.kill()
            self.first = None

    def _end_workers(self) -> None:
        """End the workers while the memory that they hold is needed, and nothing is mapped."""
        if self._workers:
            self._workers.close()
            self._workers = None

    def fold(self, folds: Sequence[Fold], source: RelationSource) -> None:
        """Map the relation in this process and, where it is divisible, on the workers."""
        if not folds:
            return
        divided = source.divisible and source.shared
        workers = self._workers if divided else None
        sizes = PartSizes(source.memory, 1 + (workers.count if workers else 0))
        progress = self.progress if source.stage else Silent()
        with progress.stage(source.stage, source.rows) as advance:
            records = None
            if self.finished and divided:
                records = self.finished.of([fold.check for fold in folds])
            takers = list(shuffled(folds, self.folder, source.memory))
            parts = source.parts(sizes)
            alone = workers is None and records is None
            if alone and self.processes > 1 and source.memory > WORTH_THREADS:
                parts = read_parts(parts, self.processes)
            map_parts(takers, parts, workers=workers, records=records, advance=advance)
            for taker in takers:
                if isinstance(taker, ShuffledFold):
                    taker.settle()

    def conclude(
        self, folds: Sequence[Fold], source: RelationSource
    ) -> Callable[[], Sequence[Result]]:
        """Fold and judge, in the first worker while this process goes on, if that has it."""
        first = self.first if source.divisible and source.shared else None
        away = [fold for fold in folds if first and not isinstance(fold.check, MapsInOneProcess)]
        ids = {fold.check.id for fold in away}
        near = [fold for fold in folds if fold.check.id not in ids]
        waiting = self._begun(away, source, first) if first and away else dict
        self.fold(near, source)
        results = {fold.check.id: fold.result() for fold in near}

        def concluded() -> list[Result]:
            ended = results | waiting()
            return [ended[fold.check.id] for fold in folds]

        return concluded

    def _begun(
        self, folds: Sequence[Fold], source: RelationSource, worker: "WorkerProcess"
    ) -> Callable[[], dict[str, Result]]:
        """Begin to fold in a worker; return what waits for the results, by id."""
        from ftaudit.engines.local.begun_folds import BegunFolds

        checks = [fold.check for fold in folds]
        records = self.finished.of(checks) if self.finished else None
        parts = [*source.parts(PartSizes(source.memory, 1))]
        waiting = BegunFolds(folds, parts, records).begun(worker)

        def concluded() -> dict[str, Result]:
            with self.progress.stage(source.stage, source.rows) as advance:
                ended = waiting()
                advance(source.rows)
            for fold, (_, spool) in zip(folds, ended, strict=True):
                fold.spool = spool
            return {check.id: result for check, (result, _) in zip(checks, ended, strict=True)}

        return concluded

    def aside(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Callable[[], T]:
        """Make a call in the first worker, if there is one; see `Engine.aside`."""
        if self.first is None:
            return partial(call, *args, **kwargs)
        from ftaudit.engines.local.worker_process import result_of

        return partial(result_of, self.first.call(call, *args, **kwargs))

    def similar(
        self, dataset: Dataset, options: SimilarityOptions, divided: "ClusterSearch | None" = None
    ) -> SimilarRows:
        """Find every group of near-identical rows on the threads of this process.

        `divided` searches by MinHash elsewhere.
        """
        self._end_workers()
        from ftaudit.similarity.build import build
        from ftaudit.similarity.labels.suspected_labels import review_labels

        rows = CountedRows(rows_at_hand(dataset))
        relation = build(
            rows,
            dataset.files,
            options,
            label_reader=review_labels,
            workers=self.processes if dataset.memory > WORTH_THREADS else 1,
            memory=self.memory,
            folder=self.folder,
            progress=self.progress,
            rejected=dataset.rejects,
            has_more=dataset.has_more,
            divided=divided,
            kept=self._kept(dataset),
        )
        return SimilarRows(relation, rows.seen, bool(rows.texts))

    def _kept(self, dataset: Dataset) -> "Callable[[object, Callable[[], Arrays]], Arrays] | None":
        """Return what keeps finished stages; None without --resume, or for rows in memory."""
        finished, reading = self.finished, getattr(dataset.rows, "reading", None)
        if finished is None or reading is None:
            return None
        return lambda decided_by, make: finished.arrays((reading, decided_by), make)


class CountedRows(Struct, frozen=True, eq=False):
    """Rows that remember how many of each split the longest reading has passed on."""

    rows: Rows
    seen: Counter[str] = field(default_factory=Counter)
    texts: set[str] = field(default_factory=set)
    """The text columns that were read and have text in some row; looked for until it is found."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the batches of the rows within."""
        passed: Counter[str] = Counter()
        extra = columns is not None and "split" not in columns
        for batch in self.rows.batches([*columns, "split"] if columns and extra else columns):
            passed.update(dict(batch["split"].value_counts().iter_rows()))
            for name in {"input", "text"} & set(batch.columns) - self.texts:
                if batch[name].str.contains(r"\S").any():
                    self.texts.add(name)
            yield batch.drop("split") if extra else batch
        for split, count in passed.items():
            self.seen[split] = max(self.seen[split], count)
