"""A short piece of a row that a report may show beside a finding."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from ftaudit.manifest import Reference


@dataclass(frozen=True)
class Excerpt:
    """What a row says, already masked by the audit, not yet escaped for any format."""

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


def excerpt_of(reference: Reference | None, excerpts: Excerpts) -> Excerpt | None:
    """Return the excerpt of the row that is referred to, if there is one."""
    if reference is None:
        return None
    return excerpts.get((reference.split, reference.file, reference.row))
