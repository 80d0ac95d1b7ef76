"""Sketches of long answers, by which they are compared: the least hashes of their words."""

from typing import Final

import polars as pl

from ftaudit.model.text_digest import text_keys

SKETCH: Final = 12
"""Least hashes of the words of an answer, by which answers are compared: all of them, where the
answers together have no more words. The standard error is 0.144 at 0.5."""
_HASHES: Final = 1_000_000_007
"""There are so many: words of two answers are few, and what is kept of every row is short."""
WORD: Final = r"[\p{L}\p{M}]{2,}"
"""A word of at least two letters."""


def answer_sketches(answers: pl.Series, pattern: str) -> pl.Series:
    """Return the least hashes of the words of answers without some terms, as text; no nulls."""
    rest = answers.str.to_lowercase().str.replace_all(pattern, " ")
    words = rest.str.extract_all(WORD).alias("word").to_frame().with_row_index("at")
    each_word = words.explode("word", empty_as_null=False, keep_nulls=False)
    hashes = each_word.select("at", hash=text_keys(each_word["word"]) % _HASHES)
    least = hashes.unique().sort("at", "hash").group_by("at", maintain_order=True).head(SKETCH)
    listed = least.group_by("at").agg(sketch=pl.col("hash").cast(pl.String).str.join(" "))
    sketches = words.join(listed, "at", how="left", maintain_order="left")["sketch"]
    return sketches.fill_null("")


def sketch_agreement(left: str | None, right: str | None) -> float:
    """Return the Jaccard similarity of two answers, by their sketches; 0 where one has none."""
    if left is None or right is None:
        return 0.0
    sides = [set(sketch.split()) for sketch in (left, right)]
    both = sorted(sides[0] | sides[1], key=lambda number: (len(number), number))[:SKETCH]
    return sum(word in sides[0] and word in sides[1] for word in both) / max(1, len(both))
