"""Read values out of JSON that another tool wrote."""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import TypeAlias

import msgspec

from ftaudit.model.errors import InputError

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"


def parsed(data: bytes) -> Json:
    """Return the value of a JSON text, NaN and Infinity included, which Python's writers write.

    Raises:
        ValueError: not JSON.
    """
    try:
        value: Json = msgspec.json.decode(data)
    except msgspec.DecodeError:
        try:
            value = json.loads(data)
        except RecursionError:
            raise ValueError("nested too deep") from None
    except RecursionError:
        raise ValueError("nested too deep") from None
    return value


def decoded(data: bytes, name: str) -> Json:
    """Return the value of a JSON document.

    Raises:
        InputError: not JSON.
    """
    try:
        return parsed(data)
    except ValueError:
        raise InputError(name, "not JSON", remedy="Export the results again") from None


def decoded_lines(data: bytes, name: str) -> Iterator[Mapping[str, Json]]:
    """Yield the object of every line that is not blank.

    Raises:
        InputError: a line is not a JSON object.
    """
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = parsed(line)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise InputError(
                name,
                "not a JSON object",
                place=f"line {number}",
                remedy="Repair or remove the line",
            )
        yield value


def member(value: Json, *path: str | int) -> Json:
    """Return the value at a path of keys and positions; None where it ends early."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, Mapping) else None
        elif isinstance(value, Sequence) and not isinstance(value, str) and len(value) > step:
            value = value[step]
        else:
            value = None
    return value


def elements(value: Json) -> Sequence[Json]:
    """Return the items of an array; none for anything else."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def text(value: Json) -> str | None:
    """Return a string as it is, null as None, and anything else as JSON text."""
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def identifier(value: Json) -> str | None:
    """Return an id as text: 1, 1.0 and "1" are one id."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None or isinstance(value, bool) else text(value)


def number(value: Json) -> float | None:
    """Return a number (a Boolean is 0 or 1); None for anything else, and for what is not finite."""
    if isinstance(value, int | float) and isfinite(value):
        return float(value)
    return None
