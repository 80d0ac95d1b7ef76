"""Texts by form: code, numbers, key-value lines, tables and typographic text, with marked values.

Every template stands for four texts with values drawn from a fixed seed. `[[TYPE]]` is a value that
must be found, `{{KIND}}` one that must not. Templates are split in halves by their digest: rules
were chosen on none, and the second half was never looked at singly.
"""

import hashlib
import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from ftaudit.privacy.findings.card_numbers import luhn
from tests.privacy.annotated import Row, Score, find, score

EACH: Final = 4
"""Texts of a template."""
SEEN, UNSEEN = 0, 1
"""Halves: the one whose faults may be read, and the one that is only counted."""

FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": (
        'customer = Customer(name="[[PERSON]]", email="[[EMAIL_ADDRESS]]", retries={{SMALL}})',
        "assert normalise('[[PHONE_NUMBER]]') is not None  # phone as typed by the customer",
        'INSERT INTO users (id, email, ssn) VALUES ({{ORDER}}, "[[EMAIL_ADDRESS]]", NULL);',
        "std::vector<Item>::iterator it = items.begin(); // see section {{SECTION}}",
        "SERVER_IP = '[[IP_ADDRESS]]'\nBUILD = '{{VERSION}}'",
        "requests.post(url, json={'cardNumber': '[[CREDIT_CARD]]', 'order_id': {{LONG}}})",
        'let digest = "{{HEX}}"; let seed = {{ORDER}};',
        "pip install torch=={{VERSION}} --timeout {{ORDER}}",
        "fn parse(s: &str) -> Result<u64, de::Error> { base::c0de::run(s, {{LONG}}) }",
        "logger.info('user %s logged in from [[IP_ADDRESS]]', user_id={{ORDER}})",
        "const patient = { ssn: '[[US_SSN]]', dateOfBirth: '[[DATE_OF_BIRTH]]', n: {{SMALL}} };",
        "x = df.iloc[::2]; y = {{FLOAT}} * {{FLOAT}}",
        'export const PAYLOAD = "{\\"phone\\": \\"[[PHONE_NUMBER]]\\", \\"ts\\": {{EPOCH}}}"',
        "SELECT * FROM orders WHERE order_no = '{{ORDER}}' AND created_at > {{EPOCH}}",
        "iban = normalize_iban('[[IBAN_CODE]]')",
        "git commit -m 'bump to {{VERSION}}' # ticket {{ORDER}}",
    ),
    "numbers": (
        '{"embedding": [{{FLOAT}}, {{FLOAT}}, {{FLOAT}}, {{FLOAT}}], "label": {{SMALL}}}',
        "epoch {{SMALL}}: loss={{FLOAT}} lr={{TINY}} step={{ORDER}}",
        "The mean was {{FLOAT}} (sd {{FLOAT}}), n = {{ORDER}}.",
        "p < {{TINY}}, t({{SMALL}}) = {{FLOAT}}",
        "pi is about 3.14159265358979323846 and e is 2.71828182845904523536",
        "bytes: {{LONG}} packets: {{ORDER}} errors: {{SMALL}}",
        "{{EPOCH}} {{EPOCH}} {{ORDER}} {{FLOAT}}",
        "trace_id={{HEX}} span_id={{LONG}} dur={{FLOAT}}",
        "snowflake {{LONG}} was replaced by {{LONG}}",
        "Call [[PHONE_NUMBER]] about the {{FLOAT}} kg parcel {{ORDER}}",
        "charged {{FLOAT}} to card [[CREDIT_CARD]] at {{EPOCH}}",
        "requirement {{SECTION}} replaces {{SECTION}} of release {{VERSION}}",
        "score 0.{{LONG}} beats 0.{{LONG}}",
        "population {{ORDER}}, area {{FLOAT}}",
        "tensor([[{{FLOAT}}, -{{FLOAT}}], [{{FLOAT}}, {{TINY}}]])",
        "uuid {{UUID}} checksum {{HEX}}",
    ),
    "key-value": (
        "customer_name=[[PERSON]]\norder_number={{ORDER}}",
        "phone_number: [[PHONE_NUMBER]]\ntracking_number: {{LONG}}",
        "ssn: [[US_SSN]]\nbuild: {{VERSION}}",
        "email = [[EMAIL_ADDRESS]]; retries = {{SMALL}}; ttl = {{ORDER}}",
        "client_ip=[[IP_ADDRESS]] agent=Mozilla/5.0 Chrome/{{VERSION}}",
        "dob=[[DATE_OF_BIRTH]] created={{EPOCH}}",
        "patientName: [[PERSON]]\nvisitId: {{ORDER}}",
        "card_number: [[CREDIT_CARD]]\ntransaction_id: {{LONG}}",
        "contactPhone=[[PHONE_NUMBER]]&orderId={{ORDER}}",
        "iban: [[IBAN_CODE]]\nreference: {{ORDER}}",
        "Telefon: [[PHONE_NUMBER]]\nBestellnummer: {{ORDER}}",
        "Nombre: [[PERSON]]\nPedido: {{ORDER}}",
        "oid={{OID}} version={{VERSION}} case={{ORDER}}",
        "user.email=[[EMAIL_ADDRESS]]\nuser.id={{UUID}}",
        "emergency_contact_name = [[PERSON]]\nemergency_contact_phone = [[PHONE_NUMBER]]",
        "isbn: {{ISBN}}\nupdated_ts: {{EPOCH}}",
    ),
    "tables": (
        "| Mail | Phone | N |\n|---|---|---|\n| [[EMAIL_ADDRESS]] | [[PLAIN_PHONE]] | {{SMALL}} |",
        "| SSN | [[US_SSN]] |\n| Ticket | {{ORDER}} |",
        "| Card | [[CREDIT_CARD]] |\n| Amount | {{FLOAT}} |",
        "<tr><td>Phone</td><td>[[PHONE_NUMBER]]</td><td>{{VERSION}}</td></tr>",
        "<tr><th>Date of birth</th><td>[[DATE_OF_BIRTH]]</td></tr>",
        "| id | seed | loss |\n| {{ORDER}} | {{ORDER}} | {{FLOAT}} |",
        "Email\t[[EMAIL_ADDRESS]]\tOrder\t{{ORDER}}",
        "| Patient | [[PERSON]] |\n| Visit | {{ORDER}} |",
        "host        address\nweb-1       [[IP_ADDRESS]]\n",
        "| commit | {{HEX}} |\n| release | {{VERSION}} |",
        "| IBAN | [[IBAN_CODE]] |\n| Beleg | {{ORDER}} |",
        "Customer name | [[PERSON]] | since | 2019",
        "1.2 {{FLOAT}}\n1.3 {{FLOAT}}\n1.4 {{FLOAT}}",
        "| Mobile | [[PHONE_NUMBER]] |\n| SKU | {{ORDER}} |",
    ),
    "typographic": (
        "Call us on [[NBSP_PHONE]] \u2013 lines open 9\u201317",
        "SSN: [[DASHED_SSN]] (confidential)",
        "Card [[NBSP_CARD]], valid to 04\u2044\u20092029",
        "write to [[ENTITY_EMAIL]] or call",
        "mail=[[PERCENT_EMAIL]]&x=1",
        "reach me: [[SPELLED_EMAIL]]",
        "\u201c[[PERSON_CUED]]\u201d, order no.\u00a0{{ORDER}}",
        "IBAN\u00a0[[NBSP_IBAN]]",
        "\uff34\uff25\uff2c\uff1a[[WIDE_PHONE]]",
        "Kapitel\u00a0{{SECTION}} \u2013 Fassung\u00a0{{VERSION}}",
        "temperatures between \u2212{{SMALL}} and {{FLOAT}}\u00a0\u00b0C",
        "\u00a7\u00a0{{SECTION}} and \u00a7\u00a0{{SECTION}}",
        "see pp.\u00a0{{SMALL}}\u2013{{SMALL}}, vol.\u00a0{{SMALL}}",
        '{\\"email\\":\\"[[EMAIL_ADDRESS]]\\",\\"n\\":{{ORDER}}}',
    ),
}
"""Templates by form."""

_NAMES: Final = ("Marisol Quintero", "Jonas Weber", "Camille Moreau", "Anneke Visser", "Tariq Aziz")
_WIDE: Final = {ord("0") + i: chr(0xFF10 + i) for i in range(10)}


class FormRow(NamedTuple):
    """A text of a form."""

    form: str
    half: int
    row: Row


def read() -> list[FormRow]:
    """Return every text, in order."""
    return [
        FormRow(form, hashlib.sha256(template.encode()).digest()[0] & 1, row)
        for form, templates in FORMS.items()
        for template in templates
        for row in _rows(template)
    ]


def _rows(template: str) -> Iterator[Row]:
    for number in range(EACH):
        source = random.Random(f"{template}{number}")  # noqa: S311 - test data, not a secret
        yield _row(template, source)


def _row(template: str, source: random.Random) -> Row:
    text, gold, rest = "", [], template
    while rest:
        marked, kept = rest.find("[["), rest.find("{{")
        places = [place for place in (marked, kept) if place >= 0]
        if not places:
            break
        at = min(places)
        end = rest.index("]]" if at == marked else "}}", at)
        kind = rest[at + 2 : end]
        if kind not in _VALUES:  # brackets of code
            text, rest = text + rest[: at + 1], rest[at + 1 :]
            continue
        entity, value = _VALUES[kind](source)
        text += rest[:at]
        if at == marked:
            gold.append((entity, len(text), len(text) + len(value)))
        text, rest = text + value, rest[end + 2 :]
    return Row(text + rest, tuple(gold))


def scores(half: int) -> dict[tuple[str, str], Score]:
    """Return the scores of one half by form and entity type; types that are neither: left out."""
    rows = [row for row in read() if row.half == half]
    spans = find(row.row.text for row in rows)
    kinds = sorted({kind for row in rows for kind, _, _ in row.row.gold})
    kinds += sorted({s.entity for of_row in spans for s in of_row} - {*kinds, *_BESIDE})
    return {
        (form, kind): score(
            [row.row for row in rows if row.form == form],
            [of_row for row, of_row in zip(rows, spans, strict=True) if row.form == form],
            kind,
            {},
        )
        for form in FORMS
        for kind in kinds
    }


_BESIDE: Final = frozenset({"DATE_TIME", "URL", "UUID", "AGE"})
"""Types that stand in the texts and are not marked."""


def _digits(source: random.Random, count: int) -> str:
    return str(source.randrange(1, 10)) + "".join(
        str(source.randrange(10)) for _ in range(count - 1)
    )


def _phone(source: random.Random) -> str:
    area, rest = source.choice(("212", "415", "312", "617")), source.randrange(2_000_000, 5_540_000)
    local = f"{rest // 10_000}-{rest % 10_000:04}"
    return source.choice((f"{area}-{local}", f"({area}) {local}", f"+1 {area} {local}"))


def _card(source: random.Random) -> str:
    body = "4" + "".join(str(source.randrange(10)) for _ in range(14))
    number = next(body + check for check in "0123456789" if luhn(body + check))
    return source.choice((number, " ".join(number[i : i + 4] for i in range(0, 16, 4))))


def _ssn(source: random.Random) -> str:
    return f"{source.randrange(100, 600)}-{source.randrange(10, 99)}-{source.randrange(1000, 9999)}"


def _iban(source: random.Random) -> str:
    bban = "37040044" + "".join(str(source.randrange(10)) for _ in range(10))
    return f"DE{98 - int(bban + '131400') % 97:02}{bban}"


def _mail(source: random.Random) -> str:
    name = source.choice(("marisol.q", "j.weber", "camille", "anneke_v", "tariq99"))
    host = source.choice(("initech", "hooli", "globex"))
    return f"{name}@{host}.{source.choice(('com', 'io', 'de'))}"


def _address(source: random.Random) -> str:
    return f"{source.randrange(40, 220)}." + ".".join(str(source.randrange(33, 255)) for _ in "abc")


def _version(source: random.Random) -> str:
    return ".".join(str(source.randrange(0, 30)) for _ in range(source.choice((3, 4))))


def _birth(source: random.Random) -> str:
    day, month, year = (
        source.randrange(1, 28),
        source.randrange(1, 12),
        source.randrange(1950, 2000),
    )
    return source.choice((f"{year}-{month:02}-{day:02}", f"{month:02}/{day:02}/{year}"))


def _grouped(value: str, mark: str) -> str:
    return mark.join(value[i : i + 4] for i in range(0, len(value), 4))


_VALUES: Final[Mapping[str, Callable[[random.Random], tuple[str, str]]]] = {
    "PERSON": lambda s: ("PERSON", s.choice(_NAMES)),
    "PERSON_CUED": lambda s: ("PERSON", "My name is " + s.choice(_NAMES)),
    "EMAIL_ADDRESS": lambda s: ("EMAIL_ADDRESS", _mail(s)),
    "ENTITY_EMAIL": lambda s: (
        "EMAIL_ADDRESS",
        _mail(s).replace("@", "&#64;").replace(".", "&#46;"),
    ),
    "PERCENT_EMAIL": lambda s: ("EMAIL_ADDRESS", _mail(s).replace("@", "%40")),
    "SPELLED_EMAIL": lambda s: (
        "EMAIL_ADDRESS",
        _mail(s).replace("@", " [at] ").replace(".", " [dot] "),
    ),
    "PHONE_NUMBER": lambda s: ("PHONE_NUMBER", _phone(s)),
    "PLAIN_PHONE": lambda s: ("PHONE_NUMBER", _phone(s)),
    "NBSP_PHONE": lambda s: (
        "PHONE_NUMBER",
        _phone(s).replace(" ", "\u00a0").replace("-", "\u2011"),
    ),
    "WIDE_PHONE": lambda s: ("PHONE_NUMBER", _phone(s).translate(_WIDE)),
    "CREDIT_CARD": lambda s: ("CREDIT_CARD", _card(s)),
    "NBSP_CARD": lambda s: ("CREDIT_CARD", _grouped(_card(s).replace(" ", ""), "\u00a0")),
    "US_SSN": lambda s: ("US_SSN", _ssn(s)),
    "DASHED_SSN": lambda s: ("US_SSN", _ssn(s).replace("-", "\u2013")),
    "IBAN_CODE": lambda s: ("IBAN_CODE", _iban(s)),
    "NBSP_IBAN": lambda s: ("IBAN_CODE", _grouped(_iban(s), "\u00a0")),
    "IP_ADDRESS": lambda s: ("IP_ADDRESS", _address(s)),
    "DATE_OF_BIRTH": lambda s: ("DATE_OF_BIRTH", _birth(s)),
    "SMALL": lambda s: ("", str(s.randrange(100))),
    "ORDER": lambda s: ("", _digits(s, s.choice((8, 9, 10, 10)))),
    "LONG": lambda s: ("", _digits(s, s.choice((15, 16, 18)))),
    "EPOCH": lambda s: ("", str(s.randrange(1_500_000_000, 1_790_000_000))),
    "FLOAT": lambda s: ("", repr(s.uniform(-10, 10)).lstrip("-")),
    "TINY": lambda s: ("", f"{s.random():.15e}"),
    "HEX": lambda s: ("", f"{s.getrandbits(160):040x}"),
    "UUID": lambda s: ("", str(uuid.UUID(int=s.getrandbits(128)))),
    "VERSION": lambda s: ("", _version(s)),
    "SECTION": lambda s: ("", ".".join(str(s.randrange(1, 20)) for _ in range(4))),
    "OID": lambda s: ("", "1.3.6.1." + ".".join(str(s.randrange(1, 400)) for _ in range(4))),
    "ISBN": lambda s: ("", "978" + _digits(s, 10)),
}
