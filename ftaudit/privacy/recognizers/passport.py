"""Passport numbers that are said to be one."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class CuedPassportRecognizer(CuedRecognizer):
    """Find what follows "passport number", whatever the country's format (ICAO 9303: up to 9)."""

    entity: ClassVar = "PASSPORT"
    shapes: ClassVar = (
        CuedPattern(
            "cued",
            r"\b(?i:passport|reisepass|passeport|pasaporte|passaporto)(?i:[ -]?(?:number|no|nr|num"
            r"|n[ºo°]|#|nummer|numéro))?[.]?[ ]?(?i:is|:|#)?[ ]{0,3}(?P<value>[A-Z]{0,3}\d{6,9})\b",
            0.85,
        ),
    )

    def accepts(self, value: str, shape: str) -> bool:  # noqa: ARG002 - one rule for every shape
        """Keep what fits the machine-readable zone."""
        return len(value) <= 9 and len(set(digits(value))) > 1
