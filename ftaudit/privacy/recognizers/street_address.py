"""Postal addresses: street and number, post office boxes, labelled ones."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_WORD: Final = rf"[{_UPPER}][\w'\u2019.-]{{0,24}}"
_SUFFIX: Final = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq"
    r"|Terrace|Parkway|Pkwy|Highway|Hwy|Circle|Crescent|Cres|Close|Alley|Trail|Way|Route)\b\.?"
)
_UNIT: Final = (
    r"(?:,?[ \n]{1,2}(?:[Aa]pt|[Ss]uite|[Ss]te|[Uu]nit|[Aa]partment|[Ff]lat|[Rr]oom|#)"
    r"\.?[ ]?\d{1,5}[A-Za-z]?)?"
)
_KIND: Final = (
    r"(?:Rue|Avenue|Boulevard|Via|Viale|Piazza|Corso|Vicolo|Calle|Avda\.?|Av\.|Avenida|Plaza|Paseo"
    r"|Rua|Travessa|ul\.|ulica|al\.)"
)
_ENDING: Final = (
    r"(?:stra(?:ß|ss)e|str\.|gasse|platz|weg|allee|gatan|gata|v[äa]gen|vej|vegen|veien|gade"
    r"|katu|tie|kuja|polku"
    r"|straat|laan|plein|gracht)"
)


class StreetAddressRecognizer(CuedRecognizer):
    """Find addresses by the shape `12 Name Street`, its counterparts elsewhere, and by label."""

    entity: ClassVar = "STREET_ADDRESS"
    patterns: ClassVar = (
        CuedPattern(
            "number and street",
            rf"(?<![\w.,$£€¥₹/-])(?<![$£€¥₹][ ])(?<!(?i:step|level|chapter|day|rule|since|part"
            rf"|in)[ ])"
            rf"(?P<value>\d{{1,5}}[A-Za-z]?,?[ ](?:(?:North"
            rf"|South|East|West"
            rf"|[NSEW]\.?)[ ])?"
            rf"(?:{_WORD}[ ]){{1,3}}{_SUFFIX}(?![\w'\u2019]){_UNIT})",
            0.6,
        ),
        CuedPattern(
            "street and number",
            rf"\b(?P<value>(?:{_KIND}[ ](?:(?:de|del|della|di|do|da|des|du|la|le|los|las)[ "
            rf"]){{0,2}}{_WORD}"
            rf"(?:[ ]{_WORD}){{0,2}}|[{_UPPER}][\w-]{{1,20}}{_ENDING}),?[ "
            rf"]\d{{1,4}}[A-Za-z]?)\b(?![.,]\d){_UNIT}",
            0.6,
        ),
        CuedPattern(
            "number and street, French",
            rf"(?<![\w.,/-])(?P<value>\d{{1,4}}(?: (?:bis|ter))?,?[ ](?i:rue|avenue|av\.|boulevard"
            rf"|bd|place"
            rf"|chemin|all[ée]e|impasse|quai|cours|route)[ ](?:(?:de|des|du|la|le|les|d'"
            rf"|l')[ ]?){{0,2}}"
            rf"{_WORD}(?:[ ]{_WORD}){{0,2}})\b",
            0.6,
        ),
        CuedPattern(
            "box",
            r"\b(?P<value>(?:P\.?[ ]?O\.?[ ]Box|PSC|Unit|UNIT)[ ]\d{2,6}(?:,?[ ](?:Box|BOX)[ "
            r"]\d{1,6})?"
            r"(?:,?[ \n](?:APO|FPO|DPO)[ ](?:AA|AE|AP)[ ]\d{5})?)",
            0.6,
        ),
        CuedPattern(
            "unit",
            r"\b(?P<value>(?:Apt\.?|Suite)[ ]\d{1,4})\b(?![.,%]\d)",
            0.5,
        ),
        CuedPattern(
            "label",
            rf"\b(?i:(?:home |street |billing |shipping |mailing |postal |my |his |her "
            rf")?address(?: is)?[ ]?:[ \t\n]{{0,8}}"
            rf"|i live at |lives at |live at |residing at |resides at "
            rf")(?P<value>\d{{1,6}}[A-Za-z]?,?[ ]{_WORD}(?:[ ,]{{1,2}}[\w'\u2019.-]{{1,24}}){{0,4}}"
            rf")",
            0.75,
        ),
    )
