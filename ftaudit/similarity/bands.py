"""Band keys of every row: in memory, or one spill file per band (hashes only)."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt


@dataclass(eq=False)
class Bands:
    """`count` keys of 64 bits for each of `rows` rows, written by rows and read by band."""

    count: int
    rows: int
    folder: Path | None
    """Where to spill; None keeps everything in memory."""
    _keys: npt.NDArray[np.uint64] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Make room."""
        if self.folder is None:
            self._keys = np.zeros((self.count, self.rows), np.uint64)
        else:
            for band in range(self.count):
                self._file(band).write_bytes(b"")

    def write(self, first: int, keys: npt.NDArray[np.uint64]) -> None:
        """Store `keys[band, i]` of rows `first + i`; rows come in ascending order."""
        if self._keys is not None:
            self._keys[:, first : first + keys.shape[1]] = keys
            return
        for band in range(self.count):
            with self._file(band).open("r+b") as file:
                file.seek(8 * first)
                file.write(keys[band].tobytes())

    def read(self, band: int) -> npt.NDArray[np.uint64]:
        """Return the keys of one band, by row."""
        if self._keys is not None:
            return np.asarray(self._keys[band])
        keys = np.fromfile(self._file(band), np.uint64)
        return np.pad(keys, (0, self.rows - len(keys)))

    def clear(self) -> None:
        """Free memory and files."""
        self._keys = None
        if self.folder is not None:
            for band in range(self.count):
                self._file(band).unlink(missing_ok=True)

    def _file(self, band: int) -> Path:
        return Path(self.folder or "") / f"band-{band:03}.u64"
