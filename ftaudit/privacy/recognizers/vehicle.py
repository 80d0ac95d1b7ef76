"""Vehicle identification numbers."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, key

_VALUES: Final = dict(
    zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ0123456789",
        [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10), *range(10)],
        strict=True,
    )
)
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN: Final = r"(?P<value>(?i:[A-HJ-NPR-Z0-9]{9}[A-HJ-NPR-Z0-9]{4}\d{4}))(?![\w-])"

_CAPITAL_VIN: Final = r"(?P<value>[A-HJ-NPR-Z0-9]{13}\d{4})(?![\w-])"
"""Small letters would let every word be the beginning of one, which makes the search slow."""


class VehicleRecognizer(CuedRecognizer):
    """Find VINs (ISO 3779): after the word, or with North America's check digit (49 CFR 565)."""

    entity: ClassVar = "VEHICLE_ID"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            key(
                rf"vin|vehicle{JOIN}(?:id|identification)(?:{JOIN}(?:number|no))?|chassis(?:{JOIN}(?:number|no))?"
                r"|fin|fahrgestellnummer|frame number|num[ée]ro de ch[âa]ssis|bastidor|telaio"
            )
            + rf"[^\n]{{0,12}}?(?<![\w-]){_VIN}",
            0.85,
        ),
        CuedPattern("bare", rf"(?<![\w.-]){_CAPITAL_VIN}", 0.6),
    )

    def accepts(self, value: str, pattern: str) -> bool:
        """Ask for letters and digits, and without a cue for capitals and the check digit."""
        mixed = any(c.isalpha() for c in value) and sum(c.isdigit() for c in value) >= 5
        if pattern == "cued" or not mixed:
            return mixed
        if not value.isupper() or len(set(value)) < 6:
            return False
        total = sum(_VALUES[c] * weight for c, weight in zip(value, _WEIGHTS, strict=True))
        return value[8] == "0123456789X"[total % 11]
