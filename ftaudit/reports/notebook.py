"""Show an audit in a notebook: the verdict, and a table of the checks."""

from html import escape

from ftaudit.escape import printable
from ftaudit.manifest import Manifest


def render(manifest: Manifest) -> str:
    """Return an HTML fragment; every string of the data is escaped."""
    gate = manifest.predicate.gate
    rows = "".join(
        f"<tr><td>{_cell(c.id)}</td><td>{_cell(c.status)}</td>"
        f"<td style='text-align:left'>{_cell(c.headline or c.reason)}</td></tr>"
        for c in manifest.predicate.checks
    )
    reasons = "".join(
        f"<li>{_cell(b.rule)}: {_cell(b.message)}</li>" for b in gate.breaches if not b.waiver
    )
    return (
        f"<p><strong>{_cell(gate.verdict)}</strong></p>"
        "<table><thead><tr><th>check</th><th>status</th><th>result</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><ul>{reasons}</ul>"
    )


def _cell(text: str) -> str:
    return escape(printable(text, limit=500))
