"""A column that is taken for a copy of others."""

from msgspec import Struct


class ColumnCopy(Struct, frozen=True):
    """What a column repeats, by the sample; `records.copies.strays` tells where it does not."""

    read: tuple[str, ...]
    """The columns that it repeats."""
    templates: frozenset[str] = frozenset()
    """Digests of what is left of it without those; none where each string is one of theirs."""
    cells: frozenset[str] = frozenset()
    """Columns of csv files whose cells hold JSON text."""
    derived: bool = False
    """Whether its name says that it is another column, taken apart."""
