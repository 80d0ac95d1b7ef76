"""US social security numbers that are said to be one."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, SEPARATOR, key


class CuedSsnRecognizer(CuedRecognizer):
    """Find nine digits after "social security number" or "SSN", printed in groups or not."""

    entity: ClassVar = "US_SSN"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            key(
                rf"ssn|social{JOIN}security(?:{JOIN}(?:number|no\.?|num|\#))?|ssn{JOIN}(?:number|no)"
            )
            + rf"(?:{SEPARATOR}|[ ]?(?i:is|was)?[ ]{{0,3}})"
            r"(?P<value>\d{3}[ .-]?\d{2}[ .-]?\d{4})(?![\w-])",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Refuse what was never issued: area 000, 666, 9xx; group 00; serial 0000 (SSA)."""
        number = digits(value)
        area, group, serial = number[:3], number[3:5], number[5:]
        return area not in {"000", "666"} and area[0] != "9" and group != "00" and serial != "0000"
