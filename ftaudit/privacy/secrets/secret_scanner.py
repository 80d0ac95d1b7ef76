"""Find credentials: vendor keys, private keys, connection strings, assigned passwords.

All patterns are matched at once over each text; only the few texts that pass are searched again,
by the patterns that matched, for the exact place. Both steps take linear time.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import msgspec
import polars as pl

from ftaudit.model.installed_version import installed_version
from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.resolve import best
from ftaudit.privacy.findings.searchable import SearchableTexts, Windows
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.patterns.pattern_cache import cached
from ftaudit.privacy.patterns.pattern_search import PatternSearch
from ftaudit.privacy.patterns.shipped_masks import SECRETS, masked
from ftaudit.privacy.secrets.command_rules import COMMANDS
from ftaudit.privacy.secrets.entropy import (
    is_encoded_pair,
    is_encoded_placeholder,
    is_reference,
    looks_random,
    placeholder,
)
from ftaudit.privacy.secrets.file_rules import FILES
from ftaudit.privacy.secrets.password_words import names_a_password
from ftaudit.privacy.secrets.secret_rule import SecretRule
from ftaudit.privacy.secrets.secret_rules import DETECT_SECRETS, RULES
from ftaudit.privacy.secrets.vendor_keys import VENDORS
from ftaudit.privacy.secrets.word_with_number import is_word_with_number, mixes_cases

_LOOK_AROUND: Final = LazyPattern(r"\(\?:\(\?<=\\W\)\|\(\?<=\^\)\)|\(\?!(?:\\w|\[[^]]*])\)")
"""The look-arounds that detect-secrets writes: (?:(?<=\\W)|(?<=^)), (?!\\w) and (?![class])."""
_LONG_REPEAT: Final = LazyPattern(r"\{(\d+),\d{3,}\}")
"""RE2 refuses more than 1,000 repeats, and an automaton is smaller without an upper bound."""
_SHORTEST: Final = 6
"""Characters of the shortest secret; shorter groups of detect-secrets' patterns are prefixes."""
_ENCODED_END: Final = LazyPattern(r"%(?:0[9AaDd]|2[02]|3[Bb])")
"""A tab, a break, a space, a quote or a semicolon that ends a value, percent-encoded."""
_LICENCE: Final = LazyPattern(
    r"(?i:licen[cs]e[_ -]?key)[\"']?\s?[:=]\s?[\"']?"
    r"(?:LicenseRef-|(?:[a-z\d]{1,20}[-.]){0,6}[a-z]{3,20}[-.\d])[\w.+-]*"
)
"""The name of a licence in a list of them (SPDX)."""
_AROUND: Final = ' \t\r\n\f\v"'
"""What may stand before and after a key in a match of detect-secrets' patterns."""
_END_OF_KEY: Final = LazyPattern(r"-----END (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY: Final = LazyPattern(
    r"(?:\\+[nr]|[\s\"'+,\\>|]|(?:Proc-Type|DEK-Info|Version|Comment|Encryption)[^\n\\]{0,100}"
    r"|: ?[^\n]{0,100}Private-Lines: ?\d{1,3}){0,12}+[A-Za-z0-9+/=]{40}"
)
"""A key's own lines after its header: documentation prints headers alone."""
_RESERVED_HOST: Final = LazyPattern(
    r"localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|(?:[\w.-]+\.)?example(?:\.(?:com|org|net))?\b"
    r"|(?:[\w.-]+\.)?(?:test|invalid|local)\b|(?:my|your)?-?(?:db|database|postgres|mysql|mongo"
    r"|redis"
    r"|host|server|hostname|broker|proxy|domain\.com)\b(?!\.?-?\w)"
)
_ARN: Final = LazyPattern(r"\barn:[\w-]{0,20}:?secretsmanager:[\w:-]{0,60}:secret:$")
"""The name of a secret in AWS, up to the name itself."""
_CURSOR: Final = LazyPattern(
    r"(?:request|idempotency|next(?:[_ -]?page)?|page|continuation|pagination|cancellation"
    r"|csrf|xsrf|resume|sync|change|eos|bos|pad|mask|unk|sep|cls|special|stop|start|end)[_ -]?$",
    re.IGNORECASE,
)
"""What makes a token one of a request, of a page or of a text, up to the word itself."""
_UNSIGNED: Final = LazyPattern(r"eyJhbGciOiJub25lI[\w-]*+\.[\w-]*+\.?+(?![\w-]{8})")
"""A JSON Web Token that says that it has no signature (RFC 7519), and has none."""
_NO_SEEDS: Final = LazyPattern(
    r"\b(?:the|and|for|from|with|your|our|their|was|were|are|has|have|not|but|into|its|his|her)\b"
)
"""Words of sentences that no wallet's list has (BIP 39)."""
_PUBLIC: Final = LazyPattern(r"pub(?:lic)?[_ -]?key[^\s:=]{0,12}[\s:=\"'`>]{1,6}$", re.IGNORECASE)
"""What makes a key one that everybody may have."""
_CLOSED: Final = LazyPattern(r"[\w.]{3,40}\)\s?[:=]")
_NEXT_PARAMETER: Final = LazyPattern(r"&(?:amp;)?[\w.%-]{1,40}=")
"""Where the next parameter of a URL or of a form begins."""
_COMPOUND: Final = LazyPattern(r"pass|kenn|pwd|psk|lösen|adgang|wacht|kod", re.IGNORECASE)
"""Words for a password that end longer words; "clave" within "enclave" is none."""
_TEMPLATE: Final = LazyPattern(r"\{\{-?\s?[\w.$ |()-]*$")
"""The beginning of a template's expression (Helm, Jinja), up to a word in it."""
_LONGEST_TEMPLATE: Final = 80
_LONGEST_HOST: Final = 64
_RESULT: Final = LazyPattern(r"(?:X?PASS|X?FAIL|SKIP(?:PED)?|UNTESTED|UNSUPPORTED|ERROR): ")
_LINE: Final = 300
"""Characters of the longest line of the results of tests."""
_LONGEST_ARN: Final = 120
_LONGEST_KEY: Final = 20_000
"""Characters after which a private key's end is no longer looked for."""


_WINDOWS: Final = Windows(65_536, 8_192)
"""Wide enough for private keys of 8,192 bits across a seam."""
OWN: Final = (*RULES, *COMMANDS, *FILES, *VENDORS)
_OWN: Final = frozenset(OWN)


class SecretScanner:
    """Search texts for secrets. Cheap to build: patterns are compiled once per process."""

    def find(
        self, texts: pl.Series, labels: pl.Series | None = None
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) for each text with secrets, by ascending position.

        Spans are resolved: they ascend and do not overlap. Placeholders are not reported.
        `labels` say what the field of each text is called (`field_labels`).
        """
        searchable = SearchableTexts(texts, labels, percent=False, windows=_WINDOWS)
        yield from searchable.placed(self._search(searchable.column))

    def _search(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        rules, search = engine()
        for position, text, matches in search.find(texts):
            spans = best(span for i, match in matches for span in _spans(rules[i], match, text))
            if spans:
                yield position, spans


@cache
def kinds() -> tuple[str, ...]:
    """Return every kind of secret that is searched for, sorted."""
    return tuple(sorted({rule.kind for rule in engine()[0]}))


@cache
def engine() -> tuple[tuple[SecretRule, ...], PatternSearch]:
    """Return every rule, and the search compiled from their patterns, once per process."""
    rules = (*OWN, *_detect_secrets())
    patterns = [rule.pattern for rule in rules]
    return rules, PatternSearch(patterns, masked(patterns, SECRETS))


class ForeignRules(msgspec.Struct, frozen=True):
    """The rules that are taken from detect-secrets."""

    rules: list[tuple[str, str, bool]]
    """Kind, pattern in RE2's syntax, and whether it is generic."""


def _detect_secrets() -> Iterator[SecretRule]:
    """Yield the rules taken from detect-secrets, whose import takes longer than many scans."""
    identity = (installed_version("detect-secrets"), repr(sorted(DETECT_SECRETS.items())))
    foreign = cached("secrets", identity, ForeignRules, lambda: ForeignRules([*_foreign_rules()]))
    yield from (SecretRule(kind, pattern, 0.7, generic) for kind, pattern, generic in foreign.rules)


def _foreign_rules() -> Iterator[tuple[str, str, bool]]:
    """Yield the denylist patterns of detect-secrets; `_bounded` stands for their look-arounds."""
    from detect_secrets import plugins
    from detect_secrets.plugins.base import RegexBasedDetector

    for module in sorted(info.name for info in pkgutil.iter_modules(plugins.__path__)):
        name = f"{plugins.__name__}.{module}"
        for detector in vars(importlib.import_module(name)).values():
            if isinstance(detector, type) and issubclass(detector, RegexBasedDetector):
                kind = DETECT_SECRETS.get(str(getattr(detector, "secret_type", "")))
                if kind is not None and detector.__module__ == name:
                    patterns: Any = detector.denylist  # declared as a property, set as a list
                    generic = kind == "CONNECTION_STRING"
                    yield from ((kind, _for_re2(p), generic) for p in patterns)


def _for_re2(pattern: "re.Pattern[str]") -> str:
    bare = _LONG_REPEAT.sub(r"{\1,}", _LOOK_AROUND.sub("", pattern.pattern))
    return ("(?i)" if pattern.flags & re.IGNORECASE else "") + bare


def _spans(rule: SecretRule, match: "re.Match[str]", text: str) -> Iterator[Span]:
    own = rule in _OWN
    start, end = _place(match, every_group=own or rule.generic)
    if rule.generic and (beyond := _ENCODED_END.search(text, start, end)):
        end = beyond.start()
        if end - start < _SHORTEST:
            return
    value = text[start:end]
    quoted = text[end : end + 1] in {'"', "'", "`"}
    if rule.bare and not quoted and (other := _NEXT_PARAMETER.search(value)):
        end = start + other.start()
        value = text[start:end]
    if _stands_for_one(rule, value, match) or _names_one(rule, match, start, end):
        return
    if rule.kind == "CONNECTION_STRING" and _is_documented(_connection(match, end), value):
        return
    if own or _bounded(text, start, end):
        if rule.kind == "PRIVATE_KEY":
            if not _KEY_BODY.match(text, end):
                return
            closing = _END_OF_KEY.search(text, end, end + _LONGEST_KEY)
            end = closing.end() if closing else end
        yield Span(rule.kind, start, end, rule.score, "ftaudit" if own else "detect-secrets")


def _stands_for_one(rule: SecretRule, value: str, match: "re.Match[str]") -> bool:
    """Say whether a value is a placeholder, a reference, or too regular for what its rule asks."""
    mixed = rule.sure and mixes_cases(value)
    random = rule.random or rule.kind in {"IBM_CLOUD_KEY", "ARTIFACTORY_CREDENTIALS"}
    if placeholder(value, strict=rule.generic) or _misses_its_form(rule, value):
        return True
    if random and not (mixed or looks_random(value)):
        return True
    named = (rule.bare or rule.kind == "IBM_CLOUD_KEY") and is_reference(value.strip(".,:"))
    return named and not (mixed or _is_chosen_word(rule, value, match))


def _misses_its_form(rule: SecretRule, value: str) -> bool:
    """Say whether a value is none of its kind, whatever letters it has."""
    match rule.kind:
        case "ARTIFACTORY_CREDENTIALS":
            return value.isupper()
        case "SEED_PHRASE":
            return _NO_SEEDS.search(value) is not None
        case "PASSWORD":
            return names_a_password(value)
        case "BASIC_AUTH":
            return not is_encoded_pair(value) or is_encoded_placeholder(value)
        case "BEARER_TOKEN":
            return is_encoded_placeholder(value)
        case _:
            return False


def _is_chosen_word(rule: SecretRule, value: str, match: "re.Match[str]") -> bool:
    """Say whether a value is a word with a number after what says that a password follows."""
    if not rule.worded or not is_word_with_number(value.strip(".,:!")):
        return False
    within = _is_within_word(match.string, match.start())
    return not within or _COMPOUND.match(match.group()) is not None


def _names_one(rule: SecretRule, match: "re.Match[str]", start: int, end: int) -> bool:
    """Say whether the words before a value tell that it is the name of a secret, or no secret."""
    text, first = match.string, match.start()
    if rule.kind == "API_KEY" and (
        _CURSOR.search(text[max(0, first - 24) : first])
        or _LICENCE.fullmatch(text, first, end)
        or text[max(0, first - 5) : first].casefold() == "spdx_"
    ):
        return True
    if rule.kind in {"API_KEY", "IBM_CLOUD_KEY"} and _PUBLIC.search(
        text[max(0, start - 36) : start]
    ):
        return True
    if rule.kind == "JWT" and _UNSIGNED.match(text, start):
        return True
    if rule.whole and _is_within_word(text, first):
        return True
    return rule.generic and _is_written_for_one(text, first, start)


def _is_written_for_one(text: str, first: int, start: int) -> bool:
    """Say whether what stands before a value makes it an argument, a template or an ARN."""
    return (
        _is_argument(text, first, start)
        or _is_test(text, first)
        or _TEMPLATE.search(text[max(0, first - _LONGEST_TEMPLATE) : first]) is not None
        or _ARN.search(text[max(0, start - _LONGEST_ARN) : start]) is not None
    )


def _is_within_word(text: str, first: int) -> bool:
    """Say whether the letter before a place belongs to the same word, which no capital begins."""
    before, letter = text[max(0, first - 1) : first], text[first : first + 1]
    if not before:
        return False
    return (before + letter).isalpha() and not (before.islower() and letter.isupper())


def _is_test(text: str, first: int) -> bool:
    """Say whether `PASS:` begins a line of the results of tests, among others."""
    if not text.startswith("PASS:", first) or text[max(0, first - 1) : first] not in {"", "\n"}:
        return False
    above = text[max(0, first - _LINE) : max(0, first - 1)].rsplit("\n", 1)[-1]
    below = text[first : first + _LINE].split("\n", 2)[1:2]
    return any(_RESULT.match(line) for line in (above, *below))


def _is_argument(text: str, first: int, start: int) -> bool:
    """Say whether a function of a password has the value, not the password: `md5(password) = …`."""
    name, bracket = text[max(0, first - 2) : first - 1], text[max(0, first - 1) : first]
    return bracket == "(" and name.isalnum() and _CLOSED.match(text, first, start) is not None


def _connection(match: "re.Match[str]", end: int) -> str:
    """Return what was matched, with the host where the match ends before it."""
    return match.group() + match.string[max(end + 1, match.end()) : end + _LONGEST_HOST]


def _is_documented(connection: str, password: str) -> bool:
    """Say whether a connection string is one that documentation prints: its host or its default.

    A password that is a plain word equal to the user, or on this machine, or on a reserved host
    protects nothing.
    """
    host = connection.rsplit("@", 1)[-1].lower()
    user = connection.rsplit("@", 1)[0].rsplit("//", 1)[-1].rsplit(":", 1)[0]
    if password in {user, "12345"} or (
        user.isupper() and password.isalpha() and password.isupper()
    ):
        return True
    plain = password.isalpha() or password.isdigit()
    return plain and _RESERVED_HOST.match(host) is not None


def _place(match: "re.Match[str]", *, every_group: bool) -> tuple[int, int]:
    """Return where the secret is: the first group long enough to be one, else the whole match.

    With `every_group` the first group is the secret, whatever its length.

    Of a whole match the marks around the key are left out, which some patterns take with it.
    """
    spans = (match.span(group + 1) for group in range(match.re.groups))
    shortest = 1 if every_group else _SHORTEST
    within = next(((start, end) for start, end in spans if end - start >= shortest), None)
    if within is not None:
        return within
    whole = match.group()
    lead, tail = len(whole.lstrip(_AROUND + "=:")), len(whole.rstrip(_AROUND))
    return match.end() - lead, match.start() + tail


def _bounded(text: str, start: int, end: int) -> bool:
    """Say whether the key is no piece of a longer word: neither neighbour continues it."""
    return not (text[max(0, start - 1) : start].isalnum() or text[end : end + 1].isalnum())
