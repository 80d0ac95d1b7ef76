"""The Dutch citizen service number (BSN)."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.checksums import digits, uniform, weighted
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)


class DutchBsnRecognizer(CuedRecognizer):
    """Find BSN numbers after the word: one number in eleven passes the test."""

    entity: ClassVar = "NL_BSN"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            r"\b(?i:bsn|burgerservicenummer|sofi-?nummer)\b[^\d\n]{0,20}"
            r"(?P<value>\d{3}[ .]?\d{3}[ .]?\d{3}|\d{4}\.\d{2}\.\d{3})(?!\d)",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check the eleven-test."""
        number = digits(value)
        return not uniform(number) and weighted(number, _WEIGHTS) % 11 == 0
