"""Replace a value: by a mask, its type, a hash or a surrogate name."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from ftaudit.model.errors import UsageError, suggestion
from ftaudit.privacy.findings.value_digest import digest

Operator: TypeAlias = Literal["mask", "replace", "hash", "surrogate"]
"""What to do with a value:

- `mask`: a `*` for every character, white space kept;
- `replace`: the entity type: `<EMAIL_ADDRESS>`;
- `hash`: the type and 32 letters that stand for the value's HMAC: `<EMAIL_ADDRESS:bpdk…>`;
- `surrogate`: the type and a short pronounceable name: `<EMAIL_ADDRESS:bakotilu>`.

Equal values get equal hashes and surrogates under one key, whatever their case."""

OPERATORS: Final = get_args(Operator)
_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aeiou"
_LETTERS: Final = "bcdfghjklmnpqrst"
"""Hexadecimal digits as consonants: no hash then looks like a number, a word or a code."""


class Replacement:
    """Replaces values under one key, which is never stored."""

    def __init__(self, operator: str, key: bytes | None = None) -> None:
        """Take the operator and a key; without one a random key is drawn.

        Raises:
            UsageError: no such operator.
        """
        if operator not in _REPLACE:
            hint = suggestion(operator, OPERATORS)
            msg = f"operator {operator} is unknown{hint}; known: {', '.join(OPERATORS)}"
            raise UsageError(msg)
        self._replace = _REPLACE[operator]
        self._key = secrets.token_bytes(32) if key is None else key

    def of(self, entity: str, value: str) -> str:
        """Return what stands for `value`."""
        return self._replace(self._key, entity, value)


def _mask(key: bytes, entity: str, value: str) -> str:  # noqa: ARG001 - an operator's signature
    return "".join(c if c.isspace() else "*" for c in value)


def _name(key: bytes, entity: str, value: str) -> str:  # noqa: ARG001 - an operator's signature
    return f"<{entity}>"


def _hash(key: bytes, entity: str, value: str) -> str:
    letters = (
        digest(key, entity, value).hex().translate(str.maketrans("0123456789abcdef", _LETTERS))
    )
    return f"<{entity}:{letters}>"


def _surrogate(key: bytes, entity: str, value: str) -> str:
    """Spell 43 bits of the digest: two of 100,000 values share a name once in 1,700 runs."""
    number = int.from_bytes(hmac.digest(key, digest(key, entity, value), "sha256")[:8], "big")
    name = ""
    for _ in range(7):
        number, consonant = divmod(number, len(_CONSONANTS))
        number, vowel = divmod(number, len(_VOWELS))
        name += _CONSONANTS[consonant] + _VOWELS[vowel]
    return f"<{entity}:{name}>"


_REPLACE: Final[Mapping[str, Callable[[bytes, str, str], str]]] = MappingProxyType(
    {"mask": _mask, "replace": _name, "hash": _hash, "surrogate": _surrogate}
)
