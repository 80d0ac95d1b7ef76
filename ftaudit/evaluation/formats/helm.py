"""HELM: `display_predictions.json` or `per_instance_stats.json` of a run.

References stand in `instances.json`, which is not read: those of the holdout are taken.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from ftaudit.evaluation.formats.json_values import Json, elements, identifier, member, number, text
from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.formats.result_table import ResultTable, result_frame, text_keys

NAME: Final = "helm"
_PREFERRED: Final = ("exact_match", "quasi_exact_match")


def recognises(value: Json) -> bool:
    """Return whether a JSON document is a list of instances with statistics."""
    first = member(value, 0)
    return isinstance(first, Mapping) and "instance_id" in first and "stats" in first


def read_tables(value: Json, request: ResultRequest) -> list[ResultTable]:
    """Read the unperturbed instances; training trials are runs."""
    instances = [row for row in elements(value) if member(row, "perturbation") is None]
    perturbed = len(elements(value)) - len(instances)
    metric = _metric(instances, request.metric)
    frame = result_frame(
        {
            "run": [
                int(number(member(instance, "train_trial_index")) or 0) for instance in instances
            ],
            "output": [text(member(instance, "predicted_text")) for instance in instances],
            "score": [_statistics(instance).get(metric) for instance in instances],
            "prompt_tokens": [
                _statistics(instance).get("num_prompt_tokens") for instance in instances
            ],
            "completion_tokens": [
                _statistics(instance).get("num_output_tokens") for instance in instances
            ],
        }
    )
    notes = (f"{perturbed:,} perturbed instances were left out",) if perturbed else ()
    keys = text_keys(
        "instance_id", (identifier(member(instance, "instance_id")) for instance in instances)
    )
    return [ResultTable(NAME, "", frame, keys, metric, notes=notes)]


def _statistics(instance: Json) -> Mapping[str, float]:
    """Return the statistics of an instance: a mapping, or a list of means by name."""
    stats = member(instance, "stats")
    if isinstance(stats, Mapping):
        pairs = [(name, number(value)) for name, value in stats.items()]
    else:
        pairs = [
            (str(member(stat, "name", "name")), number(member(stat, "mean")))
            for stat in elements(stats)
        ]
    return {name: value for name, value in pairs if value is not None}


def _metric(instances: Sequence[Json], requested: str) -> str:
    names = list(_statistics(instances[0])) if instances else []
    return next((name for name in (requested, *_PREFERRED, *names) if name in names), "")
