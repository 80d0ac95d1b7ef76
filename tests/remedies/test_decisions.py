"""Decisions of people are read as they were written, and only about the rows they mean."""

from pathlib import Path

import polars as pl
import pytest

from ftaudit.model.errors import InputError
from ftaudit.remedies.decisions import (
    COLUMNS,
    Decision,
    read_decisions,
    row_digests,
    stale_decision,
)

HEADER = ",".join([*COLUMNS, "text"])


def test_decisions_are_read_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    rows = ['1,train.csv,7,ab,label_conflicts.label,x,y,drop,"a\nb"', "1,train.csv,9,cd,k,y,y,,t"]
    path.write_text("\ufeff" + "\n".join([HEADER, *rows]))
    assert read_decisions(path) == (
        Decision("1", "train.csv", 7, "ab", "label_conflicts.label", "drop", 3),
        Decision("1", "train.csv", 9, "cd", "k", "", 4),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,row\n", "line 1: has no column case"),
        (f"{HEADER}\n1,t,x,d,k,l,s,keep,\n", "line 2: row is not the number of a row"),
        (f"{HEADER}\n1,t\n", "line 2: row is not the number of a row"),
    ],
)
def test_a_file_that_is_none_of_decisions_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "review.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_decisions(path)


def test_a_decision_holds_for_the_content_it_was_made_about() -> None:
    rows = pl.DataFrame({"fields": [[{"path": "input", "text": "a"}], []]})
    digest = row_digests(rows)[0]
    decision = Decision("1", "train.csv", 0, digest, "k", "drop", 2)
    assert stale_decision([decision], {("train.csv", 0): digest}) is None
    assert stale_decision([decision], {("train.csv", 0): row_digests(rows)[1]}) == decision
    assert stale_decision([decision], {}) == decision
