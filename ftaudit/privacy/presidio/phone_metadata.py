"""Which digits a phone number can have, from libphonenumber's metadata, as sound patterns.

Every expression here accepts at least the digit strings that libphonenumber accepts, so that one
it refuses need not be parsed. The derivation follows `phonenumberutil.parse` and
`is_valid_number` of phonenumbers 9.0 (Google's libphonenumber).
"""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from ftaudit.privacy.patterns.regex_ir import (
    ASCII,
    Alt,
    Chars,
    Node,
    Repeat,
    Seq,
    ends_with_group,
    parse,
    to_re2,
)
from ftaudit.privacy.patterns.regex_widen import factor

_DESCRIPTIONS: Final = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number",
    "voip", "pager", "uan", "voicemail",
)  # fmt: skip
"""Kinds of number, one of which a valid number matches (`_number_type_helper`)."""
_GAP: Final = 4
"""Most punctuation marks between two digits of a candidate (`_PUNCTUATION_LIMIT`)."""
_ENOUGH: Final = 6
"""A run of this many digits is looked at whatever they are; shorter ones only if valid."""
_FEW: Final = 12
"""More short prefixes than this are not worth their place in an automaton."""


_LETTERED: Final = parse(r"\d[ \t,\u00a0]*(?:;ext=|e?xt|int|anexo)", re.IGNORECASE)
"""A digit and an extension's label of three letters or more (`_create_extn_pattern`)."""

_LEAST_NATIONAL: Final = 2
"""Fewest digits of any national number (`_MIN_LENGTH_FOR_NSN`)."""


def _metadata(region: str) -> Any:  # noqa: ANN401 - phonenumbers has no types
    return import_module("phonenumbers.phonemetadata").PhoneMetadata.metadata_for_region(region)


@cache
def calling_codes() -> dict[str, tuple[str, ...]]:
    """Return every country calling code with its regions, the main one first."""
    table = import_module("phonenumbers").COUNTRY_CODE_TO_REGION_CODE
    return {str(code): tuple(regions) for code, regions in table.items()}


def calling_code(region: str) -> str:
    """Return a region's country calling code."""
    return str(_metadata(region).country_code)


def _descriptions(code: str) -> list[tuple[frozenset[int], str]]:
    """Lengths (none: any) and pattern of every kind of valid number under a calling code."""
    of_code = import_module("phonenumbers.phonemetadata").PhoneMetadata
    described: dict[tuple[frozenset[int], str], None] = {}
    for region in calling_codes()[code]:
        metadata = of_code.metadata_for_region_or_calling_code(int(code), region)
        general = metadata.general_desc.possible_length
        for kind in _DESCRIPTIONS:
            description = getattr(metadata, kind)
            if description is not None and description.national_number_pattern:
                lengths = frozenset(description.possible_length or general)
                described[lengths, description.national_number_pattern] = None
    return list(described)


@cache
def shortest(code: str) -> int:
    """Return the fewest digits of a valid national number under a calling code."""
    lengths = (min(lengths, default=_LEAST_NATIONAL) for lengths, _ in _descriptions(code))
    return min(lengths)


def shortest_abroad(most: int) -> int:
    """Return the fewest digits of a valid number with its calling code, or `most` if fewer.

    Most countries need not be read for it: with their code alone a number is long enough.
    """
    for code in sorted(calling_codes(), key=len):
        if len(code) + _LEAST_NATIONAL >= most:
            break
        most = min(most, len(code) + shortest(code))
    return most


class NumbersOfRegion(NamedTuple):
    """The valid national numbers of a region: lengths (none: any) and a test of digits."""

    leading: Callable[[str], object] | None
    """What numbers of the region begin with, if that alone tells the region."""
    general: tuple[frozenset[int], Callable[[str], object]]
    kinds: tuple[tuple[frozenset[int], Callable[[str], object]], ...]
    """A number is of the general form, and of one of these."""

    def hold(self, digits: str) -> bool:
        """Whether digits are one of the numbers: `_number_type_helper`."""
        count, (lengths, fits) = len(digits), self.general
        if (lengths and count not in lengths) or not fits(digits):
            return False
        return any((not sizes or count in sizes) and match(digits) for sizes, match in self.kinds)


@cache
def _numbers(code: str) -> tuple[NumbersOfRegion, ...]:
    """Return the numbers of every region of a calling code."""
    regions = calling_codes()[code]
    of_code = import_module("phonenumbers.phonemetadata").PhoneMetadata
    return tuple(
        _numbers_of(
            of_code.metadata_for_region_or_calling_code(int(code), region), alone=len(regions) == 1
        )
        for region in regions
    )


def _numbers_of(metadata: Any, *, alone: bool) -> NumbersOfRegion:  # noqa: ANN401 - phonenumbers has no types
    same = metadata.same_mobile_and_fixed_line_pattern
    kinds = (getattr(metadata, kind) for kind in _DESCRIPTIONS if not (same and kind == "mobile"))
    leading = None if alone else metadata.leading_digits
    return NumbersOfRegion(
        leading=None if leading is None else re.compile(leading).match,
        general=_described(metadata.general_desc),
        kinds=tuple(_described(kind) for kind in kinds if kind and kind.national_number_pattern),
    )


def _described(description: Any) -> tuple[frozenset[int], Callable[[str], object]]:  # noqa: ANN401 - as above
    pattern = re.compile(description.national_number_pattern or "(?!)")
    return frozenset(description.possible_length), pattern.fullmatch


def is_valid(code: str, digits: str) -> bool:
    """Whether digits are a valid national number under a calling code: `is_valid_number`."""
    for numbers in _numbers(code):
        if numbers.leading is not None:
            if numbers.leading(digits):
                return numbers.hold(digits)
        elif numbers.hold(digits):
            return True
    return False


@cache
def valid(code: str) -> str:
    """Return a pattern of the valid national numbers under a calling code, without anchors."""
    return "|".join(f"(?:{pattern})" for _, pattern in _descriptions(code))


def national(region: str) -> str | None:
    """Return a pattern of digits that may be dialled to a valid number from within a region.

    That is: calling code (perhaps), national prefix (perhaps twice, as it is stripped before and
    after the calling code), valid number. None where a prefix is replaced by other digits.
    """
    code = calling_code(region)
    prefixes = []
    for origin in {region: None, calling_codes()[code][0]: None}:
        metadata = _metadata(origin)
        rule = metadata.national_prefix_transform_rule
        if rule:
            group = re.fullmatch(r"\\(\d)", rule)
            if not group or not ends_with_group(
                metadata.national_prefix_for_parsing, int(group[1])
            ):
                return None
            return rf"\d*(?:{valid(code)})"  # what is left is the end of what was dialled
        if metadata.national_prefix_for_parsing:
            prefixes.append(f"(?:{metadata.national_prefix_for_parsing})")
    prefix = f"(?:{'|'.join(dict.fromkeys(prefixes))})?" if prefixes else ""
    return f"(?:{code})?{prefix}{prefix}(?:{valid(code)})"


def international_prefix(region: str) -> str | None:
    """Return a pattern of the digits that lead abroad from a region, if it has any."""
    prefix: str | None = _metadata(region).international_prefix
    return prefix


def national_prefix(region: str) -> str | None:
    """Return a pattern of what the parser strips from the start of digits, if it strips any."""
    prefix: str | None = _metadata(region).national_prefix_for_parsing
    return prefix


def international(code: str) -> str | None:
    """Return a pattern of what may follow a calling code; None where anything may."""
    main = calling_codes()[code][0]
    if main == "001":
        return f"(?:{valid(code)})"
    inside = national(main)
    return inside and f"(?:{inside})"


@cache
def shape(regions: tuple[str, ...]) -> str | None:
    """Return RE2 syntax that is in every text with a valid number for one of the regions.

    None if it cannot be told. A number is a run of digits with few marks between them: of
    `_ENOUGH` digits, or one of the shorter numbers that the metadata of a region knows. An `x` may
    stand for a digit, as the letters of an extension's label may: three letters are dialled.
    """
    if any(national(region) is None for region in regions):
        return None
    if min(len(code) + shortest(code) for code in calling_codes()) < _ENOUGH:
        return None
    short = _short(tuple(dict.fromkeys(map(calling_code, regions))))
    enough = _ENOUGH
    while enough > 1 and len({p for p, n in short if n == enough - 1}) > _FEW:
        enough -= 1
    runs = [_run(_prefix(start), length) for start, length in sorted(short) if length < enough]
    return to_re2(factor(Alt((_run((), enough), *runs, _LETTERED))))


def _short(codes: tuple[str, ...]) -> set[tuple[str, int]]:
    """First three digits and length of every valid national number shorter than `_ENOUGH`."""
    starts = set()
    for code in codes:
        described = [(re.compile(p), lengths) for lengths, p in _descriptions(code)]
        for length in range(2, _ENOUGH):
            patterns = [p for p, lengths in described if length in lengths]
            for number in range(10**length) if patterns else ():
                digits = f"{number:0{length}d}"
                if any(pattern.fullmatch(digits) for pattern in patterns):
                    starts.add((digits[:3], length))
    return starts


def _prefix(start: str) -> tuple[Node, ...]:
    return tuple(Chars(frozenset({ord(digit), *b"xX"}), other=True) for digit in start)


def _run(start: tuple[Node, ...], length: int) -> Node:
    """`length` digits, the first ones given, with at most `_GAP` marks between two."""
    digit = Chars(frozenset(b"0123456789xX"), other=True)
    gap = Repeat(0, _GAP, Chars(_punctuation(), other=True))
    digits = (*start, *[digit] * (length - len(start)))
    return Seq((digits[0], *(item for node in digits[1:] for item in (gap, node))))


@cache
def _punctuation() -> frozenset[int]:
    matcher = import_module("phonenumbers.phonenumbermatcher")
    marks = re.compile(f"[{matcher._VALID_PUNCTUATION}{matcher._LEAD_CLASS_CHARS}]", re.IGNORECASE)  # noqa: SLF001 - of a proven version
    return frozenset(i for i in ASCII if marks.match(chr(i)))
