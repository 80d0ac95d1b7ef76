"""E-mail addresses that are written so that no machine reads them."""

import re
from typing import ClassVar, Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_LOCAL: Final = r"[A-Za-z0-9](?:[\w.+-]{0,40}[A-Za-z0-9])?"
_SPELLED: Final = rf"{_LOCAL}(?:[ ](?i:dot)[ ]{_LOCAL}){{0,2}}"
_POINT: Final = r"(?i:punto|ponto|point|punkt|dot)"
_SPELLED_ABROAD: Final = rf"{_LOCAL}(?:[ ]{_POINT}[ ]{_LOCAL}){{0,2}}"
_AT: Final = (
    r"(?:[ ]{0,2}[(\[{<][ ]?(?i:at|ät|@|arroba|chiocciola)[ ]?[)\]}>][ ]{0,2}"
    r"|[ ][\"'*_-]{1,2}(?i:at)[\"'*_-]{1,2}[ ]|[(\[]a[)\]]|[ ](?i:at)[ -](?i:sign)[ ]"
    r"|[ ]{1,2}@[ ]{1,2}|[ ]@|@[ ])"
)
_DOT: Final = (
    r"(?:[ ]{0,2}[(\[{<][ ]?(?i:dot|punkt|point|punto|\.)[ ]?[)\]}>][ ]{0,2}"
    r"|[ ][\"'*_-]{1,2}(?i:dot)[\"'*_-]{1,2}[ ]|[ ](?i:dot)[ ]|\.)"
)
_PROVIDER: Final = (
    r"(?i:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|gmx|web|proton\w{0,4}|fastmail|qq|163)"
)
_HOST: Final = r"[A-Za-z0-9](?:[\w-]{0,40}[A-Za-z0-9])?"
_TLD: Final = (
    r"(?i:com|org|net|edu|gov|io|ai|dev|app|info|biz|me|co|uk|de|fr|es|it|nl|be|ch|at|pl|pt|se|no"
    r"|dk|fi|eu|us|ca|au|nz|ie|in|jp|cn|kr|br|mx|ar|ru|ua|tr|il|gr|cz|hu|ro|za|sg|hk|name|email"
    r"|example|test|tech|xyz|online|cloud)"
)
_MAILBOX: Final = LazyPattern(r"[\d._+-]| dot ")
_INITIAL: Final = LazyPattern(r"[a-z]\.[a-z]{3,24}|[a-z]{3,24}\.[a-z]", re.IGNORECASE)
_AT_PROVIDER: Final = LazyPattern(rf"[ ](?i:at)[ ]{_PROVIDER}\.")
_MENTION: Final = LazyPattern(
    r"[ ]@(?! |(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|gmx|web|proton\w{0,4}|mail|qq"
    r"|163)\.)"
)
"""A name after the sign alone, as in "photo by @jane.me": an account, or a decorator."""
_COMMON: Final = frozenset(
    [
        "look",
        "looking",
        "available",
        "based",
        "meet",
        "live",
        "find",
        "me",
        "us",
        "it",
        "is",
        "are",
        "was",
        "be",
    ]
)


class EmailInWordsRecognizer(CuedRecognizer):
    """Find addresses with "at" and "dot" in words or brackets, or spaces around the sign.

    Where both are bare words, the part before "at" must look like a mailbox (a digit, a dot, a
    hyphen), or a word for mail must stand before it: "look at github dot com" is none. Where only
    "at" is one, it must be an initial with a name, or one of many at a provider of mailboxes:
    "main.py at github.com" is none.
    """

    entity: ClassVar = "EMAIL_ADDRESS"
    patterns: ClassVar = (
        CuedPattern(
            "brackets",
            rf"(?<![\w.@])(?P<value>{_LOCAL}{_AT}{_HOST}(?:{_DOT}{_HOST}){{0,3}}{_DOT}{_TLD})"
            rf"(?![\w-])",
            0.85,
        ),
        CuedPattern(
            "in a link",
            rf"(?<=[^/:]/|.[?&=])(?P<value>{_LOCAL}@(?:{_HOST}\.){{1,4}}{_TLD})(?![\w-]|\.\w)",
            0.9,
        ),
        CuedPattern(
            "spaced",
            rf"(?<![\w.@])(?P<value>{_LOCAL}[ ]?@[ ]?{_HOST}[ ]\.[ ]?{_TLD}|{_LOCAL}[ ]@[ ]{_HOST}"
            rf"\.[ ]{_TLD})(?![\w(-])",
            0.8,
        ),
        CuedPattern(
            "dot in brackets",
            rf"(?<![\w.@])(?P<value>{_LOCAL}@{_HOST}(?:[ ]{{0,2}}[(\[{{<][ ]?(?i:dot|\.)[ ]?"
            rf"[)\]}}>][ ]{{0,2}}|[ ](?i:dot)[ ]){_TLD})(?![\w-])",
            0.85,
        ),
        CuedPattern(
            "words",
            rf"(?<![\w.@])(?P<value>{_SPELLED}[ ](?i:at)[ ]{_HOST}(?:[ ](?i:dot)[ ]{_HOST}){{0,2}}"
            rf"[ ](?i:dot)[ ]{_TLD})(?![\w-])",
            0.7,
        ),
        CuedPattern(
            "one word",
            rf"(?<![\w.@])(?P<value>{_LOCAL}[ ](?:AT|at)[ ](?:{_HOST}\.){{1,3}}{_TLD})"
            r"(?![\w-]|\.\w)",
            0.7,
        ),
        CuedPattern(
            "said",
            r"\b(?i:e-?mails?|mail|reach me|reach us|contact|write to|address)(?i:[ ](?:me|us|is))?"
            rf"[ :]{{1,3}}(?i:at |on )?(?P<value>{_SPELLED}[ ](?i:at)[ ]{_HOST}(?:[ ](?i:dot)[ ]"
            rf"{_HOST}){{0,2}}(?:[ ](?i:dot)[ ]|\.){_TLD})(?![\w-])",
            0.8,
        ),
        CuedPattern(
            "abroad",
            rf"(?<![\w.@])(?P<value>{_SPELLED_ABROAD}[ ](?i:arroba|chiocciola|arrobase|ät"
            rf"|klammeraffe|chez)"
            rf"[ ]{_HOST}(?:(?:[ ]{_POINT}[ ]|\.){_HOST}){{0,2}}(?:[ ]{_POINT}[ ]"
            rf"|\.){_TLD})(?![\w-])",
            0.8,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:
        """Ask of bare words a part before "at" that looks like a mailbox."""
        local = re.split(r"[ ]?(?:@|[(\[{<]|[ ](?i:at|chez)[ ])", value, maxsplit=1)[0]
        if local.lower() in _COMMON:
            return False
        if _MENTION.search(value) and not _MAILBOX.search(local):
            return False
        if pattern == "one word":
            return _is_of_a_person(local, value)
        if "(a)" in value or "[a]" in value or " chez " in value:
            return _MAILBOX.search(local) is not None or "[.]" in value
        shouted = " AT " in value and " DOT " in value
        return pattern != "words" or shouted or _MAILBOX.search(local) is not None


def _is_of_a_person(local: str, value: str) -> bool:
    """Say whether the part before "at" is a mailbox, not a file, a time or a version."""
    if _INITIAL.fullmatch(local):
        return True
    return _AT_PROVIDER.search(value) is not None and _MAILBOX.search(local) is not None
