"""Names of people where letters, declarations and notes about a customer have them."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.full_names import is_full_name
from ftaudit.privacy.recognizers.name_shapes import (
    ARABIC,
    FULL,
    HEBREW,
    JAPANESE_SURNAMES,
    NO_UNCASED,
    NO_VALUE,
    WORD,
    may_be_a_name,
)

_LOW: Final = 0.45
"""Score of what is no full name."""
_FULL: Final = 0.7
_ROLE: Final = (
    r"(?:[Cc]ustomer|[Cc]lient|[Pp]atient|[Ee]mployee|[Tt]enant|[Ss]tudent|[Rr]esident|[Cc]laimant"
    r"|[Pp]assenger|[Gg]uest|[Cc]aller|[Pp]olicyholder|[Aa]pplicant|[Mm]ember|[Dd]river|[Ww]itness"
    r"|Kunde|Kundin|Kunden|Patientin|Mitarbeiter|Mitarbeiterin|Mieter|Mieterin|Bewohnerin|Schüler"
    r"|Schülerin|[Cc]liente|[Pp]aciente|[Pp]aziente|[Ee]mpleado|[Aa]lumn[oa]|[Ll]ocataire|[Éé]lève"
    r"|[Kk]lant|[Pp]atiënt|[Kk]lient(?:ka)?|[Pp]acjent(?:ka)?)"
)
_DECLARED: Final = (
    rf"\b[Jj]e,?[ ]soussignée?,?[ ](?P<value>{FULL})",
    rf"\b(?:[Ee]l|[Ll]a)[ ]abajo[ ]firmante,?[ ](?P<value>{FULL})",
    rf"\b(?:[Ii]l|[Ll]a)[ ]sottoscritt[oa],?[ ](?P<value>{FULL})",
    (
        rf"\bEu,[ ](?P<value>{FULL}),[ ](?:portador|brasileir|residente|inscrit|declaro|abaixo"
        r"|casad|solteir)"
    ),
    rf"\b[Jj]a,?[ ]niżej[ ]podpisan[ya],?[ ](?P<value>{FULL})",
    (
        rf"\b[Ii]ch,[ ](?P<value>{FULL}),[ ](?:bevollmächtig|erklär|wohnhaft|geb|versicher|bestätig"
        r"|beantrag|kündig)"
    ),
    rf"\b[Oo]ndergetekende,?[ ](?P<value>{FULL})",
    rf"\bЯ,[ ](?P<value>{FULL}),[ ](?:паспорт|прожива|прошу|зарегистр|нижеподпис|\d)",
)
_NAMED: Final = (
    r"(?:[Aa]uf den Namen|lautend auf|[Aa]u nom de|[Aa] nombre de|[Ii]ntestat[oa] a|[Aa] nome di"
    r"|[Ee]m nome de|[Oo]p naam van|[Nn]a nazwisko|[Uu]nder the name(?: of)?|[Ii]n the name of"
    r"|[Mm]ade out to|[Pp]ayable to|[Rr]egistered to|[Ii]ssued to|[Pp]repared for|[Oo]n behalf of"
    r"|[Mm]inutes taken by|[Ii]n case of emergency notify|name on the (?:card|account|booking)"
    r"(?: is)?|[Ee]mergency contact[ ][-\u2013\u2014]|holder(?:'s)? name is"
    r"|[Cc]aller identified as|/s/|^[Ss]igned,)"
)
_ANSWERING: Final = (
    r"(?:[Dd]ette er|[Dd]et är|[Dd]et er|[Hh]är är|[Aa]qui é(?: [oa])?|[Qq]ui è|[Hh]ier is"
    r"|[Ээ]то|[Ss]pricht|[Ss]óc(?: en| la)?)"
)
_SHORT_SIGN_OFF: Final = (
    r"(?:MfG|LG|VG|BG|Hilsen|Mvh|MVH|Bises|Bisous|Saludos|Abs|Cdt|Cdlt|Groetjes|Groeten|Groet"
    r"|Gruß|Grüße|Gruss|Regards|Rgds|BR|Yours|Signed)"
)


_LIST: Final = (
    r"(?i:attendees|participants|present|guests|passengers|witnesses|members present|teilnehmer"
    r"|teilnehmende|anwesend|participantes|participants|présents|asistentes|partecipanti|presenti"
    r"|deelnemers|uczestnicy|obecni|deltagare|участники|присутствовали)"
)
_LONGEST_LIST: Final = 6


def _listed() -> tuple[str, ...]:
    """Return one pattern for each place in a list of who was there, in a line or below each other.

    The first place in a line has a pattern already: that of a word for a party.
    """
    return tuple(
        rf"^[*# ]{{0,4}}{_LIST}[*]{{0,2}}:[*]{{0,2}}{before}(?P<value>{FULL})(?=[ ]*(?:$|,|[(]))"
        for place in range(_LONGEST_LIST)
        for before in (
            rf"[ ](?:[^,\n]{{2,40}},[ ]){{{place}}}",
            rf"[ ]?(?:\n[ ]{{0,4}}[-*\u2022][ ][^\n]{{2,60}}){{{place}}}\n[ ]{{0,4}}[-*\u2022][ ]",
        )
    )


class PersonInLettersRecognizer(CuedRecognizer):
    """Find full names beside the word for a party in a sentence, in declarations and sign-offs."""

    entity: ClassVar = "PERSON"
    patterns: ClassVar = (
        CuedPattern(
            "party in a sentence",
            rf"(?<![\w-]){_ROLE},?[ ](?P<value>{WORD}[ ]{WORD})(?=,|[ ](?:\(|[a-zß-ÿ]{{2}}))",
            _LOW,
        ),
        *(CuedPattern("declaration", pattern, _FULL) for pattern in _DECLARED),
        CuedPattern("named", rf"(?<![\w-]){_NAMED}:?[ ](?P<value>{FULL})(?![(]|\w)", _LOW),
        CuedPattern(
            "answering",
            rf"(?:^|[.!?,:][ ]){_ANSWERING}[ ](?P<value>{FULL})"
            r"(?=[,.!]|$|[ ](?:fra|från|from|de|da|di|z|ze|uit|из|von|aus)\b)",
            _LOW,
        ),
        CuedPattern(
            "answering after a greeting", rf",[ ](?:tu|ben|ici)[ ](?P<value>{FULL})(?=[,.])", _LOW
        ),
        CuedPattern(
            "short sign-off",
            rf"^{_SHORT_SIGN_OFF}(?:,?[ ]|,?\n)(?P<value>{FULL})[ ]*$",
            _LOW,
        ),
        CuedPattern(
            "user of a log",
            rf"(?<![\w-])(?i:user|username|actor|principal|operator|owner|assignee|customer|client)"
            rf"[=:][ ]?\\?[\"'](?P<value>{FULL})(?=\\?[\"'])",
            _LOW,
        ),
        CuedPattern(
            "set, part",
            rf"\bset(?:First|Last|Sur|Given|Family)[Nn]ame\([\"'](?P<value>{WORD})[\"']\)",
            0.8,
        ),
        CuedPattern("set", rf"\bset(?:Full)?Name\([\"'](?P<value>{FULL})[\"']\)", _LOW),
        CuedPattern(
            "sign-off in a sentence",
            r"^(?:Veuillez agréer|Je vous prie|Nous vous prions|Reciba|Le saluda|Voglia gradire)"
            rf"[^\n]{{0,120}}\n\s{{0,3}}(?P<value>{FULL})[ ]*$",
            _LOW,
        ),
        CuedPattern(
            "relation",
            r"\b(?:son|daughter|wife|husband|mother|father|brother|sister|spouse|partner|carer)"
            rf",[ ](?P<value>{FULL}),[ ]",
            _LOW,
        ),
        CuedPattern(  # of letters without a cue between two words no prefilter keeps much away
            "addressed",
            rf"(?<![\w.@/])@(?P<value>[A-Z][\w'\u2019-]{{1,24}}[ ]{WORD})(?=[ ,:]{{1,2}}[a-z])",
            _LOW,
        ),
        CuedPattern(
            "account of",
            r"\b(?i:created|opened|closed|updated|deleted|suspended|merged)(?: an?| the| new)?[ ]"
            r"(?:account|profile|ticket|user|record|claim|file|case|order)[ ]for[ ]"
            rf"(?P<value>{FULL})(?=[ ]?(?:$|[,.(;]))",
            _LOW,
        ),
        CuedPattern(
            "testimonial",
            rf"^[\u2014\u2013-]{{1,2}}[ ]?(?P<value>{FULL}),[ ](?:verified )?"
            r"(?:customer|client|buyer|patient|guest|user|member|parent|student)\b",
            _LOW,
        ),
        *(CuedPattern("listed", pattern, _LOW) for pattern in _listed()),
        CuedPattern(
            "sign-off, Arabic",
            rf"(?:وتفضلوا بقبول|تفضلوا بقبول)[^\n]{{0,40}}\n\s{{0,3}}(?P<value>{ARABIC})[ ]?$",
            _FULL,
        ),
        CuedPattern(
            "sign-off, Hebrew",
            rf"(?:מכבדכם|מכבדך|בהוקרה|בכבוד)[ ]?,?[ ]?\n\s{{0,3}}(?P<value>{HEBREW})[ ]?$",
            _FULL,
        ),
        CuedPattern(
            "sign-off, Japanese",
            rf"(?:敬具|以上|草々)[ 、。]?\n\s{{0,3}}"
            rf"(?P<value>(?:{JAPANESE_SURNAMES})[ \u3000]?[\u4e00-\u9fff]{{1,3}})[ ]?$",
            _FULL,
        ),
    )

    def trim(self, value: str, pattern: str) -> str:  # noqa: ARG002 - one rule for every pattern
        """Leave nothing of what holds a word that is no name: "Signed, Your Team"."""
        return value if all(map(may_be_a_name, value.replace(",", "").split(" "))) else ""

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Refuse what fields hold instead of a name."""
        known = value.casefold() in NO_VALUE or value in NO_UNCASED
        return not known and not any(c.isdigit() for c in value)

    def confidence(self, value: str, pattern: CuedPattern) -> float:
        """Trust a given name and a surname; anything else may be a company or a team."""
        if value.upper() == value.lower() or pattern.name == "set, part":
            return pattern.score
        return max(pattern.score, 0.75) if is_full_name(value) else _LOW
