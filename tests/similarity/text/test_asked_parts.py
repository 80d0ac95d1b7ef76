"""What a prompt asks is found behind system prompts, turns and examples."""

import polars as pl
import pytest

from ftaudit.similarity.text.asked_parts import asked_parts


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("system: be nice\n\nuser: How do I?", "How do I?"),
        ("user: Hi\n\nassistant: Hello\n\nhuman: Go\n\non", "Go\n\non"),
        ("user: q\n\nassistant: {}\n\ntool: res", "q"),
        ("Be nice\n\nuser: q", "q"),
        ("Q: x\nA: 1\n\nQ: y\nA:", "y"),
        ("Solve it.\n\n### Question 2: why?\n### Answer:", "why?"),
        ("S?\nA) x\nB) y\nAnswer: C\n\nT?\nA: q\nB: r\nAnswer:", "T?\nA: q\nB: r"),
        ("\u95ee\u9898\uff1a\u4f55\uff1f\n\u7b54\u6848\uff1a1\n\u95ee\u9898\uff1a\u8c01", "\u8c01"),
    ],
)
def test_the_last_question_is_what_is_asked(text: str, asked: str) -> None:
    assert asked_parts(pl.Series([text]))["asked"].to_list() == [asked]


@pytest.mark.parametrize(
    "text", ["user: How?", "How?\nA: one\nB: two", "Question: only\nAnswer:", "", None]
)
def test_a_text_that_asks_one_thing_alone_has_no_part(text: str | None) -> None:
    assert asked_parts(pl.Series([text], dtype=pl.String)).is_empty()
