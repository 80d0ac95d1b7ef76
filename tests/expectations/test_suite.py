import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.expectations.suite import parse_suite, read_suites
from ftaudit.expectations.suite_plan import plan
from ftaudit.model.errors import InputError

NOT_NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "text"}}
TABLE = {"text": pl.String(), "label": pl.String(), "n": pl.Int64()}
ROWS = {"train": 3, "holdout": 1}


def suite(*expectations: object, **more: object) -> str:
    return json.dumps({"name": "s", "expectations": list(expectations), "meta": {}, **more})


def planned(*expectations: object) -> None:
    plan([parse_suite(suite(*expectations), "s.json")], TABLE, ROWS)


def test_a_suite_as_great_expectations_writes_it_is_read() -> None:
    text = suite({**NOT_NULL, "meta": {}, "severity": "warning", "id": "1"}, id=None, notes=None)
    found = parse_suite(text, "folder/s.json")
    (expectation,) = found.expectations
    assert (found.name, expectation.severity, expectation.column) == ("s", "warning", "text")
    assert expectation.splits == ("train", "validation", "holdout")


def test_applies_to_narrows_the_splits_of_a_suite_or_of_one_expectation() -> None:
    own = {**NOT_NULL, "meta": {"ftaudit": {"applies_to": ["holdout"]}}}
    text = suite(NOT_NULL, own, meta={"ftaudit": {"applies_to": ["train", "holdout"]}})
    first, second = parse_suite(text, "s.json").expectations
    assert first.splits == ("train", "holdout")
    assert second.splits == ("holdout",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"name": "s",\n "expectations": [}', r"line 2: not JSON"),
        ("[]", "a suite is a JSON object"),
        (suite(), "declares no expectations"),
        ('{"name": "s"}', "declares no expectations"),
        (suite({"expectation_type": "expect_x", "kwargs": {}}), r"0\.x.*Rename"),
        ('{"expectation_suite_name": "s", "expectations": []}', r"0\.x.*Rename"),
        (suite("x"), "expectation 1: an expectation is a JSON object"),
        (suite({"type": 3, "kwargs": {}}), 'needs "type"'),
        (suite({**NOT_NULL, "severity": "critcal"}), "did you mean critical"),
        (suite({**NOT_NULL, "kwarg": {}}), "kwarg is unknown .did you mean kwargs"),
        (suite(NOT_NULL, expectation=[]), "did you mean expectations"),
        (suite({**NOT_NULL, "meta": {"ftaudit": {"applies_to": ["tain"]}}}), "did you mean train"),
        (suite({**NOT_NULL, "meta": {"ftaudit": {"aplies_to": []}}}), "did you mean applies_to"),
        ('{"name": "s", "name": "t"}', "name stands twice"),
        ("[" * 100_000, "nested"),
    ],
)
def test_a_malformed_suite_says_what_and_where(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as raised:
        parse_suite(text, "s.json")
    assert str(raised.value).startswith("s.json")


@pytest.mark.parametrize(
    ("type_", "kwargs", "told"),
    [
        ("expect_column_values_to_be_uniqe", {"column": "text"}, "did you mean.*_unique"),
        ("expect_column_values_to_be_unique", {"column": "txt"}, "txt is not in the data.*text"),
        ("expect_column_values_to_be_unique", {}, "column is missing"),
        ("expect_column_values_to_be_unique", {"colum": "text"}, "did you mean column"),
        ("expect_column_values_to_be_unique", {"column": "text", "mostly": 2}, "from 0 to 1"),
        ("expect_column_values_to_match_regex", {"column": "text", "regex": "("}, "position 0"),
        ("expect_column_values_to_be_in_set", {"column": "text", "value_set": []}, "not empty"),
        ("expect_column_mean_to_be_between", {"column": "n"}, "neither min_value nor max_value"),
        (
            "expect_column_mean_to_be_between",
            {"column": "n", "min_value": 3, "max_value": 1},
            "greater than max_value",
        ),
        (
            "expect_column_mean_to_be_between",
            {"column": "n", "min_value": {"$PARAMETER": "low"}},
            "suite parameter",
        ),
        ("expect_column_values_to_be_increasing", {"column": "zz"}, "zz is not in the data"),
        ("expect_column_values_to_be_increasing", {"col": "n"}, "column: field required"),
        (
            "expect_column_value_z_scores_to_be_less_than",
            {"column": "n", "threshold": {"$PARAMETER": "x"}, "double_sided": True},
            "suite parameter",
        ),
        (
            "expect_compound_columns_to_be_unique",
            {"column_list": ["text", "lable"]},
            "did you mean label",
        ),
    ],
)
def test_an_expectation_that_cannot_be_meant_is_refused(
    type_: str, kwargs: dict[str, object], told: str
) -> None:
    with pytest.raises(InputError, match=told) as raised:
        planned({"type": type_, "kwargs": kwargs})
    assert f"expectation 1 ({type_})" in str(raised.value)


def test_a_missing_column_may_be_asked_for() -> None:
    planned({"type": "expect_column_to_exist", "kwargs": {"column": "zz"}})
    with pytest.raises(InputError, match="zz is not in the data"):
        planned({"type": "expect_column_values_to_be_null", "kwargs": {"column": "zz"}})


def test_a_suite_of_which_nothing_applies_is_refused() -> None:
    text = suite(NOT_NULL, meta={"ftaudit": {"applies_to": ["validation"]}})
    with pytest.raises(InputError, match="no expectation applies"):
        plan([parse_suite(text, "s.json")], TABLE, ROWS)


def test_expectations_for_other_splits_are_noted() -> None:
    other = {**NOT_NULL, "meta": {"ftaudit": {"applies_to": ["validation"]}}}
    found = plan([parse_suite(suite(NOT_NULL, other), "s.json")], TABLE, ROWS)
    assert len(found.items) == 1
    assert found.notes == ("left out, for splits that were not given: 1 expectations",)


def test_a_folder_is_read_by_name_and_an_empty_one_refused(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.json").write_text(suite(NOT_NULL, name=name), encoding="utf-8")
    assert [s.name for s in read_suites([str(tmp_path)])] == ["a", "b"]
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match="holds no suite"):
        read_suites([str(tmp_path / "none")])
    with pytest.raises(InputError, match="cannot be read"):
        read_suites([str(tmp_path / "absent.json")])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
keys = st.sampled_from(["type", "kwargs", "meta", "severity", "ftaudit", "applies_to", "column"])
near = st.fixed_dictionaries(
    {
        "name": st.text(max_size=4),
        "expectations": st.lists(st.dictionaries(keys, json_values), max_size=3),
    }
)


@given(value=json_values | near)
def test_any_json_is_a_suite_or_an_input_error(value: object) -> None:
    error = refused(json.dumps(value))
    assert error is None or "\n" not in str(error)


def refused(text: str) -> InputError | None:
    try:
        assert parse_suite(text, "s.json").expectations
    except InputError as error:
        return error
    return None
