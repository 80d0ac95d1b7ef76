import polars as pl
import pytest

from ftaudit.records.multi_label import labels_of
from tests.records.held import problems, read, row, typed
from tests.records.written import as_scanned


def test_the_label_is_text_whatever_its_type() -> None:
    assert row(typed([{"text": "a", "label": 7}]))["label"] == "7"
    frame = pl.DataFrame({"text": ["a"], "label": pl.Series(["x"], dtype=pl.Categorical)})
    assert row(frame)["label"] == "x"


def test_there_is_no_output_and_the_text_has_the_label() -> None:
    found = row(typed([{"text": "a", "category": "x"}]))
    assert (found["output"], found["text"]) == (None, "a\n\nx")
    assert found["fields"] == [{"path": "text", "text": "a"}, {"path": "category", "text": "x"}]


def test_missing_text_and_labels_are_named() -> None:
    frame = typed(
        [{"text": None, "label": "x"}, {"text": "a", "label": None}, {"text": " ", "label": " "}]
    )
    assert problems(read(frame)) == [
        [("missing_input", "text")],
        [("missing_label", "label")],
        [("empty_input", "text"), ("missing_label", "label")],
    ]


def test_blank_labels_and_what_pandas_prints_for_none_are_no_class() -> None:
    labels = ["x", " ", "NaN", "<NA>", "none"]
    frame = typed([{"text": name or "a", "label": name} for name in labels])
    assert read(frame)["label"].to_list() == ["x", None, None, None, "none"]


def test_tuples_and_sets_that_python_printed_are_sets_of_labels() -> None:
    assert labels_of("('late', 'wet')") == labels_of("{'late', 'wet'}") == ["late", "wet"]
    assert labels_of("('late',)") == ["late"]


@pytest.mark.parametrize(("on", "off"), [(1, 0), ("yes", "no"), ("x", "")])
def test_two_columns_of_which_every_record_has_one_are_labels(on: object, off: object) -> None:
    records = [
        {"text": f"a note on {name} {i}", "sport": off, "news": off} | {name: on}
        for i in range(6)
        for name in ("sport", "news")
    ]
    assert as_scanned(records)[1]["label"].to_list() == ["sport", "news"] * 6
    renamed = [{"text": r["text"], "is_train": r["sport"], "is_test": r["news"]} for r in records]
    assert as_scanned(renamed)[1]["label"].null_count() == len(renamed)
    both = [*records, {"text": "a note on both", "sport": on, "news": on}]
    assert as_scanned(both)[1]["label"].null_count() == len(both)


def test_labels_may_be_objects_with_names() -> None:
    records = [
        {"text": f"note {i} of the day", "tags": [{"name": "b"}, {"name": "a"}], "n": i}
        for i in range(4)
    ]
    assert as_scanned(records)[1]["label"].to_list() == ["a | b"] * 4
