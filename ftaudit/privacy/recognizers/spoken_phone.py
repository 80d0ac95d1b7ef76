"""Phone numbers that somebody dictates, as calls are written down: "oh seven seven double oh"."""

from typing import ClassVar, Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_DIGIT: Final = (
    r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|niner"
    r"|null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun"
    r"|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
    r"|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf|due|tre|quattro|cinque|sei|sette|otto|nove|\d)"
)
_GROUP: Final = rf"(?:(?:double|triple|treble|doble|doppel)[ -])?{_DIGIT}"
_SPOKEN: Final = rf"(?:plus[ ])?{_GROUP}(?:[ ,.-]{{1,3}}{_GROUP}){{5,15}}"
_WHOSE: Final = (
    r"(?:my|his|her|their|our|your|best|contact|phone|mobile|cell|callback|call[ -]?back)"
)
_CUE: Final = (
    rf"(?:{_WHOSE}(?:[ ](?:phone|mobile|cell|contact|new|home|work|office))?[ ]numbers?"
    r"|numbers? (?:to (?:reach|call)|for (?:you|him|her|them))|(?:reach|call|text|ring|phone)"
    r" (?:me|you|him|her|us|them)(?: back)?|(?:my|his|her|their|our) (?:cell|mobile|phone)|dial"
    r"|mobile|cell ?phone|telephone|landline"
    r"|meine (?:\w{2,8}-?)?nummer|handy(?:nummer)?|telefonnummer|mi n[úu]mero|mi tel[ée]fono"
    r"|mon num[ée]ro|mon portable|il mio numero)"
)
_MULTIPLES: Final = {"double": 2, "doble": 2, "doppel": 2, "triple": 3, "treble": 3}
_WORD: Final = LazyPattern(r"[^\W\d_]+|\d")
_SPOKEN_DIGIT: Final = LazyPattern(r"[^\W\d_]")


class SpokenPhoneRecognizer(CuedRecognizer):
    """Find 7 to 15 digits in words (E.164) after words for a phone number, or in the next turn."""

    entity: ClassVar = "PHONE_NUMBER"
    patterns: ClassVar = (
        CuedPattern(
            "said",
            rf"\b(?i:{_CUE})\b[^\n]{{0,40}}?(?:\n[^\n:]{{1,24}}:[ ][^\n]{{0,24}}?)?"
            rf"(?<![\w-])(?P<value>(?i:{_SPOKEN}))(?![\w-])",
            0.8,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Count the digits that are said, most of them in words, and not counted up."""
        words = _WORD.findall(value.lower())
        times = [_MULTIPLES.get(word, 0) for word in words]
        digits = sum(
            max(1, times[i - 1] if i else 0)
            for i, word in enumerate(words)
            if not times[i] and word != "plus"
        )
        said = sum(1 for word in words if _SPOKEN_DIGIT.match(word))
        spelled = said == 0 and len(words) == digits
        return 7 <= digits <= 15 and (spelled or said * 2 > len(words)) and not _counts_up(words)


def _counts_up(words: list[str]) -> bool:
    """Say whether words count: "one two three four five six seven"."""
    return " ".join(words[:5]) in {
        "one two three four five",
        "eins zwei drei vier fünf",
        "uno dos tres",
    }
