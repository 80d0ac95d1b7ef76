"""promptfoo: one JSON document (or jsonl) of results per test, prompt and provider."""

from collections.abc import Mapping, Sequence
from typing import Final

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

NAME: Final = "promptfoo"
ERROR: Final = 2
"""`failureReason` of a request that failed: ResultFailureReason.ERROR in promptfoo's types."""
_REFERENCES: Final = ("expected", "reference", "label", "target", "answer", "gold")


def recognises(value: Json) -> bool:
    """Return whether a document (or the first line of a jsonl) is of promptfoo."""
    if not isinstance(value, Mapping):
        return False
    return (
        bool(elements(member(value, "results", "results")))
        or {
            "promptIdx",
            "testIdx",
        }
        <= value.keys()
    )


def read_tables(rows: Sequence[Json], request: ResultRequest) -> list[ResultTable]:
    """Read one table per provider and prompt.

    Args:
        rows: the results, of a document or of a jsonl.
        request: the score to take.
    """
    groups: dict[tuple[str, str], list[Json]] = {}
    for row in rows:
        label = text(member(row, "provider", "label")) or text(member(row, "provider", "id")) or ""
        groups.setdefault((label, str(member(row, "promptIdx"))), []).append(row)
    labels = [label for label, _ in groups]
    return [
        _table(label if labels.count(label) == 1 else f"{label} prompt {prompt}", members, request)
        for (label, prompt), members in groups.items()
    ]


def _table(model: str, rows: Sequence[Json], request: ResultRequest) -> ResultTable:
    name = request.metric if _has_score(rows, request.metric) else "score"
    path = ("score",) if name == "score" else ("namedScores", name)
    usage = [member(row, "response", "tokenUsage") or member(row, "tokenUsage") for row in rows]
    cached = [member(row, "response", "cached") is True for row in rows]
    frame = result_frame(
        {
            "output": [text(member(row, "response", "output")) for row in rows],
            "reference": [_reference(row) for row in rows],
            "score": [number(member(row, *path)) for row in rows],
            "failed": [member(row, "failureReason") == ERROR for row in rows],
            "prompt_tokens": [number(member(tokens, "prompt")) for tokens in usage],
            "cached_tokens": [number(member(tokens, "cached")) for tokens in usage],
            "completion_tokens": [number(member(tokens, "completion")) for tokens in usage],
            "latency_ms": [
                None if hit else number(member(row, "latencyMs"))
                for row, hit in zip(rows, cached, strict=True)
            ],
            "cost": [number(member(row, "cost")) for row in rows],
        }
    )
    hits = sum(cached)
    notes = (f"{hits:,} answers come from a cache: they have no latency",) if hits else ()
    return ResultTable(NAME, model, frame, _keys(rows), name, notes=notes)


def _has_score(rows: Sequence[Json], name: str) -> bool:
    return bool(name) and any(member(row, "namedScores", name) is not None for row in rows)


def _reference(row: Json) -> str | None:
    """Return the value of the first equality assertion, or of a variable named so."""
    variables = member(row, "vars") or member(row, "testCase", "vars")
    for assertion in elements(member(row, "testCase", "assert")):
        if member(assertion, "type") == "equals":
            return _filled(text(member(assertion, "value")), variables)
    values = (member(variables, name) for name in _REFERENCES)
    return next((text(value) for value in values if value is not None), None)


def _filled(value: str | None, variables: Json) -> str | None:
    """Return a template that is one variable as that variable's value."""
    if value is None or not (value.startswith("{{") and value.endswith("}}")):
        return value
    return text(member(variables, value[2:-2].strip()))


def _keys(rows: Sequence[Json]) -> tuple[CandidateKey, ...]:
    """Return `testIdx`, then the variables that every test has."""
    own = text_keys("testIdx", (identifier(member(row, "testIdx")) for row in rows))
    variables = [member(row, "vars") for row in rows]
    shared = [set(v) for v in variables if isinstance(v, Mapping)]
    names = sorted(set.intersection(*shared)) if len(shared) == len(rows) > 0 else []
    return (
        *own,
        *(
            key
            for name in names
            for key in text_keys(f"vars.{name}", (identifier(member(v, name)) for v in variables))
        ),
    )
