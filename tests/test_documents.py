"""Files that a person writes mean what they say."""

import pytest

from ftaudit.checks import discover
from ftaudit.documents import parse_yaml
from ftaudit.policy import Vocabulary, parse


@pytest.mark.parametrize("word", ["off", "on", "no", "NO", "yes", "n", "y", "Off"])
def test_words_that_yaml_1_1_takes_for_booleans_stay_words(word: str) -> None:
    value, _ = parse_yaml(f"a: {word}\nb: [{word}]\n", name="x.yaml", kind="policy")
    assert value == {"a": word, "b": [word]}


@pytest.mark.parametrize(("word", "meant"), [("true", True), ("False", False), ("TRUE", True)])
def test_true_and_false_are_booleans(word: str, meant: bool) -> None:
    assert parse_yaml(f"a: {word}\n", name="x.yaml", kind="policy")[0] == {"a": meant}


def test_a_rule_can_be_turned_off_as_the_standard_policy_explains() -> None:
    text = """
schema: ftaudit.policy/v1
id: mine
extends: standard
rules:
  FTA-BAL-001: {severity: off}
parameters:
  pii: {countries: [no, se]}
"""
    metrics = {id_: tuple(m.name for m in check.metrics) for id_, check in discover().items()}
    policy = parse(text, "mine.yaml", Vocabulary(metrics))
    assert policy.rules["FTA-BAL-001"].severity == "off"
    assert policy.parameters["pii"]["countries"] == ["no", "se"]
