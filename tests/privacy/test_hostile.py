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
    "backslashes": "\\\\",
    "rows of tables": "| 212-867-5309 | x |\n",
    "percent twice": "%2540",
    "brackets": "(",
    "spaces": " ",
    "links": "http://a.com/",
    "cards": "4532015112830366 ",
    "markings": "CONFIDENTIAL ",
}


RUNS = 3
"""Runs of which the shortest counts, where the first does not settle it: others use the machine."""


def processor_time(find: Find, text: str) -> float:
    """Return the seconds of a core that one search took."""
    start = time.process_time()
    list(find(pl.Series([text])))
    return time.process_time() - start


def is_linear(times: list[float]) -> bool:
    """Return whether each doubling took at most `MOST` times as long, or next to nothing."""
    return all(large <= max(small * MOST, NOISE) for small, large in pairwise(times))


@pytest.mark.long
@pytest.mark.parametrize("unit", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize(
    "find",
    [Search().find, SecretScanner().find, MarkingScanner().find],
    ids=["pii", "secrets", "markings"],
)
def test_twice_the_text_takes_at_most_three_times_as_long(find: Find, unit: str) -> None:
    list(find(pl.Series(["warm up: 212-867-5309"])))
    texts = [(unit * (size // len(unit) + 1))[:size] for size in SIZES]
    longest = processor_time(find, texts[-1])
    if longest <= NOISE:
        return  # next to nothing, and so is any shorter text
    times = [*(processor_time(find, text) for text in texts[:-1]), longest]
    for _ in range(RUNS - 1):
        if is_linear(times):
            break
        again = [processor_time(find, text) for text in texts]
        times = [min(pair) for pair in zip(times, again, strict=True)]
    assert is_linear(times), times
