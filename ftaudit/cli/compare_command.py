"""`ftaudit compare`: judge a tuned model by its results, after tuning."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from ftaudit.evaluation.evaluation_request import AuditedHoldout, EvaluationRequest
    from ftaudit.evaluation.plan_sections import DecisionPlan
    from ftaudit.pipeline.evaluation_run import ModelEvaluation

REPORTS: Final = ("html", "markdown", "text")


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit compare test.csv --baseline prompt.jsonl --baseline retrieval.jsonl "
        "--tuned tuned.jsonl\n\n"
        "  ftaudit compare test.csv --baseline base.eval --tuned tuned.eval "
        "--manifest ftaudit-out/manifest.json --plan plan.yaml --outputs outputs.yaml\n\n"
        "Results may be csv, jsonl or parquet with ids and outputs, or files of "
        "lm-evaluation-harness, Inspect, OpenAI Evals, promptfoo, MLflow, deepeval or HELM.\n\n"
        "Exit codes: 0 what the policy asks for is shown, 1 refuted or not shown, 2 usage or "
        "malformed input, 3 rows are missing or requests failed, 4 another holdout than the "
        "audited one."
    )
)
@click.argument("holdout", nargs=-1, required=True, metavar="HOLDOUT...")
@click.option(
    "--baseline",
    "baselines",
    multiple=True,
    required=True,
    metavar="FILE",
    help="Results of what there was before. Repeatable; the tuned model must beat the best.",
)
@click.option("--tuned", required=True, metavar="FILE", help="Results of the tuned model.")
@click.option("--baseline-name", "baseline_names", multiple=True, help="What to call a baseline.")
@click.option("--tuned-name", default="", help="What to call the tuned model.")
@click.option("--tuned-revision", default="", help="Its revision, for the record.")
@click.option("--baseline-runs", metavar="FILE", help="Repeated answers of the best baseline.")
@click.option("--tuned-runs", metavar="FILE", help="Repeated answers of the tuned model.")
@click.option(
    "--manifest",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The audit of the holdout: its digest must be the audited one, its leaked rows are told.",
)
@click.option(
    "--plan", metavar="FILE", type=click.Path(path_type=Path), help="Targets, margins and prices."
)
@click.option("--outputs", metavar="FILE", help="Rules that outputs must keep (outputs.yaml).")
@click.option(
    "--policy",
    default="standard",
    show_default=True,
    metavar="FILE|NAME",
    help="What is asked for.",
)
@click.option("--id-column", default="", metavar="NAME", help="Ids of the holdout's rows.")
@click.option("--input-column", metavar="NAME", help="Input of the holdout.")
@click.option("--output-column", metavar="NAME", help="Answer of the holdout.")
@click.option("--label-column", metavar="NAME", help="Label of the holdout.")
@click.option("--reference-column", default="", metavar="NAME", help="What the right answer is.")
@click.option("--cluster", default="", metavar="NAME", help="Rows of one value belong together.")
@click.option("--slice", "slices", multiple=True, metavar="NAME", help="Judge values. Repeatable.")
@click.option(
    "--result-column",
    "result_columns",
    multiple=True,
    metavar="PART=NAME",
    help="Column of plain results: id, output, reference, score, run, … Repeatable.",
)
@click.option("--filter", default="", metavar="NAME", help="Filter of lm-evaluation-harness.")
@click.option("--metric", default="", metavar="NAME", help="Take the files' score of this name.")
@click.option("--by-position", is_flag=True, help="Pair rows by their order, not by id.")
@click.option(
    "--consistency",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Alike inputs: a table of group, baseline and tuned (answers).",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.8,
    show_default=True,
    metavar="J",
    help="Similarity from which inputs are near-identical.",
)
@click.option(
    "-o",
    "--output",
    default="ftaudit-out",
    show_default=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to write evaluation.json and reports.",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Choice(REPORTS),
    help="[default: html, markdown]",
)
@click.option(
    "--ledger",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Counts what this holdout has judged. [default: evaluations.jsonl beside the manifest, "
    "else in the output folder]",
)
@click.option(
    "--flips/--no-flips",
    "search_pairs",
    default=None,
    help="Search the holdout for alike inputs. [default: up to 200,000 rows]",
)
@click.option("--no-excerpts", is_flag=True, help="Show no rows in reports.")
@click.option("--workers", type=click.IntRange(min=1), default=1, help="Threads.")
@click.option("--sign", metavar="KEY", help="Private key: also write evaluation.dsse.json.")
@click.option("--json", "as_json", is_flag=True, help="Print the evaluation, nothing else.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:  # noqa: ANN401 - as click has made them
    """Compare a tuned model with what there was before, row by row.

    Reports lift, consistency and cost, each with its uncertainty, judges them by the policy and
    writes evaluation.json. HOLDOUT is the data both models answered. A lift counts as shown only
    when its whole interval lies above zero.
    """
    from ftaudit.pipeline.evaluation_run import LEDGER_FILE, evaluate

    manifest = options["manifest"]
    beside = manifest.parent / LEDGER_FILE if manifest is not None else None
    ledger = options["ledger"] or beside or options["output"] / LEDGER_FILE
    evaluation = evaluate(
        _request(options),
        policy=options["policy"],
        plan_file=options["plan"],
        ledger=ledger,
        excerpts=not options["no_excerpts"],
    )
    written = evaluation.write(
        options["output"],
        options["reports"] or ("html", "markdown"),
        sign_with=options["sign"],
        ledger=ledger if ledger.parent != options["output"] else None,
    )
    _print(evaluation, written, as_json=options["as_json"])
    ctx.exit(evaluation.exit_code)


def _request(options: dict[str, Any]) -> "EvaluationRequest":
    """Return what options ask for, laid over the plan."""
    from ftaudit.evaluation.evaluation_request import EvaluationRequest
    from ftaudit.evaluation.formats.result_request import ResultRequest
    from ftaudit.evaluation.holdout import HoldoutRequest
    from ftaudit.evaluation.output_rules import load_output_rules

    plan = _plan(options["plan"])
    columns = {c: options[f"{c}_column"] for c in ("input", "output", "label")}
    return EvaluationRequest(
        holdout=options["holdout"],
        baselines=options["baselines"],
        tuned=options["tuned"],
        baseline_names=options["baseline_names"],
        tuned_name=options["tuned_name"],
        tuned_revision=options["tuned_revision"],
        baseline_runs=options["baseline_runs"],
        tuned_runs=options["tuned_runs"],
        audit=audited(options["manifest"]),
        plan=plan,
        outputs=load_output_rules(options["outputs"]) if options["outputs"] else None,
        rows=HoldoutRequest(
            columns={name: column for name, column in columns.items() if column},
            id=options["id_column"] or plan.evaluation.id,
            reference=options["reference_column"] or plan.evaluation.reference,
            cluster=options["cluster"] or plan.evaluation.cluster,
            slices=options["slices"] or plan.evaluation.slices,
        ),
        results=ResultRequest(
            columns={
                **({"output": plan.evaluation.output} if plan.evaluation.output else {}),
                **result_columns(options["result_columns"]),
            },
            filter=options["filter"],
            metric=options["metric"] or plan.evaluation.metric,
            by_position=options["by_position"],
        ),
        consistency=options["consistency"],
        threshold=options["threshold"],
        search_pairs=options["search_pairs"],
        workers=options["workers"],
    )


def _plan(path: Path | None) -> "DecisionPlan":
    from ftaudit.admission.plan import load_plan
    from ftaudit.evaluation.plan_sections import DecisionPlan

    return DecisionPlan() if path is None else load_plan(path).decision()


def audited(path: Path | None) -> "AuditedHoldout | None":
    """Return the audit that a manifest records, with the findings beside it.

    Raises:
        InputError, IntegrityError: as `read_manifest`.
    """
    from ftaudit.cli.manifest_files import read_manifest
    from ftaudit.evaluation.evaluation_request import AuditedHoldout

    return (
        None
        if path is None
        else AuditedHoldout(read_manifest(path), path.with_name("findings.parquet"))
    )


def result_columns(pairs: Sequence[str]) -> dict[str, str]:
    """Return part → column of options `PART=NAME`.

    Raises:
        UsageError: an option is no such pair.
    """
    columns = {}
    for pair in pairs:
        part, equals, name = pair.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--result-column {pair}: give PART=NAME, such as output=answer")
        columns[part] = name
    return columns


def _print(evaluation: "ModelEvaluation", written: Sequence[Path], *, as_json: bool) -> None:
    from ftaudit.reports.evaluation_markdown import summary
    from ftaudit.wire.evaluation_statement import to_json

    if as_json:
        click.echo(to_json(evaluation.statement), nl=False)
        return
    click.echo(summary(evaluation.statement), nl=False)
    for path in written:
        if path.name in {"evaluation.html", "evaluation.json", "evaluation.dsse.json"}:
            click.echo(f"  {'written':<10} {path}")
