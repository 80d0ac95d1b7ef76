"""Find phone numbers exactly as python-phonenumbers does, for many regions in one pass.

`PhoneNumberMatcher` is run once per region, and parses every candidate each time. Here candidates
are cut once; the outcome of one depends only on its digits and whether a plus sign leads them, so
it is worked out once for all regions, and only for those whose metadata does not refuse it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from ftaudit.privacy.presidio import phone_metadata

_DIGIT: Final = re.compile(r"\d")
_NOT_DIALLED: Final = re.compile(r"[^\dA-Za-z]+")
"""What stands for no digit: three letters or more of a number are dialled by their keys."""
_NOT_DIGITS: Final = re.compile(r"\D+")
_PLAIN: Final = re.compile(r"[-+ ./()\[\]0-9]+")
"""Marks that the parser ignores; others may start an extension or stand for a carrier."""
_WITH_X: Final = re.compile(r"[-+ ./()\[\]0-9xX]+")
_LABEL: Final = re.compile(
    r"\d[ \u00a0]*(?:"
    r"[\t,][ \u00a0\t,]*[x~\uff5e]|[x~\uff5e][:.\uff0e]?[ \u00a0-]*[:,\t]"
    r"|[\t, \u00a0]*(?:;ext=|e?xt|int|anexo|[#\uff03\uff58]|\uff45\uff58|\uff49\uff4e"
    r"|\u0434\u043e))",
    re.IGNORECASE,
)
"""Where an extension's label carries a candidate over what would else end it."""
_LEAD: Final = 10
"""Most characters of a candidate before its first digit: twice a lead and four marks."""
_TRIES: Final = 65535
"""`max_tries` of `PhoneNumberMatcher`; texts that might reach it are left to it."""
_LONGEST: Final = 250
"""`_MAX_INPUT_STRING_LENGTH` of the parser."""
_NATIONAL: Final = range(2, 18)
"""Digits of a national number that the parser accepts (`_MIN_LENGTH_FOR_NSN` and `_MAX_…`)."""
_VALID: Final = 1
"""`Leniency.VALID`, the only leniency at which marks between digits do not matter."""


class _Candidate(NamedTuple):
    start: int
    text: str


class PhoneSearch:
    """Matches of `PhoneNumberMatcher(text, region, leniency=VALID)` over all regions."""

    def __init__(self, regions: tuple[str, ...]) -> None:
        """Prepare to search numbers as dialled in these regions (ISO 3166-1 alpha-2)."""
        self.regions = [_Region(region, 1 << i) for i, region in enumerate(regions)]
        self._all = (1 << len(regions)) - 1
        self._matcher = import_module("phonenumbers.phonenumbermatcher")
        import_module("phonenumbers.re_util").enable_pattern_cache()  # `re` keeps but 512
        self._least = phone_metadata.shortest_abroad(min(r.least for r in self.regions))
        marks = f"{self._matcher._VALID_PUNCTUATION}{self._matcher._LEAD_CLASS_CHARS}"  # noqa: SLF001 - of a proven version
        gap = f"[{marks.replace('x', '')}]*+"
        self._enough = re.compile(rf"\d(?:{gap}[\dxX]){{{self._least - 1}}}")
        self._outcome = lru_cache(1 << 16)(self._decide)

    def find(self, text: str) -> set[tuple[int, int]] | None:
        """Return (start, end) of every match; None if the text has too many candidates."""
        spans: set[tuple[int, int]] = set()
        first_digit = _DIGIT if _LABEL.search(text) else self._enough
        pending = {0: self._all}
        tries = len(text)  # no more than characters, for the candidates that are passed over
        while pending:
            index = min(pending)
            regions = pending.pop(index)
            candidate = self._candidate(text, index, first_digit)
            if candidate is None:
                continue
            tries += 1
            for pieces, matched, start, end in self._matches(candidate, text, regions):
                tries += pieces
                if not matched:
                    continue
                spans.add((start, end))
                pending[end] = pending.get(end, 0) | matched
                regions &= ~matched
            if regions:
                end = candidate.start + len(candidate.text)
                pending[end] = pending.get(end, 0) | regions
            if tries > _TRIES:
                return None
        return spans

    def _candidate(self, text: str, index: int, first_digit: re.Pattern[str]) -> _Candidate | None:
        """Do as `_PATTERN.search`, but from the first digit on backwards.

        Candidates with too few digits are passed over where nothing else can come of them: what
        is neither a digit nor a mark always ends a candidate, but for the label of an extension.
        """
        digit = first_digit.search(text, index)
        if digit is None:
            return None
        first = digit.start()
        for start in range(max(index, first - _LEAD), first):
            match = text[start] in self._leads and self._matcher._PATTERN.match(text, start)  # noqa: SLF001 - of a proven version
            if match:
                break
        else:
            start = first
            match = self._matcher._PATTERN.match(text, first)  # noqa: SLF001 - see above
        candidate = match.group()
        if "/" in candidate or "\\" in candidate:
            second = self._matcher._SECOND_NUMBER_START_PATTERN.search(candidate)  # noqa: SLF001 - see above
            candidate = candidate[: second.start()] if second else candidate
        return _Candidate(start, candidate)

    @cached_property
    def _leads(self) -> frozenset[str]:
        pattern = self._matcher._LEAD_PATTERN  # noqa: SLF001 - of a proven version
        return frozenset(c for c in map(chr, range(0x10000)) if pattern.match(c))

    def _matches(
        self, candidate: _Candidate, text: str, regions: int
    ) -> Iterator[tuple[int, int, int, int]]:
        """Yield (pieces looked at, regions, start, end) of the match, as `_extract_match`.

        The last may have no region: it counts pieces in which nothing matched.
        """
        dialled = _NOT_DIALLED.sub("", candidate.text)
        if len(dialled) < self._least or self._is_date(candidate, text):
            return
        pieces = 0
        for piece, offset in self._pieces(candidate):
            pieces += 1
            matched = self._verify(piece, offset, text) & regions
            if matched:
                yield pieces, matched, offset, offset + len(piece)
                pieces = 0
                regions &= ~matched
            if not regions:
                return
        yield pieces, 0, 0, 0

    def _is_date(self, candidate: _Candidate, text: str) -> bool:
        start, digits = candidate
        if "/" in digits and self._matcher._SLASH_SEPARATED_DATES.search(digits):  # noqa: SLF001 - of a proven version
            return True
        end = start + len(digits)
        return bool(
            text[end : end + 1] == ":"
            and self._matcher._TIME_STAMPS.search(digits)  # noqa: SLF001 - see above
            and self._matcher._TIME_STAMPS_SUFFIX.match(text, end)  # noqa: SLF001 - see above
        )

    def _pieces(self, candidate: _Candidate) -> Iterator[tuple[str, int]]:
        """Yield the candidate, then what `_extract_inner_match` cuts from it, in its order."""
        start, digits = candidate
        yield digits, start
        if digits.isdecimal():
            return
        for cut in self._matcher._INNER_MATCHES:  # noqa: SLF001 - of a proven version
            match = cut.search(digits)
            if match:
                yield self._trimmed(digits[: match.start()]), start
            while match:
                yield self._trimmed(match.group(1)), start + match.start(1)
                match = cut.search(digits, match.start() + 1)

    def _trimmed(self, piece: str) -> str:
        unwanted = self._matcher._UNWANTED_END_CHAR_PATTERN.search(piece)  # noqa: SLF001 - of a proven version
        return piece[: unwanted.start()] if unwanted else piece

    def _verify(self, piece: str, offset: int, text: str) -> int:
        """Return the regions in which a piece is a valid number, as `_parse_and_verify`."""
        dialled = _NOT_DIALLED.sub("", piece)
        if len(dialled) < self._least or len(piece) > _LONGEST:
            return 0
        plus = piece.count("+")
        if plus > 1 or not _PLAIN.fullmatch(piece):
            possible = plus > 1 or self._is_possible(piece)
            return self._verify_one_by_one(piece, offset, text) if possible else 0
        regions = self._outcome(dialled, plus=bool(plus))
        return regions if regions and self._stands_free(piece, offset, text) else 0

    def _is_possible(self, piece: str) -> bool:
        """Whether a piece may be valid: with one `x` or two, what is after it may not count."""
        letters = piece.lower().count("x")
        if letters > 2 or not _WITH_X.fullmatch(piece):
            return True
        plus = "+" in piece
        main = piece.lower().rpartition("x")[0]
        return any(
            self._may_be_valid(_NOT_DIGITS.sub("", number), plus=plus) for number in (piece, main)
        )

    def _may_be_valid(self, digits: str, *, plus: bool) -> bool:
        code = _calling_code(digits) if plus else ""
        if code:
            return _may_follow(code, digits[len(code) :])
        return any(region.may_be_valid(digits) for region in self.regions)

    def _verify_one_by_one(self, piece: str, offset: int, text: str) -> int:
        verified = 0
        for region in self.regions:
            matcher = self._matcher.PhoneNumberMatcher(text, region.name, leniency=_VALID)
            if matcher._parse_and_verify(piece, offset) is not None:  # noqa: SLF001 - of a proven version
                verified |= region.bit
        return verified

    def _stands_free(self, piece: str, offset: int, text: str) -> bool:
        """Whether brackets match, no page numbers are in it and no letters touch it."""
        matcher = self._matcher
        if not matcher._MATCHING_BRACKETS.fullmatch(piece) or matcher._PUB_PAGES.search(piece):  # noqa: SLF001 - of a proven version
            return False
        end = offset + len(piece)
        before = offset > 0 and not matcher._LEAD_PATTERN.match(piece)  # noqa: SLF001 - see above
        beside = (text[offset - 1] if before else "") + text[end : end + 1]
        touches: Any = matcher.PhoneNumberMatcher
        return not any(
            touches._is_invalid_punctuation_symbol(c) or touches._is_latin_letter(c)  # noqa: SLF001 - see above
            for c in beside
        )

    def _decide(self, digits: str, *, plus: bool) -> int:
        """Return the regions in which digits, perhaps after a plus sign, are a valid number."""
        code = _calling_code(digits) if plus else ""
        if code:  # where it is dialled from does not matter
            rest = digits[len(code) :]
            return (
                self._all if _may_follow(code, rest) and self.regions[0].parses("+" + digits) else 0
            )
        possible = [region for region in self.regions if region.may_be_valid(digits)]
        return sum(r.bit for r in possible if (r.parses("+" + digits) if plus else r.dials(digits)))


class _Region:
    """One region in which numbers are dialled."""

    def __init__(self, name: str, bit: int) -> None:
        self.name, self.bit = name, bit
        self.least = phone_metadata.shortest(phone_metadata.calling_code(name))
        abroad = phone_metadata.international_prefix(name)
        self._abroad = re.compile(abroad) if abroad else None
        prefix = phone_metadata.national_prefix(name)
        self._prefix = re.compile(prefix) if prefix else None
        self._code = phone_metadata.calling_code(name)
        self._matcher = import_module("phonenumbers.phonenumbermatcher")
        self._util = import_module("phonenumbers.phonenumberutil")

    @cached_property
    def _national(self) -> Callable[[str], object]:
        """The test of whether digits may be dialled here, compiled for the first number."""
        return _full(phone_metadata.national(self.name))

    def may_be_valid(self, digits: str) -> bool:
        if self._national(digits):
            return True
        left = self._abroad.match(digits) if self._abroad else None
        if not left:
            return False
        rest = digits[left.end() :]
        code = _calling_code(rest)
        return bool(code) and _may_follow(code, rest[len(code) :])

    def parses(self, number: str) -> bool:
        """Whether libphonenumber itself finds the number valid."""
        try:
            parsed = self._util.parse(number, self.name, keep_raw_input=True)
        except self._util.NumberParseException:
            return False
        return bool(self._matcher._verify(_VALID, parsed, number, None))  # noqa: SLF001 - of a proven version

    def dials(self, digits: str) -> bool:
        """Whether libphonenumber finds digits valid that are dialled here without a plus sign."""
        return _is_valid(self._code, digits) if self._is_bare(digits) else self.parses(digits)

    def _is_bare(self, digits: str) -> bool:
        """Whether the parser takes digits as they are for the national number."""
        return not (
            len(digits) not in _NATIONAL
            or digits.startswith(self._code)
            or (self._prefix and self._prefix.match(digits))
            or (self._abroad and self._abroad.match(digits))
        )


@cache
def _library() -> tuple[Any, Any, Any]:
    names = ("phonenumber", "phonenumberutil", "phonenumbermatcher")
    number, util, matcher = (import_module(f"phonenumbers.{name}") for name in names)
    return number, util, matcher


@lru_cache(256)
def _is_valid(code: str, digits: str) -> bool:
    """Whether a national number is valid under a calling code that was not dialled.

    Countries that share a calling code share the answer. `parse` would make the same number.
    """
    if not phone_metadata.is_valid(code, digits):
        return False
    number, util, matcher = _library()
    parsed = number.PhoneNumber(
        country_code=int(code),
        national_number=int(digits),
        raw_input=digits,
        country_code_source=number.CountryCodeSource.FROM_DEFAULT_COUNTRY,
    )
    util._set_italian_leading_zeros_for_phone_number(digits, parsed)  # noqa: SLF001 - of a proven version
    return bool(matcher._is_national_prefix_present_if_required(parsed))  # noqa: SLF001 - see above


def _calling_code(digits: str) -> str:
    codes = phone_metadata.calling_codes()
    return next((digits[:n] for n in (1, 2, 3) if digits[:n] in codes), "")


def _may_follow(code: str, digits: str) -> bool:
    return bool(_followers(code)(digits))


@lru_cache(512)
def _followers(code: str) -> Callable[[str], object]:
    return _full(phone_metadata.international(code))


def _full(pattern: str | None) -> Callable[[str], object]:
    """Return a test of whether a pattern matches the whole of some digits; None: always."""
    if pattern is None:
        return bool
    return re.compile(pattern).fullmatch


def longest_only(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop spans inside others, as Presidio does among equal scores; sorted by start."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept
