"""What is known of the user's columns when a record format is recognised."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.records.cell_values import Json, Raw, scalar, struct_fields
from ftaudit.records.dialect import TURN_KEYS
from ftaudit.records.evidence import ColumnEvidence, evidence_of, is_text
from ftaudit.records.leaves import leaves


class ColumnKind(Enum):
    """What a column may hold."""

    TEXT = auto()
    """One value that can be shown as text: strings, numbers, booleans, dates."""
    TURNS = auto()
    """Lists of objects that have a role or speaker, or one such object."""
    JSON = auto()
    """JSON text of values that are not uniform: possibly turns, possibly strings."""
    OTHER = auto()
    """Other lists, objects or bytes."""


class TableShape(Struct, frozen=True, eq=False):
    """The user's columns, a sample of their values, and what the user says of them."""

    schema: pl.Schema
    json_columns: frozenset[str] = frozenset()
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Part of the record → the user's column for it."""
    forced: bool = False
    """The user named the format: no other will be tried."""
    sample: pl.DataFrame | None = None
    """The first rows of the training data; None where only names and types are known."""
    taken: frozenset[str] = frozenset()
    """Columns that the user gave another role, or does not use."""
    _known: dict[str, ColumnEvidence] = field(default_factory=dict)
    _strings: dict[str, Sequence[Sequence[str]]] = field(default_factory=dict)

    def pick(self, part: str, names: Sequence[str], kinds: Sequence[ColumnKind]) -> str | None:
        """Return the column for a part: the user's choice, or the first of `names` there is.

        Names are compared without regard to case, spaces, `-` and `_`.
        """
        if (chosen := self.overrides.get(part)) is not None:
            return chosen if self.kind(chosen) in kinds else None
        return next(iter(self.named(names, kinds)), None)

    def pick_named(
        self, part: str, names: Sequence[str], kinds: Sequence[ColumnKind]
    ) -> str | None:
        """Return the column for a part that bears one of `names`, also where the user chose it.

        For formats that only names tell from others; where the user named the format, any column
        that was chosen will do.
        """
        chosen = self.overrides.get(part)
        usual = {plain(name) for name in names}
        if chosen is not None and not self.forced and plain(chosen) not in usual:
            return None
        return self.pick(part, names, kinds)

    def pick_text(self, part: str, names: Sequence[str], kinds: Sequence[ColumnKind]) -> str | None:
        """Return the column for a part as `pick` does, one that holds text before others."""
        if part in self.overrides:
            return self.pick(part, names, kinds)
        columns = self.named(names, kinds)
        return next((c for c in columns if self.holds_text(c)), next(iter(columns), None))

    def pick_like(self, part: str, names: Sequence[str], kinds: Sequence[ColumnKind]) -> str | None:
        """Return the column for a part as `pick_text` does, else one whose name ends like one.

        So `bot_reply` is a `reply`, and `tweetText` a `text`, where the sample shows text there.
        """
        picked = self.pick_text(part, names, kinds)
        if part in self.overrides or (picked is not None and self.holds_text(picked)):
            return picked
        similar = [c for c in self.ending(names, kinds) if self.holds_text(c)]
        return next(iter(similar), picked)

    def ending(self, names: Sequence[str], kinds: Sequence[ColumnKind]) -> list[str]:
        """Return the free columns whose last word is one of `names`, in the table's order.

        None without a sample, which must show that the values fit.
        """
        if self.sample is None:
            return []
        spoken_for = self.taken | set(self.overrides.values())
        usual = {plain(name) for name in names}
        return [
            column
            for column in self.schema
            if column not in spoken_for
            and self.kind(column) in kinds
            and (parts := words(column))
            and parts[-1] in usual
            and not _OTHERS & set(parts)
        ]

    def only_text(self) -> str | None:
        """Return the column of text, where the sample shows text in exactly one column."""
        if self.sample is None:
            return None
        spoken_for = self.taken | set(self.overrides.values())
        texts = [c for c in self.schema if c not in spoken_for and self.holds_text(c)]
        return texts[0] if len(texts) == 1 and self.kind(texts[0]) is ColumnKind.TEXT else None

    def named(self, names: Sequence[str], kinds: Sequence[ColumnKind]) -> list[str]:
        """Return the free columns that bear one of `names`, in the order of the names."""
        spoken_for = self.taken | set(self.overrides.values())
        columns: dict[str, str] = {}
        for column in self.schema:
            if column not in spoken_for and self.kind(column) in kinds:
                columns.setdefault(plain(column), column)
        return [columns[plain(name)] for name in names if plain(name) in columns]

    def kind(self, column: str) -> ColumnKind:
        """Tell what a column may hold."""
        dtype = self.schema[column]
        if column in self.json_columns:
            return ColumnKind.JSON
        if scalar(dtype):
            return ColumnKind.TEXT
        if TURN_KEYS & struct_fields(dtype).keys():
            return ColumnKind.TURNS
        return ColumnKind.OTHER

    def evidence(self, column: str) -> ColumnEvidence | None:
        """Judge the values of a column in the sample; None without one.

        Nested values are judged by the strings in them, each row's together.
        """
        if self.sample is None or column not in self.sample.columns:
            return None
        if column not in self._known:
            self._known[column] = self._judged(column)
        return self._known[column]

    def holds_text(self, column: str) -> bool:
        """Tell whether a column holds text by its sample; by its type where there is none."""
        evidence = self.evidence(column)
        if evidence is None:
            return self.schema[column] == pl.String or self.kind(column) is not ColumnKind.TEXT
        return evidence.is_text

    def strings(self, column: str) -> Sequence[Sequence[str]]:
        """Return the strings of a column in the sample, row by row, as `leaves` has them."""
        if column not in self._strings:
            sample = self.table.select(column)
            held = leaves(Raw(sample, self.json_columns & {column}), [column])
            rows: list[list[str]] = [[] for _ in range(sample.height)]
            for row, text in held.select("row", "text").iter_rows():
                rows[row].append(text)
            self._strings[column] = rows
        return self._strings[column]

    def records(self, columns: Sequence[str]) -> Sequence[Sequence[Sequence[str]]]:
        """Return the strings of several columns in the sample, row by row."""
        if not columns:
            return [[] for _ in range(self.table.height)]
        return list(zip(*(self.strings(column) for column in columns), strict=True))

    def values(self, column: str) -> list[Json]:
        """Return the values of a column in the sample, JSON text decoded; none without a sample."""
        if self.sample is None or column not in self.sample.columns:
            return []
        return Raw(self.sample.select(column), self.json_columns & {column}).values(column)

    def _judged(self, column: str) -> ColumnEvidence:
        sample = self.sample
        if sample is None or self.kind(column) is ColumnKind.TEXT:
            return evidence_of(self.table[column])
        raw = Raw(sample.select(column), self.json_columns & {column})
        strings = leaves(raw, [column]).with_columns(text_like=is_text("text"))
        rows = strings.group_by("row").agg(
            pl.col("text").str.join(" "), has_text=pl.col("text_like").any()
        )
        judged = evidence_of(rows["text"])
        texts = int(rows["has_text"].sum())
        return ColumnEvidence(judged.count, judged.distinct, texts, 0, 0, 0)

    @property
    def table(self) -> pl.DataFrame:
        """Return the sample; without one, no rows."""
        return self.schema.to_frame() if self.sample is None else self.sample


_SIGNS: Final = re.compile(r"[\W_]+")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHERS: Final = frozenset(
    {
        *("rejected", "wrong", "bad", "negative", "incorrect", "worse", "original", "previous"),
        *("source", "old", "raw", "parse", "tree", "id", "ids", "hash", "url", "path", "name"),
        *("starter", "test", "tests", "public", "private"),
        *("model", "lang", "language", "type", "date", "time", "count", "length", "tokens"),
    }
)
"""Words of names of columns that are not what their last word says."""


def is_free_text(shape: TableShape, column: str) -> bool:
    """Tell whether most values of a column are text that no other row has: answers, not classes."""
    evidence = shape.evidence(column)
    if evidence is None:
        return False
    most = 2 * evidence.texts > evidence.count
    return most and 2 * evidence.distinct > evidence.count > 1


@lru_cache(maxsize=4_096)  # the same few names are compared with those of every format
def plain(name: str) -> str:
    """Return a column's name without what differs from one convention to another."""
    return _SIGNS.sub("", name.lower())


def words(name: str) -> list[str]:
    """Return the words of a column's name, in lower case, without numbers."""
    parts = _SIGNS.split(_HUMP.sub("_", name).lower())
    kept = [part.rstrip("0123456789") for part in parts]
    return [part for part in kept if part]
