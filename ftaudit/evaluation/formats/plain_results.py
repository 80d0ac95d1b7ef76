"""Plain tables of results: csv, jsonl, json and parquet, with columns of common names."""

import io
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from ftaudit.evaluation.formats.json_values import decoded, decoded_lines, elements
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.formats.result_table import CandidateKey, ResultTable, result_frame
from ftaudit.model.errors import InputError, UsageError, suggestion

NAME: Final = "plain"

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id": ("id", "row_id", "example_id", "sample_id", "custom_id", "uid", "uuid", "key", "row"),
        "run": ("run", "epoch", "trial", "attempt", "repeat"),
        "output": (
            *("output", "prediction", "predicted", "response", "completion", "answer"),
            *("generated_text", "model_output", "pred"),
        ),
        "reference": (
            *("reference", "gold", "label", "target", "expected", "expected_output"),
            *("ground_truth", "category"),
        ),
        "score": ("score", "correct", "exact_match", "is_correct", "passed", "accuracy"),
        "failed": ("failed", "error", "error_message", "exception"),
        "prompt_tokens": ("prompt_tokens", "input_tokens"),
        "cached_tokens": ("cached_tokens", "cached_prompt_tokens", "cached_input_tokens"),
        "completion_tokens": ("completion_tokens", "output_tokens"),
        "latency_ms": ("latency_ms", "duration_ms"),
        "cost": ("cost", "cost_usd", "cost_eur"),
    }
)
"""Part → column names that are taken for it, in order; the user's choice wins."""


def read_frame(data: bytes, name: str, kind: str) -> pl.DataFrame:
    """Return the columns of a csv, jsonl, json or parquet file.

    Raises:
        InputError: it cannot be read as such.
    """
    if kind in {"json", "jsonl"} and _NOT_JSON.search(data):
        return _by_python(data, name, kind)
    try:
        match kind:
            case "parquet":
                return pl.read_parquet(data)
            case "jsonl":
                return pl.read_ndjson(data, infer_schema_length=10_000)
            case "json":
                return pl.read_json(data, infer_schema_length=10_000)
            case _:
                return _csv(data)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, OSError):
        problem = f"cannot be read as {kind}: rows differ in shape, or a value in type"
        raise InputError(name, problem, remedy="Export the results again") from None


_NOT_JSON: Final = re.compile(rb"[:,\[]\s*-?(?:NaN|Infinity)\b")


def _by_python(data: bytes, name: str, kind: str) -> pl.DataFrame:
    """Read rows with numbers that JSON does not have, as Python writes them; they are null."""
    rows = decoded_lines(data, name) if kind == "jsonl" else elements(decoded(data, name))
    try:
        frame = pl.DataFrame(list(rows), infer_schema_length=None, strict=False)
    except (pl.exceptions.PolarsError, TypeError, ValueError):
        problem = f"cannot be read as {kind}: rows differ in shape, or a value in type"
        raise InputError(name, problem, remedy="Export the results again") from None
    floats = pl.selectors.float()
    return frame.with_columns(pl.when(floats.is_finite()).then(floats))


def _csv(data: bytes) -> pl.DataFrame:
    """Read a csv as text: whether a column holds numbers is for its part to say."""
    return pl.read_csv(io.BytesIO(data), infer_schema=False).fill_null("")


def read_tables(frame: pl.DataFrame, name: str, request: ResultRequest) -> list[ResultTable]:
    """Read a table by the names of its columns.

    Raises:
        UsageError: a column named by the user does not exist.
        InputError: there is neither an output nor a score, or no id.
    """
    parts = _parts(frame, name, request)
    if "output" not in parts and "score" not in parts:
        problem = f"no column of outputs or scores among {', '.join(frame.columns[:12])}"
        raise InputError(name, problem, remedy="Name it with --result-column output=NAME")
    if "id" not in parts and not request.by_position:
        problem = f"no column of ids among {', '.join(frame.columns[:12])}"
        remedy = "Name it with --result-column id=NAME, or say --by-position"
        raise InputError(name, problem, remedy=remedy)
    columns = {part: _values(frame[column], part) for part, column in parts.items() if part != "id"}
    if not columns:
        columns = {"output": frame[parts["id"]].cast(pl.String)}
    keys = (CandidateKey(parts["id"], ids(frame[parts["id"]])),) if "id" in parts else ()
    return [ResultTable(NAME, "", result_frame(columns), keys, parts.get("score", ""))]


def _parts(frame: pl.DataFrame, name: str, request: ResultRequest) -> dict[str, str]:
    """Return part → column; a column plays one part at most."""
    for part, column in request.columns.items():
        if part not in COLUMNS:
            raise UsageError(f"--result-column {part}: no such part{suggestion(part, COLUMNS)}")
        if column not in frame.columns:
            hint = suggestion(column, frame.columns)
            raise UsageError(f"{name} has no column {column}{hint}")
    parts = dict(request.columns)
    if request.metric in frame.columns:
        parts.setdefault("score", request.metric)
    if request.id_column in frame.columns:
        parts.setdefault("id", request.id_column)
    for part, names in COLUMNS.items():
        free = [n for n in names if n in frame.columns and n not in parts.values()]
        if free and part not in parts:
            parts[part] = free[0]
    return parts


def _values(values: pl.Series, part: str) -> pl.Series:
    """Return a column as its part needs it; text that is no number is null."""
    if part in {"output", "reference"}:
        return as_text(values)
    if part == "failed":
        return _failures(values)
    if values.dtype == pl.String:
        words = {"true": "1", "false": "0", "yes": "1", "no": "0"}
        lowered = values.str.strip_chars().str.to_lowercase().replace(words)
        return lowered.cast(pl.Float64, strict=False)
    return values.cast(pl.Float64, strict=False).fill_nan(None)


def as_text(values: pl.Series) -> pl.Series:
    """Return strings as they are, numbers in their shortest form, nested values as JSON."""
    if values.dtype.is_nested():
        import msgspec

        return pl.Series(
            [None if v is None else msgspec.json.encode(v).decode() for v in values.to_list()],
            dtype=pl.String,
        )
    return ids(values) if values.dtype.is_numeric() else values.cast(pl.String)


def ids(values: pl.Series) -> pl.Series:
    """Return ids as text: 1, 1.0 and "1" are one id."""
    if values.dtype.is_float():
        whole = values.cast(pl.Int64, strict=False)
        if (whole == values).fill_null(value=True).all():
            values = whole
    return values.cast(pl.String).str.strip_chars()


def _failures(values: pl.Series) -> pl.Series:
    """Return whether a row failed: a Boolean, or a message that is not empty."""
    if values.dtype == pl.Boolean:
        return values.fill_null(value=False)
    message = values.cast(pl.String).fill_null("").str.strip_chars().str.to_lowercase()
    return ~message.is_in(["", "0", "false", "none", "null", "no"])
