"""When two labels are the same class: one rule for the schema, balance and conflict checks."""

from typing import Final

import polars as pl

_SEPARATORS: Final = r"[,;|]"
"""What stands between the labels of a record that has several."""


def plain_label(label: pl.Expr) -> pl.Expr:
    """Return the plain form of a label: NFKC, lower case, without white space.

    Labels of equal plain form are spellings of one class.
    """
    lowered = label.str.normalize("NFKC").str.to_lowercase()
    # once more: without the spaces between them, letters and marks may compose
    return lowered.str.replace_all(r"\s", "").str.normalize("NFKC")


def label_set(label: pl.Expr) -> pl.Expr:
    """Return the plain form of a label, in which the order of several labels does not matter.

    `late, damaged` and `Damaged|late` are one set.
    """
    plain = plain_label(label).str.replace_all(_SEPARATORS, ",")
    return plain.str.split(",").list.unique().list.sort().list.join(",")


def close_scores(left: pl.Expr, right: pl.Expr, tolerance: float) -> pl.Expr:
    """Return whether two labels are scores that differ by no more than `tolerance` of the larger.

    Whole numbers are names of classes, unless they stand beside a number with a fraction.

    Args:
        left: plain labels.
        right: plain labels.
        tolerance: share of the larger magnitude, in [0, 1]; of 0.5 where both
            are smaller.
    """
    fraction = left.str.contains(".", literal=True) | right.str.contains(".", literal=True)
    score, other_score = left.cast(pl.Float64, strict=False), right.cast(pl.Float64, strict=False)
    scale = pl.max_horizontal(score.abs(), other_score.abs(), pl.lit(1.0) / 2)
    return (fraction & ((score - other_score).abs() <= tolerance * scale + 1e-12)).fill_null(
        value=False
    )
