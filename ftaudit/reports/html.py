"""Render the report a person reads: one file, no network, complete without JavaScript.

Every string of the manifest is hostile: it passes `printable`, and Jinja escapes it. The
Content-Security-Policy allows the one style sheet and, where findings are given, the one script
that pages through them, each by its hash, and nothing else (https://www.w3.org/TR/CSP3/).
"""

import base64
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import resources
from typing import Final

import polars as pl
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemBytecodeCache,
    FunctionLoader,
    StrictUndefined,
    Template,
)
from jinja2.bccache import Bucket
from markupsafe import Markup
from msgspec import Struct

from ftaudit.model.escape import printable
from ftaudit.model.finding import Severity, counted
from ftaudit.model.user_cache import is_private, user_cache
from ftaudit.reports import phrasing, standards
from ftaudit.reports.drawing import HEIGHT, WIDTH, Drawing, draw
from ftaudit.reports.excerpt import NONE, Excerpt, Excerpts, distinct
from ftaudit.reports.excerpt import sides as sides_of
from ftaudit.reports.excerpt_turns import ExcerptTurn, excerpt_turns
from ftaudit.reports.findings_section import findings_section, similarity_chart
from ftaudit.reports.limits import breach_sentence, concern, severity_rank, worst_first
from ftaudit.reports.training_examples import TrainingExample
from ftaudit.reports.word_difference import Piece, differences
from ftaudit.wire.manifest import (
    BreachRecord,
    ChartRecord,
    CheckRecord,
    ExampleRecord,
    FindingCount,
    Manifest,
    digest,
)

TEXT: Final = 600
"""Characters shown of a row."""
EXAMPLES: Final = 60
"""Examples shown of a check."""
LEADING: Final = 3
"""Texts shown of a rule before the others are folded away."""
HEAD: Final = 6
"""Files named in the heading."""
ITEMS: Final = 500
"""Metrics, findings or inputs shown of one kind."""


class ShownTurn(Struct, frozen=True):
    """What one role says, in pieces; the role is empty in text that is no conversation."""

    role: str
    pieces: list[Piece]


class Side(Struct, frozen=True):
    """One row of an example, ready to be set beside the other."""

    split: str
    place: str
    label: str
    turns: list[ShownTurn]


class ShownExample(Struct, frozen=True):
    """An example: its rows with their texts, where excerpts were given."""

    example: ExampleRecord
    sides: list[Side]
    labels_differ: bool
    others: list[str]
    """Further rules that name the same pair of rows."""


class CheckSection(Struct, frozen=True):
    """A check with what the template draws of it."""

    anchor: str
    record: CheckRecord
    breaches: list[BreachRecord]
    examples: list[ShownExample]
    drawings: list[Drawing]
    tags: list[str]

    @property
    def counts(self) -> list[FindingCount]:
        """Return the findings counted by rule, the most severe first."""
        severities = [str(severity) for severity in reversed(Severity)]
        rank = {severity: at for at, severity in enumerate(severities)}
        return sorted(self.record.findings, key=lambda f: rank.get(f.severity, len(rank)))

    @property
    def texts(self) -> tuple[list[ShownExample], list[ShownExample]]:
        """Return the examples with texts: the first of every rule, and the remaining ones."""
        leading, following = list[ShownExample](), list[ShownExample]()
        for item in self.examples:
            if item.sides:
                before = sum(earlier.example.rule == item.example.rule for earlier in leading)
                (leading if before < LEADING else following).append(item)
        return leading, following

    @property
    def is_open(self) -> bool:
        """Return whether the section starts open: the check did not pass, or has a chart."""
        return self.record.status in ("failed", "error", "warned") or bool(self.drawings)


def render(
    manifest: Manifest,
    excerpts: Excerpts = NONE,
    findings: pl.DataFrame | None = None,
    examples: Sequence[TrainingExample] = (),
) -> str:
    """Return the report as one HTML file.

    Args:
        manifest: what to show.
        excerpts: masked texts of rows.
        findings: every finding, with the columns of `finding.FINDINGS`; None: examples alone.
        examples: records with what is trained of them marked.
    """
    style = style_sheet("report.css")
    predicate = manifest.predicate
    sections = [
        _section(f"check-{at}", check, manifest, excerpts, findings)
        for at, check in enumerate(_worst_checks_first(predicate.checks), start=1)
    ]
    gate = predicate.gate
    listed = findings_section(findings) if findings is not None else None
    script = style_sheet("findings.js") if listed else Markup()
    page = template("report.html").render(
        policy_digest=style_digest(style),
        style=style,
        manifest=manifest,
        manifest_digest=digest(manifest),
        digests={subject.name: subject.digest.sha256 for subject in manifest.subject},
        predicate=predicate,
        verdict=phrasing.verdict(manifest),
        standing=worst_first(
            (breach for breach in gate.breaches if breach.waiver is None), predicate.checks
        ),
        waived=[breach for breach in gate.breaches if breach.waiver is not None],
        warnings=worst_first(gate.warnings, predicate.checks),
        findings=listed,
        findings_data=Markup(listed.data) if listed else "",  # noqa: S704 - JSON without markup
        script=script,
        script_digest=style_digest(script),
        anchors={section.record.id: section.anchor for section in sections},
        sections=sections,
        examples=examples,
        gaps=phrasing.gaps(manifest),
        reading=phrasing.reading(manifest),
        whole=phrasing.compares_records(manifest),
        rows=_rows(manifest),
    )
    return page + "\n"


def _rows(manifest: Manifest) -> dict[str, int]:
    totals: dict[str, int] = {}
    for data in manifest.predicate.inputs:
        totals[data.role] = totals.get(data.role, 0) + data.rows
    return totals


def _worst_checks_first(checks: Sequence[CheckRecord]) -> list[CheckRecord]:
    """Return the checks by status, then by what is at stake and how severe the findings are."""
    order = sorted(checks, key=lambda check: (concern(check.id), severity_rank(check)))
    return phrasing.ordered(order)


def _section(
    anchor: str,
    check: CheckRecord,
    manifest: Manifest,
    excerpts: Excerpts,
    findings: pl.DataFrame | None = None,
) -> CheckSection:
    gate = manifest.predicate.gate
    similarity = similarity_chart(check.id, findings) if findings is not None else None
    charts = [
        drawn for chart in check.charts for drawn in (chart, *_beside(chart, check, manifest))
    ]
    charts += [similarity] if similarity else []
    pairs = distinct(check.examples[:EXAMPLES])
    return CheckSection(
        anchor=anchor,
        record=check,
        breaches=[b for b in (*gate.breaches, *gate.warnings) if b.check == check.id],
        examples=[_shown(example, excerpts, _other_rules(example, check)) for example in pairs],
        drawings=[draw(chart) for chart in charts if chart.labels],
        tags=standards.tags(check.id),
    )


def _beside(chart: ChartRecord, check: CheckRecord, manifest: Manifest) -> list[ChartRecord]:
    """Return the charts of other checks that are drawn over the names of a chart of this check.

    So what leaks of a class stands beside what there is of it. One bar alone compares nothing.
    """
    names = set(chart.labels) if len(chart.labels) > 1 else set()
    return [
        candidate
        for other in manifest.predicate.checks
        for candidate in other.charts
        if other.id != check.id and 2 * len(names & set(candidate.labels)) > len(candidate.labels)
    ]


def _other_rules(example: ExampleRecord, check: CheckRecord) -> list[str]:
    """Return the further rules of a check that name the same pair of rows."""
    if example.related is None:
        return []
    pair = {example.where, example.related}
    rules = (other.rule for other in check.examples if {other.where, other.related} == pair)
    return [rule for rule in dict.fromkeys(rules) if rule != example.rule]


def _shown(example: ExampleRecord, excerpts: Excerpts, others: Sequence[str] = ()) -> ShownExample:
    own, related = sides_of(example, excerpts)
    if own and related:
        texts = _shown_turns(own), _shown_turns(related)
        pieces = differences(*("\n".join(turn.text for turn in side) for side in texts))
        sides = [
            _side(example, 0, own, _cut(texts[0], pieces[0])),
            _side(example, 1, related, _cut(texts[1], pieces[1])),
        ]
        return ShownExample(example, sides, own.label != related.label, list(others))
    alone = [
        _side(example, at, excerpt, [_unmarked(turn) for turn in _shown_turns(excerpt)])
        for at, excerpt in enumerate((own, related))
        if excerpt
    ]
    return ShownExample(example, alone, labels_differ=False, others=list(others))


def _shown_turns(excerpt: Excerpt) -> list[ExcerptTurn]:
    """Return the turns of a row, each on one line, together at most `TEXT` characters."""
    left, kept = TEXT, list[ExcerptTurn]()
    for turn in excerpt_turns(excerpt.text):
        text = printable(turn.text, limit=max(1, left))
        kept.append(ExcerptTurn(turn.role, text))
        left -= len(text)
        if left <= 0:
            break
    return kept


def _unmarked(turn: ExcerptTurn) -> ShownTurn:
    return ShownTurn(turn.role, [Piece(turn.text, differs=False)])


def _cut(turns: Sequence[ExcerptTurn], pieces: Sequence[Piece]) -> list[ShownTurn]:
    """Cut pieces of all turns, which stand on a line each, into those of every turn."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *following = piece.text.split("\n")
        lines[-1].append(Piece(first, piece.differs))
        lines += [[Piece(text, piece.differs)] for text in following]
    return [
        ShownTurn(turn.role, [piece for piece in line if piece.text])
        for turn, line in zip(turns, lines, strict=True)
    ]


def _side(example: ExampleRecord, at: int, excerpt: Excerpt, turns: Sequence[ShownTurn]) -> Side:
    reference = example.where if at == 0 or example.related is None else example.related
    label = phrasing.name(excerpt.label)
    return Side(phrasing.name(reference.split), phrasing.place(reference), label, list(turns))


def style_sheet(*names: str) -> Markup:
    """Return style sheets of the package as one."""
    return Markup("".join(map(_resource, names)))  # noqa: S704 - files of this package


def style_digest(style: str) -> str:
    """Return the style sheet's source expression for the Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@cache
def _resource(name: str) -> str:
    file = resources.files("ftaudit.reports") / "templates" / name
    return file.read_text(encoding="utf-8")


def template(name: str) -> Template:
    """Return a template of the package: it escapes, and makes every string printable."""
    return _environment().get_template(name)


def _compiled_templates() -> BytecodeCache | None:
    """Return where compiled templates are kept: the user's cache, unless it cannot be written."""
    folder = user_cache() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return _TemplateCache(str(folder)) if is_private(folder) else None


class _TemplateCache(FileSystemBytecodeCache):
    """Compiled templates in a folder; where it cannot be written, they are compiled every time."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a compiled template."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
        bytecode_cache=_compiled_templates(),
    )
    environment.globals |= {"WIDTH": WIDTH, "HEIGHT": HEIGHT, "ITEMS": ITEMS, "HEAD": HEAD}
    environment.globals |= {"DISCLAIMER": standards.DISCLAIMER}
    words = (
        phrasing.name,
        phrasing.phrase,
        phrasing.sentence,
        phrasing.number,
        phrasing.place,
        phrasing.span,
        phrasing.likeness,
        phrasing.outcome,
        counted,
        phrasing.figure,
        phrasing.spans,
        phrasing.in_order,
        phrasing.role_of_columns,
        breach_sentence,
    )
    environment.filters |= {word.__name__: word for word in words}
    environment.filters |= {"measured": lambda value, metric: phrasing.measured(metric, value)}
    environment.filters |= {"percent": lambda value: f"{100 * value:.1f} %"}
    return environment


def _printable(value: object) -> object:
    """Make a value that enters the page printable; text of the template stays as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return phrasing.padded(value, printable(value, limit=2_000))
    return value
