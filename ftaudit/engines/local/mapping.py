"""Map the parts of a relation by every check: in this process, and on workers beside it."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, Final

import polars as pl
from msgspec import Struct

from ftaudit.engines.folds import Fold
from ftaudit.engines.local.finished_parts import MappedBatch, PartRecords
from ftaudit.engines.local.shuffled_fold import ShuffledFold
from ftaudit.engines.local.worker_process import result_of, taken_back
from ftaudit.model import parts as model_parts
from ftaudit.model.attempt import attempt
from ftaudit.model.check import Check
from ftaudit.model.parts import HeldPart, Part, PartSizes
from ftaudit.readers.panic_text import quietly, without_panic_text
from ftaudit.readers.read_ahead import made_ahead

if TYPE_CHECKING:
    from ftaudit.engines.local.processes import Workers

LITTLE: Final = 8
"""How many times the frames that are mapped together go into a part, and into a piece of it: a
check takes as long for ten rows as for a thousand."""
AHEAD: Final = 4
"""Parts per process whose results may wait for those of an earlier part."""


def map_parts(
    folds: Sequence[Fold | ShuffledFold],
    parts: Iterable[Part],
    *,
    workers: "Workers | None" = None,
    records: PartRecords | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> None:
    """Map every batch by every check and hand the results to their folds, in batch order.

    Args:
        folds: the checks, all of one relation.
        parts: the relation; at least one part, which may be empty.
        workers: processes that map besides this one. Results do not depend on them.
        records: where results of finished parts are kept, and taken from where they are.
        advance: told the rows of every finished batch.

    Raises:
        InputError: a part cannot be read, in whichever process.
    """
    mapper = PartMapper([fold.check for fold in folds], records)
    batches = _shared(mapper, parts, workers) if workers else _alone(mapper, parts)
    for seen, results in batches:
        for fold, result in zip(folds, results, strict=True):
            fold.take(result, seen)
        advance(seen.total())


class PartMapper(Struct, frozen=True):
    """Maps parts by some checks. Travels to workers."""

    checks: Sequence[Check]
    records: PartRecords | None = None

    @without_panic_text()
    def all_of(self, part: Part) -> list[MappedBatch]:
        """Return what the checks make of a part, or made of it in a scan that was killed."""
        if self.records is None:
            return list(self.of(part))
        return self.records.mapped(part, lambda: list(self.of(part)))

    def of(self, part: Part) -> Iterator[MappedBatch]:
        """Yield what the checks make of each batch that is read from a part."""
        return quietly(map(self.mapped, part.frames()))

    def mapped(self, batch: pl.DataFrame) -> MappedBatch:
        """Return what the checks make of a batch."""
        split = next((name for name in ("split", "__split") if name in batch.columns), None)
        # a line on which no row stands is not a row that was seen
        rows = batch.filter(pl.col("row").is_not_null()) if "line" in batch.columns else batch
        counts = rows[split].value_counts().iter_rows() if split else ()
        return Counter(dict(counts)), [attempt(check.map, batch) for check in self.checks]


def _alone(mapper: PartMapper, parts: Iterable[Part]) -> Iterator[MappedBatch]:
    if mapper.records is not None:
        for part in parts:
            yield from mapper.all_of(part)
        return
    frames = (frame for part in parts for frame in part.frames())
    yield from quietly(map(mapper.mapped, merged(frames)))


def read_parts(parts: Iterable[Part], threads: int) -> Iterator[Part]:
    """Yield the same rows in parts that threads read while those before them are mapped."""
    read = made_ahead(parts, _frames, threads)
    # a thread may fail at any time
    with without_panic_text(), closing(read):
        yield from map(HeldPart, merged(chain.from_iterable(read)))


def _frames(part: Part) -> list[pl.DataFrame]:
    return [*part.frames()]


def merged(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield the rows of frames; little ones of one schema, also of several files, as one frame."""
    held: list[pl.DataFrame] = []
    size, most = 0, min(model_parts.PIECE_BYTES, PartSizes.most) // LITTLE
    for frame in frames:
        own = int(frame.estimated_size())
        if held and (size + own > most or frame.schema != held[0].schema):
            yield _joined(held)
            held, size = [], 0
        held.append(frame)
        size += own
    if held:
        yield _joined(held)


def _joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return frames[0] if len(frames) == 1 else pl.concat(frames)


def _shared(mapper: PartMapper, parts: Iterable[Part], workers: "Workers") -> Iterator[MappedBatch]:
    """Map in this process and on workers, and yield in the order of the parts.

    This process maps whatever the workers do not take: whenever each of them has something to do,
    what one had that ended before its time, and at the end what they have not begun.
    """
    ahead: deque[Future[list[MappedBatch]]] = deque()
    for part in parts:
        ahead.append(workers.offer(mapper.all_of, part) or _done(mapper.all_of(part)))
        while ahead and (ahead[0].done() or len(ahead) > AHEAD * (1 + workers.count)):
            if ahead[0].done() or not _made_here(ahead):
                yield from result_of(ahead.popleft())
    while _made_here(ahead):
        pass
    while ahead:
        yield from result_of(ahead.popleft())


def _made_here(ahead: deque[Future[list[MappedBatch]]]) -> bool:
    """Map the last part that no worker has begun; return whether there was one."""
    for at in reversed(range(len(ahead))):
        if call := taken_back(ahead[at]):
            ahead[at] = _done(call())
            return True
    return False


def _done(results: list[MappedBatch]) -> Future[list[MappedBatch]]:
    future: Future[list[MappedBatch]] = Future()
    future.set_result(results)
    return future
