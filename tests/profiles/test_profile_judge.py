"""The engine that judges lines by a profile."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ftaudit.profiles.file_judgement import judge_file
from ftaudit.profiles.json_line import read_line
from ftaudit.profiles.profile_catalogue import built_in, load_profile
from ftaudit.profiles.profile_judge import ProfileJudge

TEXT = st.sampled_from(["", " ", "x", "User: x", "call00001", "{}", "{", '{"a": 1}', "get order"])
CALL = st.fixed_dictionaries(
    {},
    optional={
        "id": TEXT,
        "type": st.sampled_from(["function", "tool"]),
        "function": st.fixed_dictionaries(
            {}, optional={"name": TEXT, "arguments": TEXT | st.just({"a": 1}) | st.none()}
        ),
    },
)
PART = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["text", "image_url", "other"]),
        "text": TEXT,
        "image_url": st.fixed_dictionaries(
            {"url": st.sampled_from(["http://a", "data:x", "s3://"])}
        ),
    },
)
TURN = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(["system", "user", "assistant", "tool", "bot", "model"])
        | st.none(),
        "content": TEXT | st.none() | st.lists(PART, max_size=2) | st.integers(0, 1),
        "parts": st.lists(PART, max_size=2),
        "from": st.sampled_from(["human", "gpt", "user"]),
        "value": TEXT,
        "weight": st.sampled_from([0, 1, 2, True, None, 0.5, "1"]),
        "name": TEXT,
        "tool_calls": st.lists(CALL, max_size=2) | st.none() | TEXT,
        "tool_call_id": TEXT | st.none(),
    },
)
TURNS = st.lists(TURN, max_size=4) | TEXT | st.none()
RECORD = st.fixed_dictionaries(
    {},
    optional={
        "messages": TURNS,
        "conversations": TURNS,
        "contents": TURNS,
        "prompt": TURNS,
        "completion": TURNS,
        "chosen": TURNS,
        "rejected": TURNS,
        "label": st.booleans() | TEXT,
        "tools": st.lists(st.fixed_dictionaries({"function": st.just({"name": "get order"})}))
        | TEXT
        | st.none(),
        "history": st.lists(TEXT),
        "schemaVersion": TEXT | st.integers(),
        "weight": st.floats(0, 1),
    },
)


NAMES = st.sampled_from(built_in())


@given(name=NAMES, records=st.lists(RECORD, max_size=6))
def test_a_remembered_verdict_is_the_verdict(name: str, records: list[dict[str, object]]) -> None:
    profile = load_profile(name)
    remembering, fresh = ProfileJudge(profile), ProfileJudge(profile, remember=False)
    for record in (*records, *records):
        assert remembering.record(record) == fresh.record(record)


@given(name=NAMES, record=RECORD)
def test_no_record_makes_a_profile_crash_and_details_hold_no_data(
    name: str, record: dict[str, object]
) -> None:
    record = json.loads(json.dumps(record).replace("get order", "hunter2 hunter2"))
    for violation in ProfileJudge(load_profile(name)).record(record).violations:
        assert "hunter2" not in violation.detail + violation.path


def test_what_is_remembered_is_bounded_and_long_tools_are_judged_alike() -> None:
    judge, fresh = (
        ProfileJudge(load_profile("openai")),
        ProfileJudge(load_profile("openai"), remember=False),
    )
    for number in range(5_000):
        parameters = {"type": "object", "description": "x" * (number % 2 * 5_000)}
        function = {"name": f"f{number}", "parameters": parameters}
        call = {"id": "a", "type": "function", "function": {"name": "f 1", "arguments": "{}"}}
        turns = [{"role": "user", "content": "q"}, {"role": "assistant", "tool_calls": [call]}]
        record = {"messages": turns, "tools": [{"type": "function", "function": function}]}
        assert number % 500 or judge.record(record) == fresh.record(record)
        judge.record(record)
    remembered = [marks for verdict in judge._verdicts.values() for marks in verdict.of_links]  # noqa: SLF001 - what it holds
    assert 0 < len(remembered) < 5_000
    assert all(len(str(marks)) < 5_000 for marks in remembered)


def test_a_record_that_is_nested_too_deep_is_found_not_raised() -> None:
    deep: object = "x"
    for _ in range(600):
        deep = [deep]
    line = json.dumps({"messages": [{"role": "user", "content": deep}]}).encode()
    judged = ProfileJudge(load_profile("bedrock-nova")).line(read_line(line))
    assert judged.violations


GOOD = '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'


def found(data: bytes, profile: str) -> list[tuple[int, str]]:
    violations = judge_file(data, "data.jsonl", load_profile(profile))
    return [
        (v.line, v.violation.rule.rule) for v in violations if v.violation.rule.severity != "info"
    ]


def test_a_broken_line_does_not_hide_the_others() -> None:
    lines = [GOOD] * 12
    lines[3] = '{"messages": '
    lines[7] = GOOD.replace("assistant", "bot")
    assert found("\n".join(lines).encode(), "openai") == [
        (4, "json"),
        (8, "no-assistant"),
        (8, "last-role"),
        (8, "role"),
    ]


def test_an_array_is_read_where_the_loader_takes_one_and_named_where_it_does_not() -> None:
    bad = GOOD.replace('"role": "user", ', "")
    data = f"[\n{GOOD},\n{bad}\n]".encode()
    assert found(data, "trl-sft") == [(3, "role")]
    assert (1, "json") in found(data, "mistral")


def test_objects_over_several_lines_are_read_where_the_loader_takes_them() -> None:
    data = "\n".join(json.dumps(json.loads(GOOD), indent=1) for _ in range(3)).encode()
    assert found(data, "trl-sft") == []
    assert (1, "json") in found(data, "together")


def test_several_objects_on_one_line_are_read_where_the_loader_takes_them() -> None:
    data = f"{GOOD}\n{GOOD}{GOOD}\n".encode()
    assert found(data, "trl-sft") == []
    assert found(data, "together") == [(2, "json")]


def test_lines_end_as_the_file_ends_them() -> None:
    data = "\r\n".join([GOOD] * 11).encode() + b"\r\n"
    assert found(data, "openai") == []
