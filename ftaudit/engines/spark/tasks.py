"""A task for every item of a list, and the results in its order."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Generic, TypeVar

from msgspec import Struct

from ftaudit.engines.spark.arrow_blobs import failure
from ftaudit.engines.spark.spark_session import SparkCluster
from ftaudit.model.blobs import Blob
from ftaudit.model.errors import FtauditError

S = TypeVar("S")
T = TypeVar("T")

MOST_TASKS: Final = 20_000
"""Tasks of a job; of more items, a task takes several."""


def each(cluster: SparkCluster, items: Sequence[S], work: Callable[[S], T]) -> list[T]:
    """Call `work` for every item on the executors; return the results in order.

    Items, work and results are pickled. A task that is lost is done again.

    Raises:
        FtauditError: what `work` raised for the first of the items that it refused.
        IncompleteError: the cluster could not do the work.
    """
    if not items:
        return []
    results: list[T | None] = [None] * len(items)
    table = cluster.table(named(items), min(len(items), MOST_TASKS))
    for blob in table.map(_EachItem(work)).gathered():
        results[blob.kind] = pickle.loads(blob.data)  # noqa: S301 - our own tasks pickled it
    return results  # type: ignore[return-value] # every item has its result by now


def named(items: Sequence[S]) -> list[Blob]:
    """Return every item pickled, as a blob of its number for a slot of its own."""
    return [Blob(number, number, pickle.dumps(item)) for number, item in enumerate(items)]


class _EachItem(Struct, Generic[S, T], frozen=True, eq=False):
    work: Callable[[S], T]

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        for blob in blobs:
            try:
                result = self.work(pickle.loads(blob.data))  # noqa: S301 - our own driver pickled it
            except FtauditError as error:
                yield failure(error, blob.kind)
            else:
                yield Blob(blob.slot, blob.kind, pickle.dumps(result))
