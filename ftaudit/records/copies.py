"""Columns that repeat what others hold: a prompt beside its messages, a record that is rendered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ftaudit.records.roles import Role
from ftaudit.records.shape import TableShape, words

_READ: Final = frozenset(
    {
        *(Role.SYSTEM, Role.CONTEXT, Role.TITLE, Role.HISTORY, Role.INPUT, Role.CHOICES),
        *(Role.OUTPUT, Role.REJECTED, Role.LABEL, Role.TOOLS),
    }
)
_SHORTEST: Final = 12
"""Characters below which a string is a name or a key, which may stand anywhere."""
_DERIVED: Final = frozenset({"parse", "tree", "tokens", "toks", "tok", "lemmas", "pos", "ids"})
"""Last words of names of what a text was made into."""
_TEMPLATES: Final = 8
"""Most templates by which the records of one column are rendered."""
_LEAST_ROWS: Final = 3
"""Records from which a template can be told from text of a record's own."""


def copied(shape: TableShape, roles: Mapping[str, Role], free: Sequence[str]) -> frozenset[str]:
    """Return those of the free columns whose text other columns hold, by every row of the sample.

    Either each of their strings is one that is read in the same record, whole; or the column is
    the record itself, rendered by a template: it holds input and output, and what is
    left without them is the same in all records, but for a few templates.
    """
    if shape.sample is None:
        return frozenset()
    read = [column for column, role in roles.items() if role in _READ]
    rows = list(zip(*(shape.strings(column) for column in read), strict=True))
    records = [[text for cell in row for text in cell] for row in rows]
    return frozenset(
        column
        for column in free
        if shape.holds_text(column)
        and (
            _is_derived(column, read)
            or _stands_in(shape.strings(column), records)
            or _renders(shape.strings(column), records)
        )
    )


def _is_derived(column: str, read: Sequence[str]) -> bool:
    """Tell by its name whether a column is another one, taken apart: its tokens or its parse."""
    return any(
        column.startswith(name) and column != name and words(column)[-1] in _DERIVED
        for name in read
    )


def _stands_in(cells: Sequence[Sequence[str]], records: Sequence[Sequence[str]]) -> bool:
    held = 0
    for texts, record in zip(cells, records, strict=True):
        # a part of a text may be what a model is taught to find in it; only the whole is a copy
        whole = {text.strip() for text in record}
        long = [text.strip() for text in texts if len(text.strip()) >= _SHORTEST]
        if not whole.issuperset(long):
            return False
        held += bool(long)
    return held > 0


def _renders(cells: Sequence[Sequence[str]], records: Sequence[Sequence[str]]) -> bool:
    left = set()
    rendered = 0
    for texts, record in zip(cells, records, strict=True):
        if not texts:
            continue
        rest = _without("\n".join(texts), record)
        if rest is None:
            return False
        left.add(rest)
        rendered += 1
    return len(left) <= min(_TEMPLATES, rendered // 2) and rendered >= _LEAST_ROWS


def _without(text: str, record: Iterable[str]) -> str | None:
    """Return what is left of a text without all strings of its record; None where one is not in."""
    for part in sorted({part.strip() for part in record}, key=len, reverse=True):
        if part not in text:
            return None
        text = text.replace(part, "\0") if part else text
    return text
