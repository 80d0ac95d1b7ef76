"""Derive, from a Presidio recognizer's own patterns, a prefilter that misses none of its findings.

A recognizer that decides in its own way where to look has none, and sees every text.
"""

from functools import lru_cache
from typing import Any, Final, TypeGuard

import presidio_analyzer
from presidio_analyzer.predefined_recognizers import (
    IbanRecognizer,
    PhoneRecognizer,
    ZaMobileNumberRecognizer,
)

from ftaudit.privacy.patterns.prefilter import usable
from ftaudit.privacy.patterns.regex_ir import Underivable
from ftaudit.privacy.patterns.regex_widen import widen
from ftaudit.privacy.presidio import phone_metadata
from ftaudit.privacy.presidio import recognizer_types as typed

_LONGEST: Final = 1 << 18
"""Characters of a prefilter; a recognizer with a longer one, such as a dictionary, has none."""
_PHONES: Final = (PhoneRecognizer.analyze, ZaMobileNumberRecognizer.analyze)
"""Methods that find what `PhoneNumberMatcher` finds, or some of it."""


def derive(recognizer: typed.Recognizer) -> str | None:
    """Return a prefilter (RE2 syntax) that is in every text in which a recognizer finds anything.

    None where nothing can be said: a recognizer of another kind, or one with methods of its own
    that decide where it looks, or with patterns that cannot be read.
    """
    if _is_phone(recognizer):
        readable = recognizer.leniency >= 1 and _method(recognizer, "analyze") in _PHONES
        return phone_metadata.shape(tuple(recognizer.supported_regions)) if readable else None
    if _is_pattern(recognizer) and _looks_where_patterns_match(recognizer):
        flags = int(recognizer.global_regex_flags or 0)
        return derive_from_patterns(tuple(p.regex for p in recognizer.patterns), flags)
    return None


@lru_cache(1024)
def derive_from_patterns(patterns: tuple[str, ...], flags: int) -> str | None:
    """Return a prefilter for patterns of the `regex` module, or None if it cannot be told."""
    try:
        shape = widen(patterns, flags)
    except Underivable:
        return None
    return shape if len(shape) <= _LONGEST and usable(shape) else None


def looks_for_phones(
    recognizer: typed.Recognizer,
) -> TypeGuard[typed.PhoneRecognizer]:
    """Whether it finds what `PhoneNumberMatcher` finds at leniency `VALID` in its regions.

    At `POSSIBLE` numbers need not be valid; above `VALID` the marks between digits matter.
    """
    return (
        _is_phone(recognizer)
        and recognizer.leniency == 1
        and _method(recognizer, "analyze") is PhoneRecognizer.analyze
    )


def runs_patterns_as_presidio(
    recognizer: typed.Recognizer,
) -> TypeGuard[typed.PatternRecognizer]:
    """Whether it searches its patterns with `PatternRecognizer`'s own methods."""
    return (
        _is_pattern(recognizer)
        and bool(recognizer.patterns)
        and not overrides(recognizer, presidio_analyzer.PatternRecognizer, "analyze")
        and _searches_as(recognizer, presidio_analyzer.PatternRecognizer)
    )


def _looks_where_patterns_match(recognizer: typed.PatternRecognizer) -> bool:
    return runs_patterns_as_presidio(recognizer) or (
        bool(recognizer.patterns)
        and not overrides(recognizer, IbanRecognizer, "analyze")
        and _searches_as(recognizer, IbanRecognizer)
    )


def _searches_as(recognizer: typed.PatternRecognizer, kind: type) -> bool:
    return not overrides(recognizer, kind, f"_{kind.__name__}__analyze_patterns")


def overrides(recognizer: typed.Recognizer, kind: type, name: str) -> bool:
    """Whether a method of a recognizer is not the one of `kind`."""
    return _method(recognizer, name) is not vars(kind)[name]


def _method(recognizer: typed.Recognizer, name: str) -> Any:  # noqa: ANN401 - a function
    """Return the function behind a method, unless the object hides it or has none."""
    return None if name in vars(recognizer) else getattr(type(recognizer), name, None)


def _is_phone(
    recognizer: typed.Recognizer,
) -> TypeGuard[typed.PhoneRecognizer]:
    return isinstance(recognizer, PhoneRecognizer)


def _is_pattern(
    recognizer: typed.Recognizer,
) -> TypeGuard[typed.PatternRecognizer]:
    return isinstance(recognizer, presidio_analyzer.PatternRecognizer)
