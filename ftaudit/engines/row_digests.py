"""Digests of the content of rows, put beside the findings that name them."""

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ftaudit.model.row_id import row_id_of

DIGESTS: Final = pl.Schema({"id": pl.UInt64, "digest": pl.String})
"""Row id → digest of the row's content."""
KEY_MARK: Final = "ftaudit.digests"
"""Name, among the metadata of `findings.parquet`, of what tells keys of digests apart."""


@dataclass(frozen=True, eq=False)
class RowDigests:
    """The digests of all rows that findings name."""

    table: pl.DataFrame = field(default_factory=DIGESTS.to_frame)
    """`DIGESTS`."""
    key_mark: str = ""
    """The same for digests that can be compared."""

    def beside(self, findings: pl.DataFrame) -> pl.DataFrame:
        """Return findings with `digest` and `related_digest`; null where there is none."""
        placed = findings.with_columns(
            id=row_id_of("file", "row"), related_id=row_id_of("related_file", "related_row")
        )
        related = self.table.rename({"id": "related_id", "digest": "related_digest"})
        joined = placed.join(self.table, on="id", how="left", maintain_order="left")
        joined = joined.join(related, on="related_id", how="left", maintain_order="left")
        return joined.drop("id", "related_id")


NO_DIGESTS: Final = RowDigests()
"""Of no row."""
