"""lm-evaluation-harness: `samples_TASK_DATE.jsonl`, one line per document and filter."""

from collections.abc import Mapping, Sequence
from typing import Final

from ftaudit.evaluation.formats.json_values import (
    Json,
    decoded_lines,
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
from ftaudit.model.errors import UsageError, suggestion

NAME: Final = "lm-evaluation-harness"


def recognises(first: Mapping[str, Json]) -> bool:
    """Return whether the first line is a sample of the harness."""
    return "doc_id" in first and {"resps", "filtered_resps"} & first.keys() != set()


def read_tables(data: bytes, name: str, request: ResultRequest) -> list[ResultTable]:
    """Read the samples of one filter.

    Raises:
        InputError: a line is not a JSON object.
        UsageError: there is no filter or metric of the name asked for.
    """
    samples = list(decoded_lines(data, name))
    filters = list(dict.fromkeys(str(sample.get("filter", "none")) for sample in samples))
    chosen = _chosen_filter(filters, request.filter, name)
    kept = [sample for sample in samples if str(sample.get("filter", "none")) == chosen]
    metric = _metric(kept, request.metric)
    frame = result_frame(
        {
            "output": [_output(sample) for sample in kept],
            "reference": [text(sample.get("target")) for sample in kept],
            "score": [number(sample.get(metric)) for sample in kept],
        }
    )
    notes = (
        (f"{name} holds the filters {', '.join(filters)}: {chosen} was taken (--filter)",)
        if len(filters) > 1
        else ()
    )
    return [ResultTable(NAME, "", frame, _keys(kept), metric, notes=notes)]


def _chosen_filter(filters: Sequence[str], requested: str, name: str) -> str:
    if not requested:
        return filters[0]
    if requested not in filters:
        hint = suggestion(requested, filters)
        raise UsageError(f"{name} has no filter {requested}{hint}; it has {', '.join(filters)}")
    return requested


def _metric(samples: Sequence[Mapping[str, Json]], requested: str) -> str:
    names = [str(name) for name in elements(samples[0].get("metrics"))] if samples else []
    if requested in names:
        return requested
    return names[0] if names else ""


def _output(sample: Mapping[str, Json]) -> str | None:
    answer = member(sample, "filtered_resps", 0)
    return text(answer if answer is not None else member(sample, "resps", 0, 0))


def _keys(samples: Sequence[Mapping[str, Json]]) -> tuple[CandidateKey, ...]:
    """Return `doc_id`, then the scalar fields of `doc` that every sample has."""
    own = text_keys("doc_id", (identifier(sample.get("doc_id")) for sample in samples))
    documents = [sample.get("doc") for sample in samples]
    shared = [doc.keys() for doc in documents if isinstance(doc, Mapping)]
    fields = sorted(set.intersection(*map(set, shared))) if len(shared) == len(samples) > 0 else []
    others = [
        key
        for field in fields
        if all(isinstance(member(doc, field), int | str) for doc in documents)
        for key in text_keys(f"doc.{field}", (identifier(member(doc, field)) for doc in documents))
    ]
    return (*own, *others)
