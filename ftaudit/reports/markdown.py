"""Render a manifest as Markdown for a ticket or a pull request, short enough for one comment.

GitHub refuses comments of more than 65,536 characters. Every string of the manifest is hostile
here: it could be a link, a mention of somebody, raw HTML, or the end of a table cell.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ftaudit.model.escape import printable
from ftaudit.reports import phrasing
from ftaudit.reports.excerpt import NONE, Excerpts, distinct, sides, spread
from ftaudit.reports.limits import breach_sentence
from ftaudit.wire.manifest import BreachRecord, CheckRecord, ExampleRecord, Manifest

LIMIT: Final = 65_000
"""Bytes of UTF-8, so characters too: below GitHub's 65,536 in any way of counting."""
TEXT: Final = 240
"""Characters shown of a row."""
EXAMPLES: Final = 5
"""Examples shown of a check."""
LINES: Final = 40
"""Lines of one list or table."""

MARKS: Final = {"passed": "✅", "warned": "⚠️", "failed": "❌", "skipped": "⚪", "error": "⛔"}
SHORTENED: Final = "\n_Shortened to fit a comment; the manifest holds all._\n"

_MARKUP: Final = re.compile(r"[\\`*\[\]!|~$<>&]|(?<![^\W_])_|_(?![^\W_])")
_LEADING: Final = re.compile(r"^(\d+)([.)])|^()([-+=#])")
_LINKING: Final = re.compile(
    r"@(?=\w)|#(?=\d)|:(?=//)|(?<=\bwww)\.|(?<=\bgh)-(?=\d)", re.IGNORECASE
)
_ENTITIES: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_NOTHING: Final = "&#8203;"
"""A zero-width space: no mention, reference or link survives it."""


def render(manifest: Manifest, excerpts: Excerpts = NONE) -> str:
    """Return the report, at most `LIMIT` bytes; a last line names what was left out."""
    blocks = list(_blocks(manifest, excerpts))
    size, text = len(SHORTENED.encode()), ""
    for block in blocks:
        size += len(block.encode()) + 1
        if size > LIMIT:
            return text + SHORTENED
        text += block + "\n"
    return text


def escape(text: str, *, limit: int = phrasing.PHRASE) -> str:
    """Return text that Markdown, HTML and GitHub show as it stands, in a cell as elsewhere."""
    escaped = _MARKUP.sub(_escaped, printable(text, limit=limit))
    return _LEADING.sub(r"\1\3\\\2\4", _LINKING.sub(_unlinked, escaped))


def _escaped(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0], "\\" + match[0])


def _unlinked(match: re.Match[str]) -> str:
    return match[0] + _NOTHING


def prose(text: str) -> str:
    """Return a sentence escaped; text between backticks becomes code."""
    pieces = phrasing.spans(text)
    return "".join(
        code(piece) if is_code else phrasing.padded(piece, escape(piece))
        for piece, is_code in pieces
    )


def code(text: str) -> str:
    """Return a name as code; a name of odd characters as escaped text."""
    plain = phrasing.name(text)
    return f"`{plain}`" if re.fullmatch(r"[\w.,:/ +-]+", plain) else escape(plain)


def _blocks(manifest: Manifest, excerpts: Excerpts) -> Iterator[str]:
    """Yield the parts of the report, the most important first."""
    predicate, verdict = manifest.predicate, phrasing.verdict(manifest)
    gate = predicate.gate
    mark = MARKS["passed" if verdict.passed else "failed"]
    yield f"## {mark} {verdict.word}: {verdict.meaning}\n\n{verdict.reasons}.\n"
    yield from _breaches("What to do next", [b for b in gate.breaches if b.waiver is None])
    yield _checks(predicate.checks)
    yield from _breaches("Waived", [b for b in gate.breaches if b.waiver is not None])
    yield from _breaches("Worth a look", gate.warnings)
    yield from _listed(
        "Not looked at", [escape(gap, limit=2_000) for gap in phrasing.gaps(manifest)]
    )
    yield _data(manifest)
    for check in phrasing.ordered(predicate.checks):
        yield from _check(check, excerpts)
    yield _evidence(manifest)


def _breaches(title: str, breaches: Sequence[BreachRecord]) -> Iterator[str]:
    lines = []
    for breach in breaches:
        line = f"**{code(breach.rule)}** {escape(breach_sentence(breach))}"
        line += f" {prose(breach.why)}" if breach.why else ""
        if breach.waiver is not None:
            line += f" Waived by {code(breach.waiver)}."
        elif breach.fix:
            line += f"<br>→ {prose(breach.fix)}"
        lines.append(line)
    yield from _listed(title, lines)


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        more = [f"… and {len(lines) - LINES:,} more"] if len(lines) > LINES else []
        yield (
            "\n".join([f"### {title}\n", *(f"- {line}" for line in (*lines[:LINES], *more))]) + "\n"
        )


def _table(head: str, rows: Iterable[Sequence[str]]) -> str:
    columns = head.split("|")
    lines = [" | ".join(columns), " | ".join("---" for _ in columns)]
    lines += [" | ".join(row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def _checks(checks: Sequence[CheckRecord]) -> str:
    rows = [
        (f"{MARKS[check.status]} {check.status}", code(check.id), escape(phrasing.outcome(check)))
        for check in phrasing.ordered(checks)[: 2 * LINES]
    ]
    return "### Checks\n\n" + _table("Status|Check|What it says", rows)


def _data(manifest: Manifest) -> str:
    inputs = manifest.predicate.inputs
    rows = [
        (
            data.role,
            code(data.name),
            f"{data.rows:,}",
            code(data.format),
            escape(phrasing.role_of_columns(data, whole=phrasing.compares_records(manifest))),
        )
        for data in inputs[:LINES]
    ]
    more = f"\n… and {len(inputs) - LINES:,} more files.\n" if len(inputs) > LINES else ""
    read = "".join(f"\n{escape(line, limit=2_000)}\n" for line in phrasing.reading(manifest))
    return "### Data\n\n" + _table("Role|File|Rows|Read as|Columns", rows) + more + read


def _check(check: CheckRecord, excerpts: Excerpts) -> Iterator[str]:
    """Yield the findings, severities, places and remedies of a check; nothing without findings."""
    if not check.findings and not check.notes:
        return
    title = f"{MARKS[check.status]} <b>{escape(check.id, limit=phrasing.NAME)}</b>"
    rows = [
        (
            f"{escape(finding.title)} ({code(finding.rule)})",
            finding.severity,
            f"{finding.count:,}",
            prose(finding.remedy),
        )
        for finding in check.findings[:LINES]
    ]
    parts = [f"<details><summary>{title}</summary>\n"]
    parts += [_table("Found|How bad|Count|What to do", rows)] if rows else []
    parts += [f"{escape(phrasing.sentence(note))}\n" for note in check.notes[:10]]
    parts += [_examples(check.examples, excerpts)] if check.examples else []
    yield "\n".join([*parts, "</details>\n"])


def _examples(examples: Sequence[ExampleRecord], excerpts: Excerpts) -> str:
    chosen = spread(distinct(examples))[:EXAMPLES]
    rows = [
        (
            code(example.rule),
            _place(example),
            escape(phrasing.place(example.related)) if example.related else "",
            phrasing.likeness(example),
            escape(example.detail),
        )
        for example in chosen
    ]
    texts = [line for example in chosen for line in _texts(example, excerpts)]
    table = _table("Rule|Row|Related row|How alike|Detail", rows)
    return table + ("\n" + "\n".join(texts) if texts else "")


def _place(example: ExampleRecord) -> str:
    field = f", {escape(phrasing.span(example))}" if example.field else ""
    return escape(phrasing.place(example.where)) + field


def _texts(example: ExampleRecord, excerpts: Excerpts) -> Iterator[str]:
    references = (example.where, example.related)
    pair = sides(example, excerpts)
    for reference, excerpt in zip(references, pair, strict=True):
        if reference is not None and excerpt is not None:
            label = f" → {escape(excerpt.label, limit=phrasing.NAME)}" if excerpt.label else ""
            place = escape(phrasing.place(reference))
            yield f"> _{place}_: {escape(excerpt.text, limit=TEXT)}{label}\n>"
    if any(pair):
        yield ""


def _evidence(manifest: Manifest) -> str:
    predicate = manifest.predicate
    tool = f"{phrasing.name(predicate.tool.name)} {phrasing.name(predicate.tool.version)}"
    files = [
        f"- {code(subject.name)} `sha256:{_hexadecimal(subject.digest.sha256)}`"
        for subject in manifest.subject[:LINES]
    ]
    policy = f"{code(predicate.policy.name)} `sha256:{_hexadecimal(predicate.policy.sha256)}`"
    period = f"at {escape(predicate.time_created)}, holds until {escape(predicate.expires)}"
    lines = [*files, f"- policy {policy}", f"- made by {escape(tool)} {period}"]
    return "\n".join(["<details><summary>Evidence</summary>\n", *lines, "\n</details>\n"])


def _hexadecimal(text: str) -> str:
    return "".join(c for c in text[:64] if c in "0123456789abcdef")
