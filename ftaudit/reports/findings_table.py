"""Show findings: as a table per rule on a terminal, as CSV and as JSON for other tools.

Texts are masked excerpts. Words that the other row of a pair lacks are marked.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from msgspec import Struct
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from ftaudit.model.csv_cell import neutral_cell
from ftaudit.model.escape import printable
from ftaudit.model.finding import counted
from ftaudit.reports import phrasing
from ftaudit.reports.excerpt import Excerpt, Excerpts, sides
from ftaudit.reports.word_difference import Piece, differences
from ftaudit.wire.manifest import ExampleRecord, Reference

TEXT: Final = 400
"""Characters shown of a row."""
COLUMNS: Final = (
    "check",
    "rule",
    "severity",
    "title",
    "split",
    "file",
    "row",
    "line",
    "related_file",
    "related_row",
    "related_line",
    "field",
    "start",
    "end",
    "similarity",
    "score",
    "detail",
    "text",
    "label",
    "related_text",
    "related_label",
    "differing_words",
    "related_differing_words",
)
"""Columns of the CSV, keys of the JSON."""


class RuleFindings(Struct, frozen=True):
    """Findings of one rule."""

    check: str
    rule: str
    title: str
    severity: str
    total: int
    """Findings that were selected, shown or not."""
    examples: Sequence[ExampleRecord]
    mirrored: int = 0
    """Further findings, of the same pairs seen from the other row."""


def show_findings(groups: Sequence[RuleFindings], excerpts: Excerpts, console: Console) -> None:
    """Print a table per rule. In a pipe, differing words stand between asterisks."""
    parts = [_group(group, excerpts, marked=not _has_styles(console)) for group in groups]
    if console.is_terminal:
        for part in parts:
            console.print(part)
        return
    to = StringIO()
    plain = Console(file=to, width=console.width, color_system=None, force_jupyter=False)
    for part in parts:
        plain.print(part)
    text = "\n".join(line.rstrip() for line in to.getvalue().splitlines())
    encoding = console.encoding or "utf-8"
    console.print(Text(text.encode(encoding, "replace").decode(encoding)), soft_wrap=True)


def findings_json(groups: Sequence[RuleFindings], excerpts: Excerpts) -> str:
    """Return a JSON list with an object per finding, with the keys of `COLUMNS`."""
    rows = list(_records(groups, excerpts))
    return json.dumps(rows, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def findings_csv(groups: Sequence[RuleFindings], excerpts: Excerpts) -> str:
    """Return CSV with a header and a line per finding; no cell is a formula."""
    to = StringIO()
    writer = csv.DictWriter(to, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for record in _records(groups, excerpts):
        writer.writerow({name: _cell(value) for name, value in record.items()})
    return to.getvalue()


def _has_styles(console: Console) -> bool:
    return console.is_terminal and console.color_system is not None


def _group(group: RuleFindings, excerpts: Excerpts, *, marked: bool) -> RenderableType:
    total, count = counted(group.total + group.mirrored, "finding"), len(group.examples)
    if group.mirrored:
        total += f" of {counted(group.total, 'pair')}"
    head = Text.assemble(
        (phrasing.name(group.rule), "bold"),
        f"  {phrasing.phrase(group.title)}  ",
        (f"{phrasing.name(group.severity)}, {total}", "dim"),
    )
    lines: list[RenderableType] = [head]
    for example in group.examples:
        lines += _example(example, excerpts, marked=marked)
    if count < group.total:
        more = f"and {group.total - count:,} more; --limit shows them"
        lines.append(Padding(Text(more, style="dim"), (0, 0, 0, 2)))
    return Group(*lines, Text())


def _example(
    example: ExampleRecord, excerpts: Excerpts, *, marked: bool
) -> Iterator[RenderableType]:
    """Yield place, remarks and text of a row, then those of the related row."""
    own, related, pieces = _texts(example, excerpts)
    field = f" {phrasing.span(example)}" if example.field else ""
    remarks = [phrasing.likeness(example), phrasing.phrase(example.detail)]
    remark = ", ".join(part for part in remarks if part)
    place = Text.assemble((_place(example.where), "cyan"), field)
    yield Padding(place.append(f"  {remark}" if remark else "", style="dim"), (0, 0, 0, 2))
    if own is not None:
        yield _text(own, pieces[0], marked=marked)
    if example.related is not None:
        yield Padding(Text(_place(example.related), style="cyan"), (0, 0, 0, 2))
        if related is not None:
            yield _text(related, pieces[1], marked=marked)


def _texts(
    example: ExampleRecord, excerpts: Excerpts
) -> tuple[Excerpt | None, Excerpt | None, tuple[list[Piece], list[Piece]]]:
    own, related = sides(example, excerpts)
    texts = [printable(side.text, limit=TEXT) if side else "" for side in (own, related)]
    if own is not None and related is not None:
        return own, related, differences(*texts)
    return own, related, ([Piece(texts[0], differs=False)], [Piece(texts[1], differs=False)])


def _text(excerpt: Excerpt, pieces: Sequence[Piece], *, marked: bool) -> Padding:
    text = Text()
    if excerpt.label:
        text.append(f"{phrasing.name(excerpt.label)}: ", style="bold")
    for piece in pieces:
        mark = "*" if marked and piece.differs else ""
        text.append(f"{mark}{piece.text}{mark}", style="bold yellow" if piece.differs else "")
    return Padding(text, (0, 0, 0, 4))


def _place(reference: Reference) -> str:
    split = f"{phrasing.name(reference.split)} " if reference.split else ""
    return f"{split}{phrasing.place(reference)}"


def _records(
    groups: Sequence[RuleFindings], excerpts: Excerpts
) -> Iterator[dict[str, str | int | float | None]]:
    for group in groups:
        for example in group.examples:
            yield dict(zip(COLUMNS, _values(group, example, excerpts), strict=True))


def _values(
    group: RuleFindings, example: ExampleRecord, excerpts: Excerpts
) -> Iterator[str | int | float | None]:
    own, related, pieces = _texts(example, excerpts)
    yield from (group.check, group.rule, group.severity, group.title)
    yield from (example.where.split, example.where.file, example.where.row, example.where.line)
    other = example.related
    yield from (other.file, other.row, other.line) if other else (None, None, None)
    yield from (example.field or None, example.start, example.end)
    yield from (example.similarity, example.score, example.detail or None)
    for side, parts in ((own, pieces[0]), (related, pieces[1])):
        yield "".join(piece.text for piece in parts) if side else None
        yield printable(side.label) if side and side.label else None
    for parts in pieces:
        words = [piece.text for piece in parts if piece.differs]
        yield " ".join(words) or None


def _cell(value: str | float | None) -> str | float | None:
    """Return a cell that no spreadsheet runs as a formula."""
    return neutral_cell(value) if isinstance(value, str) else value
