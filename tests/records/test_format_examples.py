"""The examples of the reference are of the formats that they stand for, and are read whole."""

import pytest

from ftaudit.records.format_examples import EXAMPLES, MORE
from ftaudit.records.record_formats import FORMATS
from tests.records.written import as_scanned


def test_every_format_has_an_example() -> None:
    assert EXAMPLES.keys() == FORMATS.keys()


@pytest.mark.parametrize("format_", sorted(EXAMPLES))
def test_an_example_is_recognised_as_its_format_and_read_whole(format_: str) -> None:
    more = [MORE[format_]] if format_ in MORE else []
    recognised, rows = as_scanned([EXAMPLES[format_], *more])
    assert recognised.format == format_
    assert not recognised.unread
    assert rows["input"].null_count() == 0
    assert rows["problems"].list.len().sum() == 0
