"""Texts on which the two-stage scan is compared with plain Presidio, and timed.

Everything here is a function of a seed. Real texts come from the shared data beside the
repository; where it is missing, from a small vocabulary.
"""

import csv
import json
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ftaudit.privacy.patterns.regex_ir import Alt, Chars, Node, Repeat, Seq, Underivable, parse

if TYPE_CHECKING:
    from ftaudit.privacy.presidio.recognizer_types import Recognizer

SHARED: Final = Path(__file__).parents[3] / "shared" / "data"
PATTERNED: Final = frozenset(
    {
        "CREDIT_CARD",
        "EMAIL_ADDRESS",
        "IBAN_CODE",
        "IP_ADDRESS",
        "PHONE_NUMBER",
        "US_DRIVER_LICENSE",
        "US_SSN",
    }
)
"""Annotated entity types that a pattern can find."""

_VOCABULARY: Final = """
the a order of my please send phone number card account to from and then we they asked about
bank passport license call on at for tax id health time machine story question answer is it
Nummer Telefon numero tarjeta carta dowod kod 1 2 12 40 100 2024 3.5 50% x2 i.e. e.g. :) don't
"""
_GLUE: Final = (
    *" \n\t.,;:-/()[]'\"@#+_=<>*&%$~|\\{}",
    "",
    "",
    " ",
    "  ",
    "\r\n",
    "\u00a0",
    "\u2028",
    "\u200b",
    "\u00ad",
    "\u0130",
    "\u0131",
    "\u212a",
    "\u017f",
    "é",
    "ß",
    "Σ",
    "日本",
    "\U0001f600",
    "٣",
    "\uff10",
    "\x1c",
    "\x1f",
    "\x85",
    "\x00",
    "ext. ",
    " x",
    "int 12",
    "int",
    "extension",
    " anexo ",
    "x",
    "xx",
    " x ",
    "#",
    "\u2013",
    "\uff0d",
    "\uff0b",
    "\uff08",
    ":-)",
    " :the",
    "http://",
    "www.",
    ".com",
    "@",
    "the ",
    "phone ",
    "number: ",
    "ssn ",
    "card ",
    "iban ",
)
_ODD: Final = (
    "4111 1111 1111 1111",
    "00:1A:2B:3C:4D:5E",
    "123e4567-e89b-12d3-a456-426614174000",
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "912-70-1234",
    "078-05-1120",
    "401-023-2137",
    "fe80::1ff:fe23:4567:890a",
    "::1",
    "192.168.0.1/24",
    "http://a.example/x?y=1",
    "'example.co.uk'",
    "+49 1641",
    "0164 12",
    "16 4 0",
    "030/901820",
    "2024-05-06T10:11:12Z",
    "2012-01-02 08:00",
    "12/24",
    "3/10/2011",
    "3-JAN-2020",
    "12(3): 211-227 (2003)",
    "GB82 WEST 1234 5698 7654 32",
    "DE89370400440532013000 2 days",
    "xn--80ak6aa92e.com",
    "+1 (415) 555-2671 ext. 12",
    "(415) 555-2671 x302/x2303",
    "651-234-2345/332-445-1234",
    "3324451234 8002341234",
    "0015 11 2345-6789",
    "+800 1234 5678",
    "011 44 20 7946 0958",
    "00 49 30 901820",
    "+55 11 96123-4567",
    "0 15 11 96123 4567",
    "ba@ex.io",
    "first.last+tag@sub.example.org",
)


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - made-up text, not a secret


@cache
def annotated() -> list[dict[str, object]]:
    """Annotated sentences: `full_text` and `spans`; none where the shared data is missing."""
    path = SHARED / "presidio_synth_v2.json"
    found: list[dict[str, object]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return found


def sentences() -> list[str]:
    """Annotated sentences as text."""
    return [str(item["full_text"]) for item in annotated()] or list(_ODD)


@cache
def _with_pii() -> list[str]:
    chosen = [
        str(item["full_text"])
        for item in annotated()
        if any(span["entity_type"] in PATTERNED for span in item["spans"])  # type: ignore[attr-defined] # JSON
    ]
    return chosen or list(_ODD)


@cache
def values() -> list[str]:
    """Annotated values that a pattern may find, and odd ones."""
    spans = [span for item in annotated() for span in item["spans"]]  # type: ignore[attr-defined] # JSON
    kinds = PATTERNED | {"DATE_TIME", "DOMAIN_NAME"}
    return [s["entity_value"] for s in spans if s["entity_type"] in kinds] + list(_ODD)


@cache
def intents() -> list[str]:
    """Questions to a bank."""
    found = []
    for name in ("banking77_train.csv", "banking77_test.csv"):
        if (SHARED / name).exists():
            with (SHARED / name).open(encoding="utf-8", newline="") as file:
                found += [row["text"] for row in csv.DictReader(file)]
    return found or _made_up(400, 60)


@cache
def maths() -> list[str]:
    """Grade-school maths, full of numbers."""
    found = []
    for name in ("gsm8k_train.jsonl", "gsm8k_test.jsonl"):
        if (SHARED / name).exists():
            lines = (SHARED / name).read_text("utf-8").splitlines()
            found += [f"{r['question']}\n{r['answer']}" for r in map(json.loads, lines)]
    return found or _made_up(400, 300)


@cache
def stories() -> list[str]:
    """Role-play prose."""
    path = SHARED / "gpteacher_roleplay.json"
    if not path.exists():
        return _made_up(400, 600)
    return [
        f"{r['instruction']}\n{r.get('input', '')}\n{r.get('output') or r.get('response') or ''}"
        for r in json.loads(path.read_text("utf-8"))
    ]


def _made_up(count: int, size: int) -> list[str]:
    chance = _chance(size)
    return [" ".join(chance.choices(_VOCABULARY.split(), k=size // 5)) for _ in range(count)]


def clean(count: int, seed: int = 0, size: int = 500) -> list[str]:
    """Windows of prose."""
    chance, prose = _chance(seed), _joined("stories")
    return [_window(prose, size, chance) for _ in range(count)]


def numbers(count: int, seed: int = 0, size: int = 500) -> list[str]:
    """Windows of grade-school maths."""
    chance, text = _chance(seed), _joined("maths")
    return [_window(text, size, chance) for _ in range(count)]


def mixed(count: int, seed: int = 0, size: int = 500) -> list[str]:
    """60 % prose, 20 % questions, 20 % maths; 1 % of the rows hold personal data."""
    chance, rows = _chance(seed), []
    for _ in range(count):
        kind = chance.random()
        source = "stories" if kind < 0.6 else "intents" if kind < 0.8 else "maths"
        text = _window(_joined(source), size, chance)
        if chance.random() < 0.01:
            at = chance.randrange(len(text))
            text = f"{text[:at]} {chance.choice(_with_pii())} {text[at:]}"[: size + 60]
        rows.append(text)
    return rows


def dense(count: int, seed: int = 0, size: int = 500) -> list[str]:
    """Annotated sentences with personal data, and nothing else."""
    chance, rows = _chance(seed), []
    for _ in range(count):
        text = ""
        while len(text) < size * 0.9:
            text += chance.choice(_with_pii()) + "\n"
        rows.append(text[: int(size * 1.2)])
    return rows


def long(count: int, seed: int = 0, size: int = 100_000) -> list[str]:
    """Very long rows: prose, maths, with personal data here and there."""
    chance, rows = _chance(seed), []
    for _ in range(count):
        parts: list[str] = []
        while sum(map(len, parts)) < size:
            parts.append(_window(_joined(chance.choice(("stories", "maths"))), 3_000, chance))
            parts.append(chance.choice(_with_pii()))
        rows.append(chance.choice((" ", "\n")).join(parts))
    return rows


def fuzzed(count: int, seed: int = 0, more: Sequence[str] = ()) -> list[str]:
    """Values broken, glued together and dressed in Unicode. `more` are values of one's own."""
    chance = _chance(seed)
    known = [*more, *chance.choices(values(), k=max(40, len(more)))]
    return [
        "".join(_fuzzed_value(chance, known) for _ in range(chance.randrange(1, 5)))
        for _ in range(count)
    ]


def _fuzzed_value(chance: random.Random, known: Sequence[str]) -> str:
    value = chance.choice(known)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4))):
        at, kind, glue = chance.randrange(len(value) + 1), chance.random(), chance.choice(_GLUE)
        if kind < 0.8:
            value = value[:at] + glue + value[at + (kind < 0.5) :]
        else:
            value = value[:at] + str(chance.randrange(10)) + value[at + 1 :]
    if chance.random() < 0.1:
        zero = chance.choice((0xFF10, 0x660))
        value = value.translate({ord(str(digit)): zero + digit for digit in range(10)})
    if chance.random() < 0.2:
        value = chance.choice((value.upper, value.lower, value.swapcase))()
    words = " ".join(chance.choices(_VOCABULARY.split(), k=chance.choice((0, 0, 1, 3, 8))))
    return f"{words}{chance.choice(_GLUE)}{value}{chance.choice(_GLUE)}"


def from_patterns(recognizers: Sequence["Recognizer"], seed: int = 0, each: int = 6) -> list[str]:
    """Strings written from the recognizers' own patterns, and their context words."""
    chance = _chance(seed)
    found: list[str] = []
    for recognizer in recognizers:
        for pattern in getattr(recognizer, "patterns", ()):
            found += _written(pattern.regex, recognizer.global_regex_flags, chance, each)  # type: ignore[attr-defined] # it has patterns
        words = recognizer.context or []
        found += [f"{chance.choice(words)} {value}" for value in found[-each:] if words]
    return found


def _written(pattern: str, flags: int, chance: random.Random, count: int) -> Iterator[str]:
    try:
        node = parse(pattern, flags)
    except Underivable:
        return
    for _ in range(count):
        yield _sample(node, chance)


def _sample(node: Node, chance: random.Random) -> str:
    match node:
        case Chars(ascii_, _):
            plain = [c for c in sorted(ascii_) if chr(c).isalnum()] or sorted(ascii_)
            return (
                chr(chance.choice(plain if chance.random() < 0.9 else sorted(ascii_)))
                if ascii_
                else "é"
            )
        case Seq(items):
            return "".join(_sample(item, chance) for item in items)
        case Alt(branches):
            return _sample(chance.choice(branches), chance)
        case Repeat(low, high, item):
            times = chance.randint(low, min(low + 4, low + 4 if high is None else high))
            return "".join(_sample(item, chance) for _ in range(times))


@cache
def _joined(source: str) -> str:
    texts = {"stories": stories, "intents": intents, "maths": maths}[source]()
    return ("\n" if source != "intents" else ". ").join(texts)


def _window(text: str, size: int, chance: random.Random) -> str:
    at = chance.randrange(len(text) - size)
    return text[at : at + size]
