"""Blobs: bytes on their way between tasks of a cluster, whatever moves them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, Self


class Blob(NamedTuple):
    """Some bytes, what they are, and which task is to have them."""

    slot: int
    kind: int
    data: bytes | memoryview


class BlobWork(Protocol):
    """What a task makes of the blobs that come to it. Pickled, for the executors."""

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Return blobs; that an input is not what it should be may be raised."""


class BlobTable(Protocol):
    """Blobs that are computed when they are asked for, in one partition for every slot."""

    @property
    def slots(self) -> int:
        """Return how many slots there are."""

    def with_blobs(self, blobs: Sequence[Blob]) -> Self:
        """Return these blobs and others, all in the partitions of their slots."""

    def map(self, work: BlobWork, slots: int | None = None) -> Self:
        """Let every partition be worked on by a task, whose blobs go to one of `slots`."""

    def shuffled(self) -> Self:
        """Send every blob to the partition of its slot, where they arrive in any order."""

    def and_of(self, other: Self) -> Self:
        """Return the blobs of both, which have as many slots."""

    def only(self, kinds: Sequence[int]) -> Self:
        """Return the blobs of some kinds."""

    def kept(self) -> AbstractContextManager[Self]:
        """Keep the blobs on the executors' disks, once they are computed, while this lasts."""

    def gathered(self) -> list[Blob]:
        """Compute all blobs and return them, in any order.

        Raises:
            FtauditError: a task raised it; of several, the first.
            IncompleteError: the cluster could not do the work.
        """


class BlobCluster(Protocol):
    """What makes tables of blobs."""

    @property
    def cores(self) -> int:
        """Return how many tasks run at once, about."""

    def table(self, blobs: Sequence[Blob], slots: int) -> BlobTable:
        """Return blobs as a table, one partition for each of `slots`."""
