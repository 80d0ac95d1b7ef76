"""Texts without their terms of identity, as keys: equal where texts differ in nothing else."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from ftaudit.model.keys_of_words import word_keys
from ftaudit.model.text_digest import text_keys

Terms = Mapping[str, tuple[str, ...]]
"""Kind of identity → its terms."""

SWAPS: Final = pl.Schema(
    {"kind": pl.String, "at": pl.UInt32, "rest": pl.UInt64, "terms": pl.UInt64}
)
"""A text with terms of a kind: which of the texts it is, a key of the text without these terms, in
lower case and without punctuation, and a key of the terms in their order."""


KeyFunction = Callable[[pl.Series], pl.Series]
"""Texts without null → 64 bits of each, equal for equal texts."""


def identity_swaps(
    texts: pl.Series,
    terms: Terms,
    rest_keys: KeyFunction = word_keys,
    term_keys: KeyFunction = text_keys,
) -> pl.DataFrame:
    """Return `SWAPS` of texts without null: of each kind every text with a term of it.

    Args:
        texts: the texts.
        terms: the terms of each kind.
        rest_keys: keys texts by their words, whatever stands between these.
        term_keys: keys the terms of a text, with a space between.
    """
    lowered = texts.str.to_lowercase().alias("text").to_frame()
    numbered = lowered.with_columns(at=pl.int_range(pl.len(), dtype=pl.UInt32))
    swaps = [SWAPS.to_frame()]
    for kind in sorted(terms):
        pattern = terms_pattern(terms[kind])
        named = numbered.filter(pl.col("text").str.contains(pattern))
        if named.is_empty():
            continue
        rest = rest_keys(named["text"].str.replace_all(pattern, "\x00"))
        used = term_keys(named["text"].str.extract_all(pattern).list.join(" "))
        swaps.append(named.select(pl.lit(kind).alias("kind"), "at", rest=rest, terms=used))
    return pl.concat(swaps)


def terms_pattern(terms: tuple[str, ...]) -> str:
    """Return an expression for any of some terms, as whole words in lower case, longest first."""
    ordered = sorted({term.lower() for term in terms}, key=lambda term: (-len(term), term))
    return rf"\b(?:{'|'.join(re.escape(term) for term in ordered)})\b"
