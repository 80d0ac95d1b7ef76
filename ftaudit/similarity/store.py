"""Shingle hashes of many rows: in memory while they are few, else in a spill file, mapped."""

import mmap
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]


@dataclass(eq=False)
class Store:
    """Hashes that are appended once and then read, or changed, in any order.

    A file of hashes holds no text. Its pages are let go by `release`, so that what is resident
    is what was touched since.
    """

    folder: Path
    limit: int
    """Bytes to hold in memory before everything goes to the file."""
    name: str = "shingles"
    _parts: list[Hashes] = field(default_factory=list, repr=False)
    _size: int = 0
    _spilled: bool = False
    _map: mmap.mmap | None = field(default=None, repr=False)

    def add(self, hashes: Hashes) -> None:
        """Append hashes."""
        self._size += hashes.nbytes
        self._parts.append(hashes)
        if self._spilled or self._size > self.limit:
            self._spill()

    def all(self) -> Hashes:
        """Return everything that was added, in order; call it once."""
        if not self._spilled:
            parts, self._parts = self._parts, []
            return np.concatenate([np.zeros(0, np.uint64), *parts])
        with self._file.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        return np.frombuffer(self._map, np.uint64)

    def release(self) -> None:
        """Let go of the pages that are resident; they are read again when touched."""
        if self._map is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    @property
    def _file(self) -> Path:
        return self.folder / f"{self.name}.u64"

    def _spill(self) -> None:
        with self._file.open("ab" if self._spilled else "wb") as file:
            for part in self._parts:
                file.write(part.tobytes())
        self._parts.clear()
        self._spilled = True
