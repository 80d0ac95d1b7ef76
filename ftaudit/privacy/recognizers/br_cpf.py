"""The Brazilian taxpayer number (CPF)."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits, uniform, weighted
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class BrazilianCpfRecognizer(CuedRecognizer):
    """Find CPF numbers: as they are printed, or after the word; both check digits must hold."""

    entity: ClassVar = "BR_CPF"
    patterns: ClassVar = (
        CuedPattern("printed", r"(?<![\w.-])(?P<value>\d{3}\.\d{3}\.\d{3}-\d{2})(?![\w-])", 0.9),
        CuedPattern("cued", r"\b(?i:cpf)\b[^\d\n]{0,20}(?P<value>\d{11})(?!\d)", 0.9),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check both digits, modulo 11 (Receita Federal)."""
        number = digits(value)
        first = weighted(number[:9], range(10, 1, -1)) * 10 % 11 % 10
        second = weighted(number[:10], range(11, 1, -1)) * 10 % 11 % 10
        return not uniform(number) and number[9:] == f"{first}{second}"
