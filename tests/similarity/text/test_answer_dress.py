"""What stands around an answer and says nothing is left out of the comparison."""

import polars as pl
import pytest

from ftaudit.similarity.text.answer_dress import refuses, undressed

ANSWER = "Light splits water, and the carriers drive the fixing of carbon into sugars."


@pytest.mark.parametrize(
    "dressed",
    [
        f"Certainly! {ANSWER}",
        f"Sure, here's an explanation:\n\n{ANSWER}",
        f"{ANSWER} I hope this helps!",
        f"{ANSWER}\n\nLet me know if you have any other questions. Good luck!",
        f"Natürlich! {ANSWER} Ich hoffe, das hilft dir weiter.",
        f"{ANSWER}\n#### 42",
        f"{ANSWER}\nThe answer is 42.",
        f"```text\n{ANSWER}\n```",
    ],
)
def test_openings_closing_lines_fences_and_results_are_left_out(dressed: str) -> None:
    assert undressed(pl.Series([dressed])).str.strip_chars().to_list() == [ANSWER]


@pytest.mark.parametrize(
    "text", [ANSWER, "", "Sure thing is a song.", "We hope for rain. It came.", "\\nabla f = 0"]
)
def test_other_words_stay(text: str) -> None:
    assert undressed(pl.Series([text])).to_list() == [text]


def test_no_answer_stays_none_and_line_breaks_of_json_are_spaces() -> None:
    texts = pl.Series([None, '{"q": "One.\\nTwo"}'])
    assert undressed(texts).to_list() == [None, '{"q": "One. Two"}']


@pytest.mark.parametrize(
    ("text", "refusing"),
    [
        ("I'm sorry, but I can't help with that.", True),
        ("As an AI language model, I have no opinion.", True),
        ("This is not legal advice.", True),
        ("Lo siento, no puedo.", True),
        ("I'm sorry to hear that. Reset the router first.", False),
        ("I can see why.", False),
        (ANSWER, False),
    ],
)
def test_refusals_are_told_by_how_they_begin(text: str, refusing: bool) -> None:
    assert refuses(pl.Series([text])).to_list() == [refusing]
