"""Render the summary of a manifest for a terminal: the verdict, what stands in the way, where."""

from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import groupby
from typing import Final

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ftaudit.model.escape import printable
from ftaudit.model.finding import counted
from ftaudit.reports import phrasing
from ftaudit.reports.excerpt import NONE, Excerpt, Excerpts, sides
from ftaudit.reports.limits import breach_sentence, by_check, worst_examples, worst_first
from ftaudit.reports.training_examples import TrainingExample, console_lines
from ftaudit.wire.manifest import (
    BreachRecord,
    CheckRecord,
    ExampleRecord,
    Manifest,
    Reference,
)

MARKS: Final = {"passed": "✓", "warned": "!", "failed": "✗", "skipped": "-", "error": "✗"}
STYLES: Final = {
    "passed": "green",
    "warned": "yellow",
    "failed": "bold red",
    "skipped": "dim",
    "error": "bold red",
}
ITEMS: Final = 20
"""Breaches of a check, warnings or files shown before the rest is only counted."""
EXAMPLES: Final = 3
"""Examples shown of a check that failed."""
PLACE: Final = 40
"""Columns in which the places of examples are lined up."""
EXCERPT: Final = 300
"""Characters of a row that are handed to the terminal, which cuts them to its width."""


def show(
    manifest: Manifest,
    console: Console,
    excerpts: Excerpts = NONE,
    examples: Sequence[TrainingExample] = (),
) -> None:
    """Print the summary: with or without colour, in ASCII where needed, in a pipe.

    Args:
        manifest: what to show.
        console: where to print.
        excerpts: masked texts of rows.
        examples: records with what is trained of them marked.
    """
    summary = _summary(manifest, excerpts, examples)
    if console.options.ascii_only:
        text = _ascii(_written(summary, console.width))
        console.print(Text(text), soft_wrap=True, end="")
    elif console.is_terminal:
        console.print(summary)
    else:
        console.print(Text(_written(summary, console.width)), soft_wrap=True, end="")


def plain(manifest: Manifest, excerpts: Excerpts = NONE, *, width: int = 80) -> str:
    """Return the summary as text without colour, ASCII marks only."""
    return _ascii(_written(_summary(manifest, excerpts), width))


def _ascii(text: str) -> str:
    return text.translate(_ASCII).encode("ascii", "replace").decode()


def render(manifest: Manifest, excerpts: Excerpts = NONE) -> str:  # noqa: ARG001 - a file shows none
    """Return the summary as text without colour, 80 columns wide; it may go where no row may."""
    return _written(_summary(manifest, NONE), 80)


_ASCII: Final = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "→": ">",
        "…": "~",
        "�": "?",
        "—": "-",
        "⟦": "[",
        "⟧": "]",
        "⟨": "<",
        "⟩": ">",
    }
)


def _written(summary: Group, width: int) -> str:
    """Return the summary without colour and without blanks at the ends of lines."""
    to = StringIO()
    console = Console(
        file=to,
        width=width,
        color_system=None,
        force_terminal=False,
        force_jupyter=False,
        emoji=False,
    )
    console.print(summary)
    return "\n".join(line.rstrip() for line in to.getvalue().splitlines()) + "\n"


def _summary(
    manifest: Manifest, excerpts: Excerpts, examples: Sequence[TrainingExample] = ()
) -> Group:
    predicate, gate = manifest.predicate, manifest.predicate.gate
    standing = [breach for breach in gate.breaches if breach.waiver is None]
    waived = [breach for breach in gate.breaches if breach.waiver is not None]
    parts = [
        _verdict(phrasing.verdict(manifest)),
        *_obstacles(manifest, standing, excerpts),
        *_limits("Waived", worst_first(waived, predicate.checks)),
        *_limits("Warnings: worth a look", worst_first(gate.warnings, predicate.checks)),
        _checks(predicate.checks),
        *_trained(examples),
        *_gaps(phrasing.gaps(manifest)),
        _inputs(manifest),
    ]
    return Group(*(Padding(part, (0, 0, 1, 0)) for part in parts[:-1]), parts[-1])


def _trained(examples: Sequence[TrainingExample]) -> Iterator[RenderableType]:
    """Yield the records that show what is trained, under one heading."""
    if examples:
        heading = Text("What is trained: the text between ⟦ and ⟧", style="bold")
        yield Group(heading, *console_lines(examples))


def _verdict(verdict: phrasing.VerdictText) -> Text:
    line = Text(verdict.word, style="bold green" if verdict.passed else "bold red")
    return line.append(f"  {verdict.meaning} {verdict.reasons}.", style="not bold default")


def _obstacles(
    manifest: Manifest, breaches: Sequence[BreachRecord], excerpts: Excerpts
) -> Iterator[RenderableType]:
    """Yield the breaches that stand, by check, each check with examples."""
    for check, group in by_check(breaches, manifest):
        id_ = phrasing.name(group[0].check)
        headline = f"  {phrasing.outcome(check)}" if check is not None else ""
        parts: list[RenderableType] = [Text.assemble((id_, "bold red"), headline)]
        parts.append(Padding(_breach_table(group), (0, 0, 0, 2)))
        if check is not None and check.status == "failed":
            parts += [Padding(line, (0, 0, 0, 4)) for line in _example_lines(check, excerpts)]
        yield Group(*parts)


def _breach_table(breaches: Sequence[BreachRecord]) -> Table:
    """Return a sentence per breach; a remedy that several share stands once, behind the last."""
    table = Table.grid(padding=(0, 1), pad_edge=False)
    table.add_column(no_wrap=True, style="red")
    table.add_column(overflow="fold", ratio=1)
    table.add_column(overflow="fold", max_width=16, justify="right", style="dim")
    listed = breaches[:ITEMS]
    for at, breach in enumerate(listed):
        sentence, rule = breach_sentence(breach), phrasing.name(breach.rule)
        table.add_row(MARKS["failed"], Text(sentence), Text(rule))
        if breach.fix and all(breach.fix != later.fix for later in listed[at + 1 :]):
            table.add_row("", Text(f"→ {phrasing.sentence(breach.fix)}", style="dim"), "")
    if len(breaches) > ITEMS:
        table.add_row("", f"and {len(breaches) - ITEMS:,} more, in the manifest", "")
    return table


def _example_lines(check: CheckRecord, excerpts: Excerpts) -> Iterator[Text]:
    """Yield a line per row of the first examples: its place and as much text as fits."""
    examples = worst_examples(check)[:EXAMPLES]
    rows = [row for example in examples for row in _rows(example, excerpts)]
    width = min(PLACE, max((cell_len(place) for place, _ in rows), default=0))
    for place, text in rows:
        gap = " " * max(0, width - cell_len(place))
        yield Text.assemble((f"{place}{gap}  ", "cyan"), text, no_wrap=True, overflow="ellipsis")


def _rows(example: ExampleRecord, excerpts: Excerpts) -> Iterator[tuple[str, Text]]:
    """Yield place and text of the row of an example, and of its related row."""
    own, related = sides(example, excerpts)
    if example.related is None:
        text = Text(f"{phrasing.name(example.rule)} {phrasing.phrase(example.detail)}", style="dim")
        whole = not example.field and example.where.row == 0
        place = phrasing.name(example.where.file) if whole else _place(example.where)
        yield place, text.append_text(_excerpt(own, labelled=False, prefix="  "))
        return
    differ = bool(own and related and own.label != related.label)
    likeness = Text(f"{phrasing.likeness(example)}  ", style="dim")
    if own is None and related is None:
        yield _place(example.where), likeness.append(phrasing.phrase(example.detail))
        yield _place(example.related), Text()
        return
    yield _place(example.where), _excerpt(own, labelled=differ)
    yield _place(example.related), _excerpt(related, labelled=differ)


def _excerpt(excerpt: Excerpt | None, *, labelled: bool, prefix: str = "") -> Text:
    """Return the masked text of a row, its label before it where the labels of a pair differ."""
    if excerpt is None:
        return Text()
    label = f"{phrasing.name(excerpt.label) or 'no label'}: " if labelled else ""
    text = printable(excerpt.text, limit=EXCERPT)
    return Text.assemble(prefix, (label, "bold"), (text, "not dim"))


def _place(reference: Reference) -> str:
    """Return `train.csv:19`, or `train.parquet row 17` of a file without lines."""
    file = phrasing.name(reference.file)
    return f"{file}:{reference.line}" if reference.line is not None else phrasing.place(reference)


def _limits(title: str, breaches: Sequence[BreachRecord]) -> Iterator[RenderableType]:
    if not breaches:
        return
    table = Table.grid(padding=(0, 1), pad_edge=False)
    table.add_column(overflow="fold", ratio=1)
    table.add_column(overflow="fold", max_width=16, justify="right", style="dim")
    for breach in breaches[:ITEMS]:
        waiver = f" Waived by {phrasing.name(breach.waiver)}." if breach.waiver else ""
        table.add_row(Text(breach_sentence(breach) + waiver), Text(phrasing.name(breach.rule)))
    if len(breaches) > ITEMS:
        table.add_row(f"and {len(breaches) - ITEMS:,} more, in the manifest", "")
    yield Group(Text(title, style="bold yellow"), Padding(table, (0, 0, 0, 2)))


def _checks(checks: Sequence[CheckRecord]) -> Table:
    """Return a line per check; checks that were skipped for one reason share a line."""
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(no_wrap=True)
    longest = max((len(phrasing.name(check.id)) for check in checks), default=0)
    table.add_column(overflow="fold", min_width=min(longest, 24), max_width=24)
    table.add_column(overflow="fold", ratio=1)
    skipped = [check for check in checks if check.status == "skipped"]
    for check in phrasing.ordered(checks):
        if check not in skipped:
            outcome = Text(phrasing.outcome(check))
            table.add_row(_mark(check), Text(phrasing.name(check.id)), outcome)
    for names, reason in _skips(skipped):
        mark = Text(f"{MARKS['skipped']} skipped", style=STYLES["skipped"])
        if len(names) == 1:
            table.add_row(mark, Text(phrasing.name(names[0])), Text(reason))
        else:
            text = Text(f"{reason}: {phrasing.listed(names)}")
            table.add_row(mark, Text(f"{len(names):,} checks"), text)
    return table


def _skips(skipped: Sequence[CheckRecord]) -> Iterator[tuple[list[str], str]]:
    """Yield the checks that share a reason, and the reason; those that wait for an option are one.

    What waits for an option is named with it, such as `slices (--slice-column)`.
    """
    for reason, group in groupby(sorted(skipped, key=_shared_reason), key=_shared_reason):
        checks = sorted(group, key=lambda check: check.id)
        if reason == _NOT_ASKED and len(checks) > 1:
            yield [_with_options(check) for check in checks], reason
        elif reason == _NOT_ASKED:
            yield [checks[0].id], phrasing.outcome(checks[0])
        else:
            yield [check.id for check in checks], reason


def _with_options(check: CheckRecord) -> str:
    return f"{check.id} ({', '.join(phrasing.awaited_options(check))})"


_NOT_ASKED: Final = "run with an option of their own"


def _shared_reason(check: CheckRecord) -> str:
    return _NOT_ASKED if phrasing.awaited_options(check) else phrasing.outcome(check)


def _mark(check: CheckRecord) -> Text:
    return Text(f"{MARKS[check.status]} {check.status}", style=STYLES[check.status])


def _gaps(gaps: Sequence[str]) -> Iterator[RenderableType]:
    if gaps:
        title = Text("Not looked at", style="bold")
        yield Group(title, *(Padding(Text(gap), (0, 0, 0, 2)) for gap in gaps))


def _inputs(manifest: Manifest) -> RenderableType:
    inputs, whole = manifest.predicate.inputs, phrasing.compares_records(manifest)
    formats = phrasing.listed(sorted({data.format for data in inputs}))
    rows = counted(sum(data.rows for data in inputs), "row")
    files = counted(len(inputs), "file")
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for data in inputs[:ITEMS]:
        table.add_row(data.role, Text(phrasing.name(data.name)), counted(data.rows, "row"))
    if len(inputs) > ITEMS:
        table.add_row("", f"and {len(inputs) - ITEMS:,} more files", "")
    head = Text.assemble(("Recognised as ", ""), (formats, "bold"), f": {rows} in {files}")
    columns = dict.fromkeys(phrasing.role_of_columns(data, whole=whole) for data in inputs)
    mapped = [Text(f"Columns: {mapping}", style="dim") for mapping in list(columns)[:3] if mapping]
    mapped += [Text(line, style="dim") for line in phrasing.reading(manifest)]
    return Group(head, *mapped, Padding(table, (0, 0, 0, 2)))
