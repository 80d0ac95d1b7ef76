"""`ftaudit policy`: show and check."""

import pytest

from ftaudit.policy.policy import BUILT_IN
from tests.cli.commands import Shell
from tests.sample_data.samples import SAMPLES


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_policy_is_shown_with_every_rule(name: str, shell: Shell) -> None:
    said = shell("policy", "show", name)
    assert said.code == 0
    for rule in ("FTA-LEAK-001", "FTA-SEC-001", "FTA-PROV-012"):
        assert rule in said.out


def test_the_standard_policy_is_shown_when_none_is_named(shell: Shell) -> None:
    assert shell("policy", "show").out == shell("policy", "show", "standard").out


def test_a_file_is_shown_as_it_is_in_effect(shell: Shell) -> None:
    said = shell("policy", "show", SAMPLES / "dirty" / "policy.yaml")
    assert said.code == 0
    assert "dirty-sample" in said.out
    assert "FTA-LEAK-001" in said.out


def test_a_valid_file_is_said_to_be_one(shell: Shell) -> None:
    said = shell("policy", "check", SAMPLES / "dirty" / "policy.yaml")
    assert said.code == 0
    assert "a valid policy (dirty-sample, " in said.out


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        (
            "schema: ftaudit.policy/v1\nid: x\nrules:\n  FTA-DUPS-002: {max: 1}\n",
            "line 4",
            "FTA-DUP-002",
        ),
        ("schema: ftaudit.policy/v1\nid: x\nrequired: [leakages]\n", "line 3", "leakage"),
        ("schema: ftaudit.policy/v1\nid: x\nrulse: {}\n", "line 3", "rules"),
        (
            "schema: ftaudit.policy/v1\nid: x\nrules:\n  MY-1: {metric: balance.clases, min: 1}\n",
            "line 4",
            "balance.classes",
        ),
        ("schema: ftaudit.policy/v1\nid: x\nextends: strickt\n", "line 3", "strict"),
        ("schema: [\n", "line", ""),
    ],
)
def test_a_wrong_file_is_answered_with_line_and_suggestion(
    text: str, place: str, hint: str, shell: Shell
) -> None:
    (shell.folder / "mine.yaml").write_text(text)
    said = shell("policy", "check", "mine.yaml")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("ftaudit: mine.yaml, ")
    assert place in said.err
    assert hint in said.err
    assert said.err.count("\n") == 1


def test_an_unknown_name_is_answered_with_the_nearest(shell: Shell) -> None:
    said = shell("policy", "show", "standrad")
    assert (said.code, said.out) == (2, "")
    assert "did you mean standard?" in said.err
