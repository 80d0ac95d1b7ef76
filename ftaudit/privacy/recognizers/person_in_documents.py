"""Names of people where chats, calendars, contracts, invoices and telephone calls have them."""

from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.name_shapes import (
    CAPITAL_FULL,
    FULL,
    NO_VALUE,
    WORD,
    may_be_a_name,
)

_PARTY: Final = (
    r"(?:Tenant|Landlord|Lessee|Lessor|Employee|Buyer|Seller|Borrower|Lender|Client|Contractor"
    r"|Consultant|Guarantor|Licensee|Licensor|Donor|Executor|Testator|Patient|Purchaser|Assignee"
    r"|Assignor|Applicant|Mieter|Vermieter|Arbeitnehmer|Käufer|Verkäufer|Arrendatario|Arrendador"
    r"|Locataire|Bailleur|Conduttore|Locatore)"
)
_ADDRESSEE: Final = (
    r"(?i:ship(?:ped|ping)?(?: to)?|bill(?:ed|ing)?(?: to)?|invoice to|sold to|deliver(?:y)? to"
    r"|ship to address|billing address|shipping address|rechnung an|rechnungsadresse"
    r"|lieferadresse|lieferanschrift|factur[ée]e? à|livr[ée]e? à|adresse de livraison|facturar a"
    r"|enviar a|direcci[óo]n de env[íi]o|spedire a|indirizzo di spedizione|fatturare a"
    r"|endereço de entrega|factuuradres|afleveradres|adres dostawy|faktureringsadress"
    r"|leveringsadresse|remit to|mail to|c/o|attn)"
)


class PersonInDocumentsRecognizer(CuedRecognizer):
    """Find full names before a message of a chat, beside a party's role, above an address."""

    entity: ClassVar = "PERSON"
    patterns: ClassVar = (
        CuedPattern(
            "chat",
            rf"^\[?\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}},?[ ]\d{{1,2}}:\d{{2}}(?::\d{{2}})?"
            rf"(?:[ ]?[AaPp]\.?[Mm]\.?)?\]?[ ](?:-[ ])?~?[ ]?(?P<value>{FULL}):[ ]",
            0.75,
        ),
        CuedPattern("calendar", rf";CN=\"?(?P<value>{FULL}|{WORD},[ ]{WORD})(?=[\";:])", 0.8),
        CuedPattern(
            "party of a contract",
            rf"(?P<value>{FULL})[ ]?\((?:(?i:here(?:in)?after)(?: referred to as| called)?,?[ ])?"
            rf"(?:(?i:the|der|die|el|la|le"
            rf"|il)[ ])?[\"“«„'](?:the )?{_PARTY}\b",
            0.6,
        ),
        CuedPattern(
            "above an address",
            rf"^[ \t]{{0,8}}{_ADDRESSEE}[ ]?:?[ ]{{0,4}}\n[ \t]{{0,8}}(?P<value>{FULL}"
            rf"|{CAPITAL_FULL})"
            r"[ ]?(?=\n[^\n]{0,60}\d)",
            0.6,
        ),
        CuedPattern("attribute", rf"(?:\bw:author|\bauthor)=[\"'](?P<value>{FULL})(?=[\"'])", 0.7),
        CuedPattern(
            "declaration",
            rf"^[ \t]{{0,4}}I,[ ](?P<value>{FULL}),[ ](?:hereby|the undersigned|residing at"
            r"|resident of|declare|solemnly|being duly|do hereby)\b",
            0.75,
        ),
        CuedPattern(
            "answering",
            r"\b(?:[Hh]ier (?:spricht|ist)|(?:[Ll]e |[Tt]e )?[Hh]abla|[Ll]e atiende|[Pp]arla"
            rf"|[Ff]ala(?: [oa])?|[Mm]et|[Tt]u mówi)[ ](?P<value>{FULL})"
            r"(?=[,.!]|$|[ ](?:von|vom|de|del|della|van|z)\b)",
            0.6,
        ),
        CuedPattern(
            "on the telephone",
            rf"(?P<value>{FULL})[ ](?:à l['\u2019]appareil|am Apparat|al habla|al telefono|na linha"
            r"|przy telefonie)\b",
            0.75,
        ),
        CuedPattern(
            "signature",
            r"\b(?i:(?:witness|customer|patient|client|applicant|tenant|employee|parent|guardian"
            r"|authorized|patient's|customer's)[ ]signature|signed by|signature of"
            r"|print(?:ed)? name)"
            rf"[ ]?:[ ]{{0,8}}(?P<value>{FULL}|{CAPITAL_FULL})",
            0.75,
        ),
        CuedPattern(
            "settings", rf"\buser[.-](?:full-)?name[ =]{{1,3}}[\"'](?P<value>{FULL})(?=[\"'])", 0.8
        ),
        CuedPattern(
            "asked for",
            r"\b(?i:speak (?:to|with)|talk to|sprechen mit|parler à|hablar con|parlare con"
            r"|falar com|spreken met|tala med|tale med|snakke med|puhua|rozmawiać z)"
            rf"[ ](?P<value>{FULL})(?=[,.?!]|$)",
            0.6,
        ),
        CuedPattern("header", rf"^(?:To|Cc|Bcc|An|Von):[ ](?P<value>{FULL})(?=[ ]?(?:;|$))", 0.6),
        CuedPattern(
            "second header", rf";[ ](?:To|Cc|Bcc):[ ](?P<value>{FULL})(?=[ ]?(?:;|$))", 0.6
        ),
        CuedPattern("prescription", rf"^(?:Rp\.?|Rx)[ ](?:for)?:?[ ](?P<value>{FULL})[ ]*$", 0.7),
        CuedPattern(
            "party of a payment",
            rf"^:(?:50[AFHK]?|59[AF]?):(?:/[^\n]{{1,40}}\n)?(?P<value>{CAPITAL_FULL})[ ]*$",
            0.7,
        ),
        CuedPattern(
            "creator", rf"<(?:dc:)?(?:creator|author|contributor)>(?P<value>{WORD}[ ]{WORD})<", 0.6
        ),
    )

    def trim(self, value: str, pattern: str) -> str:  # noqa: ARG002 - one rule for every pattern
        """Leave nothing of what holds a word that is no name: "Ship to: Support Team"."""
        words = value.replace(",", "").split(" ")
        return value if all(map(may_be_a_name, words)) else ""

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Refuse what fields hold instead of a name."""
        return value.casefold() not in NO_VALUE and not any(c.isdigit() for c in value)
