"""Doubt phone numbers: orders, times, counts, octets and decimals have as many digits."""

import re
from itertools import pairwise
from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.neighbours import (
    another_number,
    continues_row,
    counts_things,
    is_among_decimals,
    is_part_of_number,
    names_another_number,
)
from ftaudit.privacy.findings.span import Span

CUED_SCORE: Final = 0.75
"""Score of a number with a phone word near it."""
_CERTAIN: Final = 0.8
"""From this score on the recognizer has seen a cue itself."""
_CUE: Final = LazyPattern(
    r"(?:(?<![^\W_])|(?<=[a-z0-9])(?=[A-Z])|(?=[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]))"
    r"(?i:(?:tele|smart|cell|mobile |work |home )?phones?(?:numbers?|nos?)?|ph|tel|tele|tlf|tf"
    r"|tfno|mob|mobiles?(?:numbers?|nos?)?|cel"
    r"|mobil\w{0,8}"
    r"|cell(?:ular)?|fax|whats ?app|sms|signal(?: (?:me|number|at|on)|:)|call(?:s|ed|ing|er)?"
    r"|dial(?:led|ing)?|ring|rang"
    r"|hotline"
    r"|landline|extension|(?:tele)?fon\w{0,12}|handy\w{0,8}|(?:ruf|telefon|handy|mobil)?nummer"
    r"|festnetz"
    r"|durchwahl|erreich\w{0,6}|anruf\w{0,4}|anrufen|téléphone|portable|fixe|appel\w{0,8}|joindre"
    r"|joignable|m[óo]vil|tel[ée]fon[oe]\w?|celular|cellulare|telem[óo]vel|ll[aá]m\w{1,7}|ligue"
    r"|chiam\w{1,5}"
    r"|telefoon\w{0,6}|bel|telefon\w{0,8}|puhelin\w{0,6}|gsm"
    r"|(?<!the )(?<!of )text(?= $)"
    r"|(?:my|your|his|her|our|their|the|contact|new|old) (?:new |old )?(?:number|no)"
    r"|(?:phone|call-?back|contact|mobile|cell|home|work|best|direct)[ -]numbers?"
    r"|ring(?:er|a)?|(?:mitt|min|vårt) nummer|no\.? ?hp|nomor|sđt|điện thoại|số"
    r"|reach(?:ed)? (?:me|us|him|her|them|out)|text(?:ed)? (?:me|us|him|her|them)|contact (?:me|us)"
    r"|телефон\w{0,4}|тел|звон\w{1,6}|моб\w{0,8}|전화\w{0,2}|휴대폰|연락처|電話\w{0,4}|携帯|电话"
    r"|手机"
    r"|[הבלו]?(?:טלפון|נייד|פלאפון)|هاتف|الهاتف|جوال|موبايل|رقمي|फ़?ोन|फोन|मोबाइल|संपर्क|โทร)"
    r"(?![a-z]|[A-Z]{2}|[ _-](?:users?|apps?|devices?|games?|data|traffic|versions?|downloads?"
    r"|sales"
    r"|subscribers?|shipments|markets?|volumes?|counts?|batter\w{1,3}|cases?|screens?|models?"
    r"|prices?|plans?|bills?|options?|sizes?|length|lenses|cells?|scores?|rates?|len|durations?"
    r"|minutes?)(?![a-z])|-(?!n(?:o|r|um)|mobil|home|work|office|privat|gesch|contact)[a-z]{4})"
)
_AFTER: Final = LazyPattern(
    r"[ ,-]{0,2}\(?(?i:mobile|mobil|cell|work|home|office|fax|whatsapp|landline|handy|tel|m[óo]vil"
    r"|celular|cellulare|portable|gsm|וואטסאפ|call me|text me|is my (?:number|cell|phone))(?![a-z])"
)
_ARITHMETIC: Final = frozenset("=<>$€£¥*\u00d7÷%^~|")
_EPOCH: Final = LazyPattern(r"\s*1\d{9}(?:\d{3}|\.\d{1,9})?\s*")
"""Seconds or milliseconds since 1970: from 2001 to 2033."""
_CLOCK: Final = LazyPattern(r":[0-5]\d(?!\d)")
"""The minutes after an hour that was taken for the end of a number."""
_ARGUMENT: Final = LazyPattern(r"(?<![^\W_])([A-Za-z_][\w.]{0,40})\([^()\n]{0,60}$")
"""The name of a function, up to one of its arguments."""
_ONE_ARGUMENT: Final = LazyPattern(r"\(\d+\)")
_DECIMAL: Final = 2
"""Groups of a decimal."""
_PROGRESSION: Final = 4
"""Groups from which one step between all of them is no chance."""
_OWN_KEY: Final = LazyPattern(r"[\"']([\w .-]{1,40})[\"'][ ]?:[ ]?$")
"""The key of an object, right before a number without quotes."""
_GENERIC: Final = frozenset({"value", "val", "number", "num", "no", "nr", "data", "v"})
_ONE_POINT: Final = LazyPattern(r"(?!\d{3}\.\d{4}$)(?:[1-9]\d*|0)\.\d+")
"""A decimal; "555.1234" is how some write a local number."""
_NO_NUMBER: Final = LazyPattern(r"-\.|\.-|[ ]{3}|[ ]-\d{8}|^[+-](?:\d{4}-\d{5}|\d{6}-\d{7})$")
"""Numbers of drawings and columns, and the place of a town (ISO 6709): `+550737-1313435`."""
_CELL: Final = 40
"""Characters of the longest cell that may be a time and nothing else."""
_SEPARATOR: Final = LazyPattern(r"[^0-9]+")
_YEAR: Final = LazyPattern(r"(?:19|20)\d\d")
_POINT: Final = LazyPattern(r"0\d{3}")
"""A code point of Unicode."""
_COUNTING: Final = "01234567890123456789"
_POSTAL: Final = LazyPattern(r"\d{5}-\d{4}")
_STATE: Final = LazyPattern(r"(?<![A-Za-z])[A-Z]{2}[,.]?[\s#*/]{1,8}$")
"""A state before a postal code: "Boston, MA 02110-1301"."""
_SECTION: Final = LazyPattern(r"\d{3}\.\d{3}-\d{4}")
"""Sections of US procurement law: "DFARS 252.227-7014"."""
_UNCUED: Final = LazyPattern(
    r"0[1-9]?\d{8,9}"  # unbroken, with a trunk zero
    r"|\(?0\d{1,5}\)?(?:[ ]{1,2}|[ ]?[./-][ ]?)\d{3,9}"
    r"(?:[ ./-]\d{2,5}){0,3}"  # with a trunk zero and groups
    r"|0\d(?:[ .-]?\d{2}){4}"  # France: pairs
    r"|8[ ]?\(\d{3,4}\)[ ]?\d{2,3}[ -]\d\d[ -]\d\d"  # Russia, with its trunk digit
    r"|1[3-9]\d[ -]\d{4}[ -]\d{4}"  # China
    r"|(?:1[ .-]?)?\(?[2-9]\d{2}\)?[ .-]{1,3}\d{3}[ .-]\d{4}"  # North America
    r"(?:[ ]?(?:x|ext\.?)[ ]?\d{1,6})?"
    r"|\(?[1-9]\d\)?[ -]?9?\d{4}-\d{4}"  # Brazil
)
"""How numbers are written that no word introduces and no plus sign leads."""


def phone_score(text: str, span: Span) -> float:
    """Return the score of a span found as a phone number; 0 when it is more likely another one.

    A number with a phone word near it, or a plus sign, needs seven digits; without either it must
    be grouped as numbers are printed, begin with a trunk zero, or be a whole cell. Decimals,
    arithmetic and numbers that the words before them call an order, an id or a time are none.
    """
    if span.score >= _CERTAIN:
        return span.score
    value = text[span.start : span.end]
    if _is_other(text, span, value):
        return 0.0
    count = sum(c.isdigit() for c in value)
    if value.isdecimal() and value[0] != "0" and _is_called_otherwise(text, span):
        return 0.0
    if not value.startswith(("+", "0", "(")) and counts_things(text, span.end):
        return 0.0
    if _is_cued(text, span):
        return max(span.score, CUED_SCORE) if count >= 7 and plausible_groups(value) else 0.0
    return span.score if _is_printed_as_one(text, span, value, count) else 0.0


def _is_printed_as_one(text: str, span: Span, value: str, count: int) -> bool:
    """Say whether a number that no word introduces can only be a phone number, as it is printed."""
    if names_another_number(text, span.start) and not value.startswith("+"):
        return False
    if _is_filler(text, span, value) or _is_one_of_many(text, span, value):
        return False
    if value.startswith(("+", "00")):
        shortest = _UNBROKEN if value.isdecimal() else 8
        return count >= shortest and plausible_groups(value)
    if value.isdecimal() and count in (10, 11) and text.strip() == value:
        return True
    if not plausible_groups(value):
        return False
    return count >= 9 and _UNCUED.fullmatch(value.strip()) is not None


def _is_filler(text: str, span: Span, value: str) -> bool:
    digits = {c for c in value if c.isdigit()}
    return _is_sequence(value) or len(digits) <= _FILLER or _is_code(text, span, value)


def _is_one_of_many(text: str, span: Span, value: str) -> bool:
    """Say whether a number is one of a list, of a row of groups, or of decimals."""
    if value.isdecimal() and _is_in_series(text, span):
        return True
    row = continues_row(text, span.start, span.end) or _is_in_dump(text, span)
    return row or _is_cell_of_decimals(text, span, value)


def _is_in_series(text: str, span: Span) -> bool:
    """Say whether a number stands beside another of its length that nobody dials, or decimals."""
    if is_among_decimals(text, span.start, span.end):
        return True
    before = _NUMBER_BEFORE.search(text[max(0, span.start - 20) : span.start])
    after = _NUMBER_AFTER.match(text, span.end)
    numbers = [match[1] for match in (before, after) if match is not None]
    length = span.end - span.start
    return any(len(number) == length and number[0] != "0" for number in numbers)


def _is_in_dump(text: str, span: Span) -> bool:
    """Say whether bytes in hexadecimal stand before a number or behind it, a letter among them."""
    before = _BYTES_BEFORE.search(text[max(0, span.start - 24) : span.start])
    after = _BYTES_AFTER.match(text, span.end)
    return any(
        match and not match.group().replace(" ", "").isdecimal() for match in (before, after)
    )


_BYTES_BEFORE: Final = LazyPattern(r"(?:(?<![^\s])[0-9a-f]{2}[ ]{1,2}){3,}$")
_BYTES_AFTER: Final = LazyPattern(r"(?:[ ]{1,2}[0-9a-f]{2}(?!\w)){3}")


def _is_cell_of_decimals(text: str, span: Span, value: str) -> bool:
    """Say whether digits with a point are one of the values that commas separate (NMEA)."""
    beside = text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
    return "," in beside and _POINTED.fullmatch(value) is not None


_POINTED: Final = LazyPattern(r"\d{4,5}\.\d{3,9}")
_NUMBER_BEFORE: Final = LazyPattern(r"(?<![\w.-])(\d{9,12})[\"']?[,;|\t\n ][ ]?[\"']?$")
_NUMBER_AFTER: Final = LazyPattern(r"[\"']?[,;|\t\n ][ ]?[\"']?(\d{9,12})(?![\w-])")
_UNBROKEN: Final = 12
"""Digits from which "00" begins a number dialled abroad, and no number filled up with zeros."""
_FILLER: Final = 2
"""Digits that a filler or a binary number has at most."""


def _is_sequence(value: str) -> bool:
    """Say whether groups count up or down by one step: "01 02 03 04 05"."""
    groups = [int(group) for group in _SEPARATOR.split(value) if group]
    if len(groups) == 1:
        return value in _COUNTING or value in _COUNTING[::-1]
    steps = {after - before for before, after in pairwise(groups)}
    return len(groups) > 2 and len(steps) == 1


def _is_progression(groups: list[str]) -> bool:
    steps = {int(after) - int(before) for before, after in pairwise(groups)}
    return len(steps) == 1 and not steps.pop() % 5


def _is_code(text: str, span: Span, value: str) -> bool:
    """Say whether a number is a postal code, a section of a law, or a commit in Markdown."""
    before = text[max(0, span.start - 12) : span.start]
    if _POSTAL.fullmatch(value) and _STATE.search(before):
        return True
    if _SECTION.fullmatch(value):
        return True
    return value.isdecimal() and before[-1:] == "`" == text[span.end : span.end + 1]


def is_decimal(value: str) -> bool:
    """Say whether a number has one point, and no more digits on both sides than decimals have."""
    return _ONE_POINT.fullmatch(value.strip()) is not None


def plausible_groups(value: str) -> bool:
    """Say whether digits are grouped as people group a number they dial.

    Single digits stand only at the start, as a country code or a trunk prefix; groups of two
    begin with a zero or a plus, or are four to six in all; no group is the zero of a decimal; and
    four or more do not go up or down by one round step, as "20 30 40 50" does.
    """
    groups = [group for group in _SEPARATOR.split(value) if group]
    if len(groups) > 2 and (
        all(map(_YEAR.fullmatch, groups[1:])) or all(map(_POINT.fullmatch, groups))
    ):
        return False
    abroad = value.strip().startswith(("+", "00", "(+"))
    if any(len(group) == 1 for group in groups[3 if abroad else 2 :]):
        return False
    if not (abroad and len(groups) > _DECIMAL) and re.search(r"(?<!\d)\d\.\d", value):
        return False
    if len(groups) > 1 and len(groups[1]) == 1 and groups[1] != "0" and not abroad:
        return False
    if len(groups) >= _PROGRESSION and _is_progression(groups):
        return False
    return len(groups) <= 7


def _is_cued(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 40) : span.start]
    return _CUE.search(before) is not None or _AFTER.match(text, span.end) is not None


def _is_called_otherwise(text: str, span: Span) -> bool:
    """Say whether the nearest word calls an unbroken number something else, or calls it in code."""
    if text[span.end : span.end + 1] == "(" or counts_things(text, span.end):
        return True
    key = _OWN_KEY.search(text[max(0, span.start - 48) : span.start])
    if key is not None and key[1].casefold() not in _GENERIC and _CUE.search(f"{key[1]}:") is None:
        return True
    called = _ARGUMENT.search(text[max(0, span.start - 100) : span.start])
    if called is not None and _CUE.search(called[1]) is None:
        return True
    name = another_number(text, span.start)
    return bool(name) and _CUE.search(name) is None


def _is_other(text: str, span: Span, value: str) -> bool:
    """Say whether the digits are part of a decimal, a path or a sum, or a time of day."""
    epoch = len(text) < _CELL and _EPOCH.fullmatch(text)
    if epoch or _NO_NUMBER.search(value) or is_decimal(value):
        return True
    glued = text[max(0, span.start - 1) : span.start].isalnum()
    called = value[0] == "(" and (")" not in value or _ONE_ARGUMENT.fullmatch(value) is not None)
    if _CLOCK.match(text, span.end) or (glued and (called or value[0] == "+")):
        return True
    start = span.start + (value.startswith(("+", "(")))
    named = _AFTER.match(text, span.end) is not None
    if (
        not named
        and not value.startswith(("+", "("))
        and (is_part_of_number(text, start, span.end))
    ):
        return True
    before = text[max(0, span.start - 3) : span.start].rstrip(" ")[-1:]
    after = text[span.end : span.end + 3].lstrip(" ")[:1]
    if before == after == "|":  # a cell of a table
        return False
    equals = before == "=" and _is_cued(text, span)
    return (before in _ARITHMETIC and not equals) or after in _ARITHMETIC
