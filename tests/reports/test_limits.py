"""Limits in words, and which stand first."""

import msgspec
import pytest

from ftaudit.reports.limits import breach_sentence, by_check, worst_examples, worst_first
from ftaudit.reports.phrasing import share
from ftaudit.wire.manifest import BreachRecord, FindingCount, Reference
from tests.reports import sample


def breach(metric: str, value: float | None, limit: float | None) -> BreachRecord:
    check = metric.partition(".")[0]
    return BreachRecord(
        rule="R", check=check, message="as recorded", metric=metric, value=value, limit=limit
    )


@pytest.mark.parametrize(
    ("metric", "value", "limit", "sentence"),
    [
        (
            "leakage.near_share",
            0.049026,
            0.01,
            "4.9% of the holdout stands in training; the limit is 1%.",
        ),
        (
            "leakage.near_share",
            0.01004,
            0.01,
            "1.004% of the holdout stands in training; the limit is 1%.",
        ),
        (
            "label_conflicts.share",
            0.00677966,
            0.005,
            "0.68% of training rows contradict a near-identical one; the limit is 0.5%.",
        ),
        ("leakage.exact_rows", 25, 0, "25 holdout rows equal to a training row; the limit is 0."),
        ("leakage.exact_rows", 1, 0, "1 holdout row equal to a training row; the limit is 0."),
        ("pii.CREDIT_CARD.findings", 2, 0, "2 findings of CREDIT_CARD; the limit is 0."),
        ("provenance.record", 0, 1, "0 provenance records; at least 1 is required."),
        (
            "balance.imbalance_ratio",
            32.0,
            20,
            "The largest class has 32 times the rows of the smallest; the limit is 20.",
        ),
        ("another.metric", 3, 0, "As recorded."),
        ("leakage.exact_rows", None, None, "As recorded."),
    ],
)
def test_a_limit_is_said_in_words_with_shares_as_percentages(
    metric: str, value: float | None, limit: float | None, sentence: str
) -> None:
    assert breach_sentence(breach(metric, value, limit)) == sentence


def test_all_rows_are_rows() -> None:
    text = breach_sentence(breach("pii.identifying_share", 1.0, 0.001))
    assert text.startswith("100% of rows name")


def test_a_share_that_is_not_zero_is_not_said_to_be() -> None:
    text = breach_sentence(breach("leakage.near_share", 0.00001, 0.0))
    assert text == "0.001% of the holdout stands in training; the limit is 0%."


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.049026, "4.9%"), (0.01, "1%"), (0.0067, "0.67%"), (1.0, "100%"), (0, "0%")],
)
def test_percentages_have_no_digits_to_spare(value: float, text: str) -> None:
    assert share(value) == text


def test_checks_that_did_not_complete_stand_first_and_papers_last() -> None:
    manifest = sample.manifest()
    paper = BreachRecord(rule="P", check="provenance", message="m", value=1, limit=0)
    breaches = worst_first([paper, *manifest.predicate.gate.breaches], manifest.predicate.checks)
    order = [b.check for b in breaches]
    assert order[:2] == ["secrets", "provenance"]
    assert order[-1] == "provenance"
    assert order.index("leakage") < order.index("label-conflicts")
    groups = by_check(manifest.predicate.gate.breaches, manifest)
    assert [record.id if record else None for record, _ in groups][:2] == ["secrets", None]


def test_examples_of_the_severest_rules_stand_first_and_rules_take_turns() -> None:
    check = sample.manifest().predicate.checks[1]
    counts = [
        FindingCount(rule=rule, title="t", severity=severity, count=9, remedy="r")  # type: ignore[arg-type] # a test's own words
        for rule, severity in (("a", "low"), ("b", "high"), ("c", "high"))
    ]
    examples = [
        msgspec.structs.replace(
            check.examples[0], rule=rule, where=Reference(split="train", file="f", row=at)
        )
        for at, rule in enumerate("aabbc")
    ]
    ordered = worst_examples(msgspec.structs.replace(check, findings=counts, examples=examples))
    assert [(e.rule, e.where.row) for e in ordered] == [
        ("b", 2),
        ("c", 4),
        ("b", 3),
        ("a", 0),
        ("a", 1),
    ]
