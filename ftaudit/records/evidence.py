"""What the values of a column look like, judged by a sample of rows."""

from typing import Final

import polars as pl
from msgspec import Struct

SAMPLE_ROWS: Final = 512
"""Rows at the beginning of the training data that recognition looks at."""

_WORD: Final = r"[\p{L}\p{M}][\p{L}\p{M}'\x{2019}-]+"
_UNSPACED: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
LEAST_WORDS: Final = 4
"""Words from which a value is text, rather than a name, a class or an id."""
_LEAST_LETTERS: Final = 6
"""Letters from which a value is text in a script that writes no spaces."""
TEXT_SHARE: Final = 0.1
"""Share of the values from which a column holds text."""
_FEW: Final = 0.05
"""Distinct values, as a share of all, up to which texts are names of classes."""
_ENOUGH: Final = 40
"""Values from which that share says something."""

_DECIMAL_COMMA: Final = r"^[+-]?\d+,\d+$"
_SHARE: Final = r"^([+-]?\d+(?:[.,]\d+)?)\s*%$"
_OUT_OF: Final = r"^(\d+(?:[.,]\d+)?)\s*(?:/|out of|von|sur|de)\s*(\d+)$"

BOOLEANS: Final = frozenset({"true", "false", "0", "1", "0.0", "1.0"})


class ColumnEvidence(Struct, frozen=True):
    """What the values of one column look like."""

    count: int
    """Values that are not null."""
    distinct: int
    texts: int
    """Values that are text: at least `LEAST_WORDS` words."""
    numbers: int
    """Values that are numbers, or text of numbers."""
    fractions: int
    """Those that are no integers."""
    booleans: int
    """Values that are true or false, or 0 or 1."""
    least: float | None = None
    most: float | None = None

    @property
    def is_text(self) -> bool:
        """Tell whether the column holds text that a model could be given."""
        if self.texts == 0 or self.texts < TEXT_SHARE * self.count:
            return False
        return self.count < _ENOUGH or self.distinct > _FEW * self.count

    @property
    def is_boolean(self) -> bool:
        """Tell whether every value is true or false."""
        return self.count > 0 and self.booleans == self.count

    @property
    def is_number(self) -> bool:
        """Tell whether every value is a number."""
        return self.count > 0 and self.numbers == self.count

    @property
    def is_scale(self) -> bool:
        """Tell whether the values are numbers on a scale, rather than codes of classes."""
        return self.is_number and self.fractions > 0


def is_text(column: str) -> pl.Expr:
    """Tell of every string whether it is text: some words, not a name, a number or an id."""
    value = pl.col(column)
    words = value.str.count_matches(_WORD) >= LEAST_WORDS
    unspaced = value.str.count_matches(_UNSPACED) >= _LEAST_LETTERS
    spaced = value.str.contains(r"\S\s+\S")
    return (words & spaced) | unspaced


def evidence_of(values: pl.Series) -> ColumnEvidence:
    """Judge the values of a column, given as strings; null where there is none."""
    kept = values.cast(pl.String).drop_nulls().rename("value").to_frame()
    plain = pl.col("value").str.strip_chars().str.to_lowercase()
    number = plain.cast(pl.Float64, strict=False)
    number = number.filter(number.is_finite().fill_null(value=False))
    measured = kept.select(
        count=pl.len(),
        distinct=plain.n_unique(),
        texts=is_text("value").sum(),
        numbers=number.len(),
        fractions=(number != number.round()).sum(),
        booleans=plain.is_in(sorted(BOOLEANS)).sum(),
        least=number.min(),
        most=number.max(),
    )
    return ColumnEvidence(**measured.row(0, named=True))


def written_scores(values: pl.Series) -> pl.Series:
    """Return the number that each value says; null where it says none.

    `8/10` is 0.8; a percentage is the number before its sign.
    """
    text = values.cast(pl.String).str.strip_chars().alias("text")
    plain = text.cast(pl.Float64, strict=False)
    if plain.null_count() == text.null_count():
        return _finite(plain)
    value = pl.col("text")
    part, whole = (_number(value.str.extract(_OUT_OF, group)) for group in (1, 2))
    said = text.to_frame().select(
        pl.coalesce(
            plain,
            pl.when(value.str.contains(_DECIMAL_COMMA)).then(_number(value)),
            _number(value.str.extract(_SHARE, 1)),
            part / whole,
        )
    )
    return _finite(said.to_series())


def _number(text: pl.Expr) -> pl.Expr:
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _finite(number: pl.Series) -> pl.Series:
    value = pl.col("number")
    finite = pl.when(value.is_finite()).then(value)
    return number.alias("number").to_frame().select(finite).to_series()
