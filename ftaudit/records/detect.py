"""Which record format data is in, and which role every column plays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import polars as pl

from ftaudit.model.column_copy import ColumnCopy
from ftaudit.model.column_label import column_label
from ftaudit.model.dataset import ROWS
from ftaudit.model.errors import InputError, UsageError, suggestion
from ftaudit.records.alpaca import Alpaca
from ftaudit.records.annotations import Annotations, verdict_column
from ftaudit.records.answer_pairs import AnswerPairs
from ftaudit.records.argilla import Argilla
from ftaudit.records.beside import KEYS, LICENSES, SOURCES, extras, roles_of
from ftaudit.records.cell_values import decode, scalar
from ftaudit.records.chat import Chat
from ftaudit.records.classification import Classification
from ftaudit.records.completion import Completion
from ftaudit.records.conversational_qa import ConversationalQA
from ftaudit.records.dialect import TURN_KEYS
from ftaudit.records.dpo import DPO
from ftaudit.records.embedding import Embedding
from ftaudit.records.extractive_qa import ExtractiveQA
from ftaudit.records.format import Parts, RecordFormat
from ftaudit.records.kto import KTO
from ftaudit.records.label_studio import LabelStudio
from ftaudit.records.multi_label import MultiLabel
from ftaudit.records.multiple_choice import MultipleChoice
from ftaudit.records.plain import PlainText
from ftaudit.records.preference import Preference
from ftaudit.records.prompts import Prompts
from ftaudit.records.roles import AFTER, BEFORE, NAMES, Role
from ftaudit.records.scored import Scored
from ftaudit.records.sentence_pairs import SentencePairs
from ftaudit.records.shape import ColumnKind, TableShape
from ftaudit.records.sharegpt import ShareGPT
from ftaudit.records.summarisation import Summarisation
from ftaudit.records.templated import Templated
from ftaudit.records.translation import Translation
from ftaudit.records.turn_parts import parts_not_read, parts_read
from ftaudit.records.turn_rows import TurnRows
from ftaudit.records.wrapped_turns import holds_messages

FORMATS: Final[Mapping[str, RecordFormat]] = MappingProxyType(
    {
        f.id: f
        for f in (
            *(DPO(), Preference(), AnswerPairs(), KTO(), Embedding(), LabelStudio(), Argilla()),
            *(
                Prompts(),
                Chat(),
                ShareGPT(),
                Alpaca(),
                Translation(),
                MultipleChoice(),
                ConversationalQA(),
                ExtractiveQA(),
            ),
            *(Annotations(), SentencePairs(), Templated(), Completion(), Summarisation()),
            *(TurnRows(), MultiLabel(), Scored(), Classification(), PlainText()),
        )
    }
)
"""Every format by id. Of those that fit, the one that leaves the fewest text columns unread is
chosen; of equals, the first."""

OVERRIDES: Final = ("input", "output", "label", "group", "time")
"""Parts a user may name the column of: `--input-column` and so on."""

ROLE_OPTIONS: Final = ("context", "title", "choices")
"""Roles a user may name columns of, any number: `--context-column` and so on."""

_BESIDE: Final = MappingProxyType({"key": KEYS, "source_id": SOURCES, "license": LICENSES})
"""Columns of a row's own that are recognised in every format. `group` and `time` never are:
a wrong guess there would hide leakage or invent it."""


@dataclass(frozen=True)
class Recognised:
    """A record format, the columns its parts are read from, and the role of every column."""

    format: str
    """Id of the format, such as `classification`."""
    parts: Parts
    """Part → the user's column; canonical columns and the format's own, such as `tools`."""
    schema: pl.Schema
    """The user's columns."""
    json_columns: frozenset[str]
    roles: Mapping[str, Role] = field(default_factory=dict)
    """The user's column → its role, for every column."""
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column of class numbers → the names that its values are read as."""
    watched: frozenset[str] = frozenset()
    """Columns of strings, lists and objects none of whose values in the sample is text."""
    copies: Mapping[str, ColumnCopy] = field(default_factory=dict)
    """Column that is a copy by the sample → what it repeats."""
    json_cells: frozenset[str] = frozenset()
    """Columns of csv files whose cells hold lists or objects as JSON text."""
    unread_parts: tuple[str, ...] = ()
    """Keys of turns that hold text and are not read, such as `messages[].translation`."""
    read_parts: Mapping[str, str] = field(default_factory=dict)
    """Keys of turns → what they are read as, such as `messages[].content` → `content`."""
    runner_up: str = ""
    """Id of another format that would read as much, if there is one."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Canonical column → the user's column, in the order of `ROWS`, then the other roles.

        The label of KTO records judges the completion; it is no canonical label. Nor is a score
        that stands beside an answer a score of the record.
        """
        own = {"label"} if self.format == KTO().id else set()
        own |= {"score"} if "output" in self.parts else set()
        canonical = {name: self.parts[name] for name in ROWS if name in self.parts.keys() - own}
        flags = [column for part, column in self.parts.items() if part.startswith("label ")]
        return canonical | ({"label": flags[0]} if flags else {}) | self._beside(canonical)

    @property
    def beside(self) -> Mapping[str, str]:
        """What else there is: column, or part of a turn → what it is."""
        mapped = {*self.columns.values(), *self.not_read}
        others = {c: role.value for c, role in self.roles.items() if c not in mapped}
        return others | dict(self.read_parts)

    @property
    def before(self) -> tuple[str, ...]:
        """Columns that stand before what the format reads as input, in order."""
        return tuple(c for role in BEFORE for c in extras(self.roles, self.parts, role))

    @property
    def after(self) -> tuple[str, ...]:
        """Columns that stand after it, in order."""
        return tuple(c for role in AFTER for c in extras(self.roles, self.parts, role))

    @property
    def spoken(self) -> tuple[str, ...]:
        """Columns that stand before the output: reasons and thoughts the model is taught."""
        return extras(self.roles, self.parts, Role.OUTPUT)

    @property
    def unread(self) -> tuple[str, ...]:
        """Columns that hold text, or what cannot be read as text, and that no role claims."""
        return tuple(c for c, role in self.roles.items() if role is Role.NOT_READ)

    @property
    def not_read(self) -> tuple[str, ...]:
        """Those, the columns the user does not use, and parts of turns that nobody reads."""
        ignored = tuple(c for c, role in self.roles.items() if role is Role.IGNORED)
        columns = tuple(c for c in self.roles if c in {*self.unread, *ignored})
        return (*columns, *self.unread_parts)

    @property
    def metadata(self) -> tuple[str, ...]:
        """Columns that the sample shows as numbers, ids, dates or names."""
        return tuple(
            column
            for column, role in self.roles.items()
            if role is Role.METADATA and column in self.watched
        )

    @property
    def compared(self) -> tuple[str, ...]:
        """Columns that are compared as what a model is given, in order."""
        own = [c for p, c in self.parts.items() if p in _INPUTS or p.startswith("choice ")]
        return tuple(dict.fromkeys((*self.before, *own, *self.after)))

    @property
    def description(self) -> str:
        """Say what was recognised: `classification: input=text, label=category`."""
        parts = [f"{p}={c}" for p, c in self.parts.items()]
        parts += [f"{role.value}={c}" for c, role in self._extra()]
        text = f"{self.format}: " + ", ".join(parts)
        if self.runner_up:
            text += f"; it could be {self.runner_up}, too"
        return text + (f"; not read: {', '.join(self.not_read)}" if self.not_read else "")

    def _extra(self) -> Iterator[tuple[str, Role]]:
        for column in (*self.before, *self.after, *self.spoken):
            yield column, self.roles[column]

    def _beside(self, canonical: Mapping[str, str]) -> dict[str, str]:
        """Name the other columns that a model is given or taught by their roles, numbered."""
        own = [(c, self.roles[c]) for c in self.parts.values() if self.roles[c] in _SHOWN]
        named: dict[str, str] = {}
        for column, role in dict.fromkeys((*own, *self._extra())):
            if column in canonical.values():
                continue
            taken = {*canonical, *named}
            times = sum(role.value in {name, name.rpartition("_")[0]} for name in taken)
            named[role.value if not times else f"{role.value}_{times + 1}"] = column
        return named


_SHOWN: Final = frozenset({*BEFORE, *AFTER, Role.OUTPUT, Role.REJECTED, Role.TOOLS})
"""Roles of what a model is given, taught, or taught not to say."""
_INPUTS: Final = frozenset({"system", "context", "input", "second", "choices", "history"})


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
            ignored.
        sample: the first rows; without them names and types alone decide, and no column beside
            the format's own is given a role.
        class_names: column of class numbers → the names of the classes.
        cells: columns of csv files, in which JSON text stands for lists and objects.

    Raises:
        UsageError: an unknown format, or a column that does not exist.
        InputError: no text column is recognised, or the forced format's columns are missing.
    """
    _known(schema, format_, overrides, chosen)
    readable = _readable(schema, sample, class_names)
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
        best = min(candidates, key=lambda candidate: len(candidate.unread))
        return replace(
            _with_runner_up(best, candidates),
            json_columns=json_columns,
            json_cells=json_cells - _texts_of(best, shape),
            copies={c: replace(copy, cells=json_cells) for c, copy in best.copies.items()},
            class_names=dict(class_names),
            unread_parts=parts_not_read(shape, tuple(best.parts.values())),
            read_parts=parts_read(shape, tuple(best.parts.values())),
        )
    raise InputError(
        files[0] if files else "data",
        _unrecognised(shape, format_),
        remedy=_remedy(shape),
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
        as_much = len(other.unread) == len(best.unread) and same_columns
        if other is not best and as_much and rival != read:
            return replace(best, runner_up=other.format)
    return best


def _readable(
    schema: pl.Schema, sample: pl.DataFrame | None, class_names: Mapping[str, tuple[str, ...]]
) -> pl.Schema:
    """Return the types in which columns are read: bytes that are UTF-8 text are strings."""
    schema = with_names(schema.to_frame(), class_names).schema
    texts = (
        {}
        if sample is None
        else {
            name: pl.String()
            for name, dtype in schema.items()
            if dtype == pl.Binary and name in sample.columns and _is_utf8(sample[name])
        }
    )
    return pl.Schema({name: texts.get(name, dtype) for name, dtype in schema.items()})


def _is_utf8(values: pl.Series) -> bool:
    try:
        values.cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def with_names(table: pl.DataFrame, class_names: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """Return a table with class numbers as names of the classes; others stay as digits."""
    named = [
        _named(pl.col(column), dtype, class_names[column]).alias(column)
        for column, dtype in table.schema.items()
        if column in class_names and _is_numbered(dtype)
    ]
    return table.with_columns(named) if named else table


def _is_numbered(dtype: pl.DataType) -> bool:
    inner = dtype.inner if isinstance(dtype, pl.List) else dtype
    return inner.is_integer()


def _named(value: pl.Expr, dtype: pl.DataType, names: tuple[str, ...]) -> pl.Expr:
    if isinstance(dtype, pl.List):
        return value.list.eval(_named(pl.element(), pl.Int64(), names))
    numbers = dict(enumerate(names))
    digits = value.cast(pl.String)
    return value.cast(pl.Int64).replace_strict(numbers, default=digits, return_dtype=pl.String)


def as_text(table: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Cast bytes that are read as strings; what is not UTF-8 in them becomes U+FFFD."""
    read = [n for n, t in table.schema.items() if t == pl.Binary and schema.get(n) == pl.String]
    return table.with_columns(_decoded(table[name]) for name in read) if read else table


def _decoded(values: pl.Series) -> pl.Series:
    if _is_utf8(values):
        return values.cast(pl.String)
    texts = [None if value is None else value.decode(errors="replace") for value in values]
    return pl.Series(values.name, texts, dtype=pl.String)


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
