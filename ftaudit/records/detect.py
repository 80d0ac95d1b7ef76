"""Which record format data is in, and which column plays which part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from ftaudit.model.dataset import ROWS
from ftaudit.model.errors import InputError, UsageError, suggestion
from ftaudit.records.alpaca import Alpaca
from ftaudit.records.cell_values import scalar
from ftaudit.records.chat import Chat
from ftaudit.records.classification import Classification
from ftaudit.records.completion import Completion
from ftaudit.records.dpo import DPO
from ftaudit.records.format import Parts, RecordFormat
from ftaudit.records.kto import KTO
from ftaudit.records.plain import PlainText
from ftaudit.records.preference import Preference
from ftaudit.records.shape import ColumnKind, TableShape
from ftaudit.records.sharegpt import ShareGPT

FORMATS: Final[Mapping[str, RecordFormat]] = MappingProxyType(
    {
        f.id: f
        for f in (
            *(DPO(), Preference(), KTO(), Chat(), ShareGPT(), Alpaca(), Completion()),
            *(Classification(), PlainText()),
        )
    }
)
"""Every format by id, in the order in which they are tried (reference: FORMATS.md)."""

OVERRIDES: Final = ("input", "output", "label", "group", "time")
"""Parts a user may name the column of: `--input-column` and so on."""

_BESIDE: Final = MappingProxyType(
    {
        "key": (
            "id",
            "record_id",
            "uid",
            "uuid",
            "guid",
            "example_id",
            "row_id",
            "custom_id",
            "_id",
        ),
        "source_id": ("source_id", "source", "data_source", "dataset_source", "origin"),
        "license": ("license", "licence", "spdx", "license_id"),
    }
)
"""Columns of a row's own that are recognised in every format. `group` and `time` never are:
a wrong guess there would hide leakage or invent it."""


@dataclass(frozen=True)
class Recognised:
    """A record format, and the columns its parts are read from."""

    format: str
    """Id of the format, such as `classification`."""
    parts: Parts
    """Part → the user's column; canonical columns and the format's own, such as `tools`."""
    schema: pl.Schema
    """The user's columns."""
    json_columns: frozenset[str]

    @property
    def columns(self) -> Mapping[str, str]:
        """Canonical column → the user's column, in the order of `ROWS`.

        The label of KTO records judges the completion; it is no canonical label.
        """
        own = {"label"} if self.format == KTO().id else set()
        return {name: self.parts[name] for name in ROWS if name in self.parts.keys() - own}

    @property
    def description(self) -> str:
        """Say what was recognised: `classification: input=text, label=category`."""
        return f"{self.format}: " + ", ".join(f"{p}={c}" for p, c in self.parts.items())


def recognise(
    schema: pl.Schema,
    json_columns: frozenset[str],
    *,
    files: Sequence[str] = (),
    format_: str | None = None,
    overrides: Mapping[str, str] = MappingProxyType({}),
) -> Recognised:
    """Recognise the record format of a table by the names and types of its columns.

    Args:
        schema: the user's columns and their types.
        json_columns: those that hold JSON text of values that are not uniform.
        files: names of the files, for error messages.
        format_: id of the format to use, if the user named one.
        overrides: part (one of `OVERRIDES`) → the user's column; they win over recognition.

    Raises:
        UsageError: an unknown format, or a column that does not exist.
        InputError: no text column is recognised, or the forced format's columns are missing.
    """
    _known(schema, format_, overrides)
    shape = TableShape(schema, json_columns, overrides, forced=format_ is not None)
    tried = FORMATS if format_ is None else {format_: FORMATS[format_]}
    for id_, candidate in tried.items():
        parts = candidate.recognise(shape)
        if parts is not None and _honours(parts, overrides):
            beside = _beside(shape, parts)
            return Recognised(id_, {**parts, **beside}, schema, json_columns)
    raise InputError(
        files[0] if files else "data",
        _unrecognised(shape, format_),
        remedy="Name the text with --input-column, and --output-column or --label-column",
    )


def _known(schema: pl.Schema, format_: str | None, overrides: Mapping[str, str]) -> None:
    if format_ is not None and format_ not in FORMATS:
        hint = suggestion(format_, FORMATS)
        msg = f"--format {format_}: unknown format{hint}; known: {', '.join(FORMATS)}"
        raise UsageError(msg)
    for part, column in overrides.items():
        if part not in OVERRIDES:
            raise UsageError(f"{part} cannot be given a column; known: {', '.join(OVERRIDES)}")
        if column not in schema:
            hint = suggestion(column, schema)
            msg = f"--{part}-column {column}: no such column{hint}; columns: {_some(list(schema))}"
            raise UsageError(msg)


def _honours(parts: Parts, overrides: Mapping[str, str]) -> bool:
    """Tell whether a format reads every column the user named a part of the record."""
    chosen = {p: c for p, c in overrides.items() if p in {"input", "output", "label"}}
    return all(parts.get(part) == column for part, column in chosen.items())


def _beside(shape: TableShape, parts: Parts) -> dict[str, str]:
    columns = {p: shape.overrides[p] for p in ("group", "time") if p in shape.overrides}
    taken = set(parts.values())
    for part, names in _BESIDE.items():
        column = shape.pick(part, names, (ColumnKind.TEXT,))
        if column is not None and column not in taken:
            columns[part] = column
    return {name: columns[name] for name in ROWS if name in columns}


def _unrecognised(shape: TableShape, format_: str | None) -> str:
    if not shape.schema:
        return "its records are empty: there is no column to read text from"
    texts = [
        f"{c} ({_type(t)})" for c, t in shape.schema.items() if t == pl.String or not scalar(t)
    ]
    candidates = _some(texts or [f"{c} ({_type(t)})" for c, t in shape.schema.items()])
    if format_ is not None:
        return f"format {format_} needs {FORMATS[format_].needs}; columns: {candidates}"
    if shape.overrides:
        named = ", ".join(f"{p}={c}" for p, c in shape.overrides.items())
        return f"no record format reads {named}; columns: {candidates}"
    return f"no text column is recognised; candidates: {candidates}"


def _some(names: Sequence[str], limit: int = 12) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def _type(dtype: pl.DataType) -> str:
    return str(dtype.base_type().__name__).lower() if not scalar(dtype) else str(dtype).lower()
