from datetime import UTC, datetime

from ftaudit.checks.temporal_leakage import TemporalLeakage
from ftaudit.model.check import Skip
from tests.checks.test_laws import ask
from tests.conftest import canonical, context, dataset


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


ROWS: list[dict[str, object]] = [
    {"input": "a", "time": day(1)},
    {"input": "b", "time": day(10)},
    {"input": "c", "time": day(11)},
    {"input": "d", "time": None},
    {"split": "holdout", "input": "e", "time": day(20)},
    {"split": "holdout", "input": "f", "time": day(10)},
]


def test_training_rows_strictly_after_the_earliest_holdout_row_are_counted() -> None:
    check = TemporalLeakage.prepare(context(dataset(ROWS), columns={"time": "created_at"}))
    assert not isinstance(check, Skip)
    said = ask(check, canonical(ROWS), [1, 3])
    assert said.judgement.metrics == {"leakage.temporal_rows": 1, "leakage.undated_rows": 1}
    assert said.findings["row"].to_list() == [2]
    assert said.judgement.notes == ("rows without a time, which took no part: 1",)


def test_no_time_column_is_not_applicable() -> None:
    skip = TemporalLeakage.prepare(context(dataset(ROWS)))
    assert isinstance(skip, Skip)
    assert not skip.applicable
