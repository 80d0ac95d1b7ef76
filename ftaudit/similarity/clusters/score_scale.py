"""The scale on which records are rated: from the least to the greatest score of all rows."""

import math

import polars as pl
from msgspec import Struct


class ScoreScale(Struct):
    """The least and the greatest score that were read, and whether all were whole numbers."""

    least: float = math.inf
    most: float = -math.inf
    whole: bool = True

    def widen(self, scores: pl.Series) -> None:
        """Take in the scores of more rows (Float64); null where a row has none."""
        kept = scores.drop_nulls()
        if kept.is_empty():
            return
        self.least = min(self.least, float(kept.min()))  # type: ignore[arg-type] # of floats
        self.most = max(self.most, float(kept.max()))  # type: ignore[arg-type] # of floats
        self.whole = self.whole and bool((kept == kept.floor()).all())

    def join(self, other: "ScoreScale") -> None:
        """Take in all scores of another scale."""
        self.least = min(self.least, other.least)
        self.most = max(self.most, other.most)
        self.whole = self.whole and other.whole

    def places(self, scores: pl.Series) -> pl.DataFrame:
        """Return `score`, the place on the scale in thousandths, and `step`, one whole number.

        On a scale of two numbers there are no neighbours that could agree: the step is 0.
        """
        width = self.most - self.least
        if not 0 < width < math.inf:  # no scores, or one alone: all are at the same place
            place = pl.select(pl.when(scores.is_not_null()).then(0.0)).to_series()
            return pl.DataFrame({"score": place, "step": place}).cast(pl.Float64)
        place = ((scores - self.least) / width).round(3)
        step = pl.select(
            pl.when(place.is_not_null()).then(1 / width if self.whole and width > 1 else 0.0)
        ).to_series()
        return pl.DataFrame({"score": place, "step": step})
