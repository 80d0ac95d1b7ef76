"""`ftaudit request`: assemble an approval request from a manifest and a tuning plan."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ftaudit.wire.evaluation_statement import EvaluationStatement
    from ftaudit.wire.lineage_statement import LineageStatement
    from ftaudit.wire.manifest import Manifest


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit request ftaudit-out/manifest.json --plan plan.yaml -o request.md\n\n"
        "  ftaudit request manifest.dsse.json --plan plan.yaml -o request.html "
        "--waiver waiver-FTA-DUP-002.dsse.json --trusted-key owner.pub.json\n\n"
        "`ftaudit init` writes a plan to fill in."
    )
)
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option(
    "--plan",
    required=True,
    metavar="FILE",
    help="What is to be tuned and why (ftaudit.plan/v1).",
)
@click.option(
    "-o",
    "--output",
    default="request.md",
    show_default=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write it: .md, .html or .json; - prints Markdown.",
)
@click.option(
    "--waiver", "waivers", multiple=True, metavar="FILE", help="A waiver to show. Repeatable."
)
@click.option(
    "--trusted-key",
    "trusted_keys",
    multiple=True,
    metavar="FILE",
    help="A public key that waivers are signed by. Repeatable.",
)
@click.option(
    "--evaluation",
    metavar="FILE",
    help="An evaluation of `ftaudit compare`: what it contradicts in the plan is a gap.",
)
@click.option(
    "--lineage",
    "lineage",
    multiple=True,
    metavar="FILE",
    help="Lineage of `ftaudit fix`: how the audited data was made. Repeatable.",
)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    manifest: Path,
    *,
    plan: str,
    output: Path,
    evaluation: str | None,
    **settings: tuple[str, ...],
) -> None:
    """Assemble an approval request: the plan, the audit, and every gap.

    A plan without baseline, holdout, rollback, retraining triggers or another answer that a
    decision needs is incomplete: each gap is named, here and in the request, and the exit code
    is 1. The manifest travels with the request by its digest.
    """
    from ftaudit.admission import request
    from ftaudit.admission.plan import load_plan
    from ftaudit.admission.statements import WaiverStatement, load
    from ftaudit.cli.manifest_files import read_manifest, write_new
    from ftaudit.wire.envelope import load_public_key

    format_ = "markdown" if str(output) == "-" else request.format_of(output)
    keys = [load_public_key(key) for key in settings["trusted_keys"]]
    signed = [load(path, keys).statement for path in settings["waivers"]]
    grants = tuple(s.predicate for s in signed if isinstance(s, WaiverStatement))
    audit = read_manifest(manifest)
    evaluated = None if evaluation is None else _evaluation(Path(evaluation), audit)
    steps = _lineage(settings["lineage"], audit)
    made = request.Request(load_plan(plan), audit, grants, evaluated, steps)
    text = request.render(made, format_)
    if str(output) == "-":
        click.echo(text, nl=False)
    else:
        write_new(output, text.encode())
        click.echo(f"{output}: {'incomplete' if made.gaps else 'complete'}")
    for gap in made.gaps:
        click.echo(f"gap: {gap.field}: {gap.why}", err=True)
    ctx.exit(1 if made.gaps else 0)


def _evaluation(path: Path, audit: "Manifest") -> "EvaluationStatement":
    """Return an evaluation of the audited holdout.

    Raises:
        InputError: unreadable, or no evaluation.
        IntegrityError: it contradicts itself, or is of another holdout.
    """
    from ftaudit.admission.evaluation_gate import fits
    from ftaudit.cli.manifest_files import read_evidence
    from ftaudit.evaluation.self_consistency import evaluation_contradictions
    from ftaudit.model.errors import InputError, IntegrityError
    from ftaudit.wire.evaluation_statement import EvaluationStatement

    evaluation = read_evidence(path)
    if not isinstance(evaluation, EvaluationStatement):
        raise InputError(path, "a manifest where an evaluation is expected")
    if conflicts := evaluation_contradictions(evaluation):
        raise IntegrityError(f"{path}: the evaluation contradicts itself: {conflicts[0]}")
    fits(evaluation, audit)
    return evaluation


def _lineage(paths: tuple[str, ...], audit: "Manifest") -> "tuple[LineageStatement, ...]":
    """Return the steps that led to the audited data.

    Raises:
        InputError: unreadable, or no lineage.
        IntegrityError: it leads to other data.
    """
    from ftaudit.admission.lineage_gate import judge_lineage, open_lineage
    from ftaudit.admission.signed_manifest import Trust
    from ftaudit.policy.policy import SignatureRules

    steps = [open_lineage(Path(path), Trust((), None, SignatureRules())) for path in paths]
    judge_lineage(steps, audit)
    return tuple(step.statement for step in steps)
