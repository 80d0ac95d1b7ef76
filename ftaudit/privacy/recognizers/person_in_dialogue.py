"""Names of people in calls, chats, letters and the heads of what is quoted from mail."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.full_names import is_full_name
from ftaudit.privacy.recognizers.name_shapes import (
    CAPITAL_FULL,
    FULL,
    NO_VALUE,
    WORD,
    may_be_a_name,
)

_LOW: Final = 0.45
"""Score of what is no full name."""
_SPEAKER: Final = r"(?:\[?[\d:.,]{4,12}\]?[ ])?(?:[A-Z][\w ]{1,20}:[ ])?"
_ANSWER: Final = (
    r"(?i:(?:sure|yes|yeah|yep|hi|hello|certainly|of course|okay|ok|absolutely)(?: thing)?[,.!]?[ ]"
    r"){0,2}(?i:(?:it's|it\u2019s|it is|this is|my name is|my name's|i'm|i am|the name is"
    r"|that's|name's|that would be)[ ])?"
)
_MORE: Final = r"(?=[ ]?(?:$|[,.!;]|\\n))"
_CLOCK: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:[ ]?[AaPp][Mm])?"
_MAIL: Final = r"(?:[ ]<[^<>\n]{3,80}>)?"
_WROTE: Final = r"(?:a écrit|escribió|ha scritto|escreveu)"
_QUOTED: Final = tuple(
    rf"^[> ]{{0,6}}{head}"
    for head in (
        rf"On[ ][^\n]{{6,60}}?,[ ](?P<value>{FULL}){_MAIL}[ ]wrote:",
        rf"Am[ ][^\n]{{6,40}}?[ ]schrieb[ ](?P<value>{FULL}){_MAIL}:",
        rf"(?:Le|El|Il giorno|Em)[ ][^\n]{{6,50}}?,?[ ](?P<value>{FULL}){_MAIL}[ ]?{_WROTE}[ ]?:",
        rf"(?:Op|Den|W dniu)[ ][^\n]{{6,40}}?[ ](?:schreef|skrev)[ ](?P<value>{FULL}){_MAIL}[ ]?:",
        rf"W dniu[ ][^\n]{{6,40}}?[ ](?P<value>{FULL}){_MAIL}[ ](?:pisze|napisał(?:\(a\)|a)?):",
    )
)
"""How mail programs head what they quote."""
_HEADERS: Final = (
    r"(?:From|De|Da|Van|Från|Fra|Od|От|Kimden|À|Aan|Para|Till|Кому|Kime|Absender|CC|Cci)"
)
_PARTY: Final = (
    r"(?i:plaintiffs?|defendants?|petitioners?|respondents?|appellants?|appellees?|claimants?"
    r"|complainants?|testators?|grantors?|grantees?|affiants?|deponents?)"
)


class PersonInDialogueRecognizer(CuedRecognizer):
    """Find full names that answer "your name?", head messages and quotes, and name a party."""

    entity: ClassVar = "PERSON"
    patterns: ClassVar = (
        CuedPattern(
            "answer",
            rf"\b(?i:your (?:full |first |last |maiden |sur)?name|(?:who am i|who i'm|whom am i)"
            rf" (?:speaking|talking|chatting) (?:with|to)|who(?:'s| is) (?:calling|speaking|this))"
            rf"[^\n?]{{0,40}}\?(?:[ ]|\n){{1,3}}{_SPEAKER}{_ANSWER}"
            rf"(?P<value>{FULL}|{CAPITAL_FULL}){_MORE}",
            _LOW,
        ),
        CuedPattern(
            "answering",
            rf"\b(?:[Yy]ou(?:'re|\u2019re| are)|[Yy]ou were)[ ](?:speaking|chatting|talking)[ ]"
            rf"(?:with|to)[ ](?P<value>{FULL})(?=[,.!]|[ ](?:from|in|at|of|here|and)\b|$)",
            0.7,
        ),
        CuedPattern(
            "in a turn",
            r"^(?:\[[\d:.]{4,12}\][ ])?[A-Z][\w ]{1,20}:[ ](?i:(?:hi|hello|yes|sure)[,.!]?[ ])?"
            rf"(?i:this is|it's)[ ](?P<value>{FULL})(?=[.,!]?[ ]?$|,[ ]|[.!][ ])",
            _LOW,
        ),
        *(CuedPattern("quoted", pattern, 0.7) for pattern in _QUOTED),
        CuedPattern(
            "head of a letter", rf"^{_HEADERS}[ ]?:[ ](?P<value>{FULL})(?=[ ]?(?:;|$))", _LOW
        ),
        CuedPattern(
            "message",
            rf"^(?P<value>{FULL})[ ]{{1,4}}(?:\[|\()?{_CLOCK}(?:\]|\))?[ ]?$",
            _LOW,
        ),
        CuedPattern(
            "message after the hour",
            rf"^\[{_CLOCK}\][ ](?P<value>{FULL})[ ]?(?:$|:[ ])",
            _LOW,
        ),
        CuedPattern("relayed message", rf"^<(?P<value>{WORD}[ ]{WORD})>[ ](?=\w)", _LOW),
        CuedPattern("posted", rf"\b[Pp]osted by[ ](?P<value>{FULL})(?=[ ](?:on|at)\b|$)", _LOW),
        CuedPattern(
            "party of a case",
            rf"(?<![\w.])(?P<value>{FULL}|{CAPITAL_FULL}),[ ]{_PARTY}(?![\w-])",
            _LOW,
        ),
        CuedPattern(
            "sworn",
            rf"\b(?i:sworn|subscribed|affirmed|acknowledged)[^\n]{{0,40}}? by[ ](?P<value>{FULL})"
            r"(?=[,.]|[ ](?:this|on|who)\b|$)",
            _LOW,
        ),
        CuedPattern(
            "counsel",
            rf"\b(?i:(?:attorneys?|counsel|lawyer|solicitors?) for (?:the )?{_PARTY})[ ]?:[ ]"
            rf"(?P<value>{FULL})",
            _LOW,
        ),
        CuedPattern(
            "of somebody",
            r"\b(?i:(?:performance review|reference letter|letter of recommendation|offer letter"
            r"|employment contract|reservation|booking|appointment|prescription|discharge summary"
            r"|medical report|lab results|sick note|death certificate|birth certificate"
            r"|power of attorney) (?:for|of))"
            rf"[ ](?P<value>{FULL})(?=[,.:;(]|$|[ ](?:on|at|from|in|dated|is|was|has|\())",
            _LOW,
        ),
        CuedPattern(
            "family",
            rf"^Dear[ ](?i:parents?|guardians?|family|parents? (?:and|or) guardians?)[ ]of[ ]"
            rf"(?P<value>{FULL})(?=[,:;.]|$)",
            _LOW,
        ),
        CuedPattern(
            "seen",
            rf"\b(?i:(?:seen|reviewed|examined|admitted|discharged)(?: in [a-z]{{2,12}})?"
            rf"(?: today)?):[ ](?P<value>{FULL})(?=[,;(])",
            _LOW,
        ),
    )

    def trim(self, value: str, pattern: str) -> str:  # noqa: ARG002 - one rule for every pattern
        """Leave nothing of what holds a word that is no name: "Posted by Admin Team"."""
        words = value.replace(",", "").split(" ")
        return value if all(map(may_be_a_name, words)) else ""

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Refuse what fields hold instead of a name."""
        return value.casefold() not in NO_VALUE and not any(c.isdigit() for c in value)

    def confidence(self, value: str, pattern: CuedPattern) -> float:
        """Trust a given name and a surname; anything else may be a department or a headline."""
        return max(pattern.score, 0.75) if is_full_name(value) else min(pattern.score, _LOW)
