"""The remedy `drop-unlicensed`: rows without a right to be used are removed."""

from typing import ClassVar, Final

import polars as pl
from msgspec import Struct

from ftaudit.model.finding import Rule
from ftaudit.model.row_id import row_of
from ftaudit.remedies.changes import removals
from ftaudit.remedies.remedy import Damage, Remedy


class DropUnlicensed(Struct, frozen=True):
    """Remove rows whose licence is denied or unknown, or whose source is, in every split.

    A finding on a row that says nothing of its origin stands for all rows of its file that say
    nothing either. A file of which no row says anything is left, and so is all of the data where
    one rule is broken by every row: the origin belongs in the provenance record, which only a
    person can write.
    """

    id: ClassVar[str] = "drop-unlicensed"
    order: ClassVar[int] = 20
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = False

    def treats(self, rule: Rule) -> bool:
        """Return True: every rule that names this remedy."""
        del rule
        return True

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Remove the rows with a finding, and those that one of them stands for."""
        rows = damage.findings.with_columns(damage.ids())
        silent = _silent(damage, rows.filter(pl.col("row") == 0))
        own = rows.select("id", "rule").filter(~pl.col("id").is_in(silent["id"].implode()))
        total = sum(file.rows for file in damage.dataset.files)
        own = own.filter(pl.col("id").n_unique().over("rule") < total)
        whole = silent.filter(pl.len().over("file") == pl.col("rows"))
        some = silent.join(whole, on="id", how="anti").select("id", "rule")
        return removals(pl.concat([own, some]).sort("id", maintain_order=True))


def _silent(damage: Damage, findings: pl.DataFrame) -> pl.DataFrame:
    """Return the rows without source or licence, of files whose first row has neither.

    Columns: `id`, `file`, `rows` (of that file), `rule` (of the finding on the first row).
    """
    sizes = [file.rows for file in damage.dataset.files]
    files = findings.select("file", "rule").unique("file", keep="first", maintain_order=True)
    files = files.with_columns(rows=pl.col("file").map_elements(sizes.__getitem__, pl.Int64))
    parts = [pl.DataFrame(schema=_SILENT)]
    if files.is_empty():
        return parts[0]
    nothing_said = pl.col("source_id").is_null() & pl.col("license").is_null()
    for batch in damage.dataset.rows.batches(["id", "file", "source_id", "license"]):
        rows = batch.filter(nothing_said).join(files, on="file", maintain_order="left")
        parts.append(rows.select(pl.col(name).cast(dtype) for name, dtype in _SILENT.items()))
    silent = pl.concat(parts)
    firsts = silent.filter(row_of("id") == 0)["file"]
    return silent.filter(pl.col("file").is_in(firsts.implode()))


_SILENT: Final = pl.Schema(
    {"id": pl.UInt64, "file": pl.UInt32, "rows": pl.Int64, "rule": pl.String}
)


REMEDY: Final[type[Remedy]] = DropUnlicensed
