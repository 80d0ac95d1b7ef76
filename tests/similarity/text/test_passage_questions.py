"""What a text asks about a passage, and when two questions are one."""

import polars as pl
import pytest

from ftaudit.similarity.text.passage_questions import (
    ask_alike,
    asked_within,
    passage_questions,
    word_runs,
)

PASSAGE = (
    "The old bridge was opened in spring after nine years of work. It crosses the river at its "
    "narrowest point and carries two lanes and a footway. A flood swept away the eastern pier, and "
    "the bridge stayed closed for three years until the town had mended it."
)
ASKED = "Who mended the bridge?"


@pytest.mark.parametrize(
    "text",
    [
        f"Passage: {PASSAGE}\nQuestion: {ASKED}\nAnswer:",
        f"Passage: {PASSAGE} Question: {ASKED}",
        f"Question: {ASKED}\nPassage: {PASSAGE}",
        f"user: {PASSAGE}\n\nassistant: Go on.\n\nuser: {ASKED}",
        f"user: Here is a text.\n\n{PASSAGE}\n\nQuestion: {ASKED}",
        f"system: Answer from the document.\n\n{PASSAGE}\n\nuser: {ASKED}",
        f"<context>\n{PASSAGE}\n</context>\n<question>{ASKED}</question>",
        f"<question>\n{ASKED}\n</question>\n<context>\n{PASSAGE}\n</context>",
        f"## Passage\n{PASSAGE}\n\n## Question\n{ASKED}",
        f"**Passage**\n{PASSAGE}\n\n**Question**\n\n{ASKED}",
    ],
)
def test_the_question_beside_a_passage_is_read(text: str) -> None:
    assert passage_questions(pl.Series([text])).to_list() == [ASKED]


@pytest.mark.parametrize(
    "text",
    [
        PASSAGE,
        ASKED,
        f"{PASSAGE} {ASKED}",
        f"Dear all,\n\n{PASSAGE}\n\n{ASKED}\n\nThank you",
        f"{ASKED}\n\n{PASSAGE}",
        f"user: {PASSAGE}\n\n{ASKED}",
        f"system: {PASSAGE}\n\nuser: I was charged twice. Can you help me?",
        f"system: {PASSAGE}\n\nuser: Is this text about a bridge?",
        f"system: {PASSAGE}\n\nuser: My order never came, and nobody answers",
        f"{PASSAGE}\n\nCan you help me with this, please?",
        f"{PASSAGE} Can you help me, please?",
        f"system: {PASSAGE}\n\nuser: Thanks!",
        "",
        "?" * 10_000,
        "\n" * 10_000 + "?",
    ],
)
def test_texts_without_a_passage_or_a_question_ask_nothing(text: str) -> None:
    assert passage_questions(pl.Series([text])).to_list() == [None]


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("who mended the bridge", "who mended the bridges", True),
        ("who gave the lamps to the town hall", "who gave the lamp to the town hall", True),
        ("who mended the bridge", "who closed the bridge", False),
        ("when was the bridge opened", "in which year was the bridge opened", True),
        ("when was the bridge opened", "where was the bridge opened", False),
        ("when was the bridge opened", "what was the bridge opened with", False),
        ("what is the length of the pier", "what s the length of the pier", True),
        ("what is the length of the pier", "name the length of the pier", True),
        ("what is the length of the pier", "what is the height of the pier", False),
        ("when will i get my refund", "when do i get the refund", True),
        ("how many people cross the pier", "what number of people cross the pier", True),
        ("how many people cross the pier", "how do people cross the pier", False),
        ("is it red", "is it blue", False),
        ("what is allowed", "what is not allowed", False),
        ("where was he born", "what town was he born in", True),
        ("where is he from", "what country is he from", True),
        ("who built it", "which company built it", True),
        ("who built the bridge", "which people built the bridge", True),
        ("how old must a bridge be when it is mended", "at what age is a bridge mended", True),
        ("how old is the bridge", "how is the bridge", False),
        ("what happened in 1921", "what happened in 1924", False),
    ],
)
def test_slips_and_endings_make_no_other_question(left: str, right: str, alike: bool) -> None:
    assert ask_alike(left, right) is alike
    assert ask_alike(right, left) is alike


def test_words_of_a_question_here_and_there_are_not_the_question() -> None:
    question = "why was the bridge closed"
    assert asked_within(question, word_runs(f"so {question} again"))
    assert not asked_within(question, word_runs("the bridge was closed why who knows"))


def test_a_question_in_the_words_of_the_passage_does_not_stand_in_it() -> None:
    question = "how many lanes and a footway does the bridge carry at its narrowest point"
    passage = "at its narrowest point the bridge does carry two lanes and a footway"
    assert not asked_within(
        "why was the bridge closed for three years",
        word_runs("the bridge closed for three years and the bridge was closed for three years"),
    )
    assert not asked_within(question, word_runs(passage))
    assert asked_within(question, word_runs(f"{passage} so {question}"))
