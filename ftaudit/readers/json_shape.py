"""What types the values of a JSON column have, seen over the whole file."""

from typing import Annotated, Any, Final

import msgspec
import polars as pl
from msgspec import Struct, field

MAX_DEPTH: Final = 100
"""Levels of lists and objects that are read: far beyond any record format."""

MAX_FIELDS: Final = 256
"""Keys of an inner object beyond which it is taken for a dictionary, and kept as JSON text."""

_EXACT: Final = 1 << 53
"""Integers up to here are exact as Float64 (IEEE 754 binary64 has a 53-bit significand)."""

_INT64: Final = 1 << 63

FAMILIES: Final = {
    "bool": "true/false",
    "int": "number",
    "float": "number",
    "wide": "number",
    "huge": "number",
    "string": "string",
    "list": "list or object",
    "object": "list or object",
}
"""Kind → the family of kinds that may stand in one column."""

_KINDS: Final = {
    type(None): "null",
    str: "string",
    bool: "bool",
    float: "float",
    list: "list",
    dict: "object",
}

_SmallInt = Annotated[int, msgspec.Meta(ge=-_EXACT, le=_EXACT)]
_WideInt = Annotated[int, msgspec.Meta(ge=-_INT64, le=_INT64 - 1)]


class TooDeepError(ValueError):
    """A value is nested deeper than `MAX_DEPTH` levels."""


def kind_of_value(value: object) -> str:
    """Name the kind of a decoded JSON value: a key of `FAMILIES`, or null."""
    if isinstance(value, int) and not isinstance(value, bool):
        if -_EXACT <= value <= _EXACT:
            return "int"
        return "wide" if -_INT64 <= value < _INT64 else "huge"
    return _KINDS[type(value)]


class JsonShape(Struct):
    """The kinds of value seen in one place. Grows as values are added."""

    kinds: set[str] = field(default_factory=set)
    fields: "dict[str, JsonShape]" = field(default_factory=dict)
    item: "JsonShape | None" = None
    many: bool = False
    """More than `MAX_FIELDS` keys were seen."""

    def add(self, value: object, depth: int = 1) -> str:
        """Add a value and return its kind.

        Raises:
            TooDeepError: it is nested too deep.
        """
        kind = kind_of_value(value)
        self.kinds.add(kind)
        if isinstance(value, (list, dict)):
            if depth >= MAX_DEPTH:
                raise TooDeepError
            self._add_inner(value, depth + 1)
        return kind

    def _add_inner(self, value: list[object] | dict[str, object], depth: int) -> None:
        if isinstance(value, list):
            self.item = self.item or JsonShape()
            for item in value:
                self.item.add(item, depth)
            return
        for name, inner in value.items():
            shape = JsonShape() if self.many else self.fields.setdefault(name, JsonShape())
            shape.add(inner, depth)
        if len(self.fields) > MAX_FIELDS:
            self.many = True
            self.fields.clear()

    def dtype(self) -> pl.DataType | None:
        """Return the polars type that holds every value seen exactly, or None: JSON text."""
        kinds = self.kinds - {"null"}
        if not kinds:
            return pl.Null()
        if kinds <= {"int", "wide"}:
            return pl.Int64()
        if kinds <= {"int", "float"}:
            return pl.Float64()
        return self._dtype(kinds.pop()) if len(kinds) == 1 else None

    def _dtype(self, kind: str) -> pl.DataType | None:
        match kind:
            case "string":
                return pl.String()
            case "bool":
                return pl.Boolean()
            case "list":
                inner = self.item.dtype() if self.item else pl.Null()
                return None if inner is None else pl.List(inner)
            case "object":
                return self._struct()
            case _:
                return None

    def _struct(self) -> pl.Struct | None:
        inner = {name: shape.dtype() for name, shape in self.fields.items()}
        typed = [pl.Field(name, dtype) for name, dtype in inner.items() if dtype is not None]
        uniform = typed and len(typed) == len(inner) and not self.many
        return pl.Struct(typed) if uniform else None

    def decoded(self) -> Any:  # noqa: ANN401 - a type made at run time
        """Return the type with which msgspec accepts just values that would not change `self`.

        Raises:
            ValueError: a key cannot be the name of a msgspec field.
        """
        kinds = self.kinds - {"null"}
        if not kinds:
            return None
        if self.dtype() is None:
            return _loose(kinds)
        if kinds <= {"int", "wide"}:
            return (_WideInt if "wide" in kinds else _SmallInt) | None
        if kinds <= {"int", "float"}:
            return (_SmallInt | float if "int" in kinds else float) | None
        return self._exact(kinds.pop())

    def _exact(self, kind: str) -> Any:  # noqa: ANN401 - a type made at run time
        match kind:
            case "string":
                return str | None
            case "bool":
                return bool | None
            case "list":
                return list[self.item.decoded()] | None  # type: ignore[misc,union-attr] # run time
            case _:
                return record_type({n: s.decoded() for n, s in self.fields.items()}) | None


def _loose(kinds: set[str]) -> Any:  # noqa: ANN401 - a type made at run time
    """Return a type for JSON text of one family, whose inner kinds do not matter any more."""
    families = {FAMILIES[kind] for kind in kinds}
    if families == {"list or object"}:
        return list[Any] | dict[str, Any] | None
    return int | float | None if families == {"number"} else Any


def record_type(fields: dict[str, Any], *, strict: bool = True) -> Any:  # noqa: ANN401 - a class made here
    """Make a struct `f0, f1, …` of the named JSON keys, each null where missing.

    Args:
        fields: JSON key → type.
        strict: whether other keys are refused; else they are skipped.

    Raises:
        ValueError: a key holds a quote, a backslash or a control character.
    """
    names = {f"f{i}": name for i, name in enumerate(fields)}
    members = [(short, fields[name], None) for short, name in names.items()]
    return msgspec.defstruct(
        "Record", members, rename=names, forbid_unknown_fields=strict, gc=False
    )
