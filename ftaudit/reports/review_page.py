"""One page that shows cases side by side, takes decisions, and saves them without a server.

The page holds no text that is not masked. Its Content-Security-Policy allows one style sheet and
one script, each by its hash, and nothing else; texts reach the page as text nodes.
"""

import json
from collections.abc import Sequence

from markupsafe import Markup

from ftaudit.model.finding import counted
from ftaudit.reports.html import style_digest, style_sheet, template
from ftaudit.reports.review_cases import COLUMNS, ReviewCase, csv_cells


def render_review(cases: Sequence[ReviewCase], title: str) -> str:
    """Return the page.

    Args:
        cases: what is to be decided, in the order to show it.
        title: what the data is called.
    """
    style, script = style_sheet("report.css", "review.css"), style_sheet("review.js")
    rows = sum(len(case.rows) for case in cases)
    page = template("review.html").render(
        style=style,
        style_digest=style_digest(style),
        script=script,
        script_digest=style_digest(script),
        data=Markup(_data(cases)),  # noqa: S704 - JSON without markup
        title=title,
        counts=f"{counted(rows, 'row')} in {counted(len(cases), 'case')}",
    )
    return page + "\n"


def _data(cases: Sequence[ReviewCase]) -> str:
    """Return JSON that is safe within a script element."""
    value = {
        "columns": COLUMNS,
        "cases": [
            {
                "name": case.name,
                "labels": case.labels,
                "rows": [
                    {
                        "cells": csv_cells(row),
                        "pieces": [[piece.text, piece.differs] for piece in row.pieces],
                        "kind": row.kind,
                        "label": row.label,
                        "suggested": row.suggested,
                        "why": row.why,
                        "place": f"{row.file}, row {row.row:,}",
                    }
                    for row in case.rows
                ],
            }
            for case in cases
        ],
    }
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
