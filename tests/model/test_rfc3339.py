"""Instants, read and written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ftaudit.model.rfc3339 import instant, timestamp


def test_an_instant_is_written_in_utc_to_the_second_and_read_again() -> None:
    moment = datetime(2026, 3, 1, 1, 2, 3, 999, tzinfo=timezone(timedelta(hours=2)))
    assert timestamp(moment) == "2026-02-28T23:02:03Z"
    assert instant(timestamp(moment)) == datetime(2026, 2, 28, 23, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "20260101T000000Z",
        "2026-W01-1T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T00:00:00Z ",
        "\u0662026-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_what_is_no_instant_is_none(text: str) -> None:
    assert instant(text) is None
