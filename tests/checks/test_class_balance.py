from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.checks.class_balance import CHECK, ClassBalance
from ftaudit.model.check import Judgement, Skip
from ftaudit.model.dataset import HOLDOUT, TRAIN
from tests.conftest import context, dataset, examples

Row = dict[str, object]
LABELLED = {"input": "text", "label": "label"}
SCORED = {"input": "text", "score": "score"}
ANSWERED = {"input": "prompt", "output": "completion"}


def check(rows: Sequence[Row], **options: object) -> Judgement:
    data = dataset(rows)
    balance = CHECK.prepare(context(data, **({"columns": LABELLED} | options)))
    assert isinstance(balance, ClassBalance)
    mapped = [balance.map(batch) for batch in data.rows.batches()]
    return balance.judge(balance.combine(pl.concat([m.partials for m in mapped])))


def labels(text: str, split: str = TRAIN) -> list[Row]:
    return [{"input": "some text", "label": None if c == "-" else c, "split": split} for c in text]


def test_classes_are_counted_over_training() -> None:
    judged = check(labels("aaaabb-") + labels("aaaa", HOLDOUT))
    assert {k: judged.metrics[f"balance.{k}"] for k in (
        "classes", "labelled_rows", "unlabelled_rows", "majority_count", "majority_share",
        "minority_count", "minority_share", "imbalance_ratio", "entropy_ratio",
    )} == {
        "classes": 2, "labelled_rows": 6, "unlabelled_rows": 1, "majority_count": 4,
        "majority_share": 0.666666667, "minority_count": 2, "minority_share": 0.333333333,
        "imbalance_ratio": 2.0, "entropy_ratio": 0.918295834,
    }  # fmt: skip


def test_rare_classes_are_named_at_their_first_row() -> None:
    judged = check(labels("aaaba"), parameters={"minimum_count": 2})
    assert judged.metrics["balance.classes_under_minimum"] == 1
    assert judged.findings.select("rule", "row", "detail").rows() == [
        ("balance.rare_class", 3, "1 rows of this class, minimum 2")
    ]


def test_imbalance_is_reported_above_the_maximum() -> None:
    given = {"minimum_count": 1, "maximum_ratio": 4}
    assert check(labels("aaaab"), parameters=given).findings.height == 0
    found = check(labels("aaaaab"), parameters=given).findings
    assert found.select("rule", "row").rows() == [("balance.imbalance", 5)]


def test_classes_missing_from_a_split_are_named() -> None:
    judged = check(
        labels("ab") + labels("ac", HOLDOUT), parameters={"minimum_count": 1, "drift_distance": 1}
    )
    assert judged.metrics["balance.classes_missing_from_holdout"] == 1
    assert judged.metrics["balance.classes_missing_from_train"] == 1
    assert judged.findings.select("rule", "split", "row").rows() == [
        ("balance.missing_from_holdout", TRAIN, 1),
        ("balance.missing_from_train", HOLDOUT, 1),
    ]


def test_drift_has_its_sample_sizes_and_a_note() -> None:
    judged = check(labels("a" * 90 + "b" * 10) + labels("a" * 10 + "b" * 40, HOLDOUT))
    assert judged.metrics["balance.drift_train_rows"] == 100
    assert judged.metrics["balance.drift_holdout_rows"] == 50
    assert judged.metrics["balance.drift"] == pytest.approx(0.630327, abs=1e-6)
    assert "100 training and 50 holdout rows" in judged.notes[0]
    assert judged.findings["rule"].to_list() == ["balance.drift"]


def test_a_small_sample_does_not_drift() -> None:
    judged = check(labels("aaabbb") + labels("aab", HOLDOUT), parameters={"minimum_count": 1})
    assert judged.findings.height == 0


def test_a_holdout_without_labels_is_said() -> None:
    judged = check(labels("ab") + labels("--", HOLDOUT))
    assert "balance.drift" not in judged.metrics
    assert "no labels" in judged.notes[0]


def test_no_label_at_all_is_said() -> None:
    judged = check(labels("--"))
    assert judged.metrics["balance.classes"] == 0
    assert judged.headline == "no training row has a label"


def test_one_class_is_not_even() -> None:
    assert check(labels("aaa")).metrics["balance.entropy_ratio"] == 0


def test_outputs_are_measured_by_kind_and_length() -> None:
    outputs = ["yes, it is.", "no", '{"a": 1}', "", None, "I cannot help with that."]
    rows: list[Row] = [{"input": "q", "output": o} for o in outputs]
    judged = check(rows, columns=ANSWERED)
    assert judged.metrics["balance.output_kinds"] == 4
    assert judged.metrics["balance.refusals"] == 1
    assert judged.metrics["balance.empty_outputs"] == 2
    assert judged.metrics["balance.output_lengths"] == 4
    assert "balance.classes" not in judged.metrics
    assert judged.headline == "outputs are 33% empty, median length 8-15 characters"


def answers(text: str, split: str = TRAIN) -> list[Row]:
    return [{"input": "q", "output": c, "split": split} for c in text]


def test_few_short_answers_are_measured_as_classes_are() -> None:
    judged = check(answers("p" * 40 + "S" * 3 + "s" * 7) + answers("pq", HOLDOUT), columns=ANSWERED)
    assert judged.headline.startswith("2 short answers, taken as classes, the largest 80.0%")
    assert judged.metrics["balance.minority_count"] == 10
    assert judged.metrics["balance.refusals"] == 0
    assert "balance.output_kinds" not in judged.metrics
    assert judged.findings.select("rule", "split", "row").rows() == [
        ("balance.missing_from_holdout", TRAIN, 40),
        ("balance.missing_from_train", HOLDOUT, 1),
    ]
    assert "answers" in judged.notes[0]


def test_answers_are_not_kept_for_comparisons_with_new_data() -> None:
    assert set(check(answers("ab" * 20), columns=ANSWERED).tallies) == {"input", "kind", "output"}


def test_output_drift_is_found() -> None:
    rows: list[Row] = [{"input": "q", "output": "a"}] * 50
    rows += [{"input": "q", "output": "a" * 100, "split": HOLDOUT}] * 50
    judged = check(rows, columns=ANSWERED)
    assert judged.metrics["balance.output_length_drift"] == 1
    assert judged.metrics["balance.output_kind_drift"] == 0
    assert judged.findings["rule"].to_list() == ["balance.drift"]


def test_plain_text_has_lengths_only() -> None:
    judged = check([{"input": "abcd"}, {"input": ""}], columns={"input": "text"})
    assert judged.metrics == {}
    (chart,) = judged.charts
    assert chart.labels == ("0", "1", "2-3", "4-7")
    assert chart.series == {TRAIN: (50.0, 0.0, 0.0, 50.0)}


def test_charts_sum_the_classes_beyond_four_hundred() -> None:
    rows: list[Row] = [{"input": "a", "label": f"class {n}"} for n in range(800)]
    chart = check(rows).charts[0]
    assert len(chart.labels) == 401
    assert chart.labels[-1] == "400 others"
    assert chart.series[TRAIN][-1] == 50


def test_long_labels_are_cut_and_kept_apart() -> None:
    rows: list[Row] = [{"input": "a", "label": "x" * 500 + end} for end in "ab"]
    judged = check(rows)
    assert judged.metrics["balance.classes"] == 2
    assert max(len(label) for label in judged.charts[0].labels) < 150


def test_findings_hold_no_class_names() -> None:
    rows = [{**row, "label": f"Zanzibar {row['label']}"} for row in labels("aab")]
    judged = check(rows)
    assert judged.findings.height == 2
    assert "Zanzibar" not in str([judged.findings.rows(), judged.examples, judged.notes])


def test_no_training_data_is_a_reason_to_skip() -> None:
    data = dataset(labels("ab", HOLDOUT))
    assert CHECK.prepare(context(data)) == Skip("there is no training data")


def test_every_metric_and_rule_is_declared() -> None:
    declared = {metric.name for metric in CHECK.metrics}
    rows = labels("aab") + labels("ac", HOLDOUT)
    outputs: list[Row] = [{"output": "a"}, {"output": "b", "split": HOLDOUT}]
    scores: list[Row] = [{"score": 1.5}, {"score": 2.5, "split": HOLDOUT}]
    judged = [check(rows), check(outputs, columns=ANSWERED), check(scores, columns=SCORED)]
    assert set().union(*(j.metrics for j in judged)) == declared
    assert set(judged[0].findings["rule"]) <= {rule.id for rule in CHECK.rules}


def test_banking77_is_as_the_reference_says(shared: Path) -> None:
    rows: list[Row] = []
    for name, split in (("train", TRAIN), ("test", HOLDOUT)):
        table = pl.read_csv(shared / f"banking77_{name}.csv", infer_schema=False)
        rows += [{"input": t, "label": c, "split": split} for t, c in table.iter_rows()]
    metrics = check(rows).metrics
    assert metrics["balance.classes"] == 77
    assert metrics["balance.majority_count"] == 187
    assert metrics["balance.minority_count"] == 35
    assert metrics["balance.entropy_ratio"] == pytest.approx(0.9920, abs=5e-5)
    assert metrics["balance.classes_missing_from_holdout"] == 0


# --- laws -----------------------------------------------------------------------------------

rows_ = st.lists(
    st.fixed_dictionaries(
        {
            "split": st.sampled_from([TRAIN, HOLDOUT]),
            "input": st.none() | st.sampled_from(["", "a", "some words"]),
            "output": st.none() | st.sampled_from(["", "yes", "{}", "- a\n- b"]),
            "label": st.none() | st.sampled_from("abc"),
        }
    ),
    max_size=12,
).map(lambda rows: [{"input": "first"}, *sorted(rows, key=lambda r: r["split"] != TRAIN)])


def said(judged: Judgement) -> object:
    """Return everything a judgement says, as values that compare."""
    return (
        *(dict(judged.metrics), judged.headline, judged.notes, judged.examples),
        *(judged.findings.rows(), judged.charts),
    )


@given(
    rows_,
    st.lists(st.integers(0, 12), max_size=4),
    st.randoms(use_true_random=False),
    st.sampled_from([LABELLED, ANSWERED]),
)
@settings(max_examples=examples(20))
def test_neither_batches_nor_the_order_of_combining_matter(
    rows: list[Row], cuts: list[int], random: object, columns: dict[str, str]
) -> None:
    data = dataset(rows, cuts=[c for c in cuts if c < len(rows)])
    balance = CHECK.prepare(context(data, columns=columns))
    assert isinstance(balance, ClassBalance)
    parts = [balance.map(batch).partials for batch in data.rows.batches()]
    random.shuffle(parts)  # type: ignore[attr-defined] # hypothesis's Random
    totals = parts[0]
    for part in parts[1:]:
        totals = balance.combine(pl.concat([part, totals]))
    assert said(balance.judge(balance.combine(totals))) == said(check(rows, columns=columns))
