"""Masked excerpts of the rows that a manifest's examples point to, for reports to show.

An excerpt is made from the data each time a report with excerpts is written; it is never stored
in the manifest or among the findings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec
import polars as pl
from msgspec import Struct

from ftaudit.engines.local.held_rows import WORTH_HOLDING
from ftaudit.model.check import Check, Completed, FieldMasking, Masking, Result, parameters
from ftaudit.model.dataset import Dataset
from ftaudit.model.parts import PIECE_BYTES
from ftaudit.model.row_id import row_id
from ftaudit.pipeline.chosen_rows import ChosenRows
from ftaudit.privacy.findings.finding_counts import Strings, strings
from ftaudit.privacy.findings.mask import mask_text
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.findings.value_copies import copies
from ftaudit.reports.excerpt import Excerpt, Excerpts
from ftaudit.wire.manifest import Manifest, Reference

SHOWN: Final = 400
"""Characters of an excerpt."""
SEARCHED: Final = 4_000
"""Characters that are searched and masked before an excerpt is cut to `SHOWN`, so that a value
across the cut is masked too."""
WHOLE: Final = 200_000
"""Characters of each field that are searched for values whose copies an excerpt may show."""

_SHORTEST: Final = 3
"""Characters of the shortest value that is masked away from its place: an age stays."""

_SHOWN_COLUMNS: Final = ("id", "input", "output", "label", "text", "fields")
"""Of `dataset.ROWS`, what an excerpt is made of."""


def maskings(checks: Mapping[str, type[Check]], results: Sequence[Result]) -> tuple[Masking, ...]:
    """Return what tells reports which characters to mask, of every check that can tell.

    A check that completed masks all that it found. Of one that did not run, or broke, as with a
    user's own recognizer it may, the default one masks.
    """
    completed = {r.check.id: r.check for r in results if isinstance(r, Completed)}
    able = {id_: check for id_, check in checks.items() if issubclass(check, Masking)}
    instances = (completed.get(id_) or check() for id_, check in able.items())
    return tuple(check for check in instances if isinstance(check, Masking))


def policy_maskings(
    checks: Mapping[str, type[Check]], settings: Mapping[str, Mapping[str, object]]
) -> tuple[Masking, ...]:
    """Return every check that can tell which characters to mask, set as a policy says.

    Args:
        checks: the checks there are, by id.
        settings: check id → parameters, as the policy gives them.

    Raises:
        UsageError: a parameter that the check does not have.
    """
    able = {id_: check for id_, check in checks.items() if issubclass(check, Masking)}
    return tuple(check(**parameters(check, settings.get(id_, {}))) for id_, check in able.items())


class ShownTexts(Struct, frozen=True, eq=False):
    """Texts of the data that reports may show once they are masked."""

    rows: Iterable[pl.DataFrame]
    """Rows of which excerpts are shown: the columns of `_SHOWN_COLUMNS`. They are read once, and
    where the data is much only when they are masked, piece by piece; such cannot be pickled."""
    labels: Sequence[str]
    """Labels of charts: class names are data, too."""

    @classmethod
    def of(cls, dataset: Dataset, manifest: Manifest, *, rows: bool) -> "ShownTexts":
        """Return what reports show of a manifest, with or without its `rows`."""
        ids = set(_row_ids(_places(dataset, manifest))) if rows else set()
        labels = [
            label
            for check in manifest.predicate.checks
            for chart in check.charts
            for label in chart.labels
        ]
        pieces = _rows(dataset, ids)
        return cls([*pieces] if dataset.memory <= WORTH_HOLDING else pieces, labels)

    def masked(self, maskings: Sequence[Masking]) -> "MaskedTexts":
        """Mask every finding in them."""
        labels = pl.Series(self.labels, dtype=pl.String)
        masked_labels = mask_texts(labels, maskings) if self.labels else ()
        return MaskedTexts(
            [*_masked_rows(self.rows, maskings)],
            dict(zip(self.labels, masked_labels, strict=True)),
        )


MaskedRow: TypeAlias = tuple[int, str, str]
"""Id of a row, and of its text and its label what may be shown."""


class MaskedTexts(Struct, frozen=True, eq=False):
    """What reports show of the data."""

    rows: Sequence[MaskedRow]
    labels: Mapping[str, str | None]
    """Label → what may be shown of it."""

    def excerpts(self, dataset: Dataset, manifest: Manifest) -> Excerpts:
        """Return the excerpts of a manifest."""
        return _excerpts(_places(dataset, manifest), self.rows)

    def manifest(self, manifest: Manifest) -> Manifest:
        """Return a manifest with the labels of its charts masked."""
        if not self.labels:
            return manifest
        checks = [
            msgspec.structs.replace(
                check,
                charts=[
                    msgspec.structs.replace(c, labels=[self.labels[label] for label in c.labels])
                    for c in check.charts
                ],
            )
            for check in manifest.predicate.checks
        ]
        predicate = msgspec.structs.replace(manifest.predicate, checks=checks)
        return msgspec.structs.replace(manifest, predicate=predicate)


def excerpts(dataset: Dataset, manifest: Manifest, maskings: Sequence[Masking]) -> Excerpts:
    """Return an excerpt of every row an example points to, every finding in it masked."""
    return excerpts_of(dataset, _places(dataset, manifest), maskings)


def excerpts_of(
    dataset: Dataset, places: Mapping[Reference, int], maskings: Sequence[Masking]
) -> Excerpts:
    """Return an excerpt of every row of `places`: reference → ordinal of its file in `dataset`."""
    rows = _rows(dataset, set(_row_ids(places)))
    return _excerpts(places, _masked_rows(rows, maskings))


def _places(dataset: Dataset, manifest: Manifest) -> dict[Reference, int]:
    """Return every reference of a manifest → ordinal of its file."""
    ordinals = {(file.split, file.name): at for at, file in enumerate(dataset.files)}
    return {r: ordinals[r.split, r.file] for r in _references(manifest)}


def _row_ids(places: Mapping[Reference, int]) -> dict[int, Reference]:
    return {row_id(ordinal, r.row): r for r, ordinal in places.items()}


def _excerpts(places: Mapping[Reference, int], rows: Iterable[MaskedRow]) -> Excerpts:
    references = _row_ids(places)
    by_row: dict[tuple[str, str, int], Excerpt] = {}
    for id_, text, label in rows:
        reference = references[id_]
        place = reference.split, reference.file, reference.row
        by_row[place] = Excerpt(*place, text, label)
    return by_row


def _masked_rows(rows: Iterable[pl.DataFrame], maskings: Sequence[Masking]) -> Iterator[MaskedRow]:
    for batch in rows:
        for row in _masked(batch, maskings).iter_rows(named=True):
            label = row["label"] or row["output"] or ""
            yield row["id"], _cut(row["input"] or row["text"]), _cut(label)


def _references(manifest: Manifest) -> Iterator[Reference]:
    for check in manifest.predicate.checks:
        for example in check.examples:
            yield example.where
            if example.related is not None:
                yield example.related


def _rows(dataset: Dataset, row_ids: set[int]) -> Iterator[pl.DataFrame]:
    """Yield the wanted rows, many at once, and stop reading when all were seen."""
    left = set(row_ids)
    if not left:
        return
    ids = pl.DataFrame({"id": sorted(left)}, schema={"id": pl.UInt64})
    held, size = [], 0
    for rows in ChosenRows(dataset, ids).batches(_SHOWN_COLUMNS):
        left.difference_update(rows["id"])
        held += [rows] if rows.height else []
        size += int(rows.estimated_size())
        if size > PIECE_BYTES:
            yield pl.concat(held)
            held, size = [], 0
        if not left:
            break
    if held:
        yield pl.concat(held)


def _masked(rows: pl.DataFrame, maskings: Sequence[Masking]) -> pl.DataFrame:
    """Mask what was found in a row, and each copy of it wherever the row shows it again."""
    columns = {name: rows[name].str.head(SEARCHED) for name in ("input", "output", "label", "text")}
    spans = {name: _spans(column, maskings) for name, column in columns.items()}
    fields = strings(rows)
    named = _named_values(fields, maskings)
    elsewhere = _found_values(fields, maskings)
    for name, column in columns.items():
        masked_texts = column.to_list()
        for row, text in enumerate(masked_texts):
            if not text:
                continue
            by_name = named.get(row, {})
            values = by_name | elsewhere.get(row, {}) | _values(columns, spans, row)
            found_again = copies(text, values) if values else []
            masked_text = mask_text(text, [*spans[name].get(row, []), *found_again])
            masked_texts[row] = _without(masked_text, by_name)
        rows = rows.with_columns(pl.Series(name, masked_texts, dtype=pl.String))
    return rows


def _values(
    columns: Mapping[str, pl.Series], spans: Mapping[str, Mapping[int, Sequence[Span]]], row: int
) -> dict[str, str]:
    """Return the values that were found in any text of a row, each with its type."""
    values: dict[str, str] = {}
    for name, spans_of in spans.items():
        text = columns[name][row] if row in spans_of else ""
        values |= {text[span.start : span.end]: span.entity for span in spans_of.get(row, ())}
    return values


def _found_values(fields: Strings, maskings: Sequence[Masking]) -> dict[int, dict[str, str]]:
    """Return, by row, the values that are found anywhere in its fields, each with its type."""
    at, texts = fields.at, fields.text
    heads = texts.str.head(WHOLE)
    values: dict[int, dict[str, str]] = {}
    for position, spans in _spans(heads, maskings).items():
        text = heads[position]  # once: each look copies it
        for span in spans:
            value = text[span.start : span.end]
            values.setdefault(at[position], {})[value] = span.entity
    return values


def _named_values(fields: Strings, maskings: Sequence[Masking]) -> dict[int, dict[str, str]]:
    """Return, by row, the values that its fields give away by name, each with its type.

    They are masked wherever the row shows them: the excerpt does not say which field it is from.
    """
    at, texts, labels = fields.at, fields.text, fields.label
    values: dict[int, dict[str, str]] = {}
    for masking in maskings:
        if isinstance(masking, FieldMasking):
            for position, sensitive in masking.sensitive_in_fields(texts, labels):
                text = texts[position] if sensitive else ""
                for span in sensitive:
                    value = text[span.start : span.end]
                    values.setdefault(at[position], {})[value] = span.entity
    return values


def _without(text: str | None, values: Mapping[str, str]) -> str | None:
    """Replace values, the longest first, by their types in brackets."""
    for value in sorted(values, key=lambda value: (-len(value), value)):
        if text and len(value) >= _SHORTEST:
            text = text.replace(value, f"[{values[value]}]")
    return text


def mask_texts(texts: pl.Series, maskings: Sequence[Masking]) -> Sequence[str | None]:
    """Return texts with everything in them masked that a check would find, and its copies."""
    masked_texts: list[str | None] = texts.to_list()
    for position, to_mask in _spans(texts, maskings).items():
        text = masked_texts[position] or ""
        values = {text[span.start : span.end]: span.entity for span in to_mask}
        masked_texts[position] = mask_text(text, [*to_mask, *copies(text, values)])
    return masked_texts


def _spans(texts: pl.Series, maskings: Sequence[Masking]) -> dict[int, list[Span]]:
    """Return, by position, the spans of each text that a check would find."""
    spans: dict[int, list[Span]] = {}
    for masking in maskings:
        for position, sensitive in masking.sensitive(texts):
            spans.setdefault(position, []).extend(
                Span(span.entity, span.start, span.end, span.score, "") for span in sensitive
            )
    return spans


def _cut(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
