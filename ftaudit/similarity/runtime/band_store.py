"""MinHash band keys of every row: in memory, or in one spill file per band (hashes only)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field


class BandStore(Struct, eq=False):
    """`count` keys of 64 bits for each of `rows` rows, written by rows and read by band."""

    count: int
    rows: int
    folder: Path | None
    """Where to spill; None keeps everything in memory."""
    _keys: npt.NDArray[np.uint64] | None = None
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Allocate the array, or the files."""
        if self.folder is None:
            self._keys = np.zeros((self.count, self.rows), np.uint64)
            return
        for band in range(self.count):
            with self._path(band).open("wb") as file:
                file.truncate(8 * self.rows)

    @contextmanager
    def writing(self, first: int, rows: int) -> Iterator[tuple[npt.NDArray[np.uint64], int]]:
        """Lend an array for the keys of `rows` rows from `first` on; store them at the end.

        Yields an array by band and row, and the column of the first row in it. Threads may write
        different rows at the same time.
        """
        if self._keys is not None:
            yield self._keys, first
            return
        keys = np.empty((self.count, rows), np.uint64)
        yield keys, 0
        with self._lock:
            for band in range(self.count):
                with self._path(band).open("r+b") as file:
                    file.seek(8 * first)
                    file.write(keys[band].tobytes())

    def read(self, band: int) -> npt.NDArray[np.uint64]:
        """Return the keys of one band, by row."""
        if self._keys is not None:
            return np.asarray(self._keys[band])
        return np.fromfile(self._path(band), np.uint64)

    def clear(self) -> None:
        """Free memory and files."""
        self._keys = None
        if self.folder is not None:
            for band in range(self.count):
                self._path(band).unlink(missing_ok=True)

    def _path(self, band: int) -> Path:
        return Path(self.folder or "") / f"band-{band:03}.u64"
