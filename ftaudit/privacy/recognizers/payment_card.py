"""Payment card numbers."""

import re
from typing import ClassVar, Final

from ftaudit.privacy.recognizers.checksums import digits, luhn, uniform
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_ISSUER: Final = re.compile(r"4|5[0-8]|6|3[0-9]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|2131|1800|9792")
"""Leading digits that payment networks use: Visa, Mastercard (5 and 2-series), Maestro, Discover,
UnionPay, JCB (35, 2131, 1800), American Express, Diners, Troy (ranges under ISO/IEC 7812)."""
_GROUPED: Final = re.compile(
    r"\d{12,19}|(?:\d{4}([ -])\d{4}\1\d{4}(?:\1\d{1,4}){0,2})|\d{4}([ -])\d{6}\2\d{4,5}"
)
"""How cards are printed: unbroken, in fours, or 4-6-5 (American Express) and 4-6-4 (Diners)."""
_NUMBER: Final = r"\d(?:[ -]?\d){11,18}"


class PaymentCardRecognizer(CuedRecognizer):
    """Find card numbers of 12 to 19 digits that pass Luhn, which Presidio's own pattern cuts short.

    After a cue word any such number counts; without one it must also begin like a card.
    """

    entity: ClassVar = "CREDIT_CARD"
    shapes: ClassVar = (
        CuedPattern(
            "cued",
            r"\b(?i:cards?|visa|mastercard|amex|maestro|pan|cc|debit|credit)\b"
            rf"[^\d\n]{{0,40}}(?<![\w.])(?P<value>{_NUMBER})(?![\w-]|\.\d)",
            1.0,
        ),
        CuedPattern("bare", rf"(?<![\w.,$+=-])(?P<value>{_NUMBER})(?![\w=-]|[.,]\d)", 0.9),
    )

    def accepts(self, value: str, shape: str) -> bool:
        """Check Luhn, and without a cue the issuer and the grouping."""
        number = digits(value)
        if uniform(number) or not luhn(number):
            return False
        return shape == "cued" or (
            _ISSUER.match(number) is not None and _GROUPED.fullmatch(value) is not None
        )
