"""The Chilean identity number (RUT)."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits, weighted
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class ChileanRutRecognizer(CuedRecognizer):
    """Find RUT numbers as they are printed, `12.345.678-5`, or after the word."""

    entity: ClassVar = "CL_RUT"
    patterns: ClassVar = (
        CuedPattern(
            "printed", r"(?<![\w.-])(?P<value>\d{1,2}\.\d{3}\.\d{3}-[\dKk])(?![\w-])", 0.85
        ),
        CuedPattern(
            "cued", r"\b(?i:rut|run)\b[^\d\n]{0,12}(?P<value>\d{7,8}-[\dKk])(?![\w-])", 0.9
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check modulo 11 with weights 2 to 7 from the right."""
        body = digits(value[:-1])
        check = -weighted(body[::-1], (2, 3, 4, 5, 6, 7, 2, 3)) % 11
        return value[-1].upper() == "0123456789K"[check]
