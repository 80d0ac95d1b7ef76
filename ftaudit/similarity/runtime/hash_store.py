"""Hashes of many rows: in memory while they are few, else in a spill file that is mapped."""

import mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

Hashes = npt.NDArray[np.uint64]


class HashStore(Struct, eq=False):
    """Hashes that are appended once and then read, or changed, in any order.

    A file of hashes holds no text. `release` drops its pages, so that only those read since stay
    resident.
    """

    folder: Path
    limit: int
    """Bytes to hold in memory before everything goes to the file."""
    name: str = "shingles"
    _held: Hashes = field(default_factory=lambda: np.empty(0, np.uint64))
    _size: int = 0
    """How much of `_held` is used; 0 once hashes go to the file."""
    _spilled: bool = False
    _map: mmap.mmap | None = None

    def reserve(self, count: int) -> None:
        """Reserve memory for `count` hashes, an estimate, so that growing moves nothing."""
        self._held = np.empty(
            min(count, self.limit // 8), np.uint64
        )  # takes no memory until it is written

    def add(self, hashes: Hashes) -> None:
        """Append hashes."""
        size = self._size + len(hashes)
        if self._spilled or 8 * size > self.limit:
            self._spill(hashes)
            return
        if size > len(self._held):
            more = np.empty(min(max(2 * size, 1 << 16), self.limit // 8), np.uint64)
            more[: self._size] = self._held[: self._size]
            self._held = more
        self._held[self._size : size] = hashes
        self._size = size

    def all(self) -> Hashes:
        """Return all hashes in the order they were added; call it once."""
        if not self._spilled:
            return self._held[: self._size]
        with self._file.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        return np.frombuffer(self._map, np.uint64)

    @property
    def spilled(self) -> bool:
        """Whether the hashes are in a file."""
        return self._spilled

    def release(self) -> None:
        """Drop the resident pages; they are read again when needed."""
        if self._map is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    @property
    def _file(self) -> Path:
        return self.folder / f"{self.name}.u64"

    def _spill(self, hashes: Hashes) -> None:
        with self._file.open("ab" if self._spilled else "wb") as file:
            file.write(self._held[: self._size].data)
            file.write(hashes.data)
        self._held, self._size, self._spilled = np.empty(0, np.uint64), 0, True
