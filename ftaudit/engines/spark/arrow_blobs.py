"""The Arrow batches that carry blobs."""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from ftaudit.model.blobs import Blob

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA: Final = "place int, slot int, kind int, data binary"
"""Columns of a table of blobs. Spark sends a row to a partition by its `place` (`places`)."""

FAILURE: Final = -1
"""Kind of a blob that is the pickled error of a task; it passes through all later stages."""

_BATCH_BYTES: Final = 16 << 20
"""Bytes of data from which a batch is full."""

_WORD: Final = 0xFFFFFFFF


def batches_of(blobs: Iterable[Blob], slots: int) -> Iterator["pa.RecordBatch"]:
    """Pack blobs into batches; slots are counted around among `slots`."""
    table = places(slots)
    waiting: list[Blob] = []
    size = 0
    for blob in blobs:
        waiting.append(blob)
        size += len(blob.data)
        if size >= _BATCH_BYTES:
            yield _batch(waiting, table)
            waiting, size = [], 0
    if waiting:
        yield _batch(waiting, table)


def blobs_in(batches: Iterable["pa.RecordBatch"]) -> Iterator[Blob]:
    """Yield the blobs of batches or tables; their data is a view of the batch."""
    for batch in batches:
        slots, kinds = (batch.column(name).to_pylist() for name in ("slot", "kind"))
        for slot, kind, data in zip(slots, kinds, batch.column("data"), strict=True):
            yield Blob(slot, kind, memoryview(data.as_buffer()))


def table_of(blobs: Sequence[Blob], slots: int) -> "pa.Table":
    """Return blobs as one table."""
    import pyarrow as pa

    return pa.Table.from_batches([_batch(blobs, places(slots))])


def failure(error: Exception, order: int = 0) -> Blob:
    """Return an error as a blob; of several, the one of the least order is raised."""
    return Blob(0, FAILURE, pickle.dumps((order, error)))


def places(slots: int) -> list[int]:
    """Return for every slot an int that Spark's hash partitioning sends to the partition of it.

    So no partition is empty and none holds two slots. The hash is MurmurHash3_x86_32 of the four
    bytes with seed 42, as `org.apache.spark.unsafe.hash.Murmur3_x86_32.hashInt` computes it.
    """
    chosen: dict[int, int] = {}
    value = 0
    while len(chosen) < slots:
        chosen.setdefault(_murmur3(value) % slots, value)
        value += 1
    return [chosen[slot] for slot in range(slots)]


def _batch(blobs: Sequence[Blob], table: Sequence[int]) -> "pa.RecordBatch":
    import pyarrow as pa

    slots = [blob.slot % len(table) for blob in blobs]
    columns: dict[str, Any] = {
        "place": pa.array([table[slot] for slot in slots], pa.int32()),
        "slot": pa.array(slots, pa.int32()),
        "kind": pa.array([blob.kind for blob in blobs], pa.int32()),
        "data": pa.array([blob.data for blob in blobs], pa.large_binary()),
    }
    return pa.RecordBatch.from_pydict(columns)


def _murmur3(value: int) -> int:
    mixed = value * 0xCC9E2D51 & _WORD
    mixed = _rotated(mixed, 15) * 0x1B873593 & _WORD
    state = (_rotated(42 ^ mixed, 13) * 5 + 0xE6546B64) & _WORD
    state ^= 4  # the bytes hashed
    state = (state ^ state >> 16) * 0x85EBCA6B & _WORD
    state = (state ^ state >> 13) * 0xC2B2AE35 & _WORD
    state ^= state >> 16
    return state - (1 << 32) if state >> 31 else state


def _rotated(word: int, bits: int) -> int:
    return (word << bits | word >> 32 - bits) & _WORD
