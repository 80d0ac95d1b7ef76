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
    worded: bool = False
    """What stands before the value says that it is a password: a word with a number is one, too."""
    sure: bool = False
    """Nothing but a password can stand there: letters in mixed cases are one, too."""


def chosen(
    pattern: str,
    score: float = 0.6,
    kind: str = "PASSWORD",
    *,
    worded: bool | None = None,
    sure: bool = False,
) -> SecretRule:
    """Return a rule for values that people choose, which count only if they look like one.

    A word with a number counts as one for passwords, if `worded` does not say otherwise.
    """
    rule = SecretRule(kind, pattern, score, generic=True, random=True, bare=True, sure=sure)
    return rule._replace(worded=kind == "PASSWORD" if worded is None else worded)
