"""When two labels are the same class: one rule for every check and remedy that compares labels.

1. NFKC and lower case without invisible characters; other hyphens, minus signs and apostrophes
   are the ASCII ones. Quotation marks and asterisks around a label, a bracket behind a letter
   (`A)`), apostrophes between letters (`don't know`, `dont know`) and marks that end sentences
   after it do not count, nor does the `__label__` of fastText before it. `N/A`, `n.a.` and `NA` are
   one class.
2. White space, `_` and `-` between letters do not count: `in_stock`, `In-Stock` and `in stock` are
   one class. Between two digits they do (`1-2` is not `12`), and so does a sign (`-1`, `A-`).
3. Numbers are compared as numbers: `1`, `01`, `1.0` and `+1.00` are one class, and so are `.5`,
   `0.50` and `50 %`, `1e3`, `1,000` and `1 000`, and the digits of Arabic, Persian, Hindi, Bengali
   and Thai. A comma is a decimal one behind groups of three (`1.000,50`) and between zeros
   (`0,001`); `1.000.000` and `1,00,000` are whole numbers, `0,5` may be two labels.
4. A label alone that says true or false is one class in whatever words: `true`, `yes`, a tick and
   `1` are one, `false`, `no`, a cross and `0` the other. Single letters are not (`F` and `N` may be
   female and neutral), and neither are `on` and `off`, which stand beside `yes` and `no` among the
   words of commands.
5. Several labels of one record are a set: `late, damaged`, `Damaged|late` and `["late", "damaged"]`
   are one. They stand between `,`, `;`, `|` or line breaks, or before `__label__`; between `/`, `&`
   and `+` only where all are words of three letters or more, for `1/2`, `en/fr` and `C++` are
   names. A comma before three digits is part of a number where at most two digits stand before it,
   or a zero behind it (`1,000`, `12,500`, `250,000`); `101,205` are two labels.
6. Zeros and ones alone, or numbers with a fraction among them, have a place each and are no set:
   `[0, 1, 0]` is not `[0, 0, 1]`, nor `[0.1, 0.9]` the same as `[0.9, 0.1]`.

Other words are other classes: `refund` is not `refunds`.
"""

from typing import Final

import polars as pl

_INVISIBLE: Final = r"[\p{Cf}\x{FE00}-\x{FE0F}]"
_SIGNS: Final = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"),
    "\u00df": "ss",
    "\u03c2": "\u03c3",
    "i\u0307": "i",
    **{
        chr(zero + digit): str(digit)
        for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50)
        for digit in range(10)
    },
}
"""Signs and digits of which ASCII has a plain form, and letters that lower case leaves apart."""
_TRUE: Final = ("true", "yes", "\u2713", "\u2714", "\u2611", "\u2705")
_FALSE: Final = ("false", "no", "\u2717", "\u2718", "\u2715", "\u2716", "\u274c", "\u2610")
_TRUTH: Final = dict.fromkeys(_TRUE, "1") | dict.fromkeys(_FALSE, "0")
"""What a label alone says, as the flag that it is."""
_BRACKETED: Final = r"^\s*\(?(\p{L})\)\s*$"
_EMPHASIS: Final = r"^\s*\*{1,3}([^*]+)\*{1,3}\s*$"
_FASTTEXT: Final = r"\s+__label__"
_NOT_APPLICABLE: Final = r"^\s*n\.?[/\s]?a\.?\s*$"
_LIST: Final = r"^\s*[\[({]+([^\[\](){}]*)[\])}]+\s*$"
_QUOTES: Final = "[\"\u201c\u201d\u201e\u00ab\u00bb`]|(?:^|\\B)'|'(?:\\B|$)"
_APOSTROPHE: Final = r"(\p{L})'(\p{L})"
_WORDS: Final = r"^\s*\p{L}[\p{L}\s_-]{2,}(?:[/&+]\s*\p{L}[\p{L}\s_-]{2,})+$"
"""Words between signs that may stand in a name, too."""
_SEPARATORS: Final = r"\s*[,;|\r\n]\s*"
"""What stands between the labels of a record that has several."""
_FLAG: Final = r"^(?:[01](?:\.0*)?|true|false)$"
_NUMBER: Final = r"^[+-]?\d*\.?\d+\.?$"
_FRACTION: Final = r"\.\d*[1-9]"
_GROUPED: Final = (
    r"^[+-]?(?:[1-9][0-9]?(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?:,[0-9]{3})*,0[0-9]{2}(?:,[0-9]{3})*"
    r"|[1-9][0-9]{0,2}(?:[ '_][0-9]{3})+)"
    r"(?:\.[0-9]+)?(?:\s*%)?$"
)
"""A number whose digits stand in groups of three."""
_GROUPED_BY_TWO: Final = (
    r"^[+-]?[1-9][0-9]?(?:(?:,[0-9]{2})+,0[0-9]{2}|(?:,[0-9]{2})*,0[0-9](?:,[0-9]{2})*,[0-9]{3})"
    r"(?:\.[0-9]+)?$"
)
"""A number in lakhs and crores; without a zero behind a comma it may be several labels."""
_GROUPED_BY_POINTS: Final = (
    r"^[+-]?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}"
    r"|[1-9][0-9]{0,2}(?:[ '][0-9]{3})+,[0-9]+|0,0[0-9]+)(?:\s*%)?$"
)
"""A number with a decimal comma, or with points between its groups of three."""
_EXPONENT: Final = r"^[+-]?[1-9][0-9]*\.?[0-9]*e[+-]?[0-9]{1,2}$"
_SHARE: Final = r"^-?[0-9]*\.?[0-9]+%$"
_ENDS: Final = r"([\p{L}\p{N}%)])[.!?:\u{2026}\u{3002}\u{061f}\u{0964}\s]+$"
_BETWEEN: Final = "\x1f"
"""Stands for spaces, hyphens and underscores within a label."""
_FEW: Final = 1 << 13
"""Bytes of spellings at once up to which they are kept."""
_MOST: Final = 1_024
"""Spellings from which on none of those before are kept."""
_WORKED_OUT: Final[dict[str, str]] = {}
"""Spelling → plain form."""


def plain_label(label: pl.Expr) -> pl.Expr:
    """Return the plain form of a label, as the module says.

    Labels of equal plain form are spellings of one class.
    """
    text = label.cast(pl.String)
    return text.map_batches(plain_labels, return_dtype=pl.String, is_elementwise=True)


def plain_labels(labels: pl.Series) -> pl.Series:
    """Return the plain form of every label; each spelling is worked out once."""
    spellings = labels.drop_nulls().unique()
    if spellings.is_empty():
        return labels.cast(pl.String)
    is_few = spellings.dtype == pl.String and spellings.estimated_size() <= _FEW
    plain = (_of_few if is_few else _plain_spellings)(spellings)
    return labels.replace_strict(spellings, plain, default=None, return_dtype=pl.String)


def _of_few(spellings: pl.Series) -> pl.Series:
    """Return the plain form of some spellings, which are often those of another batch."""
    texts = spellings.to_list()
    plain = {text: _WORKED_OUT.get(text) for text in texts}
    if new := [text for text, form in plain.items() if form is None]:
        forms = dict(zip(new, _plain_spellings(pl.Series(new, dtype=pl.String)), strict=True))
        plain |= forms
        if len(_WORKED_OUT) > _MOST:
            _WORKED_OUT.clear()
        _WORKED_OUT.update(forms)
    return pl.Series(plain.values(), dtype=pl.String)


def _plain_spellings(labels: pl.Series) -> pl.Series:
    """Return the plain form of every label.

    Step by step: as one expression, in which each step stands several times within the next,
    it would take polars ten times as long to plan as to work out.
    """
    listed, apart, alone = map(pl.col, ("listed", "apart", "alone"))
    members, names = map(pl.col, ("members", "names"))
    as_set = names.list.unique().list.sort().list.eval(pl.element().filter(pl.element() != ""))
    return (
        labels.to_frame("label")
        .lazy()
        .select(listed=_without_dress(pl.col("label")))
        .with_columns(
            pl.when(listed.str.contains(_WORDS))
            .then(listed.str.replace_all(r"[/&+]", ","))
            .when(listed.str.contains(_GROUPED) | listed.str.contains(_GROUPED_BY_TWO))
            .then(listed.str.replace_all(r"[, '_]", ""))
            .when(listed.str.contains(_GROUPED_BY_POINTS))
            .then(listed.str.replace_all(r"[. ']", "").str.replace(",", ".", literal=True))
            .otherwise(listed)
        )
        .with_columns(apart=listed.str.replace_all(_SEPARATORS, ","))
        .with_columns(members=apart.str.split(","))
        .with_columns(names=members.list.eval(_plain_name(pl.element())))
        .with_columns(
            alone=pl.when(~apart.str.contains(",", literal=True)).then(names.list.first()),
            power=pl.when(apart.str.contains(_EXPONENT)).then("apart"),
        )
        .with_columns(share=pl.when(alone.str.contains(_SHARE)).then(alone.str.strip_suffix("%")))
        .select(
            pl.when(pl.col("power").is_not_null())
            .then(_number(pl.col("power").cast(pl.Float64)))
            .when(pl.col("share").is_not_null())
            .then(_number((pl.col("share").cast(pl.Float64) / 100).round(12)))
            .when(alone.is_not_null())
            .then(alone.replace(_TRUTH))
            .when(_has_places(members))
            .then(names.list.join(";").str.replace_many(["true", "false"], ["1", "0"]))
            .otherwise(as_set.list.join(","))
        )
        .collect()
        .to_series()
    )


def _number(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String).str.replace(r"\.0$", "")


def _without_dress(label: pl.Expr) -> pl.Expr:
    """Return a label in lower case, without what stands around it or is not seen."""
    folded = label.cast(pl.String).str.normalize("NFKC").str.to_lowercase()
    folded = folded.str.replace_all(_INVISIBLE, "").str.replace_many(_SIGNS)
    folded = folded.str.replace_all(_FASTTEXT, ",__label__")
    bare = folded.str.replace_all(_QUOTES, "").str.replace(_EMPHASIS, "${1}")
    bare = bare.str.replace(_BRACKETED, "${1}").str.replace(_LIST, "${1}")
    bare = bare.str.replace_all(_APOSTROPHE, "${1}${2}").str.replace(r"^\s*[¿¡]+", "")
    return bare.str.replace(_NOT_APPLICABLE, "na").str.strip_chars()


def _has_places(members: pl.Expr) -> pl.Expr:
    """Return whether labels between separators are numbers of which each place means a class."""
    flags = members.list.eval(pl.element().str.contains(_FLAG)).list.all()
    numbers = members.list.eval(pl.element().str.contains(_NUMBER)).list.all()
    fractions = members.list.eval(pl.element().str.contains(_FRACTION)).list.any()
    return flags | (numbers & fractions)


def usual_spelling(labels: pl.Expr, rows: pl.Expr) -> pl.Expr:
    """Return for every label the spelling of its class that most rows have, of equals the first.

    Args:
        labels: of a frame, in any order, each any number of times.
        rows: how many rows have the label.
    """
    plain = plain_label(labels)
    of_spelling = rows.sum().over(labels)
    order = pl.struct(-of_spelling.cast(pl.Int64), labels)
    return labels.sort_by(order).first().over(plain)


def _plain_name(label: pl.Expr) -> pl.Expr:
    """Return the plain form of one name or number."""
    name = label.str.replace(r"^__label__", "").str.replace_all("_", " ").str.replace(_ENDS, "${1}")
    # a sign before a number stays, and so does what stands between two digits
    name = name.str.replace_all(r"\b[\s-]+\b", _BETWEEN)
    name = name.str.replace_all(rf"(\D){_BETWEEN}", "${1}").str.replace_all(
        rf"{_BETWEEN}(\D)", "${1}"
    )
    name = name.str.replace_all(_BETWEEN, "-").str.replace_all(r"\s", "")
    name = name.str.replace(r"^\++(\.?\d)", "${1}").str.replace(r"^(-?)(\.\d+)$", "${1}0${2}")
    name = name.str.replace(r"^(-?\d+)\.0*$", "${1}").str.replace(r"^-0+$", "0")
    name = name.str.replace(r"^(-?\d+\.\d*[1-9])0+$", "${1}")
    name = name.str.replace(r"^(-?)0+(\d)", "${1}${2}")
    # once more: without the spaces between them, letters and marks may compose
    return name.str.normalize("NFKC")


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
