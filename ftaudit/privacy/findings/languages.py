"""Which languages rows seem to be in: by script, and in Latin script by the commonest words.

Enough to say that a search in English sees Spanish text; not meant to tell Danish from Norwegian.
"""

import re
from collections import Counter
from typing import Final

import polars as pl

from ftaudit.model.lazy_pattern import LazyPattern

ALWAYS: Final = 1_024
"""Rows of each file that are looked at, from its start."""
_ONE_IN: Final = 64
"""Of further rows one in so many is looked at, by its number, mixed."""
_LONGEST: Final = 300
"""Characters of a text that are looked at."""
_FEWEST: Final = 2
"""Different common words of a language from which a text is taken to be in it."""
UNTOLD: Final = "und"
"""Code of texts of no language that is told here (BCP 47)."""

_SCRIPTS: Final = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7a3]")),
    ("ar", re.compile("[\u0620-\u06d3\u0750-\u077f]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("ru", re.compile("[\u0400-\u052f]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
"""Language → letters of its script; the first that a text is written in counts: kana before Han."""
_WORDS: Final = (
    ("en", "the|and|is|of|to|that|for|with|you|what|are|this|was|my|how|not|it|have|i"),
    ("de", "und|der|die|das|nicht|ist|ich|ein|eine|mit|für|auf|zu|wie|sie|den|von|wir|mein"),
    ("fr", "le|les|des|et|est|une|pour|dans|que|vous|pas|je|du|sur|avec|mon|il|qui|au"),
    ("es", "el|los|las|que|una|para|con|por|está|es|mi|del|cómo|yo|en|su|pero|y|se"),
    ("it", "il|che|di|per|una|non|con|sono|della|è|mi|come|gli|nel|ho|anche|questo"),
    ("pt", "não|uma|para|com|os|você|é|do|da|em|meu|que|como|mas|um|ao|são"),
    ("nl", "het|een|van|niet|dat|voor|met|ik|je|zijn|op|te|mijn|naar|ook|maar|en"),
    ("pl", "nie|się|na|jest|że|do|w|z|jak|mam|czy|po|ale|mój|co|za"),
    ("sv", "och|att|det|är|som|inte|på|jag|för|med|en|min|har|till|hur"),
    ("tr", "bir|ve|bu|için|değil|ile|ne|var|çok|ben|ama|da"),
    ("id", "yang|dan|di|ini|untuk|dengan|tidak|saya|itu|ke|dari|apa"),
    ("fi", "ja|on|ei|että|se|ole|minun|mutta|kun|hän|mitä|niin"),
)
"""Language → common words, from the tops of public frequency lists."""
_COMMON: Final = tuple(frozenset(words.split("|")) for _, words in _WORDS)
_WORD: Final = LazyPattern(r"[^\W\d_]+")
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
    if not text.isascii():
        for code, script in _SCRIPTS:
            if len(script.findall(text)) * _A_QUARTER >= letters:
                return code
    distinct = set(words)
    most, place = max((len(distinct & common), -place) for place, common in enumerate(_COMMON))
    return _WORDS[-place][0] if most >= _FEWEST else UNTOLD
