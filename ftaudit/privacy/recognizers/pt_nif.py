"""The Portuguese taxpayer number (NIF)."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits, weighted
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class PortugueseNifRecognizer(CuedRecognizer):
    """Find NIF numbers after the word."""

    entity: ClassVar = "PT_NIF"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            r"\b(?i:nif|n\.?[ºo]? ?(?:de )?contribuinte|número de contribuinte)\b[^\d\n]{0,12}"
            r"(?P<value>[1-9]\d{2} ?\d{3} ?\d{3})(?!\d)",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check modulo 11; a remainder of 0 or 1 gives the check digit 0."""
        number = digits(value)
        check = 11 - weighted(number[:8], range(9, 1, -1)) % 11
        return (0 if check > 9 else check) == int(number[8])
