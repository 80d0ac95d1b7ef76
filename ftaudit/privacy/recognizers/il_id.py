"""The Israeli identity number (teudat zehut)."""

from typing import ClassVar

from ftaudit.privacy.findings.card_numbers import luhn
from ftaudit.privacy.recognizers.checksums import digits, uniform
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class IsraeliIdRecognizer(CuedRecognizer):
    """Find nine digits after the word in Hebrew or English; the check digit must hold."""

    entity: ClassVar = "IL_ID_NUMBER"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            r"(?:ת\.?[ ]?ז\.?|ת[\"״]ז|תעודת[ ]זהות|מספר[ ]זהות|(?i:te?udat[ _]zehut"
            r"|israeli?[ _-]?id(?:[ _-]?(?:number|no))?"
            r"|id(?:[ ](?:number|no))?[ ]\(israeli?\))(?![a-z]))"
            r"[^\d\n]{0,16}(?P<value>\d{9}|\d{8}-\d)(?![\w-])",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check the digit, which is Luhn's over nine digits (Population Registry)."""
        number = digits(value)
        return luhn(number) and not uniform(number)
