"""Rows that share a passage and ask something else are not near-identical."""

import polars as pl
import pytest

from ftaudit.similarity.relation import CLUSTERS, Similar
from tests.similarity.rows import Row, relation
from tests.similarity.text.test_passage_questions import ASKED, PASSAGE

OTHER = "When was the bridge opened?"


def every(similar: Similar) -> pl.DataFrame:
    return pl.concat([CLUSTERS.to_frame(), *similar.batches()])


def told(kind: str, row: Row, other: Row) -> tuple[list[str], int]:
    """Return the kinds of clusters of two training rows and a holdout row, and near members."""
    rows: list[Row] = [other, {"input": "something else entirely, new and long"}, row]
    clusters = every(relation(rows, shingles=kind))
    near = clusters.filter(kind="near")
    return clusters["kind"].to_list(), sum(len(c) for c in near["members"])


@pytest.mark.parametrize("kind", ["char5", "word3"])
def test_another_question_about_a_passage_is_a_kind_of_its_own(kind: str) -> None:
    row: Row = {"split": "holdout", "input": f"{PASSAGE}\nQuestion: {ASKED}"}
    assert told(kind, row, {"input": f"{PASSAGE}\nQuestion: {OTHER}"}) == (["passage"], 0)
    assert told(kind, row, {"input": f"{PASSAGE}\nQuestion: {ASKED}\n"}) == (["near"], 2)


def test_a_column_of_questions_tells_them_apart_but_for_slips() -> None:
    row: Row = {"split": "holdout", "input": f"{PASSAGE}\nQuestion: {ASKED}", "focus": ASKED}
    other: Row = {"input": f"{PASSAGE}\nQuestion: {OTHER}", "focus": OTHER}
    slip = ASKED.replace("mended", "mendet")
    assert told("char5", row, other)[0] == ["passage"]
    assert told("char5", row, {"input": f"{PASSAGE}\nQuestion: {slip}", "focus": slip})[0] == [
        "near"
    ]


def test_longer_and_reworded_texts_with_another_question_share_their_passage() -> None:
    longer = f"{PASSAGE} The lamps were given by the glassmakers.\nQuestion: {OTHER}"
    row: Row = {"split": "holdout", "input": f"{PASSAGE}\nQuestion: {ASKED}"}
    for rewordings in (False, True):
        clusters = every(relation([{"input": longer}, row], threshold=0.95, rewordings=rewordings))
        assert clusters["kind"].to_list() == ["passage"]


def test_clusters_too_large_to_be_paired_fully_are_not_divided() -> None:
    asked = ("Who mended it?", "When was it opened?", "What swept the pier away?", "Where is it?")
    rows: list[Row] = [{"input": f"{PASSAGE}\nQuestion: {question}"} for question in asked]
    assert every(relation(rows, full_cluster=3))["kind"].to_list() == ["near"]
    assert every(relation(rows, full_cluster=4)).is_empty()


def test_a_text_that_asks_nothing_does_not_join_questions_about_its_passage() -> None:
    asked = ("Who mended it?", "When was it opened?", "What swept the pier away?")
    rows: list[Row] = [{"input": f"{PASSAGE}\nQuestion: {question}"} for question in asked]
    near = every(relation([*rows, {"input": PASSAGE}])).filter(kind="near")
    assert [len(members) for members in near["members"]] == [2]


@pytest.mark.parametrize("question", ["Who mended it?", "How was it mended, and for 20 crowns?"])
def test_a_letter_that_asks_something_else_is_near_all_the_same(question: str) -> None:
    letter: Row = {"input": f"Dear all,\n\n{PASSAGE}\n\nWhen was it mended?\n\nThank you"}
    other: Row = {
        "split": "holdout",
        "input": f"Dear all,\n\n{PASSAGE}\n\n{question}\n\nThank you",
    }
    assert every(relation([letter, other], threshold=0.7))["kind"].to_list() == ["near"]


@pytest.mark.parametrize("asked", [ASKED, f"{ASKED} Tell me"])
def test_a_row_that_is_near_a_training_row_is_not_counted_with_its_passage_too(asked: str) -> None:
    rows: list[Row] = [
        {"input": f"{PASSAGE}\nQuestion: {ASKED}"},
        {"input": f"{PASSAGE}\nQuestion: {OTHER}"},
        {"split": "holdout", "input": f"{PASSAGE}\nQuestion: {asked}"},
    ]
    assert every(relation(rows))["kind"].to_list() == ["near"]


def test_a_record_that_asks_nothing_shares_the_passage_of_one_that_asks() -> None:
    asks: Row = {"input": f"{ASKED}\n\n{PASSAGE}", "focus": ASKED}
    bare: Row = {"split": "holdout", "input": f"{ASKED} Well?\n\n{PASSAGE}", "focus": None}
    assert "passage" in every(relation([asks, bare]))["kind"].to_list()
