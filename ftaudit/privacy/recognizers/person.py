"""Names of people that the words around them give away."""

import re
from itertools import takewhile
from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀ-ŽΆ-ΏΑ-ΫЀ-Я"
_LOWER: Final = "a-zß-öø-ÿā-žά-ώа-џ"
_WORD: Final = rf"[{_UPPER}][\w'\u2019-]{{0,24}}[{_LOWER}]\b"
_PART: Final = rf"(?:{_WORD}|[{_UPPER}]\.)"
_PARTICLE: Final = r"(?:(?:van|von|de|der|den|da|di|la|le|bin|al|el|ter|dos|du)[ ]){0,2}"
_NAME: Final = rf"{_PART}(?:[ ]{_PARTICLE}{_PART}){{0,3}}"
_FULL: Final = rf"{_WORD}(?:[ ]{_PARTICLE}{_PART}){{1,3}}"

_POSSESSIVE: Final = re.compile(r"['\u2019]s$")
_NOT_A_NAME: Final = frozenset(
    """
    I The This That These Those You Your We They He She It My Our His Her Customer Support Sir
    Madam Madame Team All Everyone Everybody Friend Friends There Here Hello Hi Hey Dear Thanks
    Thank Regards Sincerely Best Yes No Please Monday Tuesday Wednesday Thursday Friday Saturday
    Sunday January February March April May June July August September October November December
    Mr Mrs Ms Miss Dr Prof American British French German English Sorry Glad Just Not Sure Going
    Looking Trying Happy Interested Calling Writing Assistant User Mom Dad God Doctor Professor
    Lord Lady King Queen Human Siri Alexa Manager Hiring Committee Santa Diary Journal Sirs
    Valued Guest Members Client Student Students Class Colleagues Lawyer Detective President
    Captain Chef Coach Teacher Nurse Officer Judge Director Editor Reader Readers Ladies
    Gentlemen Folks Guys Boys Girls World Earth Earthlings Worried Concerned Bank Company
    Department Service Services Office Name Full First Last Google Apple Amazon If When What
    Where Why How Who As In On At For And But Or So To From With By Of A An Is Are Do Also Then
    Now Well Oh Okay Ok Since While After Before Because Although However Today Tomorrow
    Christmas Easter Halloween Universe Nature Moon Sun Sea Ocean Future Past Self Mayor Senator
    Principal Chancellor Minister Commissioner Recruiter Landlord Neighbor Neighbour Parents
    Mother Father Grandma Grandpa Sister Brother Uncle Aunt Son Daughter Baby Love Honey Darling
    Subject Date Address Phone Email Street Road City State Country Inc Ltd Llc Corp Group
    Foundation Apt Suite Unit Box University College School Hospital Institute Museum Church
    Park Hotel
    """.split()  # noqa: SIM905 - quotes around every word would hide the words
)
"""Capitalised words that follow the same cues and are no names, by reading dialogue data."""


class CuedPersonRecognizer(CuedRecognizer):
    """Find names introduced by a title, "my name is", a form's label, a greeting or a sign-off.

    A lower bound with high precision: a name without such a cue is not found, so a report says
    that PERSON is searched by cues only. Use a model (`--ner`) to search for names.
    """

    entity: ClassVar = "PERSON"
    shapes: ClassVar = (
        CuedPattern(
            "title", rf"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|Rev|Sgt|Capt)\b\.?[ ](?P<value>{_NAME})", 0.85
        ),
        CuedPattern(
            "my name is",
            rf"\b(?i:my (?:full |first |last |maiden )?name(?:'s|\u2019s| is| was)|i am called"
            rf"|i'm called)"
            rf"[ :]{{1,2}}(?P<value>{_NAME})",
            0.85,
        ),
        CuedPattern(
            "label",
            rf"^[ \t>*\"-]{{0,4}}(?i:(?:full |first |last |card ?holder |account |maiden "
            rf"|patient |employee "
            rf"|customer |sur|user ?)?name|attn|recipient|c/o)[ ]{{0,3}}:[ "
            rf"\t]{{0,8}}(?P<value>{_NAME})",
            0.85,
        ),
        CuedPattern(
            "greeting",
            rf"^[ \t\">]{{0,3}}(?:Dear|Hi|Hello)[ ](?P<value>{_NAME})(?=[ ]?[,!:]?$|[ ]?[,:]\s)",
            0.7,
        ),
        CuedPattern(
            "sign-off",
            r"(?:[Kk]ind [Rr]egards|[Bb]est [Rr]egards|[Rr]egards|[Ss]incerely|[Bb]est "
            r"[Ww]ishes|[Yy]ours (?:truly|faithfully))"
            rf"[ ]?,\s{{1,4}}[-\u2013]?[ ]?(?P<value>{_FULL})[ ]?$",
            0.7,
        ),
        CuedPattern(
            "asked",
            r"\b(?i:what(?:'s| is) your (?:full |first |last |maiden )?name|(?:what's|what is) "
            r"the name on the account)"
            rf"\?[ ]{{0,2}}\n?(?:[A-Z][a-z]{{2,12}}:[ ])?(?P<value>{_NAME})[ ]?[.!]?$",
            0.7,
        ),
        CuedPattern(
            "i am",
            rf"(?:^|[.!?][ ]|[\"“])(?:I am|I'm|I\u2019m)[ ](?P<value>{_FULL})(?=,|[.]?$|[ "
            rf"]and\b|[ ]from\b)",
            0.6,
        ),
        CuedPattern(
            "relation",
            r"\b(?i:my (?:friend|wife|husband|son|daughter|brother|sister|boss|colleague|uncle"
            r"|aunt|cousin"
            r"|neighbou?r|mother|father|doctor|lawyer|attorney|partner|girlfriend|boyfriend"
            r"|landlord))"
            rf"[ ,]{{1,2}}(?P<value>{_NAME})",
            0.7,
        ),
    )

    def trim(self, value: str) -> str:
        """Cut from the first word that is no name; nothing is left when that is the first."""
        words = value.split(" ")
        kept = list(takewhile(lambda word: word.rstrip(".,") not in _NOT_A_NAME, words))
        return _POSSESSIVE.sub("", " ".join(kept))
