"""Folds whose partials grow with the rows: these stand on disk, and are settled key by key."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Final

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from ftaudit.engines.folds import Fold
from ftaudit.model.attempt import BrokenCall, attempt
from ftaudit.model.check import Check, KeyedPartials, Mapped

WORTH_SHUFFLING: Final = 64 << 20
"""Bytes of a relation, in memory, from which partials with keys are kept on disk."""
SLOT_BYTES: Final = 64 << 20
"""Bytes of a relation, in memory, of whose partials those of one slot are settled at once."""
MOST_SLOTS: Final = 256
_SLOT: Final = "__slot"


class ShuffledFold(Struct):
    """A fold that keeps the partials with keys in files, a slot of the keys in each.

    Results are those of the fold itself (`check.KeyedPartials`), in bounded memory.
    """

    fold: Fold
    folder: Path
    """A folder of its own, which need not exist yet."""
    slots: int
    _waiting: list[pl.DataFrame] = field(default_factory=list)
    _held: int = 0
    """Partials that wait."""
    _written: int = 0
    """How many times they were written."""

    most: ClassVar[int] = 1 << 17
    """Partials that wait in memory before they are written."""

    @property
    def check(self) -> Check:
        """The check of the fold."""
        return self.fold.check

    def take(self, mapped: Mapped | BrokenCall, seen: Counter[str]) -> None:
        """Add what one batch was mapped to; see `Fold.take`."""
        if isinstance(mapped, Mapped) and self.fold.broken is None:
            mapped = attempt(self._without_keyed, mapped)
        self.fold.take(mapped, seen)

    def settle(self) -> None:
        """Hand over what is left of the partials with keys, once every batch was taken."""
        if not self._written and not self._held:
            return
        self._write()
        keyless = self.fold.totals()
        for slot in range(self.slots):
            files = sorted(self.folder.glob(f"{slot:03d}-*.arrow"))
            if files and isinstance(keyless, pl.DataFrame):
                self.fold.take(attempt(self._settled, files, keyless), Counter())

    def _without_keyed(self, mapped: Mapped) -> Mapped:
        check = self.check
        keys = check.keys(mapped.partials) if isinstance(check, KeyedPartials) else None
        if keys is None or keys.null_count() == len(keys):
            return mapped
        slots = (keys % self.slots).cast(pl.UInt16).alias(_SLOT)
        self._waiting.append(mapped.partials.with_columns(slots).filter(keys.is_not_null()))
        self._held += self._waiting[-1].height
        if self._held >= self.most:
            self._write()
        return replace(mapped, partials=mapped.partials.filter(keys.is_null()))

    def _write(self) -> None:
        """Write the partials that wait to a file for each slot."""
        if self._waiting:
            self.folder.mkdir(parents=True, exist_ok=True)
            for rows in pl.concat(self._waiting).partition_by(_SLOT):
                path = self.folder / f"{rows[_SLOT][0]:03d}-{self._written:06d}.arrow"
                rows.drop(_SLOT).write_ipc(path, compression="lz4")
            self._written += 1
        self._waiting, self._held = [], 0

    def _settled(self, files: Sequence[Path], keyless: pl.DataFrame) -> Mapped:
        check = self.check
        partials = pl.concat([pl.read_ipc(file.read_bytes()) for file in files])
        for file in files:
            file.unlink()
        return Mapped(
            check.settle(partials, keyless) if isinstance(check, KeyedPartials) else partials
        )


def shuffled(folds: Sequence[Fold], folder: Path, memory: int) -> Iterator[Fold | ShuffledFold]:
    """Yield folds over a relation of so many bytes; those with keys on disk, if they are many.

    `folder` is the run folder.
    """
    slots = min(MOST_SLOTS, -(-memory // SLOT_BYTES))
    for fold in folds:
        if memory >= WORTH_SHUFFLING and isinstance(fold.check, KeyedPartials):
            yield ShuffledFold(fold, folder / "partials" / fold.check.id, slots)
        else:
            yield fold
