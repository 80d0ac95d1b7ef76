"""Open a file of results: its format is recognised by its content, never by its name alone."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from ftaudit.evaluation.formats import (
    deepeval,
    helm,
    inspect_log,
    lm_harness,
    mlflow_table,
    openai_evals,
    plain_results,
    promptfoo,
)
from ftaudit.evaluation.formats.json_values import (
    Json,
    decoded,
    decoded_lines,
    elements,
    member,
    parsed,
)
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.formats.result_table import ResultTable
from ftaudit.model.bounded_read import read_whole
from ftaudit.model.errors import InputError, UsageError, suggestion

NAMES: Final = (
    plain_results.NAME,
    lm_harness.NAME,
    inspect_log.NAME,
    openai_evals.NAME,
    promptfoo.NAME,
    mlflow_table.NAME,
    deepeval.NAME,
    helm.NAME,
)
"""Every format."""


class ResultFile(Struct, frozen=True, eq=False):
    """One model's answers, and the file they come from."""

    name: str
    """The file's own name, without its folder."""
    sha256: str
    table: ResultTable


def open_results(path: str | Path, request: ResultRequest) -> ResultFile:
    """Read the answers of one model.

    Args:
        path: the file; `FILE#MODEL` takes one model of a file that holds several.
        request: what the user says about it.

    Raises:
        InputError: unreadable, in no known format, or empty.
        UsageError: the file holds several models, and none is chosen.
    """
    file, _, chosen = str(path).partition("#") if not Path(path).exists() else (str(path), "", "")
    try:
        data = read_whole(file)
    except OSError as error:
        problem = f"the results cannot be read ({error.strerror})"
        raise InputError(file, problem, remedy="Name a file of results") from None
    tables = [table for table in read_tables(data, Path(file).name, request) if table.frame.height]
    if not tables:
        raise InputError(file, "holds no results", remedy="Run the evaluation again")
    table = _one_model(tables, chosen or request.model, request.role, Path(file).name)
    return ResultFile(Path(file).name, hashlib.sha256(data).hexdigest(), table)


def _one_model(tables: list[ResultTable], chosen: str, role: str, name: str) -> ResultTable:
    """Return the table of the chosen model, or of the one that is called as its role."""
    models = [table.model for table in tables]
    if chosen:
        named = [table for table in tables if table.model == chosen]
        if not named:
            hint = suggestion(chosen, models)
            raise UsageError(f"{name} holds no model {chosen}{hint}; it holds {', '.join(models)}")
        return named[0]
    alike = [table for table in tables if role and role in table.model.lower()]
    if len(tables) == 1 or len(alike) == 1:
        return (alike or tables)[0] if len(tables) > 1 else tables[0]
    listed = ", ".join(f"{name}#{model}" for model in models)
    raise UsageError(f"{name} holds several models; name one of {listed}")


def read_tables(data: bytes, name: str, request: ResultRequest) -> list[ResultTable]:
    """Return the answers of every model in a file.

    Raises:
        InputError: in no known format.
    """
    if inspect_log.is_archive(data):
        return inspect_log.read_tables(inspect_log.read_archive(data, name), request)
    if data.startswith(b"PAR1"):
        return _of_frame(data, name, "parquet", request)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:1] in (b"{", b"["):
        first = _first_line(data)
        return (
            _of_document(data, name, request)
            if first is None
            else _of_lines(data, name, first, request)
        )
    return _of_frame(data, name, "csv", request)


def _first_line(data: bytes) -> Mapping[str, Json] | None:
    """Return the first object of a jsonl; None for a document over several lines, or an array.

    A document on one line is read as a document where its format says so.
    """
    line, _, rest = data.strip().partition(b"\n")
    try:
        value = parsed(line)
    except ValueError:
        return None
    if not isinstance(value, dict) or (not rest.strip() and _is_document(value)):
        return None
    return value


def _is_document(value: Json) -> bool:
    documents = (inspect_log, promptfoo, mlflow_table, deepeval)
    return any(reader.recognises(value) for reader in documents)


def _of_lines(
    data: bytes, name: str, first: Mapping[str, Json], request: ResultRequest
) -> list[ResultTable]:
    if openai_evals.recognises(first):
        return openai_evals.read_tables(data, name, request)
    if lm_harness.recognises(first):
        return lm_harness.read_tables(data, name, request)
    if promptfoo.recognises(first):
        return promptfoo.read_tables(list(decoded_lines(data, name)), request)
    return _of_frame(data, name, "jsonl", request)


def _of_document(data: bytes, name: str, request: ResultRequest) -> list[ResultTable]:
    value = decoded(data, name)
    if inspect_log.recognises(value) and isinstance(value, Mapping):
        return inspect_log.read_tables(value, request)
    if promptfoo.recognises(value):
        rows = elements(member(value, "results", "results")) or [value]
        return promptfoo.read_tables(rows, request)
    if mlflow_table.recognises(value):
        return mlflow_table.read_tables(mlflow_table.columns_of(value), request)
    if deepeval.recognises(value):
        return deepeval.read_tables(value, request)
    if helm.recognises(value):
        return helm.read_tables(value, request)
    if isinstance(member(value, 0), Mapping):
        return _of_frame(data, name, "json", request)
    problem = f"JSON in no format that is known ({', '.join(NAMES)})"
    raise InputError(name, problem, remedy="Export the results as csv or jsonl, a row per answer")


def _of_frame(data: bytes, name: str, kind: str, request: ResultRequest) -> list[ResultTable]:
    frame = plain_results.read_frame(data, name, kind)
    if mlflow_table.recognises_columns(frame.columns):
        return mlflow_table.read_tables(frame.to_dict(as_series=False), request)
    return plain_results.read_tables(frame, name, request)
