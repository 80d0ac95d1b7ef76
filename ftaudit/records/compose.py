"""What a record is made of beyond its format: columns of other roles around input and output."""

from typing import Final

import polars as pl
from msgspec.structs import replace

from ftaudit.records.annotations import accepted_rows
from ftaudit.records.cell_values import Raw
from ftaudit.records.content_parts import media_reference
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords
from ftaudit.records.recognised import Recognised
from ftaudit.records.record_part import read_text
from ftaudit.records.roles import SHARED, Role

_SPOKEN: Final = frozenset({"output", "text"})
_GIVEN: Final = frozenset({"input", "text"})


def composed_of(recognised: Recognised, requested: frozenset[str]) -> list[str]:
    """Return the columns beyond the format's own that canonical columns are made of."""
    columns: list[str] = []
    shares = _shares(recognised)
    if requested & _GIVEN or (shares and "focus" in requested):
        columns += [*recognised.before, *recognised.after]
    if shares and "focus" in requested:
        columns.append(recognised.parts["input"])
    if requested & _SPOKEN:
        columns += recognised.spoken
    if "text" in requested:
        columns += recognised.references
    if requested & {"label", "output", "answer", "problems", "text"}:
        columns += [c for part, c in recognised.parts.items() if part == Role.VERDICT.value]
    return columns


def compose(
    mapped: MappedRecords, raw: Raw, recognised: Recognised, requested: frozenset[str]
) -> MappedRecords:
    """Put system, context, title and history before the input, media and choices after it.

    Reasons and thoughts stand before the output; a reference answer is in the text alone. Where
    records share a context or a history by design, the focus is the rest of what is given.
    """
    if Role.VERDICT.value in recognised.parts:
        mapped = _accepted(mapped, raw, recognised)
    needs = set(composed_of(recognised, requested))
    if not needs:
        return mapped
    before = [_read(raw, c, recognised) for c in recognised.before if c in raw.frame.columns]
    after = [_read(raw, c, recognised) for c in recognised.after if c in raw.frame.columns]
    spoken = [_read(raw, c, recognised) for c in recognised.spoken if c in raw.frame.columns]
    references = [
        _read(raw, c, recognised) for c in recognised.references if c in raw.frame.columns
    ]
    rest = joined(mapped.input, *after) if after else mapped.input
    focus = rest if _shares(recognised) else mapped.focus
    return replace(
        mapped,
        input=joined(*before, rest) if before else rest,
        output=joined(*spoken, mapped.output) if spoken else mapped.output,
        answer=mapped.output if spoken and mapped.answer is None else mapped.answer,
        text=joined(*before, mapped.text, *after, *spoken, *references),
        focus=focus,
    )


def _accepted(mapped: MappedRecords, raw: Raw, recognised: Recognised) -> MappedRecords:
    """Leave out what was not accepted, and do not report that it is missing."""
    rows = accepted_rows(raw, recognised.parts)
    accepted = pl.Series(rows, dtype=pl.Boolean)
    label = None if mapped.label is None else _where(accepted, mapped.label)
    output = _where(accepted, mapped.output)
    answer = None if mapped.answer is None else _where(accepted, mapped.answer)
    left_out = [row for row, yes in enumerate(rows) if not yes]
    lost = pl.col("rule").is_in(["schema.missing_label", "schema.missing_output"])
    problems = [
        p.filter(~(lost & pl.col("row").cast(pl.Int64).is_in(left_out))) for p in mapped.problems
    ]
    return replace(mapped, label=label, output=output, answer=answer, problems=problems)


def _where(condition: pl.Series, values: pl.Series) -> pl.Series:
    return pl.select(pl.when(condition).then(values)).to_series()


def _read(raw: Raw, column: str, recognised: Recognised) -> pl.Series:
    if recognised.roles[column] is not Role.MEDIA:
        return read_text(raw, column)
    return pl.Series([_media(value) for value in raw.values(column)], dtype=pl.String)


def _media(value: object) -> str | None:
    reference = media_reference(value if not isinstance(value, int) else str(value))
    return None if reference is None else f"[{reference}]"


def _shares(recognised: Recognised) -> bool:
    return any(recognised.roles[column] in SHARED for column in recognised.before)
