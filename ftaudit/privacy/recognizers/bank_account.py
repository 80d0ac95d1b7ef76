"""Bank accounts, at home and abroad, and routing numbers, that are said to be one."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.checksums import digits, uniform
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, label

_LENGTHS: Final = {
    country: int(length)
    for length, countries in (
        ("15", "NO"), ("16", "BE"), ("18", "DK FI FO GL NL SD"), ("19", "MK SI"),
        ("20", "AT BA EE KZ LT LU XK"), ("21", "CH CR HR LI LV"),
        ("22", "BG BH DE GB GE IE ME RS VA"), ("23", "AE GI IL IQ OM TL"),
        ("24", "AD CZ ES MD PK RO SA SE SK TN VG"), ("25", "LY PT ST"), ("26", "IS TR"),
        ("27", "BI DJ FR GR IT MC MR SM"), ("28", "AL AZ BY CY DO GT HU LB NI PL SV"),
        ("29", "BR EG PS QA UA"), ("30", "JO KW MU YE"), ("31", "MT SC"), ("32", "LC"),
        ("33", "RU"),
    )
    for country in countries.split()
}  # fmt: skip
"""Country → characters of its IBAN (SWIFT IBAN registry)."""


class CuedIbanRecognizer(CuedRecognizer):
    """Find what follows "IBAN" in any grouping and case, by its length and check digits.

    Presidio asks for capitals and for no gap after the country: people type `de 44 5001 …`.
    """

    entity: ClassVar = "IBAN_CODE"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            r"(?<![^\W_])(?i:iban)(?:\b|_)[^\w\n]{0,6}(?:(?i:no|nr|number|nummer|is|ist|es|est|code)\b"
            r"[^\w\n]{0,4}){0,2}(?P<value>[A-Za-z]{2}[ .-]?\d[ .-]?\d(?:[ .-]?[A-Za-z0-9]){11,30})",
            0.9,
        ),
    )

    def trim(self, value: str, pattern: str) -> str:  # noqa: ARG002 - one rule for every pattern
        """Cut after as many letters and digits as the country's IBANs have."""
        left = _LENGTHS.get(value[:2].upper(), 0)
        for place, c in enumerate(value):
            left -= c.isalnum()
            if left == 0:
                return value[: place + 1]
        return ""

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Verify the check digits (ISO 13616: 1 modulo 97)."""
        plain = "".join(c for c in value.upper() if c.isalnum())
        return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


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
