"""Ages of people."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import label

_AGE: Final = r"age|alter|edad|idade|[âa]ge|et[àa]|leeftijd|возраст|年龄|年齢|나이|גיל|العمر"
_ALONE: Final = r"(?![ ]?[*/+x\u00d7\u00f7=<-][ ]?[\d(<x])"
"""No sum: exercises work with ages."""
_YEARS: Final = (
    r"(?P<value>\d{1,3})\b(?![.,%]\d|[ ]?%|[ ]?(?:-|to|and)[ ]?\d|[ ][mb]illion|[ ]thousand"
    r"|[ ]years?[ ]in[ ])"
)


class AgeRecognizer(CuedRecognizer):
    """Find ages in whole years, 0 to 119, said of a person: "a 36-year-old woman", "aged 54"."""

    entity: ClassVar = "AGE"
    patterns: ClassVar = (
        CuedPattern(
            "year old",
            r"(?<![\w.,$/-])(?P<value>\d{1,3})[ -]years?[ -]old[ ]+"
            r"(?i:m|f|man|woman|male|female|boy|girl|patient|person|gentleman|lady|child"
            r"|student|mother|father)\b",
            0.6,
        ),
        CuedPattern(
            "years old",
            r"\b(?i:i am|i'm|i\u2019m|i just turned|just turned)[ ](?P<value>\d{1,3})(?:[ "
            r"]years?[ ]old\b|[ ]?y/?o\b)",
            0.6,
        ),
        CuedPattern(
            "turned",
            r"\b(?i:just turned|i turned|i'll turn|i will turn|turning)[ "
            r"](?P<value>\d{1,3})\b(?![.,%]\d|[ ]?%|/)",
            0.5,
        ),
        CuedPattern(
            "age",
            r"\b(?i:at the age of|my age is|age:|aged)[ ]" + _YEARS,
            0.5,
        ),
        CuedPattern("key", rf"(?<!-)(?<!['\u2019]s[ ]){label(_AGE)}{_YEARS}{_ALONE}", 0.5),
        CuedPattern("entry", r"(?:^|[,;(][ ]?)[Aa]ge[ ]" + _YEARS + r"(?=[,;.)\n]|$)", 0.5),
        CuedPattern("y/o", r"(?<![\w.,$/-])(?P<value>\d{1,3})[ ]?y/o\b", 0.5),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Keep what a person can be."""
        return int(value) < 120
