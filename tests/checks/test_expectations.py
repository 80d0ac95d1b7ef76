import json
import sys
from pathlib import Path
from subprocess import run

import polars as pl
import pytest

from ftaudit.checks.expectations import Expectations
from ftaudit.model.check import Context, Judgement, Skip
from ftaudit.model.dataset import DataFile
from ftaudit.model.errors import IncompleteError, InputError
from tests.conftest import context, dataset

TABLE = pl.DataFrame(
    {
        "text": ["a", None, "secret-cell", "a", "e"],
        "label": ["x", "y", "x", "z", "x"],
        "n": [1.0, 2.0, float("nan"), 4.0, 100.0],
    }
)
NOT_NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "text"}}
UNIQUE = {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "text"}}
IN_SET = {
    "type": "expect_column_values_to_be_in_set",
    "kwargs": {"column": "label", "value_set": ["x", "y"]},
    "severity": "warning",
}
MEAN = {
    "type": "expect_column_mean_to_be_between",
    "kwargs": {"column": "n", "min_value": 0, "max_value": 3},
    "severity": "info",
}
INCREASING = {"type": "expect_column_values_to_be_increasing", "kwargs": {"column": "n"}}
LOOKBEHIND = {
    "type": "expect_column_values_to_not_match_regex",
    "kwargs": {"column": "text", "regex": "(?<=secret-)cell"},
}


def located(table: pl.DataFrame, split: str = "train", file: int = 0) -> pl.DataFrame:
    return table.select(
        pl.lit(split).alias("__split"),
        pl.lit(file, pl.UInt32).alias("__file"),
        pl.int_range(pl.len(), dtype=pl.UInt64).alias("__row"),
        pl.all(),
    )


def told(tmp_path: Path, *expectations: object, **changes: object) -> Context:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"name": "mine", "expectations": list(expectations)}), "utf-8")
    files = (DataFile("train.csv", "train", "0" * 64, TABLE.height, 0),)
    known: dict[str, object] = {
        "files": files,
        "rows": {"train": TABLE.height},
        "table": dict(TABLE.schema),
        "expectations": (str(path),),
    }
    return context(dataset([{"input": "x"}]), **(known | changes))


def ask(given: Context, *batches: pl.DataFrame) -> Judgement:
    check = Expectations.prepare(given)
    assert not isinstance(check, Skip)
    mapped = [check.map(b) for b in batches or [located(TABLE)]]
    return check.judge(check.combine(pl.concat([m.partials for m in mapped])))


def counts(judgement: Judgement) -> dict[str, float]:
    return {k.removeprefix("expectations."): v for k, v in judgement.metrics.items()}


def test_failed_expectations_are_counted_by_severity(tmp_path: Path) -> None:
    judgement = ask(told(tmp_path, NOT_NULL, UNIQUE, IN_SET, MEAN))
    assert counts(judgement) == {
        "declared": 4,
        "evaluated": 4,
        "failed_critical": 2,
        "failed_warning": 1,
        "failed_info": 1,
        "fast": 4,
        "gx": 0,
    }
    assert judgement.headline == "4 of 4 expectations fail"


def test_each_failing_row_is_reported_without_its_cells(tmp_path: Path) -> None:
    judgement = ask(told(tmp_path, NOT_NULL, UNIQUE, IN_SET, INCREASING, LOOKBEHIND))
    found = judgement.findings.sort("rule", "row").select("rule", "row", "related_row", "field")
    assert found.rows() == [
        ("expectations.expect_column_values_to_be_unique", 3, 0, "text"),
        ("expectations.expect_column_values_to_not_be_null", 1, None, "text"),
        ("expectations.expect_column_values_to_not_match_regex", 2, None, "text"),
        ("expectations.warning.expect_column_values_to_be_in_set", 3, None, "label"),
    ]
    everything = repr(judgement) + judgement.findings.write_csv()
    assert "secret" not in everything


def test_the_engine_of_each_expectation_is_recorded(tmp_path: Path) -> None:
    judgement = ask(told(tmp_path, NOT_NULL, INCREASING, LOOKBEHIND))
    recorded = judgement.configuration["expectations"]
    assert isinstance(recorded, list)
    assert [r["engine"] for r in recorded] == ["polars", "great_expectations", "great_expectations"]
    assert judgement.configuration["great_expectations"]
    assert any("Python's re" in note for note in judgement.notes)
    assert counts(judgement)["gx"] == 2


def test_the_gx_path_does_not_depend_on_batches(tmp_path: Path) -> None:
    given = told(tmp_path, INCREASING, LOOKBEHIND, UNIQUE)
    whole = located(TABLE)
    at_once, cut = ask(given, whole), ask(given, whole[3:], whole[:1], whole[1:3])
    assert cut.metrics == at_once.metrics
    assert cut.findings.equals(at_once.findings)


def test_every_split_is_held_by_itself(tmp_path: Path) -> None:
    given = told(tmp_path, UNIQUE, NOT_NULL, rows={"train": 5, "holdout": 2})
    judgement = ask(given, located(TABLE), located(TABLE[:2], "holdout", 1))
    where = judgement.findings.sort("rule", "file").select("split", "file", "row").rows()
    assert where == [("train", 0, 3), ("train", 0, 1), ("holdout", 1, 1)]
    assert counts(judgement)["failed_critical"] == 2


def test_findings_are_capped_per_expectation(tmp_path: Path) -> None:
    table = pl.DataFrame({"text": [None] * 50, "label": ["q"] * 50, "n": [1.0] * 50})
    given = told(
        tmp_path,
        NOT_NULL,
        IN_SET,
        rows={"train": 50},
        parameters={"findings_per_expectation": 7},
        table={"text": pl.String(), "label": pl.String(), "n": pl.Float64()},
    )
    whole = located(table.with_columns(pl.col("text").cast(pl.String)))
    judgement = ask(given, whole[30:], whole[:30])
    by_rule = judgement.findings.group_by("rule").agg(pl.len(), pl.col("row").max())
    assert min(by_rule.rows())[1:] == (7, 6)
    assert judgement.findings.height == 14


def test_rows_that_were_not_seen_are_never_a_pass(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match="saw 3 of the 5 rows of train"):
        ask(told(tmp_path, NOT_NULL), located(TABLE)[:3])


def test_what_great_expectations_cannot_evaluate_is_never_a_pass(tmp_path: Path) -> None:
    wrong = {
        "type": "expect_column_mean_to_be_between",
        "kwargs": {"column": "text", "max_value": 1},
    }
    with pytest.raises(IncompleteError, match="could not evaluate") as raised:
        ask(told(tmp_path, wrong))
    assert "secret" not in str(raised.value)


def test_an_unknown_type_is_refused_before_a_row_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown to Great Expectations"):
        Expectations.prepare(told(tmp_path, {"type": "expect_nothing", "kwargs": {}}))


def test_without_a_suite_the_shipped_one_fits_the_columns(tmp_path: Path) -> None:
    given = told(
        tmp_path,
        expectations=(),
        format="classification",
        columns={"input": "text", "label": "label"},
    )
    judgement = ask(given)
    assert counts(judgement)["failed_critical"] == 1
    assert counts(judgement)["declared"] == 8
    assert judgement.findings["field"].unique().to_list() == ["text"]


def test_without_a_suite_that_fits_the_check_does_not_apply(tmp_path: Path) -> None:
    skip = Expectations.prepare(told(tmp_path, expectations=(), format="alpaca", columns={}))
    assert isinstance(skip, Skip)
    assert not skip.applicable


def test_the_fast_path_never_loads_great_expectations(tmp_path: Path) -> None:
    told(tmp_path, NOT_NULL, UNIQUE, IN_SET, MEAN)
    code = (
        "import sys, ftaudit.checks.expectations as e, ftaudit.expectations.suite as s,"
        "ftaudit.expectations.suite_plan as p, polars as pl;"
        f"suites = s.read_suites([{str(tmp_path / 'mine.json')!r}]);"
        "text = {'text': pl.String(), 'label': pl.String(), 'n': pl.Float64()};"
        "p.plan(suites, text, {'train': 1});"
        "print([m for m in ('great_expectations', 'pandas', 'pydantic') if m in sys.modules])"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter and code
    assert done.stdout.strip() == "[]"
