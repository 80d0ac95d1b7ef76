"""Multiple-choice questions with other numbers in their stems are not reworded."""

import polars as pl
import pytest

from tests.similarity.rows import Row, frame, relation

OPTIONS = "\nA) 60 km an hour\nB) 50 km an hour\nC) 70 km an hour"


@pytest.mark.parametrize(("asked", "kinds"), [("120 km in 2 hours", 1), ("150 km in 3 hours", 0)])
def test_a_problem_with_other_numbers_is_not_reworded(asked: str, kinds: int) -> None:
    rows: list[Row] = [
        {"input": f"How fast does a train go that covers 120 km in 2 hours?{OPTIONS}"},
        {"input": "Name the largest moon of Saturn, please."},
        {"input": "Which bird of the northern sea cannot fly at all?"},
        {
            "input": f"Tell me the speed at which a train covers {asked}.{OPTIONS}",
            "split": "holdout",
        },
    ]
    clusters = frame(relation(rows, rewordings=True, threshold=0.95), "reworded")
    holdout = clusters.select(pl.col("members").list.first().struct.field("split"))
    assert holdout.to_series().to_list().count("holdout") == kinds
