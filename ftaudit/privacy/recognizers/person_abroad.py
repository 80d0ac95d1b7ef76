"""Names of people that the words around them give away, in languages beside English."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.full_names import is_department
from ftaudit.privacy.recognizers.name_shapes import (
    ARABIC,
    CAPITAL_FULL,
    CHINESE_DOUBLE,
    CHINESE_SURNAMES,
    FULL,
    HEBREW,
    INDIC,
    JAPANESE_SURNAMES,
    KOREAN_SURNAMES,
    NAME,
    NO_UNCASED,
    NO_VALUE,
    QUESTIONS,
    THAI,
    WORD,
    may_be_a_name,
)

_DEVANAGARI: Final = r"[\u0900-\u0963]{2,15}"
_LOW: Final = 0.45
"""Score of a title with a surname alone."""
_INTRODUCED: Final = (
    r"(?i:jmenuji se|volám sa|mă numesc|numele meu este|(?:benim )?ad[\u0131i]m|με λένε|λέγομαι"
    r"|το όνομά μου είναι|ονομάζομαι|казвам се|зовем се|zovem se|ime mi je|tên (?:tôi|em|mình) là"
    r"|nama saya|nama lengkap saya|ang pangalan ko ay|a nevem|minu nimi on|mani sauc|mano vardas"
    r"|mein vollständiger name ist|ich nenne mich|jina langu ni|naitwa|is mise|em dic"
    r"|el meu nom és|fy enw i yw|ég heiti|ek is genoem|my naam is|ech heeschen|chámome|quhem"
    r"|unë quhem|mənim adım|меним атым|менің атым|моето име е|мое име е|се викам|ang ngalan ko ay"
    r"|ako si|nire izena|jien jisimni|sunana|orukọ mi ni|igama lami ngu)"
)
_INTRODUCED_UNCASED: Final = (
    rf"(?:نام|اسم) من[ ](?P<value>{ARABIC}?)(?=[ ](?:است|هست)(?![\u0621-\u06d3]))",
    rf"میرا نام[ ](?P<value>{ARABIC}?)(?=[ ](?:ہے|ھے)(?![\u0621-\u06d3]))",
    rf"(?:मेरा|हमारा) नाम[ ](?P<value>{INDIC}?)(?=[ ]है|[।,.\n]|$)",
    rf"(?:আমার নাম|என் பெயர்|నా పేరు)[ ](?P<value>{INDIC})",
    rf"(?:ฉัน|ผม|ดิฉัน|หนู)ชื่อ[ ]?(?P<value>{THAI})",
)
_TITLES: Final = (
    r"(?:[гГ]-н|[гГ]-жа|[Гг]осподин|[Гг]оспожа|[Гг]раждан(?:ин|ка)|[Пп]ан[іи]|[Кк]ύριος"
    r"|[Κκ]ύριος|[Κκ]υρία|Pan[iu]|Panie|[Hh]err|[Ff]ru|Bayan|Sayın|[Mm]evrouw|[Mm]eneer|[Dd]e heer"
    r"|[Gg]eachte heer"
    r"|Sig\.ra|Sig\.na|Dott\.ssa|Ông|Bà|Chị|Bapak|Ibu|[Dd]omnul|[Dd]oamna)"
)
_TITLES_UNCASED: Final = (
    (
        r"(?<![\u05d0-\u05ea])(?:גברת|גב'|ד\"ר|עו\"ד|פרופ')[ ]"
        r"(?P<value>[\u05d0-\u05ea]{2,15}[ ][\u05d0-\u05ea]{2,15})"
    ),
    (
        r"(?<![\u0621-\u06d3])(?:السيدة?|الأستاذة?|الدكتورة?)[ ]"
        r"(?P<value>[\u0621-\u064a]{2,15}[ ][\u0621-\u064a]{2,15})"
    ),
    rf"(?:श्रीमती|सुश्री|डॉ\.)[ ](?P<value>{_DEVANAGARI}[ ]{_DEVANAGARI})",
)
_ADDRESSED: Final = (
    (
        r"(?<![\u05d0-\u05ea])לכבוד[ ](?:(?:מר|גב'|גברת|ד\"ר|עו\"ד)[ ])?"
        r"(?P<value>[\u05d0-\u05ea]{2,15}[ ][\u05d0-\u05ea]{2,15})(?=[ ]?(?:$|,))"
    ),
    (
        r"(?<![\u0621-\u06d3])(?:السيدة?|الأستاذة?|الدكتورة?)[ ]"
        r"(?P<value>[\u0621-\u064a]{2,15}[ ][\u0621-\u064a]{2,15})(?=[ ]المحترمة?)"
    ),
)
_GREETING: Final = (
    r"(?:Lieber?|Hallo|Guten Tag|Sehr geehrter?|Ch[eè]re?|Bonjour|Salut|Estimad[oa]|Querid[oa]"
    r"|Hola|Gentile|Egregio|Car[oa]|Ciao|Prezad[oa]|Olá|Beste|Geachte|Kära?|Hej|Hei|Moi"
    r"|Szanown[ya]|Drog[ai]|Cześć|Vážen[ýá]|Ahoj|Уважаем(?:ый|ая)|Здравствуйте,?|Дорог(?:ой|ая)"
    r"|Привет,?|Шановн(?:ий|а)|Αγαπητ[έή]|Sayın|Merhaba|Kính gửi|Chào|Yth\.)"
)
_SIGN_OFF: Final = (
    r"(?:С уважением|С наилучшими пожеланиями|З повагою|Z poważaniem|S pozdravem|S úctou"
    r"|Üdvözlettel|Cu stimă|Com os melhores cumprimentos|Melhores cumprimentos|Cumprimentos"
    r"|(?:Med )?[Vv]änliga hälsningar|Hälsningar|Hochachtungsvoll|(?:Le saluda )?[Aa]tentamente"
    r"|Un cordial saludo|In fede|Hoogachtend|Z wyrazami szacunku|Respectueusement|Sentiments"
    r" distingués|İyi çalışmalar|Saygılarımla|Με εκτίμηση|Vennlig hilsen|Mvh|Med venlig hilsen"
    r"|Ystävällisin terveisin|Hormat saya|Trân trọng)"
)
_SIGN_OFF_UNCASED: Final = (
    rf"(?:בברכה|בכבוד רב|תודה)[ ]?,?\s{{0,3}}\n\s{{0,3}}(?P<value>{HEBREW})[ ]?$",
    (
        rf"(?:مع (?:خالص )?(?:تحياتي|التحية|الشكر)|با احترام|با تشکر)[ ]?[,،]?\s{{0,3}}\n\s{{0,3}}"
        rf"(?P<value>{ARABIC})[ ]?$"
    ),
    (
        rf"(?:此致[ ]?\n\s{{0,3}}敬礼[!\uff01]?|此致敬礼|祝好|顺祝商祺)"
        rf"[,\uff0c]?\s{{0,3}}\n\s{{0,3}}"
        rf"(?P<value>[{CHINESE_SURNAMES}][\u4e00-\u9fff]{{1,2}})[ ]?$"
    ),
)
_DOERS: Final = frozenset("자인원생장관")
"""Last syllables of Korean words for those who do something: user, operator, member, head."""
_HONOURED: Final = (
    (
        rf"(?:(?<![\u4e00-\u9fff])|(?<=[的给是为与和请]))"
        rf"(?P<value>[{CHINESE_SURNAMES}][\u4e00-\u9fff]{{2}}|(?:{CHINESE_DOUBLE})[\u4e00-\u9fff]{{1,2}})"
        r"(?:先生|女士|小姐)"
    ),
    (
        rf"(?<![\u4e00-\u9fff])(?P<value>(?:{JAPANESE_SURNAMES})[ \u3000]?[\u4e00-\u9fff]{{1,3}}"
        rf"[\u3041-\u3096]{{0,3}}?)(?:様|さん|氏|殿|さま)"
    ),
    (
        rf"(?<![\uac00-\ud7a3])(?P<value>[{KOREAN_SURNAMES}][\uac00-\ud7a3][\uac00-\ud7a3])"
        rf"[ ]?(?:님|씨)(?![\uac00-\ud7a3]{{2}})"
    ),
)


class PersonAbroadRecognizer(CuedRecognizer):
    """Find names that a sentence, a title, a greeting or a sign-off of other languages gives away.

    A greeting or a title needs a given name and a surname; a title with one word scores low.
    """

    entity: ClassVar = "PERSON"
    patterns: ClassVar = (
        CuedPattern(
            "introduced", rf"\b{_INTRODUCED}[ :]{{1,2}}(?P<value>{NAME}|{CAPITAL_FULL})", 0.85
        ),
        *(CuedPattern("introduced, uncased", pattern, 0.8) for pattern in _INTRODUCED_UNCASED),
        CuedPattern(
            "introduced, Japanese",
            rf"私は[、, ]?(?P<value>(?:{JAPANESE_SURNAMES})[ \u3000]?[\u4e00-\u9fff]{{1,3}}"
            r"[\u3041-\u3096]{0,3}?)(?=です|と申|といい|でございます)",
            0.8,
        ),
        CuedPattern(
            "introduced, Korean",
            rf"(?<![\uac00-\ud7a3])(?P<value>[{KOREAN_SURNAMES}][\uac00-\ud7a3]{{2}})"
            r"(?=이?라고[ ]?(?:합니다|해요|하는데요))",
            0.75,
        ),
        CuedPattern("introduced, Hungarian", rf"(?:^|[.!?,][ ])(?P<value>{FULL})[ ]vagyok\b", 0.75),
        CuedPattern("title", rf"(?<![^\W_]){_TITLES}[ ](?P<value>{FULL})", 0.75),
        CuedPattern("title and surname", rf"(?<![^\W_]){_TITLES}[ ](?P<value>{WORD})", _LOW),
        *(CuedPattern("title, uncased", pattern, _LOW) for pattern in _TITLES_UNCASED),
        *(CuedPattern("addressed", pattern, 0.7) for pattern in _ADDRESSED),
        *(CuedPattern("honoured", pattern, 0.7) for pattern in _HONOURED),
        CuedPattern(
            "greeting",
            rf"^[ \t\">]{{0,3}}{_GREETING}[ ](?P<value>{FULL})(?=[ ]?[,!:]?$|[ ]?[,:!]\s)",
            0.7,
        ),
        CuedPattern(
            "sign-off", rf"^{_SIGN_OFF}[ ]?[,.]?\s{{0,3}}\n\s{{0,3}}(?P<value>{FULL})[ ]?$", 0.7
        ),
        *(CuedPattern("sign-off, uncased", pattern, 0.7) for pattern in _SIGN_OFF_UNCASED),
    )

    def trim(self, value: str, pattern: str) -> str:  # noqa: ARG002 - one rule for every pattern
        """Leave nothing of what holds a word that is no name: "Liebe Kunden"."""
        return value if all(map(may_be_a_name, value.split(" "))) else ""

    def accepts(self, value: str, pattern: str) -> bool:
        """Refuse what fields hold instead of a name, and Korean words for those who do things."""
        if value.casefold() in NO_VALUE or value.startswith(QUESTIONS):
            return False
        if pattern == "sign-off" and is_department(value):
            return False
        if pattern == "honoured" and value[-1] in _DOERS:
            return False
        return value not in NO_UNCASED and not any(c.isdigit() for c in value)
