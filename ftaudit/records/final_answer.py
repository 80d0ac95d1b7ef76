"""The result at the end of a worked solution: what two derivations must agree in."""

from typing import Final

import polars as pl

_MARKS: Final = (
    r"(?s).*####\s*(\S[^\n]*)",
    r"(?s).*\\boxed\{((?:[^{}]|\{[^{}]*\})+)\}",
    r"(?is).*\b(?:final answer|answer)(?: is|:)\s*:?\s*(\S[^\n]*)\s*$",
)
"""How solutions mark their result: GSM8K, MATH, and in words. The last mark counts."""

_LONGEST: Final = 200
"""Characters beyond which a result is no result."""


def final_answer(outputs: pl.Series) -> pl.Series:
    """Return the marked result of each output, in plain form; null where none is marked."""
    text = outputs.rename("output").to_frame()
    result = pl.coalesce(pl.col("output").str.extract(mark) for mark in _MARKS)
    plain = result.str.to_lowercase().str.replace_all(r"[\s$,*]+", "").str.strip_chars(".")
    marked = (plain != "") & (plain.str.len_chars() <= _LONGEST)
    return text.select(pl.when(marked).then(plain)).to_series()


def derivations(outputs: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the answers of outputs, and what tells derivations of one answer apart.

    The answer is the marked result, else the output. Where a result is marked the whole output
    is the variant: rejection sampling repeats a prompt with several derivations of its result.
    """
    result = final_answer(outputs)
    answers = pl.select(pl.coalesce(result, outputs)).to_series()
    return answers, pl.select(pl.when(result.is_not_null()).then(outputs)).to_series()
