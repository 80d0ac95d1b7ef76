"""Passport numbers that are said to be one."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, SEPARATOR, key

_WEIGHTS: Final = (7, 3, 1)
_RIGHT: Final = 2
"""Check digits of three that must be right: scanners misread, and people invent."""


def _check_digit(field: str) -> int:
    """Return the check digit of a field in the machine-readable zone (ICAO 9303-3, 4.9)."""
    values = (0 if c == "<" else int(c, 36) for c in field)
    return sum(value * _WEIGHTS[i % 3] for i, value in enumerate(values)) % 10


class CuedPassportRecognizer(CuedRecognizer):
    """Find what follows "passport number", whatever the country's format (ICAO 9303: up to 9)."""

    entity: ClassVar = "PASSPORT"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            key(
                r"(?:passport|pass(?=-nr)|reisepass|passeport|pasaporte|passaporto|passaporte"
                r"|paspoort|paszport"
                rf"|(?:загран)?паспорт[\u0430\u0443]?(?: серия)?|护照|旅券|パスポート"
                rf"|여권|דרכון|جواز(?: (?:ال)?سفر)?)"
                rf"(?:{JOIN}(?:number|no|nr|num|n[ºo°.]|\#|nummer|num[ée]ro|id|号码?|番号|번호))?"
            )
            + rf"[.]?(?:{SEPARATOR}|[ ]?(?i:is|ist|es"
            rf"|est)?[ ]{{0,3}})(?P<value>[A-Z0-9]{{6,9}}|\d{{2}} ?\d{{2}} (?:номер |№ ?)?\d{{6}}"
            rf"|\d{{2}} \d{{7}})(?!\w)",
            0.85,
        ),
        CuedPattern(
            "machine-readable",
            r"(?<![\w<])(?P<value>(?:P[A-Z<]|[AIC][A-Z<]|V[A-Z<])(?:[A-Z]{3}|D<<)[A-Z]{2,36}<<[A-Z]{2,30}"
            r"(?:<[A-Z]{1,30}){0,4}<{2,36})(?!\w)",
            0.9,
        ),
        CuedPattern(
            "second line",
            r"(?<![\w<])(?P<value>[A-Z0-9<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{14}[\d<]\d)"
            r"(?![\w<])",
            0.9,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:
        """Keep what fits the machine-readable zone, and lines of that zone as they are."""
        if pattern == "machine-readable":
            return True
        if pattern == "second line":
            parts = (value[:10], value[13:20], value[21:28])
            right = sum(_check_digit(part[:-1]) == int(part[-1]) for part in parts)
            return right >= _RIGHT
        number = digits(value)
        return len(digits(value)) <= 10 and len(number) >= 4 and len(set(number)) > 1
