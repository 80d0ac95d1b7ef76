"""What data was recognised as: its format, and the role of every column and part."""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.model.column_copy import ColumnCopy
from ftaudit.model.dataset import ROWS
from ftaudit.model.watched_parts import WatchedParts
from ftaudit.records.answer_pairs import AnswerPairs
from ftaudit.records.beside import extras
from ftaudit.records.format import Parts
from ftaudit.records.kto import KTO
from ftaudit.records.roles import AFTER, BEFORE, Role


class Recognised(Struct, frozen=True):
    """A record format, the columns its parts are read from, and the role of every column."""

    format: str
    """Id of the format, such as `classification`."""
    parts: Parts
    """Part → the user's column; canonical columns and the format's own, such as `tools`."""
    schema: pl.Schema
    """The user's columns."""
    json_columns: frozenset[str]
    roles: Mapping[str, Role] = field(default_factory=dict)
    """The user's column → its role, for every column."""
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column of class numbers → the names that its values are read as."""
    watched: frozenset[str] = frozenset()
    """Columns of strings, lists and objects none of whose values in the sample is text."""
    copies: Mapping[str, ColumnCopy] = field(default_factory=dict)
    """Column that is a copy by the sample → what it repeats."""
    json_cells: frozenset[str] = frozenset()
    """Columns of csv files whose cells hold lists or objects as JSON text."""
    flat_cells: frozenset[str] = frozenset()
    """Columns of csv files that are read as text, by their first rows."""
    nested: frozenset[str] = frozenset()
    """Columns of lists and objects whose parts are told apart."""
    unread_parts: tuple[str, ...] = ()
    """Parts of columns that hold text which no role claims, such as `messages[].translation`."""
    read_parts: Mapping[str, str] = field(default_factory=dict)
    """Every other part → what it is read as, such as `messages[].content` → `content`."""
    ignored_parts: tuple[str, ...] = ()
    """Parts of columns that the user does not use."""
    runner_up: str = ""
    """Id of another format that would read as much, if there is one."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Canonical column → the user's column, in the order of `ROWS`, then the other roles.

        The label of KTO records judges the completion; it is no canonical label. Nor is a score
        that stands beside an answer a score of the record.
        """
        own = {"label"} if self.format == KTO().id else set()
        own |= {"score"} if "output" in self.parts else set()
        canonical = {name: self.parts[name] for name in ROWS if name in self.parts.keys() - own}
        flags = [column for part, column in self.parts.items() if part.startswith("label ")]
        return canonical | ({"label": flags[0]} if flags else {}) | self._beside(canonical)

    @property
    def rejects(self) -> bool:
        """Whether records have rejected answers."""
        return "rejected" in self.parts or self.format in _REJECTING

    @property
    def has_more(self) -> bool:
        """Whether records have definitions of tools, or answers that theirs are compared with."""
        tools = {"tools", "functions"} & self.parts.keys()
        return bool(tools or self.references or Role.TOOLS in self.roles.values())

    @property
    def beside(self) -> Mapping[str, str]:
        """What else there is: column, or part of one → what it is."""
        mapped = {*self.columns.values(), *self.not_read}
        others = {c: role.value for c, role in self.roles.items() if c not in mapped}
        return others | dict(self.read_parts)

    @property
    def before(self) -> tuple[str, ...]:
        """Columns that stand before what the format reads as input, in order."""
        return tuple(c for role in BEFORE for c in extras(self.roles, self.parts, role))

    @property
    def after(self) -> tuple[str, ...]:
        """Columns that stand after it, in order."""
        return tuple(c for role in AFTER for c in extras(self.roles, self.parts, role))

    @property
    def spoken(self) -> tuple[str, ...]:
        """Columns that stand before the output: reasons and thoughts the model is taught."""
        return extras(self.roles, self.parts, Role.OUTPUT)

    @property
    def references(self) -> tuple[str, ...]:
        """Columns of answers that the output is compared with: part of the whole text alone."""
        return extras(self.roles, self.parts, Role.REFERENCE)

    @property
    def unread(self) -> tuple[str, ...]:
        """Columns, and parts of columns, that hold text, and that no role claims.

        So are columns of bytes that cannot be read as text.
        """
        return (*self.unread_columns, *self.unread_parts)

    @property
    def unread_columns(self) -> tuple[str, ...]:
        """Those of them that are whole columns."""
        return tuple(c for c, role in self.roles.items() if role is Role.NOT_READ)

    @property
    def not_read(self) -> tuple[str, ...]:
        """All that is unread, and the columns and parts that the user does not use."""
        beside = {Role.NOT_READ, Role.IGNORED}
        columns = (c for c, role in self.roles.items() if role in beside)
        return (*columns, *self.unread_parts, *self.ignored_parts)

    @property
    def watched_parts(self) -> WatchedParts:
        """What the sample shows as numbers, ids, dates or names, and may turn out to be text."""
        plain = {c for c, role in self.roles.items() if role is Role.METADATA} & self.watched
        beside = {Role.METADATA.value, Role.COPY.value}
        read = (path for path, role in self.read_parts.items() if role not in beside)
        closed = frozenset((*read, *self.unread_parts, *self.ignored_parts))
        return WatchedParts(frozenset(plain), self.nested, closed)

    @property
    def compared(self) -> tuple[str, ...]:
        """Columns that are compared as what a model is given, in order."""
        own = [c for p, c in self.parts.items() if p in _INPUTS or p.startswith("choice ")]
        return tuple(dict.fromkeys((*self.before, *own, *self.after)))

    @property
    def description(self) -> str:
        """Say what was recognised: `classification: input=text, label=category`."""
        parts = [f"{p}={c}" for p, c in self.parts.items()]
        parts += [f"{role.value}={c}" for c, role in self._extra()]
        text = f"{self.format}: " + ", ".join(parts)
        if self.runner_up:
            text += f"; it could be {self.runner_up}, too"
        return text + (f"; not read: {', '.join(self.not_read)}" if self.not_read else "")

    def _extra(self) -> Iterator[tuple[str, Role]]:
        for column in (*self.before, *self.after, *self.spoken, *self.references):
            yield column, self.roles[column]

    def _beside(self, canonical: Mapping[str, str]) -> dict[str, str]:
        """Name the other columns that a model is given or taught by their roles, numbered."""
        own = [(c, self.roles[c]) for c in self.parts.values() if self.roles[c] in _SHOWN]
        named: dict[str, str] = {}
        for column, role in dict.fromkeys((*own, *self._extra())):
            if column in canonical.values():
                continue
            taken = {*canonical, *named}
            times = sum(role.value in {name, name.rpartition("_")[0]} for name in taken)
            named[role.value if not times else f"{role.value}_{times + 1}"] = column
        return named


_SHOWN: Final = frozenset({*BEFORE, *AFTER, Role.OUTPUT, Role.REFERENCE, Role.REJECTED, Role.TOOLS})
"""Roles of what a model is given, taught, or taught not to say."""
_REJECTING: Final = frozenset({KTO().id, AnswerPairs().id})
"""Formats whose outputs may be rejected answers: they have no part of that name."""
_INPUTS: Final = frozenset({"system", "context", "input", "second", "choices", "history"})
