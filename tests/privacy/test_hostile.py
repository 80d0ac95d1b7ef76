"""Hostile texts: the time of every search grows with the text, not with its square."""

from collections.abc import Callable, Iterator

import polars as pl
import pytest

from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.marking_scanner import MarkingScanner
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import SecretScanner
from tests.growth import assert_linear

Find = Callable[[pl.Series], Iterator[tuple[int, list[Span]]]]
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
    "versions": "40.1.200.4 40.1.200 ",
    "bytes": "0d:8d:65:05:7f:5b:",
    "columns of numbers": "7,4532015112830366\n",
    "keys of objects": '{"name": "Ann", "pr": 1}',
    "names of passwords": "password: ",
    "quotes": '"password": "',
    "entities": "&#64;",
    "percent": "%40",
    "escapes": '\\"',
    "titles": "Mr. Smith ",
    "backslashes": "\\\\",
    "rows of tables": "| 212-867-5309 | x |\n",
    "percent twice": "%2540",
    "entities escaped twice": "&amp;#64;",
    "breaks of Windows": "ssn: 1\r\n",
    "strings of lines": '"a\\nb" ',
    "escaped strings of lines": '\\"a\\\\nb\\"',
    "an open string of quotes": '\\"\\n',
    "marks escaped": "a\\.",
    "other letters in percent": "%C3%A9",
    "brackets": "(",
    "spaces": " ",
    "links": "http://a.com/",
    "lines of a table": "ssn,phone\n1,2\n",
    "broken points": "a[.]",
    "written breaks": "\\nssn:",
    "statements": "insert into t (ssn) values ('1') ",
    "plus signs": "+49 ",
    "cards": "4532015112830366 ",
    "markings": "CONFIDENTIAL ",
}


@pytest.mark.long
@pytest.mark.parametrize("unit", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize(
    "find",
    [Search().find, SecretScanner().find, MarkingScanner().find],
    ids=["pii", "secrets", "markings"],
)
def test_twice_the_text_takes_at_most_three_times_as_long(find: Find, unit: str) -> None:
    list(find(pl.Series(["warm up: 212-867-5309"])))
    assert_linear(lambda size: list(find(pl.Series([(unit * (size // len(unit) + 1))[:size]]))))
