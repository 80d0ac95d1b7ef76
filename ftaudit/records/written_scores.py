"""Numbers on a scale as people write them: `4.75`, `4,75`, `80 %`, `8/10`."""

from typing import Final

import polars as pl

from ftaudit.records.shape import TableShape

_DECIMAL_COMMA: Final = r"^[+-]?\d+,\d+$"
_SHARE: Final = r"^([+-]?\d+(?:[.,]\d+)?)\s*%$"
_OUT_OF: Final = r"^(\d+(?:[.,]\d+)?)\s*(?:/|out of|von|sur|de)\s*(\d+)$"


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


def holds_scores(shape: TableShape, column: str) -> bool:
    """Tell whether all values of a column that is named like a score say a number."""
    evidence = shape.evidence(column)
    if evidence is None or evidence.count == 0:
        return False
    if evidence.is_number:
        return True
    given = shape.table[column].drop_nulls()
    return bool(written_scores(given).is_not_null().all())


def _number(text: pl.Expr) -> pl.Expr:
    return text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _finite(number: pl.Series) -> pl.Series:
    value = pl.col("number")
    finite = pl.when(value.is_finite()).then(value)
    return number.alias("number").to_frame().select(finite).to_series()
