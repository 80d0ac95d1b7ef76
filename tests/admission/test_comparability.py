"""Which recorded measurements answer the policy in force."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec
import pytest

from ftaudit.admission.comparability import differences
from ftaudit.admission.rules import Rulebook
from ftaudit.checks import discover
from ftaudit.model.declaration import declaration
from tests import manifests

Parameters: TypeAlias = dict[str, object]
Unlike: TypeAlias = Callable[[str, Parameters, Parameters], list[str]]

OPTIONS = [
    (id_, option.parameter)
    for id_, check in sorted(discover().items())
    for option in declaration(check).options
]


@pytest.fixture
def unlike(tmp_path: Path) -> Unlike:
    """Return a function: the differences of a manifest whose check ran with some parameters."""
    rules = Rulebook.load("standard")
    files = [*manifests.data(tmp_path)]

    def of(check: str, measured: Parameters, meant: Parameters) -> list[str]:
        used = {"checks": {check: {"parameters": measured}}}
        whole = manifests.of(files, configuration=used)
        record = msgspec.structs.replace(
            whole.predicate.checks[0], id=check, version=discover()[check].version
        )
        predicate = msgspec.structs.replace(whole.predicate, checks=[record])
        manifest = msgspec.structs.replace(whole, predicate=predicate)
        lines = differences(manifest, rules.policy, {check: meant}, rules.checks, None)
        return [line for line in lines if "ran with" in line]

    return of


@pytest.mark.parametrize(("check", "parameter"), OPTIONS)
def test_what_the_policy_leaves_open_a_user_may_name(
    check: str, parameter: str, unlike: Unlike
) -> None:
    unset: tuple[object, ...] = (None, "", [])
    for nothing in unset:
        assert unlike(check, {parameter: "named"}, {parameter: nothing}) == []


def test_what_the_policy_names_must_have_been_measured(unlike: Unlike) -> None:
    for measured in (None, "other.ftidx"):
        lines = unlike("index-leakage", {"index": measured}, {"index": "ours.ftidx"})
        assert len(lines) == 1
        assert 'where the policy means "ours.ftidx"' in lines[0]


def test_what_no_option_sets_is_compared_even_where_it_is_empty(unlike: Unlike) -> None:
    fields = {field.name for field in dataclasses.fields(discover()["pii"])}  # type: ignore[arg-type] # a check is a dataclass
    assert "allow_values" in fields
    assert unlike("pii", {"allow_values": ["x"]}, {"allow_values": []}) != []
