"""Numbers of telephones and SIM cards that are said to be one."""

from typing import ClassVar

from ftaudit.privacy.findings.card_numbers import luhn
from ftaudit.privacy.recognizers.checksums import digits, uniform
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, SEPARATOR, key


class DeviceIdRecognizer(CuedRecognizer):
    """Find IMEI, IMSI and ICCID after the word; the check digit of an IMEI or ICCID must hold."""

    entity: ClassVar = "DEVICE_ID"
    patterns: ClassVar = (
        CuedPattern(
            "imei",
            key(rf"imei(?:{JOIN}(?:number|no|[12]))?|iccid")
            + rf"(?:{SEPARATOR}|(?i:[ ]is)?[ ]{{1,2}})(?P<value>\d(?:[ -]?\d){{14,18}})(?![\w-])",
            0.9,
        ),
        CuedPattern(
            "imsi",
            key(rf"imsi(?:{JOIN}(?:number|no))?")
            + rf"(?:{SEPARATOR}|(?i:[ ]is)?[ ]{{1,2}})(?P<value>\d{{14,15}})(?![\w-])",
            0.85,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:
        """Check the digit, which is Luhn's (3GPP TS 23.003, ITU-T E.118); an IMSI has none."""
        number = digits(value)
        return not uniform(number) and (pattern == "imsi" or luhn(number))
