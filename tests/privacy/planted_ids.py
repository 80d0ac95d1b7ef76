"""Numbers that authorities give, made up for tests: checksums are right by trial."""

import hashlib
import random
import string
from collections.abc import Callable

from ftaudit.privacy.recognizers.checksums import weighted
from ftaudit.privacy.recognizers.cued_scanner import discover

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"

SHAPES = {
    "BE_NATIONAL_NUMBER": (
        "{:02d}.07.{:02d}-{:03d}.{:02d}",
        "rijksregister {} staat",
        (99, 28, 997, 97),
    ),
    "CH_AHV": ("756.{:04d}.{:04d}.{:02d}", "AHV {} gilt", (9999, 9999, 99)),
    "CL_RUT": ("{:02d}.{:03d}.{:03d}-{:d}", "RUT {} vigente", (24, 999, 999, 9)),
    "CN_RESIDENT_ID": ("1101051949{:02d}{:02d}{:03d}{:d}", "id {} ok", (12, 28, 999, 9)),
    "FR_NIR": ("2 55 {:02d} 14 {:03d} {:03d} {:02d}", "NIR {} connu", (12, 990, 990, 97)),
    "NL_BSN": ("{:03d}{:03d}{:03d}", "BSN {} bekend", (999, 999, 999)),
    "NO_FODSELSNUMMER": ("{:02d}{:02d}75{:05d}", "fødselsnummer {} finnes", (28, 12, 99999)),
    "PT_NIF": ("{:03d} {:03d} {:03d}", "NIF: {} consta", (999, 999, 999)),
}  # fmt: skip
"""Entity → how it is written, a sentence, and the most that each part can be."""


def authority(entity: str) -> Callable[[random.Random], str]:
    """Return what makes numbers that ftaudit's own recognizer of an entity accepts."""
    recognizers = [r for r in discover() if r.entity == entity]
    shape, sentence, most = SHAPES[entity]

    def make(source: random.Random) -> str:
        while True:
            value = shape.format(*(source.randint(1, each) for each in most))
            if any(list(r.find(sentence.format(value))) for r in recognizers):
                return value

    return make


def curp(source: random.Random) -> str:
    """Make a Mexican CURP."""
    [recognizer] = [r for r in discover() if r.entity == "MX_CURP"]
    while True:
        letters = "".join(source.choice(_CONSONANTS) for _ in range(6))
        day = f"{source.randint(50, 99)}{source.randint(1, 12):02d}{source.randint(1, 28):02d}"
        value = f"{letters[0]}A{letters[1:3]}{day}MVZ{letters[3:]}0{source.randint(0, 9)}"
        if list(recognizer.find(value)):
            return value


def health(source: random.Random) -> str:
    """Make a number of the UK's health service (modulo 11)."""
    while True:
        body = f"4{source.randint(10**7, 10**8 - 1)}"
        check = -weighted(body, range(10, 1, -1)) % 11
        if check < 10:
            return f"{body[:3]} {body[3:6]} {body[6:]}{check}"


def prescriber(source: random.Random) -> str:
    """Make a number of the US Drug Enforcement Administration."""
    body = f"{source.randint(100_000, 999_999)}"
    check = weighted(body, [1, 2] * 3) % 10
    return f"B{source.choice(string.ascii_uppercase)}{body}{check}"


def wallet(source: random.Random) -> str:
    """Make a Bitcoin address (P2PKH) whose hash begins with no zero."""
    payload = b"\0\x7f" + source.randbytes(19)
    checked = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, value = int.from_bytes(checked, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        value = _BASE58[digit] + value
    return f"1{value}"
