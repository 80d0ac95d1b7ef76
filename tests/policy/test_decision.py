import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.model.breach import UNREAD_ROWS
from ftaudit.model.declaration import CoverageDuty
from ftaudit.policy.decision import (
    REQUIRED,
    CheckOutcome,
    Evidence,
    Owners,
    Waiver,
    decide,
    owners,
)
from ftaudit.policy.policy import Limit, Policy, RequiredEntities, Vocabulary

DUTY = CoverageDuty(
    section="entities",
    coverage="entities_searched",
    rule="FTA-PII-REQUIRED",
    metric="pii.*.findings",
    unmet="the policy requires a search for {name}",
    remedy="Turn on what finds it.",
)
VOCABULARY = Vocabulary(
    {"leakage": ("leakage.exact_rows",), "pii": ("pii.rows", "pii.*.findings")}, {"pii": (DUTY,)}
)


def judge(evidence: Evidence, policy: Policy) -> tuple[bool, list[str], int]:
    verdict = decide(evidence, policy, owners(policy, VOCABULARY))
    return verdict.passed, [b.rule for b in verdict.breaches], verdict.exit_code


def policy(required: tuple[str, ...] = (), /, **limit: object) -> Policy:
    rules = {"R-1": Limit(metric="leakage.exact_rows", **limit)} if limit else {}  # type: ignore[arg-type] # a test's own words
    return Policy(id="test", required=required, rules=rules)


def completed(check: str = "leakage", value: float = 0, seen: int = 10) -> Evidence:
    outcome = CheckOutcome(
        check, "completed", metrics={"leakage.exact_rows": value}, seen={"train": seen}
    )
    return Evidence((outcome,), {"train": 10})


def test_nothing_wrong_passes() -> None:
    assert judge(completed(), policy(("leakage",), max=0)) == (True, [], 0)


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(CheckOutcome("leakage", "error", "ValueError at x.py:1"), id="broke"),
        pytest.param(CheckOutcome("leakage", "skipped", "no holdout"), id="skipped"),
        pytest.param(
            CheckOutcome("leakage", "skipped", "n/a", applicable=False), id="not applicable"
        ),
        pytest.param(CheckOutcome("leakage", "completed", seen={"train": 9}), id="lost a row"),
        pytest.param(CheckOutcome("leakage", "completed"), id="saw nothing"),
        pytest.param(CheckOutcome("other", "completed", seen={"train": 10}), id="not run"),
    ],
)
def test_unknown_is_never_a_pass(outcome: CheckOutcome) -> None:
    passed, rules, _ = judge(Evidence((outcome,), {"train": 10}), policy(("leakage",)))
    assert not passed
    assert rules == [REQUIRED]


def test_a_check_that_does_not_apply_is_excused_only_where_the_policy_says_so() -> None:
    excused = Policy(id="test", required_if_applicable=("leakage",))
    for applicable, passed in ((False, True), (True, False)):
        outcome = CheckOutcome("leakage", "skipped", "why", applicable=applicable)
        assert judge(Evidence((outcome,), {"train": 10}), excused)[0] is passed


def test_a_sample_satisfies_no_required_check() -> None:
    sampled = Evidence(completed().outcomes, {"train": 10}, sampled=True)
    assert judge(sampled, policy(("leakage",)))[1] == [REQUIRED]


def test_any_check_that_broke_ends_with_code_three_even_under_report_only() -> None:
    broken = Evidence((CheckOutcome("other", "error", "why"),), {"train": 10})
    assert judge(broken, policy()) == (False, [], 3)
    assert judge(broken, Policy(id="test", mode="report")) == (False, [], 3)


@given(st.integers(0, 20), st.integers(0, 20))
def test_limits_are_inclusive(value: int, bound: int) -> None:
    assert judge(completed(value=value), policy(max=bound))[0] is (value <= bound)
    assert judge(completed(value=value), policy(min=bound))[0] is (value >= bound)


def test_severity_decides_between_blocking_warning_and_silence() -> None:
    found = completed(value=1)
    for severity, passed, warned in (("block", False, 0), ("warn", True, 1), ("off", True, 0)):
        chosen = policy(max=0, severity=severity)
        verdict = decide(found, chosen, owners(chosen, VOCABULARY))
        assert (verdict.passed, len(verdict.warnings)) == (passed, warned)


def test_report_mode_turns_breaches_into_warnings() -> None:
    rules = {"R-1": Limit(metric="leakage.exact_rows", max=0)}
    chosen = Policy(id="test", mode="report", rules=rules, required=("pii",))
    verdict = decide(completed(value=1), chosen, owners(chosen, VOCABULARY))
    assert verdict.passed
    assert {w.rule for w in verdict.warnings} == {"R-1", REQUIRED}


def test_a_metric_that_was_not_measured_is_a_breach_unless_the_rule_says_otherwise() -> None:
    unmeasured = Evidence(
        (CheckOutcome("leakage", "completed", seen={"train": 10}),), {"train": 10}
    )
    assert judge(unmeasured, policy(max=0))[1] == ["R-1"]
    assert judge(unmeasured, policy(max=0, if_measured=True))[1] == []


def test_a_family_member_that_was_not_reported_is_zero() -> None:
    chosen = Policy(id="test", rules={"R-1": Limit(metric="pii.US_SSN.findings", max=0)})
    for metrics, passed in (({}, True), ({"pii.US_SSN.findings": 1}, False)):
        outcome = CheckOutcome("pii", "completed", metrics=metrics, seen={"train": 10})
        assert judge(Evidence((outcome,), {"train": 10}), chosen)[0] is passed


def test_an_entity_that_was_not_searched_blocks() -> None:
    chosen = Policy(id="test", entities=RequiredEntities(require=("PERSON",)))
    assert judge(Evidence((), {}), chosen)[1] == [DUTY.rule]
    searched = Evidence((), {}, coverage={"entities_searched": frozenset({"PERSON"})})
    assert judge(searched, chosen)[1] == []


def test_a_name_that_no_installed_check_searches_for_blocks() -> None:
    chosen = Policy(id="test", entities=RequiredEntities(require=("PERSON",)))
    verdict = decide(Evidence((), {}), chosen, owners(chosen, Vocabulary()))
    assert [breach.rule for breach in verdict.breaches] == [REQUIRED]


def test_a_search_that_was_required_and_not_made_is_told_once() -> None:
    chosen = Policy(
        id="test", required=("pii",), entities=RequiredEntities(require=("PERSON", "URL"))
    )
    assert judge(Evidence((), {}), chosen)[1] == [REQUIRED]


@pytest.mark.parametrize(
    ("waiver", "limit", "passed"),
    [
        pytest.param(Waiver("W", "R-1", 5), {"max": 0}, True, id="covers"),
        pytest.param(Waiver("W", "R-1", 4), {"max": 0}, False, id="over its ceiling"),
        pytest.param(Waiver("W", "R-2", 9), {"max": 0}, False, id="another rule"),
        pytest.param(Waiver("W", "R-1", 9), {"max": 0, "waivable": False}, False, id="unwaivable"),
        pytest.param(Waiver("W", "R-1", 5), {"min": 9}, True, id="covers a minimum"),
        pytest.param(Waiver("W", "R-1", 6), {"min": 9}, False, id="below its floor"),
    ],
)
def test_waivers_cover_one_rule_up_to_a_ceiling(
    waiver: Waiver, limit: dict[str, object], passed: bool
) -> None:
    evidence = Evidence(completed(value=5).outcomes, {"train": 10}, waivers=(waiver,))
    verdict = decide(evidence, policy(**limit), owners(policy(**limit), VOCABULARY))
    assert verdict.passed is passed
    assert verdict.breaches[0].waiver == ("W" if passed else None)


def test_a_missing_required_check_cannot_be_waived() -> None:
    evidence = Evidence((), {"train": 1}, waivers=(Waiver("W", REQUIRED, 99),))
    assert judge(evidence, policy(("leakage",)))[0] is False


def explained(first: str = "block", *waivers: Waiver) -> tuple[list[str], list[str]]:
    """Breach two rules, the second of which is said by the first; return breaches and warnings."""
    rules = {
        "R-1": Limit(metric="leakage.exact_rows", max=0, severity=first),  # type: ignore[arg-type] # a test's own words
        "R-2": Limit(metric="leakage.exact_rows", max=0, unless="R-1"),
    }
    evidence = Evidence(completed(value=3).outcomes, {"train": 10}, waivers=waivers)
    verdict = decide(
        evidence, Policy(id="t", rules=rules), Owners({"leakage.exact_rows": "leakage"})
    )
    return [b.rule for b in verdict.breaches], [b.rule for b in verdict.warnings]


def test_a_breach_that_another_says_is_not_said_again() -> None:
    assert explained() == (["R-1"], [])


def test_a_breach_stands_where_what_says_it_is_less_severe() -> None:
    assert explained("warn") == (["R-2"], ["R-1"])
    assert explained("off") == (["R-2"], [])


def test_a_breach_stands_where_what_says_it_is_waived() -> None:
    assert explained("block", Waiver("W", "R-1", 5)) == (["R-1", "R-2"], [])


@pytest.mark.parametrize(("value", "fix"), [(3, "Remove them."), (9, "Ask for other data.")])
def test_a_remedy_fits_its_scale(value: int, fix: str) -> None:
    limit = Limit(
        metric="leakage.exact_rows", max=0, fix="Remove them.", fix_all="Ask for other data."
    )
    owner = Owners({"leakage.exact_rows": "leakage"})
    verdict = decide(completed(value=value), Policy(id="t", rules={"R": limit}), owner)
    assert [breach.fix for breach in verdict.breaches] == [fix]


def test_rows_that_no_check_saw_never_pass() -> None:
    outcomes = tuple(
        CheckOutcome(check, "completed", metrics={"leakage.exact_rows": 0}, seen={"train": 8})
        for check in ("leakage", "schema")
    )
    lenient = Policy(id="t", mode="report", required=("schema",))
    verdict = decide(Evidence(outcomes, {"train": 10}), lenient, Owners())
    assert [breach.rule for breach in verdict.breaches] == [UNREAD_ROWS]
    assert verdict.breaches[0].message == "2 of 10 train rows cannot be read"
    assert verdict.exit_code == 3
