"""The Norwegian identity number (fødselsnummer)."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits, weighted
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class NorwegianIdRecognizer(CuedRecognizer):
    """Find fødselsnummer and D-numbers: a date, three digits and two check digits."""

    entity: ClassVar = "NO_FODSELSNUMMER"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            r"\b(?i:fødselsnummer|fodselsnummer|personnummer|fnr|d-nummer)\b[^\d\n]{0,12}"
            r"(?P<value>[0-7]\d[0-1]\d{3} ?\d{5})(?!\d)",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check both digits, modulo 11 (Skatteetaten)."""
        number = digits(value)
        first = weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
        second = weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
        return first == 0 and second == 0
