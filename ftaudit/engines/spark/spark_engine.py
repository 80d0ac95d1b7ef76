"""The Spark engine: the work of a scan on the executors of a cluster."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Final, ParamSpec, TypeVar

from msgspec import Struct

from ftaudit.engines.base import RelationSource, SimilarRows
from ftaudit.engines.folds import Fold
from ftaudit.engines.local.engine import LocalEngine
from ftaudit.engines.spark.mapped_parts import EvenSizes, map_parts
from ftaudit.engines.spark.spark_session import SparkCluster, cluster_of
from ftaudit.engines.spark.tasks import each
from ftaudit.engines.spark.versions import refuse_other_versions
from ftaudit.model.check import MapsInOneProcess, Result
from ftaudit.model.dataset import Dataset
from ftaudit.model.progress import Silent
from ftaudit.readers.csv_dialect import CsvDialect
from ftaudit.readers.data_source import TableSource
from ftaudit.readers.inputs import FoundFile, InputLike, Inputs, open_inputs
from ftaudit.readers.source_root import root_of
from ftaudit.similarity.divided.cluster_search import ClusterSearch
from ftaudit.similarity.divided.divided_texts import NumberedPart, numbered_part
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.text.row_numbering import RowNumbering

P = ParamSpec("P")
T = TypeVar("T")

SLOTS_PER_CORE: Final = 4
"""Pieces into which what is shuffled is cut, for every task that runs at once."""
PART_BYTES: Final = 64 << 20
"""Bytes of text, about, that a task reads."""


class SparkEngine(Struct, frozen=True, eq=False):
    """Do the work of a scan on a cluster; see `engines.base.Engine`."""

    cluster: SparkCluster
    driver: LocalEngine
    """Does what is not divided, on this machine."""
    part_bytes: int = PART_BYTES

    def survey(
        self,
        train: Sequence[InputLike],
        *,
        validation: Sequence[InputLike],
        holdout: Sequence[InputLike],
        dialect: CsvDialect = CsvDialect(),  # noqa: B008 - frozen
    ) -> Inputs:
        """Read every file from end to end, a task for each; see `Engine.survey`."""
        refuse_other_versions(self.cluster)
        with self.driver.progress.stage("reading"):
            return open_inputs(
                train,
                validation=validation,
                holdout=holdout,
                dialect=dialect,
                open_each=self._opened,
            )

    def _opened(
        self, files: Sequence[FoundFile], work: Callable[[FoundFile], TableSource]
    ) -> list[TableSource]:
        """Open every file in a task."""
        return each(self.cluster, files, work)

    def content_roots(self, inputs: Inputs) -> Mapping[int, str]:
        """Hash the cells of every file, a task for each; see `Engine.content_roots`."""
        with self.driver.progress.stage("hashing cells"):
            roots = each(self.cluster, inputs.sources, root_of)
        return {ordinal: root for ordinal, root in enumerate(roots) if root is not None}

    def started(
        self, dataset: Dataset, load: Callable[[], object] | None
    ) -> AbstractContextManager[object]:
        """Return a context in which nothing starts: executors load what tasks need."""
        del dataset, load
        return nullcontext()

    def fold(self, folds: Sequence[Fold], source: RelationSource) -> None:
        """Map a divisible relation on the executors; any other, and some checks, here."""
        here = [isinstance(f.check, MapsInOneProcess) or not source.divisible for f in folds]
        self.driver.fold([fold for fold, alone in zip(folds, here, strict=True) if alone], source)
        folds = [fold for fold, alone in zip(folds, here, strict=True) if not alone]
        if not folds:
            return
        progress = self.driver.progress if source.stage else Silent()
        with progress.stage(source.stage):
            sizes = EvenSizes(size_bytes=self.part_bytes)
            map_parts(self.cluster, folds, source.parts(sizes), self._slots)

    def conclude(
        self, folds: Sequence[Fold], source: RelationSource
    ) -> Callable[[], Sequence[Result]]:
        """Fold and judge at once; see `Engine.conclude`."""
        self.fold(folds, source)
        results = [fold.result() for fold in folds]
        return lambda: results

    def aside(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Callable[[], T]:
        """Make a call on the driver; see `Engine.aside`."""
        return self.driver.aside(call, *args, **kwargs)

    def similar(self, dataset: Dataset, options: SimilarityOptions) -> SimilarRows:
        """Find every group of near-identical rows.

        By MinHash on the executors; the exact method, which is for less data, here.
        """
        search = ClusterSearch(
            self.cluster,
            partial(self._parts, dataset),
            dataset.files,
            slots=self._slots,
        )
        return self.driver.similar(dataset, options, search)

    @property
    def _slots(self) -> int:
        return self.cluster.cores * SLOTS_PER_CORE

    def _parts(self, dataset: Dataset, columns: Sequence[str]) -> list[NumberedPart]:
        """Return the parts of the rows with some columns, each in a slot of its own."""
        numbering = RowNumbering(dataset.files)
        parts = dataset.rows.parts(EvenSizes(size_bytes=self.part_bytes), columns)
        return [numbered_part(number, part, numbering) for number, part in enumerate(parts)]


@contextmanager
def spark_engine(master: str | None, driver: LocalEngine) -> Iterator[SparkEngine]:
    """Start a session, or take the one at hand, for the time of a scan.

    Raises:
        UsageError: pyspark or Java is missing, or the master cannot be reached.
    """
    with cluster_of(master, driver.folder) as cluster:
        yield SparkEngine(cluster, driver, PART_BYTES)
