"""Rules that outputs must keep: `outputs.yaml`, and which outputs break them.

Format rules say what an output looks like (labels, JSON Schema, length, required patterns),
policy rules what it must not say (forbidden patterns, personal data, refusals). Patterns are of
linear time (Rust's regex, as polars takes them).
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import polars as pl
from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field

from ftaudit.model.bounded_read import read_whole
from ftaudit.model.documents import load_document, read_text
from ftaudit.model.errors import InputError
from ftaudit.privacy.search import Search
from ftaudit.records.output_kind import kind

RuleKind = Literal["format", "policy"]

_SLOW: Final = frozenset({"pattern", "patternProperties"})
"""Keywords of JSON Schema that validators match with backtracking."""


class OutputRules(BaseModel):
    """The rules, as a file gives them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: Annotated[Literal["ftaudit.outputs/v1"], Field(alias="schema")] = "ftaudit.outputs/v1"
    labels: tuple[str, ...] | str = ()
    """Allowed outputs, or the name of a file with one per line, beside this one."""
    json_schema: Mapping[str, object] | str | None = None
    """What a JSON output must be, or the name of a file with it."""
    maximum_length: Annotated[int, Field(gt=0)] | None = None
    """In characters."""
    required: Mapping[str, str] = Field(default_factory=dict)
    """Rule id → a pattern that every output matches somewhere."""
    forbidden: Mapping[str, str] = Field(default_factory=dict)
    """Rule id → a pattern that no output matches anywhere."""
    pii: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Rule id → entity types of the privacy search that no output holds."""
    refusals: Literal["allowed", "forbidden"] = "allowed"


class OutputRuleset(Struct, frozen=True, eq=False):
    """The rules with the files they name, ready to be held to outputs."""

    name: str
    data: bytes
    labels: tuple[str, ...]
    json_schema: Mapping[str, object] | None
    rules: OutputRules

    def violations(self, outputs: pl.Series) -> pl.DataFrame:
        """Return one Boolean column per rule, named `KIND:ID`: whether each output breaks it."""
        distinct = outputs.unique(maintain_order=True).drop_nulls()
        broken = pl.DataFrame(dict(self._broken(distinct))) if distinct.len() else pl.DataFrame()
        table = broken.with_columns(output=distinct) if distinct.len() else pl.DataFrame()
        if not broken.columns:
            return pl.DataFrame()
        joined = outputs.to_frame("output").join(
            table, on="output", how="left", maintain_order="left"
        )
        return joined.drop("output").with_columns(pl.all().fill_null(value=False))

    def _broken(self, outputs: pl.Series) -> Iterator[tuple[str, pl.Series]]:
        rules, trimmed = self.rules, outputs.str.strip_chars()
        if self.labels:
            yield "format:labels", ~trimmed.is_in(list(self.labels))
        if self.json_schema is not None:
            yield "format:json_schema", _breaks_schema(trimmed, self.json_schema)
        if rules.maximum_length is not None:
            yield "format:maximum_length", outputs.str.len_chars() > rules.maximum_length
        for id_, pattern in rules.required.items():
            yield f"format:{id_}", ~outputs.str.contains(pattern)
        for id_, pattern in rules.forbidden.items():
            yield f"policy:{id_}", outputs.str.contains(pattern)
        for id_, entities in rules.pii.items():
            yield f"policy:{id_}", _holds_personal_data(outputs, entities)
        if rules.refusals == "forbidden":
            refused = outputs.to_frame("output").select(kind("output") == "refusal").to_series()
            yield "policy:refusals", refused


def load_output_rules(path: str | Path) -> OutputRuleset:
    """Read rules and the files they name.

    Raises:
        InputError: unreadable, no such rules, a pattern that cannot be read, or a schema that is
            none or matches patterns with backtracking.
    """
    rules = load_document(path, OutputRules, kind="outputs")
    folder = Path(path).parent
    labels = rules.labels
    if isinstance(labels, str):
        text = read_text(folder / labels, kind="labels")
        labels = tuple(filter(None, (line.strip() for line in text.splitlines())))
    for id_, pattern in (*rules.required.items(), *rules.forbidden.items()):
        _readable(str(path), id_, pattern)
    schema = _json_schema(folder, rules, str(path))
    return OutputRuleset(Path(path).name, read_whole(path), labels, schema, rules)


def _readable(name: str, id_: str, pattern: str) -> None:
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError:
        problem = f"the pattern of {id_} cannot be read (look-around and back-references never can)"
        raise InputError(name, problem, remedy="Write it in the syntax of RE2") from None


def _json_schema(folder: Path, rules: OutputRules, name: str) -> Mapping[str, object] | None:
    schema = rules.json_schema
    if isinstance(schema, str):
        try:
            schema = json.loads(read_text(folder / schema, kind="JSON Schema"))
        except ValueError:
            raise InputError(name, f"{schema} is not JSON", remedy="Repair it") from None
    if schema is None:
        return None
    from jsonschema import Draft202012Validator, SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError:
        raise InputError(name, "json_schema is no JSON Schema (2020-12)") from None
    if slow := sorted(_SLOW & set(_keywords(schema))):
        remedy = "Use required or forbidden patterns, which are of linear time"
        raise InputError(name, f"json_schema uses {', '.join(slow)}", remedy=remedy)
    return schema


def _keywords(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _keywords(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keywords(inner)


def _breaks_schema(outputs: pl.Series, schema: Mapping[str, object]) -> pl.Series:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema)

    def broken(output: str) -> bool:
        try:
            return not validator.is_valid(json.loads(output))
        except (ValueError, RecursionError):
            return True

    return pl.Series([broken(output) for output in outputs], dtype=pl.Boolean)


def _holds_personal_data(outputs: pl.Series, entities: tuple[str, ...]) -> pl.Series:
    """Return in which outputs the privacy search finds one of some entity types.

    Raises:
        UsageError: there is no such entity type.
    """
    search = Search(entities=entities)
    search.check()
    positions = [position for position, _ in search.find(outputs)]
    rows = pl.int_range(outputs.len(), eager=True)
    return rows.is_in(positions)
