"""The first pass over JSON records: prove every one well-formed and learn the columns."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

import msgspec
import polars as pl
from msgspec import Struct, field

from ftaudit.model.column_label import place_of
from ftaudit.model.errors import InputError
from ftaudit.readers.json_keys import keys_twice
from ftaudit.readers.json_shape import (
    FAMILIES,
    MAX_DEPTH,
    JsonShape,
    TooDeepError,
    kind_of_value,
    record_type,
)

Record: TypeAlias = bytes | msgspec.Raw
"""The JSON text of one record."""

NAMED: Final = 10
"""How many bad places an error names; all are counted."""

MAX_COLUMNS: Final = 10_000

_ALONE: Final = {"list": "list"}
_WRAPPED: Final = {
    "list": 'Give each list a name, as {"messages": […]}, or each of its values one, as pandas '
    "does with to_json(orient='records')",
    "string": 'Give each text a name, as {"text": "…"}',
}
"""Kind of the values that stand alone → how to make records of them."""
_FIRST_STEP: Final = 64
_AT: Final = re.compile(r"\(byte (\d+)\)$")
_HALF_PAIR: Final = re.compile(
    rb"\\u[dD][89aAbB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89aAbB]..)\\u[dD][c-fC-F]"
)
_CONSTANT: Final = re.compile(rb"(?<![\w.])(?:NaN|-?Infinity)(?!\w)")
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')
_ANY: Final = msgspec.json.Decoder()


class JsonSurvey(Struct):
    """What is known of a file's records after those seen so far.

    Records are decoded into plain objects only until their types are known; then msgspec checks
    them against a type made from those, which accepts nothing that would change what is known.
    """

    user_path: str
    """The file as the user named it."""
    unit: str
    """What a record's place is called: line or row."""
    columns: dict[str, JsonShape] = field(default_factory=dict)
    rows: int = 0
    bad: int = 0
    alone: set[str] = field(default_factory=set)
    """Kinds of values that stand where an object was expected."""
    places: list[str] = field(default_factory=list)
    """The first bad places, each with its reason."""
    conflict: tuple[str, str, int, str, int] | None = None
    """Column, family and place of its first value, family and place of the one that differs."""
    first: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Column → family and place of its first value that is not null."""
    typed: Callable[[Record], object] | None = None

    def add(self, records: Sequence[Record], place: Callable[[int], int]) -> None:
        """Add records; `place(i)` is the line or row of the i-th of them."""
        done, step = 0, _FIRST_STEP
        self.rows += len(records)
        while done < len(records):
            if self._conform(records[done:]):
                break
            for i in range(done, min(done + step, len(records))):
                self._learn(records[i], place(i))
            done, step = done + step, step * 4
            self.typed = None if self.bad else self._typed()
        for i, key in keys_twice(records, list(self.columns), nested=self._nested):
            self._reject(place(i), f"the key {key} stands twice")

    def finish(self) -> None:
        """Raise what was found wrong.

        Raises:
            InputError: a record is malformed, or a column holds more than one JSON type.
        """
        if self.bad:
            more = f", and {self.bad - NAMED} more" if self.bad > NAMED else ""
            count = f"{self.bad} {self.unit}{'s are' if self.bad > 1 else ' is'} not a JSON object"
            remedy = "Write one JSON object per record, as UTF-8"
            if len(self.alone) == 1 and not self.columns:
                remedy = _WRAPPED.get(next(iter(self.alone)), remedy)
            elif self.bad < self.rows:
                remedy += "; --keep-going audits the others"
            raise InputError(
                self.user_path, f"{count}: {'; '.join(self.places)}{more}", remedy=remedy
            )
        if self.conflict:
            name, family, place, other, other_place = self.conflict
            first, second = f"{self.unit} {place}", f"{self.unit} {other_place}"
            problem = f"{family} ({first}) and {other} ({second}) in one column"
            remedy = "Give the column one JSON type"
            raise InputError(
                self.user_path, problem, place=place_of(name, list(self.columns)), remedy=remedy
            )

    def schema(self) -> tuple[pl.Schema, frozenset[str]]:
        """Return the columns' types, and which of them are JSON text."""
        types = {name: shape.dtype() for name, shape in self.columns.items()}
        text = frozenset(name for name, dtype in types.items() if dtype is None)
        return pl.Schema({n: t or pl.String() for n, t in types.items()}), text

    def _conform(self, records: Sequence[Record]) -> bool:
        """Say whether all records are of the types already known."""
        if self.typed is None or self._may_be_deep(records):
            return False
        try:
            for record in records:
                self.typed(record)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        return True

    @property
    def _nested(self) -> bool:
        """Whether a column holds lists or objects."""
        return any(shape.kinds & {"list", "object"} for shape in self.columns.values())

    def _may_be_deep(self, records: Sequence[Record]) -> bool:
        """Say whether a record may be nested too deep where its types are not checked."""
        if not any(shape.dtype() is None for shape in self.columns.values()):
            return False
        return any(_brackets(bytes(record)) > MAX_DEPTH for record in records)

    def _learn(self, record: Record, place: int) -> None:
        try:
            value = _ANY.decode(record)
            if not isinstance(value, dict):
                kind = kind_of_value(value)
                self.alone.add(kind)
                self._reject(place, f"{_ALONE.get(kind, FAMILIES.get(kind, 'null'))} alone")
                return
            for name, inner in value.items():
                self._place(name, self.columns.setdefault(name, JsonShape()).add(inner), place)
        except UnicodeDecodeError:
            self._reject(place, _not_utf8(record))
        except (RecursionError, TooDeepError):
            self._reject(place, f"nested deeper than {MAX_DEPTH} levels")
        except msgspec.MsgspecError as error:
            self._reject(place, _reason(error, record))
        if len(self.columns) > MAX_COLUMNS:
            problem = f"more than {MAX_COLUMNS:,} different keys"
            remedy = "Put varying keys into an inner object"
            raise InputError(self.user_path, problem, place=f"{self.unit} {place}", remedy=remedy)

    def _place(self, name: str, kind: str, place: int) -> None:
        if kind == "null" or self.conflict:
            return
        family, first = self.first.setdefault(name, (FAMILIES[kind], place))
        if family != FAMILIES[kind]:
            self.conflict = (name, family, first, FAMILIES[kind], place)

    def _reject(self, place: int, reason: str) -> None:
        self.bad += 1
        if len(self.places) < NAMED:
            self.places.append(f"{self.unit} {place} ({reason})")

    def _typed(self) -> Callable[[Record], Any] | None:
        try:
            fields = {name: shape.decoded() for name, shape in self.columns.items()}
            return msgspec.json.Decoder(record_type(fields)).decode
        except ValueError:
            return None


def _brackets(record: bytes) -> int:
    return record.count(b"[") + record.count(b"{")


def _not_utf8(record: Record) -> str:
    try:
        bytes(record).decode()
    except UnicodeDecodeError as error:
        return f"byte {error.start} is not UTF-8"
    return "an escape that is not Unicode"


def _reason(error: msgspec.MsgspecError, record: Record) -> str:
    """Say where a record breaks, never what stands there."""
    text = str(error)
    if "out of range" in text:
        return "a number beyond the range of numbers"
    if _CONSTANT.search(_STRING.sub(b'""', bytes(record))):
        return "NaN or Infinity, which is no JSON: write null"
    if _HALF_PAIR.search(bytes(record)):
        return "an escape that is half of a surrogate pair"
    if bytes(record).lstrip()[:2] in {b"{'", b"['"}:
        return "single quotes, as Python prints them: write it with json.dumps"
    if "truncated" in text:
        return "ends too early"
    position = _AT.search(text)
    return f"malformed at byte {position[1]}" if position else "malformed"
