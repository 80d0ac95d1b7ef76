from tests.records.held import Record, as_json, problems, read, row, typed


def talk(*turns: tuple[str, object]) -> dict[str, object]:
    return {"conversations": [{"from": who, "value": value} for who, value in turns]}


def test_speakers_are_roles() -> None:
    found = row(typed([talk(("system", "s"), ("human", "a"), ("gpt", "b"))]))
    assert (found["input"], found["output"]) == ("system: s\n\nhuman: a", "b")
    assert found["problems"] == []


def test_observations_follow_function_calls() -> None:
    turns = (("human", "a"), ("function_call", "{}"), ("observation", "1"), ("gpt", "b"))
    assert problems(read(typed([talk(*turns)]))) == [[]]


def test_malformed_turns_are_named() -> None:
    cases: list[Record] = [
        talk(("human", "a"), ("human", "b"), ("gpt", "c")),
        talk(("gpt", "a"), ("human", "b")),
        talk(("narrator", "a"), ("gpt", 1)),
        {"conversations": []},
    ]
    assert problems(read(as_json(cases, "conversations"), ["conversations"])) == [
        [("role_order", "conversations[1]")],
        [("role_order", "conversations[0]"), ("last_role", "conversations[1]")],
        [
            ("unknown_role", "conversations[0].from"),
            ("non_string_content", "conversations[1].value"),
        ],
        [("empty_messages", "conversations")],
    ]


def test_a_system_prompt_may_be_a_column() -> None:
    record = {**talk(("human", "a"), ("gpt", "b")), "system": "s"}
    assert row(typed([record]))["input"] == "system: s\n\nhuman: a"
