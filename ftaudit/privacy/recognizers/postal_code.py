"""Postal codes that are said to be one."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_CUE: Final = (
    r"(?i:zip(?:[ _-]?code)?|post(?:al)?[ _-]?code|postleitzahl|plz|c[óo]digo[ _]postal"
    r"|code[ _]postal|cep|postnummer)"
)
_CODE: Final = (
    r"(?:(?=[A-Z]{0,4}\d)(?:[A-Z0-9]{2,5}[ -][A-Z0-9]{2,4}|[A-Z0-9]{3,5})(?!-\d\d)"
    r"|[A-Z]{1,3}[ -]\d{2,6}(?:[ ]\d{2,4})?)"
)
"""With a digit: "94107", "SW1A 1AA", "K1A 0B1", "LV-1010", "SE-111 22"."""


class CuedPostalCodeRecognizer(CuedRecognizer):
    """Find what follows "zip code" or "postcode", whatever the country's format."""

    entity: ClassVar = "ZIP_CODE"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            rf"\b{_CUE}(?:[ ]?[(/]?{_CUE}\)?)?(?i:[ ]is)?(?:[ ]?:[ ]{{0,3}}|[ ]{{1,3}})"
            rf"(?P<value>{_CODE})\b",
            0.7,
        ),
    )
