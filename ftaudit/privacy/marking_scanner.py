"""Find confidentiality markings: TLP, CUI, national banners, privilege, internal-only."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import polars as pl

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.resolve import best
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.patterns.pattern_search import PatternSearch

BANNER: Final = 0.95
"""Score of a marking that has a line of its own, or stands before a text's first sentence."""
_CAPITALS: Final = 0.75
"""Score of a phrase set in capitals inside a text."""
_LONGEST_BANNER: Final = 100
"""Characters of the longest line that is still a banner."""
_DECORATION: Final = " \t*_#=>|[](){}<>~.:;!\"'`-\u2013\u2014\u2022/\\"
_EXTRA: Final = LazyPattern(
    r"(?i)(?:classification|sensitivity|marking|handling|distribution|document|data|label"
    r"|status|company"
    r"|level|strictly|page \d+(?: of \d+)?|draft|noforn|relido|orcon|rel to [a-z, ]{2,30}|eyes "
    r"only|and|//"
    r"|property of [\w ,.]{2,40}|do not (?:copy|forward)|not for release|proprietary|private|\W|_)"
)
"""What may stand on a banner's line beside the marking."""


class Marking(NamedTuple):
    """One kind of marking. `pattern` is RE2's; `score` is for the phrase inside a sentence."""

    kind: str
    pattern: str
    score: float


MARKINGS: Final = (
    # FIRST, Traffic Light Protocol 2.0 (2022): labels are written in capitals, without spaces.
    Marking("TLP_AMBER_STRICT", r"\bTLP:\s?AMBER\+STRICT\b", 0.9),
    Marking("TLP_RED", r"\bTLP:\s?RED\b", 0.9),
    Marking("TLP_AMBER", r"\bTLP:\s?AMBER\b", 0.85),
    Marking("TLP_GREEN", r"\bTLP:\s?GREEN\b", 0.7),
    Marking("TLP_CLEAR", r"\bTLP:\s?(?:CLEAR|WHITE)\b", 0.5),
    # 32 CFR 2002 and the CUI Marking Handbook; Executive Order 13526 for classification banners.
    Marking("CUI", r"\b(?:CUI//[A-Z][A-Z0-9/ -]{1,40}|CONTROLLED UNCLASSIFIED INFORMATION)", 0.9),
    Marking("CUI", r"(?m)^[ \t*#(\[]*(?:CUI|CONTROLLED)[ \t*#)\]]*$", 0.9),
    Marking("CUI", r"(?i)\bcontrolled unclassified information\b", 0.3),
    Marking(
        "US_FOUO", r"\b(?:FOUO|LAW ENFORCEMENT SENSITIVE)\b|(?i:\bfor official use only\b)", 0.6
    ),
    Marking(
        "US_CLASSIFIED",
        r"\b(?:TOP SECRET|SECRET|CONFIDENTIAL)//[A-Z][A-Z0-9/ ,-]{1,60}|\((?:TS|S|C)//[A-Z/ "
        r"]{2,30}\)",
        0.9,
    ),
    Marking("US_CLASSIFIED", r"(?m)^[ \t*#(\[]*(?:TOP SECRET|SECRET)[ \t*#)\]]*$", 0.9),
    # UK Government Security Classifications (2023).
    Marking(
        "UK_OFFICIAL_SENSITIVE", r"\bOFFICIAL[ -]{1,3}SENSITIVE\b|(?i:\bofficial-sensitive\b)", 0.8
    ),
    Marking("UK_SECRET", r"\bUK (?:TOP )?SECRET\b(?: (?:UK )?EYES ONLY)?", 0.9),
    # Australian PSPF; Treasury Board of Canada; Verschlusssachenanweisung; NATO; Council of the EU.
    Marking("AU_OFFICIAL_SENSITIVE", r"\bOFFICIAL:\s?Sensitive\b|\bPROTECTED//[A-Z]{2,}", 0.9),
    Marking("CA_PROTECTED", r"\bPROTECTED [ABC]\b|\bPROTÉGÉ [ABC]\b", 0.8),
    Marking(
        "DE_VERSCHLUSSSACHE",
        r"(?i)\bVS\s?[-–]\s?(?:nur für den dienstgebrauch|NfD|vertraulich|geheim)\b|\bnur für "  # noqa: RUF001 - official spelling
        r"den dienstgebrauch\b",
        0.9,
    ),
    Marking("FR_DIFFUSION_RESTREINTE", r"\bDIFFUSION RESTREINTE\b|(?i:\bsecret[- ]défense\b)", 0.8),
    Marking(
        "NATO_MARKING", r"\b(?:NATO (?:RESTRICTED|CONFIDENTIAL|SECRET)|COSMIC TOP SECRET)\b", 0.9
    ),
    Marking(
        "EU_MARKING", r"\b(?:RESTREINT|CONFIDENTIEL|SECRET|TRES SECRET) UE\b|\bEU RESTRICTED\b", 0.9
    ),
    # Legal and commercial usage.
    Marking(
        "PRIVILEGED",
        r"(?i)\battorney[- ]client privileged?\b|\bprivileged (?:and|&) confidential\b"
        r"|\battorney work[- ]product\b|\b(?:legally|solicitor[- ]client) privileged?\b"
        r"|\blegal professional privilege\b",
        0.7,
    ),
    Marking(
        "INTERNAL_ONLY",
        r"(?i)\b(?:for )?(?:company )?internal[- ](?:use )?only\b|\bfor internal (?:use"
        r"|distribution)\b"
        r"|\bcompany confidential\b|\bemployees only\b|\b(?:nur )?für den internen gebrauch\b"
        r"|\bà usage interne\b|\buso interno\b",
        0.6,
    ),
    Marking(
        "DO_NOT_DISTRIBUTE",
        r"(?i)\bdo not (?:re)?distribute\b|\bnot for (?:further |public |external "
        r")?(?:re)?distribution\b"
        r"|\bnot for (?:public )?release\b|\bdo not (?:forward|share externally|circulate)\b"
        r"|\bno further dissemination\b",
        0.6,
    ),
    Marking(
        "CONFIDENTIAL",
        r"(?i)\b(?:strictly|highly|company|commercially) confidential\b|\bcommercial[- ]in[- "
        r"]confidence\b"
        r"|\bconfidential (?:and|&) proprietary\b|\bproprietary (?:and|&) confidential\b"
        r"|\bstreng vertraulich\b",
        0.5,
    ),
    Marking(
        "CONFIDENTIAL", r"(?i)\bconfidential(?:it[yé]|ité)?\b|\bvertraulich\b|\bconfidentiel\b", 0.2
    ),
    Marking("EMBARGOED", r"(?i)\bembargoed (?:until|till)\b|\bunder embargo until\b", 0.5),
    Marking(
        "EMAIL_DISCLAIMER",
        r"(?i)\bif you are not the intended recipient\b|\bthis (?:e-?mail|message) (?:and any "
        r"attachments? )?(?:is|are|may be|contains?) (?:strictly )?(?:confidential|privileged)\b",
        0.6,
    ),
)
"""Kinds of markings, with the standard each group comes from."""

THRESHOLD: Final = 0.4
"""Least score that is reported: a bare "confidential" inside a sentence stays below."""


class MarkingScanner:
    """Search texts for markings. Cheap to build: patterns are compiled once per process."""

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) for each text with markings, by ascending position."""
        for position, text, matches in _search().find(texts):
            candidates = (_span(MARKINGS[i], match.span(), text) for i, match in matches)
            spans = best(span for span in candidates if span.score >= THRESHOLD)
            if spans:
                yield position, spans


def kinds() -> tuple[str, ...]:
    """Return every kind of marking that is searched for, sorted."""
    return tuple(sorted({marking.kind for marking in MARKINGS}))


@cache
def _search() -> PatternSearch:
    return PatternSearch([marking.pattern for marking in MARKINGS])


def _span(marking: Marking, place: tuple[int, int], text: str) -> Span:
    return Span(marking.kind, *place, _score(marking, place, text), "ftaudit")


def _score(marking: Marking, place: tuple[int, int], text: str) -> float:
    """Weigh a marking by where it stands: on a line of its own, in capitals, in a sentence."""
    start, end = place
    if marking.kind == "INTERNAL_ONLY" and _is_comment(text, start, end):
        return _IN_PASSING
    if _names_a_level(marking, text, start, end):
        return _IN_PASSING
    if _is_banner(text, start, end):
        return BANNER
    capitals = text[start:end].isupper() and " " in text[start:end].strip()
    if not capitals and _is_in_passing(marking, text, start, end):
        return _IN_PASSING
    return max(marking.score, _CAPITALS if capitals else 0.0)


_IN_PASSING: Final = 0.3
"""Score of words that mark nothing."""
_OBJECT: Final = LazyPattern(
    r"[ ](?!this|these|it\b|to\b|outside|without|externally|further|beyond|or\b|any|copies|in\b"
    r"|by\b|unless|until|before|except|publicly|via|copy|our|all|the (?:document|report|information"
    r"|contents?|material|attached|file|email|message))[A-Za-z]"
)
"""What is not to be distributed or released, unless that is the text itself."""
_OF: Final = LazyPattern(
    r"[ ](?:of[ ]|by the[ ](?!recipient|addressee|company)"
    r"|(?:API|module|function|method|tool|class|package|library|helper|endpoint)s?\b)"
)
_ONE_WORD: Final = frozenset({"CONFIDENTIAL", "US_CLASSIFIED"})
"""Kinds of which a word alone may be a banner."""
_LEVEL: Final = LazyPattern(
    r"(?i:public|restricted|confidential|secret|top[ _-]?secret|open|unclassified|official"
    r"|classified)(?:[ ]?[=:(][^\n]{0,40})?"
)
"""A level of confidentiality, as one line of a list of them."""
_KEPT: Final = LazyPattern(r"(?i:ke(?:ep|pt)|remains?|held|treat(?:ed)?|be|handled|stay)[ ]$")
_CODE: Final = LazyPattern(
    r"(?m)^\s*(?:/\*|\*/|\*\s|//|#\s*(?:define|include|if|end)|\"\"\"|\'\'\'|=(?:head\d|cut|over)"
    r"|@\w+|(?:async )?def |class "
    r"|(?:pub(?:lic)?|private|protected|static|void|const|let|var|func|fn|import|from|package|use"
    r"|struct|enum|type|return|extern|inline)\b[^\n]{0,80}[;{(]"
    r"|[^\n]{0,160}(?:[;{}]|\(\)|\) ?[:{])[ \t]*$)"
)
"""A line of code, or of a comment in it."""
_AROUND: Final = 160


def _names_a_level(marking: Marking, text: str, start: int, end: int) -> bool:
    """Say whether one word is a heading, a value, a name in code, or one of a list of levels."""
    word = text[start:end].strip(_DECORATION)
    if marking.kind not in _ONE_WORD or not word.isalpha():
        return False
    if word.islower() or word.casefold().startswith("confidentialit"):
        return True
    named = text[max(0, start - 1) : start] in {"@", "<", "."}
    return named or any(_LEVEL.fullmatch(line) for line in _lines_beside(text, start, end))


def _lines_beside(text: str, start: int, end: int) -> list[str]:
    """Return the line before a place and the one after, without what decorates them."""
    above = text[max(0, start - _LONGEST_BANNER) : start].split("\n")[-2:-1]
    below = text[end : end + _LONGEST_BANNER].split("\n")[1:2]
    return [line.strip(_DECORATION + ",\r\"'") for line in (*above, *below)]


def _is_in_passing(marking: Marking, text: str, start: int, end: int) -> bool:
    """Say whether a sentence uses the words of a marking of something else than itself."""
    match marking.kind:
        case "DO_NOT_DISTRIBUTE":
            return _OBJECT.match(text, end) is not None
        case "INTERNAL_ONLY":
            return _OF.match(text, end) is not None
        case "CONFIDENTIAL":
            return _KEPT.search(text[max(0, start - 24) : start]) is not None
        case _:
            return False


def _is_comment(text: str, start: int, end: int) -> bool:
    """Say whether a phrase stands in code, where it tells who may call a function."""
    line = text.rfind("\n", 0, start) + 1
    before, after = text[max(0, line - _AROUND) : start], text[end : end + _AROUND]
    return bool(_CODE.search(before) or _CODE.search(after[after.find("\n") + 1 :]))


def _is_banner(text: str, start: int, end: int) -> bool:
    """Say whether nothing but decoration and other markings shares the line."""
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    if stop - begin > _LONGEST_BANNER:
        return False
    rest = text[begin:start] + " " + text[end:stop]
    for marking in MARKINGS:
        rest = re.sub(marking.pattern, " ", rest)
    return _EXTRA.sub("", rest).strip(_DECORATION) == ""
