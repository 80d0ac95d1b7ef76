"""Numbers that a hospital or a health insurer gives a patient."""

from typing import ClassVar

from ftaudit.privacy.recognizers.checksums import digits
from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.key_patterns import JOIN, SEPARATOR, key

_NUMBER = rf"(?:{JOIN}(?:number|no|num|nr|id|\#))?"


class MedicalRecordRecognizer(CuedRecognizer):
    """Find what follows "MRN", "medical record number", "patient id" or "health card"."""

    entity: ClassVar = "MEDICAL_RECORD_NUMBER"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            key(
                rf"mrn{_NUMBER}|mr[ ]?\#|med\.?{JOIN}rec\.?{_NUMBER}|medical{JOIN}record{_NUMBER}"
                rf"|patient{JOIN}(?:id|number|no|identifier)"
                rf"|chart{JOIN}(?:number|no|\#)|hospital{JOIN}(?:number|no|id)|health{JOIN}(?:card"
                rf"|plan){_NUMBER}"
                rf"|member{JOIN}id|insurance{JOIN}(?:id|member|policy){_NUMBER}"
                rf"|krankenversichertennummer"
                r"|versichertennummer|numéro de dossier|historia clínica"
            )
            + rf"(?:{SEPARATOR}"
            rf"|\.?(?i:[ ]is)?[ ]{{1,2}})(?P<value>[A-Z]{{0,4}}-?\d[\d-]{{4,14}}\d)(?![\w-])",
            0.8,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Ask for five digits."""
        return len(digits(value)) >= 5


class MedicareRecognizer(CuedRecognizer):
    """Find US Medicare beneficiary identifiers after the word; their format is fixed (CMS)."""

    entity: ClassVar = "US_MBI"
    patterns: ClassVar = (
        CuedPattern(
            "cued",
            key(r"medicare|mbi|beneficiary") + r"[^\n]{0,24}?(?<![\w-])"
            r"(?P<value>[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]"
            r"[0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2})(?![\w-])",
            0.9,
        ),
    )
