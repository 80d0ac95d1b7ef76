"""Rules of outputs: what breaks them, and which rules are refused."""

import json
from pathlib import Path

import polars as pl
import pytest

from ftaudit.evaluation.consistency import violation_lifts
from ftaudit.evaluation.output_rules import OutputRuleset, load_output_rules
from ftaudit.model.errors import InputError, UsageError


def rules(folder: Path, text: str) -> OutputRuleset:
    path = folder / "outputs.yaml"
    path.write_text(text)
    return load_output_rules(path)


def broken(ruleset: OutputRuleset, *outputs: str | None) -> dict[str, list[bool]]:
    return ruleset.violations(pl.Series(outputs, dtype=pl.String)).to_dict(as_series=False)


def test_every_kind_of_rule(tmp_path: Path) -> None:
    text = """
schema: ftaudit.outputs/v1
maximum_length: 12
required: {ends: '[.!]$'}
forbidden: {promise: '(?i)we will'}
refusals: forbidden
"""
    found = broken(rules(tmp_path, text), "Fine.", "We will!", "No", "I cannot do that.", None)
    assert found == {
        "format:maximum_length": [False, False, False, True, False],
        "format:ends": [False, False, True, False, False],
        "policy:promise": [False, True, False, False, False],
        "policy:refusals": [False, False, False, True, False],
    }


def test_outputs_that_must_be_json(tmp_path: Path) -> None:
    schema = {"type": "object", "required": ["label"], "properties": {"label": {"enum": ["a"]}}}
    (tmp_path / "schema.json").write_text(json.dumps(schema))
    ruleset = rules(tmp_path, "json_schema: schema.json\n")
    found = broken(ruleset, '{"label": "a"}', '{"label": "b"}', "a", "[")
    assert found == {"format:json_schema": [False, True, True, True]}


def test_personal_data_is_found_by_the_privacy_search(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, "pii: {contact: [EMAIL_ADDRESS]}\n")
    found = broken(ruleset, "write to jo@example.com", "write to us", "write to jo@example.com")
    assert found == {"policy:contact": [True, False, True]}
    with pytest.raises(UsageError, match="entity EMAIL is unknown"):
        broken(rules(tmp_path, "pii: {contact: [EMAIL]}\n"), "x")


def test_removed_and_introduced_are_told_apart(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, "labels: [a, b]\n")
    before, after = ["x", "a", "x", "a", None], ["a", "x", "x", "a", "a"]
    lift = violation_lifts(ruleset, pl.Series(before), pl.Series(after))[0]
    assert (lift.removed, lift.introduced, lift.both, lift.neither) == (1, 1, 1, 1)
    metrics = dict(lift.metrics())
    assert metrics["consistency.format_baseline"] == 0.5
    assert metrics["consistency.format_lift"] == 0
    assert metrics["consistency.format_lift_lower"] < 0 < metrics["consistency.format_lift_upper"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("forbidden: {x: '(?=a)b'}", r"the pattern of x cannot be read"),
        ("json_schema: {type: nothing}", r"json_schema is no JSON Schema"),
        ("json_schema: {pattern: '(a+)+$'}", r"json_schema uses pattern"),
        ("lables: [a]", r"the key lables is unknown .did you mean labels"),
        ("labels: none.txt", r"the labels file cannot be read"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        rules(tmp_path, text + "\n")
