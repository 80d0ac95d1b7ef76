"""The words and numbers of texts, as keys to count and compare.

A word counts twice: as it is, and by its first five characters, which inflected forms share
(truncation: McNamee and Mayfield 2004, "Character n-gram tokenization for European language text
retrieval"). A number counts by its value, however it is written: "1,000", "1000.0", "thousand".
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.similarity.plain.written_symbols import POINT, stand_in

PREFIX: Final = 5
"""Characters of a word that its inflected forms share, as a rule."""

_UNITS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS: Final = {
    **{word: float(value) for value, word in enumerate(_UNITS)},
    **{word: 10.0 * value for value, word in enumerate(_TENS, start=2)},
    **dict.fromkeys(("hundred", "hundreds"), 100.0),
    **dict.fromkeys(("thousand", "thousands"), 1000.0),
    **dict.fromkeys(("million", "millions"), 1e6),
    **dict.fromkeys(("dozen", "dozens"), 12.0),
    **dict.fromkeys(("twice", "double", "doubled", "pair", "couple"), 2.0),
    **dict.fromkeys(("thrice", "triple", "tripled"), 3.0),
    **dict.fromkeys(("half", "halves"), 1 / 2),
    **dict.fromkeys(("third", "thirds"), 1 / 3),
    **dict.fromkeys(("quarter", "quarters"), 1 / 4),
}
"""English words that stand for a number; in other languages digits alone count as numbers."""

_WORD_OR_NUMBER: Final = (
    r"\d{1,3}(?:[ ,]\d{3})+\b(?:\.\d+)?"
    r"|\d+(?:\.\d+)?(?:\s{0,2}/\s{0,2}\d+)?"
    r"|[\p{L}\p{M}][\p{L}\p{M}\p{N}]*"
)
SIGNS: Final = {POINT: ".", stand_in("/"): "/"}
"""Character of a prepared text → the sign it stands for, which numbers have in them."""
_FRACTION: Final = re.compile(r"([\d.]+)\s*/\s*(\d+)")


class Tokens(NamedTuple):
    """Words and numbers of consecutive rows, in no order within a row."""

    rows: npt.NDArray[np.int32]
    """Ascending, from 0."""
    keys: npt.NDArray[np.uint64]
    numbers: npt.NDArray[np.bool_]
    """Whether a key is that of a number."""
    height: int
    """How many rows there are."""


KeyFunction: TypeAlias = Callable[[pl.Series, int], pl.Series]
"""Returns a key (u64) for every value of a kind: 1 words, 2 their beginnings, 3 numbers (f64)."""


def _process_keys(values: pl.Series, kind: int) -> pl.Series:
    """Return keys that are equal for equal values within one process."""
    return values.hash(kind)


def read_tokens(texts: pl.Series, keyed: KeyFunction = _process_keys) -> Tokens:
    """Return the tokens of prepared texts (`text.normalisation`), without null.

    Args:
        texts: the texts.
        keyed: makes the keys; that of another module where they are kept in a file.
    """
    plain = pl.col("text").str.replace_many(list(SIGNS), list(SIGNS.values())).str.to_lowercase()
    number = pl.col("token").str.contains(r"^\d") | pl.col("token").is_in(list(NUMBER_WORDS))
    rows_of = texts.to_frame("text").lazy().with_row_index("row").cast({"row": pl.Int32})
    tokens_of = rows_of.select("row", token=plain.str.extract_all(_WORD_OR_NUMBER))
    frame = tokens_of.explode("token", empty_as_null=False).with_columns(number=number).collect()
    words, numbers = frame.filter(~pl.col("number")), frame.filter("number")
    kinds = np.repeat([False, True], [2 * words.height, numbers.height])
    rows = np.concatenate([words["row"], words["row"], numbers["row"]])
    keys = np.concatenate(
        [
            keyed(words["token"], 1),
            keyed(words["token"].str.slice(0, PREFIX), 2),
            keyed(_values(numbers["token"]), 3),
        ]
    )
    order = np.argsort(rows, kind="stable")
    return Tokens(rows[order], keys[order], kinds[order], len(texts))


def joined(parts: Sequence[Tokens]) -> Tokens:
    """Return the tokens of several stretches of rows as those of one."""
    first = np.cumsum([0, *(part.height for part in parts)])
    return Tokens(
        np.concatenate(
            [np.zeros(0, np.int32), *(p.rows + first[i] for i, p in enumerate(parts))]
        ).astype(np.int32),
        np.concatenate([np.zeros(0, np.uint64), *(part.keys for part in parts)]),
        np.concatenate([np.zeros(0, np.bool_), *(part.numbers for part in parts)]),
        int(first[-1]),
    )


def number_value(token: str) -> float:
    """Return the value of a token that is a number."""
    if token in NUMBER_WORDS:
        return NUMBER_WORDS[token]
    if (fraction := _FRACTION.fullmatch(token)) and int(fraction[2]):
        return float(fraction[1]) / int(fraction[2])
    return float(re.split(r"\s*/", token)[0].replace(",", "").replace(" ", ""))


def _values(tokens: pl.Series) -> pl.Series:
    """Return the value of every number."""
    distinct = tokens.unique()
    values = pl.Series([number_value(token) for token in distinct], dtype=pl.Float64)
    return tokens.replace_strict(distinct, values, return_dtype=pl.Float64)
