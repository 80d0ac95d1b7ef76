"""Phone numbers that their words give away."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_NUMBER: Final = (
    r"(?P<value>(?:\+|\b00)?[ ]?\(?\d{1,5}\)?(?:[ ./-]{0,2}\(?\d{1,6}\)?){1,7}"
    r"(?:[ ]?(?i:x|ext\.?|extension)[ ]?\d{1,6})?)(?![\w@]|[.,]\d|[ ]?[%=*+])"
)
_BEFORE: Final = (
    r"\b(?i:tele?phone|phone|tel|mobile|mob|cell|cellphone|fax|desk|whats ?app|sms|hotline"
    r"|landline)"
    r"(?i:[ ]?(?:number|numbers|no|nr|num))?(?:[ ]?\((?i:home|work|mobile|cell|office|private)\))?"
    r"(?i:[ ]?(?:is|are|was|at|on|to|of))?[ ]?[.:#=-]{0,2}\s{0,3}(?:[(](?=\+|00))?"
)
_REACH: Final = (
    r"\b(?i:call(?: me| us| him| her| them| back)?|reach(?: me| us| him| her| them)?|text(?: "
    r"me| him| her)?|dial"
    r"|ring(?: me)?|answering|contact(?: me| us)?|messages?|registered|my number is|number is now)"
    r"(?i:[ ](?:on|at|to|via|by phone|under))?[ ]?:?[ ]?"
)
_AFTER: Final = r"[ -](?i:office|fax|mobile|mobi|cell|work|home phone|desk|tel)\b"


class CuedPhoneRecognizer(CuedRecognizer):
    """Find numbers of 7 to 15 digits (E.164) that follow or precede a phone word.

    Presidio asks libphonenumber, which knows only numbers valid in a few countries; people write
    local ones, typing errors and invented ones.
    """

    entity: ClassVar = "PHONE_NUMBER"
    shapes: ClassVar = (
        CuedPattern("label", _BEFORE + _NUMBER, 0.85),
        CuedPattern("reach", _REACH + _NUMBER, 0.8),
        CuedPattern(
            "after", r"(?<![\w.,/$])" + _NUMBER.replace(r"(?![\w@]|[.,]\d|[ ]?[%=*+])", _AFTER), 0.8
        ),
    )

    def trim(self, value: str) -> str:
        """Leave a closing bracket to the sentence that opened it."""
        closed = value.count(")") > value.count("(")
        return value.removesuffix(")") if closed else value

    def accepts(self, value: str, shape: str) -> bool:  # noqa: ARG002 - one rule for every shape
        """Count digits: 7 to 15, more with an extension, and no date."""
        head = value.lower().split("x", 1)[0].split("e", 1)[0]
        return 7 <= len(digits(head)) <= 15
