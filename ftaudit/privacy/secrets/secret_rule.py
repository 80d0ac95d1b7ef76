"""The shape of one kind of secret."""

from typing import NamedTuple


class SecretRule(NamedTuple):
    """One shape of one kind of secret."""

    kind: str
    pattern: str
    score: float = 0.95
    """Confidence, in (0, 1]."""
    generic: bool = False
    """No vendor's format: a value that may be a placeholder is taken for one."""
    random: bool = False
    """The value counts only if it looks random (`entropy.looks_random`)."""
    bare: bool = False
    """The value counts only if it is no path, name or file (`entropy.is_reference`)."""
    whole: bool = False
    """The match begins where a word does: `dd` of Datadog is none in "address"."""


def chosen(pattern: str, score: float = 0.6, kind: str = "PASSWORD") -> SecretRule:
    """Return a rule for values that people choose, which count only if they look like one."""
    return SecretRule(kind, pattern, score, generic=True, random=True, bare=True)
