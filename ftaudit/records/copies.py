"""Columns that repeat what others hold: a prompt beside its messages, a record that is rendered."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from ftaudit.model.column_copy import ColumnCopy
from ftaudit.records.cell_values import decode
from ftaudit.records.leaves import strings_of
from ftaudit.records.roles import Role
from ftaudit.records.shape import TableShape, words

_READ: Final = frozenset(
    {
        *(Role.SYSTEM, Role.CONTEXT, Role.TITLE, Role.HISTORY, Role.INPUT, Role.CHOICES),
        *(Role.OUTPUT, Role.REJECTED, Role.LABEL, Role.TOOLS),
    }
)
_GIVEN: Final = _READ - {Role.OUTPUT, Role.REJECTED, Role.LABEL, Role.TOOLS}
"""Roles of what a model is given: a prompt is often rendered without the answer."""
_SHORTEST: Final = 12
"""Characters below which a string is a name or a key, which may stand anywhere."""
_DERIVED: Final = frozenset({"parse", "tree", "tokens", "toks", "tok", "lemmas", "pos", "ids"})
"""Last words of names of what a text was made into."""
_TEMPLATES: Final = 8
"""Most templates by which the records of one column are rendered."""
_LEAST_ROWS: Final = 3
"""Records from which a template can be told from text of a record's own."""


def copied(
    shape: TableShape, roles: Mapping[str, Role], free: Sequence[str]
) -> Mapping[str, ColumnCopy]:
    """Return those of the free columns whose text other columns hold, by every row of the sample.

    Either each of their strings is one that is read in the same record, whole; or the column is
    the record itself, rendered by a template: it holds input and output, and what is
    left without them is the same in all records, but for a few templates; or it is what a model is
    given, rendered so.
    """
    if shape.sample is None:
        return {}
    read = tuple(column for column, role in roles.items() if role in _READ)
    records = _records(shape, read)
    prompted = tuple(column for column, role in roles.items() if role in _GIVEN)
    inputs = _records(shape, prompted) if prompted != read else []
    copies: dict[str, ColumnCopy] = {}
    for column in (c for c in free if shape.holds_text(c)):
        cells = shape.strings(column)
        if _is_derived(column, read):
            copies[column] = ColumnCopy(read, derived=True)
        elif _stands_in(cells, records):
            copies[column] = ColumnCopy(read)
        elif templates := _templates(cells, records):
            copies[column] = ColumnCopy(read, templates)
        elif inputs and (templates := _templates(cells, inputs)):
            copies[column] = ColumnCopy(prompted, templates)
    return copies


def _records(shape: TableShape, columns: Sequence[str]) -> list[list[str]]:
    """Return the strings of columns by row."""
    return [[text for cell in row for text in cell] for row in shape.records(columns)]


def strays(batch: pl.DataFrame, copies: Mapping[str, ColumnCopy]) -> Iterator[tuple[str, int, int]]:
    """Yield column, number of rows and first row id of copies that hold text of their own.

    Args:
        batch: canonical rows with `id` and `fields`.
        copies: column → what it repeats, by the sample.
    """
    checked = {column: copy for column, copy in copies.items() if not copy.derived}
    if not checked:
        return
    fields = batch.select("id", "fields").explode("fields", empty_as_null=False, keep_nulls=False)
    named = fields.unnest("fields")
    cells = {column for copy in checked.values() for column in copy.cells}
    columns = dict.fromkeys((*checked, *(c for copy in checked.values() for c in copy.read)))
    held = {column: _by_row(named, column, is_json=column in cells) for column in columns}
    for column, copy in checked.items():
        own = [
            row
            for row, texts in held[column].items()
            if not _repeats(copy, texts, [t for c in copy.read for t in held[c].get(row, ())])
        ]
        if own:
            yield column, len(own), min(own)


def _by_row(fields: pl.DataFrame, column: str, *, is_json: bool) -> Mapping[int, list[str]]:
    """Return the strings of a column by row id."""
    path = pl.col("path")
    inside = path.str.starts_with(f"{column}[") | path.str.starts_with(f"{column}.")
    own = fields.filter((path == column) | inside)
    strings: dict[int, list[str]] = {}
    for row, text in own.select("id", "text").iter_rows():
        strings.setdefault(row, []).extend(strings_of(decode(text)) if is_json else (text,))
    return strings


def _repeats(copy: ColumnCopy, texts: Sequence[str], record: Sequence[str]) -> bool:
    if not copy.templates:
        return _foreign(texts, record) == 0
    rest = _without("\n".join(texts), record)
    return rest is not None and _digest(rest) in copy.templates


def _is_derived(column: str, read: Sequence[str]) -> bool:
    """Tell by its name whether a column is another one, taken apart: its tokens or its parse."""
    return any(
        column.startswith(name) and column != name and words(column)[-1] in _DERIVED
        for name in read
    )


def _foreign(texts: Sequence[str], record: Iterable[str]) -> int:
    """Count the long strings that are none of a record's."""
    # a part of a text may be what a model is taught to find in it; only the whole is a copy
    whole = {text.strip() for text in record}
    return sum(len(text.strip()) >= _SHORTEST and text.strip() not in whole for text in texts)


def _stands_in(cells: Sequence[Sequence[str]], records: Sequence[Sequence[str]]) -> bool:
    rows = zip(cells, records, strict=True)
    if any(_foreign(texts, record) for texts, record in rows):
        return False
    return any(len(text.strip()) >= _SHORTEST for texts in cells for text in texts)


def _templates(cells: Sequence[Sequence[str]], records: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return digests of what is left of each rendered record; none where it is no template."""
    left = set()
    rendered = 0
    for texts, record in zip(cells, records, strict=True):
        if not texts:
            continue
        rest = _without("\n".join(texts), record) if record else None
        if rest is None:
            return frozenset()
        left.add(_digest(rest))
        rendered += 1
    few = len(left) <= min(_TEMPLATES, rendered // 2) and rendered >= _LEAST_ROWS
    return frozenset(left) if few else frozenset()


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _without(text: str, record: Iterable[str]) -> str | None:
    """Return what is left of a text without all strings of its record; None where one is not in."""
    for part in sorted({part.strip() for part in record}, key=len, reverse=True):
        if part not in text:
            return None
        text = text.replace(part, "\0") if part else text
    return text
