"""Conversations that name no speakers become turns; those that name them are left alone."""

import pytest

from ftaudit.records.spoken_turns import spoken_turns


@pytest.mark.parametrize(
    "value",
    [
        ["Hello?", "Yes."],
        [["Hello?", "Yes."]],
        [{"input": "Hello?", "output": "Yes."}],
        [{"author": "user", "content": "Hello?"}, {"author": "bot", "content": "Yes."}],
        [{"is_user": True, "text": "Hello?"}, {"is_user": False, "text": "Yes."}],
    ],
)
def test_turns_without_roles_are_given_them(value: object) -> None:
    assert spoken_turns(value) == [
        {"role": "user", "content": "Hello?"},
        {"role": "assistant", "content": "Yes."},
    ]


@pytest.mark.parametrize(
    "value",
    [
        [{"role": "assistant", "name": "bob", "content": "Hello?"}],
        [{"from": "gpt", "name": "bob", "value": "Hello?", "input": 1, "output": 2}],
        [{"text": "Hello?"}],
        [1, 2],
        [],
        None,
        "Hello?",
    ],
)
def test_what_names_its_speakers_or_is_no_conversation_is_left_alone(value: object) -> None:
    assert spoken_turns(value) is None
