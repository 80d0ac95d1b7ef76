"""deepeval: `.deepeval/.latest_run_full.json`, test cases with the data of their metrics."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from ftaudit.evaluation.formats.json_values import (
    Json,
    elements,
    identifier,
    member,
    number,
    text,
)
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.formats.result_table import (
    CandidateKey,
    ResultTable,
    result_frame,
    text_keys,
)

NAME: Final = "deepeval"


def recognises(value: Json) -> bool:
    """Return whether a JSON document is a test run."""
    return bool(_cases(value))


def read_tables(value: Json, request: ResultRequest) -> list[ResultTable]:
    """Read the test cases of a run."""
    cases = _cases(value)
    metric = _metric(cases, request.metric)
    seconds = [number(member(case, "completionTime")) for case in cases]
    frame = result_frame(
        {
            "output": [text(member(case, "actualOutput")) for case in cases],
            "reference": [text(member(case, "expectedOutput")) for case in cases],
            "score": [number(member(_data(case, metric), "score")) for case in cases],
            "failed": [bool(member(_data(case, metric), "error")) for case in cases],
            "prompt_tokens": [number(member(case, "inputTokenCount")) for case in cases],
            "completion_tokens": [number(member(case, "outputTokenCount")) for case in cases],
            "latency_ms": [None if value is None else value * 1_000 for value in seconds],
            "cost": [number(member(case, "tokenCost")) for case in cases],
        }
    )
    return [ResultTable(NAME, "", frame, _keys(cases), metric)]


def _cases(value: Json) -> Sequence[Json]:
    return elements(member(value, "testCases")) or elements(
        member(value, "testRunData", "testCases")
    )


def _metric(cases: Sequence[Json], requested: str) -> str:
    names = (
        [text(member(data, "name")) or "" for data in elements(member(cases[0], "metricsData"))]
        if cases
        else []
    )
    return requested if requested in names else (names[0] if names else "")


def _data(case: Json, metric: str) -> Json:
    data = elements(member(case, "metricsData"))
    return next((entry for entry in data if member(entry, "name") == metric), None)


def _keys(cases: Sequence[Json]) -> tuple[CandidateKey, ...]:
    """Return `name`, the inputs, and `order`, the place that deepeval gave the case."""
    names = text_keys("name", (identifier(member(case, "name")) for case in cases))
    inputs = pl.Series([text(member(case, "input")) for case in cases], dtype=pl.String)
    orders = text_keys("order", (identifier(member(case, "order")) for case in cases))
    return (*names, CandidateKey("input", inputs, by="input"), *orders)
