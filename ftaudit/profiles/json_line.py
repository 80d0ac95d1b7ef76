"""Read one line of JSON as it stands: its value, and what a lenient parser would not tell.

Two readers with one result. The fast one decodes with msgspec and proves, by counting colons,
that no key stands twice; every line that it cannot vouch for is read again, character by
character, by the exact one.
"""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

BOM: Final = b"\xef\xbb\xbf"


class LineFlaw(StrEnum):
    """What can be wrong with a line before anything is known of its record."""

    ENCODING = "encoding"
    JSON = "json"
    BLANK = "blank-line"
    DUPLICATE_KEY = "duplicate-key"
    NON_FINITE = "non-finite"
    OVERFLOW = "overflow"
    WIDE_INTEGER = "wide-integer"
    SURROGATE = "surrogate"


class FlawPlace(Struct, frozen=True):
    """One flaw of a line: which, and where in it. Holds no text of the data."""

    flaw: LineFlaw
    path: str
    detail: str


class LineReading(NamedTuple):
    """A line that was read. `value` means nothing where `readable` is false."""

    value: object
    flaws: tuple[FlawPlace, ...] = ()
    readable: bool = True


_DECODE: Final = msgspec.json.Decoder().decode
_ENCODE: Final = msgspec.json.Encoder().encode
_ESCAPED_COLON: Final = b"\\u003"
_DIGITS_ALIKE: Final = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_LONG_NUMBER: Final = b"0" * 19
"""Digits from which an integer may need more than 64 bits."""
_INT64: Final = range(-(1 << 63), 1 << 64)
"""Integers that one of the two 64-bit types holds."""


def read_line(line: bytes) -> LineReading:
    """Return the value of a line without its line break and BOM, and every flaw of it."""
    value = _vouched(line)
    return LineReading(value) if value is not _DOUBTFUL else _exact(line)


_DOUBTFUL: Final = object()


def _vouched(line: bytes) -> object:
    """Return the value of a line without any flaw, or `_DOUBTFUL`.

    A decoder that keeps the last of two equal keys drops at least the colon of the first. What it
    kept is encoded again; when no colon was written as an escape, equal numbers of colons before
    and after mean that nothing was dropped.
    """
    try:
        value = _DECODE(line)
        again = _ENCODE(value)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _DOUBTFUL
    if (
        again.count(b":") != line.count(b":")
        or (b"\\" in line and _ESCAPED_COLON in line)
        or _LONG_NUMBER in line.translate(_DIGITS_ALIKE)
    ):
        return _DOUBTFUL
    return value


def _exact(line: bytes) -> LineReading:
    if not line.strip():
        return _unreadable(LineFlaw.BLANK, "the line is blank")
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return _unreadable(LineFlaw.ENCODING, f"byte {error.start + 1} is not UTF-8")
    numbers: list[FlawPlace] = []
    try:
        value = _decoder(numbers).decode(text)
    except json.JSONDecodeError as error:
        return _unreadable(LineFlaw.JSON, f"{_reason(error)} at character {error.pos + 1}")
    except (RecursionError, ValueError):
        return _unreadable(LineFlaw.JSON, "nested too deep")
    flaws = (*duplicate_keys(text), *numbers, *_surrogates(value))
    return LineReading(value, flaws)


def _unreadable(flaw: LineFlaw, detail: str) -> LineReading:
    return LineReading(None, (FlawPlace(flaw, "", detail),), readable=False)


def _reason(error: json.JSONDecodeError) -> str:
    """Say what is wrong in words that hold no text of the line."""
    reasons = {
        "Extra data": "more text after the object",
        "Invalid control character at": "a control character that is not escaped",
        "Unterminated string starting at": "a string that does not end",
        "Expecting value": "a value is missing",
        "Expecting ',' delimiter": "a comma is missing",
        "Expecting ':' delimiter": "a colon is missing",
    }
    return reasons.get(error.msg, "malformed")


def _decoder(numbers: list[FlawPlace]) -> json.JSONDecoder:
    """Return a decoder that keeps what it reads as Python's own does, and notes odd numbers."""

    def constant(text: str) -> float:
        numbers.append(FlawPlace(LineFlaw.NON_FINITE, "", "NaN or Infinity is not JSON"))
        return float(text)

    def floating(text: str) -> float:
        value = float(text)
        if value in _INFINITE:
            numbers.append(FlawPlace(LineFlaw.OVERFLOW, "", "a number beyond the range of floats"))
        return value

    def integer(text: str) -> int | float:
        value = int(text) if len(text) < _LONGEST_INTEGER else float(text)
        if value not in _INT64:
            detail = "an integer beyond 64 bits"
            numbers.append(FlawPlace(LineFlaw.WIDE_INTEGER, "", detail))
        return value

    return json.JSONDecoder(parse_constant=constant, parse_float=floating, parse_int=integer)


_INFINITE: Final = (float("inf"), float("-inf"))
_LONGEST_INTEGER: Final = 4_300
"""Digits beyond which Python refuses to read an integer (`sys.int_info`)."""

_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")


def _surrogates(value: object) -> Iterator[FlawPlace]:
    """Yield the first string that holds half of a surrogate pair."""
    for path, text in strings(value):
        if _HALF_PAIR.search(text):
            yield FlawPlace(LineFlaw.SURROGATE, path, "half of a surrogate pair")
            return


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string of a decoded value with its path, such as `messages[0].content`."""
    match value:
        case str():
            yield path, value
        case list():
            for i, item in enumerate(value):
                yield from strings(item, f"{path}[{i}]")
        case dict():
            for key, item in value.items():
                yield from strings(item, f"{path}.{key}" if path else str(key))
        case _:
            pass


_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]', re.DOTALL)


def duplicate_keys(text: str) -> Iterator[FlawPlace]:
    """Yield every key that stands twice in one object, with both places.

    Keys are compared by what they mean, however they are escaped.

    Args:
        text: well-formed JSON.
    """
    levels: list[_Level] = []
    key: tuple[str, int] | None = None
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            levels.append(_Level(mark == "{", {}))
            continue
        if mark in "]}":
            levels.pop()
            continue
        if not levels:
            continue
        level = levels[-1]
        if mark == ",":
            level.index += 1
        elif mark == ":" and key is not None:
            name, at = key
            first = level.keys.setdefault(name, at)
            level.name = name
            if first != at:
                path = ".".join(filter(None, [_path(levels[:-1]), name]))
                detail = f"the key stands twice: at characters {first} and {at}"
                yield FlawPlace(LineFlaw.DUPLICATE_KEY, path, detail)
        elif mark[0] == '"' and level.is_object:
            key = (json.loads(mark, strict=False), token.start() + 1)


class _Level(Struct):
    """An object or list that is open."""

    is_object: bool
    keys: dict[str, int]
    name: str = ""
    index: int = 0


def _path(levels: list[_Level]) -> str:
    path = ""
    for level in levels:
        if level.is_object:
            path = f"{path}.{level.name}" if path else level.name
        else:
            path = f"{path}[{level.index}]"
    return path
