"""The Mexican population registry code (CURP)."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"


class MexicanCurpRecognizer(CuedRecognizer):
    """Find CURP codes: letters of the name, date of birth, sex, state and a check digit."""

    entity: ClassVar = "MX_CURP"
    patterns: ClassVar = (
        CuedPattern(
            "code",
            r"\b(?P<value>[A-Z][AEIOUX][A-Z]{2}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
            r"[HMX][A-Z]{2}[B-DF-HJ-NP-TV-ZX]{3}[0-9A-Z][0-9])\b",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check the last digit (RENAPO's instruction, annex on the verification digit)."""
        total = sum(_ALPHABET.index(c) * (18 - place) for place, c in enumerate(value[:17]))
        return (10 - total % 10) % 10 == int(value[17])
