"""Doubt payment cards: digits of decimals and of other numbers pass Luhn one time in ten."""

from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.card_numbers import GROUPED, issued, luhn
from ftaudit.privacy.findings.neighbours import (
    NEAR,
    counts_things,
    is_among_decimals,
    is_part_of_number,
    names_another_number,
)
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.findings.table_heads import cells_around

_CURRENCIES: Final = ("$", "€", "£", "¥", "₹")
_CUE: Final = LazyPattern(
    r"(?:(?<![^\W_])|(?<=[a-z0-9])(?=[A-Z])|(?=[\u3040-\u30ff\u4e00-\u9fff]))"
    r"(?i:(?:credit|debit|bank|gift|payment|kredit|bank)?[ _-]?cards?|visa|master ?card|amex"
    r"|american express|maestro|jcb|diners|discover|union ?pay|pan|cc|card ?(?:no|nr|number)"
    r"|(?:kredit|bank)?karten?(?:nummer)?|tarjetas?|carte|cart[ãa]o|carta|kaart|kort|pay with"
    r"|карт[аыуе]|카드|カード|信用卡|银行卡|בטיסה|כרטיס|بطاقة)"
    r"(?![a-z]|[A-Z]{2}|[ _-](?:totals?|counts?|balances?|amounts?|sums?|limits?|rates?|scores?)"
    r"(?![a-z]))"
)


_FORMULA_AFTER: Final = LazyPattern(
    r"[ ]{0,2}(?:\\[,;! ]|\\(?:p?mod|bmod|times|cdot|div|pm|approx|equiv|le|ge|neq?|sim"
    r"|to)(?![a-z])"
    r"|\}\{|[*\u00d7\u00f7^=>\u2248]|<(?![/A-Za-z!])|[+/%][ ]?\d|mod[ ])"
)
_FORMULA_BEFORE: Final = LazyPattern(
    r"(?:\\[dt]?frac\{|\\(?:times|cdot|div|pm|approx|equiv|le|ge|neq?|sim)[ ]?"
    r"|[*\u00d7\u00f7^\u2248][ ]?"
    r"|[\d)}\]](?:[ ]?[=+/-][ ]?|[ ]?[<>][ ])|(?<![^\W_])[A-Za-z](?:_\{?\w{1,3}\}?)?[ ]?=[ ]?)$"
)
"""Signs of sums and of LaTeX beside a number, and the one letter that names it."""


_OTHER_NAME: Final = (
    r"(?!\w{0,24}(?i:num|nr\b|no\b|acc|pay|val|data|text|input|content|message|body|answer|prompt"
    r"|query))"
)
"""What the name of a variable or a key holds that may be a card's, too."""
_CODE_BEFORE: Final = LazyPattern(
    r"(?:(?:[=!<>]=|<<|>>|&&|\|\||[?])[ ]?"
    r"|(?<![^\W_])(?:return|case|yield|BigInteger|BigDecimal|BigInt|Decimal|valueOf|parse\w{0,6}"
    r"|int|Int|long|Long|float|double|Number|print(?:ln|f)?|factorial|sqrt|seed|range|sleep|expect"
    r"|toBe|toEqual|assertEquals?)(?:[ ]|\([\"']?)"
    rf"|(?<![^\W_]){_OTHER_NAME}[A-Za-z_][\w.]{{1,40}}(?:[ ]?=[ ]?|\"[ ]?:[ ]?)"
    rf"|\n[ \t-]{{0,12}}{_OTHER_NAME}[a-z_][\w.-]{{1,40}}:[ ]"
    r"|[\[(](?:u?long|u?int\d*|bigint|decimal|double|float)[\])][ ]?|\)[ ]?(?:->|=>|=)[ ]?"
    r"|(?:^|\n)[ ]?=[ ]|(?<![^\W_])(?i:in)[ ]?\((?:\d+,[ ]?){0,20}"
    r"|^>>> [^\n]{0,50}\n)$"
)
"""Code that computes with the number it holds."""
_CODE_AFTER: Final = LazyPattern(r"[\"']?[ ]?(?::(?=[ ]?[\"'{\[\d])|(?:[=!<>]=|&&|\|\||<<|>>))")
"""A comparison, or the colon after the key of an object."""
_NUMBER_BEFORE: Final = LazyPattern(r"(?<![\w.-])(\d{8,19})[\"']?(?:[,;|\t ]|, |\n){1,3}[\"']?$")
_NUMBER_AFTER: Final = LazyPattern(r"[\"']?(?:[,;|\t ]|, |\n){1,3}[\"']?(\d{8,19})(?![\w-])")
"""The neighbours of a number in a list or a table."""
_ALIGNED_BEFORE: Final = LazyPattern(
    r"(?<![\w.-])(?:(\d{8,20})\n?[ ]{2,24}|(\d{1,7})\n?[ ]{8,24})$"
)
_ALIGNED_AFTER: Final = LazyPattern(r"(?:\n?[ ]{2,24}(\d{8,20})|\n?[ ]{8,24}(\d{1,7}))(?![\w.-])")
"""The neighbours of a number in columns that spaces align."""


def _is_in_mathematics(text: str, span: Span) -> bool:
    """Say whether a number is a term of a sum, of a fraction, of an equation or of code."""
    before = text[max(0, span.start - NEAR) : span.start]
    return bool(
        _FORMULA_AFTER.match(text, span.end)
        or _FORMULA_BEFORE.search(before[-12:])
        or _CODE_BEFORE.search(before)
        or _CODE_AFTER.match(text, span.end)
    )


_FOUR_BEFORE: Final = LazyPattern(r"(?<![\w.-])([0-9A-Fa-f]{4,5}[ \n])+$")
_FOUR_AFTER: Final = LazyPattern(r"([ \n][0-9A-Fa-f]{4,5}(?![\w.-]))+")
"""Groups like a card's before and after one: a dump, or code points."""


def _is_in_dump(text: str, span: Span) -> bool:
    """Say whether two groups of four or more stand beside one, or one that is hexadecimal."""
    before = _FOUR_BEFORE.search(text[max(0, span.start - 16) : span.start])
    after = _FOUR_AFTER.match(text, span.end, span.end + 16)
    groups = [group for match in (before, after) if match for group in match.group().split()]
    return len(groups) >= 2 or not all(group.isdecimal() for group in groups)


def _is_in_series(text: str, span: Span) -> bool:
    """Say whether a number stands beside another of its length that is no card: both are ids."""
    if is_among_decimals(text, span.start, span.end):
        return True
    if not text[span.start : span.end].isdecimal() and _is_in_dump(text, span):
        return True
    before = _NUMBER_BEFORE.search(text[max(0, span.start - NEAR) : span.start])
    after = _NUMBER_AFTER.match(text, span.end)
    aligned = (
        _ALIGNED_BEFORE.search(text[max(0, span.start - NEAR) : span.start]),
        _ALIGNED_AFTER.match(text, span.end),
    )
    beside = [match[1] or match[2] for match in aligned if match is not None]
    if not all(issued(number) and luhn(number) for number in beside):
        return True
    numbers = [match[1] for match in (before, after) if match is not None]
    listed = _is_in_brackets(text, span)
    return any(
        (listed or len(number) == span.end - span.start) and not (issued(number) and luhn(number))
        for number in numbers
    )


def _is_in_brackets(text: str, span: Span) -> bool:
    """Say whether a number is one of a list of numbers, or a line among others."""
    before = text[max(0, span.start - NEAR) : span.start]
    lines = before[-1:] in {"", "\n"} and text[span.end : span.end + 1] in {"", "\n"}
    return lines or _LISTED.search(before) is not None


_LISTED: Final = LazyPattern(r"(?:[\[{(]|^)(?:\s?\d+,){1,20}\s?$|[\[{(]\s?$")


_DECIMAL: Final = LazyPattern(r"\d+\.\d+")


def _is_in_column(text: str, span: Span) -> bool:
    """Say whether the cell above a number, or below, holds a number that is no card."""
    return any(
        cell.isdecimal() and 8 <= len(cell) <= 19 and not (issued(cell) and luhn(cell))
        for cell in cells_around(text, span.start)
    )


_OLD: Final = frozenset({13, 17, 18})
"""Lengths of cards that are no longer issued, or hardly: of times, too."""


def card_score(text: str, span: Span) -> float:
    """Return the score of a span found as a payment card; 0 when it cannot be one.

    A card is no part of a number, has the length that its issuer range has, and is not what the
    words before it call an order, an id or a time, unless a word for a card stands there, too.
    """
    number = "".join(str(int(c)) for c in text[span.start : span.end] if c.isdecimal())
    before = text[max(0, span.start - NEAR) : span.start]
    cued = _CUE.search(before) is not None
    if not issued(number, cued=cued) or _DECIMAL.fullmatch(text, span.start, span.end):
        return 0.0
    labelled = _CUE.search(before[-16:]) is not None and before.endswith(("-", "#", "/"))
    if is_part_of_number(text, span.start, span.end) and not labelled:
        return 0.0
    return span.score if cued or not _is_another(text, span, len(number)) else 0.0


def _is_another(text: str, span: Span, length: int) -> bool:
    """Say whether a number that nothing calls a card is more likely another one."""
    if length in _OLD or not GROUPED.fullmatch(text[span.start : span.end]):
        return True
    if _is_in_mathematics(text, span) or _is_in_series(text, span) or _is_in_column(text, span):
        return True
    before = text[max(0, span.start - 2) : span.start].rstrip(" ")
    counted = counts_things(text, span.end) or before.endswith(_CURRENCIES)
    return counted or names_another_number(text, span.start)
