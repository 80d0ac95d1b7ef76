"""Small holdouts and files of results for tests, and the shared fixture."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from ftaudit.evaluation.formats.recognition import open_results
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.holdout import EvaluationHoldout, HoldoutRequest, open_holdout
from ftaudit.evaluation.pairing import PairedAnswers, pair
from tests.conftest import SHARED

EVALUATION = SHARED / "evaluation"
FORMATS = EVALUATION / "formats"
HOLDOUT = SHARED / "banking77_test.csv"

ROWS = [("red", "apple"), ("yellow", "banana"), ("green", "pear"), ("orange", "orange")]
"""Texts and labels of a holdout of four rows."""


def holdout(folder: Path, rows: Sequence[tuple[str, str]] = ROWS) -> EvaluationHoldout:
    """Write a labelled holdout and open it; its rows are known by their numbers."""
    path = folder / "holdout.csv"
    pl.DataFrame(list(rows), schema=["text", "label"], orient="row").write_csv(path)
    return open_holdout([path], HoldoutRequest())


def lines(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write a jsonl file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def paired(
    path: Path | str, rows: EvaluationHoldout, request: ResultRequest | None = None
) -> PairedAnswers:
    """Open a file of results and pair it."""
    chosen = request or ResultRequest()
    return pair(open_results(path, chosen), rows, chosen)


def forty_rows(folder: Path) -> EvaluationHoldout:
    """Return the rows of the fixture that stand in every format, with their numbers as ids."""
    numbers = json.loads((FORMATS / "ids.json").read_text())
    path = folder / "forty.csv"
    whole = pl.read_csv(HOLDOUT).with_row_index("id")
    whole.filter(pl.col("id").is_in(numbers)).write_csv(path)
    return open_holdout([path], HoldoutRequest())
