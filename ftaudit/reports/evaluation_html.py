"""Render an evaluation as one HTML page: no network, no script, all strings escaped."""

from collections.abc import Sequence
from typing import Final

from ftaudit.reports import html
from ftaudit.reports.evaluation_curves import HEIGHT, cost_curve, power_curve
from ftaudit.reports.evaluation_view import (
    WIDTH,
    ChangeExcerpt,
    group_bars,
    launch_verdict,
    lift_bars,
    not_shown,
    violation_bars,
)
from ftaudit.wire.evaluation_statement import EvaluationStatement, digest

TEMPLATE: Final = "evaluation.html"
STYLES: Final = ("report.css", "evaluation.css")


def render(statement: EvaluationStatement, changes: Sequence[ChangeExcerpt] = ()) -> str:
    """Return the page.

    Args:
        statement: the evaluation.
        changes: masked rows that were fixed or broken; without them rows are only named.
    """
    predicate = statement.predicate
    style = html.style_sheet(*STYLES)
    leading, following = group_bars(predicate)
    page = html.template(TEMPLATE).render(
        policy_digest=html.style_digest(style),
        style=style,
        predicate=predicate,
        digest=digest(statement),
        subjects=statement.subject,
        verdict=launch_verdict(statement),
        standing=[b for b in predicate.gate.breaches if b.waiver is None],
        waived=[b for b in predicate.gate.breaches if b.waiver is not None],
        lifts=lift_bars(predicate),
        groups=leading,
        other_groups=following,
        violations=violation_bars(predicate),
        cost=cost_curve(predicate),
        power=power_curve(predicate),
        broken=[change for change in changes if change.change == "broken"],
        fixed=[change for change in changes if change.change == "fixed"],
        gaps=list(not_shown(predicate)),
        anchors={"lift": "lift", "consistency": "consistency", "cost": "cost"},
        W=WIDTH,
        H=HEIGHT,
    )
    return page + "\n"
