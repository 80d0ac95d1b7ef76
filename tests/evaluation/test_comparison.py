"""A tuned model against its baselines: the fixture's numbers, and the readings that guard them."""

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ftaudit.admission.rules import Rulebook
from ftaudit.evaluation.claims import launch_claims
from ftaudit.evaluation.comparison import ModelComparison, compare, consistency_metrics
from ftaudit.evaluation.cost_model import assess_cost, usage_of
from ftaudit.evaluation.evaluation_request import EvaluationRequest
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.holdout import HoldoutRequest
from ftaudit.evaluation.judgement import judge, measured
from ftaudit.evaluation.lift_estimate import estimate_lift
from ftaudit.evaluation.near_pairs import near_pairs
from ftaudit.evaluation.output_rules import OutputRuleset, load_output_rules
from ftaudit.evaluation.plan_sections import DecisionPlan, LiftTarget, NonInferiority, TuningCost
from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.statistics.standing import Standing
from ftaudit.policy.measures import measure_names
from tests.evaluation.results import EVALUATION, HOLDOUT, ROWS, holdout, lines
from tests.model.statistics.fixture import expected

COST = {
    "training": 40,
    "evaluation": 12,
    "labelling": 600,
    "operations_per_month": 90,
    "requests_per_month": 200_000,
    "months": 12,
    "currency": "EUR",
    "prices": {
        "baseline": {"input": 0.5, "output": 1.5},
        "tuned": {"input": 0.6, "output": 1.8},
    },
}
RULES = """
schema: ftaudit.outputs/v1
labels: {labels}
forbidden: {{promise: '(?i)\\bwe will\\b'}}
pii: {{contact: [EMAIL_ADDRESS]}}
"""


def fixture_rules(folder: Path) -> OutputRuleset:
    path = folder / "outputs.yaml"
    path.write_text(RULES.format(labels=EVALUATION / "labels.txt"))
    return load_output_rules(path)


@cache
def of_fixture(folder: Path) -> ModelComparison:
    """Compare the fixture's tuned model with both baselines."""
    return compare(
        EvaluationRequest(
            holdout=(HOLDOUT,),
            baselines=(EVALUATION / "retrieval.jsonl", EVALUATION / "baseline.jsonl"),
            tuned=EVALUATION / "tuned.jsonl",
            baseline_runs=EVALUATION / "baseline_runs.jsonl",
            tuned_runs=EVALUATION / "tuned_runs.jsonl",
            plan=DecisionPlan(cost=TuningCost.model_validate(COST)),
            outputs=fixture_rules(folder),
        )
    )


@pytest.fixture(scope="module")
def fixture(tmp_path_factory: pytest.TempPathFactory) -> ModelComparison:
    if not EVALUATION.is_dir():
        pytest.skip("the real data (shared/data beside the repository) is not on this machine")
    return of_fixture(tmp_path_factory.mktemp("rules"))


def test_the_best_baseline_comes_first(fixture: ModelComparison) -> None:
    names = [c.answers.file.name for c in fixture.comparisons]
    assert names == ["baseline.jsonl", "retrieval.jsonl"]
    table = expected()["quality"]
    for against, key in zip(fixture.comparisons, ("baseline", "retrieval"), strict=True):
        block = table[f"tuned_vs_{key}"]
        assert against.estimate.difference == pytest.approx(block["difference"], abs=1e-12)
        assert against.estimate.interval.lower == pytest.approx(block["tango95"][0], abs=1e-9)
    p_values = [c.estimate.p_value for c in fixture.comparisons]
    assert fixture.best.p_value == pytest.approx(p_values[0])
    assert fixture.comparisons[1].p_value == pytest.approx(2 * p_values[1])


def test_how_much_of_the_lift_is_format(fixture: ModelComparison) -> None:
    metrics = {n: v for outcome in measured(fixture) for n, v in outcome.metrics.items()}
    table = expected()["lift_decomposition"]
    assert metrics["lift.difference"] == pytest.approx(table["strict"], abs=1e-9)
    assert metrics["lift.lenient_difference"] == pytest.approx(table["lenient"], abs=1e-9)
    assert metrics["lift.format_only_share"] == pytest.approx(table["format_only_share"], abs=1e-9)
    assert all(name in measure_names()[name.partition(".")[0]] for name in metrics)


def test_three_classes_got_worse_and_one_cannot_be_told(fixture: ModelComparison) -> None:
    worse = sorted(group.name for group in fixture.groups if group.is_worse)
    better = sorted(group.name for group in fixture.groups if group.is_better)
    assert worse == expected()["classes"]["worse_holm_0.05"]
    assert better == expected()["classes"]["better_holm_0.05"]
    claim = next(c for c in launch_claims(fixture) if c.id == "no class worse")
    assert claim.standing is Standing.REFUTED
    assert claim.text.startswith("no class worse by more than 10.0 points: 73 shown; worse: ")


def test_violations_are_removed_and_introduced(fixture: ModelComparison) -> None:
    found = {v.rule: (v.removed, v.introduced) for v in fixture.violations}
    table = expected()["consistency_lift"]
    for kind in ("format", "policy"):
        assert found[kind] == (table[kind]["removed"], table[kind]["introduced"])
    rules = {v.rule: v for v in fixture.violations}
    for role in ("baseline", "tuned"):
        by_rule = expected()["violations"][role]["by_rule"]
        for name, count in by_rule.items():
            violation = rules[f"policy:{name}"]
            assert (violation.baseline if role == "baseline" else violation.tuned) == count


@pytest.mark.parametrize("threshold", ["0.8", "0.7"])
def test_near_identical_inputs_are_answered_alike_or_not(
    fixture: ModelComparison, threshold: str
) -> None:
    from ftaudit.evaluation.comparison import _readings
    from ftaudit.evaluation.consistency import flip_counts

    pairs = near_pairs(fixture.holdout, float(threshold))
    readings = _readings(fixture.holdout, fixture.best.answers, fixture.tuned)
    flips = flip_counts(pairs, fixture.holdout.frame["reference"], readings.frame)
    table = expected()["near_identical"][threshold]
    assert pairs.frame.height == table["pairs"]
    assert flips.pairs == table["pairs_same_reference"]
    assert flips.mixed_pairs == table["pairs"] - table["pairs_same_reference"]
    for role in ("baseline", "tuned"):
        assert flips.flips[role] == table["flips_same_reference"][role]
        assert flips.raw_flips[role] == table["raw_output_differs_same_reference"][role]
        assert flips.intervals[role].lower <= flips.flips[role] / flips.pairs


def test_the_cost_of_the_fixture(fixture: ModelComparison) -> None:
    table = expected()["cost"]
    forecast = fixture.cost.forecast
    assert forecast is not None
    assert forecast.per_request_baseline == pytest.approx(
        table["per_request"]["baseline"], rel=1e-9
    )
    assert forecast.per_request_tuned == pytest.approx(table["per_request"]["tuned"], rel=1e-9)
    assert forecast.savings_per_month == pytest.approx(table["prompt_savings_per_month"], rel=1e-9)
    assert forecast.net_per_month == pytest.approx(table["net_per_month"], rel=1e-9)
    assert forecast.one_off == table["one_off"]
    assert forecast.break_even_months == pytest.approx(table["break_even_months"], rel=1e-9)
    assert forecast.total == pytest.approx(table["total_cost_12_months"], rel=1e-9)
    covering = table["volume_at_which_savings_cover_operations"]
    assert forecast.covering_requests == pytest.approx(covering, rel=1e-9)


def test_twice_the_requests_break_even_in_five_months(fixture: ModelComparison) -> None:
    plan = TuningCost.model_validate({**COST, "requests_per_month": 400_000})
    usage = usage_of(fixture.best.answers.answers), usage_of(fixture.tuned.answers)
    forecast = assess_cost(plan, *usage).forecast
    assert forecast is not None
    assert forecast.net_per_month == pytest.approx(127.92, abs=0.005)
    assert forecast.break_even_months == pytest.approx(5.10, abs=0.005)


def test_usage_is_that_of_the_fixture(fixture: ModelComparison) -> None:
    for answers, role in ((fixture.best.answers, "baseline"), (fixture.tuned, "tuned")):
        table = expected()["usage"][role]
        sums = answers.answers.select(pl.sum("prompt_tokens", "completion_tokens")).row(0)
        assert sums == (table["prompt_tokens"], table["completion_tokens"])
        assert answers.answers["latency_ms"].quantile(0.5, "linear") == table["latency_ms_p50"]
        assert answers.answers["latency_ms"].quantile(0.95, "linear") == pytest.approx(
            table["latency_ms_p95"]
        )


def test_without_measured_tokens_savings_are_unknown_and_not_zero() -> None:
    assessed = assess_cost(TuningCost.model_validate(COST), None, None)
    assert assessed.forecast is None
    assert (
        assessed.reason
        == "no tokens were measured for the baseline, so savings are unknown, not zero"
    )
    assert "cost.savings_per_month" not in dict(assessed.metrics())
    free_text = assess_cost(TuningCost(training="40 EUR", serving="90 EUR a month"), None, None)
    assert "the plan does not say cost.training as a number" in free_text.reason


def test_retraining_and_review_have_their_own_numbers() -> None:
    review = {"rows_baseline": 1000, "rows_tuned": 100, "minutes": 3, "rate": 40}
    plan = TuningCost.model_validate({**COST, "retrainings_per_year": 2, "review": review})
    metrics = dict(assess_cost(plan, None, None).metrics())
    assert metrics == {
        "cost.retraining_per_year": 2 * 652,
        "cost.review_baseline": 2000,
        "cost.review_tuned": 200,
    }


def request(
    folder: Path, tuned: list[str], base: list[str], **changes: object
) -> EvaluationRequest:
    holdout(folder)
    paths = [
        lines(folder / name, [{"id": at, "output": output} for at, output in enumerate(outputs)])
        for name, outputs in (("base.jsonl", base), ("tuned.jsonl", tuned))
    ]
    parts: dict[str, object] = {
        "holdout": (folder / "holdout.csv",),
        "baselines": (paths[0],),
        "tuned": paths[1],
    }
    return EvaluationRequest(**(parts | changes))  # type: ignore[arg-type] # a test's own words


LABELS = [label for _, label in ROWS]


def test_a_lift_of_few_rows_is_not_shown(tmp_path: Path) -> None:
    comparison = compare(request(tmp_path, LABELS, ["plum", *LABELS[1:]]))
    claim = next(iter(launch_claims(comparison)))
    assert claim.standing is Standing.NOT_SHOWN
    verdict = judge(measured(comparison), Rulebook.load("standard").policy, 4)
    assert verdict.exit_code == 1
    assert [b.rule for b in verdict.breaches] == ["FTA-LIFT-001"]


def test_a_worse_model_is_refuted(tmp_path: Path) -> None:
    rows = [(f"text {at}", "apple" if at % 2 else "pear") for at in range(60)]
    labels = [label for _, label in rows]
    holdout(tmp_path, rows)
    paths = [
        lines(tmp_path / name, [{"id": at, "output": output} for at, output in enumerate(outputs)])
        for name, outputs in (("b", labels), ("t", ["plum"] * 30 + labels[30:]))
    ]
    comparison = compare(
        EvaluationRequest(
            holdout=(tmp_path / "holdout.csv",), baselines=(paths[0],), tuned=paths[1]
        )
    )
    claims = {claim.id: claim.standing for claim in launch_claims(comparison)}
    assert claims["better than b"] is Standing.REFUTED
    assert claims["no class worse"] is Standing.REFUTED


def test_missing_rows_count_wrong_and_make_the_result_incomplete(tmp_path: Path) -> None:
    chosen = request(tmp_path, LABELS, LABELS)
    lines(Path(chosen.tuned), [{"id": at, "output": LABELS[at]} for at in range(3)])
    comparison = compare(chosen)
    assert comparison.best.estimate.difference == -0.25
    assert comparison.best.missing == 1
    assert "lacks 1 of 4 holdout rows" in comparison.incomplete[0]


def test_failed_requests_are_left_out_and_to_be_run_again(tmp_path: Path) -> None:
    chosen = request(tmp_path, LABELS, LABELS)
    rows = [{"id": at, "output": LABELS[at], "error": "timeout" * (at == 2)} for at in range(4)]
    lines(Path(chosen.tuned), rows)
    comparison = compare(chosen)
    assert comparison.best.estimate.pairs == 3
    assert comparison.best.failed == 1
    assert comparison.incomplete == ("1 requests to tuned.jsonl failed: run these rows again",)


def test_what_the_plan_asks_for_must_be_shown(tmp_path: Path) -> None:
    plan = DecisionPlan(
        target=LiftTarget(minimum_lift=0.9), non_inferiority=NonInferiority(classes=("apple",))
    )
    comparison = compare(request(tmp_path, LABELS, ["x"] * 4, plan=plan))
    metrics = {n: v for outcome in measured(comparison) for n, v in outcome.metrics.items()}
    assert metrics["lift.target_margin"] == pytest.approx(metrics["lift.lower"] - 0.9)
    assert metrics["lift.required_not_shown"] == 1
    claim = {c.id: c for c in launch_claims(comparison)}["better by the target"]
    assert claim.standing is Standing.NOT_SHOWN


def test_no_baseline_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name at least one baseline"):
        compare(request(tmp_path, LABELS, LABELS, baselines=()))


def test_clusters_and_slices_of_the_holdout(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "text": [f"t{at}" for at in range(12)],
            "label": ["yes", "no"] * 6,
            "customer": list("AAAABBBCCDDD"),
            "plan": ["old"] * 9 + ["new"] * 3,
        }
    )
    frame.write_csv(tmp_path / "h.csv")
    labels = frame["label"].to_list()
    base = [label if at in {3, 4, 5, 6, 8, 9} else "?" for at, label in enumerate(labels)]
    tuned = [label if at != 9 else "?" for at, label in enumerate(labels)]
    paths = [
        lines(tmp_path / name, [{"id": at, "output": o} for at, o in enumerate(outputs)])
        for name, outputs in (("b", base), ("t", tuned))
    ]
    comparison = compare(
        EvaluationRequest(
            holdout=(tmp_path / "h.csv",),
            baselines=(paths[0],),
            tuned=paths[1],
            rows=HoldoutRequest(cluster="customer", slices=("plan",)),
        )
    )
    estimate = comparison.best.estimate
    assert (estimate.method, estimate.clusters) == ("clustered t", 4)
    assert estimate.counts is not None
    assert {(g.kind, g.name) for g in comparison.groups} == {
        ("plan", "new"),
        ("plan", "old"),
        ("class", "no"),
        ("class", "yes"),
    }


def test_graded_scores_are_resampled() -> None:
    generator = np.random.default_rng(4)
    before = generator.random(200)
    after = np.clip(before + generator.normal(0.1, 0.2, 200), 0, 1)
    estimate = estimate_lift(before, after)
    assert estimate.method == "bootstrap bca"
    assert estimate.counts is None
    assert estimate.interval.lower < estimate.difference < estimate.interval.upper
    half = 1.96 * estimate.standard_error
    assert estimate.interval.upper - estimate.difference == pytest.approx(half, rel=0.1)


def test_graded_results_have_no_classes(tmp_path: Path) -> None:
    holdout(tmp_path)
    paths = [
        lines(tmp_path / name, [{"id": at, "score": at / 4 + extra} for at in range(4)])
        for name, extra in (("b", 0.0), ("t", 0.2))
    ]
    comparison = compare(
        EvaluationRequest(
            holdout=(tmp_path / "holdout.csv",),
            baselines=(paths[0],),
            tuned=paths[1],
            results=ResultRequest(metric="score"),
        )
    )
    assert comparison.groups == ()
    assert comparison.lenient is None
    assert comparison.macro is None
    assert comparison.best.estimate.difference == pytest.approx(0.2)


def test_alike_inputs_of_a_file_are_compared(tmp_path: Path) -> None:
    table = "group,baseline,tuned\n1,apple,apple\n1,pear,Apple\n2,pear,pear\n2,pear,pear\n"
    (tmp_path / "alike.csv").write_text(table)
    chosen = request(tmp_path, LABELS, LABELS, consistency=tmp_path / "alike.csv")
    comparison = compare(chosen)
    assert comparison.flips is not None
    assert comparison.flips.pairs == 2
    assert comparison.flips.flips == {"baseline": 1, "tuned": 0}
    assert comparison.flips.raw_flips == {"baseline": 1, "tuned": 1}
    assert dict(consistency_metrics(comparison))["consistency.flip_rate_baseline"] == 0.5
    (tmp_path / "alike.csv").write_text("group,baseline\n1,x\n")
    with pytest.raises(InputError, match="has no column tuned"):
        compare(chosen)
