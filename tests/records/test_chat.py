import json
from collections.abc import Mapping

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.model.dataset import ROWS
from ftaudit.records.detect import recognise
from tests.conftest import examples
from tests.records.held import Record, as_json, problems, read, row, typed

USER = {"role": "user", "content": "Where is my card?"}
ANSWER = {"role": "assistant", "content": "On its way."}
CALL = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": '{"n":1}'}}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}
RESULT = {"role": "tool", "content": "found", "tool_call_id": "call_1"}


def chat(*turns: object, **more: object) -> Record:
    return {"messages": list(turns), **more}


def test_the_input_is_the_conversation_before_the_last_answer() -> None:
    system = {"role": "system", "content": "Be brief."}
    found = row(typed([chat(system, USER, ANSWER, USER, ANSWER)]))
    assert found["input"] == (
        "system: Be brief.\n\nuser: Where is my card?\n\nassistant: On its way.\n\n"
        "user: Where is my card?"
    )
    assert found["output"] == "On its way."
    assert str(found["text"]).endswith("assistant: On its way.")
    assert found["problems"] == []


def test_tool_calls_are_rendered_as_json() -> None:
    found = row(typed([chat(USER, CALLING, RESULT, CALLING)]))
    assert found["output"] == '{"name":"find","arguments":{"n":1}}'
    assert "tool: found" in str(found["input"])


def test_every_string_is_a_field_with_its_path() -> None:
    tools = [{"type": "function", "function": {"name": "find", "description": "Finds."}}]
    frame = typed([chat(USER, CALLING, RESULT, ANSWER, tools=tools, note="a", phone=1234567)])
    found = row(frame)["fields"]
    assert isinstance(found, list)
    named = {f["path"]: f["text"] for f in found}
    assert named["messages[0].content"] == "Where is my card?"
    assert named["messages[1].tool_calls[0].function.arguments"] == '{"n":1}'
    assert named["tools[0].function.description"] == "Finds."
    assert named["note"] == "a"
    assert named["phone"] == "1234567"
    assert "messages[0].role" not in named


def test_tools_are_part_of_the_text() -> None:
    tools = [{"function": {"name": "find", "description": "Finds."}}]
    assert "Finds." in str(row(typed([chat(USER, ANSWER, tools=tools)]))["text"])


def test_content_parts_are_joined() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image_url", "text": None}]
    frame = typed(
        [chat({"role": "user", "content": parts}, {"role": "assistant", "content": parts})]
    )
    assert row(frame)["output"] == "a\n[image_url]"
    assert row(frame)["problems"] == []


def test_bedrock_conversations_have_a_system_prompt_beside() -> None:
    turns = [{"role": r, "content": [{"text": t}]} for r, t in (("user", "a"), ("assistant", "b"))]
    record = {"schemaVersion": "bedrock-conversation-2024", "system": [{"text": "Be."}]}
    found = row(typed([{**record, "messages": turns}]))
    assert (found["input"], found["output"]) == ("system: Be.\n\nuser: a", "b")
    assert found["problems"] == []


def test_csv_holds_messages_as_json_text() -> None:
    frame = pl.DataFrame({"messages": [json.dumps([USER, ANSWER]), "[{'role': 'user'}]"]})
    found = read(frame)
    assert found["output"].to_list() == ["On its way.", None]
    assert problems(found) == [[], [("malformed", "messages")]]


MALFORMED: Mapping[str, tuple[object, list[tuple[str, str]]]] = {
    "messages null": (None, [("empty_messages", "messages")]),
    "messages empty": ([], [("empty_messages", "messages")]),
    "messages not a list": ({"a": 1}, [("malformed", "messages")]),
    "turn not an object": ([USER, 1, ANSWER], [("malformed", "messages[1]")]),
    "no role": ([{"content": "a"}, ANSWER], [("missing_role", "messages[0].role")]),
    "unknown role": (
        [{"role": "narrator", "content": "a"}, ANSWER],
        [("unknown_role", "messages[0].role")],
    ),
    "no content": ([{"role": "user"}, ANSWER], [("missing_content", "messages[0].content")]),
    "number as content": (
        [{"role": "user", "content": 7}, ANSWER],
        [("non_string_content", "messages[0].content")],
    ),
    "blank content": (
        [{"role": "user", "content": " \n"}, ANSWER],
        [("empty_content", "messages[0].content")],
    ),
    "last is the user": (
        [USER, ANSWER, USER],
        [("last_role", "messages[2]")],
    ),
    "no answer": ([USER], [("last_role", "messages[0]"), ("missing_output", "messages")]),
    "user twice": ([USER, USER, ANSWER], [("role_order", "messages[1]")]),
    "assistant first": ([ANSWER, USER, ANSWER], [("role_order", "messages[0]")]),
    "system later": (
        [USER, {"role": "system", "content": "a"}, ANSWER],
        [("system_position", "messages[1]")],
    ),
    "weight": ([USER, {**ANSWER, "weight": 2}], [("weight", "messages[1].weight")]),
    "weights all 0": ([USER, {**ANSWER, "weight": 0}], [("no_trained_turn", "messages")]),
    "call without id": (
        [USER, {**CALLING, "tool_calls": [{**CALL, "id": None}]}],
        [("tool_call_id", "messages[1].tool_calls[0].id")],
    ),
    "call without name": (
        [USER, {**CALLING, "tool_calls": [{**CALL, "function": {"arguments": "{}"}}]}],
        [("tool_call_name", "messages[1].tool_calls[0].function.name")],
    ),
    "arguments not JSON": (
        [USER, {**CALLING, "tool_calls": [{**CALL, "function": {"name": "f", "arguments": "{"}}]}],
        [("tool_arguments", "messages[1].tool_calls[0].function.arguments")],
    ),
    "result without call": (
        [USER, CALLING, {**RESULT, "tool_call_id": "other"}, ANSWER],
        [("tool_reply", "messages[2].tool_call_id")],
    ),
    "result without id": (
        [USER, CALLING, {"role": "tool", "content": "a"}, ANSWER],
        [("tool_reply", "messages[2].tool_call_id")],
    ),
    "unknown key": ([{**USER, "mood": "good"}, ANSWER], [("unknown_key", "messages[0].mood")]),
    "half a surrogate": ('[{"role":"user","content":"\\ud800"}]', [("lone_surrogate", "messages")]),
    "not JSON": ("[", [("malformed", "messages")]),
    "nested too deep": ("[" * 100_000, [("malformed", "messages")]),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_conversation_is_named_with_its_field(case: str) -> None:
    value, expected = MALFORMED[case]
    text = value if isinstance(value, str) else None if value is None else json.dumps(value)
    frame = pl.DataFrame(
        {"messages": [text, json.dumps([USER, ANSWER])]}, schema={"messages": pl.String}
    )
    assert problems(read(frame, ["messages"])) == [expected, []]


def test_every_error_of_a_record_is_named() -> None:
    bad = chat({"role": "bot", "content": " "}, {"role": "user", "content": 3, "weight": 5})
    found = problems(read(as_json([bad], "messages"), ["messages"]))[0]
    assert [rule for rule, _ in found] == [
        *("empty_content", "missing_output", "unknown_role", "last_role"),
        *("non_string_content", "weight"),
    ]


def test_tools_beside_functions_are_a_problem() -> None:
    tool = [{"name": "f"}]
    assert problems(read(typed([chat(USER, ANSWER, tools=tool, functions=tool)]))) == [
        [("tools_and_functions", "functions")]
    ]


def test_problems_hold_no_text_of_the_data() -> None:
    name = "Zanzibar"
    turns = [{"role": name, "content": " "}, {"role": "user", "content": [name, 5]}]
    listed = read(as_json([chat(*turns)], "messages"), ["messages"])["problems"].to_list()
    assert listed[0]
    assert name not in str(listed)


def test_a_lone_column_of_turns_is_recognised_whatever_its_name() -> None:
    frame = typed([{"dialogs": [USER, ANSWER]}])
    assert recognise(frame.schema, frozenset()).description == "chat: input=dialogs, output=dialogs"


# --- laws -----------------------------------------------------------------------------------

SCHEMA = {
    "messages": pl.List(
        pl.Struct(
            {
                "role": pl.String,
                "content": pl.String,
                "weight": pl.Int64,
                "tool_call_id": pl.String,
                "tool_calls": pl.List(
                    pl.Struct(
                        {
                            "id": pl.String,
                            "function": pl.Struct({"name": pl.String, "arguments": pl.String}),
                        }
                    )
                ),
            }
        )
    ),
    "note": pl.String,
}
words = st.sampled_from(["", " ", "a", "ü\n\nb", "user: x", "{", '{"a":1}', "1"])
some = st.none() | words
calls = st.fixed_dictionaries(
    {"id": some, "function": st.fixed_dictionaries({"name": some, "arguments": some})}
)
turn = st.fixed_dictionaries(
    {
        "role": st.none() | st.sampled_from(["system", "user", "assistant", "tool", "bot"]),
        "content": some,
        "weight": st.sampled_from([None, 0, 1, 2]),
        "tool_call_id": some,
        "tool_calls": st.none() | st.lists(calls, max_size=2),
    }
)
record = st.fixed_dictionaries({"messages": st.none() | st.lists(turn, max_size=4), "note": some})


def without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(v) for v in value] if isinstance(value, list) else value


def comparable(rows: pl.DataFrame) -> list[dict[str, object]]:
    return [
        {**r, "fields": sorted((f["path"], f["text"]) for f in r["fields"])}
        for r in rows.select(ROWS.names()).to_dicts()
    ]


@given(st.lists(record, min_size=1, max_size=4))
@settings(max_examples=examples(20))
def test_typed_columns_and_json_text_make_the_same_rows(records: list[Record]) -> None:
    plain = [{k: without_nulls(v) for k, v in r.items()} for r in records]
    as_text = as_json(plain, "messages").cast({"messages": pl.String, "note": pl.String})
    assert comparable(read(typed(records, SCHEMA))) == comparable(read(as_text, ["messages"]))


@given(st.lists(record, min_size=1, max_size=5), st.integers(1, 4))
@settings(max_examples=examples(10))
def test_batches_carry_no_meaning(records: list[Record], size: int) -> None:
    frame = typed(records, SCHEMA)
    assert read(frame, size=size).equals(read(frame))


@given(st.text(max_size=40))
def test_any_text_at_all_is_read(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    frame = pl.DataFrame({"messages": [text]})
    assert read(frame, ["messages"]).height == 1
