"""Doubt findings that are right in shape and wrong in fact, before they are resolved.

The rules come from reading what plain Presidio reports on dialogue, intents and arithmetic
(gsm8k, banking77, GPTeacher roleplay) and on one half of an annotated set.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.card_doubt import card_score
from ftaudit.privacy.findings.ip_doubt import ip_score
from ftaudit.privacy.findings.neighbours import (
    counts_things,
    is_among_decimals,
    is_part_of_number,
    names_another_number,
)
from ftaudit.privacy.findings.phone_doubt import phone_score
from ftaudit.privacy.findings.span import Span

CERTAIN: Final = 0.8
"""From this score on (a checksum, or a cue in the pattern) a finding is not doubted."""
CUED: Final = 0.5
"""From this score on a pattern needs no context word to be reported."""

THRESHOLD: Final = 0.4
"""Below it Presidio's findings are mostly noise: US_DRIVER_LICENSE has a precision of .03 there."""
RAISED: Final = frozenset({"PHONE_NUMBER"})
"""Entities whose findings may leave here with a higher score; no others do."""
GUESS: Final = 0.45
"""Score of a name that identifies somebody only beside a contact or an id."""
_NEAR: Final = 60
"""Characters in which a word counts as near."""

_SCHEME: Final = LazyPattern(r"[\"']?(?:https?://|www\d{0,3}\.)", re.IGNORECASE)
_NO_WORD: Final = LazyPattern(
    r"\.(?:com|org|net|edu|gov|mil|info|biz|io|ai|dev|app|co\.[a-z]{2}|com\.[a-z]{2}|ac\.[a-z]{2}"
    r"|de|fr|uk|nl|pl|se|fi|dk|cz|sk|hu|ch|eu|jp|cn|kr|br|ru|ca|au|nz|ie|mx|ar|cl|za|tr|gr|pt"
    r"|ro|ua|il|sg|hk|tw)$"
)
_VERSION_NAME: Final = LazyPattern(r"(?:[\dXYZNxyzn]{1,4}\.)+dev\d{0,4}")
"""The name of a version that is being made: `1.9.0.dev`, `X.Y.dev`."""
_TIMESTAMP: Final = LazyPattern(
    r"\s*(?:\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})[T ](?P<clock>\d{1,2}"
    r"(?::?\d{2}){1,2}(?:[.,]\d{1,9})?(?:[ ]?[AaPp][Mm])?)"
    r"[ ]?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*"
)
"""A date with a clock time (ISO 8601, its basic form, and what spreadsheets make of it)."""
_EPOCH: Final = LazyPattern(r"\s*1\d{9}(?:\d{3}|\.\d{1,9})?\s*")
"""Seconds or milliseconds since 1970: from 2001 to 2033."""
_DATED_VERSION: Final = LazyPattern(
    r"(?:(?<![^\W_])(?i:v|ver|versions?|releases?|rel|firmware|build|section|sec|chapter"
    r"|§)[ .:]{0,2})$"
)
_REMOTE: Final = LazyPattern(r"(?:git|hg|svn|gitlab|gitea)@[\w.-]+[:/][\w~./-]")
_USER_OF_URL: Final = LazyPattern(r"(?<!mailto)://(?:[^\s/@:]{1,64}:)?$")
"""What stands before the user, or the key, with which a URL opens its host."""
_SSN_CUE: Final = LazyPattern(r"(?<![^\W_])(?:ssns?|social|security|ss[# ]?)", re.IGNORECASE)
_LOGIN: Final = LazyPattern(r"user[ _-]?name[\"'\\]{0,3}[\s:=>|*]{1,8}[\"'\\]{0,3}$", re.IGNORECASE)
_MAC_CUE: Final = LazyPattern(
    r"(?<![^\W_])(?:mac|ether(?:net)?|hw ?addr|bssid|physical|bluetooth|wi-?fi|wlan|lladdr|nic"
    r"|devices?|adapter|interface|router)",
    re.IGNORECASE,
)
_ACCOUNT_ID: Final = LazyPattern(
    r"account[ _-]?(?:ids?|ref(?:erence)?|hash|uuid|guid)[\"']?\s?[:=]?\s?[\"']?$",
    re.IGNORECASE,
)
"""The key of an account with a service."""
_COUNTED: Final = frozenset({"123456789012", "1234567890123"})
"""Digits in their order: what documentation prints for an account."""
_NO_AREA: Final = LazyPattern(r"000|666|9")
"""Beginnings that no social security number has (SSA)."""
_NIR_CUE: Final = LazyPattern(
    r"(?<![^\W_])(?:nir|insee|s[ée]cu\w{0,4}|vitale|assur[ée]\w{0,3}|social|ss|fr)(?![^\W_])",
    re.IGNORECASE,
)
_NIR_GROUPS: Final = LazyPattern(r"\d \d\d \d\d \w\w \d{3} \d{3} ?\d\d|\w{13} \d\d")
_DATE_LIMIT: Final = LazyPattern(
    r"(?i:(?<![^\W_])(?:before|after|earlier than|later than|until|prior to|at least|vor dem"
    r"|nach dem"
    r"|avant le|apr[èe]s le|antes del?|despu[ée]s del?)[ ][\"']?"
    r"|[ ][<>]=?[ ]?[\"']?|(?:valid|parse|check|is_|test|format|calc|compute)\w{0,30}\([\"']?"
    r"|(?:count|range|offset|diff|delta|add)\w{0,12}\([\"']?)$"
)
_SHORT_DOTTED: Final = LazyPattern(r"\d{1,2}\.\d{1,2}\.\d\d")
_VERSION_BEFORE: Final = LazyPattern(
    r"(?:\d:|(?<![\d.])\d{1,3}(?:\.\d{1,4}){1,4}[ ,\t]{1,2}|[<>=~^]=?[ ]?)$"
)
_VERSION_AFTER: Final = LazyPattern(r"-\d|[ ,\t]{1,2}\d{1,3}(?:\.\d{1,4}){1,4}(?![\d.])")
_FRACTION: Final = LazyPattern(r"[T ]\d\d:\d\d:\d\d\.\d{9}(?!\d)")
"""The nanosecond in which a file was born; databases write fewer digits."""
_YEARS: Final = LazyPattern(r"(?:19[5-9]|20[0-4])\d(?:-(?:19|20)\d\d)?,?[ ]")
_COPYRIGHT: Final = LazyPattern(r"copyright|\(c\)|©", re.IGNORECASE)
_YEAR_ABOVE: Final = LazyPattern(r"(?:^|\n)[ \t#*/;]*(?:19|20)\d\d[ ,-][^\n]{0,100}\n[ \t#*/;]*$")
"""A line of a list of years and names above another."""
_RUN_BEFORE: Final = LazyPattern(r"[0-9A-Fa-f]{2}[:-]\s{0,40}$|\.$")
_RUN_AFTER: Final = LazyPattern(r"[:-]\s{0,40}[0-9A-Fa-f]{2}|\.[0-9A-Fa-f]")
"""What makes six bytes a part of a longer run of them."""
_VERSION_HOST: Final = LazyPattern(r"v?\d+\.\d+")
_MESSAGE_ID: Final = LazyPattern(
    r"\d{12,17}\.[\w.-]+|[0-9A-F]{8}\.\d{6,8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|[\w.]+\.fsf(?:_-_)?"
)
"""What programs for mail write before the `@` of a message's id: a time, a number (RFC 5322)."""
_ALGORITHM: Final = LazyPattern(
    r"(?:[\w.-]*(?:hmac|umac|aes\d|chacha|ssh-|ecdsa|ed25519|sha\d|-v\d\d|zlib|gcm|cbc|nistp"
    r"|curve25519|sntrup|kex|agent|statvfs|streamlocal|hostkeys?|sessions?|rename|hardlink)[\w.-]*"
    r"|fsync|limits|eow|lsetstat|keepalive|tun|expand-path|copy-data|ping)"
    r"@(?:openssh\.com|libssh\.org|lysator\.liu\.se)",
    re.IGNORECASE,
)
"""A method or a request of SSH, which is named like a mailbox (RFC 4251, section 6)."""
_MESSAGE_CUE: Final = LazyPattern(
    r"(?:message-id|in-reply-to|references)[\"']?:[^\n]{0,50}$", re.IGNORECASE
)
_KEY_BEFORE: Final = LazyPattern(
    r"(?i:(?:author_?|user_?|reply_?)?e?-?mail(?:_?address)?|to|from|cc|bcc|user(?:name)?|login"
    r"|contact|recipient|sender|author|account|owner)=[\"']?(?=.)"
)
"""A key that Presidio takes for the beginning of an address: `email='ann@…`."""
_YEAR: Final = LazyPattern(r"(?<!\d)\d{4}(?!\d)")
_OLDEST: Final = 1900
"""Databases write it, or the year 1, where no date was given."""
_DIGIT_GAPS: Final = LazyPattern(r"[ .]")


def reweighed(text: str, span: Span) -> Span | None:
    """Return `span`, found in `text`, with the score it deserves; None when it cannot be right."""
    doubt = _DOUBTS.get(span.entity)
    if doubt is None:
        decimals = text[span.start : span.end].isdecimal() and is_among_decimals(
            text, span.start, span.end
        )
        return None if decimals and span.score <= 1 else span
    if span.entity == "EMAIL_ADDRESS" and (key := _KEY_BEFORE.match(text, span.start, span.end)):
        span = span._replace(start=key.end())
    score = doubt(text, span)
    return span._replace(score=score) if score else None


def _url(text: str, span: Span) -> float:
    """Ask a bare domain to end where a word ends, in lower case, under no domain that is a word."""
    value = text[span.start : span.end].strip("\"'")
    if _SCHEME.match(value):
        return span.score
    if text[span.end : span.end + 1].isalnum() or ".." in value:
        return 0.0
    host = value.split("/", 1)[0]
    if _VERSION_NAME.fullmatch(host):
        return 0.0
    return span.score if _NO_WORD.search(host) else 0.0


def _date(text: str, span: Span) -> float:
    """Ask for more than a machine's timestamp that is a whole cell: when a row was written.

    Midnight without a time zone counts as a bare date: so databases write dates of birth.
    """
    before = text[max(0, span.start - 12) : span.start]
    dotted = text[span.end : span.end + 2]
    if (before[-1:] == "." and before[-2:-1].isdigit()) or _DATED_VERSION.search(before):
        return 0.0
    if dotted[:1] == "." and dotted[1:].isdigit():
        return 0.0
    if _is_version(text, span):
        return 0.0
    whole = _TIMESTAMP.fullmatch(text)
    if whole is None:
        return span.score
    midnight = not any(c in "123456789" for c in whole["clock"])
    return span.score if midnight and not whole["zone"] else 0.0


def _is_version(text: str, span: Span) -> bool:
    """Say whether dots and two digits at the end are those of a version in a list, or of Debian's.

    "1.5.37 1.5.38", "1:4.4.25-2".
    """
    if not _SHORT_DOTTED.fullmatch(text, span.start, span.end):
        return False
    before = text[max(0, span.start - 24) : span.start]
    return bool(_VERSION_BEFORE.search(before) or _VERSION_AFTER.match(text, span.end))


def _email(text: str, span: Span) -> float:
    """Refuse the user of a version control system before a host and a path: nobody's mailbox.

    Nor is one under a domain that ends in a number (versions of packages, coordinates in maps),
    nor the user of a URL.
    """
    address = text[span.start : span.end].replace("\\", "")
    local, _, host = address.rpartition("@")
    if (
        _ALGORITHM.fullmatch(address)
        or _VERSION_HOST.match(host)
        or _MESSAGE_ID.fullmatch(local.strip("<\"'"))
    ):
        return 0.0
    if _REMOTE.match(text, span.start) or host.rsplit(".", 1)[-1].isdigit():
        return 0.0
    before = text[max(0, span.start - _NEAR) : span.start]
    return 0.0 if _USER_OF_URL.search(before) or _MESSAGE_CUE.search(before) else span.score


def _person(text: str, span: Span) -> float:
    """Take one word after "user name" for an account's, which is a guess at a person's."""
    value = text[span.start : span.end]
    if " " in value or not value.isascii():
        return span.score
    login = _LOGIN.search(text[max(0, span.start - 24) : span.start])
    return min(span.score, GUESS) if login else span.score


def _mac(text: str, span: Span) -> float:
    """Ask for a letter among the digits, or a word: draws, times and scores are pairs of digits."""
    before = text[max(0, span.start - _NEAR) : span.start]
    if _RUN_BEFORE.search(before) or _RUN_AFTER.match(text, span.end):
        return 0.0
    if any(c.isalpha() for c in text[span.start : span.end]):
        return span.score
    return span.score if _MAC_CUE.search(before) else 0.0


def _needs_cue(cue: LazyPattern, shortest: int = 1) -> Callable[[str, Span], float]:
    """Trust a weak pattern only with a word near it that names its type, as a whole word.

    Presidio takes a context word anywhere in a token: `lic` in "public", `us` in "customers".
    """

    def doubt(text: str, span: Span) -> float:
        value = text[span.start : span.end]
        if sum(c.isalnum() for c in value) < shortest:
            return 0.0
        if span.score >= CERTAIN:
            return span.score
        near = text[max(0, span.start - _NEAR) : span.end + _NEAR // 2]
        return span.score if cue.search(near) and not counts_things(text, span.end) else 0.0

    return doubt


def _apart(cue: LazyPattern) -> Callable[[str, Span], float]:
    """Trust digits near a word that fits where they are no part of a slug and count nothing."""
    cued = _needs_cue(cue)

    def doubt(text: str, span: Span) -> float:
        part = is_part_of_number(text, span.start, span.end) or counts_things(text, span.end)
        part |= is_among_decimals(text, span.start, span.end)
        part |= text[span.start : span.end] in _COUNTED
        part |= _ACCOUNT_ID.search(text[max(0, span.start - 24) : span.start]) is not None
        return 0.0 if part and span.score < CERTAIN else cued(text, span)

    return doubt


def _social_security(text: str, span: Span) -> float:
    """Ask for a cue unless the groups are joined by hyphens, and for no longer number."""
    if span.score >= CERTAIN:
        return span.score
    if is_part_of_number(text, span.start, span.end):
        return 0.0
    near = text[max(0, span.start - _NEAR) : span.end + _NEAR // 2]
    if _SSN_CUE.search(near):
        return span.score
    value = text[span.start : span.end]
    if _NO_AREA.match(value) or names_another_number(text, span.start):
        return 0.0
    printed = span.score >= CUED and not _DIGIT_GAPS.search(value)
    return span.score if printed else 0.0


def _french(text: str, span: Span) -> float:
    """Ask for a word, or for the sex of somebody registered, printed in groups or in none."""
    if is_among_decimals(text, span.start, span.end):
        return 0.0
    if _NIR_CUE.search(text[max(0, span.start - _NEAR) : span.start]):
        return span.score
    value = text[span.start : span.end]
    printed = value[0] in "12" and (" " not in value or _NIR_GROUPS.fullmatch(value) is not None)
    return span.score if printed and not names_another_number(text, span.start) else 0.0


def _birth(text: str, span: Span) -> float:
    """Refuse the limit that a rule sets to dates of birth, the argument of a test, and history."""
    before = text[max(0, span.start - _NEAR) : span.start]
    year = _YEAR.search(text, span.start, span.end)
    if (
        _DATE_LIMIT.search(before)
        or _FRACTION.search(text, span.start, span.end + 20)
        or _is_history(year)
    ):
        return 0.0
    return span.score


def _is_history(year: "re.Match[str] | None") -> bool:
    """Say whether nobody born in a year is alive: Mozart, born 27 January 1756."""
    return year is not None and int(year[0]) < _OLDEST and year[0] != "0001"


def _street(text: str, span: Span) -> float:
    """Refuse a year and the name of somebody who holds a copyright: "2021 Iain Lane"."""
    if not _YEARS.match(text, span.start):
        return span.score
    before = text[max(0, span.start - 2 * _NEAR) : span.start]
    return 0.0 if _COPYRIGHT.search(before) or _YEAR_ABOVE.search(before) else span.score


def _whole(words: str) -> LazyPattern:
    return LazyPattern(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


def _one_check_digit(cue: LazyPattern) -> Callable[[str, Span], float]:
    """Trust one check digit, which a tenth of all numbers pass, only near a word that fits.

    Without one only a whole cell is reported, with the least score.
    """

    def doubt(text: str, span: Span) -> float:
        if _EPOCH.fullmatch(text):
            return 0.0
        around = text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
        if any(c.isalnum() for c in around):
            return 0.0
        near = text[max(0, span.start - _NEAR) : span.end + _NEAR]
        if cue.search(near):
            return span.score
        whole = len(text) <= _NEAR and text.strip() == text[span.start : span.end]
        return min(span.score, THRESHOLD) if whole else 0.0

    return doubt


_DOUBTS: Final[Mapping[str, Callable[[str, Span], float]]] = MappingProxyType(
    {
        "URL": _url,
        "DATE_TIME": _date,
        "EMAIL_ADDRESS": _email,
        "PHONE_NUMBER": phone_score,
        "CREDIT_CARD": card_score,
        "IP_ADDRESS": ip_score,
        "PERSON": _person,
        "DATE_OF_BIRTH": _birth,
        "STREET_ADDRESS": _street,
        "MAC_ADDRESS": _mac,
        "US_SSN": _social_security,
        "US_DRIVER_LICENSE": _needs_cue(
            _whole(
                r"driver\S{0,2}[ _-]?(?:licen[cs]es?|lic|permit|id)|driving[ _-]?(?:licen[cs]e"
                r"|permit)|dln?"
                r"|dmv"
                r"|cdls?|chauffeur"
            ),
            5,
        ),
        "US_PASSPORT": _needs_cue(_whole(r"passports?|travel document")),
        "US_BANK_NUMBER": _apart(
            _whole(
                r"(?:account|acct)s?[ _-]?(?:numbers?|no|nr|num)|a/c|banks?(?! holidays?)|banking"
                r"|checking|savings|deposit|routing|wire|sort[ _-]?code|iban|swift|bic"
            )
        ),
        "US_ITIN": _needs_cue(_whole(r"itins?|tin|tax\W?(?:payer|id)\w{0,3}|taxes|irs|individual")),
        "FR_NIR": _french,
        "UK_NHS": _one_check_digit(LazyPattern(r"\bnhs\b|national health|patient", re.IGNORECASE)),
        "MEDICAL_LICENSE": _one_check_digit(
            LazyPattern(r"\bdea\b|medical|licen[cs]e|prescri|practitioner|physician", re.IGNORECASE)
        ),
    }
)
