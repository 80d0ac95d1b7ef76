"""The remedy `repair-text`: broken characters are mended, labels spelled in one way."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

import polars as pl
from ftfy import fix_encoding
from msgspec import Struct

from ftaudit.model.finding import Rule
from ftaudit.model.fix import FixTarget
from ftaudit.model.row_id import row_id_of
from ftaudit.remedies.changes import replaced_span, shaped
from ftaudit.remedies.remedy import Damage, Remedy, nothing

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters but line feed, carriage return and tab, as `records.defect` finds them."""
_LONGEST: Final = 1_000_000
"""Characters of the longest text that ftfy is given: its expressions backtrack."""

Edit = tuple[int, int, str, str, int, int, str]
"""File, row, rule, field, start, end and what stands there then."""


class RepairText(Struct, frozen=True):
    """Mend text that was decoded with the wrong encoding (ftfy), and remove control characters.

    A label that differs from a more frequent one only in case, spaces or Unicode form is written as
    that one, in every row.
    """

    id: ClassVar[str] = "repair-text"
    order: ClassVar[int] = 30
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = False

    def treats(self, rule: Rule) -> bool:
        """Return True: every rule that names this remedy."""
        del rule
        return True

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Rewrite every cell with a finding, and every label of a spelling that was found."""
        is_label = pl.col("target") == FixTarget.SPELLING
        cells = damage.findings.filter(~is_label)
        edits = [*_cells(damage, cells), *_labels(damage, damage.findings.filter(is_label))]
        names = ("file", "row", "rule", "field", "start", "end", "new")
        if not edits:
            return nothing()
        return shaped(pl.DataFrame(edits, schema=list(names), orient="row"))


def _cells(damage: Damage, cells: pl.DataFrame) -> Iterator[Edit]:
    places = cells.select("rule", "field", id=row_id_of("file", "row"))
    first = places.unique(["id", "field"], keep="first", maintain_order=True)
    for part in damage.rows(first["id"], "file", "row", "fields"):
        texts = part.explode("fields").unnest("fields").rename({"path": "field"})
        texts = texts.join(first, on=["id", "field"], how="inner", maintain_order="left_right")
        columns = ("file", "row", "rule", "field", "text")
        for file, row, rule, field, text in texts.select(columns).iter_rows():
            new = mended(text)
            if new != text:
                yield (file, row, rule, field, *replaced_span(text, new))


def mended(text: str) -> str:
    """Return a text in its right encoding, without control characters."""
    if len(text) <= _LONGEST:
        text = fix_encoding(text)
    return _CONTROL.sub("", _by_runs(text))


_RUN: Final = re.compile(r"[\u0080-\uffff]{2,}")


def _by_runs(text: str) -> str:
    """Decode runs of characters that are UTF-8 read as Windows-1252, where ftfy is in doubt."""
    return _RUN.sub(lambda run: _decoded(run[0]), text)


def _decoded(run: str) -> str:
    if not any(mark in run for mark in "ÂÃâïðÐÑ"):
        return run
    for encoding in ("cp1252", "latin-1"):
        try:
            return run.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return run


def _labels(damage: Damage, variants: pl.DataFrame) -> Iterator[Edit]:
    """Write every row's label that is spelled like one of the findings' as the usual one is."""
    if variants.is_empty():
        return
    pairs = variants.select(
        "rule", id=row_id_of("file", "row"), usual=row_id_of("related_file", "related_row")
    )
    ids = pl.concat([pairs["id"], pairs["usual"].alias("id")])
    spelled = {
        id_: label
        for part in damage.rows(ids, "label")
        for id_, label in part.select("id", "label").iter_rows()
    }
    usual = {spelled[id_]: (rule, spelled[other]) for rule, id_, other in pairs.iter_rows()}
    column = damage.dataset.columns.get("label", "label")
    for batch in damage.dataset.rows.batches(["file", "row", "label"]):
        rows = batch.filter(pl.col("label").is_in(list(usual)))
        for file, row, label in rows.select("file", "row", "label").iter_rows():
            rule, new = usual[label]
            yield (file, row, rule, column, *replaced_span(label, new))


REMEDY: Final[type[Remedy]] = RepairText
