"""Which pieces of a text stay: the bytes of the rows that are kept, some of them edited."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.writers.cell_edits import CellEdits, FieldEdits


class RowPieces(Struct):
    """Goes through a file from its first row to its last."""

    kept: npt.NDArray[np.bool_]
    """For every row of the file whether it stays."""
    edits: CellEdits
    edited: Callable[[bytes, FieldEdits], bytes]
    """Edits the text of one row."""
    row: int = 0
    """The next row."""

    def stay(self, pieces: Sequence[bytes]) -> list[bytes]:
        """Take the texts of the next rows; return what is written for each: nothing if it goes."""
        first, self.row = self.row, self.row + len(pieces)
        kept = self.kept[first : self.row]
        changed = self.edits.between(first, self.row)
        if not changed and kept.all():
            return list(pieces)
        new = list(pieces)
        for row, edits in changed.items():
            if self.kept[row]:
                new[row - first] = self.edited(pieces[row - first], edits)
        return [piece if stays else b"" for piece, stays in zip(new, kept.tolist(), strict=True)]
