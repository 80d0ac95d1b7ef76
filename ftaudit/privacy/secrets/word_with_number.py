"""Tell passwords of a word and a number, as people choose them, from what else is written so."""

from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.secrets.entropy import COMMON

_WORD: Final = LazyPattern(r"[^\W\d_]{3,24}\d{2,4}|[A-Z][a-z]{3,24}[._-]\d{4}")
_TECHNICAL: Final = LazyPattern(
    r"(?:s?sha|md|ripemd|blake|bcrypt|argon|pbkdf|scrypt|crypt|aes|rsa|hmac|hash|base|utf|ascii|latin|iso|cp"
    r"|u?int|float|double|bytes?|bits?|n?(?:var)?char|text|string|str|varbinary|binary|number|num"
    r"|numeric|integer|list|array|dict|object|class|type|enum|func|function|method|struct"
    r"|windows|win|office|python|java|node|http|https|oauth|openid|ldap|ipv|x|amd|arm|log|azure|aws"
    r"|error|err|line|page|step|stage|phase|item|field|input|output|param|arg|args|var|val|value"
    r"|key|token|secret|col|column|row|record|version|ver|level|option|mode|min|max|minimum"
    r"|maximum|minlength|maxlength|length|len|size|chapter|section|part|figure|fig|table|appendix"
    r"|test|tests|testing|user|users|username|login|account|name|email|client|server|host|hostname"
    r"|form|frm|label|lbl|txt|button|btn|box|textbox|edit|control|dialog|panel|div|span|icon|msg"
    r"|message|prompt|group|slot|node|case|rule|policy|format|model|layer|epoch|batch|block|state"
    r"|expires?|expire[ds]|attempts?|retry|retries|days?|weeks?|months?|years?|hours?|minutes?|seconds?"
    r"|room|suite|floor|apartment|apt|building|bldg|desk|ext|unit|raum|zimmer|piso"
    r"|m[ií]nim[oa]s?|mindestens|m[aá]xim[oa]s?|höchstens|минимум|максимум|minst|minimaal|minimalnie"
    r"|skipped|failed|passed|pending|blocked|success|failure|falsch|richtig|ungültig|incorrect[ao]|mauvais|errat[ao]|sbagliat[ao]|errad[ao]|onjuist|fout"
    r"|неверн\w{2}|неверен|at ?least|exactly|seite|linea|ligne|riga|ecran|zeile|optional|required"
    r"|active|inactive|premium|basic|free|trial|verified|unverified|bounced|pending|blocked|backup"
    r"|archive|open|closed"
    r"|requires?)",
)
"""What code, documentation and schemas number: types, functions, fields, products, pages."""

_CASES: Final = LazyPattern(r"[A-Z]?[a-z]+|[A-Z]+")
_VOWEL: Final = LazyPattern(r"[aeiouAEIOU]")
_LEAST_MIXED: Final = 8
_LEAST_PIECES: Final = 3
_ODD: Final = 2


def is_word_with_number(value: str) -> bool:
    """Say whether a value is a word followed by a number, and the word none that code numbers.

    After a name of a password that is how people choose one ("sunshine77", "Summer-2019");
    `sha256`, `varchar64`, `optional2` and `field12` are not.
    """
    if not _WORD.fullmatch(value):
        return False
    word = value.lower().rstrip("0123456789").rstrip("._-")
    return word not in COMMON and not _TECHNICAL.fullmatch(word)


def mixes_cases(value: str) -> bool:
    """Say whether letters change case within what would be words: "ogPAPZIdcynW".

    Where nothing but a password stands, that is one; the names of code change it between words.
    """
    if not (value.isascii() and value.isalpha() and len(value) >= _LEAST_MIXED):
        return False
    pieces = _CASES.findall(value)
    odd = sum(len(piece) <= _ODD or not _VOWEL.search(piece) for piece in pieces)
    return len(pieces) >= _LEAST_PIECES and odd >= 1
