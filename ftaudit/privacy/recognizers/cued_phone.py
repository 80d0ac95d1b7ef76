"""Phone numbers that their words give away."""

from typing import ClassVar, Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.phone_doubt import is_decimal, plausible_groups
from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, key, label

_TAIL: Final = r"(?![\w@]|[.,]\d|[ ]?[%=*+])"
_NUMBER: Final = (
    r"(?P<value>(?:\+|\b00)?[ ]?\(?\d{1,5}\)?(?:[ ./-]{0,2}\(?\d{1,6}\)?){1,7}"
    r"(?:[ ]?(?i:x|ext\.?|extension)[ ]?\d{1,6})?)"
)
_WORD: Final = (
    r"tele?phone|phone|ph|tel|mobile|mob|cell|cellphone|fax|desk|whats ?app|sms|hotline|landline"
)
_BEFORE: Final = (
    rf"\b(?i:{_WORD})"
    r"(?i:[ .]?(?:number|numbers|no|nr|num))?(?:[ ]?\((?i:home|work|mobile|cell|office|private)\))?"
    r"(?i:[ ]?(?:is|are|was|at|on|to|of))?[ ]?[.:#=-]{0,2}\s{0,3}(?:[(](?=\+|00))?"
)
_KEY: Final = (
    rf"(?:{_WORD}|fon|fernruf|telephone|msisdn|caller{JOIN}?id|τηλ(?:έφωνο)?|κινητό|contact"
    rf"|emergency{JOIN}contact|telefonn[íi](?: č[íi]slo)?|mobiln[íi] č[íi]slo|telefon|telefono"
    rf"|tel[ée]fono"
    r"|t[ée]l[ée]phone|t[ée]l|portable|m[óo]vil|celular|cel|cellulare|telefone|telem[óo]vel"
    r"|telefoon"
    r"|mobiel|handy|rufnummer|telefonnummer|handynummer|mobilnummer|festnetz|puhelin|tlf"
    r"|телефон|тел|моб|電話(?:番号)?|携帯|电话|手机(?:号码?)?|联系电话|전화(?:번호)?|휴대폰|연락처"
    r"|[הבלו]?טלפון(?: שלי)?|[הבלו]?נייד(?: שלי)?|هاتف|الهاتف|جوال|رقم الهاتف|رقم الجوال|موبايل"
    r"|(?:फ़ोन|फोन|मोबाइल|संपर्क|दूरभाष)(?: ?(?:नंबर|नम्बर|संख्या|क्रमांक))?|โทร(?:ศัพท์)?"
    r"|no\.? ?hp|nomor (?:hp|telepon|wa)|sđt|(?:số )?điện thoại)"
    rf"(?:{JOIN}(?:number|numbers|num|no|nr|nbr|home|work|mobile|office|[1-3]|shel[il]"
    r"|kom[óo]rkowy|m[óo]vil|fijo|casa|privat))?"
)
_REACH: Final = (
    r"\b(?i:(?:call|phone|ring|text|message|whatsapp|reach|contact|dial)(?:ed|ing)?"
    r"(?: (?:me|us|him|her|them)(?: back)?(?: (?:on|at|to|via|by phone|under|anytime at))?"
    r"| (?:on|at|to|via|by phone on|under|back on|back at))"
    r"|answering (?:on|at)|messages? (?:on|at|to)|registered (?:on|at|to|under|with|number(?: is)?)"
    r"|my number is|number is now)[ ]?:?[ ]?"
)
_ABROAD: Final = (
    r"(?:kom(?=\.)|cell(?=\.)|t[ée]l[ée]phon[eo]|t[ée]l|portable|m[óo]vil|tel[ée]fono|celular|cellulare|telefone"
    r"|telem[óo]vel"
    r"|telefoon(?:nummer)?|mobiel|telefon\w{0,8}|handy\w{0,8}|rufnummer|mobilnummer|festnetz"
    r"|puhelin\w{0,8}"
    r"|(?:mon|notre|son|mi|tu|su|meu|seu|mio|tuo|suo|meine?|deine?|ihre?|seine?|mijn|mit|mój|twój"
    r"|мой|твой"
    r"|его|её) "  # noqa: RUF001 - Russian
    r"(?:nuevo |nouveau |neue |nuovo )?(?:n[úu]m[ée]ro|nummer|numer|номер)|телефон\w{0,4}"
    r"|тел|моб\w{0,8}|ll[aá]m\w{1,8}|chiam\w{1,6}"
    r"|hívj\w{0,3}|hívjon|volej\w{0,3}|zavolej\w{0,3}|suna(?:ți|ti|ți-mă)?|sună(?:-mă)?"
    r"|nazov\w{1,4}|pozov\w{1,4}|soita\w{0,3}|helista\w{0,3}|skambink\w{0,4}|zvan\w{1,4}"
    r"|gọi(?: cho)?(?: tôi| em| mình)?|hubungi|telepon|โทร\w{0,3}|набер\w{1,4}|beni|numaram"
    r"|numeroni|numărul meu|moje (?:telefonní )?číslo|telefonszámom|(?:a )?számom|мій номер"
    r"|số (?:của )?(?:tôi|em|mình)|nomor saya|nombor saya|मेरा (?:फोन )?नंबर|رقمي"
    r"|เบอร์(?:ของ)?(?:ฉัน|ผม)?"
    r"|המספר שלי|番号は|我的(?:号码|电话|手机)|제 번호"
    r"|appel\w{0,8}|joindre|joignable|ligue|ligar|bel|zadzwo[ńn]|dzwo[ńn]|(?:пере|по"
    r"|до)?звон\w{1,5}|msisdn"
    r"|risponde|atiende|atende|contesta|répond|τηλ(?:έφωνο)?|κινητό"
    r"|anrufen|rufen|erreich\w{0,6}|電話(?:番号)?|携帯(?:番号)?|电话(?:号码?)?|手机(?:号码?)?"
    r"|전화(?:번호)?"
    r"|휴대폰|연락처|[הבלו]?טלפון|[הבלו]?נייד|هاتف\w{0,2}|جوال\w{0,2}|موبايل\w{0,2}|رقم (?:هاتف"
    r"|جوال)\w{0,2}|(?:फ़ोन|फोन|मोबाइल|संपर्क)(?: ?(?:नंबर|नम्बर|संख्या))?"
    r"|มือถือ|โทรศัพท์|tlf|ring(?:er|a)?|(?:mitt|min|vårt) nummer|no\.? ?hp|nomor (?:hp|telepon|wa)"
    r"|sđt|(?:số )?điện thoại)"
)
_LINK: Final = (
    r"(?:[ ](?:al|le|den|il|o|de)[ ](?:client|clienta?|cliente|kunden|klant))?"
    r"(?:[ ](?:est|es|è|é|ist|lautet|is|jest|är|er|adalah|mig|på|to|le|la|el|al|au|à|a|o|op|para"
    r"|pelo|pod|na|por|unter"
    r"|auf|me|mich|uns|mij|ons|sie|mi|nr|numer\w?|номер\w{0,2}|мне|по|на|n[úu]m[ée]ro|nummer|שלי"
    r"|הוא|هو|fijo|móvil|privat|dienstlich|kom[óo]rkowy)"
    r"){0,3}[ ]?(?:は|が|是|は、|는|은)?[ ]?[.:]?[ ]{0,2}"
)
_DIAL: Final = r"\b(?i:call|dial|ring|registered|contact|messages?|reach)[ ]?:?[ ]?"
_PRINTED: Final = (
    r"8[ ]?\(\d{3,4}\)[ ]?\d{2,3}[ -]\d\d[ -]\d\d"  # Russia
    r"|01[016-9][ -]\d{3,4}[ -]\d{4}"  # Korea
    r"|0[5789]0[ -]\d{4}[ -]\d{4}"  # Japan
    r"|1[3-9]\d[ -]\d{4}[ -]\d{4}"  # China
    r"|05\d-\d{3}-?\d{4}"  # Israel, Saudi Arabia, Emirates
    r"|07[02369][ -]\d{3}[ ]?\d{2}[ ]?\d{2}"  # Sweden
)
"""How mobile numbers are printed in countries whose numbers are not searched by region."""
_CODE: Final = (
    r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-69]\d|3[578]\d|42\d"
    r"|5[09]\d|6[79]\d|8[57]\d|9[679]\d)"
)
"""Country codes (ITU-T E.164)."""
_INTERNATIONAL: Final = rf"\+{_CODE}(?:[ .-]\(?\d{{1,5}}\)?)(?:[ .-]?\d{{2,5}}){{1,4}}"
_LINKED: Final = (
    r"(?i:(?:https?://)?(?:www\.|api\.)?(?:wa\.me/|whatsapp\.com/send/?\?phone=|t\.me/(?=\+)"
    r"|signal\.me/#p/)"
    r"|(?:tel|sms|callto|facetime|facetime-audio|skype|sips?|rcs|whatsapp|viber)"
    r":(?://)?(?:send\?phone=|(?:add|chat)\?number=)?)"
)
"""Links that call or write to the number they hold."""
_AFTER: Final = (
    r"[ -](?i:office|fax|mobile|mobi|cell|work|home phone|desk|tel|m[óo]vil|celular"
    r"|cellulare|gsm)\b"
)
_DATED: Final = LazyPattern(
    r"(?:19|20)\d\d(?:[ ./-]\d{1,2}){2,}|\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d"
)
_THOUSANDS: Final = LazyPattern(r"\+\d{1,3}(?:[ .]\d{3})+")
_COUNTING: Final = "012345678901234567890"
_PAIRS: Final = LazyPattern(r"\d\d(?:[ .-]\d\d){2,}")
"""Numbers in pairs, as counts and scores are too."""


class CuedPhoneRecognizer(CuedRecognizer):
    """Find numbers of 7 to 15 digits (E.164) that follow or precede a phone word.

    Presidio asks libphonenumber, which knows only numbers valid in a few countries; people write
    local ones, typing errors and invented ones.
    """

    entity: ClassVar = "PHONE_NUMBER"
    patterns: ClassVar = (
        CuedPattern("label", _BEFORE + _NUMBER + _TAIL, 0.85),
        CuedPattern("key", label(_KEY) + _NUMBER + _TAIL, 0.85),
        CuedPattern(
            "set", rf"\b(?:set|with)_?(?i:{_WORD})_?(?i:number|no)?\([\"']" + _NUMBER + _TAIL, 0.85
        ),
        CuedPattern("reach", _REACH + _NUMBER + _TAIL, 0.8),
        CuedPattern("abroad", key(_ABROAD) + f"(?i:{_LINK})" + _NUMBER + _TAIL, 0.8),
        CuedPattern("dial", _DIAL + _NUMBER + _TAIL, 0.8),
        CuedPattern("link", rf"(?<![\w.-]){_LINKED}(?P<value>\+?\d{{7,15}})(?![\w.]*@?\d)", 0.8),
        CuedPattern("Hebrew", r"(?<=[\u05d0-\u05ea]-)(?P<value>0\d{1,2}-?\d{7})" + _TAIL, 0.8),
        CuedPattern("printed", rf"(?<![\w.,/$+-])(?P<value>{_PRINTED})" + _TAIL, 0.6),
        CuedPattern("abroad, printed", rf"(?<![\w+])(?P<value>{_INTERNATIONAL})" + _TAIL, 0.6),
        CuedPattern("claim", r"\*TE\*(?P<value>\d{10})(?=[*~])", 0.85),
        CuedPattern("after", r"(?<![\w.,/$])" + _NUMBER + _AFTER, 0.8),
    )

    def trim(self, value: str, pattern: str) -> str:  # noqa: ARG002 - one rule for every pattern
        """Leave a closing bracket to the sentence that opened it."""
        closed = value.count(")") > value.count("(")
        return value.removesuffix(")") if closed else value

    def accepts(self, value: str, pattern: str) -> bool:
        """Count digits: 7 to 15, more with an extension; grouped as dialled, and no date."""
        head = value.lower().split("x", 1)[0].split("e", 1)[0]
        if not 7 <= len(digits(head)) <= 15 or not plausible_groups(head) or _DATED.match(head):
            return False
        if is_decimal(head):
            return False
        if pattern == "abroad, printed":
            return len(digits(head)) >= 9 and _THOUSANDS.fullmatch(head) is None
        if pattern not in {"dial", "abroad"} or head.startswith(("+", "0")):
            return pattern != "set" or not _is_filler(digits(head))
        if pattern == "abroad":
            return len(digits(head)) >= 8
        return not head.strip(" ()").isdecimal() and _PAIRS.fullmatch(head.strip()) is None


def _is_filler(number: str) -> bool:
    """Say whether digits are those of an example: one or two of them, or counted up."""
    return len(set(number)) <= 2 or number in _COUNTING
