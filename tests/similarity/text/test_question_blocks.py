"""Multiple-choice questions inside texts, however their options are labelled."""

import json

import pytest

from ftaudit.similarity.text.question_blocks import (
    QuestionBlock,
    asked_blocks,
    asked_stem,
    question_blocks,
)

STEM = "Which organ makes insulin?"
OPTIONS = ["Kidney", "Spleen", "Liver and gall", "Pancreas"]
BLOCK = QuestionBlock("which organ makes insulin", tuple(option.lower() for option in OPTIONS))


def lines(*labels: str) -> str:
    pairs = zip(labels, OPTIONS, strict=True)
    return "\n".join([STEM, *(f"{label}{option}" for label, option in pairs)])


OBJECTS = [{"label": label, "text": text} for label, text in zip("ABCD", OPTIONS, strict=True)]
STYLES = [
    *(lines(*(f"{label}) " for label in alphabet)) for alphabet in ("ABCD", "abcd", "1234")),
    *(
        lines(*(f"{label}. " for label in alphabet))
        for alphabet in ("АБВГ", "אבגד", "१२३४", "أبجد")
    ),
    *(lines(*(f"{mark} " for _ in OPTIONS)) for mark in "-*•◦▪☐"),
    lines("(i) ", "(ii) ", "(iii) ", "(iv) "),
    lines("I. ", "II. ", "III. ", "IV. "),
    lines("① ", "② ", "③ ", "④ "),
    lines("\uff21\uff0e", "\uff22\uff0e", "\uff23\uff0e", "\uff24\uff0e"),
    lines("ア、", "イ、", "ウ、", "エ、"),
    lines("**A.** ", "**B.** ", "**C.** ", "**D.** "),
    lines("[A] ", "[B] ", "[C] ", "[D] "),
    lines("Option A: ", "Option B: ", "Option C: ", "Option D: "),
    lines("A - ", "B - ", "C - ", "D - "),
    lines("A.", "B.", "C.", "D."),
    lines("A) ", "B) ", "C) ", "D) ") + "\nAnswer:",
    f"{STEM}\nOptions:\n" + lines("A) ", "B) ", "C) ", "D) ").removeprefix(f"{STEM}\n"),
    f"<p>{STEM}</p><ol type='A'>{''.join(f'<li>{option}</li>' for option in OPTIONS)}</ol>",
    f"{STEM} A) Kidney, B) Spleen, C) Liver and gall, or D) Pancreas",
    f"{STEM} (a) Kidney (b) Spleen (c) Liver and gall (d) Pancreas Answer: d",
    f"{STEM} Choices: {json.dumps(OPTIONS)}",
    f"{STEM} Choices: {OPTIONS!r}",
    f"{STEM}\n{json.dumps(dict(zip('ABCD', OPTIONS, strict=True)))}",
    f"{STEM}\n{json.dumps({'label': [*'ABCD'], 'text': OPTIONS})}",
    f"{STEM}\n{json.dumps(OBJECTS)}",
]


@pytest.mark.parametrize("text", STYLES)
def test_options_are_read_whatever_labels_they_have(text: str) -> None:
    assert BLOCK in question_blocks([text])[0]


def test_every_question_of_a_text_is_read() -> None:
    text = f"1. {STEM}\n   A) Kidney\n   B) Pancreas\n2. What is it?\n   A) A drug\n   B) A hormone"
    read = {block.options for block in question_blocks([text])[0]}
    assert {("kidney", "pancreas"), ("a drug", "a hormone")} <= read


@pytest.mark.parametrize(
    "text",
    [
        "I came, e.g. by train. A man (b. 1950) sat there; vitamin C was sold.",
        "C) comes first here, B) after it, and A) is the last",
        "A) is the only one",
        "",
    ],
)
def test_a_text_without_options_in_order_has_no_question(text: str) -> None:
    assert question_blocks([text]) == [[]]


def test_the_word_that_announces_a_question_is_no_part_of_its_stem() -> None:
    assert asked_stem("question 12 which organ makes insulin") == "which organ makes insulin"
    assert asked_stem("questions of taste") == "questions of taste"


@pytest.mark.parametrize("bullet", ["- ", "", "{}) "])
def test_every_question_of_a_text_is_asked_without_the_others(bullet: str) -> None:
    first, second = (
        "\n".join(
            [asked, *(bullet.format(label) + o for label, o in zip("ABCD", options, strict=True))]
        )
        for asked, options in (("Which moon is the largest?", OPTIONS[::-1]), (STEM, OPTIONS))
    )
    (blocks,) = asked_blocks([f"Answer all.\n\n{first}\n\n{second}"])
    assert [(block.stem, block.options) for block in blocks][1:] == [BLOCK]


def test_two_lines_after_a_question_are_no_options() -> None:
    assert question_blocks(["Where is it?\nIn the hall.\nOr so I hope."]) == [[]]
    assert asked_blocks(["?\n" * 5_000]) == [[]]
