"""Which languages rows seem to be in: by script, and in Latin script by the commonest words.

Enough to say that a search in English sees Spanish text; not meant to tell Danish from Norwegian.
"""

from collections import Counter
from typing import Final

import polars as pl

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.language_words import LETTERS, WORDS

ALWAYS: Final = 1_024
"""Rows of each file that are looked at, from its start."""
_ONE_IN: Final = 64
"""Of further rows one in so many is looked at, by its number, mixed."""
_LONGEST: Final = 300
"""Characters of a text that are looked at."""
_FEWEST: Final = 2
"""Different common words of a language from which a text is taken to be in it; a word that tells
it by itself counts as two."""
UNTOLD: Final = "und"
"""Code of texts of no language that is told here (BCP 47)."""

_SCRIPTS: Final = tuple(
    (language, LazyPattern(f"[{letters}]"))
    for language, letters in (
        ("ja", "\u3041-\u30ff"),
        ("zh", "\u3400-\u9fff"),
        ("ko", "\u1100-\u11ff\uac00-\ud7a3"),
        ("ar", "\u0620-\u06d3\u0750-\u077f"),
        ("he", "\u05d0-\u05ea"),
        ("ru", "\u0400-\u052f"),
        ("el", "\u0370-\u03ff\u1f00-\u1fff"),
        ("hi", "\u0900-\u097f"),
        ("th", "\u0e00-\u0e7f"),
        ("bn", "\u0980-\u09ff"),
        ("pa", "\u0a00-\u0a7f"),
        ("gu", "\u0a80-\u0aff"),
        ("or", "\u0b00-\u0b7f"),
        ("ta", "\u0b80-\u0bff"),
        ("te", "\u0c00-\u0c7f"),
        ("kn", "\u0c80-\u0cff"),
        ("ml", "\u0d00-\u0d7f"),
        ("si", "\u0d80-\u0dff"),
        ("lo", "\u0e80-\u0eff"),
        ("bo", "\u0f00-\u0fff"),
        ("my", "\u1000-\u109f"),
        ("ka", "\u10a0-\u10ff"),
        ("am", "\u1200-\u137f"),
        ("km", "\u1780-\u17ff"),
        ("mn", "\u1800-\u18af"),
        ("hy", "\u0530-\u058f"),
    )
)
"""Language → letters of its script; the first that a text is written in counts: kana before Han."""
_WITHIN: Final = {
    "ru": (("uk", frozenset("іїєґ")), ("sr", frozenset("ђјљњћџ"))),
    "ar": (("ur", frozenset("ٹڈڑںےھہ")), ("fa", frozenset("پچژگکی"))),
}
"""Languages that share a script, told by letters of their own."""


_TELLING: Final = 4
"""Letters from which a word of one language tells it."""


def _places_by_word() -> dict[str, list[int]]:
    """Return common word → places in `WORDS` of the languages that have it.

    A word of four letters or more that one language has stands twice: it tells it by itself.
    Those of English do not, which are in code, too.
    """
    places: dict[str, list[int]] = {}
    for place, words in enumerate(WORDS.values()):
        for word in words.split():
            places.setdefault(word, []).append(place)
    return {
        word: own * 2 if len(own) == 1 and own != [0] and _is_telling(word) else own
        for word, own in places.items()
    }


def _is_telling(word: str) -> bool:
    return len(word) >= _TELLING or not word.isascii()


_CODES: Final = tuple(WORDS)
_BY_WORD: Final = _places_by_word()
_BY_LETTERS: Final = tuple(
    (place, frozenset(LETTERS[code])) for place, code in enumerate(_CODES) if code in LETTERS
)
_WORD: Final = LazyPattern(r"[^\W\d_]+")
_GERMAN: Final = LazyPattern(
    r"\b(?!fahrenheit)[a-zäöüß]{5,}(?:ung|ungen|keit|keiten|heit|heiten|schaft|schaften)\b"
)
"""Nouns that German makes of verbs and adjectives: one tells it, as tickets and forms hold little
else ("Rückerstattung beantragt")."""
_FEWEST_LETTERS: Final = 3
_A_QUARTER: Final = 4
"""One letter of four in a script makes a text one in that script."""


def language_counts(batch: pl.DataFrame) -> pl.DataFrame:
    """Count the rows of a batch by language: columns `name` (BCP 47) and `count`.

    Which rows are looked at depends on the row alone: the same whatever the batches.
    """
    mixed = (pl.col("row") % (1 << 20)) * 0x9E3779B1 // (1 << 16)
    chosen = (pl.col("row") < ALWAYS) | (mixed % _ONE_IN == 0)
    texts = batch.filter(chosen & pl.col("text").is_not_null())["text"].str.head(_LONGEST)
    counts = Counter(language_of(text) for text in texts)
    names = sorted(counts)
    return pl.DataFrame(
        {"name": names, "count": [counts[name] for name in names]},
        schema={"name": pl.String, "count": pl.UInt32},
    )


def language_of(text: str) -> str:
    """Return the language that a text seems to be in (BCP 47), or `UNTOLD`."""
    words = _WORD.findall(text.lower())
    letters = sum(map(len, words))
    if letters < _FEWEST_LETTERS:
        return UNTOLD
    written: set[str] = set()
    if not text.isascii():
        for code, script in _SCRIPTS:
            if len(script.findall(text)) * _A_QUARTER >= letters:
                return _within(code, text)
        written = set(text.lower())
    places = [place for word in set(words) for place in _BY_WORD.get(word, ())]
    if _GERMAN.search(text.lower()):
        places += [_CODES.index("de")] * _FEWEST
    if written:
        places += [place for place, own in _BY_LETTERS if written & own]
    counts = Counter(places).items()
    most, place = max(((count, -place) for place, count in counts), default=(0, 0))
    return _CODES[-place] if most >= _FEWEST else UNTOLD


def _within(code: str, text: str) -> str:
    """Return the language of a script that several share, by letters that only it writes."""
    written = set(text.lower())
    return next((other for other, own in _WITHIN.get(code, ()) if written & own), code)
