"""A short piece of a row that a report may show beside a finding."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from msgspec import Struct

from ftaudit.wire.manifest import ExampleRecord, Reference


class Excerpt(Struct, frozen=True):
    """The text of a row, masked by the audit, not yet escaped for any format."""

    split: str
    file: str
    row: int
    text: str
    """Every finding in it masked; a few hundred characters."""
    label: str = ""
    """The label or answer of the row, masked; empty where it has none."""


Excerpts: TypeAlias = Mapping[tuple[str, str, int], Excerpt]
"""Excerpts by (split, file, 0-based row)."""

NONE: Final[Excerpts] = MappingProxyType({})
"""What `--no-excerpts` gives: reports then name rows and show none."""


def sides(example: ExampleRecord, excerpts: Excerpts) -> tuple[Excerpt | None, Excerpt | None]:
    """Return the excerpts of the example's row and of its related row, where there are any.

    An example without a field and without a related row is about a file or about the data as a
    whole; the text of the row it happens to name would only mislead.
    """
    if not example.field and example.related is None:
        return None, None
    return _of(example.where, excerpts), _of(example.related, excerpts)


def distinct(examples: Sequence[ExampleRecord]) -> list[ExampleRecord]:
    """Return the examples without those that show the two rows of an earlier one again."""
    first: dict[object, ExampleRecord] = {}
    for at, example in enumerate(examples):
        pair = frozenset((example.where, example.related))
        first.setdefault(at if example.related is None else pair, example)
    return list(first.values())


def spread(examples: Sequence[ExampleRecord]) -> list[ExampleRecord]:
    """Return the examples in another order: every rule's first before any rule's second."""
    seen: dict[str, int] = {}
    turns = []
    for at, example in enumerate(examples):
        seen[example.rule] = turn = seen.get(example.rule, 0) + 1
        turns.append((turn, at, example))
    return [example for _, _, example in sorted(turns, key=lambda turn: turn[:2])]


def _of(reference: Reference | None, excerpts: Excerpts) -> Excerpt | None:
    if reference is None:
        return None
    return excerpts.get((reference.split, reference.file, reference.row))
