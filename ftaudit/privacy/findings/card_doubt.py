"""Doubt payment cards: digits of decimals and of other numbers pass Luhn one time in ten."""

from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.card_numbers import issued
from ftaudit.privacy.findings.neighbours import (
    NEAR,
    counts_things,
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


def _is_in_mathematics(text: str, span: Span) -> bool:
    """Say whether a number is a term of a sum, of a fraction or of an equation."""
    before = text[max(0, span.start - 12) : span.start]
    return bool(_FORMULA_AFTER.match(text, span.end) or _FORMULA_BEFORE.search(before))


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
    if not cued and _is_in_mathematics(text, span):
        return 0.0
    if not cued and (counts_things(text, span.end) or before.rstrip(" ").endswith(_CURRENCIES)):
        return 0.0
    return 0.0 if not cued and names_another_number(text, span.start) else span.score
