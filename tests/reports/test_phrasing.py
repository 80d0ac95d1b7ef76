import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.reports import phrasing
from ftaudit.wire.manifest import BY_CUES, Gate, Input, Manifest
from tests.reports import sample


def judged(**changes: object) -> Manifest:
    whole = sample.manifest()
    checks = [c for c in whole.predicate.checks if c.status == "passed"]
    gate = msgspec.structs.replace(Gate(verdict="PASSED"), **changes)
    return msgspec.structs.replace(
        whole, predicate=msgspec.structs.replace(whole.predicate, checks=checks, gate=gate)
    )


def test_a_clean_audit_may_proceed() -> None:
    said = phrasing.verdict(judged())
    assert (said.passed, said.word, said.reasons) == (True, "PASSED", "Every limit is kept")


def test_a_waived_breach_passes_and_is_told() -> None:
    breach = next(b for b in sample.manifest().predicate.gate.breaches if b.waiver)
    said = phrasing.verdict(judged(breaches=[breach]))
    assert (said.passed, said.reasons) == (True, "1 breach is waived")


def test_an_unwaived_breach_blocks_whatever_verdict_is_recorded() -> None:
    breaches = sample.manifest().predicate.gate.breaches[:1]
    manifest = judged(breaches=breaches)
    assert phrasing.verdict(manifest).word == "BLOCKED"
    assert phrasing.exit_code(manifest) == 1


def test_a_broken_check_is_never_a_pass_whatever_verdict_is_recorded() -> None:
    manifest = judged(errors=["secrets"])
    assert phrasing.verdict(manifest).meaning == "Tuning may not proceed."
    assert phrasing.exit_code(manifest) == 3


def test_a_recorded_block_without_reason_still_blocks() -> None:
    assert not phrasing.verdict(judged(verdict="BLOCKED")).passed


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (10_003, "10,003"),
        (0.992013, "0.992"),
        (5.342857, "5.3429"),
        (1e-7, "1e-07"),
        (40.0, "40"),
        (-2.5, "-2.5"),
        (1e300, "1e+300"),
    ],
)
def test_numbers_read_well(value: float, shown: str) -> None:
    assert phrasing.number(value) == shown


@given(st.floats(allow_nan=True, allow_infinity=True) | st.integers())
def test_any_number_can_be_shown(value: float) -> None:
    assert 0 < len(phrasing.number(value)) <= phrasing.NAME


def test_shares_are_percentages_too() -> None:
    assert phrasing.measured("leakage.near_share", 0.049) == "0.049 (4.90%)"
    assert phrasing.measured("balance.imbalance_ratio", 0.049) == "0.049"


def test_sentences_end_and_begin_as_sentences_do() -> None:
    assert phrasing.sentence("the check broke") == "The check broke."
    assert phrasing.sentence("leakage.rows is 2") == "leakage.rows is 2."
    assert phrasing.sentence("Stop!") == "Stop!"
    assert phrasing.sentence("") == ""


def test_code_within_a_sentence_is_told_apart() -> None:
    assert phrasing.spans("Run `ftaudit init` now") == [
        ("Run ", False),
        ("ftaudit init", True),
        (" now.", False),
    ]
    assert phrasing.spans("one ` alone") == [("One ` alone.", False)]


def test_many_columns_are_counted() -> None:
    columns = {f"role{i}": f"column{i}" for i in range(10)}
    data = Input(name="a", role="train", rows=1, bytes=1, format="x", columns=columns)
    assert phrasing.role_of_columns(data).endswith("column7 is role7, and 2 more")


def test_what_was_compared_and_what_is_beside_it_is_said_in_words() -> None:
    manifest = sample.manifest()
    assert phrasing.reading(manifest) == []
    coverage = msgspec.structs.replace(
        manifest.predicate.coverage, other={"columns_beside": ["url is metadata"]}
    )
    predicate = msgspec.structs.replace(
        manifest.predicate, configuration={"similarity": {"compare": "text"}}, coverage=coverage
    )
    whole = msgspec.structs.replace(manifest, predicate=predicate)
    assert phrasing.reading(whole) == [
        "Compared as one text: whole records, with their answers (--compare text).",
        "Beside the record: url is metadata.",
    ]
    columns = {"input": "question", "context": "passage"}
    data = Input(name="a", role="train", rows=1, bytes=1, format="x", columns=columns)
    assert "compared as one text: passage, question" in phrasing.role_of_columns(data)
    assert "compared" not in phrasing.role_of_columns(data, whole=True)


def test_long_lists_are_cut_and_counted() -> None:
    assert phrasing.listed(["a", "b", "c"], most=2) == "a, b and 1 more"


def test_what_passed_stands_before_what_did_not_run() -> None:
    checks = sample.manifest().predicate.checks
    statuses = [check.status for check in phrasing.ordered(checks[::-1])]
    order = ["error", "failed", "warned", "passed", "skipped"]
    assert statuses == sorted(statuses, key=order.index)
    assert {"passed", "skipped"} <= {*statuses}


def test_what_is_found_beside_a_cue_alone_is_not_said_to_be_unsearched() -> None:
    whole = sample.manifest()
    coverage = msgspec.structs.replace(whole.predicate.coverage, other={BY_CUES: ["PERSON"]})
    predicate = msgspec.structs.replace(whole.predicate, coverage=coverage)
    lines = phrasing.gaps(msgspec.structs.replace(whole, predicate=predicate))
    assert "Searched for beside a title, label or greeting only: PERSON." in lines
    assert "Not searched for: LOCATION." in lines
