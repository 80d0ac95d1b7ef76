"""MLflow: `eval_results_table.json`, and the `result_df` of genai as a table.

There is no id: rows are paired by their inputs, or by `trace_id`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from ftaudit.evaluation.formats.json_values import Json, elements, identifier, member, number, text
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.formats.result_table import (
    CandidateKey,
    ResultTable,
    result_frame,
    text_keys,
)

NAME: Final = "mlflow"
_INPUTS: Final = ("inputs", "request", "question", "input", "prompt")
_OUTPUTS: Final = ("outputs", "response", "output", "prediction", "predictions")
_REFERENCES: Final = ("target", "targets", "expectations", "expected_response", "ground_truth")
_SCORES: Final = ("/score", "/value")


def recognises(value: Json) -> bool:
    """Return whether a JSON document is a table of MLflow."""
    return isinstance(value, Mapping) and {"columns", "data"} == value.keys()


def recognises_columns(columns: Sequence[str]) -> bool:
    """Return whether the columns of a plain table are those of `result_df`."""
    return any(name.endswith(_SCORES) for name in columns) and bool(
        {*_INPUTS, "trace_id"} & set(columns)
    )


def columns_of(value: Json) -> dict[str, list[Json]]:
    """Return the columns of `eval_results_table.json`."""
    names = [str(name) for name in elements(member(value, "columns"))]
    rows = [elements(row) for row in elements(member(value, "data"))]
    return {name: [member(row, at) for row in rows] for at, name in enumerate(names)}


def read_tables(columns: Mapping[str, Sequence[Json]], request: ResultRequest) -> list[ResultTable]:
    """Read a table whose columns may be named by the user."""
    score = _score_column(list(columns), request.metric)
    latency = _column(columns, ("latency", "execution_duration"), "")
    scale = 1_000 if "latency" in columns else 1
    frame = result_frame(
        {
            "output": [text(v) for v in _column(columns, _OUTPUTS, request.columns.get("output"))],
            "reference": [
                _reference(v)
                for v in _column(columns, _REFERENCES, request.columns.get("reference"))
            ],
            "score": [_truth(v) for v in columns.get(score, [])] or [None] * len(latency),
            "latency_ms": [None if (n := number(v)) is None else n * scale for v in latency],
            "completion_tokens": [number(v) for v in _column(columns, ("token_count",), "")],
        }
    )
    name = score.rpartition("/")[0]
    return [ResultTable(NAME, "", frame, _keys(columns, request), name)]


def _column(
    columns: Mapping[str, Sequence[Json]], names: Sequence[str], chosen: str | None
) -> Sequence[Json]:
    """Return the first column that exists, else nulls."""
    rows = len(next(iter(columns.values()), []))
    candidates = (chosen, *names) if chosen else names
    return next((columns[name] for name in candidates if name in columns), [None] * rows)


def _score_column(names: Sequence[str], requested: str) -> str:
    scores = [name for name in names if name.endswith(_SCORES)]
    chosen = [name for name in scores if name.rpartition("/")[0] == requested]
    exact = [name for name in scores if "exact" in name]
    return next(iter([*chosen, *exact, *scores]), "")


def _reference(value: Json) -> str | None:
    """Return a target, or the one expectation of a mapping."""
    if isinstance(value, Mapping):
        answer = value.get("expected_response")
        return text(answer if answer is not None else next(iter(value.values()), None))
    return text(value)


def _truth(value: Json) -> float | None:
    """Return a judge's yes and no as 1 and 0, numbers as they are."""
    words = {"yes": 1.0, "no": 0.0, "true": 1.0, "false": 0.0}
    return words.get(value.lower()) if isinstance(value, str) else number(value)


def _keys(
    columns: Mapping[str, Sequence[Json]], request: ResultRequest
) -> tuple[CandidateKey, ...]:
    keys: list[CandidateKey] = []
    if chosen := request.columns.get("id"):
        keys += text_keys(chosen, map(identifier, columns.get(chosen, [])))
    inputs = next((name for name in _INPUTS if name in columns), None)
    if inputs is not None:
        texts = [_question(value) for value in columns[inputs]]
        keys.append(CandidateKey(inputs, pl.Series(texts, dtype=pl.String), by="input"))
        keys += text_keys(inputs, texts)[1:]
    if "trace_id" in columns:
        keys += text_keys("trace_id", map(identifier, columns["trace_id"]))
    return tuple(keys)


def _question(value: Json) -> str | None:
    """Return an input, or the one text of a mapping of inputs."""
    if isinstance(value, Mapping) and len(value) == 1:
        return text(next(iter(value.values())))
    return text(value)
