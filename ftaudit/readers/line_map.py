"""Gather on which line of its file every row begins, as few numbers as that takes."""

import numpy as np
import numpy.typing as npt

from ftaudit.model.dataset import LineMap


class LineMapBuilder:
    """Lines of rows, added from first to last."""

    def __init__(self) -> None:
        """Begin with no row."""
        self._rows: list[npt.NDArray[np.uint64]] = []
        self._offsets: list[npt.NDArray[np.uint64]] = []
        self._last: int | None = None
        self.count = 0

    def add(self, lines: npt.NDArray[np.int64]) -> None:
        """Add the 1-based lines on which the next rows begin."""
        if not len(lines):
            return
        offsets = lines - np.arange(self.count, self.count + len(lines))
        before = offsets[0] - 1 if self._last is None else self._last
        changed = np.flatnonzero(np.diff(offsets, prepend=before))
        self._rows.append((changed + self.count).astype(np.uint64))
        self._offsets.append(offsets[changed].astype(np.uint64))
        self._last = int(offsets[-1])
        self.count += len(lines)

    def build(self) -> LineMap:
        """Return the map."""
        none = np.zeros(0, np.uint64)
        return LineMap(np.concatenate([none, *self._rows]), np.concatenate([none, *self._offsets]))
