"""Which record format data is in, and which role every column plays."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import polars as pl
from msgspec.structs import replace

from ftaudit.model.column_label import column_label
from ftaudit.model.dataset import ROWS
from ftaudit.model.errors import InputError, UsageError, suggestion
from ftaudit.model.watched_parts import covers, is_part
from ftaudit.records.annotations import verdict_column
from ftaudit.records.beside import ANNOTATORS, KEYS, LICENSES, SOURCES, roles_of
from ftaudit.records.cell_values import decode, scalar
from ftaudit.records.dialect import TURN_KEYS
from ftaudit.records.exports import rewriting
from ftaudit.records.format import Parts, RecordFormat
from ftaudit.records.inner_parts import inner_parts
from ftaudit.records.read_types import as_text, readable_schema, with_names
from ftaudit.records.recognised import Recognised
from ftaudit.records.record_formats import FORMATS
from ftaudit.records.roles import AFTER, BEFORE, NAMES, Role
from ftaudit.records.shape import ColumnKind, TableShape
from ftaudit.records.wrapped_turns import holds_messages

OVERRIDES: Final = ("input", "output", "label", "group", "time", "annotator")
"""Parts a user may name the column of: `--input-column` and so on."""

ROLE_OPTIONS: Final = ("context", "title", "choices")
"""Roles a user may name columns of, any number: `--context-column` and so on."""

_RECORD: Final = frozenset({*BEFORE, *AFTER, Role.INPUT, Role.OUTPUT, Role.REJECTED})
"""Roles of the text of a record."""
_BESIDE: Final = MappingProxyType(
    {"key": KEYS, "source_id": SOURCES, "license": LICENSES, "annotator": ANNOTATORS}
)
"""Columns of a row's own that are recognised in every format. `group` and `time` never are:
a wrong guess there would hide leakage or invent it."""


def recognise(  # noqa: PLR0913 - keyword-only, and each says something else of the table
    schema: pl.Schema,
    json_columns: frozenset[str],
    *,
    files: Sequence[str] = (),
    format_: str | None = None,
    overrides: Mapping[str, str] = MappingProxyType({}),
    chosen: Mapping[str, Role] = MappingProxyType({}),
    sample: pl.DataFrame | None = None,
    class_names: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    cells: frozenset[str] = frozenset(),
) -> Recognised:
    """Recognise the record format of a table by its columns and a sample of its rows.

    Args:
        schema: the user's columns and their types.
        json_columns: those that hold JSON text of values that are not uniform.
        files: names of the files, for error messages.
        format_: id of the format to use, if the user named one.
        overrides: part (one of `OVERRIDES`) → the user's column; they win over recognition.
        chosen: the user's column → its role, where the user says so: context, title, choices or
            ignored; a part inside a column (`messages[].note`) can be ignored, too.
        sample: the first rows; without them names and types alone decide, and no column beside
            the format's own is given a role.
        class_names: column of class numbers → the names of the classes.
        cells: columns of csv files, in which JSON text stands for lists and objects.

    Raises:
        UsageError: an unknown format, or a column that does not exist.
        InputError: no text column is recognised, or the forced format's columns are missing.
    """
    ignored = tuple(
        name for name, role in chosen.items() if role is Role.IGNORED and is_part(name, schema)
    )
    chosen = {column: role for column, role in chosen.items() if column not in ignored}
    _known(schema, format_, overrides, chosen)
    readable = readable_schema(schema, sample, class_names)
    own = dict(overrides)
    choices = [column for column, role in chosen.items() if role is Role.CHOICES]
    if len(choices) == 1:
        own["choices"] = choices[0]
    json_cells = frozenset() if sample is None else _json_cells(sample, cells & set(readable))
    shape = TableShape(
        readable,
        json_columns | json_cells,
        own,
        forced=format_ is not None,
        sample=None if sample is None else as_text(with_names(sample, class_names), readable),
        taken=frozenset(chosen),
    )
    verdict = verdict_column(shape)
    if verdict is not None:
        shape = replace(shape, taken=shape.taken | {verdict})
    tried = FORMATS if format_ is None else {format_: FORMATS[format_]}
    candidates = list(_candidates(tried, shape, overrides, chosen, verdict))
    if candidates:
        best = min(candidates, key=lambda candidate: len(candidate.unread_columns))
        recognised = replace(
            _with_runner_up(best, candidates),
            json_columns=json_columns,
            json_cells=json_cells - _texts_of(best, shape),
            flat_cells=_flat_cells(best, cells - json_cells),
            copies={c: replace(copy, cells=json_cells) for c, copy in best.copies.items()},
            class_names=dict(class_names),
            ignored_parts=ignored,
        )
        return _with_inner_parts(recognised, shape)
    raise InputError(
        files[0] if files else "data",
        _unrecognised(shape, format_),
        remedy=_remedy(shape),
    )


def _with_inner_parts(recognised: Recognised, shape: TableShape) -> Recognised:
    """Give every part inside the columns its role, but for those that the user does not use."""
    inner = inner_parts(recognised, shape)
    ignored = recognised.ignored_parts

    def is_used(path: str) -> bool:
        return not any(covers(part, path) for part in ignored)

    return replace(
        recognised,
        nested=inner.columns - recognised.json_cells,
        unread_parts=tuple(path for path in inner.unread if is_used(path)),
        read_parts={path: role for path, role in inner.read.items() if is_used(path)},
    )


def chosen_roles(
    roles: Mapping[str, Sequence[str]], ignore: Sequence[str] = ()
) -> Mapping[str, Role]:
    """Return column → role of what a user says: role → columns, and columns not used.

    Raises:
        UsageError: a role that cannot be given, or a column with two roles.
    """
    chosen: dict[str, Role] = {}
    for role, columns in roles.items():
        if role not in ROLE_OPTIONS:
            raise UsageError(f"{role} is no role of columns; known: {', '.join(ROLE_OPTIONS)}")
        for column in columns:
            chosen.setdefault(column, Role(role))
    for column in ignore:
        if chosen.setdefault(column, Role.IGNORED) is not Role.IGNORED:
            raise UsageError(
                f"--ignore-column {column}: has a role already: {chosen[column].value}"
            )
    return chosen


def _candidates(
    tried: Mapping[str, RecordFormat],
    shape: TableShape,
    overrides: Mapping[str, str],
    chosen: Mapping[str, Role],
    verdict: str | None,
) -> Iterator[Recognised]:
    for id_, candidate in tried.items():
        parts = candidate.recognise(shape)
        if parts is not None and _honours(parts, overrides):
            every = {**parts, **_beside(shape, parts)}
            every |= {Role.VERDICT.value: verdict} if verdict is not None else {}
            roles, copies = roles_of(shape, every, chosen)
            yield Recognised(
                id_,
                every,
                shape.schema,
                shape.json_columns,
                roles,
                watched=frozenset(c for c in shape.schema if _is_plain(shape, c)),
                copies=copies,
            )
            if shape.sample is None:  # names alone cannot say which reads more
                return


def _json_cells(sample: pl.DataFrame, cells: frozenset[str]) -> frozenset[str]:
    """Return the columns of csv files all of whose cells in the sample are lists or objects."""
    texts = {column: sample[column].drop_nulls() for column in cells if column in sample.columns}
    return frozenset(
        column
        for column, values in texts.items()
        if len(values)
        and values.dtype == pl.String
        and values.str.contains(r"^\s*[\[{]").all()
        and all(isinstance(decode(value), list | dict) for value in values)
    )


def _flat_cells(best: Recognised, cells: frozenset[str]) -> frozenset[str]:
    """Return the columns of cells that are read as one text; cells of turns are read as turns."""
    parts = best.parts
    if best.format == "dpo" or ("input" in parts and parts["input"] == parts.get("output")):
        return frozenset()
    return frozenset(column for column in cells if best.roles.get(column) in _RECORD)


def _texts_of(best: Recognised, shape: TableShape) -> frozenset[str]:
    """Return the parts of prompts and completions that hold JSON without turns: their text."""
    if best.format not in {"completion", "alpaca", "summarisation"}:
        return frozenset()
    return frozenset(
        column
        for column in best.parts.values()
        if not any(
            holds_messages(value) or (isinstance(turn, dict) and TURN_KEYS & turn.keys())
            for value in shape.values(column)
            for turn in (value if isinstance(value, list) else [value])
        )
    )


def _is_plain(shape: TableShape, column: str) -> bool:
    """Tell whether a column that may hold text holds none in the sample, whatever it is called."""
    evidence = shape.evidence(column)
    nested = shape.kind(column) is not ColumnKind.TEXT
    may = shape.schema[column] == pl.String or (nested and not _is_named_metadata(shape, column))
    return evidence is not None and may and not evidence.texts


def _is_named_metadata(shape: TableShape, column: str) -> bool:
    return column in shape.named(NAMES[Role.METADATA], tuple(ColumnKind))


def _with_runner_up(best: Recognised, candidates: Sequence[Recognised]) -> Recognised:
    """Name another format that reads as many columns of the record, in other parts."""
    main = ("input", "output", "label", "rejected")
    read = {part: best.parts[part] for part in main if part in best.parts}
    for other in candidates:
        rival = {part: other.parts[part] for part in main if part in other.parts}
        same_columns = set(rival.values()) >= set(read.values()) and len(rival) >= len(read)
        as_much = len(other.unread_columns) == len(best.unread_columns) and same_columns
        if other is not best and as_much and rival != read:
            return replace(best, runner_up=other.format)
    return best


def _known(
    schema: pl.Schema,
    format_: str | None,
    overrides: Mapping[str, str],
    chosen: Mapping[str, Role],
) -> None:
    if format_ is not None and format_ not in FORMATS:
        hint = suggestion(format_, FORMATS)
        known = f"known: {', '.join(FORMATS)} (how a file is written goes by its extension)"
        msg = f"--format {format_}: unknown format of records{hint}; {known}"
        raise UsageError(msg)
    for part in overrides:
        if part not in OVERRIDES:
            raise UsageError(f"{part} cannot be given a column; known: {', '.join(OVERRIDES)}")
    named = [(part, column) for part, column in overrides.items()]
    options = {Role.IGNORED: "ignore"}
    named += [(options.get(role, role.value), column) for column, role in chosen.items()]
    for part, column in named:
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
    every = {
        name: f"{column_label(name, number)} ({_type(dtype)})"
        for number, (name, dtype) in enumerate(shape.schema.items(), 1)
    }
    texts = [every[c] for c, t in shape.schema.items() if t == pl.String or not scalar(t)]
    candidates = _some(texts or list(every.values()))
    if format_ is not None:
        return f"format {format_} needs {FORMATS[format_].needs}; columns: {candidates}"
    if shape.overrides:
        named = ", ".join(f"{p}={c}" for p, c in shape.overrides.items())
        return f"no record format reads {named}; columns: {candidates}"
    return f"no text column is recognised; candidates: {candidates}"


def _remedy(shape: TableShape) -> str:
    if (export := rewriting(shape.schema)) is not None:
        return export
    remedy = "Name the text with --input-column, and --output-column or --label-column"
    if any(" " in name.strip() and column_label(name, 0) != name for name in shape.schema):
        return f"{remedy}; or, where line 1 of a csv is a record, read it with --no-header"
    within = [c for c in shape.schema if shape.schema[c].base_type() == pl.Struct]
    texts = [c for c in within if shape.holds_text(c) and column_label(c, 0) == c]
    if texts:
        return (
            f"{remedy}; or, where {texts[0]} holds the record, write that alone: jq -c .{texts[0]}"
        )
    return remedy


def _some(names: Sequence[str], limit: int = 12) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def _type(dtype: pl.DataType) -> str:
    return str(dtype.base_type().__name__).lower() if not scalar(dtype) else str(dtype).lower()
