"""The Swiss social security number (AHV, AVS)."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits, weighted
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class SwissAhvRecognizer(CuedRecognizer):
    """Find AHV numbers: 756, nine digits and an EAN-13 check digit."""

    entity: ClassVar = "CH_AHV"
    patterns: ClassVar = (
        CuedPattern(
            "number",
            r"(?<![\w.-])(?P<value>756(?:\.\d{4}\.\d{4}\.\d{2}|\d{10}))(?![\w-]|\.\d)",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check GS1's modulo 10."""
        return weighted(digits(value), (1, 3) * 6 + (1,)) % 10 == 0
