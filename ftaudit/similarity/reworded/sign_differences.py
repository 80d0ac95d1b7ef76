"""Texts of the very same words and numbers between which other operators stand.

"What is 17 + 25?" does not say in other words what "What is 17 - 25?" says.
"""

from typing import Final

import numpy as np
import polars as pl

from ftaudit.similarity.plain.operators import stand_in
from ftaudit.similarity.search.search_task import SearchTask

SAME_WORDS: Final = 0.999
"""Likeness from which two texts have the same words and numbers."""
_OPERATORS: Final = f"[{''.join(map(stand_in, '+-*/<>=!&|^~%'))}]|[\\p{{Sm}}--\\p{{ASCII}}]"


def without_other_signs(task: SearchTask, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs without those of the same words that both have operators, but not the same.

    Args:
        task: the search, which has the texts.
        pairs: `row`, `match` and `likeness`.
    """
    alike = pl.col("likeness") >= SAME_WORDS
    rows = pairs.filter(alike).select("row", "match").to_numpy()
    if not len(rows):
        return pairs
    parts = [pl.DataFrame(schema={"of": pl.Int64, "signs": pl.List(pl.String)})]
    for numbers, texts in task.source.prepared(np.unique(rows).astype(np.int64)):
        signs = texts.str.extract_all(_OPERATORS).list.sort()
        parts.append(pl.DataFrame({"of": numbers, "signs": signs}, schema=parts[0].schema))
    signs_of = pl.concat(parts)
    signed = pairs.join(signs_of, left_on="row", right_on="of", how="left").join(
        signs_of, left_on="match", right_on="of", how="left", suffix="_match"
    )
    both = (pl.col("signs").list.len() > 0) & (pl.col("signs_match").list.len() > 0)
    other = alike & both & (pl.col("signs") != pl.col("signs_match"))
    return signed.filter(~other.fill_null(value=False)).select(pairs.columns)
