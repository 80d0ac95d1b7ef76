"""Every suite that ships is read, fits the data it is for, and finds a planted defect."""

import polars as pl
import pytest

from ftaudit.expectations.evaluation import combine, conclude, measure
from ftaudit.expectations.shipped import fitting_suites, shipped_suites
from ftaudit.expectations.suite_plan import plan
from tests.expectations.test_families import located

GOOD = {
    "classification": pl.DataFrame(
        {"text": ["how do I pay", "cancel it"], "intent": ["pay", "stop"]}
    ),
    "chat": pl.DataFrame({"messages": ['[{"role": "user", "content": "hi"}]', "[]"]}),
    "preference": pl.DataFrame({"prompt": ["q"], "chosen": ["yes"], "rejected": ["no"]}),
}
COLUMNS = {
    "classification": {"input": "text", "label": "intent"},
    "chat": {"input": "messages", "output": "messages"},
    "preference": {"input": "prompt", "output": "chosen"},
}
BAD = {
    "classification": ({"text": " "}, {"intent": None}),
    "chat": ({"messages": None},),
    "preference": ({"prompt": ""}, {"chosen": None}, {"rejected": " "}),
}


def failures(format_: str, table: pl.DataFrame) -> int:
    suites = fitting_suites(format_, COLUMNS.get(format_, {}), table.schema)
    ready = plan(suites, table.schema, {"train": table.height})
    done = conclude(ready, combine(measure(ready, located(table), 9), 9), 9)
    return sum(not e.outcome.success and e.expectation.severity == "critical" for e in done)


def test_four_suites_ship() -> None:
    names = [s.name for s in shipped_suites()]
    assert names == ["chat", "classification", "preference", "provenance"]


@pytest.mark.parametrize("format_", GOOD)
def test_sound_data_passes_the_suite_of_its_format(format_: str) -> None:
    assert failures(format_, GOOD[format_]) == 0


@pytest.mark.parametrize(
    ("format_", "change"), [(name, change) for name, changes in BAD.items() for change in changes]
)
def test_a_planted_defect_fails_it(format_: str, change: dict[str, str | None]) -> None:
    table = GOOD[format_]
    worse = table[:1].with_columns(pl.lit(v, pl.String).alias(k) for k, v in change.items())
    assert failures(format_, pl.concat([table, worse])) >= 1


def test_typed_conversations_are_held_to_what_can_be_said_of_them() -> None:
    messages = [[{"role": "user", "content": "hi"}], None]
    table = pl.DataFrame({"messages": messages})
    assert failures("chat", table) == 2
    assert failures("chat", table[:1]) == 0


def test_provenance_columns_are_held_wherever_they_exist() -> None:
    table = pl.DataFrame({"q": ["a"], "a": ["b"], "source_id": ["web"], "license": ["MIT"]})
    assert failures("completion", table) == 0
    assert failures("completion", table.with_columns(source_id=pl.lit("a b"))) == 1
    assert failures("completion", table.with_columns(license=pl.lit(None, pl.String))) == 1
