"""`ftaudit power`: say before tuning what a holdout can see."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from ftaudit.evaluation.holdout import EvaluationHoldout
    from ftaudit.evaluation.plan_sections import DecisionPlan
    from ftaudit.evaluation.power_forecast import PowerForecast, PowerRequest
    from ftaudit.policy.decision import Verdict

CLASSES: Final = 8
"""Small classes that are named."""


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit power --rows 300 --baseline 0.82 --lift 0.05\n\n"
        "  ftaudit power ftaudit-out/manifest.json --plan plan.yaml\n\n"
        "  ftaudit power --holdout test.csv --baseline 0.82 --lift 0.05 "
        "--pilot prompt-a.jsonl prompt-b.jsonl\n\n"
        "Exit codes: 0 the holdout is large enough, 1 it is not, 2 usage or malformed input."
    )
)
@click.argument("manifest", required=False, type=click.Path(path_type=Path))
@click.option(
    "--plan", metavar="FILE", type=click.Path(path_type=Path), help="Baseline score and target."
)
@click.option("--rows", type=click.IntRange(min=1), metavar="N", help="Rows of the holdout.")
@click.option("--holdout", metavar="PATH", help="The holdout itself: its rows and classes.")
@click.option("--baseline", type=float, metavar="P", help="Score of the baseline, from 0 to 1.")
@click.option("--lift", type=float, metavar="D", help="Lift that makes tuning worth it.")
@click.option(
    "--discordance",
    type=float,
    metavar="S",
    help="Share of rows that exactly one model will have right. [default: the most there can be]",
)
@click.option(
    "--pilot",
    nargs=2,
    metavar="FILE FILE",
    help="Results of two prompts on the holdout: measures the discordance.",
)
@click.option(
    "--design-effect",
    type=float,
    default=1.0,
    show_default=True,
    metavar="X",
    help="By how much clusters inflate the variance.",
)
@click.option("--margin", type=float, metavar="M", help="By how much no class may get worse.")
@click.option("--label-column", metavar="NAME", help="Label of the holdout.")
@click.option("--input-column", metavar="NAME", help="Input of the holdout.")
@click.option("--id-column", default="", metavar="NAME", help="Ids of the holdout's rows.")
@click.option(
    "--policy",
    default="standard",
    show_default=True,
    metavar="FILE|NAME",
    help="What is asked for.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the forecast as JSON, nothing else.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:  # noqa: ANN401 - as click has made them
    """Say before tuning whether a holdout can see the lift that makes tuning worth it.

    Prints the power of the test, the smallest lift that is seen four times in five, the rows that
    are needed, and the classes with too few rows to judge. Rows come from MANIFEST, from --holdout
    or from --rows; scores from --plan or from options.
    """
    from ftaudit.admission.rules import Rulebook
    from ftaudit.evaluation.judgement import judge
    from ftaudit.evaluation.power_forecast import forecast_power

    forecast = forecast_power(_request(options))
    rules = Rulebook.load(options["policy"])
    verdict = judge([forecast.outcome()], rules.policy, forecast.request.rows)
    text = (
        _as_json(forecast, verdict) if options["as_json"] else "\n".join(_lines(forecast, verdict))
    )
    click.echo(text)
    ctx.exit(verdict.exit_code)


def _request(options: dict[str, Any]) -> "PowerRequest":
    """Return what options say, else the plan, else the manifest and its profile.

    Raises:
        UsageError: a number that is needed is nowhere.
    """
    from ftaudit.evaluation.group_lifts import MARGIN
    from ftaudit.evaluation.power_forecast import PowerRequest, pilot_discordance

    plan, rows = _plan(options["plan"])
    holdout = _holdout(options, plan)
    recorded, classes = _recorded(options["manifest"])
    if holdout is not None:
        recorded = holdout.rows
        classes = (
            dict(holdout.frame["reference"].value_counts().iter_rows()) if holdout.labelled else {}
        )
    measured = None
    if options["pilot"] and holdout is None:
        raise click.UsageError("--pilot needs --holdout, whose rows both files answer")
    if options["pilot"] and holdout is not None:
        measured = pilot_discordance(*(_pilot(path, holdout) for path in options["pilot"]))
    return PowerRequest(
        rows=_needed("rows", "--rows, --holdout or a manifest", options["rows"], recorded, rows),
        baseline=_needed(
            "baseline", "--baseline or a plan", options["baseline"], plan.baseline.score
        ),
        lift=_needed("lift", "--lift or a plan", options["lift"], _lift(plan)),
        discordance=_first(options["discordance"], measured, plan.discordance),
        measured=options["discordance"] is None and measured is not None,
        classes=classes,
        margin=_first(options["margin"], plan.non_inferiority.margin) or MARGIN,
        design_effect=options["design_effect"],
    )


def _plan(path: Path | None) -> "tuple[DecisionPlan, int | None]":
    from ftaudit.admission.plan import load_plan
    from ftaudit.evaluation.plan_sections import DecisionPlan

    if path is None:
        return DecisionPlan(), None
    plan = load_plan(path)
    return plan.decision(), plan.holdout.rows


def _lift(plan: "DecisionPlan") -> float | None:
    """Return the lift that a plan asks for: its own number, or target less baseline."""
    target, baseline = plan.target, plan.baseline
    if target.minimum_lift is not None:
        return target.minimum_lift
    if target.score is None or baseline.score is None:
        return None
    return abs(target.score - baseline.score)


def _holdout(options: dict[str, Any], plan: "DecisionPlan") -> "EvaluationHoldout | None":
    from ftaudit.evaluation.holdout import HoldoutRequest, open_holdout

    if options["holdout"] is None:
        return None
    columns = {c: options[f"{c}_column"] for c in ("input", "label") if options[f"{c}_column"]}
    request = HoldoutRequest(columns=columns, id=options["id_column"] or plan.evaluation.id)
    return open_holdout([options["holdout"]], request)


def _recorded(path: Path | None) -> tuple[int | None, dict[str, int]]:
    """Return the holdout's rows by a manifest, and its classes by the profile beside it.

    The profile knows classes by digests only.

    Raises:
        IntegrityError: the profile is not the manifest's.
    """
    from ftaudit.cli.manifest_files import read_manifest
    from ftaudit.wire.data_profile import PROFILE_FILE, load_profile

    if path is None:
        return None, {}
    manifest = read_manifest(path)
    rows = sum(file.rows for file in manifest.predicate.inputs if file.role == "holdout")
    profile = path.with_name(PROFILE_FILE)
    classes = load_profile(profile, manifest).counts("label", "holdout") if profile.exists() else {}
    return rows or None, {f"class {digest[:8]}": count for digest, count in classes.items()}


def _pilot(path: str, holdout: "EvaluationHoldout") -> Any:  # noqa: ANN401 - PairedAnswers
    from ftaudit.evaluation.formats.recognition import open_results
    from ftaudit.evaluation.formats.result_request import ResultRequest
    from ftaudit.evaluation.pairing import pair

    request = ResultRequest(id_column=holdout.id_column)
    return pair(open_results(path, request), holdout, request)


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _needed(name: str, places: str, *values: Any) -> Any:  # noqa: ANN401 - a number of its kind
    """Return the first value there is.

    Raises:
        UsageError: there is none.
    """
    value = _first(*values)
    if value is None:
        raise click.UsageError(f"no number of {name}: give {places}")
    return value


def _lines(forecast: "PowerForecast", verdict: "Verdict") -> Iterator[str]:
    """Yield the forecast in words."""
    from ftaudit.model.escape import printable
    from ftaudit.reports.limits import breach_sentence
    from ftaudit.wire.manifest import BreachRecord

    request = forecast.request
    word = "ENOUGH" if verdict.passed else "TOO FEW ROWS"
    yield (
        f"{word}: {request.rows:,} rows see a lift of {100 * request.lift:.1f} points over "
        f"{100 * request.baseline:.1f} % with power {forecast.power:.2f}"
    )
    yield f"  {'needed':<12} {forecast.rows_needed:,} rows for power .80"
    smallest = forecast.minimum_lift
    yield f"  {'smallest':<12} " + (
        "no lift is seen with power .80: too few rows differ"
        if smallest is None
        else f"{100 * smallest:.1f} points is the smallest lift seen with power .80"
    )
    note = {
        "assumed": " (assumed: independent errors, the most there can be; measure it with --pilot)",
        "measured": " (measured by the pilot)",
        "given": "",
    }[forecast.source]
    yield f"  {'discordance':<12} {forecast.discordance:.4f}{note}"
    margin = f"{100 * request.margin:.1f} points"
    yield (
        f"  {'classes':<12} a class needs {forecast.class_rows:,} rows before it can be shown to "
        f"be no worse by {margin}"
    )
    small = forecast.small_classes
    if small:
        listed = (f"{printable(name, limit=60)} ({rows:,})" for name, rows in small[:CLASSES])
        names = ", ".join(listed)
        more = f" and {len(small) - CLASSES:,} more" if len(small) > CLASSES else ""
        yield f"  {'too small':<12} {len(small):,} of {len(request.classes):,}: {names}{more}"
    for breach in (*verdict.breaches, *verdict.warnings):
        sentence = breach_sentence(BreachRecord.of(breach))
        yield f"  {breach.rule:<12} {sentence} {breach.fix}"


def _as_json(forecast: "PowerForecast", verdict: "Verdict") -> str:
    from ftaudit.model.escape import shown_json

    value = {
        "enough": verdict.passed,
        "discordance": forecast.source,
        "metrics": dict(forecast.outcome().metrics),
        "class_rows": forecast.class_rows,
        "small_classes": dict(forecast.small_classes),
        "breaches": [breach.rule for breach in verdict.breaches],
    }
    return shown_json(value)
