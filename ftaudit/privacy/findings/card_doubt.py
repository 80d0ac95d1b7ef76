"""Doubt payment cards: digits of decimals and of other numbers pass Luhn one time in ten."""

from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.card_numbers import issued, luhn
from ftaudit.privacy.findings.neighbours import (
    NEAR,
    counts_things,
    is_among_decimals,
    is_part_of_number,
    names_another_number,
)
from ftaudit.privacy.findings.span import Span

_CURRENCIES: Final = ("$", "€", "£", "¥", "₹")
_CUE: Final = LazyPattern(
    r"(?:(?<![^\W_])|(?<=[a-z0-9])(?=[A-Z])|(?=[\u3040-\u30ff\u4e00-\u9fff]))"
    r"(?i:(?:credit|debit|bank|gift|payment|kredit|bank)?[ _-]?cards?|visa|master ?card|amex"
    r"|american express|maestro|jcb|diners|discover|union ?pay|pan|cc|card ?(?:no|nr|number)"
    r"|(?:kredit|bank)?karten?(?:nummer)?|tarjetas?|carte|cart[ãa]o|carta|kaart|kort|pay with"
    r"|карт[аыуе]|카드|カード|信用卡|银行卡|בטיסה|כרטיס|بطاقة)"
    r"(?![a-z]|[A-Z]{2})"
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


_CODE_BEFORE: Final = LazyPattern(
    r"(?:(?:[=!<>]=|<<|>>|&&|\|\||[?])[ ]?"
    r"|(?<![^\W_])(?:return|case|yield|BigInteger|BigDecimal|BigInt|Decimal|valueOf|parse\w{0,6}|int|Int|long"
    r"|Long|float|double|Number|print(?:ln|f)?|factorial|sqrt|seed|range|sleep|expect|toBe"
    r"|toEqual|assertEquals?)(?:[ ]|\([\"']?)"
    r"|(?<![^\W_])(?!\w{0,24}(?:num|no\b|acc|pay|val|data|text|input))[A-Za-z_][\w.]{1,40}[ ]?=[ ]"
    r"|[\[(](?:u?long|u?int\d*|bigint|decimal|double|float)[\])] ?|\)[ ]?(?:->|=>|=)[ ]?"
    r"|(?:^|\n)[ ]?=[ ]|(?<![^\W_])(?i:in)[ ]?\((?:\d+,[ ]?)*"
    r"|^>>> [^\n]{0,50}\n)$"
)
"""Code that computes with the number it holds."""
_CODE_AFTER: Final = LazyPattern(r"[\"']?[ ]?(?::(?=[ ]?[\"'{\[\d])|(?:[=!<>]=|&&|\|\||<<|>>))")
"""A comparison, or the colon after the key of an object."""
_NUMBER_BEFORE: Final = LazyPattern(r"(?<![\w.-])(\d{12,19})[\"']?(?:[,;|\t ]|, |\n){1,3}[\"']?$")
_NUMBER_AFTER: Final = LazyPattern(r"[\"']?(?:[,;|\t ]|, |\n){1,3}[\"']?(\d{12,19})(?![\w-])")
"""The neighbours of a number in a list or a table."""


def _is_in_mathematics(text: str, span: Span) -> bool:
    """Say whether a number is a term of a sum, of a fraction, of an equation or of code."""
    before = text[max(0, span.start - NEAR) : span.start]
    return bool(
        _FORMULA_AFTER.match(text, span.end)
        or _FORMULA_BEFORE.search(before[-12:])
        or _CODE_BEFORE.search(before)
        or _CODE_AFTER.match(text, span.end)
    )


_FOUR_BEFORE: Final = LazyPattern(r"(?<![\w.-])([0-9A-Fa-f]{4,5})[ \n]$")
_FOUR_AFTER: Final = LazyPattern(r"[ \n]([0-9A-Fa-f]{4,5})(?![\w.-])")
"""Groups like a card's before and after one: a dump, or code points."""


def _is_in_dump(text: str, span: Span) -> bool:
    """Say whether groups of four go on before and after, or one beside them is hexadecimal."""
    before = _FOUR_BEFORE.search(text[max(0, span.start - 8) : span.start])
    after = _FOUR_AFTER.match(text, span.end)
    groups = [match[1] for match in (before, after) if match is not None]
    return len(groups) == 2 or not all(group.isdecimal() for group in groups)


def _is_in_series(text: str, span: Span) -> bool:
    """Say whether a number stands beside another of its length that is no card: both are ids."""
    if is_among_decimals(text, span.start, span.end):
        return True
    if not text[span.start : span.end].isdecimal() and _is_in_dump(text, span):
        return True
    before = _NUMBER_BEFORE.search(text[max(0, span.start - NEAR) : span.start])
    after = _NUMBER_AFTER.match(text, span.end)
    numbers = [match[1] for match in (before, after) if match is not None]
    length = span.end - span.start
    return any(
        len(number) == length and not (issued(number) and luhn(number)) for number in numbers
    )


def card_score(text: str, span: Span) -> float:
    """Return the score of a span found as a payment card; 0 when it cannot be one.

    A card is no part of a number, has the length that its issuer range has, and is not what the
    words before it call an order, an id or a time, unless a word for a card stands there, too.
    """
    number = "".join(str(int(c)) for c in text[span.start : span.end] if c.isdecimal())
    before = text[max(0, span.start - NEAR) : span.start]
    cued = _CUE.search(before) is not None
    if not issued(number, cued=cued):
        return 0.0
    direct = _CUE.search(before[-16:]) is not None
    if not direct and is_part_of_number(text, span.start, span.end):
        return 0.0
    if is_part_of_number(text, span.start, span.end) and not before.endswith(("-", "#", "/")):
        return 0.0
    if not cued and (_is_in_mathematics(text, span) or _is_in_series(text, span)):
        return 0.0
    if not cued and (counts_things(text, span.end) or before.rstrip(" ").endswith(_CURRENCIES)):
        return 0.0
    return 0.0 if not cued and names_another_number(text, span.start) else span.score
