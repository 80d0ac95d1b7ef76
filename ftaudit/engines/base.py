"""What every engine can do: survey the data, fold checks over a relation, find similar rows.

An engine decides where and in what pieces work is done. Nothing of it decides a result: equal data
and configuration give equal bytes on every engine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import ParamSpec, Protocol, TypeVar

from msgspec import Struct

from ftaudit.engines.folds import Fold
from ftaudit.model.check import Result
from ftaudit.model.dataset import Dataset
from ftaudit.model.parts import Part, PartSizes
from ftaudit.readers.csv_dialect import CsvDialect
from ftaudit.readers.inputs import InputLike, Inputs
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.relation import Similar

P = ParamSpec("P")
T = TypeVar("T")


class RelationSource(Struct, frozen=True, eq=False):
    """A relation that checks are folded over."""

    parts: Callable[[PartSizes], Iterable[Part]]
    """Cuts the relation into parts, in row order; at least one, which may be empty."""
    memory: int = 0
    """Bytes that the relation would take in memory, about."""
    rows: int = 0
    """Rows that are mapped, for reporting progress."""
    stage: str = ""
    """What the stage is called; empty: none is reported."""
    divisible: bool = False
    """Whether parts may be mapped by other processes."""
    shared: bool = True
    """Whether those of one machine are worth it, if there are any: each must load its libraries."""


class SimilarRows(Struct, frozen=True, eq=False):
    """The `similar` relation, and how many rows were read for it."""

    relation: Similar
    seen: Mapping[str, int]
    """Rows read, per split."""
    with_text: bool
    """Whether a row that was read had text to compare; else nothing was compared."""


class Engine(Protocol):
    """Where the work of a scan is done."""

    def survey(
        self,
        train: Sequence[InputLike],
        *,
        validation: Sequence[InputLike],
        holdout: Sequence[InputLike],
        dialect: CsvDialect = CsvDialect(),  # noqa: B008 - frozen
    ) -> Inputs:
        """Read all data once from end to end: validate it, digest it, count its rows.

        Raises:
            InputError: a file is not what it should be, or the files do not fit together.
            UsageError: no training data is given.
        """

    def content_roots(self, inputs: Inputs) -> Mapping[int, str]:
        """Return file ordinal → content root, where every column has canonical bytes.

        Of each file's own columns, as the gate computes it, not of those all files share.
        """

    def started(
        self, dataset: Dataset, load: Callable[[], object] | None
    ) -> AbstractContextManager[object]:
        """Return a context in which processes that map rows start up, and end with it.

        Args:
            dataset: what rows will be read from.
            load: what each process does first; can be pickled. None: nothing will be mapped.
        """

    def fold(self, folds: Sequence[Fold], source: RelationSource) -> None:
        """Map every batch of the relation by every check; hand the results over in batch order.

        Raises:
            InputError: a part cannot be read, in whichever process.
        """

    def conclude(
        self, folds: Sequence[Fold], source: RelationSource
    ) -> Callable[[], Sequence[Result]]:
        """Fold checks over the relation and let them judge, maybe beside this process.

        Return what waits until that is done, and returns how each ended.

        Raises:
            InputError: as `fold`; also where it is waited for.
        """

    def aside(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Callable[[], T]:
        """Make a call beside this process, if there is an idle one; else when it is waited for.

        Return what waits for the result. `call` changes nothing that is not its result.
        """

    def similar(self, dataset: Dataset, options: SimilarityOptions) -> SimilarRows:
        """Find every group of near-identical rows, over all splits together."""
