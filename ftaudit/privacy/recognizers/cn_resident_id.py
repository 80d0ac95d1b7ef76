"""The Chinese resident identity number."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.checksums import weighted
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_WEIGHTS: Final = tuple(2**place % 11 for place in range(17, 0, -1))


class ChineseResidentIdRecognizer(CuedRecognizer):
    """Find resident numbers: 17 digits with a date of birth, and a check character."""

    entity: ClassVar = "CN_RESIDENT_ID"
    patterns: ClassVar = (
        CuedPattern(
            "number",
            r"(?<![\w.-])(?P<value>[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])"
            r"(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\w-])",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check GB 11643-1999: ISO/IEC 7064 MOD 11-2."""
        check = (12 - weighted(value[:17], _WEIGHTS) % 11) % 11
        return value[17].upper() == "0123456789X"[check]
