"""Dates of birth."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, SEPARATOR, key, label

_MONTH: Final = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|oktober|dezember"
    r"|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero"
    r"|febrero"
    r"|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|gennaio|febbraio"
    r"|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho"
    r"|julho"
    r"|setembro|outubro|novembro|dezembro|januari|februari|maart|mei|augustus|stycznia|lutego|marca"
    r"|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|января|февраля"
    r"|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|ocak|şubat|mart|nisan"
    r"|may[\u0131i]s|haziran|temmuz|ağustos|eylül|ekim|kas[\u0131]m|aral[\u0131]k|maj|augusti|marts|oktober|desember"
    r"|mars|maret|agustus|januar[iy]?|tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta"
    r"|kesäkuuta|heinäkuuta|elokuuta|syyskuuta|lokakuuta|marraskuuta|joulukuuta|ledna|února"
    r"|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
    r"|března|dubna|května|června|července|srpna|září|října|prosince|січня|лютого|березня"
    r"|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня)"
)
DATE: Final = (
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})|\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|\d{{4}}[ ]?[年년][ ]{{0,2}}\d{{1,2}}[ ]?[月월][ ]{{0,2}}\d{{1,2}}[ ]?[日일]"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|º)?\.?(?: of| de)?[ .-]{_MONTH}\.?,?(?: del?)?[ -]\d{{4}}"
    rf"|{_MONTH}\.?[ "
    rf"]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}})"
)
_SHORT_YEAR: Final = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|º)?\.?(?: of| de)?[ .-]{_MONTH}\.?,?(?: del?)?[ -]"
    rf"['\u2019]?\d\d|{_MONTH}\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]['\u2019]?\d\d"
    r"|\d\d(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?:19|20)?\d\d)"
    r"(?![\d:%]|[.,]\d|[ ](?:[a-z]+s|of|percent)\b)"
)
"""A written month and two digits for the year, which count nothing: "3 Nov 64"."""
_ORDINAL: Final = (
    r"(?i:(?:twenty|thirty)?[ -]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth"
    r"|nineteenth|twentieth|thirtieth|\d{1,2}(?:st|nd|rd|th)?)"
)
_SPOKEN_YEAR: Final = (
    r"(?i:(?:nineteen|twenty|two thousand)(?:[ -](?:and[ ])?(?:oh[ -])?[a-z]{3,9}){1,2}"
    r"|nineteen[ ]\d\d|(?:19|20)\d\d)"
)
_SPOKEN: Final = (
    rf"(?:{_ORDINAL}(?:[ ]of)?[ ]{_MONTH},?[ ]{_SPOKEN_YEAR}"
    rf"|{_MONTH}[ ](?:the[ ])?{_ORDINAL},?[ ]{_SPOKEN_YEAR})"
)
"""A date as it is said: "the fourteenth of March nineteen eighty-two"."""
_CLOCK: Final = r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
"""Databases write dates with the hour of midnight."""
_CUE: Final = key(
    rf"born(?![_-](?!on\b))(?! (?:to (?-i:[a-z]|(?:Run|Be|Die|Win|Ride|Love|Rule|Kill|Dance|Lead"
    rf"|Play)\b)|out of|again|free|into))(?: on)?|date{JOIN}of{JOIN}birth"
    rf"|birth{JOIN}?(?:date|dt)|birth{JOIN}?day"
    r"|d[._]?o[._]?b\.?|b-?day"
    rf"|geboren (?:am|in)|nat[oa] a|n[ée]\(?e?\)? à|nacid[oa] en|geb\."
    rf"|geburts-?datum|geb\.?-?[ ]?dat(?:um|\.)?|geburtstag|fecha{JOIN}(?:de{JOIN})?nac"
    r"(?:imiento|\.)"
    rf"|date{JOIN}(?:de{JOIN})?naissance"
    r"|nacid[oa](?: el)?|nascid[oa](?: em)?|nasceu em|urodzon[ya]|geboren op|född|출생(?:일)?|生日"
    r"|出生于"
    r"|出生日期"
    r"|n[ée]\(?e?\)? le|f\.? ?(?:de )?nac\.?|data[ _]?(?:di[ _]?)?nascita|nat[oa] il"
    r"|data[ _]?(?:de[ _]?)?nascimento|geboortedatum"
    r"|data urodzenia"
    r"|syntymäaika|do[ğg]um tarihi|do[ğg]um g[üu]n[üu]|do[ğg]umlu|ur\.|data na[șş]terii"
    r"|n[ăa]scut[ăa]?"
    r"|datum narozen[íi]|narozen[áa]?|d[áa]tum narodenia|sz[üu]let[ée]si (?:d[áa]tum|id[őo])"
    r"|sz[üu]letett"
    r"|дата народження|народи\w{2,5}|ημερομηνία γέννησης|γεννήθηκε|ngày sinh|sinh ngày"
    r"|tanggal lahir"
    r"|tgl\.? lahir|تاریخ تولد|متولد|जन्म ?(?:तिथि|तारीख|दिन)|วันเกิด|datum rođenja|дата на раждане"
    r"|syntymäaika|födelsedatum|fødselsdato|дата рождения|родил\w{1,4}|תאריך לידה|تاريخ الميلاد"
    r"|生年月日|出生日期|생년월일|生于|род\.|יליד[ת]?|ילידת|مواليد"
)
_SHORT: Final = label(r"birth|д\u0440|д\.\u0440\.")
"""Words that say so only as a key."""


class BirthDateRecognizer(CuedRecognizer):
    """Find a full date within a few words of "born", "date of birth" or its like."""

    entity: ClassVar = "DATE_OF_BIRTH"
    patterns: ClassVar = (
        CuedPattern("key", rf"{_CUE}{SEPARATOR}(?P<value>(?:19|20)\d\d[01]\d[0-3]\d)(?!\d)", 0.85),
        CuedPattern("short", _SHORT + rf"(?P<value>{DATE})(?!\d)", 0.85),
        CuedPattern(
            "abbreviated",
            rf"(?<![\w.])b\.[ ](?P<value>\d{{1,2}}[ ]{_MONTH}[ ]\d{{4}}"
            rf"|{_MONTH}[ ]\d{{1,2}},[ ]\d{{4}})",
            0.7,
        ),
        CuedPattern(
            "before",
            r"(?<!\d)(?P<value>\d{4}[ ]?[年년][ ]{0,2}\d{1,2}[ ]?[月월][ ]{0,2}\d{1,2}[ ]?[日일])"
            r"[ ]?(?:生まれ|出生|생|生(?![\u4e00-\u9fff]))",
            0.9,
        ),
        CuedPattern(
            "star", rf"(?<![\w*])\*[ ]?(?P<value>{DATE})(?=,? (?:in|zu|à|a|en)[ ][A-ZÀ-Ž])", 0.7
        ),
        CuedPattern(
            "era",
            r"(?P<value>(?:昭和|平成|令和|大正)[ ]?(?:\d{1,2}|元)[ ]?年"
            r"[ ]?\d{1,2}[ ]?月[ ]?\d{1,2}[ ]?日)[ ]?(?:生まれ|生)",
            0.9,
        ),
        CuedPattern("cued", rf"{_CUE}[^\d\n]{{0,24}}(?<!\d)(?P<value>{DATE}{_CLOCK})(?!\d)", 0.9),
        CuedPattern(
            "short year", rf"{_CUE}(?:{SEPARATOR}|[ ]{{1,2}})(?P<value>{_SHORT_YEAR})", 0.85
        ),
        CuedPattern(
            "said",
            rf"{_CUE}[^\d\n]{{0,16}}?(?:\n[^\n:]{{1,24}}:[ ])?(?:[A-Za-z]{{2,5}}[,.]?[ ]){{0,3}}?"
            rf"(?P<value>{_SPOKEN})",
            0.8,
        ),
        CuedPattern(
            "compact",
            rf"(?<![\w.])(?i:dob|date_?of_?birth|birth_?date|geburtsdatum|gebdat){SEPARATOR}"
            r"(?P<value>\d{6})(?![\w.-])",
            0.7,
        ),
        CuedPattern("card", r"^BDAY(?:;[^:\n]{1,40})?:(?P<value>\d{4}-?\d\d-?\d\d)", 0.85),
        CuedPattern(
            "medical message",
            r"\bPID\|[^\n]{0,160}?\|(?P<value>(?:19|20)\d{6})(?:\d{4,6})?(?=\|[MFOUA]?\|?)",
            0.85,
        ),
        CuedPattern("claim", r"\bDMG\*D8\*(?P<value>(?:19|20)\d{6})(?=[*~])", 0.85),
    )

    def accepts(self, value: str, pattern: str) -> bool:
        """Ask of six digits that two be a month and two a day, in any order."""
        if pattern != "compact":
            return True
        first, second, third = int(value[:2]), int(value[2:4]), int(value[4:])
        ordered = ((second, third), (second, first), (first, second))  # YYMMDD, DDMMYY, MMDDYY
        return any(1 <= month <= 12 and 1 <= day <= 31 for month, day in ordered)
