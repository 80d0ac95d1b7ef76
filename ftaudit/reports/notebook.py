"""Show a manifest in a notebook: the verdict, the checks, and a few rows of those that failed."""

from collections.abc import Iterator
from html import escape

from ftaudit.model.escape import printable
from ftaudit.reports import phrasing
from ftaudit.reports.excerpt import NONE, Excerpts, distinct, sides, spread
from ftaudit.reports.limits import breach_sentence, by_check
from ftaudit.wire.manifest import CheckRecord, ExampleRecord, Manifest

EXAMPLES = 3
"""Examples shown of a check that failed."""
TEXT = 200
"""Characters shown of a row."""


def render(manifest: Manifest, excerpts: Excerpts = NONE) -> str:
    """Return an HTML fragment without style or script; every string of it is escaped."""
    verdict = phrasing.verdict(manifest)
    head = f"<strong>{verdict.word}</strong> {_text(f'{verdict.meaning} {verdict.reasons}.')}"
    rows = "".join(
        f"<tr><td>{check.status}</td><th>{_text(phrasing.name(check.id))}</th>"
        f"<td>{_text(phrasing.outcome(check))}</td></tr>"
        for check in phrasing.ordered(manifest.predicate.checks)
    )
    obstacles = "".join(_obstacles(manifest, excerpts))
    return f"<div><p>{head}</p>{obstacles}<table>{rows}</table></div>"


def _obstacles(manifest: Manifest, excerpts: Excerpts) -> Iterator[str]:
    """Yield the breaches that stand, by check, each check with examples."""
    standing = [breach for breach in manifest.predicate.gate.breaches if breach.waiver is None]
    for check, breaches in by_check(standing, manifest):
        lines = "".join(f"<li>{_text(breach_sentence(breach))}</li>" for breach in breaches)
        yield f"<p><strong>{_text(phrasing.name(breaches[0].check))}</strong></p><ul>{lines}</ul>"
        if check is not None and check.status == "failed":
            yield _examples(check, excerpts)


def _examples(check: CheckRecord, excerpts: Excerpts) -> str:
    examples = spread(distinct(check.examples))[:EXAMPLES]
    rows = "".join(line for example in examples for line in _rows(example, excerpts))
    return f"<table>{rows}</table>" if rows else ""


def _rows(example: ExampleRecord, excerpts: Excerpts) -> Iterator[str]:
    references = (example.where, example.related)
    for reference, excerpt in zip(references, sides(example, excerpts), strict=True):
        if reference is not None:
            text = printable(excerpt.text, limit=TEXT) if excerpt else ""
            remark = phrasing.phrase(example.detail) if reference is example.where else ""
            place = _text(phrasing.place(reference))
            yield f"<tr><td>{place}</td><td>{_text(remark)}</td><td>{_text(text)}</td></tr>"


def _text(text: str) -> str:
    return escape(text)
