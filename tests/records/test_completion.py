from tests.records.held import as_json, problems, read, row, typed

TURN = {"role": "user", "content": "a"}
SAID = {"role": "assistant", "content": "b"}


def test_a_context_comes_before_the_question() -> None:
    found = row(typed([{"question": "q", "context": "c", "answer": "a"}]))
    assert (found["input"], found["output"], found["text"]) == ("c\n\nq", "a", "c\n\nq\n\na")


def test_lists_of_turns_are_conversations() -> None:
    frame = typed([{"prompt": [TURN], "completion": [SAID]}])
    found = row(frame)
    assert (found["input"], found["output"]) == ("user: a", "b")
    assert found["text"] == "user: a\n\nassistant: b"
    assert found["problems"] == []


def test_strings_and_turns_may_be_mixed() -> None:
    frame = as_json(
        [{"prompt": "a", "completion": "b"}, {"prompt": [TURN], "completion": "b"}], "prompt"
    )
    found = read(frame, ["prompt"])
    assert found["input"].to_list() == ["a", "user: a"]
    assert problems(found) == [[], []]


def test_missing_and_blank_parts_are_named() -> None:
    frame = typed(
        [
            {"prompt": None, "completion": "b"},
            {"prompt": "\t", "completion": ""},
            {"prompt": "?!", "completion": "b"},
        ]
    )
    assert problems(read(frame)) == [
        [("missing_input", "prompt")],
        [("empty_input", "prompt"), ("empty_output", "completion")],
        [("no_words", "prompt")],
    ]


def test_a_completion_must_end_with_the_assistant() -> None:
    frame = typed([{"prompt": [TURN], "completion": [SAID, TURN]}])
    assert problems(read(frame)) == [[("last_role", "completion[1]")]]


def test_numbers_are_text() -> None:
    assert row(typed([{"prompt": 1, "completion": 2}]))["output"] == "2"
