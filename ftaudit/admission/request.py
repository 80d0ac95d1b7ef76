"""An approval request: what is to be tuned and why, with the audit it rests on.

A plan says what an approver must know before a model is tuned. What it does not say is a gap,
and a request with gaps is incomplete. The manifest travels with the request by its digest.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ftaudit.admission.evaluation_gaps import evaluation_gaps
from ftaudit.admission.plan import Alternative, Gap, Holdout, TuningPlan, gaps
from ftaudit.admission.statements import WaiverGrant
from ftaudit.model.errors import UsageError
from ftaudit.model.escape import printable, shown_json
from ftaudit.model.finding import counted
from ftaudit.reports.evaluation_view import launch_verdict, unmeasured
from ftaudit.reports.limits import breach_sentence, worst_first
from ftaudit.wire.evaluation_statement import EvaluationStatement
from ftaudit.wire.evaluation_statement import digest as evaluation_digest
from ftaudit.wire.lineage_statement import LineageStatement
from ftaudit.wire.lineage_statement import digest as lineage_digest
from ftaudit.wire.manifest import BreachRecord, Manifest, digest, evidence_digest

if TYPE_CHECKING:
    from jinja2 import Environment

FORMATS: Final = {".md": "markdown", ".html": "html", ".json": "json"}
"""File name extension → format."""

TEXT: Final = 2_000
"""Characters shown of one answer."""


class RequestSection(Struct, frozen=True):
    """A part of the request as it is shown."""

    title: str
    rows: tuple[tuple[str, str], ...]


class Request(Struct, frozen=True):
    """A plan and the audit it rests on."""

    plan: TuningPlan
    manifest: Manifest
    waivers: tuple[WaiverGrant, ...] = ()
    """Waivers beside those the manifest names; their signatures have been verified."""
    evaluation: EvaluationStatement | None = None
    """What the tuned model showed, if it was evaluated; of the audited holdout."""
    lineage: tuple[LineageStatement, ...] = ()
    """The steps that led to the audited data, which they have been tied to."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing, in the order of the plan, and what the evaluation contradicts."""
        missing = tuple(gaps(self.plan, self.manifest))
        if self.evaluation is None:
            return missing
        return (*missing, *evaluation_gaps(self.plan, self.evaluation))


def starter_plan() -> str:
    """Return a plan to fill in: every answer is a TODO."""
    return _resource("plan.yaml")


def format_of(path: Path) -> str:
    """Return the format that a file name asks for.

    Raises:
        UsageError: another extension.
    """
    if path.suffix not in FORMATS:
        extensions = ", ".join(FORMATS)
        raise UsageError(f"-o {path.name}: a request is written as one of {extensions}")
    return FORMATS[path.suffix]


def render(request: Request, format_: str) -> str:
    """Return the request as `markdown`, `html` or `json`."""
    if format_ == "json":
        return to_json(request)
    style = _resource("request.css")
    style_hash = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    file = {"markdown": "request.md.j2", "html": "request.html.j2"}[format_]
    return (
        _templates(autoescape=format_ == "html")
        .from_string(_resource(file))
        .render(
            title=request.plan.title or request.plan.task or "untitled",
            gaps=request.gaps,
            sections=list(sections(request)),
            style=_markup(style),
            style_hash=f"sha256-{style_hash}",
        )
    )


def to_json(request: Request) -> str:
    """Return the request as JSON: the plan, its gaps, and the audit with its digests."""
    predicate = request.manifest.predicate
    gate = predicate.gate
    value = {
        "schema": "ftaudit.request/v1",
        "complete": not request.gaps,
        "gaps": [{"field": gap.field, "why": gap.why} for gap in request.gaps],
        "plan": request.plan.model_dump(mode="json", by_alias=True),
        "manifest": {
            "sha256": digest(request.manifest),
            "evidence": evidence_digest(request.manifest),
            "timeCreated": predicate.time_created,
            "expires": predicate.expires,
            "policy": predicate.policy.name,
            "subjects": {s.name: s.digest.sha256 for s in request.manifest.subject},
        },
        "audit": {
            "verdict": gate.verdict,
            "breaches": [_breach(breach) for breach in gate.breaches],
            "warnings": [_breach(breach) for breach in gate.warnings],
            "errors": list(gate.errors),
        },
        "evaluation": _evaluation_value(request.evaluation),
        "lineage": [_step_value(step) for step in request.lineage],
        "waivers": [
            {
                "id": w.id,
                "rule": w.rule,
                "ceiling": w.ceiling,
                "by": w.approved_by,
                "expires": w.expires,
            }
            for w in request.waivers
        ],
    }
    return shown_json(value, sort_keys=False) + "\n"


def sections(request: Request) -> Iterator[RequestSection]:
    """Yield the request part by part, as pairs of label and text."""
    plan = request.plan
    yield _section(
        "What and why",
        {
            "Task": plan.task,
            "Why": plan.why,
            "Base model": " ".join(filter(None, (plan.base_model.name, plan.base_model.version))),
            "Its licence": plan.base_model.license,
            "Its provider": plan.base_model.provider,
            "Method": plan.method,
            "Data": plan.data,
            "Allowed use": "; ".join(plan.intended_use.allowed),
            "Prohibited use": "; ".join(plan.intended_use.prohibited),
            "Requested by": plan.requested_by,
        },
    )
    yield RequestSection("Alternatives considered", tuple(map(_alternative, plan.alternatives)))
    yield _section(
        "What success means",
        {
            "Baseline": _score(plan.baseline.model, plan.baseline.metric, plan.baseline.score),
            "Target": _score("", plan.target.metric, plan.target.score),
            "Holdout": _holdout(plan.holdout),
            "Why this holdout": plan.holdout.why,
            "Failure conditions": "; ".join(plan.failure_conditions),
        },
    )
    yield RequestSection("The audit", tuple(_audit(request)))
    if request.lineage:
        steps = tuple(row for step in request.lineage for row in _step(step))
        yield RequestSection("How the data was made", steps)
    if request.evaluation is not None:
        yield RequestSection("The evaluation", tuple(_evaluation(request.evaluation)))
    triggers = plan.retraining_triggers
    yield _section(
        "After tuning",
        {
            "Rollback": "; ".join(
                filter(None, (plan.rollback.path, plan.rollback.owner, plan.rollback.within))
            ),
            "Monitoring": "; ".join(plan.monitoring),
            "Retrain on a new base model": triggers.base_model,
            "Retrain on a new product policy": triggers.product_policy,
            "Retrain on other data": triggers.data_distribution,
            "Retrain also": "; ".join(triggers.other),
            "Cost of training": _amount(plan.cost.training, plan.cost.currency),
            "Cost of serving": _amount(plan.cost.serving, plan.cost.currency),
        },
    )
    yield RequestSection("Sign-offs wanted", tuple((role, "☐") for role in plan.sign_offs))


def _section(title: str, answers: Mapping[str, str]) -> RequestSection:
    return RequestSection(title, tuple((label, text) for label, text in answers.items() if text))


def _alternative(alternative: Alternative) -> tuple[str, str]:
    answers = filter(
        None,
        (alternative.tried, _score("", alternative.metric, alternative.score), alternative.why_not),
    )
    return alternative.kind or "?", "; ".join(answers)


def _score(model: str, metric: str, score: float | None) -> str:
    number = f"{score:g}" if score is not None else ""
    return " ".join(filter(None, (f"{model}:" if model else "", metric, number)))


def _holdout(holdout: Holdout) -> str:
    rows = f"{holdout.rows:,} rows" if holdout.rows is not None else ""
    return ", ".join(filter(None, (holdout.name, rows)))


def _amount(cost: float | str, currency: str) -> str:
    """Return a cost as it is shown: text as it stands, a number with its currency."""
    return cost if isinstance(cost, str) else f"{cost:,.2f} {currency}".strip()


def _audit(request: Request) -> Iterator[tuple[str, str]]:
    """Yield the audit's result: files, verdict, breaches, waivers, and what identifies it."""
    predicate = request.manifest.predicate
    for file in predicate.inputs:
        yield f"{file.role} data", f"{file.name}, {file.rows:,} rows"
    yield "Verdict", f"{predicate.gate.verdict} under the policy {predicate.policy.name}"
    for breach in worst_first(predicate.gate.breaches, predicate.checks):
        waived = f" (waived: {breach.waiver})" if breach.waiver else ""
        yield breach.rule, f"breached: {breach_sentence(breach)}{waived}"
    for warning in worst_first(predicate.gate.warnings, predicate.checks):
        yield warning.rule, f"warning: {breach_sentence(warning)}"
    for check in predicate.gate.errors:
        yield check, "could not be completed"
    for waiver in request.waivers:
        ceiling = f"waived up to {waiver.ceiling:g} until {waiver.expires} by {waiver.approved_by}"
        yield waiver.rule, f"{ceiling}: {waiver.reason}"
    yield "Audited", f"{predicate.time_created}, holds until {predicate.expires}"
    yield "Manifest", f"sha256:{digest(request.manifest)}"
    yield "Evidence", f"sha256:{evidence_digest(request.manifest)}"


def _evaluation(statement: EvaluationStatement) -> Iterator[tuple[str, str]]:
    """Yield what the results show, claim by claim, and what identifies the evaluation."""
    predicate, verdict = statement.predicate, launch_verdict(statement)
    yield "Verdict", f"{verdict.word}: {verdict.headline} {verdict.meaning}"
    for claim in predicate.claims:
        yield claim.standing.capitalize(), claim.text
    for breach in predicate.gate.breaches:
        waived = f" (waived: {breach.waiver})" if breach.waiver else ""
        yield breach.rule, f"breached: {breach_sentence(breach).removesuffix('.')}{waived}"
    for reason in predicate.incomplete:
        yield "Incomplete", reason
    yield "Open", "; ".join(unmeasured(predicate)) or "nothing"
    yield "Judged on this holdout", counted(predicate.uses, "tuned model")
    yield "Evaluated", f"{predicate.time_created}, holds until {predicate.expires}"
    yield "Evaluation", f"sha256:{evaluation_digest(statement)}"


def _step(statement: LineageStatement) -> Iterator[tuple[str, str]]:
    """Yield what one step was made of, what it changed and what it left."""
    predicate = statement.predicate
    yield "From", "; ".join(f"{f.name}: {counted(f.rows, 'row')}" for f in predicate.inputs)
    for change in predicate.changes:
        parts = [counted(change.rows_removed, "row") + " removed"] if change.rows_removed else []
        parts += [f"{change.spans_replaced:,} places replaced"] if change.spans_replaced else []
        yield change.remedy, f"{change.rule}: {', '.join(parts)}"
    yield "To", "; ".join(f"{f.name}: {counted(f.rows, 'row')}" for f in predicate.outputs)
    if predicate.rows_held:
        yield "Set aside for a person", counted(predicate.rows_held, "row")
    yield "Lineage", f"sha256:{lineage_digest(statement)}"


def _step_value(statement: LineageStatement) -> dict[str, object]:
    predicate = statement.predicate
    return {
        "sha256": lineage_digest(statement),
        "inputs": {file.name: file.sha256 for file in predicate.inputs},
        "outputs": {file.name: file.sha256 for file in predicate.outputs},
        "remedies": [remedy.id for remedy in predicate.remedies],
        "rowsHeld": predicate.rows_held,
    }


def _evaluation_value(statement: EvaluationStatement | None) -> dict[str, object] | None:
    if statement is None:
        return None
    predicate = statement.predicate
    return {
        "sha256": evaluation_digest(statement),
        "verdict": predicate.gate.verdict,
        "claims": [{"id": c.id, "standing": c.standing, "text": c.text} for c in predicate.claims],
        "metrics": dict(predicate.metrics),
        "uses": predicate.uses,
    }


def _breach(breach: BreachRecord) -> dict[str, object]:
    fields = ("rule", "check", "message", "metric", "value", "limit", "waiver")
    return {name: getattr(breach, name) for name in fields}


@cache
def _templates(*, autoescape: bool) -> "Environment":
    from jinja2 import Environment, StrictUndefined

    from ftaudit.reports.markdown import escape

    made = Environment(autoescape=autoescape, undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - Markdown is escaped by its own filter
    made.filters["md"] = partial(escape, limit=TEXT)
    made.filters["plain"] = partial(printable, limit=TEXT)
    return made


def _markup(style: str) -> str:
    from markupsafe import Markup

    return Markup(style)  # noqa: S704 - our own style sheet


def _resource(name: str) -> str:
    return (resources.files("ftaudit.admission") / "templates" / name).read_text("utf-8")
