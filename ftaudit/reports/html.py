"""Render the report a person reads: one file, no network, no script.

Every string of the manifest is hostile: it passes `printable`, and Jinja escapes it. The
Content-Security-Policy allows the one style sheet, by its hash, and nothing else
(https://www.w3.org/TR/CSP3/).
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from ftaudit.model.escape import printable
from ftaudit.model.finding import counted
from ftaudit.reports import phrasing, standards
from ftaudit.reports.drawing import HEIGHT, WIDTH, Drawing, draw
from ftaudit.reports.excerpt import NONE, Excerpt, Excerpts
from ftaudit.reports.excerpt import sides as sides_of
from ftaudit.reports.word_difference import Piece, differences
from ftaudit.wire.manifest import BreachRecord, CheckRecord, ExampleRecord, Manifest, digest

TEXT: Final = 600
"""Characters shown of a row."""
EXAMPLES: Final = 60
"""Examples shown of a check."""
LEADING: Final = 3
"""Texts shown of a rule before the others are folded away."""
ITEMS: Final = 500
"""Metrics, findings or inputs shown of one kind."""


@dataclass(frozen=True)
class Side:
    """One row of an example, ready to be set beside the other."""

    split: str
    place: str
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class ShownExample:
    """An example: its rows with their texts, where excerpts were given."""

    example: ExampleRecord
    sides: list[Side]
    labels_differ: bool


@dataclass(frozen=True)
class CheckSection:
    """A check with what the template draws of it."""

    anchor: str
    record: CheckRecord
    breaches: list[BreachRecord]
    examples: list[ShownExample]
    drawings: list[Drawing]
    tags: list[str]

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


def render(manifest: Manifest, excerpts: Excerpts = NONE) -> str:
    """Return the report as one HTML file."""
    style = style_sheet("report.css")
    predicate = manifest.predicate
    sections = [
        _section(f"check-{at}", check, manifest, excerpts)
        for at, check in enumerate(phrasing.ordered(predicate.checks), start=1)
    ]
    gate = predicate.gate
    page = template("report.html").render(
        policy_digest=style_digest(style),
        style=style,
        manifest=manifest,
        manifest_digest=digest(manifest),
        digests={subject.name: subject.digest.sha256 for subject in manifest.subject},
        predicate=predicate,
        verdict=phrasing.verdict(manifest),
        standing=[breach for breach in gate.breaches if breach.waiver is None],
        waived=[breach for breach in gate.breaches if breach.waiver is not None],
        anchors={section.record.id: section.anchor for section in sections},
        sections=sections,
        gaps=phrasing.gaps(manifest),
        rows=_rows(manifest),
    )
    return page + "\n"


def _rows(manifest: Manifest) -> dict[str, int]:
    totals: dict[str, int] = {}
    for data in manifest.predicate.inputs:
        totals[data.role] = totals.get(data.role, 0) + data.rows
    return totals


def _section(
    anchor: str, check: CheckRecord, manifest: Manifest, excerpts: Excerpts
) -> CheckSection:
    gate = manifest.predicate.gate
    return CheckSection(
        anchor=anchor,
        record=check,
        breaches=[b for b in (*gate.breaches, *gate.warnings) if b.check == check.id],
        examples=[_shown(example, excerpts) for example in check.examples[:EXAMPLES]],
        drawings=[draw(chart) for chart in check.charts if chart.labels],
        tags=standards.tags(check.id),
    )


def _shown(example: ExampleRecord, excerpts: Excerpts) -> ShownExample:
    own, related = sides_of(example, excerpts)
    texts = [printable(side.text, limit=TEXT) if side else "" for side in (own, related)]
    if own and related:
        pieces = differences(*texts)
        sides = [_side(example, 0, own, pieces[0]), _side(example, 1, related, pieces[1])]
        return ShownExample(example, sides, own.label != related.label)
    alone = [
        _side(example, at, excerpt, [Piece(texts[at], differs=False)])
        for at, excerpt in enumerate((own, related))
        if excerpt
    ]
    return ShownExample(example, alone, labels_differ=False)


def _side(example: ExampleRecord, at: int, excerpt: Excerpt, pieces: list[Piece]) -> Side:
    reference = example.where if at == 0 or example.related is None else example.related
    label = phrasing.name(excerpt.label)
    return Side(phrasing.name(reference.split), phrasing.place(reference), label, pieces)


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


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.globals |= {"WIDTH": WIDTH, "HEIGHT": HEIGHT, "ITEMS": ITEMS}
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
