"""Postal addresses: street and number, post office boxes, labelled ones."""

from typing import ClassVar, Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀ-Ž"
_WORD: Final = rf"[{_UPPER}][\w'\u2019.-]{{0,24}}"
_SUFFIX: Final = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq"
    r"|Terrace|Plaza|Mews|Parkway|Pkwy|Highway|Hwy|Circle|Crescent|Cres|Close|Alley|Trail|Way"
    r"|Route)\b\.?"
)
_UNIT: Final = (
    r"(?:,?[ \n]{1,2}(?:[Aa]pt|[Ss]uite|[Ss]te|[Uu]nit|[Aa]partment|[Ff]lat|[Rr]oom|#)"
    r"\.?[ ]?\d{1,5}[A-Za-z]?)?"
)
_KIND: Final = (
    r"(?:Rue|Avenue|Boulevard|Via|Viale|Piazza|Corso|Vicolo|Calle|Avda\.?|Av\.|Avenida|Plaza|Paseo"
    r"|Rua|Travessa|ul\.|ulica|al\.|C/|Cl\.|Ctra\.)"
)
_ENDING: Final = (
    r"(?:stra(?:ß|ss)e|str\.|gasse|platz|weg|allee|gatan|gata|v[äa]gen|vej|vegen|veien|gade"
    r"|katu|tie|kuja|polku"
    r"|straat|laan|plein|gracht)"
)


_COUNTED: Final = {
    "": "men women guys girls boys kids friends sisters brothers million billion thousand gb tb"
    " mb kb hour minute percent way wheel lane day week month year mile meter metre inch"
    " foot ton cent states acre",
    "court": "supreme district federal appellate appeals circuit superior county crown criminal"
    " civil high magistrates family basketball tennis volleyball squash badminton pickleball"
    " handball indoor outdoor clay grass food point hole angry",
    "drive": "star hard flash hybrid optical tape usb ssd hdd pen thumb nvme sata google cloud"
    " onedrive test blood food donation membership fundraising disk disc state external internal"
    " day mile second",
    "way": "star point step bit best easy simple fastest quick great good proven effective creative"
    " unique smart different only other more surefire practical",
    "lane": "fast slow left right bus bike",
    "place": "first second third top square",
    "square": "root least chi",
    "trail": "audit paper",
    "road": "trip point step",
}
"""Street type, or none for all of them → what a number before it counts, as in "5 Star Drive"."""
_KINDS: Final = {
    "ln": "lane",
    "dr": "drive",
    "ct": "court",
    "pl": "place",
    "sq": "square",
    "rd": "road",
}
_NO_STREET: Final = LazyPattern(
    r"(?i:place|route|avenue|cours) (?:Holder|Mat|Setting|Card|Name|Value|Winner|Finish|Prize"
    r"|Planner|Map|Option|Of|On|In|To|Not|And|Or)(?:s|er|ed)?\b"
)
"""English words after those that it shares with French: "1 Place Holder"."""
_CRASHES: Final = LazyPattern(r"(?:19|20)\d\d[ ]Wall[ ]St")
"""Years of the stock exchange; the street ends before its number 200."""


class StreetAddressRecognizer(CuedRecognizer):
    """Find addresses by the shape `12 Name Street`, its counterparts elsewhere, and by label."""

    entity: ClassVar = "STREET_ADDRESS"
    patterns: ClassVar = (
        CuedPattern(
            "number and street",
            rf"(?<![\w.,$£€¥₹/-])(?<![$£€¥₹][ ])(?<!(?i:step|section|sec\.|article|phase|stage"
            rf"|level|chapter|day|rule|since|part"
            rf"|in|the|a|an|these|those|all)[ ])"
            rf"(?<!(?i:all|each|some|most|any|none|set|out|total|number|version) of[ ])"
            rf"(?P<value>\d{{1,5}}(?:-\d{{1,5}}|[A-Za-z])?,?[ ](?:(?:North"
            rf"|South|East|West"
            rf"|[NSEW]\.?)[ ])?"
            rf"(?:(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th))[ ]){{1,3}}{_SUFFIX}(?![\w'\u2019]|-[a-z])"
            rf"(?!(?<=Road|.Way)[ ](?:to|of)[ ][a-z]{{4}}){_UNIT})",
            0.6,
        ),
        CuedPattern(
            "number and street, in capitals",
            r"(?<![\w.,/-])(?P<value>\d{1,5}[ ](?:[NSEW][ ])?(?:[A-Z]{2,20}[ ]){1,3}(?:STREET|ST"
            r"|AVENUE"
            r"|AVE|ROAD|RD|BLVD|BOULEVARD|LANE|LN|DRIVE|DR|COURT|CT|PLACE|PL|TERRACE|HWY|PKWY|CIR"
            r"|CIRCLE|WAY)\.?(?:,?[ ](?:APT|UNIT|STE|SUITE|FL|RM|\#)[ ]?\w{1,6}"
            r"|(?=,?[ ](?:[A-Z]{2,20}[ ]){1,3}[A-Z]{2}[ ]\d{5})))(?![\w'])",
            0.6,
        ),
        CuedPattern(
            "street and number",
            rf"\b(?P<value>(?:{_KIND}[ ](?:(?:de|del|della|dei|delle|degli|dello"
            rf"|di|do|da|dos|das|des|du|la|le|los|las)[ ]){{0,2}}{_WORD}"
            rf"(?:[ ]{_WORD}){{0,2}}|[{_UPPER}][\w-]{{1,20}}{_ENDING}),?[ "
            rf"]\d{{1,4}}[A-Za-z]?)\b(?![.,]\d|[ ](?:siglos|años|veces|minutos|metros|horas"
            r"|km|EUR|Euros?|euros?|ans"
            rf"|fois"
            rf"|minutes|heures|personnes|anni|volte|minuti|anos|vezes|jaar|lat)\b){_UNIT}",
            0.6,
        ),
        CuedPattern(
            "street and number, German",
            rf"\b(?P<value>[{_UPPER}][\w-]{{1,24}}(?:er|en|-)[ -](?:Stra(?:ß|ss)e|Str\.|Weg|Allee"
            rf"|Platz"
            rf"|Gasse|Ring|Damm|Ufer|Chaussee|Markt)[ ]\d{{1,3}}[ ]?[a-h]?)\b(?![.,:]\d|[ ]?(?:km"
            rf"|m|Uhr|Euro|€|%)\b)",
            0.6,
        ),
        CuedPattern(
            "street, number and postal code",
            rf"\b(?P<value>{_WORD}(?:[ ](?:van|de|der|den|het|{_WORD})){{0,3}}[ ]\d{{1,4}}"
            rf"(?:[ ]?[a-zA-Z]|[/-][IVX\d]{{1,3}})?(?:[ ]m\.[ ]?\d{{1,3}})?,?[ \n]{{1,2}}"
            rf"(?:\d{{4}}[ ][A-Z]{{2}}|\d{{2}}-\d{{3}}"
            rf"|\d{{3}}[ ]\d{{2}}|(?:DE?|A|CH|F|B|L)-\d{{4,5}})[ ]{_WORD})",
            0.6,
        ),
        CuedPattern(
            "street in small letters, number and postal code",
            rf"\b(?P<value>(?:via|viale|piazza|corso|vicolo|calle|avenida|plaza|paseo|rua|travessa"
            rf"|avda\.?)[ ](?:(?:de|del|della|dei|delle|di|do|da|la|las|los)[ ]){{0,2}}{_WORD}"
            rf"(?:[ ]{_WORD}){{0,2}},?[ ]\d{{1,4}}[A-Za-z]?,[ ]\d{{4,5}}(?:-\d{{3}})?[ ]"
            rf"{_WORD})",
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
            "street and house, with the kind last",
            rf"\b(?P<value>{_WORD}(?:[ ]{_WORD}){{0,2}}[ ](?:utca|út|útja|körút|tér|tere|gatvė"
            rf"|iela|tn|tänav"
            rf"|pst|mnt)[ ]\d{{1,4}}(?:[/-]?[A-Za-z0-9]{{1,3}})?)\b(?![.,:]\d)",
            0.6,
        ),
        CuedPattern(
            "street and house, with the kind first",
            rf"\b(?P<value>(?:Jl\.|Jalan|Jln\.?|Str\.|Strada|Bd\.|Bulevardul|Calea"
            rf"|Ulica|Trg"
            rf"|đường|Đường|phố|Phố)[ ]{_WORD}(?:[ ]{_WORD}){{0,2}},?[ ]"
            rf"(?:(?:No|no|nr|Nr)[.:]?[ ]?)?"
            rf"\d{{1,4}}[A-Za-z]?)\b(?![.,:]\d)",
            0.6,
        ),
        CuedPattern(
            "Greek",
            r"(?<!\w)(?P<value>(?:Οδός|οδός|Λεωφόρος|Λεωφ\.)[ ][\u0386-\u03ab][\u03ac-\u03ce]{1,24}"
            r"(?:[ ][\u0386-\u03ab][\u03ac-\u03ce]{1,24}){0,2},?[ ]\d{1,4})(?!\d)",
            0.6,
        ),
        CuedPattern(
            "Colombian",
            r"\b(?P<value>(?:Calle|Carrera|Cra\.?|Cl\.?|Kr\.?|Diagonal|Transversal"
            r"|Avenida)[ ]\d{1,3}"
            r"[A-Z]?[ ]?(?:#|No\.|N°)[ ]?\d{1,3}[A-Z]?[ ]?-[ ]?\d{1,3})(?!\d)",
            0.7,
        ),
        CuedPattern(
            "house, Indian",
            rf"\b(?P<value>(?:House|Flat|Plot|Door|H\.|D\.)[ ]?(?:No\.?|\#)[ ]?\d[\w/-]{{0,7}},[ ]"
            rf"{_WORD}(?:[ ][\w-]{{1,20}}){{0,3}})",
            0.6,
        ),
        CuedPattern(
            "house at a place, German",
            rf"\b(?P<value>(?:Am|An der|An den|Im|In der|Zum|Zur|Auf dem|Auf der|Unter den|Beim)[ ]"
            rf"{_WORD}[ ]\d{{1,3}}[ ]?[a-h]?,[ ]\d{{5}}[ ]{_WORD})",
            0.6,
        ),
        CuedPattern(
            "Thai",
            r"(?P<value>\d{1,4}(?:/\d{1,4})?[ ](?:หมู่[ ]?(?:ที่[ ]?)?\d{1,2}[ ])?(?:ถนน|ถ\.|ซอย"
            r"|ซ\.)[ ]?"
            r"[\u0e01-\u0e4e]{2,30})",
            0.7,
        ),
        CuedPattern(
            "street and house, Turkish",
            rf"\b(?P<value>{_WORD}(?:[ ]{_WORD}){{0,2}}[ ](?:Cad(?:desi|\.)|Sok(?:ak|ağ\u0131|\.)"
            r"|Bulvar\u0131)"
            rf",?[ ](?:No[:.]?[ ]?)?\d{{1,4}})\b(?![.,]\d)",
            0.6,
        ),
        CuedPattern(
            "street and house, Russian",
            r"\b(?P<value>(?:ул\.|улица|пр\.|пр-т|просп\.|проспект|пер\.|переулок|вул\.)[ ]?"
            r"[\u0400-\u042f][\w-]{1,24}(?:[ ][\u0400-\u042f][\w-]{1,24})?,?[ ](?:д\.|дом"
            r"|буд\.)?[ ]?\d{1,4}"
            r"[\u0400-\u045f]?)\b(?![.,]\d)",
            0.6,
        ),
        CuedPattern(
            "Chinese",
            r"(?P<value>[\u4e00-\u9fff]{2,12}(?:(?<![道公铁线])路|街|大道|巷|胡同|弄)"
            r"[ ]?\d{1,5}[ ]?[号號])",
            0.7,
        ),
        CuedPattern(
            "Japanese",
            r"(?P<value>[\u4e00-\u9fff]{1,3}[都道府県][\u4e00-\u9fff\u3041-\u30fa]{1,8}[市区町村]"
            r"[\u4e00-\u9fff\u3041-\u30fa]{1,10}[ ]?\d{1,3}[ ]?(?:丁目|-)[ ]?\d{1,3}"
            r"[ ]?(?:番地?|-)?[ ]?\d{0,3}[ ]?号?)",
            0.7,
        ),
        CuedPattern(
            "Korean",
            r"(?P<value>[\uac00-\ud7a3]{1,8}(?:시|도|구|군)[ ][\uac00-\ud7a3]{1,8}"
            r"(?:로|길)[ ]?\d{1,4}"
            r"(?:번길[ ]?\d{1,4})?(?:-\d{1,4})?)(?!\d)",
            0.7,
        ),
        CuedPattern(
            "Hebrew",
            r"(?<![\u05d0-\u05ea])"
            r"(?P<value>(?:רחוב|רח'|שדרות|שד')[ ][\u05d0-\u05ea\"' -]{2,30}[ ]\d{1,4})(?![\d.])",
            0.7,
        ),
        CuedPattern(
            "Arabic",
            r"(?P<value>شارع[ ][\u0621-\u064a ]{2,30}[ \u060c]\d{1,4})(?![\d.])",
            0.7,
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

    def accepts(self, value: str, pattern: str) -> bool:
        """Refuse a number that counts what follows: "5 Star Drive", "2 TB Hard Drive"."""
        if pattern == "number and street, French":
            return _NO_STREET.search(value) is None
        if pattern != "number and street":
            return True
        return not _counts(value) and _CRASHES.match(value) is None


def _counts(value: str) -> bool:
    """Say whether the number counts the words between it and the type of street."""
    words = [word.strip(".,").casefold() for word in _WITHIN.sub("", value).split(" ")]
    if words[1] == "star" and words[0] in _STARS:
        return True
    return any(
        {word, word.removesuffix("s")} & _COUNTED_BEFORE.get(_KINDS.get(kind, kind), _ALWAYS)
        for place, kind in enumerate(words[2:], 2)
        for word in words[1:place]
    )


_WITHIN: Final = LazyPattern(_UNIT.removesuffix("?") + "$")
"""The flat or suite after the street."""
_STARS: Final = frozenset("1234567")
"""Stars that a hotel has."""
_ALWAYS: Final = frozenset(_COUNTED[""].split())
_COUNTED_BEFORE: Final = {kind: _ALWAYS.union(words.split()) for kind, words in _COUNTED.items()}
