"""Names of people that the words around them give away."""

from itertools import takewhile
from typing import ClassVar, Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, label

LOW: Final = 0.45
"""Score of a title with a surname alone: fiction and exercises are full of them."""
_UPPER: Final = "A-ZÀ-ÖØ-ÞĀ-ŽΆ-ΏΑ-ΫЀ-Я"
_LOWER: Final = "a-zß-öø-ÿā-žά-ώа-џ"
_WORD: Final = rf"[{_UPPER}][\w'\u2019-]{{0,24}}[{_LOWER}]\b"
_PART: Final = rf"(?:{_WORD}|[{_UPPER}]\.)"
_PARTICLE: Final = r"(?:(?:van|von|de|der|den|da|di|la|le|bin|al|el|ter|dos|du)[ ]){0,2}"
_NAME: Final = rf"{_PART}(?:[ ]{_PARTICLE}{_PART}){{0,3}}"
_FULL: Final = rf"{_WORD}(?:[ ]{_PARTICLE}{_PART}){{1,3}}"
_CAPITALS: Final = rf"[{_UPPER}][{_UPPER}'\u2019-]{{1,24}}\b"
_CAPITAL_NAME: Final = rf"{_CAPITALS}(?:[ ](?:{_CAPITALS}|[{_UPPER}]\.?)){{0,3}}"
_CAPITAL_FULL: Final = rf"{_CAPITALS}(?:,?[ ](?:{_CAPITALS}|[{_UPPER}]\b\.?)){{1,3}}"
_HEBREW: Final = (
    r"[\u05d0-\u05ea][\u05d0-\u05ea'\u05f3\"-]{1,14}"
    r"(?:[ ][\u05d0-\u05ea][\u05d0-\u05ea'-]{1,14})?"
)
_ARABIC: Final = r"[\u0621-\u064a]{2,15}(?:[ ][\u0621-\u064a]{2,15}){0,2}"
_CHINESE: Final = r"[\u4e00-\u9fff]{2,4}"
_JAPANESE: Final = (
    r"[\u4e00-\u9fff\u3005]{1,4}[ \u3000]?"
    r"[\u4e00-\u9fff\u3005\u3041-\u3096\u30a1-\u30fa]{1,5}"
)
_KOREAN: Final = r"[\uac00-\ud7a3]{2,4}"
_UNCASED: Final = rf"(?:{_HEBREW}|{_ARABIC}|{_JAPANESE}|{_CHINESE}|{_KOREAN})"
_ANY_NAME: Final = rf"(?:{_NAME}|{_CAPITAL_NAME}|{_UNCASED})"
_ENTRY: Final = rf"(?:{_FULL}|{_CAPITAL_FULL}|{_NAME}|{_CAPITAL_NAME}|{_UNCASED})"
"""What fills a field for a name: the longest form that fits."""
_CLOSED: Final = r"(?![\w(]|[.:_\[][\w(])"
"""A value in code that is called, indexed or qualified is no name."""
_HOLDER: Final = (
    r"first|last|full|given|family|middle|maiden|sur|fore|patient|customer|client|employee|student"
    rf"|contact|card{JOIN}?holder|account{JOIN}?holder|account|recipient|sender|beneficiary"
    r"|applicant|guest|passenger|driver|owner|spouse|mother|father|guardian|parent|child"
    r"|emergency|doctor|physician|insured|policy ?holder|tenant|buyer|seller|borrower|attendee"
    r"|participant|member|subscriber|candidate|caller|agent|billing|shipping|legal|real|preferred"
    r"|person|people|user"
)
_NAME_KEY: Final = (
    rf"(?:{_HOLDER})(?:{JOIN}(?:full|first|last|legal|contact))?{JOIN}names?|(?:first|last"
    rf"|full)names?|surname|nombres?"
    r"|apellidos?|nom complet|nom de famille|pr[ée]nom|vorname|nachname|familienname|voornaam"
    r"|achternaam|volledige naam|cognome|sobrenome|nome completo|nombre completo|nazwisko|imi[ęe]"
    r"|(?:name|nom|nome|nombre|naam)[ ](?:des|der|del|de la|de l['\u2019]|du|do|da|della"
    r"|dell['\u2019]"
    r"|van de|van het)[ ]?\w{3,16}|pa[cz]iente?|patient(?:in|en)|nombre|nome completo"
    r"|vor- und nachname|nome e cognome|nom et pr[ée]nom|nombres? y apellidos?"
    r"|next of kin|patient|insured|attn|recipient|фио|имя|фамилия|(?:紧急)?联系人|担当者|申請者"
    r"|申込者|受取人|收件人"
    r"|负责人|姓名|氏名|お?名前|이름|성명|성함"
    r"|שם(?: מלא| פרטי| משפחה| המטופל| הלקוח)?|الاسم(?: الكامل)?|اسم (?:المريض|العميل|الموظف)"
)
_INTRODUCED: Final = (
    r"(?i:me llamo|mi nombre (?:completo )?es|mon nom complet est|je m'appelle|je m\u2019appelle"
    r"|mon nom est|ich hei(?:ß|ss)e"
    r"|mein name ist|mi chiamo|il mio nome (?:è|e')|me chamo|chamo-me|(?:o )?meu nome é"
    r"|mijn naam is|ik heet|jag heter|mitt namn är|jeg hedder|jeg heter|mitt navn er|nazywam się"
    r"|mam na imię|nimeni on|benim ad[\u0131i]m|меня зовут|мо[её] имя|мене звати)"
)
_INTRODUCED_UNCASED: Final = (
    r"(?:שמי|קוראים לי|השם שלי(?: הוא)?|اسمي(?: هو)?|أنا اسمي"
    r"|私の名前は|名前は"
    r"|제 이름은)"
)
_KOREAN_SURNAMES: Final = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주"
    "우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕"
)

_POSSESSIVE: Final = LazyPattern(r"['\u2019]s$")
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
    Park Hotel Voucher Holder Holders Winner Winners Applicant Applicants Candidate Candidates
    Shareholder Shareholders Investor Investors Taxpayer Resident Residents Homeowner Homeowners
    Tenant Tenants Employee Employees Colleague Partner Partners Vendor Supplier Buyer Seller
    Shopper Account Card Cardholder Policyholder Beneficiary Donor Donors Supporter Supporters
    Volunteer Volunteers Parent Guardian Guardians Patient Patients Passenger Passengers Traveler
    Traveller Player Players Gamer Developer Developers Admin Administrator Webmaster Recipient
    Sender Users Owner Owners Council Board Panel Staff Crew Community Family Families Neighbors
    Neighbours Listener Listeners Viewer Viewers Fan Fans Follower Followers Citizen Citizens Voter
    Voters Ambassador Delegate Delegates Chairman Chairperson Chair Secretary Treasurer Registrar
    Dean Provost Whomever Whom Valued Loyal Prospective Potential Fellow Esteemed Respected Author
    Authors Subscriber Subscribers Homebuyer Learner Learners Pupil Pupils Visitor Visitors Caller
    Agent Agents Chatbot Bot Computer World Internet Journal Amazonian Contributor Maintainer
    Maintainers Reviewer Reviewers Participant Participants Attendee Attendees Sponsor Gentleman
    Lady Ma'am Maam Sirmadam Herr Frau Señor Señora Monsieur Signor Signora Doktor Kunde Kundin
    Kundinnen Damen Herren Sie Ihnen Euch Ihr Ihre Ihren Votre Vous Très Muy Molto Kundenservice
    Cordialmente Dich Product Project Software Senior Junior Cliente Clientes Client Clients Usuario
    """.split()  # noqa: SIM905 - quotes around every word would hide the words
)
_NO_VALUE: Final = frozenset(
    """
    none null nil nan n/a na unknown undefined anonymous true false string str text varchar char
    charfield textfield stringfield field column optional required literal any object int integer
    number date boolean value name first last full test testing example sample default empty self
    this input output output data json user admin root guest enter your please select insert
    varying type model redacted removed deleted masked hidden tbd todo xxx foo bar baz nombre nom
    """.split()  # noqa: SIM905 - see above
)
"""What fields for names hold in code and forms instead of one."""


class CuedPersonRecognizer(CuedRecognizer):
    """Find names introduced by a title, "my name is", a form's label, a greeting or a sign-off.

    A lower bound with high precision: a name without such a cue is not found, so a report says
    that PERSON is searched by cues only. Use a model (`--ner`) to search for names.
    """

    entity: ClassVar = "PERSON"
    patterns: ClassVar = (
        CuedPattern(
            "title",
            rf"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|Rev|Sgt|Capt)\b\.?[ ](?P<value>{_FULL})",
            0.85,
        ),
        CuedPattern(
            "title and surname",
            r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|Rev|Sgt|Capt|Herr|Herrn|Frau|Señora?|Sra?|Srta|Don|Doña"
            rf"|Monsieur|Madame|Mlle|Signora?|Sig|Dott|Senhora?|Dhr"
            rf"|Mevr)\b\.?[ ](?P<value>{_WORD})",
            LOW,
        ),
        CuedPattern(
            "foreign title",
            r"\b(?:Herr|Herrn|Frau|Señora?|Sra?\.|Srta\.?|Doña|Monsieur|Madame|Mlle|M\.|Signora?"
            r"|Sig\."
            rf"|Sig\.ra|Dott\.(?:ssa)?|Senhora?|Dhr\.|Mevr\.|Mevrouw)[ ](?:(?:Dr"
            rf"|Prof)\.?[ ])?(?P<value>{_FULL})",
            0.8,
        ),
        CuedPattern(
            "title in capitals",
            rf"\b(?:MR|MRS|MS|DR|PROF|HERR|FRAU|SRA?|MME)\b\.?[ ](?P<value>{_CAPITAL_FULL})",
            0.8,
        ),
        CuedPattern("key", rf"{label(_NAME_KEY)}(?P<value>{_ENTRY}){_CLOSED}", 0.8),
        CuedPattern(
            "introduced", rf"\b{_INTRODUCED}[ :]{{1,2}}(?P<value>{_NAME}|{_CAPITAL_NAME})", 0.85
        ),
        CuedPattern(
            "introduced, uncased",
            rf"{_INTRODUCED_UNCASED}[ :\uff1a]{{0,2}}(?P<value>{_UNCASED})",
            0.8,
        ),
        CuedPattern(
            "introduced in Korean",
            rf"저는[ ](?P<value>[{_KOREAN_SURNAMES}][\uac00-\ud7a3]{{2}})(?=입니다|이에요|예요"
            rf"|이라고|라고|[.,]"
            rf"|$)",
            0.7,
        ),
        CuedPattern(
            "introduced in Chinese",
            rf"(?:我叫|我姓.[,\uff0c]?[ ]?(?:名叫|名|叫)|我的名字(?:是|叫)|我是"
            rf"|本人)[ :\uff1a]{{0,2}}(?P<value>{_CHINESE})",
            0.8,
        ),
        CuedPattern(
            "my name is",
            rf"\b(?i:my (?:full |first |last |maiden )?name(?:'s|\u2019s| is| was)|i am called"
            rf"|i'm called)"
            rf"[ :]{{1,2}}(?P<value>{_NAME}|{_CAPITAL_FULL})",
            0.85,
        ),
        CuedPattern(
            "label",
            rf"^[ \t>*|\"-]{{0,4}}(?i:(?:full |first |last |card ?holder |account |maiden "
            rf"|patient |employee "
            rf"|customer |sur|user ?)?name|imi[ęe] i nazwisko|attn|recipient"
            rf"|c/o)[ ]{{0,3}}(?:\*{{1,2}})?[:|](?:\*{{1,2}})?[ "
            rf"\t]{{0,8}}(?P<value>{_NAME}|{_CAPITAL_FULL})(?![ ]?\d|[ ]?[({{\[=]"
            r"|[ ](?:and|of|the|for|to|in|with|by|on|your|a)\b)",
            0.85,
        ),
        CuedPattern(
            "label abroad",
            rf"^[ \t>*|\"-]{{0,4}}(?i:nom|nome|naam|navn"
            rf"|namn)[ ]{{0,3}}(?:\*{{1,2}})?[:|](?:\*{{1,2}})?[ "
            rf"\t]{{0,8}}(?P<value>{_FULL}|{_CAPITAL_FULL})(?![ ]?\d|[ ]?[({{\[=])",
            0.8,
        ),
        CuedPattern(
            "introduced, full",
            r"(?:^|[.!?:,][ ]|[\"“¡])(?:[Jj]e suis|[Ss]oy|[Ss]ono|(?:[Ee]u )?[Ss]ou(?: [oa])?"
            r"|[Ii]k ben"
            rf"|[Jj]ag är)[ ](?P<value>{_FULL})(?=[,.!]|$|[ ](?:et|y|e|en|och|de|da|di|du|del"
            rf"|della)\b)",
            0.6,
        ),
        CuedPattern(
            "introduced, before",
            rf"(?<![\u4e00-\u9fff\u3041-\u30fa])(?P<value>{_JAPANESE})(?:と申します|といいます"
            rf"|と言います)",
            0.8,
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
            "sign-off abroad",
            r"^(?i:(?:mit )?(?:freundlichen|besten|herzlichen|viele|liebe|beste) gr(?:ü|ue)(?:ß"
            r"|ss)en?"
            r"|(?:bien )?cordialement|bien à vous|salutations(?: distinguées)?"
            r"|(?:un )?(?:cordial )?saludos?"
            r"(?: cordial(?:es)?)?|atentamente|(?:cordiali|distinti) saluti|atenciosamente|abraços"
            r"|met vriendelijke groet(?:en)?|med v[äe]nlig h[iä]lsn?ing(?:ar)?|pozdrawiam)[ ]?[,.]?"
            rf"\s{{0,3}}\n\s{{0,3}}(?P<value>{_FULL})[ ]?$",
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

    def trim(self, value: str, pattern: str) -> str:
        """Cut from the first word that is no name; nothing is left when that is the first.

        A greeting with such a word anywhere greets a role: "Dear Voucher Holder".
        """
        words = value.split(" ")
        kept = list(takewhile(_may_be_a_name, words))
        if pattern == "greeting" and len(kept) < len(words):
            return ""
        return _POSSESSIVE.sub("", " ".join(kept)).rstrip(",")

    def accepts(self, value: str, pattern: str) -> bool:
        """Refuse what fields hold instead of a name, and uncased words that begin a sentence."""
        if value.casefold() in _NO_VALUE or any(c.isdigit() for c in value):
            return False
        if pattern == "introduced in Korean":
            return value not in _NO_UNCASED
        if pattern == "introduced in Chinese":
            return value not in _NO_UNCASED and value[0] in _CHINESE_SURNAMES
        return not (pattern == "introduced, uncased" and value in _NO_UNCASED)


def _may_be_a_name(word: str) -> bool:
    plain = word.rstrip(".,")
    return plain not in _NOT_A_NAME and not (plain.isupper() and plain.capitalize() in _NOT_A_NAME)


_CHINESE_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳馬"
    "羅鄭許韓馮鄧蕭葉蘇呂盧鍾譚陸"
)
"""Surnames of nine in ten people in China, and as they are written in Taiwan."""
_NO_UNCASED: Final = frozenset(
    [
        "学生",
        "老师",
        "中国人",
        "一个",
        "一名",
        "一位",
        "学生。",
        "認為",
        "来自",
        "在这",
        "不是",
        "你的",
        "この",
        "学生です",
        "한국인",
        "조선인",
    ]
)
