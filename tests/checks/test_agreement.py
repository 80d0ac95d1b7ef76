"""The agreement check, against the package `krippendorff` and cases counted by hand."""

import random

import krippendorff
import numpy as np
import polars as pl
import pytest

from ftaudit.checks.agreement import Agreement
from ftaudit.model.check import Context, Judgement, Skip
from ftaudit.model.errors import UsageError
from tests.conftest import context, dataset

Answer = tuple[str, str, str]
"""Text, annotator, label."""


def about(**parameters: object) -> Context:
    return context(
        dataset([{"input": "a"}]),
        columns={"input": "text", "label": "label"},
        table={"text": pl.String(), "who": pl.String(), "label": pl.String()},
        parameters=parameters,
    )


def judged(answers: list[Answer]) -> Judgement:
    check = Agreement.prepare(about(annotator_column="who"))
    assert not isinstance(check, Skip)
    frame = pl.DataFrame(answers, schema=["text", "who", "label"], orient="row").select(
        pl.lit("train").alias("__split"),
        pl.lit(0, pl.UInt32).alias("__file"),
        pl.int_range(pl.len(), dtype=pl.UInt64).alias("__row"),
        pl.all(),
    )
    half = frame.height // 2
    partials = pl.concat([check.map(part).partials for part in (frame[:half], frame[half:])])
    return check.judge(check.combine(partials))


def test_alpha_is_that_of_the_package_krippendorff() -> None:
    chance = random.Random(5)  # noqa: S311 - made-up labels
    answers, table = [], np.full((4, 60), np.nan)
    for item in range(60):
        truth = chance.randrange(3)
        for person in range(4):
            if chance.random() < 0.75:
                label = truth if chance.random() < 0.7 else chance.randrange(3)
                table[person, item] = label
                answers.append((f"text {item}", f"p{person}", f"c{label}"))
    said = judged(answers)
    expected = krippendorff.alpha(table, level_of_measurement="nominal")
    assert said.metrics["agreement.alpha"] == pytest.approx(expected)
    of_class = [
        krippendorff.alpha(
            np.where(np.isnan(table), np.nan, table == label), level_of_measurement="nominal"
        )
        for label in range(3)
    ]
    assert said.metrics["agreement.lowest_class_alpha"] == pytest.approx(min(of_class))


def test_disputed_items_are_listed_and_nobody_is_named() -> None:
    answers = [("a", "jo", "x"), ("a", "kim", "x"), ("b", "jo", "x"), ("b", "kim", "y")]
    said = judged([*answers, ("c", "jo", "y")])
    assert said.metrics["agreement.items"] == 2
    assert said.metrics["agreement.disputed_items"] == 1
    assert said.metrics["agreement.lowest_annotator"] == 0.5
    assert said.findings.select("rule", "row", "detail").rows() == [
        ("agreement.disputed", 2, "2 different labels of 2")
    ]
    assert "kim" not in str(said)


def test_without_a_text_that_two_labelled_there_is_no_alpha() -> None:
    said = judged([("a", "jo", "x"), ("b", "kim", "y"), ("b", "kim", "x")])
    assert said.metrics == {"agreement.items": 0, "agreement.disputed_items": 0}


def test_no_column_is_a_skip_and_a_wrong_one_is_refused() -> None:
    assert isinstance(Agreement.prepare(about()), Skip)
    with pytest.raises(UsageError, match="did you mean who"):
        Agreement.prepare(about(annotator_column="whom"))


def several(frame: pl.DataFrame, *columns: str) -> Judgement:
    """Judge records that hold several labels each."""
    told = context(
        dataset([{"input": "a"}]),
        columns={"input": "text"},
        table=dict(frame.schema),
        parameters={"annotation_columns": columns},
    )
    check = Agreement.prepare(told)
    assert isinstance(check, Agreement)
    rows = frame.select(
        pl.lit("train").alias("__split"),
        pl.lit(0, pl.UInt32).alias("__file"),
        pl.int_range(pl.len(), dtype=pl.UInt64).alias("__row"),
        pl.all(),
    )
    half = rows.height // 2
    partials = pl.concat([check.map(part).partials for part in (rows[:half], rows[half:])])
    return check.judge(check.combine(partials))


def test_labels_of_several_columns_or_of_lists_agree_as_those_of_rows_do() -> None:
    labels = [("yes", "yes", "no"), ("no", "no", None), ("yes", None, None), ("no", "yes", "yes")]
    texts = [f"text {number}" for number in range(4)]
    rows = [
        (text, f"p{person}", label)
        for text, given in zip(texts, labels, strict=True)
        for person, label in enumerate(given)
        if label is not None
    ]
    wide = pl.DataFrame(labels, schema=["a", "b", "c"], orient="row").with_columns(
        text=pl.Series(texts)
    )
    lists = wide.select("text", labels=pl.concat_list("a", "b", "c"))
    expected = judged(rows)
    assert expected.metrics["agreement.disputed_items"] == 2
    for said in (several(wide, "a", "b", "c"), several(lists, "labels")):
        assert said.metrics == expected.metrics
        assert said.findings["row"].to_list() == [0, 3]
        assert said.charts[1].series == expected.charts[1].series


def test_labels_stand_in_rows_or_in_columns_and_not_in_both() -> None:
    with pytest.raises(UsageError, match="in rows or in columns"):
        Agreement.prepare(about(annotator_column="who", annotation_columns=("label",)))
    with pytest.raises(
        UsageError, match=r"--annotation-column: there is no column labl \(did you mean label"
    ):
        Agreement.prepare(about(annotation_columns=("labl",)))
