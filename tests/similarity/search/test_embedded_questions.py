"""Multiple-choice questions that a training record asks somewhere in its text."""

import pytest

from tests.similarity.rows import Row, frame, relation

STEM = "Which organ of the body makes the hormone insulin?"
QUESTION = f"{STEM}\nA) Kidney\nB) Spleen\nC) Liver\nD) Pancreas"
WRAPPED = "Here is a quiz.\n\n{}\n\nAnswer: the one that makes hormones."
PERMUTED = f"{STEM}\n• Pancreas\n• Liver\n• Kidney\n• Spleen"


def permuted(train: list[Row], holdout: str = QUESTION, **options: object) -> dict[int, int]:
    """Return holdout row → training row."""
    rows = [*train, {"input": holdout, "output": "D", "split": "holdout"}]
    pairs = frame(relation(rows, **options), "permuted")["members"].to_list()  # type: ignore[arg-type] # a test's words
    return {first["row"]: second["row"] for first, second in pairs}


OTHER: Row = {"input": "Name the primes below thirty", "output": "2 3 5 7 11 13 17 19 23 29"}
QUIZ = "Write me a quiz on the human body"


@pytest.mark.parametrize(
    "row",
    [
        {"input": WRAPPED.format(PERMUTED), "output": "The pancreas"},
        {"input": QUIZ, "output": WRAPPED.format(PERMUTED)},
        {"input": QUIZ, "output": "No", "rejected": PERMUTED, "text": f"{QUIZ}\n\n{PERMUTED}"},
        {
            "input": f'{STEM.upper()} ["Liver", "Kidney", "Pancreas", "Spleen"]',
            "output": "Pancreas",
        },
    ],
)
def test_a_question_is_found_wherever_a_record_asks_it(row: Row) -> None:
    assert permuted([OTHER, row]) == {0: 1}


@pytest.mark.parametrize("workers", [1, 3])
def test_the_first_record_is_named_whatever_the_workers(workers: int) -> None:
    row: Row = {"input": QUIZ, "output": WRAPPED.format(PERMUTED)}
    assert permuted([OTHER, row, {**row, "input": "Ask me"}], workers=workers, cuts=(1,)) == {0: 1}


@pytest.mark.parametrize(
    "asked",
    [
        PERMUTED.replace("insulin", "glucagon"),
        PERMUTED.replace("Liver", "Heart"),
        PERMUTED.replace("• Liver\n", ""),
        QUESTION,
    ],
)
def test_another_question_and_the_very_same_are_not_permuted(asked: str) -> None:
    assert permuted([OTHER, {"input": QUIZ, "output": WRAPPED.format(asked)}]) == {}


def test_an_everyday_choice_is_too_short_to_tell() -> None:
    row: Row = {"input": "Is it any good? A) no B) yes", "output": "B"}
    assert permuted([row], "Good? A) yes B) no") == {}
