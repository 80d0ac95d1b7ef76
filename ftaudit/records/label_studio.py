"""Exports of Label Studio: the task's data, and what annotators said of it."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.leaves import strings_of
from ftaudit.records.multi_label import BETWEEN
from ftaudit.records.problem import flag
from ftaudit.records.record_part import read_text
from ftaudit.records.shape import ColumnKind, TableShape

_CLASSES: Final = ("choices", "rating", "taxonomy", "number")
_SPANS: Final = ("labels", "hypertextlabels", "paragraphlabels", "brushlabels", "rectanglelabels")


class LabelStudio(Struct, frozen=True):
    """Records with `data` and `annotations`, as Label Studio exports tasks in JSON.

    The input is the task's data. Choices are labels, spans and texts are outputs. A cancelled
    annotation is none; where several stand, the first counts. Of two sides that were compared
    (`pairwise`) the one selected is the output, and the input is the rest of the task: answers of
    equal prompts never clash.
    """

    id: str = "label-studio"
    needs: str = "data and annotations"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a task's data beside lists of annotations with results."""
        nested = (ColumnKind.OTHER, ColumnKind.JSON)
        data = shape.pick_named("input", ("data",), nested)
        column = next(iter(shape.named(("annotations", "completions"), nested)), None)
        if data is None or column is None:
            return None
        results = [_results(value) for value in shape.values(column)]
        spoken = [_said(result) for result in results if result]
        if not any(isinstance(value, list) for value in shape.values(column)):
            return None
        classes = all(kind == "label" for kind, _ in spoken) if spoken else True
        return {"input": data, "label" if classes else "output": column}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read tasks and their first annotation that was not cancelled."""
        inputs = read_text(raw, parts["input"])
        column = parts.get("label") or parts["output"]
        results = [_results(value) for value in raw.values(column)]
        tasks = raw.values(parts["input"])
        sides = [_selected(task, result) for task, result in zip(tasks, results, strict=True)]
        answers = [
            chosen if names else _said(result)[1]
            for (names, chosen), result in zip(sides, results, strict=True)
        ]
        prompts = [
            _spoken({key: held for key, held in task.items() if key not in names})
            if names and isinstance(task, Mapping)
            else text
            for task, (names, _), text in zip(tasks, sides, inputs, strict=True)
        ]
        whole, inputs = inputs, pl.Series(prompts, dtype=pl.String)
        spoken = pl.Series(answers, dtype=pl.String)
        table = raw.index().with_columns(inputs.alias("input"))
        problems = [
            flag(table, pl.col("input").is_null(), "missing_input", parts["input"], "is missing")
        ]
        text = joined(whole, spoken)
        if "label" in parts:
            return MappedRecords(inputs, nothing(raw), text, spoken, problems=problems)
        if not any(names for names, _ in sides):
            return MappedRecords(inputs, spoken, text, problems=problems)
        never = nothing(raw)
        return MappedRecords(inputs, spoken, text, None, never, text, problems=problems)


def _results(value: Json) -> list[Mapping[str, Json]]:
    """Return the results of the first annotation that was not cancelled."""
    annotations = value if isinstance(value, list) else []
    for annotation in annotations:
        if not isinstance(annotation, Mapping) or annotation.get("was_cancelled"):
            continue
        results = annotation.get("result")
        answered = (
            [r for r in results if isinstance(r, Mapping)] if isinstance(results, list) else []
        )
        if answered:
            return answered
    return []


def _name(label: Json) -> str:
    """Return a label; one of a tree with those above it."""
    return " > ".join(map(str, label)) if isinstance(label, list) else str(label)


def _selected(value: Json, results: list[Mapping[str, Json]]) -> tuple[tuple[str, ...], str | None]:
    """Return the keys of the two sides of a comparison, and the text of the one selected."""
    for result in results:
        held = result.get("value")
        sides = tuple(name.strip() for name in str(result.get("to_name") or "").split(","))
        if result.get("type") != "pairwise" or not isinstance(held, Mapping) or len(sides) != 2:
            continue
        if not isinstance(value, Mapping) or not all(side in value for side in sides):
            continue
        place = {"left": 0, "right": 1}.get(str(held.get("selected")))
        return sides, None if place is None else _spoken(value[sides[place]])
    return (), None


def _spoken(value: Json) -> str | None:
    return "\n".join(strings_of(value)) or None


def _said(results: list[Mapping[str, Json]]) -> tuple[str, str | None]:
    """Return `label` or `output`, and what the results say."""
    labels: list[str] = []
    lines: list[str] = []
    for result in results:
        value = result.get("value")
        if not isinstance(value, Mapping):
            continue
        for key in _CLASSES:
            if value.get(key) is not None:
                held = value[key]
                labels += map(_name, held if isinstance(held, list) else [held])
        lines += [
            f"{'|'.join(map(str, names))}: {value.get('text') or ''}"
            for key in _SPANS
            if isinstance(names := value.get(key), list)
        ]
        ranks = value.get("ranker")
        for names in ranks.values() if isinstance(ranks, Mapping) else ():
            lines.append(" > ".join(map(str, names if isinstance(names, list) else [names])))
        if isinstance(value.get("text"), list):
            lines += map(str, value["text"])
    if lines or not labels:
        return "output", "\n".join([*sorted(labels), *lines]) or None
    return "label", BETWEEN.join(sorted(set(labels)))
