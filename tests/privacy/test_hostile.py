"""Hostile texts: the time of every search grows with the text, not with its square."""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import polars as pl
import pytest

from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.marking_scanner import MarkingScanner
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import SecretScanner

Find = Callable[[pl.Series], Iterator[tuple[int, list[Span]]]]
SIZES = (50_000, 100_000, 200_000)
MOST = 3.0
"""Processor time of twice as much text, to that of the text."""
NOISE = 0.15
"""Seconds below which a time says nothing of growth."""
KINDS = {
    "digits": "1234567890",
    "zeros": "0000000000",
    "headers of keys": "-----BEGIN RSA PRIVATE KEY-----\n",
    "keys without "
    "an end": "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1234567890abcdefghijklmno\n",
    "dots": "1.",
    "dashes": "12-",
    "addresses": "a@b.co ",
    "colons": "a:",
    "slashes": "1/2/",
    "octets": "1.2.3.4 ",
    "names of passwords": "password: ",
    "quotes": '"password": "',
    "entities": "&#64;",
    "percent": "%40",
    "escapes": '\\"',
    "titles": "Mr. Smith ",
    "brackets": "(",
    "spaces": " ",
    "links": "http://a.com/",
    "cards": "4532015112830366 ",
    "markings": "CONFIDENTIAL ",
}


def processor_time(find: Find, text: str) -> float:
    """Return the shortest of three runs, in seconds: others use the machine, too."""
    times = []
    for _ in range(3):
        start = time.process_time()
        list(find(pl.Series([text])))
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("unit", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize(
    "find",
    [Search().find, SecretScanner().find, MarkingScanner().find],
    ids=["pii", "secrets", "markings"],
)
def test_twice_the_text_takes_at_most_three_times_as_long(find: Find, unit: str) -> None:
    list(find(pl.Series(["warm up: 212-867-5309"])))
    times = [processor_time(find, (unit * (size // len(unit) + 1))[:size]) for size in SIZES]
    for small, large in pairwise(times):
        assert large <= max(small * MOST, NOISE)
