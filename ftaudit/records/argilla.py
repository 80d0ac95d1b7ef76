"""Exports of Argilla: fields of a record, and the responses of annotators with their status."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw
from ftaudit.records.classification import TEXTS
from ftaudit.records.completion import PROMPTS
from ftaudit.records.conversation import joined
from ftaudit.records.evidence import LEAST_WORDS
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.multi_label import BETWEEN
from ftaudit.records.record_part import absence, read_part, read_text
from ftaudit.records.shape import ColumnKind, TableShape

_SIGNERS: Final = ("user_id", "worker_id", "annotator_id")
_STATES: Final = frozenset({"submitted", "discarded", "draft", "pending"})


class Argilla(Struct, frozen=True):
    """Records with `fields` (or a text) and responses `{value, status}`, as Argilla exports them.

    The label is what the submitted responses say, each value once; discarded and draft responses
    are no labels. Responses without a status that name who gave them were submitted; texts that
    annotators wrote are outputs. Columns `NAME.responses` and `NAME.responses.status` are read
    likewise.
    """

    id: str = "argilla"
    needs: str = "a text or fields, and responses with their status"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find responses that have a status, and the text they are about."""
        nested = (ColumnKind.OTHER, ColumnKind.JSON)
        responses = next((c for c in shape.schema if _holds_responses(shape, c)), None)
        parts: dict[str, str] = {}
        if responses is not None:
            parts["output" if _are_texts(shape, responses) else "label"] = responses
        else:
            status = next((c for c in shape.schema if c.endswith(".responses.status")), None)
            values = status.removesuffix(".status") if status else ""
            if status is None or values not in shape.schema:
                return None
            parts |= {"label": values, "status": status}
        fields = next(iter(shape.named(("fields",), nested)), None)
        names = (*TEXTS, *PROMPTS)
        text = fields or shape.pick_text("input", names, (ColumnKind.TEXT,))
        return None if text is None or text in parts.values() else {"input": text, **parts}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read fields, and the values that were submitted."""
        inputs = read_text(raw, parts["input"])
        values = raw.values(parts.get("label") or parts["output"])
        if "status" in parts:
            states = raw.values(parts["status"])
            submitted = [_paired(v, s) for v, s in zip(values, states, strict=True)]
        else:
            submitted = [_submitted(value) for value in values]
        label = pl.Series(
            [BETWEEN.join(sorted(set(names))) or None for names in submitted], dtype=pl.String
        )
        part = read_part(raw, parts["input"])
        text = joined(inputs, label)
        problems = absence(raw, part, "input") if part.turns is None and not part.wrong else []
        if "output" in parts:
            return MappedRecords(inputs, label, text, problems=problems)
        return MappedRecords(inputs, nothing(raw), text, label, problems=problems)


def _are_texts(shape: TableShape, column: str) -> bool:
    """Tell whether most responses are texts that someone wrote, rather than names of classes."""
    texts = [text for value in shape.values(column) for text in _submitted(value)]
    return 2 * sum(len(text.split()) >= LEAST_WORDS for text in texts) > len(texts)


def _holds_responses(shape: TableShape, column: str) -> bool:
    if shape.kind(column) not in {ColumnKind.OTHER, ColumnKind.JSON}:
        return False
    return any(_responses(value) for value in shape.values(column))


def _responses(value: Json) -> list[Mapping[str, Json]]:
    """Return the responses of a value: of a list, or of the lists in an object of questions."""
    if isinstance(value, Mapping):
        return [r for held in value.values() if isinstance(held, list) for r in _responses(held)]
    if not isinstance(value, list):
        return []
    objects = [item for item in value if isinstance(item, Mapping)]
    stated = [i for i in objects if i.get("status") in _STATES or _is_signed(i)]
    return [response for item in stated for response in _of_item(item)]


def _is_signed(item: Mapping[str, Json]) -> bool:
    """Tell whether a response names who gave it and no status: it was submitted."""
    signed = any(item.get(key) is not None for key in _SIGNERS)
    return signed and item.get("status") is None and any(key in item for key in ("value", "data"))


def _of_item(item: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """Return the response of an item, or those of an annotator to several questions (`values`)."""
    if "value" in item:
        return [item]
    values = item.get("values") or item.get("data")
    if not isinstance(values, Mapping):
        return []
    held = [v.get("value") if isinstance(v, Mapping) else v for v in values.values()]
    return [{"value": value, "status": item.get("status")} for value in held]


def _submitted(value: Json) -> list[str]:
    return [
        str(response["value"])
        for response in _responses(value)
        if response.get("status") in {"submitted", None} and response["value"] is not None
    ]


def _paired(values: Json, states: Json) -> list[str]:
    """Return the values whose status, at the same place, is submitted."""
    if not isinstance(values, list) or not isinstance(states, list):
        return []
    return [
        str(value)
        for value, state in zip(values, states, strict=False)
        if state == "submitted" and value is not None
    ]
