import polars as pl
import pytest

from ftaudit.checks.leakage import Leakage
from ftaudit.model.check import Skip
from ftaudit.similarity.relation import CLUSTERS, HeedsLimits, SearchLimit
from tests.checks.clusters import reworded, similar
from tests.checks.test_laws import Told, ask
from tests.conftest import canonical, context, dataset

LONG = "please cancel my subscription at the end of the month"
NEAR = "please cancel my subscription at the end of this month"
FAR = "please cancel my subscription at the end of this long month"
OTHER = "how do I reset the password of my account today"


def told(rows: list[dict[str, object]], relation: pl.DataFrame | None = None) -> Told:
    check = Leakage.prepare(context(dataset(rows)))
    assert not isinstance(check, Skip)
    return ask(check, similar(canonical(rows)) if relation is None else relation, [])


def test_exact_and_near_rows_are_counted_once_each() -> None:
    said = told(
        [
            {"input": LONG, "label": "a"},
            {"input": LONG.upper(), "label": "b"},
            {"input": OTHER},
            {"split": "holdout", "input": LONG, "label": "a"},
            {"split": "holdout", "input": NEAR, "label": "c"},
            {"split": "holdout", "input": "something else entirely, new and long"},
        ]
    )
    assert said.judgement.metrics == {
        "leakage.exact_rows": 1,
        "leakage.near_rows": 2,
        "leakage.contained_rows": 0,
        "leakage.permuted_rows": 0,
        "leakage.quoted_rows": 0,
        "leakage.same_answer_rows": 0,
        "leakage.reworded_rows": 0,
        "leakage.passage_rows": 0,
        "leakage.label_disagreements": 1,
        "leakage.validation_rows": 0,
        "leakage.exact_share": round(1 / 3, 9),
        "leakage.near_share": round(2 / 3, 9),
    }
    assert said.findings.select("rule", "row", "related_row", "detail").rows() == [
        ("leakage.exact", 0, 0, "same label"),
        ("leakage.near", 1, 0, "different label"),
    ]


def test_a_chain_of_pairs_is_no_leak() -> None:
    rows: list[dict[str, object]] = [
        {"input": LONG},
        {"split": "holdout", "input": NEAR},
        {"split": "holdout", "input": FAR},
    ]
    relation = similar(canonical(rows))
    linked = {(p["left"], p["right"]) for p in relation["pairs"][0]}
    assert linked == {(0, 1), (1, 2)}, "the far row hangs on the near one alone"
    assert told(rows).judgement.metrics["leakage.near_rows"] == 1


@pytest.mark.parametrize(
    ("kind", "rule", "metric"),
    [
        ("contained", "leakage.contained", "contained_rows"),
        ("permuted", "leakage.permuted_options", "permuted_rows"),
        ("quoted", "leakage.quoted_in_answer", "quoted_rows"),
        ("same-answer", "leakage.same_answer", "same_answer_rows"),
    ],
)
def test_rows_that_are_given_away_but_not_near_are_counted_by_kind(
    kind: str, rule: str, metric: str
) -> None:
    rows: list[dict[str, object]] = [{"input": LONG}, {"split": "holdout", "input": "at the end"}]
    member = {"label": None, "within": 0, "answer": None, "row": 0}
    pair = {
        "cluster": 0,
        "kind": kind,
        "complete": True,
        "members": [
            {**member, "id": 1 << 40, "split": "holdout", "file": 1, "node": 0},
            {**member, "id": 0, "split": "train", "file": 0, "node": 1},
        ],
        "pairs": [{"left": 0, "right": 1, "similarity": 1.0}],
        "answers": [],
    }
    said = told(rows, pl.DataFrame([pair], schema=CLUSTERS, orient="row"))
    assert said.judgement.metrics[f"leakage.{metric}"] == 1
    assert said.judgement.metrics["leakage.near_rows"] == 0
    assert said.findings["rule"].to_list() == [rule]


def test_a_reworded_row_counts_once_and_names_every_training_row() -> None:
    rows: list[dict[str, object]] = [
        {"input": LONG},
        {"input": OTHER},
        {"split": "holdout", "input": "end my plan when this month is over"},
    ]
    relation = reworded(
        {"id": 1 << 40, "split": "holdout", "file": 1, "row": 0, "label": "a"},
        {"id": 1, "split": "train", "file": 0, "row": 1, "label": "a"},
        {"id": 0, "split": "train", "file": 0, "row": 0, "label": "b"},
    )
    said = told(rows, relation)
    assert said.judgement.metrics["leakage.reworded_rows"] == 1
    assert said.judgement.metrics["leakage.near_rows"] == 0
    assert said.findings.select("rule", "row", "related_row", "similarity", "detail").rows() == [
        ("leakage.reworded", 0, 1, pytest.approx(0.7), "same label"),
        ("leakage.reworded", 0, 0, pytest.approx(0.6), "different label"),
    ]


@pytest.mark.parametrize(("unknown", "measured"), [(1, True), (2, False)])
def test_rows_of_which_rewordings_cannot_be_told_are_no_zero(
    unknown: int, *, measured: bool
) -> None:
    rows: list[dict[str, object]] = [{"input": LONG}]
    rows += [{"split": "holdout", "input": f"{OTHER} {n}"} for n in range(2)]
    limits = (
        SearchLimit("reworded", "holdout", unknown, 2, "that cannot be told"),
        SearchLimit("reworded", "train", 1, 1, "of training rows neither"),
    )
    check = Leakage.prepare(context(dataset(rows)))
    assert isinstance(check, HeedsLimits)
    judgement = ask(check.limited(limits), similar(canonical(rows)), []).judgement
    assert ("leakage.reworded_rows" in judgement.metrics) == measured
    assert judgement.notes == ("that cannot be told",)
    assert f"of {unknown} it is not known" in judgement.headline


def test_validation_rows_are_counted_apart() -> None:
    said = told(
        [
            {"input": LONG},
            {"split": "validation", "input": LONG},
            {"split": "holdout", "input": OTHER},
        ]
    )
    assert said.judgement.metrics["leakage.validation_rows"] == 1
    assert said.judgement.metrics["leakage.exact_rows"] == 0
    assert said.findings["rule"].to_list() == ["leakage.validation"]


def test_no_holdout_is_no_pass() -> None:
    skip = Leakage.prepare(context(dataset([{"input": LONG}])))
    assert isinstance(skip, Skip)
    assert skip.applicable
    assert "--holdout" in skip.reason


@pytest.mark.parametrize("complete", [True, False])
def test_counts_in_clusters_that_are_not_paired_fully_are_said_to_be_lower_bounds(
    complete: bool,
) -> None:
    rows: list[dict[str, object]] = [{"input": LONG}, {"split": "holdout", "input": NEAR}]
    relation = similar(canonical(rows)).with_columns(complete=pl.lit(complete))
    notes = told(rows, relation).judgement.notes
    assert bool(notes) is not complete
    assert all("lower bounds" in note for note in notes)


def test_a_chart_says_how_many_rows_leak_of_every_class() -> None:
    holdout: dict[str, object] = {"split": "holdout"}
    rows: list[dict[str, object]] = [
        {"input": LONG, "label": "a"},
        {"input": OTHER, "label": "b"},
        holdout | {"input": LONG, "label": "a"},
        holdout | {"input": NEAR, "label": "a"},
        holdout | {"input": OTHER, "label": "b"},
        holdout | {"input": "something else entirely, new and long", "label": "c"},
    ]
    rows += [{"split": "holdout", "input": NEAR, "label": "A."}]
    (chart,) = told(rows).judgement.charts
    assert (chart.labels, chart.series) == (("a", "b"), {"holdout": (3.0, 1.0)})
    unlabelled = [{name: row[name] for name in row if name != "label"} for row in rows]
    assert told(unlabelled).judgement.charts == ()


def test_the_headline_says_which_rows_training_gives_away_in_other_ways() -> None:
    rows: list[dict[str, object]] = [{"input": LONG}, {"split": "holdout", "input": NEAR}]
    near = similar(canonical(rows))
    inside, quoted = (near.with_columns(kind=pl.lit(kind)) for kind in ("contained", "quoted"))
    assert told(rows, pl.concat([inside, quoted])).judgement.headline == (
        "no holdout row is near-identical to a training row, but training has "
        "1 inside a longer text, 1 inside an answer"
    )
    assert told(rows, pl.concat([near, inside])).judgement.headline == (
        "1 of 1 holdout row leak (100.0%); 0 exactly"
    )
