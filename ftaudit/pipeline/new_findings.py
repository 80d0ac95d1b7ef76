"""Findings that only the newer of two audits has, where both audited the same bytes."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import polars as pl

from ftaudit.pipeline.audit import FINDINGS_FILE

PLACE: Final = (
    *("check", "rule", "split", "file", "row", "field", "start", "end"),
    *("related_file", "related_row"),
)
"""What tells findings apart."""


def new_findings(old: Path, new: Path, changed: Collection[str]) -> pl.DataFrame | None:
    """Return the findings that are new, in files whose bytes did not change.

    Rows of a file that changed may stand elsewhere, so that their findings cannot be told apart by
    place; those are compared by their number alone.

    Args:
        old: folder of the older audit.
        new: folder of the newer audit.
        changed: names of the files that are new or changed.

    None where one of the folders holds no findings.
    """
    paths = [folder / FINDINGS_FILE for folder in (old, new)]
    if not all(path.is_file() for path in paths):
        return None
    before, after = (pl.read_parquet(path) for path in paths)
    moved = [
        pl.col(name).is_in([*changed]).fill_null(value=False) for name in ("file", "related_file")
    ]
    return after.filter(~moved[0] & ~moved[1]).join(
        before, on=PLACE, how="anti", nulls_equal=True, maintain_order="left"
    )
