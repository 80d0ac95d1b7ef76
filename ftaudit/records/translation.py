"""One text in two languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ftaudit.records.cell_values import Json, Raw, struct_fields
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.problem import flag
from ftaudit.records.shape import ColumnKind, TableShape

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:[_-][A-Za-z]{2,4})?")


@dataclass(frozen=True)
class Translation:
    """Records with `translation`, an object of language → text, as Hugging Face has them.

    The input is the text in the first language, the output those in the others. The order of
    languages is that of the file.
    """

    id: str = "translation"
    needs: str = "translation (an object of language and text)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find an object whose keys are codes of languages."""
        kinds = (ColumnKind.OTHER, ColumnKind.JSON)
        column = shape.pick_named("input", ("translation", "translations"), kinds)
        if column is None or shape.overrides.get("output"):
            return None
        names = list(struct_fields(shape.schema[column]))
        values = [v for v in shape.values(column) if isinstance(v, Mapping)]
        names = names or list(values[0] if values else ())
        fits = len(names) >= 2 and all(_LANGUAGE.fullmatch(str(name)) for name in names)
        return {"input": column, "output": column} if fits else None

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read both sides."""
        values = raw.values(parts["input"])
        sides = [_sides(value) for value in values]
        inputs = pl.Series([first for first, _ in sides], dtype=pl.String)
        outputs = pl.Series([rest for _, rest in sides], dtype=pl.String)
        table = raw.index().with_columns(inputs.alias("input"), outputs.alias("output"))
        path = parts["input"]
        problems = [
            flag(table, pl.col(name).is_null(), f"missing_{name}", path, "is missing")
            for name in ("input", "output")
        ]
        return MappedRecords(inputs, outputs, joined(inputs, outputs), problems=problems)


def _sides(value: Json) -> tuple[str | None, str | None]:
    texts = list(value.values()) if isinstance(value, Mapping) else []
    strings = [text for text in texts if isinstance(text, str)]
    return (strings[0] if strings else None), "\n".join(strings[1:]) or None
