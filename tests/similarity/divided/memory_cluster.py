"""A cluster in this process: work is pickled, and blobs arrive in a shuffled order."""

import pickle
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ftaudit.model.blobs import Blob, BlobWork


@dataclass(frozen=True)
class MemoryTable:
    """Blobs held in memory."""

    blobs: list[Blob]
    slots: int
    draw: random.Random

    def with_blobs(self, blobs: Sequence[Blob]) -> "MemoryTable":
        return self.and_of(MemoryTable(_placed(blobs, self.slots), self.slots, self.draw))

    def map(self, work: BlobWork, slots: int | None = None) -> "MemoryTable":
        partitions: dict[int, list[Blob]] = {}
        for blob in self.blobs:
            partitions.setdefault(blob.slot, []).append(blob)
        made: list[Blob] = []
        for blobs in partitions.values():
            travelled: BlobWork = pickle.loads(pickle.dumps(work))  # noqa: S301 - our own
            made += [Blob(b.slot, b.kind, bytes(b.data)) for b in travelled(iter(blobs))]
        return MemoryTable(_placed(made, slots or self.slots), slots or self.slots, self.draw)

    def shuffled(self) -> "MemoryTable":
        blobs = self.draw.sample(self.blobs, len(self.blobs))
        return MemoryTable(blobs, self.slots, self.draw)

    def and_of(self, other: "MemoryTable") -> "MemoryTable":
        return MemoryTable([*self.blobs, *other.blobs], self.slots, self.draw)

    def only(self, kinds: Sequence[int]) -> "MemoryTable":
        blobs = [blob for blob in self.blobs if blob.kind in kinds]
        return MemoryTable(blobs, self.slots, self.draw)

    @contextmanager
    def kept(self) -> Iterator["MemoryTable"]:
        yield self

    def gathered(self) -> list[Blob]:
        return self.shuffled().blobs


@dataclass(frozen=True)
class MemoryCluster:
    """Makes tables that are held in memory."""

    seed: int = 1
    cores: int = 2
    draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "draw", random.Random(self.seed))  # noqa: S311 - an order

    def table(self, blobs: Sequence[Blob], slots: int) -> MemoryTable:
        return MemoryTable(_placed(blobs, slots), slots, self.draw).shuffled()


def _placed(blobs: Sequence[Blob], slots: int) -> list[Blob]:
    return [Blob(blob.slot % slots, blob.kind, blob.data) for blob in blobs]
