"""Read JSON that can be written again: finite, exact numbers and whole text."""

import json
import math
from typing import Final

from ftaudit.model.json_object import object_of

LARGEST: Final = 2**53 - 1
"""The largest integer that every reader of JSON takes exactly (RFC 8785, section 3.2.2.3)."""


class UnwritableError(ValueError):
    """JSON that no file of ours can hold."""


def exact_json(data: bytes) -> object:
    """Return the value of JSON.

    Raises:
        UnwritableError: a number beyond floats or exact integers, or half of a surrogate pair.
        RepeatedKeyError: a key that stands twice in one object.
        ValueError: not JSON in UTF-8 (RFC 8259, section 8.1).
        RecursionError: nested too deep.
    """
    value: object = json.loads(
        data.decode(),
        parse_constant=_no_constant,
        parse_float=_finite,
        parse_int=_exact,
        object_pairs_hook=object_of,
    )
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise UnwritableError("half of a surrogate pair") from None
    return value


def _no_constant(name: str) -> float:
    """Refuse NaN and infinities, which are not JSON (RFC 8259, section 6)."""
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise UnwritableError("a number beyond all floats")
    return number


def _exact(digits: str) -> int:
    if len(digits) > len(str(-LARGEST)) or abs(number := int(digits)) > LARGEST:
        raise UnwritableError("an integer that is not exact everywhere")
    return number
