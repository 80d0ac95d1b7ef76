"""Masked excerpts of the rows that a manifest's examples point to, for reports to show.

An excerpt is made from the data each time a report with excerpts is written; it is never stored
in the manifest or among the findings.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import msgspec
import polars as pl

from ftaudit.model.dataset import ROW_BITS, Dataset
from ftaudit.privacy.mask import mask_text
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets import SecretScanner
from ftaudit.reports.excerpt import Excerpt, Excerpts
from ftaudit.wire.manifest import Manifest, Reference

if TYPE_CHECKING:
    from ftaudit.privacy.span import Span

SHOWN: Final = 400
"""Characters of an excerpt."""
SEARCHED: Final = 4_000
"""Characters that are searched and masked before an excerpt is cut to `SHOWN`, so that a value
across the cut is masked too."""


def excerpts(dataset: Dataset, manifest: Manifest, search: Search) -> Excerpts:
    """Return an excerpt of every row an example points to, every finding in it masked."""
    wanted = {_id(reference, dataset): reference for reference in _references(manifest)}
    found: dict[tuple[str, str, int], Excerpt] = {}
    for batch in _rows(dataset, set(wanted)):
        for row in _masked(batch, search).iter_rows(named=True):
            where = wanted[row["id"]]
            label = row["label"] or row["output"] or ""
            found[where.split, where.file, where.row] = Excerpt(
                where.split, where.file, where.row, _cut(row["input"] or row["text"]), _cut(label)
            )
    return found


def masked(manifest: Manifest, search: Search) -> Manifest:
    """Mask personal data and secrets in chart labels: class names are data, too."""
    checks = manifest.predicate.checks
    labels = pl.Series([label for c in checks for chart in c.charts for label in chart.labels])
    if labels.is_empty():
        return manifest
    shown = dict(zip(labels, _mask(labels.cast(pl.String), search), strict=True))
    new = [
        msgspec.structs.replace(
            check,
            charts=[
                msgspec.structs.replace(chart, labels=[shown[label] for label in chart.labels])
                for chart in check.charts
            ],
        )
        for check in checks
    ]
    predicate = msgspec.structs.replace(manifest.predicate, checks=new)
    return msgspec.structs.replace(manifest, predicate=predicate)


def _references(manifest: Manifest) -> Iterator[Reference]:
    for check in manifest.predicate.checks:
        for example in check.examples:
            yield example.where
            if example.related is not None:
                yield example.related


def _id(reference: Reference, dataset: Dataset) -> int:
    places = {(file.split, file.name): i for i, file in enumerate(dataset.files)}
    return places[reference.split, reference.file] << ROW_BITS | reference.row


def _rows(dataset: Dataset, wanted: set[int]) -> Iterator[pl.DataFrame]:
    """Yield the wanted rows, and stop reading when all were seen."""
    left = set(wanted)
    if not left:
        return
    for batch in dataset.rows.batches(["id", "input", "output", "label", "text"]):
        here = batch.filter(pl.col("id").is_in(sorted(left)))
        left.difference_update(here["id"])
        if here.height:
            yield here
        if not left:
            return


def _masked(rows: pl.DataFrame, search: Search) -> pl.DataFrame:
    columns = {name: rows[name].str.head(SEARCHED) for name in ("input", "output", "label", "text")}
    return rows.with_columns(
        pl.Series(name, _mask(column, search), dtype=pl.String) for name, column in columns.items()
    )


def _mask(texts: pl.Series, search: Search) -> Sequence[str | None]:
    spans: dict[int, list[Span]] = {}
    for position, found in (*search.find(texts), *SecretScanner().find(texts)):
        spans.setdefault(position, []).extend(found)
    shown: list[str | None] = texts.to_list()
    for position, found in spans.items():
        shown[position] = mask_text(shown[position] or "", found)
    return shown


def _cut(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
