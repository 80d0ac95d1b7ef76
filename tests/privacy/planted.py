"""Personal data and secrets made up for tests: unique values of every type, all synthetic."""

import random
import string
import uuid
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ftaudit.privacy.findings.card_numbers import luhn
from ftaudit.privacy.recognizers.checksums import weighted
from tests.privacy import planted_ids

PER_TYPE = 200
_SYLLABLES = ["ba", "do", "fi", "gu", "ka", "le", "mo", "nu", "pa", "re", "si", "ta", "vo", "zu"]


class Planted(NamedTuple):
    """One value, and the sentence it stands in."""

    kind: str
    value: str
    text: str


def _digits(source: random.Random, count: int) -> str:
    return "".join(source.choice(string.digits) for _ in range(count))


def _letters(source: random.Random, count: int) -> str:
    return "".join(source.choice(string.ascii_uppercase) for _ in range(count))


def _word(source: random.Random, syllables: int = 4) -> str:
    return "".join(source.choice(_SYLLABLES) for _ in range(syllables))


def _card(source: random.Random) -> str:
    body = "4" + _digits(source, 14)
    return next(f"{body}{check}" for check in range(10) if luhn(f"{body}{check}"))


def _iban(source: random.Random) -> str:
    account = _digits(source, 18)
    return f"DE{98 - int(account + '131400') % 97:02d}{account}"


def _ssn(source: random.Random) -> str:
    area, group, serial = source.choice("12345"), source.randint(11, 97), source.randint(1001, 9998)
    return f"{area}{source.randint(10, 65)}-{group}-{serial}"


def _cpf(source: random.Random) -> str:
    body = _digits(source, 9)
    first = weighted(body, range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(f"{body}{first}", range(11, 1, -1)) * 10 % 11 % 10
    return f"{body[:3]}.{body[3:6]}.{body[6:]}-{first}{second}"


def _mac(source: random.Random) -> str:
    return ":".join(f"{source.randint(0, 255):02x}" for _ in range(6))


def _key(source: random.Random, count: int) -> str:
    return (
        "".join(source.choice(string.ascii_letters + string.digits) for _ in range(count - 1)) + "7"
    )


_MAKERS: dict[str, tuple[Callable[[random.Random], str], str]] = {
    "EMAIL_ADDRESS": (lambda s: f"{_word(s)}@{_word(s)}.example.com", "Write to {} today."),
    "PHONE_NUMBER": (
        lambda s: f"+1 202-{s.randint(201, 989)}-{_digits(s, 4)}",
        "Call me on {} now.",
    ),
    "CREDIT_CARD": (_card, "I lost my card {} yesterday."),
    "IBAN_CODE": (_iban, "Send it to {} please."),
    "IP_ADDRESS": (
        lambda s: ".".join(str(s.randint(100, 250)) for _ in range(4)),
        "Host {} is down.",
    ),
    "US_SSN": (_ssn, "My social security number is {} as you know."),
    "URL": (lambda s: f"https://{_word(s)}.example.com/{_word(s)}", "Look at {} first."),
    "MAC_ADDRESS": (_mac, "The device {} is mine."),
    "UUID": (lambda s: str(uuid.UUID(int=s.getrandbits(128), version=4)), "Account {} is closed."),
    "PERSON": (
        lambda s: f"{_word(s).capitalize()} {_word(s).capitalize()}",
        "My name is {} and I need help.",
    ),
    "STREET_ADDRESS": (
        lambda s: f"{s.randint(100, 9999)} {_word(s).capitalize()} Street",
        "It is at {} in town.",
    ),
    "DATE_OF_BIRTH": (
        lambda s: f"{s.randint(1, 28)} March {s.randint(1930, 1999)}",
        "She was born on {} in town.",
    ),
    "US_DRIVER_LICENSE": (lambda s: f"F{_digits(s, 12)}", "My driver's license number is {} now."),
    "PASSPORT": (lambda s: f"C{_digits(s, 8)}", "My passport number is {} now."),
    "BR_CPF": (_cpf, "Meu CPF {} consta."),
    **{
        kind: (planted_ids.authority(kind), sentence)
        for kind, (_, sentence, _) in planted_ids.SHAPES.items()
    },
    "MX_CURP": (planted_ids.curp, "CURP {} consta."),
    "UK_NHS": (planted_ids.health, "My NHS number is {} now."),
    "MEDICAL_LICENSE": (planted_ids.prescriber, "The DEA certificate number is {} now."),
    "CRYPTO": (planted_ids.wallet, "Pay the bitcoin wallet {} now."),
    "US_ITIN": (
        lambda s: f"9{_digits(s, 2)}-{s.randint(70, 88)}-{_digits(s, 4)}",
        "My ITIN is {} now.",
    ),
    "US_BANK_NUMBER": (
        lambda s: next(n for n in iter(lambda: f"71{_digits(s, 11)}", "") if not luhn(n)),
        "My bank account number is {} and that is it.",
    ),
    "DATE_TIME": (
        lambda s: f"{s.randint(1900, 1979)}-{s.randint(1, 12):02d}-{s.randint(1, 28):02d}",
        "It has been so since {} in town.",
    ),
    "ZIP_CODE": (
        lambda s: (
            f"{_letters(s, 2)}{s.randint(1, 9)}{_letters(s, 1)} {_digits(s, 1)}{_letters(s, 2)}"
        ),
        "The postcode is {} there.",
    ),
    "AWS_ACCESS_KEY": (lambda s: f"AKIA{_key(s, 16).upper()}", "Use {} for now."),
    "ANTHROPIC_KEY": (lambda s: f"sk-ant-api03-{_key(s, 93)}AA", "Use {} for now."),
    "SLACK_TOKEN": (
        lambda s: f"xoxb-{_digits(s, 12)}-{_digits(s, 12)}-{_key(s, 24)}",
        "Use {} for now.",
    ),
    "JWT": (lambda s: f"eyJhbGciOiJIUzI1NiJ9.eyJ{_key(s, 40)}.{_key(s, 43)}", "Use {} for now."),
    "API_KEY": (lambda s: _key(s, 32), 'Set api_key: "{}" there.'),
    "BEARER_TOKEN": (lambda s: _key(s, 40), "Send Authorization: Bearer {} first."),
    "PRIVATE_KEY": (
        lambda s: _key(s, 96),
        "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
    ),
    "GITHUB_TOKEN": (lambda s: f"ghp_{_key(s, 36)}", "Use {} for now."),
    "OPENAI_KEY": (lambda s: f"sk-proj-{_key(s, 48)}", "Use {} for now."),
    "PASSWORD": (lambda s: _key(s, 14), 'Set password = "{}" there.'),
    "CONNECTION_STRING": (
        lambda s: _key(s, 16),
        "At postgres://app:{}@db.example.com/main you go.",
    ),
}


def planted() -> Iterator[Planted]:
    """Yield unique values of every type, in a fixed order."""
    for kind, (make, sentence) in _MAKERS.items():
        source = random.Random(kind)  # noqa: S311 - a fixed seed
        values: dict[str, None] = {}
        while len(values) < PER_TYPE:
            values[make(source)] = None
        for value in values:
            yield Planted(kind, value, sentence.format(value))
