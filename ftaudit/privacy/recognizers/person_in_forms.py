"""Names of people in the places that forms, headers of mail and tickets have for them."""

from typing import ClassVar, Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.full_names import is_department, is_full_name
from ftaudit.privacy.recognizers.key_patterns import JOIN
from ftaudit.privacy.recognizers.name_shapes import (
    CAPITAL_FULL,
    CHINESE_DOUBLE,
    CHINESE_SURNAMES,
    FULL,
    JAPANESE_SURNAMES,
    KOREAN_SURNAMES,
    NO_VALUE,
    PART,
    UNCASED,
    WORD,
    may_be_a_name,
)

_PARTY: Final = (
    rf"customer|clientes?|client|display{JOIN}name|spouse|husband|wife|child(?:[ ]\d)?|son|daughter"
    rf"|mother|father|sibling|ehegatte|ehegattin|ehefrau|ehemann|kind(?:[ ]\d)?|tochter|sohn|mutter"
    rf"|vater|conjointe?|épou(?:x|se)|enfant|cónyuge|hij[oa]|madre|padre|coniuge|figli[oa]|cônjuge"
    rf"|filh[oa]|attendees|participants|teilnehmende|teilnehmer|guests|passengers|witnesses"
    rf"|unterzeichnet|обращение от|заявитель|абонент|застрахованный|"
    rf"employee|patient|pt|student|teacher|guest|passenger|witness"
    rf"|defendant|plaintiff"
    rf"|reporter|assignee|assigned{JOIN}to|reported{JOIN}by|reviewed{JOIN}by|approved{JOIN}by"
    rf"|prepared{JOIN}by|submitted{JOIN}by|requested{JOIN}by|signed{JOIN}by|contact|caller|claimant"
    rf"|ship(?:ped|ping)?{JOIN}to|bill(?:ed|ing)?{JOIN}to|sold{JOIN}to|deliver{JOIN}to|attention"
    rf"|policyholder|resident|petitioner|respondent|appellant|complainant|candidate|participant"
    rf"|donor|insured|tenant|landlord|buyer|seller|(?:attending{JOIN})?physician|attending|nurse"
    rf"|manager|line{JOIN}manager|referee|interviewer|interviewed{JOIN}by|parent(?:/guardian)?"
    rf"|guardian|(?:booking|policy|card|account){JOIN}holder|named{JOIN}insured|payee|payer|lessee"
    rf"|lessor|executor|testator|next{JOIN}of{JOIN}kin|emergency{JOIN}contact|primary{JOIN}contact"
    rf"|acked{JOIN}by|tested{JOIN}by|suggested{JOIN}by|co-authored{JOIN}by|helped{JOIN}by"
    rf"|signed{JOIN}off{JOIN}by|seen{JOIN}by|treated{JOIN}by|referred{JOIN}by|received{JOIN}by"
    rf"|deceased|inmate|officer|judge|notary|executive|consultant|surgeon"
    r"|supervisor|interviewee|borrower|guarantor|fn|kunde|kundin|mitarbeiter(?:in)?"
    r"|patientin|schüler(?:in)?"
    r"|mieter(?:in)?|bewohner(?:in)?|versicherte[rn]?|versicherungsnehmer(?:in)?"
    r"|antragsteller(?:in)?"
    r"|kl[äa]ger(?:in)?|beklagte[rn]?|angeklagte[rn]?|beschuldigte[rn]?|auftraggeber(?:in)?"
    r"|käufer(?:in)?|verkäufer(?:in)?|sachbearbeiter(?:in)?|bearbeiter(?:in)?|sch[üu]ler(?:in)?"
    r"|zeug(?:e|in)|vermieter(?:in)?|teilnehmer(?:in)?|bewerber(?:in)?|arzt|ärztin"
    r"|assuré|demandeur|témoin|médecin|résident|asegurado|solicitante|testigo|médico|paciente"
    r"|assicurato|richiedente|testimone|medico|paziente|segurado|requerente|testemunha"
    r"|verzekerde|aanvrager|getuige|huurder|najemca|świadek|wnioskodawca|ubezpieczony|hasta"
    r"|müşteri|kirac[\u0131]|çal[\u0131]şan|öğrenci|empfänger(?:in)?|absender(?:in)?|salarié"
    r"|employé|élève|locataire|destinataire"
    r"|empleado|alumno|alumna|inquilino|destinatario|dipendente|studente|funcionário|aluno|klant|kund|gast|huésped|ospite|hóspede|passager|pasajero|passeggero|passageiro"
    r"|acheteur|vendeur|comprador|vendedor|acquirente|venditore|titulaire|titular|titolare"
    r"|parent|parents|tuteur|tutor|encarregado de educação"
    r"|medewerker|leerling|klient|klientka|pracownik|pacjent(?:ka)?|клиент|сотрудник"
    r"|пациентк[\u0430]"
    r"|покупатель|получатель|отправитель|ученик|студент|клієнт"
)
_PARTY_UNCASED: Final = (
    r"(?:客户|病人|患者|员工|学生|顧客|社員|お客様|고객|환자|직원|학생|[הל]?לקוח|[הל]?מטופלת?|[הל]?עובד"
    r"|(?:ال)?عميل|(?:ال)?مريض|(?:ال)?موظف)"
)
_LOW: Final = 0.45
"""Score where a company, a place or a greeting may stand: it identifies beside a contact only."""
_FULL: Final = 0.75
"""Score there of what is a given name and a surname, and nothing else that is known."""
_CLOSE: Final = r"(?=[ \t]*(?:$|[,;|(\"\\<])|[ ]{2,}|[ ](?:on|at)\b)"

_SURNAMED: Final = LazyPattern(
    rf"(?:[{CHINESE_SURNAMES}]|{CHINESE_DOUBLE})[\u4e00-\u9fff]{{1,2}}$|(?:{JAPANESE_SURNAMES})|[{KOREAN_SURNAMES}]"
    r"[\uac00-\ud7a3]{2}$|[\u05d0-\u05ea\u0621-\u06d3]+[ ]"
)


class PersonInFormsRecognizer(CuedRecognizer):
    """Find full names before an address of mail, after the word for a party, and in sign-offs.

    The value must be all there is: "Customer: Marisol Quintero", not a sentence of a dialogue.
    """

    entity: ClassVar = "PERSON"
    patterns: ClassVar = (
        CuedPattern(
            "before mail",
            rf"(?<![\w.-])(?<![ ][A-Z][ ])[\"']?(?P<value>{FULL}|{WORD},[ ]{WORD}(?:[ ]{PART})?"
            rf"|{CAPITAL_FULL})[\"']?[ ]?<[^<>@\s]{{1,64}}@[^<>@\s]{{3,80}}>",
            0.8,
        ),
        CuedPattern(
            "party",
            rf"(?:^|(?<=[|,;({{\"]))[ \t>*|\"-]{{0,4}}(?i:{_PARTY})[ ]{{0,3}}(?:\*{{1,2}})?:"
            rf"(?:\*{{1,2}})?[ \t]{{0,8}}(?P<value>{FULL}|{CAPITAL_FULL}){_CLOSE}",
            _LOW,
        ),
        CuedPattern(
            "author's label",
            rf"(?:^|(?<=[|,;({{\"]))[ \t>*|\"-]{{0,4}}(?i:authors?)[ ]{{0,3}}(?:\*{{1,2}})?:"
            rf"(?:\*{{1,2}})?[ \t]{{0,8}}(?P<value>{FULL}|{CAPITAL_FULL}){_CLOSE}",
            _LOW,
        ),
        CuedPattern(
            "party, uncased",
            rf"(?:^|(?<=[|,;({{\"]))[ \t>*|\"-]{{0,4}}{_PARTY_UNCASED}[ ]{{0,3}}:[ \t]{{0,8}}"
            rf"(?P<value>{UNCASED})(?:[ ]?(?:様|さん|殿|先生|님))?{_CLOSE}",
            0.7,
        ),
        CuedPattern(
            "family name first",
            rf"(?:^|(?<=[|;({{\"]))[ \t>*|\"-]{{0,4}}(?i:(?:full |patient |customer "
            rf"|employee )?name"
            rf"(?:/\w{{3,8}})?|name of \w{{3,12}}|last,? first)[ ]{{0,3}}:[ \t]{{0,8}}"
            rf"(?P<value>{WORD},[ ]{WORD})"
            rf"{_CLOSE}",
            0.8,
        ),
        CuedPattern(
            "calling",
            rf"\b[Tt]his is (?P<value>{FULL})(?=[ ](?:calling|speaking|here)\b)",
            0.75,
        ),
        CuedPattern(
            "this is", rf"\b[Tt]his is (?P<value>{FULL})(?=[ ](?:from|again)\b|[ ]and I\b)", _LOW
        ),
        CuedPattern("called", rf"\byou can call me (?P<value>{WORD})(?=[.,!]|$)", _LOW),
        CuedPattern(
            "sign-off",
            r"^(?:[Tt]hanks(?: a lot| so much| again)?|[Tt]hank you(?: so much)?|[Mm]any thanks"
            r"|[Cc]heers|[Bb]est|[Ww]arm(?:est)? regards|[Ww]ith regards|[Rr]espectfully"
            r"|[Cc]ordially"
            rf"|[Aa]ll the best|[Tt]ake care)[ ]?[,.!][ ]?\n\s{{0,3}}[-\u2013]?[ ]?"
            rf"(?P<value>{FULL})[ ]?$",
            0.7,
        ),
        CuedPattern(
            "author",
            rf"(?:(?<![\w@])@author[ ]{{1,4}}|\\author[{{\[]|[\"']author[\"'][ ]content=[\"'])"
            rf"(?P<value>{FULL})(?=[ ]*$|[,}}\"'])",
            0.7,
        ),
        CuedPattern(
            "visiting card",
            rf"^FN(?:;[^:\n]{{1,40}})?:(?P<value>{FULL}|{CAPITAL_FULL}|{UNCASED})",
            0.8,
        ),
        CuedPattern(
            "visiting card, parts", rf"^N(?:;[^:\n]{{1,40}})?:(?P<value>{WORD};{WORD})(?=;)", 0.8
        ),
        CuedPattern(
            "medical message",
            r"[|^](?P<value>[A-ZÀ-Ž][A-ZÀ-Ž' -]{1,24}\^[A-ZÀ-Ž][A-ZÀ-Ž' -]{1,24}"
            rf"|{WORD}\^{WORD})(?=\^[A-Za-z. ]{{0,24}}[|^]|\|)",
            0.7,
        ),
        CuedPattern(
            "tag",
            rf"<(?:author|(?:dc:)?creator|contact|customer|patient|employee|owner|recipient|sender"
            rf"|student|passenger|contributor|developer)>\s{{0,4}}"
            rf"(?P<value>{FULL}|{CAPITAL_FULL})\s{{0,4}}</",
            0.7,
        ),
        CuedPattern(
            "tag beside a contact",
            rf"<name>(?P<value>{FULL})</name>(?=\s{{0,40}}<(?:e-?mail|(?:tele)?phone|tel|mobile"
            rf"|address|age|gender|dob|birth\w{{0,4}}|ssn|street|timezone)\b)",
            0.75,
        ),
        CuedPattern(
            "copyright",
            rf"(?:\([cC]\)|©|\b[Cc]opyright|&copy;)[ ]{{1,2}}"
            rf"(?:[12]\d{{3}}(?:[ ]?[,-][ ]?[12]\d{{3}}){{0,3}}(?:[ ]?-[ ]?present)?,?)"
            rf"[ ]{{1,2}}(?:[Bb]y[ ])?(?P<value>{FULL})"
            rf"(?=[ ]?(?:$|[.<(*]|\\n|[-|][ ]|[Aa]ll [Rr]ights))",
            _LOW,
        ),
        CuedPattern(
            "travel", r"(?P<value>[A-Z]{2,20}/[A-Z]{2,20})[ ](?:MRS?|MS|MISS|MSTR)\b", 0.75
        ),
    )

    def trim(self, value: str, pattern: str) -> str:  # noqa: ARG002 - one rule for every pattern
        """Leave nothing of what holds a word that is no name: "Customer: Support Team"."""
        words = value.replace(",", "").split(" ")
        return value if all(map(may_be_a_name, words)) else ""

    def accepts(self, value: str, pattern: str) -> bool:
        """Refuse what fields hold instead of a name, and uncased words without a surname."""
        if pattern == "travel" and not is_full_name(value.replace("/", " ").title()):
            return False
        if pattern == "sign-off" and is_department(value):
            return False
        if pattern == "party, uncased" and not _SURNAMED.match(value):
            return False
        return value.casefold() not in NO_VALUE and not any(c.isdigit() for c in value)

    def confidence(self, value: str, pattern: CuedPattern) -> float:
        """Trust the name after the word for a party when it is a given name and a surname."""
        raised = pattern.name in {"party", "this is"} and is_full_name(value)
        return _FULL if raised else pattern.score
