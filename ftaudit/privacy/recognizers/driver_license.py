"""Driver's licence numbers that are said to be one."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, SEPARATOR, key


class CuedDriverLicenseRecognizer(CuedRecognizer):
    """Find what follows "driver's license number is"; formats differ by state and country."""

    entity: ClassVar = "US_DRIVER_LICENSE"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            r"\b(?i:driver'?\u2019?s?'?|driving)[ ](?i:licen[cs]e)(?i:[ ](?:number|no|nr|num"
            r"|id)\.?)?[ ]?(?i:is|was|:|#|-){0,2}[ :#]{0,3}"
            r"(?P<value>[A-Za-z0-9](?:[ -]?[A-Za-z0-9]){4,17})\b",
            0.9,
        ),
        CuedPattern(
            "key",
            key(
                rf"driver'?s?'?{JOIN}licen[cs]e(?:{JOIN}(?:number|no|nr|num|id))?"
                rf"|driving{JOIN}licen[cs]e(?:{JOIN}(?:number|no))?|dl{JOIN}(?:number|no|num)"
                rf"|dln?|f[üu]hrerschein"
                rf"(?:{JOIN}(?:nummer|nr\.?))?|permis de conduire"
                r"|(?:licencia|permiso|carn(?:et|é)) de conducir|patente di guida"
                r"|carta de condu[çc][ãa]o"
                r"|rijbewijs(?:nummer)?|prawo jazdy|ehliyet(?: no)?|carteira de motorista"
            )
            + rf"(?:[ ]?(?i:n[°º.]|no\.?|nr\.?|n[úu]m[ée]ro))?(?:{SEPARATOR}|[ ]?(?i:is|ist|es"
            rf"|est)?[ ]{{1,3}})"
            r"(?P<value>(?-i:[A-Z0-9](?:-?[A-Z0-9]){5,17}))(?![\w-])",
            0.85,
        ),
        CuedPattern(
            "printed",
            key(rf"licen[cs]e{JOIN}(?:number|no|nr|num|id)")
            + rf"(?:{SEPARATOR}|[ ]?(?i:is|was)?[ ]{{1,3}})"
            r"(?P<value>(?-i:[A-Z]\d{4}-\d{5}-\d{5}|[A-Z]\d{3}-\d{4}-\d{4}(?:-\d\d)?"
            r"|[A-Z]\d{3}-\d{3}-\d\d-\d{3}-\d|[A-Z](?:-\d{3}){4}))(?![\w-])",
            0.8,
        ),
    )

    def trim(self, value: str, pattern: str) -> str:  # noqa: ARG002 - one rule for every pattern
        """Keep the words up to the last that holds a digit."""
        words = value.split(" ")
        while words and not digits(words[-1]):
            words.pop()
        return " ".join(words)

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Ask for at least four digits."""
        return len(digits(value)) >= 4
