"""Names of people that the words around them give away."""

from itertools import takewhile
from typing import ClassVar, Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.column_names import is_column
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.full_names import is_department, is_full_name
from ftaudit.privacy.recognizers.key_patterns import JOIN, label
from ftaudit.privacy.recognizers.name_shapes import (
    ARTICLES,
    CAMEL,
    CAPITAL_FULL,
    CAPITAL_NAME,
    CHINESE,
    CHINESE_DOUBLE,
    CHINESE_SURNAMES,
    ENTRY,
    FULL,
    JAPANESE,
    JAPANESE_SURNAMES,
    KOREAN_SURNAMES,
    NAME,
    NO_UNCASED,
    NO_VALUE,
    QUESTIONS,
    UNCASED,
    WORD,
    may_be_a_name,
)

LOW: Final = 0.45
"""Score of a title with a surname alone: fiction and exercises are full of them."""
_CLOSED: Final = r"(?![\w(\[]|[.:_][\w(:-])"
"""A value in code that is called, indexed or qualified is no name."""
_NO_HEAD: Final = r"(?![^\n]{0,300}\n[ \t]{0,4}\|?[ \t]{0,4}:?-{2,}:?[ \t]{0,4}(?:\||$))"
"""What heads the columns of a table is no name: "| Name | Beschreibung |" above "|---|---|"."""
_HOLDER: Final = (
    r"first|last|full|given|family|middle|maiden|sur|fore|patient|customer|client|employee|student"
    rf"|contact|card{JOIN}?holder|account{JOIN}?holder|account|recipient|sender|beneficiary"
    r"|applicant|guest|passenger|driver|owner|spouse|mother|father|guardian|parent|child"
    r"|emergency|doctor|physician|insured|policy ?holder|tenant|buyer|seller|borrower|attendee"
    r"|participant|member|subscriber|candidate|caller|agent|billing|shipping|legal|real|preferred"
    r"|person|people|user|author|nurse|teacher|instructor|manager|supervisor|reviewer|reporter"
    r"|assignee|victim|witness|nominee|cardholder|accountholder|guarantor|signatory|signer|trustee"
    rf"|claimant|resident|registrant|organi[sz]er|invitee|holder|next{JOIN}of{JOIN}kin"
)
_THINGS: Final = (
    r"archiv|fichier|proje|empresa|entreprise|soci[ée]t|produ|datei|ficheiro|file|progetto|proyecto"
    r"|funci|fonction|funktion|variable|campo|feld|champ|clas|klasse|tabl|tabel|base|serv|domin"
    r"|domain|app|aplica|anwendung|curso|cours|kurs|evento|veranstaltung|ville|ciudad|stadt|citt"
    r"|cidade|pa[ií]s|pays|landes|tienda|calle|hotel|libro|livr|buch|film|pel[ií]cula|juego|jeu"
    r"|spiel|marca|marque|marke|usuario|utente|utilis|benutz|arquivo|bestand|bedrijf|firma"
)
"""Beginnings of what has a name and is no person: "Nombre del archivo"."""
_NAME_KEY: Final = (
    rf"(?:{_HOLDER})(?:{JOIN}(?:full|first|last|legal|contact|display))?{JOIN}names?|(?:first|last"
    rf"|full)names?|surname|nombres?"
    r"|apellidos?|pr[ée]noms?|vornamen?|nachnamen?|familiennamen?|rufname|geburtsname|voornaam"
    r"|voornamen|achternaam|cognom[ei]|sobrenomes?|apelidos?|primer apellido|segundo apellido"
    rf"|nom{JOIN}et{JOIN}pr[ée]noms?|f[öo]rnamn|efternamn|(?:för- och efter|fullständigt )namn"
    r"|fornavn|ett?ernavn|efternavn|(?:fuldt?e? |fullt )navn|etunimi|sukunimi|koko nimi"
    r"|nazwisko i imi[ęe]|jm[ée]no a p[řr][íi]jmen[íi]|p[řr][íi]jmen[íi]|meno a priezvisko"
    r"|priezvisko|teljes név|vezetéknév|keresztnév|nume [șşs]i prenume|prenume(?:le)?"
    r"|numele complet|nume complet|ime i prezime|prezime|soyad[\u0131i]?|isim soyisim|soyisim"
    r"|nama (?:lengkap|depan|belakang|pasien|pelanggan|karyawan|siswa)|eesnimi|perekonnanimi"
    r"|vardas(?:,? ir)? pavard[ėe]|pavard[ėe]|v[āa]rds,? uzv[āa]rds|uzv[āa]rds|cognoms?"
    r"|nom i cognoms|επώνυμο|όνομα|презиме|име и фамилия|прізвище|ім['\u2019]я|по батькові"
    rf"|nom{JOIN}complet|nom{JOIN}de{JOIN}famille|volledige{JOIN}naam|nome{JOIN}completo"
    rf"|nombre{JOIN}completo|nazwisko|imi[ęe]|(?:nom|nome|nombre|naam|namn|navn|nama|nume|nimi|ime)"
    rf"{JOIN}(?:client[ea]?|klant|kund|kunde|patient|patiënt|pa[cz]iente?|pasien|empleado|alumn[oa]"
    r"|dipendente|werknemer|medewerker|salari[ée]|employ[ée]|funcion[áa]rio|aluno|titular"
    r"|destinatario|cliente)"
    r"|(?:name|nom|nome|nombre|naam)[ ](?:des|der|del|de la|de l['\u2019]|du|do|da|della"
    r"|dell['\u2019]"
    rf"|van de|van het)[ ]?(?!{_THINGS})\w{{3,16}}|pa[cz]iente?|patient(?:in|en)|nombre"
    rf"|nome completo"
    r"|vor- und nachname|nome e cognome|nom et pr[ée]nom|nombres? y apellidos?"
    r"|next of kin|patient|insured|attn|recipient|(?:фио|имя|фамилия)(?: (?:пациента|клиента"
    r"|сотрудника|заявителя|получателя|отправителя|покупателя|ученика|студента|пользователя"
    r"|владельца))?|(?:紧急)?联系人|担当者|(?:患者|利用者|契約者|顧客|会員|客户|病人|员工|学生)(?:姓名|氏名)|申請者"
    r"|申请人|患者名"
    r"|申込者|受取人|收件人"
    r"|负责人|姓名|氏名|お?名前|이름|성명|성함"
    r"|(?:환자|고객|직원|회원|학생|예약자)명|신청자"
    r"|नाम|ชื่อ|họ(?: và)? tên|نام(?: خانوادگی| بیمار)?|πελάτης"
    r"|ονοματεπώνυμο"
    r"|пациент|піб|ad[\u0131i]? soyad[\u0131i]?|(?:hasta|müşteri|öğrenci|çal[\u0131]şan"
    r"|personel)(?:n[\u0131i]n)? ad[\u0131i]|担当(?:医|者)?"
    r"|שם(?: מלא| פרטי| משפחה| המטופל| הלקוח)?|الاسم(?: الكامل)?|اسم (?:المريض|العميل|الموظف)"
)
_HOLDER_KEY: Final = (
    rf"contact{JOIN}person|card{JOIN}?holder|account{JOIN}?holder|policy{JOIN}?holder|applicant"
    rf"|beneficiary|account{JOIN}owner|next{JOIN}of{JOIN}kin|emergency{JOIN}contact|karteninhaber"
    r"|kontoinhaber|ansprechpartner(?:in)?|kontaktperson|titular(?: de la (?:cuenta|tarjeta))?"
    r"|titulaire(?: du compte)?|titolare(?: del conto)?|intestatario(?: del conto)?|contactpersoon"
    r"|beneficjent|beneficiario|bénéficiaire|beneficiário|begünstigter?|rekeninghouder"
    r"|받는 사람|보내는 사람|수령인|예금주|נמען|שולח|المستلم|المرسل|المستفيد"
)
"""Keys of a person that are no word for a name: two words must follow."""
_INTRODUCED: Final = (
    r"(?i:me llamo|mi nombre (?:completo )?es|mon nom complet est|je m'appelle|je m\u2019appelle"
    r"|mon nom est|ich hei(?:ß|ss)e"
    r"|mein name ist|mi chiamo|il mio nome (?:completo )?(?:è|e')|me chamo|chamo-me"
    r"|(?:o )?meu nome (?:completo )?é"
    r"|mijn (?:volledige )?naam is|ik heet|jag heter|mitt namn är|jeg hedder|jeg heter"
    r"|mitt navn er|nazywam się"
    r"|mam na imię|nimeni on|benim ad[\u0131i]m|меня зовут|мо[её] имя|мене звати)"
)
_INTRODUCED_UNCASED: Final = (
    r"(?:שמי|קוראים לי|השם שלי(?: הוא)?|اسمي(?: هو)?|أنا اسمي"
    r"|私の名前は|名前は"
    r"|제 이름은)"
)
_TITLED: Final = frozenset({"title", "foreign title", "title in capitals"})
"""Patterns of a title with a full name: a surname alone is left to the pattern that scores low."""
_LABELS: Final = frozenset({"label", "key", "holder", "i am"})
"""Patterns of a value that is all name: of one word that is, and one that is not, neither is."""
_NEXT_LABELS: Final = frozenset(
    {
        "Account",
        "Address",
        "Admin",
        "City",
        "Company",
        "Country",
        "Date",
        "Department",
        "Email",
        "Name",
    }
    | {"Nom", "Nome", "Nombre", "Prénom", "Cognome", "Apellidos", "Vorname", "Nachname"}
    | {"Office", "Order", "Patient", "Phone", "Room", "State", "Street", "Subject", "Unit"}
)
"""Words that begin the next field of a form on the same line."""
_POSSESSIVE: Final = LazyPattern(r"['\u2019]s$")


class CuedPersonRecognizer(CuedRecognizer):
    """Find names introduced by a title, "my name is", a form's label, a greeting or a sign-off.

    A lower bound with high precision: a name without such a cue is not found, so a report says
    that PERSON is searched by cues only. Use a model (`--ner`) to search for names.
    """

    entity: ClassVar = "PERSON"
    patterns: ClassVar = (
        CuedPattern(
            "title",
            rf"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|Rev(?=\.)|Sgt|Capt)\b\.?[ ](?P<value>{FULL})",
            0.85,
        ),
        CuedPattern(
            "title and surname",
            r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mme|Rev(?=\.)|Sgt|Capt|Herr|Herrn|Frau|Señora?|Sra?|Srta"
            r"|Don|Doña"
            rf"|Monsieur|Madame|Mlle|Signora?|Sig|Dott|Senhora?|Dhr"
            rf"|Mevr)\b\.?[ ](?P<value>{WORD})",
            LOW,
        ),
        CuedPattern(
            "foreign title",
            r"\b(?:Herr|Herrn|Frau|Señora?|Sra?\.|Srta\.?|Doña|Monsieur|Madame|Mlle|M\.|Signora?"
            r"|Sig\."
            rf"|Sig\.ra|Dott\.(?:ssa)?|Senhora?|Dhr\.|Mevr\.|Mevrouw)[ ](?:(?:Dr"
            rf"|Prof)\.?[ ])?(?P<value>{FULL})",
            0.8,
        ),
        CuedPattern(
            "title in capitals",
            rf"\b(?:MR|MRS|MS|DR|PROF|HERR|FRAU|SRA?|MME)\b\.?[ ](?P<value>{CAPITAL_FULL})",
            0.8,
        ),
        CuedPattern("key", rf"{label(_NAME_KEY)}(?P<value>{ENTRY}){_CLOSED}{_NO_HEAD}", 0.8),
        CuedPattern(
            "holder",
            rf"{label(_HOLDER_KEY)}(?P<value>{FULL}|{CAPITAL_FULL}|{UNCASED}){_CLOSED}",
            0.75,
        ),
        CuedPattern(
            "introduced", rf"\b{_INTRODUCED}[ :]{{1,2}}(?P<value>{NAME}|{CAPITAL_NAME})", 0.85
        ),
        CuedPattern(
            "introduced, uncased",
            rf"{_INTRODUCED_UNCASED}[ :\uff1a]{{0,2}}(?P<value>{UNCASED})",
            0.8,
        ),
        CuedPattern(
            "introduced in Korean",
            rf"저는[ ](?P<value>[{KOREAN_SURNAMES}][\uac00-\ud7a3]{{2}})(?=입니다|이에요|예요"
            rf"|이라고|라고|[.,]"
            rf"|$)",
            0.7,
        ),
        CuedPattern(
            "introduced in Chinese",
            rf"(?:我叫做?|我姓.[,\uff0c]?[ ]?(?:名叫|名|叫)|我的名字(?:是|叫)|我是"
            rf"|本人)[ :\uff1a]{{0,2}}(?P<value>{CHINESE})",
            0.8,
        ),
        CuedPattern(
            "my name is",
            rf"\b(?i:my (?:full |first |last |maiden )?name(?:'s|\u2019s| is| was)|i am called"
            rf"|i'm called)"
            rf"[ :]{{1,2}}(?P<value>{NAME}|{CAPITAL_FULL})",
            0.85,
        ),
        CuedPattern(
            "entry",
            rf"^[ \t>*|\"-]{{0,4}}name[ ]{{0,3}}:[ \t]{{1,8}}(?P<value>{FULL}|{CAPITAL_FULL})"
            rf"(?=[ \t]*(?:$|[,;|#]))",
            0.85,
        ),
        CuedPattern(
            "label",
            rf"^[ \t>*|\"-]{{0,4}}(?!name[ ]{{0,3}}:)"
            rf"(?i:(?:full |first |last |card ?holder |account |maiden "
            rf"|patient |employee "
            rf"|customer |sur|user ?)?name|imi[ęe] i nazwisko|attn|recipient"
            rf"|c/o)[ ]{{0,3}}(?:\*{{1,2}})?[:|](?:\*{{1,2}})?[ "
            rf"\t]{{0,8}}(?P<value>{NAME}|{CAPITAL_FULL}){_NO_HEAD}(?![ ]?\d|[ ]?[({{\[=]"
            r"|[ ](?:and|of|the|for|to|in|with|by|on|your|a)\b)",
            0.85,
        ),
        CuedPattern(
            "label, spaced",
            rf"^[ \t]{{0,4}}(?:氏名|お?名前|姓名)[ \u3000\t]{{1,4}}"
            rf"(?P<value>(?:{JAPANESE_SURNAMES})[ \u3000]?[\u4e00-\u9fff\u3041-\u3096]{{1,3}}"
            rf"|[{CHINESE_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=[ \t\u3000]*(?:$|[,;(]))",
            0.75,
        ),
        CuedPattern(
            "label, dashed",
            rf"^[ \t>*|\"-]{{0,4}}(?i:(?:full|{_HOLDER}) name)\*{{0,2}}[ ][-\u2013\u2014][ ]"
            rf"(?P<value>{FULL}|{CAPITAL_FULL})(?=[ \t]*(?:$|[,;|(]))",
            0.8,
        ),
        CuedPattern(
            "label abroad",
            rf"^[ \t>*|\"-]{{0,4}}(?i:nom|nome|naam|navn"
            rf"|namn|nimi|jméno|név|nume|nama|ime|ad)[ ]{{0,3}}(?:\*{{1,2}})?[:|](?:\*{{1,2}})?[ "
            rf"\t]{{0,8}}(?P<value>{FULL}|{CAPITAL_FULL}){_NO_HEAD}(?![ ]?\d|[ ]?[({{\[=])",
            0.8,
        ),
        CuedPattern(
            "introduced, full",
            r"(?:^|[.!?:,][ ]|[\"“¡])(?:[Jj]e suis|[Ss]oy|[Ss]ono|(?:[Ee]u )?[Ss]ou(?: [oa])?"
            r"|[Ii]k ben"
            rf"|[Jj]ag är)[ ](?P<value>{FULL})(?=[,.!]|$|[ ](?:et|y|e|en|och|de|da|di|du|del"
            rf"|della)\b)",
            0.6,
        ),
        CuedPattern(
            "introduced, before",
            rf"(?<![\u4e00-\u9fff\u3041-\u30fa])(?P<value>{JAPANESE})(?:と申します|といいます"
            rf"|と言います)",
            0.8,
        ),
        CuedPattern(
            "greeting",
            rf"^[ \t\">]{{0,3}}(?:Dear|Hi|Hello)[ ](?P<value>{NAME})(?=[ ]?[,!:]?$|[ ]?[,:]\s)",
            0.7,
        ),
        CuedPattern(
            "sign-off",
            r"(?:[Kk]ind [Rr]egards|[Bb]est [Rr]egards|[Rr]egards|[Ss]incerely|[Bb]est "
            r"[Ww]ishes|[Yy]ours (?:truly|faithfully))"
            rf"(?:[ ]?,\s{{1,4}}|[ ]?\n{{1,2}})[-\u2013]?[ ]?(?P<value>{FULL})[ ]?$",
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
            rf"\s{{0,3}}\n\s{{0,3}}(?P<value>{FULL})[ ]?$",
            0.7,
        ),
        CuedPattern(
            "asked",
            r"\b(?i:what(?:'s| is) your (?:full |first |last |maiden )?name|(?:what's|what is) "
            r"the name on the account)"
            rf"\?[ ]{{0,2}}\n?(?:[A-Z][a-z]{{2,12}}:[ ])?(?P<value>{NAME})[ ]?[.!]?$",
            0.7,
        ),
        CuedPattern(
            "i am",
            rf"(?:^|[.!?][ ]|[\"“])(?:I am|I'm|I\u2019m)[ ](?P<value>{FULL})(?=,|[.]?$|[ "
            rf"]and\b|[ ]from\b)",
            0.6,
        ),
        CuedPattern(
            "relation",
            r"\b(?i:my (?:friend|wife|husband|son|daughter|brother|sister|boss|colleague|uncle"
            r"|aunt|cousin"
            r"|neighbou?r|mother|father|doctor|lawyer|attorney|partner|girlfriend|boyfriend"
            r"|landlord))"
            rf"[ ,]{{1,2}}(?P<value>{NAME})",
            0.7,
        ),
    )

    def trim(self, value: str, pattern: str) -> str:
        """Cut from the first word that is no name; nothing is left when that is the first.

        A greeting with such a word anywhere greets a role: "Dear Voucher Holder", and an entry
        `name:` of a file of settings names a step: "name: Continuous Integration". A label's one
        word before such a word is no name ("Name: Deep Learning"), unless that begins the next
        field. A title's one word is left to the pattern of a title and a surname.
        """
        words = value.split(" ")
        kept = list(takewhile(may_be_a_name, words))
        if pattern in {"greeting", "entry"} and len(kept) < len(words):
            return ""
        if pattern in _TITLED and len(kept) == 1:
            return ""
        if pattern in _LABELS and len(kept) == 1 < len(words) and words[1] not in _NEXT_LABELS:
            return ""
        if pattern == "sign-off abroad" and (
            len(kept) < 2 or words[0] in ARTICLES or is_department(value)
        ):
            return ""
        return _POSSESSIVE.sub("", " ".join(kept)).rstrip(",")

    def accepts(self, value: str, pattern: str) -> bool:
        """Refuse what fields hold instead of a name, and uncased words that begin a sentence."""
        if value.startswith(QUESTIONS) or CAMEL.search(value):
            return False
        if value.casefold() in NO_VALUE or any(c.isdigit() for c in value):
            return False
        if pattern in _LABELS and " " not in value and is_column(value):
            return False
        if pattern == "introduced in Korean":
            return value not in NO_UNCASED
        if pattern == "introduced in Chinese":
            return value not in NO_UNCASED and (
                value[0] in CHINESE_SURNAMES or value[:2] in CHINESE_DOUBLE.split("|")
            )
        return not (pattern == "introduced, uncased" and value in NO_UNCASED)

    def confidence(self, value: str, pattern: CuedPattern) -> float:
        """Doubt a holder that is no given name and surname: "Titular: Cuenta Corriente"."""
        cased = pattern.name == "holder" and value.lower() != value.upper()
        return LOW if cased and not is_full_name(value) else pattern.score
