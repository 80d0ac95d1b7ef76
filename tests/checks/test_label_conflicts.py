import pytest

from ftaudit.checks.label_conflicts import LabelConflicts
from ftaudit.model.check import Skip
from tests.checks.clusters import couples, reworded, similar
from tests.checks.test_laws import Told, ask
from tests.conftest import canonical, context, dataset

LONG = "please cancel my subscription at the end of the month"
NEAR = "please cancel my subscription at the end of this month"


def told(rows: list[dict[str, object]], column: str = "label", **given: object) -> Told:
    told_of = context(dataset(rows), columns={"input": "text", column: column}, parameters=given)
    check = LabelConflicts.prepare(told_of)
    assert not isinstance(check, Skip)
    return ask(check, similar(canonical(rows)), [])


@pytest.mark.parametrize(
    ("labels", "pairs", "rows"),
    [
        pytest.param(["a", "a", "a"], 0, 0, id="all agree"),
        pytest.param(["a", "b", "a"], 2, 3, id="one row against two"),
        pytest.param(["a", "b", "c"], 3, 3, id="all differ"),
        pytest.param(["a", " A ", "a"], 0, 0, id="variants of one label agree"),
        pytest.param(["a", None, "b"], 1, 2, id="no label contradicts nothing"),
    ],
)
def test_pairs_of_rows_with_different_labels_are_counted(
    labels: list[str | None], pairs: int, rows: int
) -> None:
    texts = [LONG, NEAR, LONG]
    said = told([{"input": t, "label": c} for t, c in zip(texts, labels, strict=True)])
    metrics = said.judgement.metrics
    assert metrics["label_conflicts.pairs"] == pairs
    assert metrics["label_conflicts.rows"] == rows
    assert metrics["label_conflicts.clusters"] == int(pairs > 0)
    assert metrics["label_conflicts.share"] == round(rows / 3, 9)
    assert said.findings.height == rows


def test_each_row_is_pointed_to_its_most_similar_rival() -> None:
    found = told(
        [
            {"input": NEAR, "label": "b"},
            {"input": LONG, "label": "a"},
            {"input": LONG, "label": "b"},
        ]
    ).findings
    assert found.select("row", "related_row", "similarity").rows()[1:] == [(1, 2, 1.0), (2, 1, 1.0)]
    assert found.row(0, named=True)["related_row"] == 1


def test_pairs_across_splits_are_counted_apart() -> None:
    metrics = told(
        [{"input": LONG, "label": "a"}, {"split": "holdout", "input": LONG, "label": "b"}]
    ).judgement.metrics
    assert metrics["label_conflicts.pairs"] == 0
    assert metrics["label_conflicts.cross_split_pairs"] == 1


def test_answers_that_clash_are_conflicts_where_there_are_no_labels() -> None:
    yes, also, no = "yes we do that for you", "yes we do that for you now", "never, call the bank"
    rows: list[dict[str, object]] = [
        {"input": LONG, "output": yes},
        {"input": NEAR, "output": also},
        {"input": LONG, "output": no},
    ]
    said = told(rows, "output")
    assert said.judgement.metrics["label_conflicts.pairs"] == 2
    assert set(said.findings["rule"]) == {"label_conflicts.answer"}
    assert told(rows, "output", clash_below=0.0).judgement.metrics["label_conflicts.pairs"] == 0


def test_text_without_labels_or_answers_has_nothing_to_contradict() -> None:
    skip = LabelConflicts.prepare(context(dataset([{"input": LONG}]), columns={"input": "text"}))
    assert isinstance(skip, Skip)
    assert not skip.applicable


def test_the_side_with_more_doubt_is_blamed_in_both_findings() -> None:
    rows: list[dict[str, object]] = [
        {"input": LONG, "label": "a"},
        {"input": NEAR, "label": "b"},
    ]
    said = told(rows)
    assert said.findings.select("row", "score", "detail").rows() == [
        (0, 0.0, "different label; the other one is more likely wrong"),
        (1, 1 / 7, "different label; this one is more likely wrong"),
    ]
    (example,) = said.judgement.examples
    assert (example.where.row, example.score) == (1, 1 / 7)


def test_rows_whose_label_is_suspected_are_counted_by_their_score() -> None:
    rows: list[dict[str, object]] = [
        {"input": LONG, "label": "a"},
        {"input": "one text", "label": "b"},
        {"input": "and another text", "label": "c"},
    ]
    check = LabelConflicts.prepare(
        context(
            dataset(rows),
            columns={"input": "text", "label": "label"},
            parameters={"suspect_score": 0.85},
        )
    )
    assert not isinstance(check, Skip)
    said = ask(check, couples(canonical(rows)), [])
    assert said.judgement.metrics["label_conflicts.suspects"] == 1
    assert said.judgement.metrics["label_conflicts.pairs"] == 0
    assert said.findings.select("rule", "row", "related_row", "similarity", "score").rows() == [
        ("label_conflicts.suspect", 1, 0, 0.9, 0.9)
    ]
    assert [e.rule for e in said.judgement.examples] == ["label_conflicts.suspect"]
    assert "1 row likely mislabelled" in said.judgement.headline


@pytest.mark.parametrize(("label", "noted"), [("a", False), ("b", True)])
def test_rewordings_with_another_label_are_noted_and_not_counted(label: str, noted: bool) -> None:
    relation = reworded(
        {"id": 0, "split": "train", "file": 0, "row": 0, "label": "a"},
        {"id": 1, "split": "train", "file": 0, "row": 1, "label": label},
    )
    said = ask(LabelConflicts(_rows=2), relation, [])
    assert said.judgement.metrics["label_conflicts.pairs"] == 0
    assert bool(said.judgement.notes) is noted
