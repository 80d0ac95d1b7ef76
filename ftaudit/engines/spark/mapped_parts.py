"""Map the parts of a relation by every check, a task for each part."""

import io
import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import reduce
from itertools import islice
from typing import ClassVar, Final

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from ftaudit.engines.folds import Fold
from ftaudit.engines.local.mapping import PartMapper
from ftaudit.engines.spark.arrow_blobs import failure
from ftaudit.engines.spark.tasks import named
from ftaudit.model.attempt import BrokenCall, attempt
from ftaudit.model.blobs import Blob, BlobCluster, BlobTable
from ftaudit.model.check import Check, KeyedPartials, Mapped
from ftaudit.model.errors import FtauditError
from ftaudit.model.parts import Part, PartSizes

AT_ONCE: Final = 64
"""Parts of a job, at least; four for each core, if those are more. The results of one job wait on
the driver together."""

RESULT: Final = 0
"""Kind of a blob with what a part was mapped to: rows seen, and the result of every check."""
_KEYED: Final = 1
"""Of blobs with partials that have keys: this, and the place of their check."""
_SLOT: Final = "__slot"


class EvenSizes(PartSizes):
    """Parts of one size."""

    size_bytes: int = 64 << 20
    left: int = 0
    processes: int = 1
    group: ClassVar[int] = 1 << 30

    def size(self) -> int:
        """Return the bytes the next part should have."""
        return self.size_bytes


def map_parts(
    cluster: BlobCluster, folds: Sequence[Fold], parts: Iterable[Part], slots: int
) -> None:
    """Map every part by every check on the executors, and hand over the results in order.

    Partials that grow with the rows (`check.KeyedPartials`) stay there until all parts are mapped.
    Then they are shuffled by their keys, to as many slots, and settled.

    Raises:
        InputError: a part cannot be read; of several the first.
        IncompleteError: the cluster could not do the work.
    """
    checks = [fold.check for fold in folds]
    keyed = [_KEYED + at for at, check in enumerate(checks) if isinstance(check, KeyedPartials)]
    work = _EachPart(_WholePart(checks), slots)
    waiting: list[BlobTable] = []
    rest = iter(parts)
    with ExitStack() as stack:
        while some_parts := list(islice(rest, max(AT_ONCE, 4 * cluster.cores))):
            table = cluster.table(named(some_parts), len(some_parts)).map(work, slots)
            mapped = stack.enter_context(table.kept()) if keyed else table
            if _take(folds, mapped.only((RESULT,)).gathered()):
                waiting.append(mapped.only(keyed))
        if waiting:
            _settle(folds, reduce(lambda table, other: table.and_of(other), waiting))


def _take(folds: Sequence[Fold], blobs: Sequence[Blob]) -> bool:
    """Hand the results of parts to the folds, in the order of parts; tell whether any has keys."""
    results = [pickle.loads(blob.data) for blob in blobs]  # noqa: S301 - our own tasks pickled it
    for _, seen, mapped, _ in sorted(results, key=lambda result: int(result[0])):
        for fold, result in zip(folds, mapped, strict=True) if mapped else ():
            fold.take(result, seen)
    return any(has_keys for _, _, _, has_keys in results)


def _settle(folds: Sequence[Fold], partials: BlobTable) -> None:
    """Bring the partials of a key together, and hand over what is left of them."""
    keyless = [fold.totals() for fold in folds]
    settler = _SettledSlot([fold.check for fold in folds], keyless)
    for blob in partials.shuffled().map(settler).gathered():
        settled = pickle.loads(blob.data)  # noqa: S301 - our own tasks pickled it
        folds[blob.kind - _KEYED].take(settled, Counter())


class _EachPart(Struct, frozen=True, eq=False):
    """Parts → the results of each, and the partials that have keys by the slots of those."""

    work: "_WholePart"
    slots: int

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        for blob in blobs:
            part: Part = pickle.loads(blob.data)  # noqa: S301 - our own driver pickled it
            try:
                seen, results = self.work(part)
            except FtauditError as error:
                yield failure(error, blob.kind)
                continue
            keyed: list[Blob] = []
            for at, (check, result) in enumerate(zip(self.work.checks, results, strict=False)):
                if isinstance(check, KeyedPartials) and isinstance(result, Mapped):
                    divided = attempt(self._divided, check, _KEYED + at, result)
                    if isinstance(divided, BrokenCall):
                        results[at] = divided
                    else:
                        results[at] = divided[0]
                        keyed += divided[1]
            yield from keyed
            yield Blob(blob.slot, RESULT, pickle.dumps((blob.kind, seen, results, bool(keyed))))

    def _divided(
        self, check: KeyedPartials, kind: int, result: Mapped
    ) -> tuple[Mapped, list[Blob]]:
        """Return the result without the partials that have keys, and those."""
        partials = result.partials
        keys = check.keys(partials)
        slots = (keys % self.slots).alias(_SLOT)
        by_slot = partials.with_columns(slots).drop_nulls(_SLOT).group_by(_SLOT)
        blobs = [Blob(int(slot), kind, _packed(rows.drop(_SLOT))) for (slot,), rows in by_slot]
        return replace(result, partials=partials.filter(keys.is_null())), blobs


class _SettledSlot(Struct, frozen=True, eq=False):
    """The partials of all keys of a slot → what judging needs of them."""

    checks: Sequence[Check]
    keyless: Sequence[pl.DataFrame | BrokenCall]
    """Of each check the partials without keys, combined."""

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        partials: dict[int, list[pl.DataFrame]] = {}
        for blob in blobs:
            partials.setdefault(blob.kind, []).append(pl.read_ipc(bytes(blob.data)))
        for kind, frames in partials.items():
            check, keyless = self.checks[kind - _KEYED], self.keyless[kind - _KEYED]
            if isinstance(check, KeyedPartials) and isinstance(keyless, pl.DataFrame):
                settled = attempt(check.settle, pl.concat(frames), keyless)
                mapped = settled if isinstance(settled, BrokenCall) else Mapped(settled)
                yield Blob(0, kind, pickle.dumps(mapped))


def _packed(partials: pl.DataFrame) -> bytes:
    """Return partials as bytes; most of their columns hold one value."""
    sink = io.BytesIO()
    partials.write_ipc(sink, compression="zstd")
    return sink.getvalue()


class _WholePart(Struct, frozen=True, eq=False):
    """Maps a part by some checks, and combines what they make of its batches; [] without any."""

    checks: Sequence[Check]

    def __call__(self, part: Part) -> tuple[Counter[str], list[Mapped | BrokenCall]]:
        seen: Counter[str] = Counter()
        gathered = [_OfCheck(check) for check in self.checks]
        for rows, results in PartMapper(self.checks).of(part):
            seen += rows
            for of_check, result in zip(gathered, results, strict=True):
                of_check.add(result)
        if not any(of_check.mapped_any for of_check in gathered):
            return seen, []
        return seen, [attempt(of_check.mapped) for of_check in gathered]


class _OfCheck(Struct):
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

    @property
    def mapped_any(self) -> bool:
        """Return whether a batch came."""
        return self.broken is not None or bool(self.partials)

    def mapped(self) -> Mapped | BrokenCall:
        if self.broken is not None:
            return self.broken
        partials = self.check.combine(pl.concat(self.partials))
        if not self.findings:
            return Mapped(partials)
        return Mapped(partials, pl.concat(self.findings))
