"""Lossless changes: what is found is mended, and nothing else is touched."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.checks.profile import FIT_PROFILE, ProfileCheck
from ftaudit.model.check import Context
from ftaudit.profiles.json_edits import edited, member_spans, reordered
from ftaudit.profiles.json_line import read_line
from ftaudit.profiles.lossless_fixes import (
    edits_of,
    fixed_line,
)
from ftaudit.profiles.profile_catalogue import load_profile
from ftaudit.profiles.profile_judge import ProfileJudge
from tests.growth import assert_linear

USER = {"role": "user", "content": "a"}


def chat(**answer: object) -> dict[str, object]:
    return {"messages": [USER, {"role": "assistant", "content": "b", **answer}]}


def call(arguments: object) -> dict[str, object]:
    function = {"name": "f", "arguments": arguments}
    return {"id": "call00001", "type": "function", "function": function}


def fixed(record: dict[str, object], profile: str = "openai") -> Any:  # noqa: ANN401 - JSON
    line, _ = fixed_line(json.dumps(record).encode(), load_profile(profile))
    return json.loads(line)


@pytest.mark.parametrize("weight", [True, 1.0, "1"])
def test_a_weight_that_means_one_becomes_one(weight: object) -> None:
    assert fixed(chat(weight=weight)) == chat(weight=1)


@pytest.mark.parametrize("weight", [2, 0.5, "high", -1, 1, 0])
def test_a_weight_that_means_neither_stays(weight: object) -> None:
    assert fixed(chat(weight=weight)) == chat(weight=weight)


def test_a_weight_without_effect_is_left_out() -> None:
    record = chat(weight=None)
    record["messages"] = [{**USER, "weight": 0}, record["messages"][1]]  # type: ignore[index] # made above
    assert fixed(record) == chat()
    assert fixed(record, "together") == {
        "messages": [{**USER, "weight": 0}, {"role": "assistant", "content": "b"}]
    }


def test_arguments_become_text_where_text_is_wanted_and_stay_elsewhere() -> None:
    record = chat(content=None, tool_calls=[call({"id": "é"})])
    turn = fixed(record)["messages"][1]
    assert json.loads(turn["tool_calls"][0]["function"]["arguments"]) == {"id": "é"}
    assert fixed(record, "axolotl") == record


def test_names_are_spelled_with_what_they_may_hold_unless_two_become_one() -> None:
    assert fixed(chat(name="my bot")) == chat(name="my_bot")
    two: dict[str, object] = {
        "messages": [{**USER, "name": "a b"}, {"role": "assistant", "content": "b", "name": "a_b"}]
    }
    assert fixed(two) == two


def test_calls_that_are_none_are_left_out() -> None:
    assert fixed(chat(tool_calls=[], name=None)) == chat()
    assert fixed(chat(tool_calls=None)) == chat()


def test_every_other_character_stays() -> None:
    line = (
        b'{ "messages":[ {"role" : "user","content":"\\u0061"} ,'
        b'{"weight":true , "n":1.50,"role":"assistant","content":"b" }]}'
    )
    new, paths = fixed_line(line, load_profile("openai"))
    assert new == line.replace(b"true", b"1")
    assert paths == ("messages[1].weight",)


def test_what_is_broken_stays_as_it_is() -> None:
    for line in (b"{", b'{"messages": [], "messages": []}', b"[1]"):
        assert fixed_line(line, load_profile("openai")) == (line, ())


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers() | st.lists(st.integers(), max_size=3)),
    st.data(),
    st.booleans(),
)
def test_edits_change_what_they_name_and_nothing_else(
    record: dict[str, object], data: st.DataObject, tight: bool
) -> None:
    text = json.dumps({"x": record, "y": [record]}, separators=(",", ":") if tight else None)
    keys = sorted(record)
    removed = data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
    changed = [key for key in keys if key not in removed]
    values: dict[str, object] = {f"x.{key}": "new" for key in changed}
    new = json.loads(edited(text, values, [f"x.{key}" for key in removed]))
    assert new == {"x": dict.fromkeys(changed, "new"), "y": [record]}


def test_the_place_of_every_member_is_known() -> None:
    text = '{"a": [1, {"b": "x,]}"}], "c": {}}'
    spans = member_spans(text)
    places = {path: text[span.value : span.end] for path, span in spans.items()}
    assert places == {
        "a": '[1, {"b": "x,]}"}]',
        "a[0]": "1",
        "a[1]": '{"b": "x,]}"}',
        "a[1].b": '"x,]}"',
        "c": "{}",
    }


@given(
    weight=st.sampled_from([True, 1.0, "0", None, 2, 1]),
    name=st.none() | st.sampled_from(["a b", "ok", ""]),
    arguments=st.sampled_from(['{"a": 1}', {"a": 1}, "", None]),
    profile=st.sampled_from(["openai", "together", "mistral", "fireworks", "axolotl", "trl-sft"]),
)
def test_a_second_fix_changes_nothing_and_none_makes_it_worse(
    weight: object, name: str | None, arguments: object, profile: str
) -> None:
    record = chat(weight=weight, name=name, tool_calls=[call(arguments)])
    rules = load_profile(profile)
    line, _ = fixed_line(json.dumps(record).encode(), rules)
    assert fixed_line(line, rules) == (line, ())
    judge = ProfileJudge(rules)
    before = {v.rule.rule for v in judge.record(record).violations if v.rule.invalid}
    after = {v.rule.rule for v in judge.line(read_line(line)).violations if v.rule.invalid}
    assert after <= before


def test_edits_name_paths_only() -> None:
    assert "True" not in repr(edits_of(chat(weight=True), load_profile("openai")))


def test_keys_are_put_in_order_and_the_rest_stays() -> None:
    text = '{"a": [{ "content" :1.50, "x": "\\u00e9" , "role":{"role": 2}}, 7]}'
    ordered = '{"a": [{ "role":{"role": 2}, "x": "\\u00e9" , "content" :1.50}, 7]}'
    assert reordered(text, {"a[0]": ("role", "absent", "content")}) == ordered
    assert reordered(text, {"": ("a", "b")}) == text
    assert reordered(ordered, {"a[0]": ("role", "content")}) == ordered


KEYS = ("role", "content", "x", "é", "a b")


@given(
    st.permutations(KEYS).flatmap(lambda keys: st.tuples(*map(st.just, keys))),
    st.permutations(KEYS).map(lambda keys: tuple(keys[:3])),
    st.dictionaries(st.sampled_from(KEYS), st.integers() | st.text(max_size=3), max_size=3),
)
def test_an_object_in_another_order_says_the_same(
    keys: tuple[str, ...], order: tuple[str, ...], inner: dict[str, object]
) -> None:
    value = {"turns": [dict.fromkeys(keys, inner)]}
    new = json.loads(reordered(json.dumps(value), {"turns[0]": order}))
    assert new == value
    (turn,) = new["turns"]
    assert [key for key in turn if key in order] == list(order)
    assert [k for k, old in zip(turn, keys, strict=True) if old not in order] == [
        key for key in keys if key not in order
    ]


def test_the_rules_that_can_be_mended_name_their_remedy() -> None:
    check = ProfileCheck.prepare(
        Context("chat", {}, (), {}, {}, parameters={"profiles": ["openai"]})
    )
    assert isinstance(check, ProfileCheck)
    remedies = {rule.id: rule.fix for rule in check.rules}
    for name in ("tool-arguments", "weight", "bom", "name"):
        assert remedies[f"profile.openai.{name}"] == FIT_PROFILE
    assert remedies["profile.openai.messages"] is None


def test_an_object_and_one_inside_it_are_reordered() -> None:
    text = '{"b": {"y": 1, "x": 2}, "a": 0}'
    new = reordered(text, {"b": ("x", "y"), "": ("a", "b")})
    assert new == '{"a": 0, "b": {"x": 2, "y": 1}}'


@pytest.mark.parametrize(
    ("removed", "left"),
    [
        (("a",), '{"b": [1], "c": {"d": 2, "e": 3}}'),
        (("a", "b"), '{"c": {"d": 2, "e": 3}}'),
        (("b", "c"), '{"a": 0}'),
        (("a", "c"), '{"b": [1]}'),
        (("c.d", "c.e"), '{"a": 0, "b": [1], "c": {}}'),
        (("a", "b", "c"), "{}"),
        (("c", "c.e"), '{"a": 0, "b": [1]}'),
    ],
)
def test_members_are_taken_out_with_the_comma_that_parts_them(
    removed: tuple[str, ...], left: str
) -> None:
    assert edited('{"a": 0, "b": [1], "c": {"d": 2, "e": 3}}', {}, removed) == left


def test_the_changes_of_a_line_take_time_by_its_length() -> None:
    def change(size: int) -> None:
        turns = [{"content": "a", "name": None, "role": "user"} for _ in range(size // 50)]
        text = json.dumps({"m": turns})
        paths = [f"m[{at}]" for at in range(len(turns))]
        less = edited(text, {}, [f"{path}.name" for path in paths])
        reordered(less, dict.fromkeys(paths, ("role", "content")))

    assert_linear(change)
