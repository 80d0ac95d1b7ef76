"""The types of personal data there are: what a scan may search, and must say when it does not."""

from typing import Final

from ftaudit.model.finding import Severity

MODELLED: Final = ("LOCATION", "NRP", "ORGANIZATION", "PERSON")
"""Types that a model finds (`ner`); NRP: nationality, religious or political group."""
BY_CUES_ONLY: Final = frozenset({"PERSON"})
"""Types that without a model are found only where words give them away: a lower bound."""

PRESIDIO: Final = frozenset(
    """
    CREDIT_CARD CRYPTO DATE_TIME EMAIL_ADDRESS IBAN_CODE IP_ADDRESS MAC_ADDRESS PHONE_NUMBER URL
    UUID AU_ABN AU_ACN AU_MEDICARE AU_TFN CA_POSTAL_CODE CA_SIN DE_BSNR DE_FUEHRERSCHEIN
    DE_HANDELSREGISTER DE_HEALTH_INSURANCE DE_ID_CARD DE_KFZ DE_LANR DE_PASSPORT DE_PLZ
    DE_SOCIAL_SECURITY DE_TAX_ID DE_TAX_NUMBER DE_VAT_ID ES_NIE ES_NIF ES_PASSPORT
    FI_PERSONAL_IDENTITY_CODE IN_AADHAAR IN_GSTIN IN_PAN IN_PASSPORT IN_VEHICLE_REGISTRATION
    IN_VOTER IT_DRIVER_LICENSE IT_FISCAL_CODE IT_IDENTITY_CARD IT_PASSPORT IT_VAT_CODE KR_BRN
    KR_DRIVER_LICENSE KR_FRN KR_PASSPORT KR_RRN NG_NIN NG_VEHICLE_REGISTRATION PH_PASSPORT
    PH_TIN PH_UMID PL_PESEL SE_ORGANISATIONSNUMMER SE_PERSONNUMMER SG_NRIC_FIN SG_UEN TH_TNIN
    TR_LICENSE_PLATE TR_NATIONAL_ID UK_DRIVING_LICENCE UK_NHS UK_NINO UK_PASSPORT UK_POSTCODE
    UK_VEHICLE_REGISTRATION ABA_ROUTING_NUMBER MEDICAL_LICENSE US_BANK_NUMBER US_CLAIM_NUMBER
    US_DRIVER_LICENSE US_HEALTH_INSURANCE_MEMBER_ID US_ITIN US_MBI US_NPI US_PASSPORT
    US_PRESCRIPTION_NUMBER US_PRIOR_AUTHORIZATION_NUMBER US_PROVIDER_TAX_ID US_REFERRAL_NUMBER
    US_SSN ZA_COMPANY_REGISTRATION ZA_DRIVER_LICENSE ZA_ID_NUMBER ZA_INCOME_TAX_NUMBER
    ZA_LICENSE_PLATE ZA_MOBILE_NUMBER ZA_PASSPORT ZA_TELEPHONE_NUMBER ZA_TRAFFIC_REGISTER_NUMBER
    ZA_VAT_NUMBER
    """.split()  # noqa: SIM905 - quotes around every word would hide the words
)
"""Types of Presidio 2.2's registry, every country's."""

STAND_IN: Final = "STAND_IN"
"""Documented test cards, where they are given a class of their own: nobody's."""
NOT_SEARCHED: Final = frozenset(
    {"BIOMETRIC_DATA", "GENDER", "HEALTH_CONDITION", "LICENSE_PLATE", "SEXUAL_ORIENTATION"}
    | {"SOCIAL_MEDIA_HANDLE", "TRADE_UNION_MEMBERSHIP", "USERNAME"}
)
"""Types of personal data that nothing here searches for (GDPR art. 4 and 9, NIST SP 800-122)."""

KNOWN: Final = PRESIDIO | NOT_SEARCHED | frozenset(MODELLED)
"""Presidio's types, those that only a model can find, and those that nothing finds."""

INDIRECT: Final = frozenset(
    {
        "AGE",
        "CA_POSTAL_CODE",
        "COORDINATES",
        "DATE_TIME",
        "DEVICE_ID",
        "DE_PLZ",
        "LOCATION",
        "MAC_ADDRESS",
        "NRP",
    }
    | {"ORGANIZATION", "STAND_IN", "UK_POSTCODE", "URL", "UUID", "ZIP_CODE"}
)
"""Types that identify nobody by themselves."""
REACHING: Final = frozenset(
    {"DATE_OF_BIRTH", "EMAIL_ADDRESS", "IP_ADDRESS", "PERSON", "PHONE_NUMBER", "STREET_ADDRESS"}
)
"""Types that name or reach a person."""


def severity(entity: str) -> Severity:
    """Return how much one finding harms: high for numbers of accounts, documents and health."""
    if entity in INDIRECT:
        return Severity.LOW
    return Severity.MEDIUM if entity in REACHING else Severity.HIGH
