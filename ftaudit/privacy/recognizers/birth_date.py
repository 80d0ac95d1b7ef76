"""Dates of birth."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_MONTH: Final = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE: Final = (
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})|\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ .-]{_MONTH}\.?,?[ -]\d{{4}}|{_MONTH}\.?[ "
    rf"]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}})"
)
_CLOCK: Final = r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
"""Databases write dates with the hour of midnight."""
_CUE: Final = (
    r"\b(?i:born(?: on)?|date of birth|birth ?date|birth ?day|d\.?o\.?b\.?|geboren am|geb\."
    r"|fecha de nacimiento"
    r"|date de naissance|n[ée]e? le|data di nascita|data de nascimento)"
)


class BirthDateRecognizer(CuedRecognizer):
    """Find a full date within a few words of "born", "date of birth" or its like."""

    entity: ClassVar = "DATE_OF_BIRTH"
    shapes: ClassVar = (
        CuedPattern("cued", rf"{_CUE}[^\d\n]{{0,24}}\b(?P<value>{DATE}{_CLOCK})(?!\d)", 0.9),
    )
