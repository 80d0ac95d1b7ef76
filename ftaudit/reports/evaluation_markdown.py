"""Render an evaluation for a ticket or a pull request, and for the console."""

from collections.abc import Iterator, Sequence
from typing import Final

from ftaudit.model.escape import printable
from ftaudit.reports.evaluation_curves import cost_curve, power_curve
from ftaudit.reports.evaluation_view import (
    ChangeExcerpt,
    IntervalBar,
    group_bars,
    launch_verdict,
    lift_bars,
    not_shown,
    unmeasured,
    violation_bars,
)
from ftaudit.reports.limits import breach_sentence
from ftaudit.reports.markdown import LIMIT, SHORTENED, escape
from ftaudit.wire.evaluation_statement import EvaluationStatement, digest

MARKS: Final = {"shown": "✅", "refuted": "❌", "not shown": "⚪"}
WORDS: Final = {"shown": "shown", "refuted": "REFUTED", "not shown": "not shown"}
TEXT: Final = 240
"""Characters shown of a row."""


def render(statement: EvaluationStatement, changes: Sequence[ChangeExcerpt] = ()) -> str:
    """Return Markdown of at most `LIMIT` bytes: what did not fit is said to be missing."""
    size, text = len(SHORTENED.encode()), ""
    for block in _blocks(statement, changes):
        size += len(block.encode()) + 1
        if size > LIMIT:
            return text + SHORTENED
        text += block + "\n"
    return text


def _blocks(statement: EvaluationStatement, changes: Sequence[ChangeExcerpt]) -> Iterator[str]:
    predicate, verdict = statement.predicate, launch_verdict(statement)
    yield f"# {'✅' if verdict.passed else '❌'} {verdict.word}\n"
    yield f"**{escape(verdict.headline, limit=1_000)}** {escape(verdict.meaning, limit=1_000)}\n"
    yield "| | claim |\n| --- | --- |"
    for claim in predicate.claims:
        yield f"| {MARKS[claim.standing]} {claim.standing} | {escape(claim.text, limit=600)} |"
    yield "\n## Lift in points\n\n| | lift (interval) | rows |\n| --- | --- | --- |"
    yield from map(_row, lift_bars(predicate))
    leading, following = group_bars(predicate)
    if leading:
        yield "\n## Classes, the worst first\n\n| | lift (90 % interval) | rows |"
        yield "| --- | --- | --- |"
        yield from map(_row, leading)
        if following:
            yield f"| and {len(following):,} more | | |"
    if predicate.violations:
        yield "\n## Violations\n\n| rule | before | after | removed | introduced |"
        yield "| --- | --- | --- | --- | --- |"
        for bar in violation_bars(predicate):
            cells = (bar.baseline, bar.tuned, bar.removed, bar.introduced)
            yield f"| {escape(bar.rule)} | " + " | ".join(f"{n:,}" for n in cells) + " |"
    for title, curve in (("Cost", cost_curve(predicate)), ("Power", power_curve(predicate))):
        if curve is not None:
            yield f"\n## {title}\n\n{escape(curve.caption, limit=1_000)}"
    yield from _changes(changes)
    yield "\n## Not shown, not measured\n"
    yield from (f"- {escape(gap, limit=600)}" for gap in not_shown(predicate))
    yield from (f"- {escape(note, limit=600)}" for note in predicate.notes)
    yield f"\nEvaluation `sha256:{digest(statement)}`"


def _row(bar: IntervalBar) -> str:
    return f"| {escape(bar.name)} | {escape(bar.words)} | {escape(bar.note)} |"


def _changes(changes: Sequence[ChangeExcerpt]) -> Iterator[str]:
    for kind in ("broken", "fixed"):
        rows = [change for change in changes if change.change == kind]
        if rows:
            yield f"\n## Rows it {'broke' if kind == 'broken' else 'fixed'}\n"
            yield "| row | input | right | before | after |\n| --- | --- | --- | --- | --- |"
        for row in rows:
            cells = (row.place, row.input, row.reference, row.baseline, row.tuned)
            yield "| " + " | ".join(escape(cell, limit=TEXT) for cell in cells) + " |"


def summary(statement: EvaluationStatement) -> str:
    """Return the evaluation for a terminal: verdict, claims, what is not shown."""
    predicate, verdict = statement.predicate, launch_verdict(statement)
    lines = [(f"{verdict.word}:", verdict.headline), ("", verdict.meaning)]
    lines += [(WORDS[claim.standing], claim.text) for claim in predicate.claims]
    lines += [
        (f"waived by {b.waiver}" if b.waiver else "blocks", f"{b.rule}: {breach_sentence(b)}")
        for b in predicate.gate.breaches
    ]
    lines += [("warning", f"{b.rule}: {breach_sentence(b)}") for b in predicate.gate.warnings]
    lines += [("note", gap) for gap in (*predicate.incomplete, *unmeasured(predicate))]
    lines += [("note", note) for note in predicate.notes]
    (word, headline), *rest = ((topic, printable(text, limit=1_000)) for topic, text in lines)
    return "\n".join([f"{word} {headline}", *(_line(topic, text) for topic, text in rest)]) + "\n"


def _line(topic: str, text: str) -> str:
    return f"  {printable(topic):<10} {text}" if topic else f"  {text}"
