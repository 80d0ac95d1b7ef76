"""Holdout rows that training gives away in its answers."""

import pytest

from ftaudit.similarity.search.answer_leaks import MOST_GIVEN
from tests.similarity.rows import Row, frame, relation

QUESTION = (
    "Nadia buys nine pencils at forty cents each and pays with a ten dollar note. "
    "How much change does she get?"
)
LONG = (
    "Because the nine pencils cost three dollars and sixty cents together, six dollars and forty "
    "cents of the note are left, which the shop assistant hands back to her in coins."
)


def given_away(rows: list[Row], kind: str, **options: object) -> list[tuple[int, int, float]]:
    """Return holdout row, training row and share."""
    clusters = frame(relation(rows, **options), kind)  # type: ignore[arg-type] # a test's words
    return [
        (members[0]["row"], members[1]["row"], pairs[0]["similarity"])
        for members, pairs in clusters.select("members", "pairs").iter_rows()
    ]


@pytest.mark.parametrize("output", [f"Sure! {QUESTION} Solution: $6.40", QUESTION.upper()])
def test_a_holdout_question_inside_a_training_answer_is_quoted(output: str) -> None:
    rows: list[Row] = [
        {"input": "List the primes below thirty", "output": "2 3 5 7 11 13 17 19 23 29"},
        {"input": "Write a quiz question about change from a purchase", "output": output},
        {"input": QUESTION, "output": "$6.40", "split": "holdout"},
    ]
    assert given_away(rows, "quoted") == [(0, 1, 1.0)]
    assert given_away(rows, "contained") == []
    assert given_away(rows, "quoted", compare="text") == []


def test_a_near_question_is_not_quoted_too() -> None:
    rows: list[Row] = [
        {"input": QUESTION, "output": f"You asked: {QUESTION} The answer is $6.40"},
        {"input": QUESTION, "output": "$6.40", "split": "holdout"},
    ]
    assert given_away(rows, "quoted") == []


def test_a_long_answer_to_another_question_is_found_and_a_short_one_is_not() -> None:
    rows: list[Row] = [
        {"input": "Explain in one sentence what remains of ten dollars", "output": LONG.upper()},
        {"input": "Name the capital of France", "output": "It is Paris"},
        {"input": QUESTION, "output": LONG, "split": "holdout"},
        {
            "input": "Where does the Eiffel tower stand?",
            "output": "It is Paris",
            "split": "holdout",
        },
    ]
    assert given_away(rows, "same-answer") == [(0, 0, 1.0)]


@pytest.mark.parametrize("times", [MOST_GIVEN, MOST_GIVEN + 1])
def test_an_answer_that_many_rows_give_is_a_stock_answer(times: int) -> None:
    rows: list[Row] = [{"input": f"number{i} " * (i + 3), "output": LONG} for i in range(times)]
    rows.append({"input": QUESTION, "output": LONG, "split": "holdout"})
    assert given_away(rows, "same-answer") == ([(0, 0, 1.0)] if times == MOST_GIVEN else [])


@pytest.mark.parametrize("rejected", [f"Sure! {QUESTION} It is nothing", QUESTION.upper()])
def test_a_holdout_question_inside_a_rejected_answer_is_quoted(rejected: str) -> None:
    rows: list[Row] = [
        {"input": "List the primes below thirty", "output": "2 3 5 7", "rejected": "Some of them"},
        {"input": "Write a quiz question", "output": "I would rather not", "rejected": rejected},
        {"input": QUESTION, "output": "$6.40", "split": "holdout"},
    ]
    assert given_away(rows, "quoted") == [(0, 1, 1.0)]


def test_a_question_in_an_answer_and_in_a_rejected_one_is_quoted_once() -> None:
    rows: list[Row] = [
        {"input": "Write a quiz question", "output": "No", "rejected": f"Sure! {QUESTION}"},
        {"input": "Think of something to ask", "output": QUESTION, "rejected": "No"},
        {"input": QUESTION, "output": "$6.40", "split": "holdout"},
    ]
    assert given_away(rows, "quoted") == [(0, 0, 1.0)]


def test_a_long_answer_that_training_rejects_is_found() -> None:
    rows: list[Row] = [
        {"input": "Explain what remains of ten dollars", "output": "Nothing", "rejected": LONG},
        {"input": QUESTION, "output": LONG, "split": "holdout"},
    ]
    assert given_away(rows, "same-answer") == [(0, 0, 1.0)]


@pytest.mark.parametrize(
    ("taught", "sought"),
    [
        (f"<think>Ten less three sixty.</think>\n{LONG}", LONG),
        (LONG, f"<think>How much is left of ten?</think>\n\n{LONG}"),
        (f"<thinking>Ten less.</thinking> <answer>{LONG}</answer>", f"So it is.</think>{LONG}"),
        (f"<think>Let me count.\n</think>\n{LONG}", f"<think>Coins.</think>\n{LONG}"),
    ],
)
def test_a_long_answer_is_the_same_whatever_reasoning_stands_before_it(
    taught: str, sought: str
) -> None:
    rows: list[Row] = [
        {"input": "Explain what remains of ten dollars", "output": taught},
        {"input": "List the primes below thirty", "output": f"<think>{LONG}</think>2 3 5 7 11"},
        {"input": QUESTION, "output": sought, "split": "holdout"},
    ]
    assert given_away(rows, "same-answer") == [(0, 0, 1.0)]


@pytest.mark.parametrize(
    "asked",
    [
        f"Solve it and give the sum only.\n\n{QUESTION}",
        f"{QUESTION}\nA) $6.40\nB) $3.60\nC) $7.40",
        f"{QUESTION}\n- $6.40\n- $3.60\nAnswer:",
    ],
)
def test_a_question_is_quoted_without_instruction_and_options(asked: str) -> None:
    rows: list[Row] = [
        {"input": "Write a quiz question about change", "output": f"Sure! {QUESTION} It is $6.40"},
        {"input": asked, "output": "A", "split": "holdout"},
    ]
    assert given_away(rows, "quoted") == [(0, 0, 1.0)]


def test_an_answer_within_a_conversation_is_an_answer_and_a_refusal_is_none() -> None:
    refusal = f"I'm sorry, but I cannot help with that. {LONG}"
    rows: list[Row] = [
        {"input": f"user: Go on.\n\nassistant: {LONG}\n\nuser: Thanks", "output": "Welcome"},
        {"input": "Do my homework", "output": refusal},
        {"input": QUESTION, "output": f"Sure! {LONG} I hope this helps.", "split": "holdout"},
        {"input": "Where is the tower?", "output": refusal, "split": "holdout"},
    ]
    assert given_away(rows, "same-answer") == [(0, 0, 1.0)]
