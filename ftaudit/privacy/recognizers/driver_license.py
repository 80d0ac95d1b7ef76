"""Driver's licence numbers that are said to be one."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class CuedDriverLicenseRecognizer(CuedRecognizer):
    """Find what follows "driver's license number is"; formats differ by state and country."""

    entity: ClassVar = "US_DRIVER_LICENSE"
    shapes: ClassVar = (
        CuedPattern(
            "cued",
            r"\b(?i:driver'?\u2019?s?'?|driving)[ ](?i:licen[cs]e)(?i:[ ](?:number|no|nr|num"
            r"|id)\.?)?[ ]?(?i:is|was|:|#|-){0,2}[ :#]{0,3}"
            r"(?P<value>[A-Za-z0-9](?:[ -]?[A-Za-z0-9]){4,17})\b",
            0.9,
        ),
    )

    def trim(self, value: str) -> str:
        """Keep the words up to the last that holds a digit."""
        words = value.split(" ")
        while words and not digits(words[-1]):
            words.pop()
        return " ".join(words)

    def accepts(self, value: str, shape: str) -> bool:  # noqa: ARG002 - one rule for every shape
        """Ask for at least four digits."""
        return len(digits(value)) >= 4
