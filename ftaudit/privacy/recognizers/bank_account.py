"""Bank account and routing numbers that are said to be one."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits, uniform
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, label


class CuedBankAccountRecognizer(CuedRecognizer):
    """Find what follows "bank account number", as a key or a label."""

    entity: ClassVar = "US_BANK_NUMBER"
    patterns: ClassVar = (
        CuedPattern(
            "key",
            label(
                rf"(?:bank|checking|savings){JOIN}(?:account|acct)(?:{JOIN}(?:number|no|num|nr))?"
                rf"|(?:bank{JOIN})?routing{JOIN}(?:number|no|num|nr)|aba{JOIN}(?:number|no|routing)"
                r"|kontonummer|num[ée]ro de compte|n[úu]mero de cuenta"
            )
            + r"(?P<value>\d(?:[ -]?\d){6,16})(?![\w-])",
            0.8,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Refuse fillers."""
        return not uniform(digits(value))
