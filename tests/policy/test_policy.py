from datetime import timedelta
from pathlib import Path

import pytest

from ftaudit.checks import discover
from ftaudit.model.errors import InputError
from ftaudit.policy.policy import BUILT_IN, Policy, Vocabulary, load, parse, parse_duration

VOCABULARY = Vocabulary({i: tuple(m.name for m in c.metrics) for i, c in discover().items()})


def own(text: str) -> Policy:
    return parse(f"schema: ftaudit.policy/v1\nid: mine\n{text}", "mine.yaml", VOCABULARY)


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_policies_name_only_what_exists_and_explain_every_rule(name: str) -> None:
    policy = load(name, VOCABULARY)
    assert policy.id == name
    assert len(policy.rules) > 30
    for id_, limit in policy.rules.items():
        assert limit.why, id_
        assert limit.fix, id_
        assert VOCABULARY.owner(limit.metric), id_


def test_a_file_overrides_rule_by_rule_and_keeps_the_rest() -> None:
    standard = load("standard", VOCABULARY)
    mine = own("rules:\n  FTA-DUP-002: {max: 0.5}\n  FTA-PROV-001: {max: 3}\n")
    assert mine.rules["FTA-DUP-002"].max == 0.5
    assert mine.rules["FTA-DUP-002"].why == standard.rules["FTA-DUP-002"].why
    assert mine.rules["FTA-PROV-001"].min is None, "a new bound replaces the old one"
    assert mine.rules["FTA-LEAK-001"] == standard.rules["FTA-LEAK-001"]
    assert mine.required == standard.required
    assert mine.licenses == standard.licenses


def test_parameters_are_laid_over_one_by_one() -> None:
    mine = own("parameters:\n  class-balance: {minimum_count: 3}\n")
    assert mine.parameters["class-balance"]["minimum_count"] == 3


def test_extends_none_starts_afresh() -> None:
    assert own("extends: none\n").rules == {}


def test_strict_is_stricter_than_standard() -> None:
    standard, strict = load("standard", VOCABULARY), load("strict", VOCABULARY)
    rank = {"off": 0, "warn": 1, "block": 2}
    for id_, limit in strict.rules.items():
        before = standard.rules[id_]
        assert rank[limit.severity] >= rank[before.severity]
        assert (limit.max or 0) <= (before.max or 0)
    assert set(standard.required) <= set(strict.required)
    assert strict.age < standard.age


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("requird: [pii]\n", 3, "did you mean required?"),
        ("required: [pi]\n", 3, "did you mean pii?"),
        ("rules:\n  FTA-LEEK-001: {max: 1}\n", 4, "did you mean FTA-LEAK-001?"),
        ("rules:\n  MINE: {metric: leakage.exact_row, max: 1}\n", 4, "leakage.exact_rows?"),
        ("rules:\n  MINE: {max: 1}\n", 4, "names no metric"),
        ("rules:\n  MINE: {metric: leakage.exact_rows}\n", 4, "either max or min"),
        ("rules:\n  FTA-DUP-001:\n    maxx: 1\n", 5, "did you mean max?"),
        ("rules:\n  FTA-DUP-001: {severity: fatal}\n", 4, "'block', 'warn' or 'off'"),
        ("rules:\n  FTA-DUP-001: {max: true}\n", 4, "a number is expected"),
        ("max_age: 30\n", 3, "max_age"),
        ("max_age: 30d\n", 3, "is not a duration"),
        ("threshold: 1.5\n", 3, "less than or equal to 1"),
        ("extends: standart\n", 3, "did you mean standard?"),
        ("parameters:\n  pi: {threshold: 1}\n", 4, "did you mean pii?"),
        ("licenses: {alow: [MIT]}\n", 3, "did you mean allow?"),
        ("id: twice\n", 3, "stands twice"),
        ("rules: [\n", 4, "not YAML"),
    ],
)
def test_errors_name_the_line_and_the_nearest_key(text: str, line: int, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        own(text)
    assert f"mine.yaml, line {line}:" in str(caught.value)
    assert hint in str(caught.value)


def test_a_policy_that_does_not_exist_is_said_so() -> None:
    with pytest.raises(InputError, match="did you mean strict"):
        load("strickt", VOCABULARY)


def test_a_file_that_is_no_mapping_or_not_text_is_refused(tmp_path: Path) -> None:
    for data in (b"- a\n", b"", b"\xff\xfe\x00", b"id: \xe9\n"):
        path = tmp_path / "policy.yaml"
        path.write_bytes(data)
        with pytest.raises(InputError):
            load(path, VOCABULARY)


def test_durations() -> None:
    assert parse_duration("P30D") == timedelta(days=30)
    assert parse_duration("P2W") == timedelta(weeks=2)
    assert parse_duration("PT12H") == timedelta(hours=12)
    for wrong in ("", "30D", "P1Y", "PD", "P-1D", "PT3D", "P3H"):
        with pytest.raises(ValueError, match="not a duration"):
            parse_duration(wrong)
