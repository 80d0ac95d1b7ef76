"""OpenAI Evals: a jsonl of events, `spec` first and `final_report` last."""

from collections.abc import Mapping, Sequence
from typing import Final

from ftaudit.evaluation.formats.json_values import (
    Json,
    decoded_lines,
    elements,
    member,
    number,
    text,
)
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.formats.result_table import ResultTable, result_frame, text_keys
from ftaudit.model.errors import InputError

NAME: Final = "openai-evals"


def recognises(first: Mapping[str, Json]) -> bool:
    """Return whether the first line is the specification of a run, or an event."""
    return "spec" in first or {"run_id", "event_id", "sample_id"} <= first.keys()


def read_tables(data: bytes, name: str, request: ResultRequest) -> list[ResultTable]:
    """Read the `match` events, or the `metrics` events of evals that log no match.

    A match calls an answer right that begins with the reference, so the score is recomputed.

    Raises:
        InputError: a line is not JSON, or there is no event of either kind.
    """
    lines = list(decoded_lines(data, name))
    matches = [line for line in lines if line.get("type") == "match"]
    events = matches or [line for line in lines if line.get("type") == "metrics"]
    if not events:
        problem = "an OpenAI Evals log without match or metrics events"
        raise InputError(name, problem, remedy="Give the log of an eval that scores each sample")
    sampled = _sampled(lines)
    score = "correct" if matches else request.metric or _first_metric(events)
    frame = result_frame(
        {
            "output": [_output(event, sampled) for event in events],
            "reference": [_references(event)[0] for event in events],
            "score": [number(member(event, "data", score)) for event in events],
        }
    )
    keys = text_keys("sample_id", (event.get("sample_id") for event in events))
    model = text(member(lines[0], "spec", "completion_fns", 0)) or ""
    return [ResultTable(NAME, model, frame, keys, score, lax_score=bool(matches))]


def _sampled(lines: Sequence[Mapping[str, Json]]) -> dict[str, str | None]:
    """Return the last answer of every sample."""
    return {
        str(line.get("sample_id")): text(
            member(line, "data", "sampled", 0) or member(line, "data", "sampled")
        )
        for line in lines
        if line.get("type") == "sampling"
    }


def _output(event: Mapping[str, Json], sampled: Mapping[str, str | None]) -> str | None:
    own = text(member(event, "data", "sampled"))
    return own if own is not None else sampled.get(str(event.get("sample_id")))


def _references(event: Mapping[str, Json]) -> tuple[str | None, ...]:
    expected = member(event, "data", "expected")
    several = [text(value) for value in elements(expected)]
    return tuple(several) if several else (text(expected),)


def _first_metric(events: Sequence[Mapping[str, Json]]) -> str:
    values = member(events[0], "data")
    names = (
        [key for key, value in values.items() if number(value) is not None]
        if isinstance(values, Mapping)
        else []
    )
    return names[0] if names else ""
