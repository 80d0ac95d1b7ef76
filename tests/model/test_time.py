from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.model.time import moments
from tests.records.held import problems, read, typed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024-03-01T12:30", datetime(2024, 3, 1, 12, 30, tzinfo=UTC)),
        ("2024-03-01 12:30:05", datetime(2024, 3, 1, 12, 30, 5, tzinfo=UTC)),
        ("2024-03-01T12:30:05.25Z", datetime(2024, 3, 1, 12, 30, 5, 250_000, tzinfo=UTC)),
        ("2024-03-01T12:30:05+02:00", datetime(2024, 3, 1, 10, 30, 5, tzinfo=UTC)),
        ("2024-03-01T12:30:05 -0530", datetime(2024, 3, 1, 18, 0, 5, tzinfo=UTC)),
        ("20240301", datetime(2024, 3, 1, tzinfo=UTC)),
        ("1709294400", datetime(2024, 3, 1, 12, tzinfo=UTC)),
        ("1709294400000", datetime(2024, 3, 1, 12, tzinfo=UTC)),
        ("1709294400.5", datetime(2024, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("yesterday", None),
        ("2024-13-01", None),
        ("12", None),
        ("", None),
        (None, None),
    ],
)
def test_a_string_is_read(text: str | None, expected: datetime | None) -> None:
    assert moments(pl.Series([text], dtype=pl.String)).to_list() == [expected]


@pytest.mark.parametrize("unit", [1, 10**3, 10**6, 10**9])
def test_a_number_is_told_apart_by_its_size(unit: int) -> None:
    expected = datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert moments(pl.Series([1_709_294_400 * unit])).to_list() == [expected]


def test_dates_and_naive_times_are_utc() -> None:
    expected = [datetime(2024, 3, 1, tzinfo=UTC)]
    assert moments(pl.Series([date(2024, 3, 1)])).to_list() == expected
    assert moments(pl.Series([datetime(2024, 3, 1)])).to_list() == expected  # noqa: DTZ001 - the case
    zoned = pl.Series([datetime(2024, 3, 1)]).dt.replace_time_zone("Europe/Berlin")  # noqa: DTZ001 - the case
    assert moments(zoned).to_list() == [expected[0] - timedelta(hours=1)]


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_what_python_writes_is_read(moment: datetime) -> None:
    assert moments(pl.Series([moment.isoformat()])).to_list() == [moment]


@given(st.text(max_size=30))
def test_any_text_at_all_is_read_or_null(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert moments(pl.Series([text], dtype=pl.String)).len() == 1


def test_a_time_that_cannot_be_read_is_a_problem() -> None:
    frame = typed([{"text": "a", "when": "soon"}, {"text": "a", "when": None}])
    found = read(frame, overrides={"time": "when"})
    assert problems(found) == [[("bad_time", "when")], []]
