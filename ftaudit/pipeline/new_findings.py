"""Findings that only the newer of two audits has, known again by the content of their rows.

Rows may have moved and files been renamed. A finding of a single row is known by its rule, its
field and the digest of the row, as often as the older audit has it. Of findings about two rows the
rows themselves are compared: which of a cluster is named with which depends on their order.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.engines.row_digests import KEY_MARK
from ftaudit.model.finding import FINDINGS
from ftaudit.pipeline.audit import FINDINGS_FILE

_CHECK: Final = ("check",)
_KIND: Final = ("check", "rule")
_PLACE: Final = ("file", "row", "digest")
_NUMBER: Final = r"\d[\d.,]*"


class NewFindings(Struct, frozen=True, eq=False):
    """Findings of the newer audit that the older one has not."""

    rows: pl.DataFrame | None
    """Of `finding.FINDINGS`, in their order; None: the two cannot be compared row by row."""
    obstacle: str = ""
    """Why they cannot be compared."""


def new_findings(old: Path, new: Path) -> NewFindings:
    """Return the findings in the folder of the newer audit that the older one does not have."""
    paths = [folder / FINDINGS_FILE for folder in (old, new)]
    if missing := [path for path in paths if not path.is_file()]:
        return NewFindings(None, f"no {FINDINGS_FILE} stands in {missing[0].parent}")
    before, after = (pl.read_parquet(path) for path in paths)
    if FINDINGS not in (before.schema, after.schema) or before.schema != after.schema:
        return NewFindings(None, "one of the audits has no digests of rows: scan again")
    marks = {pl.read_parquet_metadata(path).get(KEY_MARK) for path in paths}
    if len(marks) > 1:
        return NewFindings(None, "digests of rows were made with another --profile-key")
    return NewFindings(_only_after(before, after))


def _only_after(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return the findings of `after` that are new, in their order."""
    numbered = after.with_row_index("number")
    paired = pl.col("related_digest").is_not_null()
    numbers = [
        _new_of_one_row(before.filter(~paired), numbered.filter(~paired)),
        _new_of_two_rows(before.filter(paired), numbered.filter(paired)),
    ]
    chosen = pl.concat(numbers).sort()
    return after[chosen.to_list()]


def _new_of_one_row(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """Return the numbers of findings whose rule, field and content are more than before.

    Those without a digest are known by their detail, but for the numbers in it.
    """
    by = (*_KIND, "digest", "field", "unnumbered")
    undigested = pl.col("digest").is_null()
    unnumbered = pl.when(undigested).then(pl.col("detail").str.replace_all(_NUMBER, "#"))
    ranked = after.with_columns(unnumbered=unnumbered)
    ranked = ranked.with_columns(rank=pl.int_range(pl.len()).over(by))
    counted = before.with_columns(unnumbered=unnumbered).group_by(by).agg(before=pl.len())
    joined = ranked.join(counted, on=by, how="left", nulls_equal=True, maintain_order="left")
    return joined.filter(pl.col("rank") >= pl.col("before").fill_null(0))["number"]


def _new_of_two_rows(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """Return the numbers of findings that name rows which were not named before.

    A finding is new if no finding of its rule named its row. It also is if its row stood for a
    cluster before, as the related one, and gave that place to a row that nothing of the check
    named.
    """
    named = partial(_named, by=_KIND)
    own = after.join(_more(named(before), named(after)), on=(*_KIND, *_PLACE), how="semi")
    of_check = partial(_named, by=_CHECK)
    rows = _more(of_check(before), of_check(after))
    rows = rows.join(of_check(own), on=(*_CHECK, *_PLACE), how="anti")
    subjects = partial(_rows, by=_KIND)
    moved = after.join(_more(subjects(before), subjects(after)), on=(*_KIND, *_PLACE), how="semi")
    relating = _related(moved).join(rows, on=(*_CHECK, *_PLACE), how="inner")
    first = relating.group_by(*_CHECK, *_PLACE).agg(pl.col("number").min())
    return pl.concat([_pairs_once(own)["number"], first["number"]]).unique()


def _pairs_once(findings: pl.DataFrame) -> pl.DataFrame:
    """Return findings without those that name the rows of an earlier one the other way round."""
    place, other = pl.struct("file", "row"), pl.struct(file="related_file", row="related_row")
    same_file = pl.col("related_file") == pl.col("file")
    turned = (pl.col("related_file") < pl.col("file")) | (
        same_file & (pl.col("related_row") < pl.col("row"))
    )
    ends = findings.with_columns(
        first=pl.when(turned).then(other).otherwise(place),
        second=pl.when(turned).then(place).otherwise(other),
    )
    return ends.unique([*_KIND, "first", "second"], keep="first", maintain_order=True)


def _more(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `after` that are more, by their content, than those of `before`."""
    content = [name for name in after.columns if name not in {"file", "row"}]
    ranked = after.with_columns(rank=pl.int_range(pl.len()).over(content))
    counted = before.group_by(content).agg(before=pl.len())
    joined = ranked.join(counted, on=content, how="left")
    more = joined.filter(pl.col("rank") >= pl.col("before").fill_null(0))
    return more.select(after.columns)


def _named(findings: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return every row that findings name, once for each check or rule, in order of place."""
    return _rows(pl.concat([findings, _related(findings)]), by)


def _rows(findings: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return every row that findings are about, once for each check or rule, in order of place."""
    names = (*by, *_PLACE)
    return findings.select(names).unique().sort(names)


def _related(findings: pl.DataFrame) -> pl.DataFrame:
    """Return findings with the related row in the place of their own."""
    return findings.with_columns(file="related_file", row="related_row", digest="related_digest")
