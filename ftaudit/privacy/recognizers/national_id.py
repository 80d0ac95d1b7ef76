"""Identity and tax numbers that are said to be one, whatever the country."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, SEPARATOR, key

_NUMBER = rf"(?:{JOIN}(?:number|no|nr|num|nummer))?"


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
                r"|henkil[öo]tunnus|aadhaar|снилс|инн|身份证(?:号码?|號碼?)?|マイナンバー"
                r"|個人番号|주민등록번호"
                r"|מספר זהות|رقم الهوية|الرقم القومي"
            )
            + rf"(?:{SEPARATOR}|(?i:[ ](?:is|ist|es|est|è|é))?[ ]{{1,2}})"
            r"(?P<value>[A-Z0-9](?:[ ./-]?[A-Z0-9]){6,19})(?![\w-])",
            0.8,
        ),
        CuedPattern(
            "Mexican",
            key(r"rfc")
            + rf"(?:{SEPARATOR}|[ ]{{1,2}})(?P<value>[A-ZÑ&]{{3,4}}-?\d{{6}}-?[A-Z0-9]{{3}})(?!\w)",
            0.85,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Ask for five digits, not all the same."""
        number = digits(value)
        return len(number) >= 5 and len(set(number)) > 1
