"""`ftaudit checks`: the list, and the page of every check."""

import pytest

from ftaudit.checks import discover
from tests.cli.commands import Shell


def test_every_check_is_listed_with_what_it_does(shell: Shell) -> None:
    said = shell("checks")
    assert said.code == 0
    listed = dict(line.split(maxsplit=1) for line in said.out.splitlines()[:-2])
    assert list(listed) == sorted(discover())
    assert all(words.endswith(".") for words in listed.values())


@pytest.mark.parametrize("name", sorted(discover()))
def test_a_check_is_explained_with_its_rules_and_metrics(name: str, shell: Shell) -> None:
    said = shell("checks", name)
    check = discover()[name]
    assert said.code == 0
    assert all(f"  {rule.id} ({rule.severity})" in said.out for rule in check.rules)
    assert all(f"  {metric.name} [" in said.out for metric in check.metrics)
    page = said.out.lower()
    for part in ("what it finds", "why it harms training", "how it decides"):
        assert part in page


def test_an_unknown_check_is_answered_with_the_nearest(shell: Shell) -> None:
    said = shell("checks", "lekage")
    assert (said.code, said.out) == (2, "")
    assert (
        said.err
        == "ftaudit: there is no check lekage (did you mean leakage?); see `ftaudit checks`\n"
    )
