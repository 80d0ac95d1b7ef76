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
    row: Row = {"split": "holdout", "input": f"{PASSAGE}\n\n{ASKED}"}
    assert told(kind, row, {"input": f"{PASSAGE}\n\n{OTHER}"}) == (["passage"], 0)
    assert told(kind, row, {"input": f"{PASSAGE}\n\n{ASKED}\n"}) == (["near"], 2)


def test_a_column_of_questions_tells_them_apart_but_for_slips() -> None:
    row: Row = {"split": "holdout", "input": f"{PASSAGE}\n\n{ASKED}", "focus": ASKED}
    other: Row = {"input": f"{PASSAGE}\n\n{OTHER}", "focus": OTHER}
    slip = ASKED.replace("mended", "mendet")
    assert told("char5", row, other)[0] == ["passage"]
    assert told("char5", row, {"input": f"{PASSAGE}\n\n{slip}", "focus": slip})[0] == ["near"]


def test_longer_and_reworded_texts_with_another_question_share_their_passage() -> None:
    longer = f"{PASSAGE} The lamps were given by the glassmakers.\n\n{OTHER}"
    row: Row = {"split": "holdout", "input": f"{PASSAGE}\n\n{ASKED}"}
    for rewordings in (False, True):
        clusters = every(relation([{"input": longer}, row], threshold=0.95, rewordings=rewordings))
        assert clusters["kind"].to_list() == ["passage"]


def test_clusters_too_large_to_be_paired_fully_are_not_divided() -> None:
    asked = ("Who mended it?", "When was it opened?", "What swept the pier away?", "Where is it?")
    rows: list[Row] = [{"input": f"{PASSAGE}\n\n{question}"} for question in asked]
    assert every(relation(rows, full_cluster=3))["kind"].to_list() == ["near"]
    assert every(relation(rows, full_cluster=4)).is_empty()
