"""What an output looks like, told by its shape alone."""

from typing import Final

import polars as pl

KINDS: Final = ("code", "empty", "json", "list", "prose", "refusal")

_REFUSAL: Final = (
    r"(?i)^\W*(?:i['\x{2019}]?m (?:very |so )?sorry|i am (?:very |so )?sorry|sorry, (?:but )?i"
    r"|i (?:cannot|can['\x{2019}]?t|can not|am unable|am not able|won['\x{2019}]?t)\b"
    r"|(?:unfortunately, )?as an? (?:ai|artificial|large language)|i must decline)"
)
_CODE: Final = (
    r"(?m)```|^\s*(?:def \w+\(|class \w+[:({]|import [\w.]+;?$|from [\w.]+ import |#include\s*<"
    r"|function \w+\(|public (?:static |class )|SELECT\s.+\sFROM\s|<!DOCTYPE html|<\?php)"
)
_ITEM: Final = r"(?m)^\s*(?:[-*•]|\d{1,3}[.)])\s"


def kind(column: str) -> pl.Expr:
    """Tell the kind (one of `KINDS`) of every text.

    `json` has braces or brackets at both ends; `refusal` opens with a phrase of refusing;
    `code` has a fence or a line that begins like code; `list` has two or more item lines.
    """
    text = pl.col(column).str.strip_chars()
    ends = [text.str.starts_with(a) & text.str.ends_with(b) for a, b in ("{}", "[]")]
    return (
        pl.when(text.fill_null("") == "")
        .then(pl.lit("empty"))
        .when(ends[0] | ends[1])
        .then(pl.lit("json"))
        .when(text.str.contains(_REFUSAL))
        .then(pl.lit("refusal"))
        .when(text.str.contains(_CODE))
        .then(pl.lit("code"))
        .when(text.str.count_matches(_ITEM) >= 2)
        .then(pl.lit("list"))
        .otherwise(pl.lit("prose"))
    )
