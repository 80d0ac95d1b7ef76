"""The French social security number (NIR)."""

from typing import ClassVar

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class FrenchNirRecognizer(CuedRecognizer):
    """Find NIR numbers: sex, year, month, department, commune, order and a key of two digits."""

    entity: ClassVar = "FR_NIR"
    patterns: ClassVar = (
        CuedPattern(
            "number",
            r"(?<![\w.-])(?P<value>[1-478][ ]?\d{2}[ ]?(?:0[1-9]|1[0-2]|[2-9]\d)"
            r"[ ]?(?:\d{2}|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d{2})(?![\w-]|[.,]\d)",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check the key: 97 less the number modulo 97, Corsica's letters as digits (INSEE)."""
        plain = value.replace(" ", "")
        body = int(plain[:13].replace("2A", "19").replace("2B", "18"))
        return 97 - body % 97 == int(plain[13:])
