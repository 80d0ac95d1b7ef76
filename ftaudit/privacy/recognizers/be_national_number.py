"""The Belgian national register number."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class BelgianNationalNumberRecognizer(CuedRecognizer):
    """Find national register numbers as they are printed: `yy.mm.dd-nnn.cc`."""

    entity: ClassVar = "BE_NATIONAL_NUMBER"
    patterns: ClassVar = (
        CuedPattern(
            "printed", r"(?<![\w.-])(?P<value>\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2})(?![\w-]|\.\d)", 0.9
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check modulo 97; those born from 2000 on have a 2 before the number."""
        number = digits(value)
        return any(97 - int(prefix + number[:9]) % 97 == int(number[9:]) for prefix in ("", "2"))
