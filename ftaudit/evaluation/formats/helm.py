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
    entries = [row for row in elements(value) if member(row, "perturbation") is None]
    perturbed = len(elements(value)) - len(entries)
    trials = _trials(entries)
    statistics = [_merged(trial) for trial in trials]
    metric = _metric(statistics, request.metric)
    frame = result_frame(
        {
            "run": [_run(trial[0]) for trial in trials],
            "output": [_output(trial) for trial in trials],
            "score": [stats.get(metric) for stats in statistics],
            "prompt_tokens": [stats.get("num_prompt_tokens") for stats in statistics],
            "completion_tokens": [stats.get("num_output_tokens") for stats in statistics],
        }
    )
    notes = (f"{perturbed:,} perturbed instances were left out",) if perturbed else ()
    ids = (identifier(member(trial[0], "instance_id")) for trial in trials)
    keys = text_keys("instance_id", ids)
    return [ResultTable(NAME, "", frame, keys, metric, notes=notes)]


def _trials(entries: Sequence[Json]) -> list[list[Json]]:
    """Gather the entries of one instance and trial: each kind of metric writes its own."""
    trials: dict[tuple[str | None, int], list[Json]] = {}
    for entry in entries:
        key = (identifier(member(entry, "instance_id")), _run(entry))
        trials.setdefault(key, []).append(entry)
    return list(trials.values())


def _run(entry: Json) -> int:
    return int(number(member(entry, "train_trial_index")) or 0)


def _output(trial: Sequence[Json]) -> str | None:
    """Return what was answered: of a choice the text that its letter stands for."""
    for name in ("mapped_output", "truncated_predicted_text", "predicted_text"):
        for entry in trial:
            if (output := text(member(entry, name))) is not None:
                return output
    return None


def _merged(trial: Sequence[Json]) -> Mapping[str, float]:
    return {name: value for entry in trial for name, value in _statistics(entry).items()}


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


def _metric(statistics: Sequence[Mapping[str, float]], requested: str) -> str:
    names = list(statistics[0]) if statistics else []
    return next((name for name in (requested, *_PREFERRED, *names) if name in names), "")
