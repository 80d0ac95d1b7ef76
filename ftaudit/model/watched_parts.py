"""Columns, and parts inside them, that may turn out to hold text which nobody reads."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from msgspec import Struct

from ftaudit.model.column_label import column_label

ANY: Final = "*"
"""The name, in a path, of keys that are names of the data rather than of its format."""
_PLACE: Final = re.compile(r"\[\d+\]")


class WatchedParts(Struct, frozen=True):
    """What the first rows show as read, or as known not to be; all else is to be looked at."""

    columns: frozenset[str] = frozenset()
    """Columns that are taken for metadata, as a whole."""
    nested: frozenset[str] = frozenset()
    """Columns whose parts are told apart."""
    closed: frozenset[str] = frozenset()
    """Paths of parts that need no look, with all within them: read, unread or not used."""

    def names(self, paths: Iterable[str]) -> Mapping[str, str]:
        """Return path of a field → name of the column or part it belongs to, of those watched."""
        named = ((path, self._name(path)) for path in paths)
        return {path: name for path, name in named if name is not None}

    def _name(self, path: str) -> str | None:
        if path in self.columns:
            return path
        if (nested := column_of(path, self.nested)) is not None:
            part = plain_path(nested, path)
            return None if any(covers(closed, part) for closed in self.closed) else part
        return column_of(path, self.columns)


def plain_path(column: str, path: str) -> str:
    """Return the path of a part as it is shown: without places in lists, or keys of the data."""
    first, *keys = _PLACE.sub("[]", path.removeprefix(column)).split(".")
    shown = (shown_key(key.rstrip("[]")) + key[len(key.rstrip("[]")) :] for key in keys)
    return column + ".".join([first, *shown])


def shown_key(key: str) -> str:
    """Return a key of an object as paths have it: `*` where it may be text of the data."""
    return key if column_label(key, 0) == key and "@" not in key else ANY


def covers(part: str, path: str) -> bool:
    """Tell whether a path is that of a part, or of something within it.

    Lists may be marked or not: `messages[].note` and `messages.note` are one.
    """
    names, within = (name.replace("[]", "").split(".") for name in (part, path))
    pairs = zip(names, within, strict=False)
    return len(names) <= len(within) and all(a in {b, ANY} for a, b in pairs)


def is_part(name: str, columns: Collection[str]) -> bool:
    """Tell whether a name is the path of a part of a column, and no column itself."""
    return name not in columns and column_of(name, columns) is not None


def column_of(path: str, columns: Collection[str]) -> str | None:
    """Return the column that a path leads into: the longest, as names may hold dots."""
    within = [c for c in columns if path.startswith((f"{c}.", f"{c}["))]
    return max(within, key=len, default=None)
