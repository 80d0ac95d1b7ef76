"""Classes whose share of each record stands in a column of its own."""

import polars as pl
import pytest

from ftaudit.records.detect import recognise
from ftaudit.records.label_shares import largest_share
from ftaudit.records.multi_label import labels_of
from ftaudit.records.rows import CanonicalRows
from tests.records.held import Held

TEXTS = tuple(f"The {word} stands beside the harbour and is open." for word in "abcdef")
JOY = (0.7, 0.1, 0.25, 0.4, 0.9, 0.333)
ANGER = (0.2, 0.8, 0.25, 0.3, 0.05, 0.333)


def table(scale: float = 1.0, **more: list[object]) -> pl.DataFrame:
    rest = [scale * (1 - joy - anger) for joy, anger in zip(JOY, ANGER, strict=True)]
    columns = {"joy": [scale * x for x in JOY], "anger": [scale * x for x in ANGER], "calm": rest}
    return pl.DataFrame({"text": TEXTS} | columns | more)


def labels(frame: pl.DataFrame) -> tuple[str, list[str | None]]:
    known = recognise(frame.schema, frozenset(), sample=frame)
    rows = pl.concat(list(CanonicalRows(Held(frame), known).batches()))
    return known.format, rows["label"].to_list() if "label" in rows else []


@pytest.mark.parametrize("scale", [1.0, 100.0])
@pytest.mark.parametrize("written", [pl.Float64, pl.String])
def test_shares_of_a_record_are_its_class(scale: float, written: type[pl.DataType]) -> None:
    frame = table(scale).with_columns(pl.col("joy", "anger", "calm").cast(written))
    found = ["joy", "anger", "calm", "joy", "joy", "calm"]
    assert labels(frame) == ("multi-label", found)


def test_numbers_beside_them_are_no_classes() -> None:
    found = labels(table(length=[3, 4, 5, 6, 7, 8]))
    assert found == ("multi-label", ["joy", "anger", "calm", "joy", "joy", "calm"])


def test_numbers_that_make_no_whole_are_no_classes() -> None:
    assert labels(table().with_columns(calm=pl.col("calm") / 2))[0] == "plain"
    assert labels(table().drop("calm"))[0] == "plain"


def test_a_label_stands_before_shares_of_classes() -> None:
    frame = table(label=["joy", "anger", "joy", "joy", "joy", "anger"])
    assert labels(frame)[0] == "classification"


def test_a_record_without_shares_has_no_class() -> None:
    shares = pl.DataFrame({"a": [None, 0.4, 0.1], "b": [None, 0.4, None]}, strict=False)
    assert largest_share(shares).to_list() == [None, "a", "a"]


def test_an_object_of_shares_is_the_class_with_the_largest() -> None:
    shares = [{"joy": 0.6, "anger": 0.3, "calm": 0.1}, {"joy": 0.2, "anger": 0.7, "calm": 0.1}]
    frame = pl.DataFrame({"text": TEXTS[:2], "labels": shares})
    assert labels(frame) == ("multi-label", ["joy", "anger"])
    halves = frame.with_columns(labels=pl.Series([{"joy": 0.6, "anger": 0.3}] * 2))
    assert labels(halves)[0] == "plain"


def test_a_class_of_the_same_share_everywhere_is_one_of_them() -> None:
    frame = table(100.0).with_columns(joy=pl.lit(10.0), calm=90.0 - pl.col("anger"))
    assert labels(frame)[0] == "multi-label"


def test_how_positive_a_text_is_is_no_text_of_a_pair() -> None:
    names = {"joy": "positive", "calm": "neutral", "anger": "negative"}
    found = ["positive", "negative", "neutral", "positive", "positive", "neutral"]
    assert labels(table().rename(names)) == ("multi-label", found)


def test_marks_and_nothing_are_flags() -> None:
    marks = {"late": ["x", None] * 3, "lost": [None, None, "x"] * 2, "torn": [None] * 5 + ["X"]}
    found = ["late", "", "late | lost", "", "late", "lost | torn"]
    assert labels(pl.DataFrame({"text": TEXTS} | marks)) == ("multi-label", found)


def test_what_is_measured_in_parts_of_a_whole_is_no_class() -> None:
    names = {"joy": "protein_pct", "anger": "fat_pct", "calm": "carb_pct"}
    assert labels(table(100.0).rename(names))[0] == "plain"


@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_an_object_of_shares_is_one_class_as_columns_are(scale: float) -> None:
    assert labels_of({"joy": 0.2 * scale, "fear": 0.3 * scale, "anger": 0.5 * scale}) == ["anger"]
