"""Short questions behind another system prompt are found, greetings and stock questions are not."""

import pytest

from ftaudit.similarity.search.answer_leaks import MOST_GIVEN
from tests.similarity.rows import Row, frame, relation

RESET = "How do I reset my password?"
OTHERS: list[Row] = [
    {"input": f"system: Be kind {number}.\n\nuser: Which of {number} rivers is the longest?"}
    for number in range(3)
]


def given_away(*rows: Row) -> list[tuple[int, int]]:
    """Return holdout row and training row."""
    clusters = frame(relation([*OTHERS, *rows]), "contained")
    return [tuple(m["row"] for m in members) for members in clusters["members"].to_list()]


@pytest.mark.parametrize("taught", ["system: Be brief and formal.\n\nuser: {}", "user: {}"])
@pytest.mark.parametrize(
    "sought", ["system: You are a pirate.\n\nhuman: {}", "You rhyme.\n\nuser: {}"]
)
def test_a_short_question_behind_another_system_prompt_is_found(taught: str, sought: str) -> None:
    rows: list[Row] = [{"input": taught.format(RESET)}]
    asked: Row = {"input": sought.format(RESET.upper()), "split": "holdout"}
    assert given_away(*rows, asked) == [(0, 3)]


@pytest.mark.parametrize(
    ("question", "times"),
    [("Hello there!", 1), ("Summarise the article.", 1), (RESET, MOST_GIVEN + 1)],
)
def test_greetings_and_stock_questions_are_not(question: str, times: int) -> None:
    rows: list[Row] = [
        {"input": f"system: {'word ' * number}{number}\n\nuser: {question}"}
        for number in range(times)
    ]
    sought: Row = {"input": f"system: You rhyme like an old pirate.\n\nuser: {question}"}
    assert given_away(*rows, {**sought, "split": "holdout"}) == []


def test_a_follow_up_in_another_conversation_is_not() -> None:
    before = "user: {}\n\nassistant: Yes.\n\nuser: How long does that take?"
    sought: Row = {"input": before.format("Can I get a new card?"), "split": "holdout"}
    assert given_away({"input": before.format("Do you sell fresh bread?")}, sought) == []
