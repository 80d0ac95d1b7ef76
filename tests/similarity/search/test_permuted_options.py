"""Multiple-choice questions whose options another question has in another order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.similarity.search.permuted_options import question_parts
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
