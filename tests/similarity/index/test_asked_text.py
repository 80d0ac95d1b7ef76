"""What a row asks: the one question of a conversation, as a plain row would hold it."""

import polars as pl
import pytest

from ftaudit.similarity.index.asked_text import asked

KEPT = (
    "user: What is it?\n\nassistant: A lamp.\n\nuser: And this?",
    "assistant: Hello.\n\nuser: What is it?",
    "user: What is it?\n\nobservation: A lamp.",
    "system: Be brief.",
    "What is a user: nobody knows",
    "",
    None,
)


@pytest.mark.parametrize(
    "label", ["user: ", "Human: ", "prompter: ", "system: Be brief.\n\nOr not.\n\nuser: "]
)
def test_of_a_conversation_with_one_question_that_is_compared(label: str) -> None:
    question = "What is it?\n\nTell me\nin two lines: now."
    assert asked(pl.Series([f"{label}{question}"])).to_list() == [question]


def test_other_texts_stay_as_they_are() -> None:
    assert asked(pl.Series(KEPT)).to_list() == list(KEPT)


def test_labels_without_end_are_read_in_linear_time() -> None:
    hostile = "system: " + "\n\nsystem: " * 300_000
    assert asked(pl.Series([hostile])).to_list() == [hostile]
