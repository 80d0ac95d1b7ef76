"""Digests of the content of rows, put beside the findings that name them."""

from typing import TYPE_CHECKING, Final

import polars as pl
from msgspec import Struct, field

from ftaudit.model.row_id import row_id_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DIGESTS: Final = pl.Schema({"id": pl.UInt64, "high": pl.UInt64, "low": pl.UInt64})
"""Row id → the upper and the lower half of the digest of the row's content, which is 16 bytes."""
HEXADECIMAL: Final = 32
"""Digits of a digest as it is written."""
KEY_MARK: Final = "ftaudit.digests"
"""Name, among the metadata of `findings.parquet`, of what tells keys of digests apart."""


class RowDigests(Struct, frozen=True, eq=False):
    """The digests of all rows that findings name."""

    table: pl.DataFrame = field(default_factory=DIGESTS.to_frame)
    """`DIGESTS`, ascending in `id`, each once."""
    key_mark: str = ""
    """The same for digests that can be compared."""

    def beside(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Return findings with `digest` and `related_digest`; null where there is none."""
        ends = {"digest": ("file", "row"), "related_digest": ("related_file", "related_row")}
        ids = findings.select(row_id_of(*end).alias(name) for name, end in ends.items())
        return findings.with_columns(self._of(ids[name]).alias(name) for name in ends)

    def _of(self, ids: pl.Series) -> pl.Series:
        """Return the digest of each row id, null for a null and for one that has none."""
        import numpy as np

        if self.table.is_empty():
            return pl.repeat(None, len(ids), dtype=pl.String, eager=True)
        own = self.table["id"].to_numpy()
        sought = ids.fill_null(0).to_numpy()
        at = np.minimum(np.searchsorted(own, sought), len(own) - 1)
        digests = pl.Series(written(*(self.table[name].to_numpy()[at] for name in ("high", "low"))))
        has_one = pl.Series(own[at] == sought) & ids.is_not_null()
        return pl.select(pl.when(has_one).then(digests)).to_series()


def written(high: "npt.NDArray[np.uint64]", low: "npt.NDArray[np.uint64]") -> list[str]:
    """Return digests, given as halves, as hexadecimal digits."""
    import numpy as np

    digits = np.stack([high, low], axis=1).astype(">u8").tobytes().hex()
    return [digits[at : at + HEXADECIMAL] for at in range(0, len(digits), HEXADECIMAL)]


NO_DIGESTS: Final = RowDigests()
"""Of no row."""
