"""Whether two words with capitals are somebody's given name and surname, by what else they are."""

from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.recognizers.common_words import (
    BRANDS,
    COMMON,
    COMMON_ABROAD,
    COMMON_SURNAMES,
    FAMOUS,
    OF_FIRMS,
)
from ftaudit.privacy.recognizers.name_shapes import may_be_a_name

_PARTICLES: Final = frozenset(
    "van von de der den da di la le bin al el ter dos du zu y e".split()  # noqa: SIM905 - shorter
)
_TRADE: Final = LazyPattern(
    r"[a-zß-ÿ]{2}(?:erei|handel|technik|verein|gesellschaft|versicherung(?:en)?|verlag|verwaltung"
    r"|ería|erie|iques|ización|isation|tech|soft|mart)$"
)
"""Endings of words for what a company does."""
_QUALITY: Final = LazyPattern(
    r"[a-z]{3}(?:ness|ship|able|ible|less|ical|ious|eous|istic|ized|ated)$"
)
"""Endings of words for a quality, which no given name has."""
_SHORTEST: Final = 3
"""Letters of the shortest common word that tells: shorter ones are given names in some language."""


def is_full_name(value: str) -> bool:
    """Say whether words are a name that identifies somebody where a form asks who it is.

    There a company, a product, a place or the beginning of a sentence may stand as well: "Customer:
    Broken Screen", "Client: Wells Fargo". A given name is no common word, and few surnames are.
    """
    words = [word.strip(".,").casefold() for word in value.replace(",", " ").split()]
    named = [word for word in words if word not in _PARTICLES]
    if len(named) < 2 or max(map(len, words)) < _SHORTEST:
        return False
    if not all(map(may_be_a_name, value.replace(",", " ").split())):
        return False
    if not OF_FIRMS.isdisjoint(named) or _is_famous(named):
        return False
    return not any(word in COMMON_ABROAD for word in named) and _are_names(named)


def _are_names(named: list[str]) -> bool:
    """Say whether the first word may be a given name, and the last one a surname."""
    first, last = named[0], named[-1]
    if _TRADE.search(last) or (last in COMMON and last not in COMMON_SURNAMES):
        return False
    if len(first) < _SHORTEST:
        return True
    return first not in COMMON and first not in BRANDS and not _QUALITY.search(first)


def _is_famous(named: list[str]) -> bool:
    return f"{named[0]} {named[-1]}".title() in FAMOUS


def is_department(value: str) -> bool:
    """Say whether words in a sign-off are a department's or a company's: "Ufficio Acquisti"."""
    words = [word.strip(".,").casefold() for word in value.split()]
    return words[0] in COMMON_ABROAD or not OF_FIRMS.isdisjoint(words)
