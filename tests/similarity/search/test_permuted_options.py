"""Multiple-choice questions whose options another question has in another order."""

import re
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.similarity.kernels.option_marks import find_lists
from ftaudit.similarity.plain import plain_option_marks
from ftaudit.similarity.search.permuted_options import _CHOICES, question_parts
from ftaudit.similarity.text.arrow_buffers import views
from tests.similarity.rows import Row, frame, relation

STEM = "Which organ of the body makes insulin?"
OPTIONS = ["Kidney", "Spleen", "Liver and gall", "Pancreas"]


def lettered(options: list[str], *, stem: str = STEM, between: str = "\n") -> str:
    return between.join([stem, *(f"{'ABCDEFGH'[i]}) {o}" for i, o in enumerate(options))])


def pairs(train: list[str], holdout: list[str], kind: str = "permuted") -> dict[int, int]:
    """Return holdout row → training row."""
    rows: list[Row] = [{"input": text} for text in train]
    rows += [{"input": text, "split": "holdout"} for text in holdout]
    clusters = frame(relation(rows), kind)["members"].to_list()
    return {first["row"]: second["row"] for first, second in clusters}


@pytest.mark.parametrize("between", ["\n", " "])
def test_a_question_with_its_options_in_another_order_is_found(between: str) -> None:
    other = [OPTIONS[2], OPTIONS[3], OPTIONS[1], OPTIONS[0]]
    train = ["Something else that is asked?\nYes\nNo", lettered(other, between=between)]
    assert pairs(train, [lettered(OPTIONS, between=between)]) == {0: 1}


def test_options_without_labels_are_lines() -> None:
    train = ["\n".join([STEM, *reversed(OPTIONS)])]
    assert pairs(train, ["\n".join([STEM, *OPTIONS])]) == {0: 0}


@pytest.mark.parametrize(
    "train",
    [
        lettered(OPTIONS, stem="Which organ of the body makes glucagon?"),
        lettered(["Kidney", "Spleen", "Liver", "Pancreas and gall"]),
        lettered([*OPTIONS[1:], "Heart"]),
        lettered(["Spleen and gall", "Kidney", "Liver", "Pancreas"]),
    ],
)
def test_another_stem_or_other_options_are_another_question(train: str) -> None:
    assert pairs([train], [lettered(OPTIONS[::-1])]) == {}


def test_a_document_of_many_lines_is_no_question() -> None:
    lines = [f"line {i} of a long document" for i in range(40)]
    assert pairs(["\n".join([STEM, *reversed(lines)])], ["\n".join([STEM, *lines])]) == {}


def test_the_same_order_is_near_and_not_permuted() -> None:
    rows: list[Row] = [
        {"input": lettered(OPTIONS)},
        {"input": lettered(OPTIONS), "split": "holdout"},
    ]
    assert frame(relation(rows), "permuted").is_empty()
    assert not frame(relation(rows)).is_empty()


def test_the_first_of_several_training_rows_is_the_pair_whatever_the_workers() -> None:
    orders = [OPTIONS[::-1], [*OPTIONS[2:], *OPTIONS[:2]]]
    rows: list[Row] = [{"input": lettered(order)} for order in orders]
    rows.append({"input": lettered(OPTIONS), "split": "holdout"})
    found = [frame(relation(rows, workers=n, cuts=cuts)) for n, cuts in ((1, ()), (3, (1,)))]
    assert found[0].equals(found[1])


@given(
    st.lists(st.text("abc XY", min_size=1, max_size=9).filter(str.strip), min_size=2, max_size=8)
)
@settings(max_examples=50)
def test_the_parts_are_the_stem_and_the_options_without_labels(options: list[str]) -> None:
    plain = [" ".join(option.lower().split()) for option in options]
    assert question_parts(lettered(options))[1:] == plain


MARKED = {
    "a\nb\nc": True,
    "a\n\n": True,
    "a\nb": False,
    "stem A) one B) two": True,
    "stem (a) one [12] two": True,
    "stem 1. one\u30002. two": True,
    "stem 1. one\xa02.\xa0two": True,
    "stem A)one B)two": False,
    "A) one B) two": False,
    "stem 123. one 456. two": False,
    "stem xA) one yB) two": False,
    "stem ((a) one ((b) two": False,
    "stem ab. one cd. two": False,
    "stem A) one B)": False,
    "See p. 5. It is i. e. this": True,
}
"""Text \u2192 whether it has two line breaks or labels."""


def marked(texts: list[str]) -> list[bool]:
    """Return what the kernel says of texts, which is what its plain form says."""
    column = views(pl.Series(texts, dtype=pl.String))
    found, plain = np.zeros((2, len(texts)), np.bool_)
    find_lists(*column[:2], found)
    plain_option_marks.find_lists(*column[:2], plain)
    assert np.array_equal(found, plain)
    return [bool(has) for has in found]


def test_marks_are_breaks_and_labels_between_blanks() -> None:
    assert marked([*MARKED]) == [*MARKED.values()]
    for size in range(58, 70):  # wherever a block of bytes ends
        for text, has in MARKED.items():
            if not text.startswith("A)"):
                assert marked(["x" * (size - len(text) // 2) + text]) == [has], (size, text)


def test_no_text_with_two_breaks_or_labels_is_passed_over() -> None:
    draw = Random(4)  # noqa: S311 - made-up texts
    pieces = [*" . 1\n\r\xe9\u2003", "A)", "(b)", "12.", "7]", "[3:", "word"]
    texts = ["".join(draw.choices(pieces, k=draw.randint(0, 60))) for _ in range(3_000)]
    found = marked(texts)
    choices = [bool(re.search(_CHOICES, text)) for text in texts]
    assert all(has for has, chosen in zip(found, choices, strict=True) if chosen)
    assert sum(found) < len(texts)
