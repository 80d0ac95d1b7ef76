"""Identity and tax numbers that are said to be one, whatever the country."""

from typing import ClassVar, Final

from ftaudit.privacy.findings.card_numbers import luhn
from ftaudit.privacy.recognizers.checksums import digits, weighted
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, SEPARATOR, key

_NUMBER: Final = rf"(?:{JOIN}(?:number|no|nr|num|nummer))?"
_VALUE: Final = (
    rf"(?:{SEPARATOR}|(?i:[ ](?:is|ist|es|est|è|é))?[ ]{{1,2}})"
    r"(?P<value>[A-Z0-9](?:[ ./-]?[A-Z0-9]){6,19})(?![\w-])"
)
_NUMBERS: Final = (
    rf"pesel|nric(?:{JOIN}(?:number|no))?|numer pesel|tax{JOIN}file{JOIN}(?:number|no)|tfn|oib"
    rf"|jmbg|emšo|rodn[ée]{JOIN}(?:[čc][íi]slo|č\.?)|cnp|cod numeric personal|cuit|cuil"
    rf"|cuit/cuil|amka|ppsn|pps{JOIN}(?:number|no)|no\.? ktp|nomor induk kependudukan|cnic|bvn"
    rf"|t\.?c\.? ?kimlik(?: no| numaras[\u0131i])?|kimlik (?:no|numaras[\u0131i])|tckn"
    rf"|isikukood|asmens kodas|personas kods|kennitala|hetu|d-nummer|cpr{JOIN}?(?:nr|nummer)"
    rf"|num[ée]ro (?:national|fiscal)|identifiant fiscal"
    rf"|n[°ºo.]{{1,2}} (?:de )?s[ée]curit[ée] sociale|n[°ºo.]{{1,2}} (?:de )?s[ée]cu"
    rf"|num[ée]ro de s[ée]cu|n[úu]mero de (?:la )?seguridad social|nuss|título de eleitor"
    rf"|pis/pasep|nis/pis|c[ée]dula(?: de identidad)?|iqama(?: no\.?)?|emirates id|civil id"
    rf"|adhaar|aadhar|cmnd|cccd|mykad|philsys|sss{JOIN}(?:number|no)|gsis|sv-?(?:nummer|nr\.?)"
    rf"|sozialvers\.?-?nr\.?|versicherungsnummer|codul numeric personal"
    rf"|health{JOIN}card{JOIN}(?:number|no)|social{JOIN}insurance{JOIN}(?:number|no)"
    rf"|medicare{JOIN}(?:number|no|card)|voter{JOIN}id|epic{JOIN}no|ssnit"
    rf"|nrc{JOIN}(?:number|no)|(?:alien|uscis){JOIN}(?:registration{JOIN})?(?:number|no)|itin"
)
"""What the numbers of persons are called, country by country."""
_FOREIGN: Final = (
    r"егн|ЕГН|αμκα|αφμ|α\.φ\.μ\.?|рнокпп|іпн|иин"  # noqa: RUF001 - Greek and Cyrillic
    r"|رقم الإقامة|الرقم المدني|هوية رقم|کد ?ملی|شماره ملی"
    r"|आधार(?: (?:संख्या|नंबर|कार्ड))?|पैन(?: (?:संख्या|नंबर))?|身分證(?:字號|號碼)?"
    r"|身份証|統一證號|居留證|居民身份证号?码?|외국인등록번호|주민번호|在留カード(?:番号)?"
    r"|健康保険証(?:番号)?|เลขประจำตัวประชาชน|เลขบัตรประชาชน|căn cước(?: công dân)?"
)


class CuedNationalIdRecognizer(CuedRecognizer):
    """Find what follows "national id", "identity card", "DNI", "codice fiscale" and their like."""

    entity: ClassVar = "NATIONAL_ID"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            key(
                rf"(?:national|citizen|identity|government|govt|personal|resident){JOIN}(?:id"
                rf"|identity|identification"
                rf"|identifier)(?:{JOIN}card)?{_NUMBER}|identity{JOIN}card{_NUMBER}"
                rf"|national{JOIN}insurance{_NUMBER}"
                rf"|nino|tax{JOIN}(?:id|identification|payer{JOIN}id){_NUMBER}"
                rf"|taxpayer{JOIN}(?:id|number)"
                r"|d\.?n\.?i|nie|n\.?i\.?f|c[ée]dula(?: de ciudadan[ií]a)?|c[óo]digo fiscal"
                r"|codice[ _]?fiscale"
                r"|personalausweis(?:nummer)?|ausweisnummer|steuer-?(?:id|identifikationsnummer"
                r"|nummer)"
                r"|sozialversicherungsnummer|num[ée]ro de s[ée]curit[ée] sociale"
                r"|carte d'identit[ée]"
                r"|carta d'identit[àa]|cart[ãa]o de cidad[ãa]o|rijksregisternummer|personnummer|cpr"
                r"|henkil[öo]tunnus|aadhaar(?: card)?(?:[ ](?:no\.?|number))?"
                r"|снилс|инн|身份证(?:号码?"
                r"|號碼?)?|マイナンバー"
                r"|個人番号|주민등록번호"
                r"|מספר זהות|رقم الهوية|الرقم القومي"
            )
            + _VALUE,
            0.8,
        ),
        CuedPattern("by its name", key(_NUMBERS) + _VALUE, 0.8),
        CuedPattern("by its name, in other scripts", key(_FOREIGN) + _VALUE, 0.8),
        CuedPattern(
            "South African",
            r"\b(?i:id|identity)(?i:[ ](?:no\.?|number|nr\.?|#))?[ ]?[:=#]?[ ]{0,3}"
            r"(?P<value>\d\d[01]\d[0-3]\d{5}[01]\d\d)(?![\w-])",
            0.85,
        ),
        CuedPattern("Indonesian", r"(?<![\w.])NIK[ ]?[:.]?[ ]{0,3}(?P<value>\d{16})(?![\w-])", 0.8),
        CuedPattern(
            "Australian",
            r"(?<![\w.])(?i:medicare)(?i:[ ](?:no\.?|number|card))?[ ]?[:#]?[ ]{0,3}"
            r"(?P<value>\d{4}[ ]?\d{5}[ ]?\d)(?![\w-])",
            0.8,
        ),
        CuedPattern(
            "British, of taxpayers",
            r"(?<![\w.])UTR[ ]?[:.]?[ ]{0,3}(?P<value>\d{5}[ ]?\d{5})(?![\w-])",
            0.8,
        ),
        CuedPattern(
            "Italian",
            r"(?<!\w)(?P<value>[A-Z]{6}\d{2}[A-EHLMPRST][0-7]\d[A-Z]\d{3}[A-Z])(?!\w)",
            0.8,
        ),
        CuedPattern(
            "Canadian",
            r"(?<![\w.])SIN(?: ?(?:no\.?|number|#))?[ ]?[:=#]?[ ]{0,3}"
            r"(?P<value>\d{3}[ -]\d{3}[ -]\d{3}|\d{9})(?![\w-])",
            0.85,
        ),
        CuedPattern(
            "Indian",
            r"(?<![\w.])(?i:pan)(?i:(?: card)?(?: ?(?:no\.?|number|#))?)[ ]?[:=#-]?[ ]{0,3}"
            r"(?P<value>[A-Z]{5}\d{4}[A-Z])(?!\w)",
            0.85,
        ),
        CuedPattern(
            "British",
            r"(?<![\w.-])(?P<value>[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d\d \d\d \d\d [A-D])"
            r"(?![\w-])",
            0.7,
        ),
        CuedPattern(
            "British, cued",
            r"(?<![\w.])(?i:ni(?: (?:no\.?|number|#))|nino|national insurance(?: (?:no\.?"
            r"|number))?)"
            r"[ ]?[:=#]?[ ]{0,3}(?P<value>[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D])(?![\w-])",
            0.85,
        ),
        CuedPattern(
            "Russian", r"(?<![\w.-])(?P<value>\d{3}-\d{3}-\d{3}[ -]\d{2})(?![\w-]|\.\d)", 0.7
        ),
        CuedPattern("Hong Kong", r"(?<![\w.-])(?P<value>[A-Z]{1,2}\d{6}\([0-9A]\))(?![\w-])", 0.8),
        CuedPattern(
            "Mexican",
            key(r"rfc")
            + rf"(?:{SEPARATOR}|[ ]{{1,2}})(?P<value>[A-ZÑ&]{{3,4}}-?\d{{6}}-?[A-Z0-9]{{3}})(?!\w)",
            0.85,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:
        """Ask for five digits, not all the same, and the check digits of the shapes that have some.

        Canada: Luhn; the Russian СНИЛС: modulo 101; Hong Kong: modulo 11 over letters and digits.
        """
        number = digits(value)
        if pattern == "Indian":
            return True
        if len(number) < 5 or len(set(number)) == 1:
            return False
        match pattern:
            case "Canadian" | "South African":
                return luhn(number)
            case "Russian":
                return weighted(number[:9], range(9, 0, -1)) % 101 % 100 == int(number[9:])
            case "Hong Kong":
                return _is_of_hong_kong(value)
            case _:
                return True


def _is_of_hong_kong(value: str) -> bool:
    """Say whether the digit in brackets checks (Immigration Department; a missing letter is 36)."""
    *body, check = (c for c in value if c.isalnum())
    letters = [int(c, 36) if c.isalpha() else int(c) for c in body]
    weights = range(9, 9 - len(letters), -1) if len(letters) == 8 else range(8, 1, -1)
    total = sum(n * w for n, w in zip(letters, weights, strict=False))
    total += 36 * 9 if len(letters) == 7 else 0
    return (total + int(check, 36)) % 11 == 0
