"""Names of people in the formats of machines: directories, claims, payments, passengers, photos."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.full_names import is_full_name
from ftaudit.privacy.recognizers.name_shapes import CAPITAL_FULL, FULL, NO_VALUE, WORD

_LOW: Final = 0.45
"""Score where a group, a company or a band may stand, too."""
_CAPITALS: Final = r"[A-ZÀ-Ž][A-ZÀ-Ž' -]{1,34}"
_HOLDER: Final = (
    r"(?:customer|client|person|people|employee|patient|student|teacher|contact|author|developer"
    r"|contributor|user|member|owner|recipient|sender|passenger|traveller|traveler|guest|buyer"
    r"|seller|applicant|claimant|insured|policyHolder|cardHolder|accountHolder|debtor|creditor"
    r"|beneficiary|payer|payee|subscriber|driver|doctor|nurse|physician|guardian|parent|spouse"
    r"|child|witness|attendee|participant|candidate|tenant|landlord|Dbtr|Cdtr|UltmtDbtr|UltmtCdtr"
    r"|kunde|mitarbeiter|cliente|empleado|paciente|klant)"
)
_SURE: Final = frozenset(
    {
        "directory, family name first",
        "claim",
        "resource, family",
        "resource, given",
        "boarding",
        "card",
    }
)
"""Patterns whose format has a place for people only."""


class PersonInRecordsRecognizer(CuedRecognizer):
    """Find full names where LDAP, EDI, FHIR, ISO 20022, EXIF, boarding passes and XML have them."""

    entity: ClassVar = "PERSON"
    patterns: ClassVar = (
        CuedPattern(
            "directory",
            rf"\b(?i:cn)=(?P<value>{FULL})(?=,[ ]?(?i:ou|dc|o|cn|c|l|uid)=)",
            _LOW,
        ),
        CuedPattern(
            "directory, family name first",
            rf"\b(?i:cn)=(?P<value>{WORD}\\{{1,2}},[ ]?{WORD}(?:[ ][A-Z]\.?)?)"
            r"(?=,[ ]?(?i:ou|dc|o|cn)=)",
            0.8,
        ),
        CuedPattern("entry of a directory", rf"^cn:[ ](?P<value>{FULL})[ ]*$", _LOW),
        CuedPattern(
            "claim",
            rf"\bNM1\*[A-Z0-9]{{2}}\*1\*(?P<value>{_CAPITALS}\*{_CAPITALS})(?=[*~])",
            0.85,
        ),
        CuedPattern("contact of a claim", rf"\bPER\*[A-Z]{{2}}\*(?P<value>{CAPITAL_FULL})\*", 0.7),
        CuedPattern(
            "resource, family",
            rf"\"family\\?\"\s?:\s?\\?\"(?P<value>{WORD})"
            r"(?=\\?\"[^{}]{0,60}?\"given\\?\"\s?:\s?\[\s{0,12}\\?\"[A-Z])",
            0.8,
        ),
        CuedPattern(
            "resource, given", rf"\"given\\?\"\s?:\s?\[\s{{0,12}}\\?\"(?P<value>{WORD})", 0.8
        ),
        CuedPattern("payment", rf"<(?:\w{{1,8}}:)?Nm>(?P<value>{FULL}|{CAPITAL_FULL})</", _LOW),
        CuedPattern(
            "photo",
            r"(?:\b(?:Exif\.\w{2,12}\.|exif:|EXIF:|XMP:|IPTC:|dc:)(?i:artist|by-?line|creator"
            r"|xpauthor)[\"']?[ ]{0,20}[:=]|^(?:Artist|By-line|Creator|XP Author)[ ]{4,40}:)[ ]?"
            rf"[\"']?(?P<value>{FULL})",
            _LOW,
        ),
        CuedPattern(
            "boarding",
            r"(?<![A-Za-z0-9])M[1-9](?P<value>[A-Z]{2,18}/[A-Z]{2,16})[ ]{1,18}E[A-Z0-9]{6,7}[ ]",
            0.85,
        ),
        CuedPattern(
            "passenger",
            r"\b(?i:passenger|guest|pax|travell?er)(?i:[ ]names?)?[ ]?:[ ]{0,4}"
            r"(?P<value>[A-Z]{2,20}[ ]?/[ ]?[A-Z]{2,20})(?![A-Z/])",
            0.75,
        ),
        CuedPattern(
            "passengers",
            r"(?P<value>[A-Z]{2,20}[ ]/[ ][A-Z]{2,20})[ ](?:MRS?|MS|MISS|MSTR)\b",
            0.75,
        ),
        CuedPattern(
            "card",
            r"(?<![\w<])(?=[A-Z<]{30}(?![\w<]))(?P<value>[A-Z]{2,26}(?:<[A-Z]{1,20}){0,3}<<[A-Z]{2,20}(?:<[A-Z]{1,20}){0,3})"
            r"<{4,27}(?![\w<])",
            0.8,
        ),
        CuedPattern(
            "holder's tag",
            rf"<(?i:\w{{1,8}}:)?(?i:{_HOLDER})(?:[ ][^<>]{{0,80}})?>\s{{0,20}}"
            rf"(?:<(?i:id|type|no|number)>[^<>]{{0,40}}</\w{{2,6}}>\s{{0,20}})?"
            rf"<(?:\w{{1,8}}:)?(?i:full_?|display_?)?(?i:name|nm)>\s{{0,8}}"
            rf"(?P<value>{FULL}|{CAPITAL_FULL})\s{{0,8}}</",
            0.75,
        ),
        CuedPattern(
            "tag",
            rf"<(?i:name)>\s{{0,8}}(?P<value>{FULL}|{CAPITAL_FULL})\s{{0,8}}</",
            _LOW,
        ),
        CuedPattern(
            "list of authors",
            rf"^authors?:[ ]{{0,2}}\n[ ]{{0,4}}-[ ](?:name:[ ])?[\"']?(?P<value>{FULL})"
            r"[\"']?(?=[ ]*$|[ ]<)",
            _LOW,
        ),
        CuedPattern(
            "party of a message",
            r"\bNAD\+[A-Z]{2}\+[^+'\n]{0,35}\+{0,2}[^+'\n]{0,10}\+"
            rf"(?P<value>{FULL}|{CAPITAL_FULL})(?=[+'])",
            _LOW,
        ),
        CuedPattern(
            "row of a page",
            r"<t[dh](?:[ ][^<>]{0,60})?>\s{0,4}(?i:(?:full )?name):?\s{0,4}</t[dh]>\s{0,8}"
            rf"<td(?:[ ][^<>]{{0,60}})?>\s{{0,4}}(?P<value>{FULL})\s{{0,4}}</",
            _LOW,
        ),
        CuedPattern(
            "constructed by name",
            r"\b(?:Customer|Person|Employee|Patient|Student|Contact|Guest|Passenger|User)\(name=[\"']"
            rf"(?P<value>{FULL})(?=[\"'])",
            _LOW,
        ),
        CuedPattern(
            "constructed",
            r"\b(?:new[ ])?(?:Customer|Person|Employee|Patient|Student|Contact|Guest"
            rf"|Passenger)\([\"'](?P<value>{WORD}[\"'],[ ]?[\"']{WORD})(?=[\"'])",
            _LOW,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:
        """Refuse what fields hold instead of a name, and bare tags of what is no name."""
        if value.casefold() in NO_VALUE or any(c.isdigit() for c in value):
            return False
        return pattern not in {"tag", "holder's tag", "constructed"} or is_full_name(_plain(value))

    def confidence(self, value: str, pattern: CuedPattern) -> float:
        """Trust a name where groups and companies stand, too, when it is a full name.

        A bare tag `<name>` holds products, places and modules, and who wrote a text is public: they
        identify beside a contact only.
        """
        if pattern.name in _SURE or pattern.name in {"tag", "list of authors"}:
            return pattern.score
        return max(pattern.score, 0.75) if is_full_name(_plain(value)) else _LOW


def _plain(value: str) -> str:
    """Return a name without the marks that a format puts between its parts."""
    return " ".join("".join(" " if c in "*/\\,\"'<" else c for c in value).title().split())
