"""Show a manifest in a notebook: the verdict and a table of the checks, without any style."""

from html import escape

from ftaudit.reports import phrasing
from ftaudit.wire.manifest import Manifest


def render(manifest: Manifest) -> str:
    """Return an HTML fragment; every string of the manifest is escaped."""
    verdict = phrasing.verdict(manifest)
    rows = "".join(
        f"<tr><td>{check.status}</td><th>{escape(phrasing.name(check.id))}</th>"
        f"<td>{escape(phrasing.outcome(check))}</td></tr>"
        for check in phrasing.ordered(manifest.predicate.checks)
    )
    sentence = f"{escape(verdict.meaning)} {escape(verdict.reasons)}."
    head = f"<p><strong>{verdict.word}</strong> {sentence}</p>"
    return f"<div>{head}<table>{rows}</table></div>"
