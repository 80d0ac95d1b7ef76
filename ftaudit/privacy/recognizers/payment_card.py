"""Payment card numbers."""

from typing import ClassVar, Final

from ftaudit.privacy.findings.card_numbers import GROUPED, issued, luhn
from ftaudit.privacy.recognizers.checksums import digits, uniform
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, key

_NUMBER: Final = r"\d(?:[ .-]?\d){11,18}"
_IN_FOURS: Final = r"\d{4}(?:[/_\t]\d{4}){3}"
"""Groups of four joined by what joins no other number."""


class PaymentCardRecognizer(CuedRecognizer):
    """Find card numbers of 12 to 19 digits that pass Luhn, which Presidio's own pattern cuts short.

    A network must issue such numbers. Without a cue they must also be printed like a card's.
    """

    entity: ClassVar = "CREDIT_CARD"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            key(
                r"cards?|visa|master ?card|amex|maestro|pan|cc|debit|credit|kreditkartennummer"
                r"|(?:kredit)?karte|tarjeta|carte bancaire|carte|cart[ãa]o|carta di credito"
                rf"|(?:credit{JOIN}|debit{JOIN})?card{JOIN}?(?:number|no|num|nr)|cc{JOIN}?(?:number|num)"
            )
            + rf"[^\d\n]{{0,40}}(?<![\w.])(?P<value>{_NUMBER}|{_IN_FOURS})(?![\w-]|\.\d)",
            1.0,
        ),
        CuedPattern("bare", rf"(?<![\w.,$+=-])(?P<value>{_NUMBER})(?![\w=-]|[.,]\d)", 0.9),
    )

    def accepts(self, value: str, pattern: str) -> bool:
        """Check Luhn and the issuer, and without a cue the grouping."""
        number = digits(value)
        if uniform(number) or not luhn(number):
            return False
        cued = pattern == "cued"
        return issued(number, cued=cued) and (cued or GROUPED.fullmatch(value) is not None)
