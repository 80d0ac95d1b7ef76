"""`ftaudit drift`: say whether new data calls for an audit, an evaluation or a tuning."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from ftaudit.evaluation.domain_classifier import DomainAuc
    from ftaudit.evaluation.drift_report import DriftReport
    from ftaudit.evaluation.new_data import NewCounts
    from ftaudit.evaluation.novelty import Novelty
    from ftaudit.evaluation.plan_sections import DecisionPlan
    from ftaudit.wire.manifest import Manifest

WORDS: Final = {0: "NONE", 1: "FIRES", 3: "TOO FEW ROWS TO TELL"}


@click.command(
    epilog=(
        "Examples:\n\n"
        "  ftaudit drift ftaudit-out/manifest.json this-week.csv\n\n"
        "  ftaudit drift ftaudit-out/manifest.json this-week.csv --plan plan.yaml "
        "--training train.csv --holdout-data test.csv\n\n"
        "  ftaudit drift 2026-01/manifest.json 2026-07/manifest.json\n\n"
        "Exit codes: 0 no trigger fires, 1 a trigger fires, 2 usage or malformed input, 3 too few "
        "rows to tell, 4 the profile is not the manifest's."
    )
)
@click.argument("manifest", type=click.Path(path_type=Path))
@click.argument("new", nargs=-1, required=True, metavar="NEW...")
@click.option(
    "--plan", metavar="FILE", type=click.Path(path_type=Path), help="Limits of the triggers."
)
@click.option(
    "--reference",
    type=click.Choice(["train", "holdout"]),
    help="What stands for production. [default: the plan's word, else whichever is nearer]",
)
@click.option("--training", multiple=True, metavar="PATH", help="Training texts, for novelty.")
@click.option("--holdout-data", multiple=True, metavar="PATH", help="Holdout texts, likewise.")
@click.option(
    "--training-index",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Instead of training texts: what `ftaudit index` made of them.",
)
@click.option(
    "--holdout-index",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Instead of holdout texts, likewise.",
)
@click.option(
    "--profile-key",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The key that the profile's names were digested with.",
)
@click.option(
    "--domain-classifier",
    is_flag=True,
    help="Also say how well a classifier tells new texts from training (extra `drift`).",
)
@click.option("--base-model", default="", metavar="NAME", help="Base model in use, with version.")
@click.option(
    "--product-policy",
    default="",
    metavar="NAME|FILE",
    help="Rules of the product in force, with version; or their file, whose digest counts.",
)
@click.option("--score", type=float, metavar="P", help="Score measured in production.")
@click.option("--workers", type=click.IntRange(min=1), default=1, help="Threads.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, nothing else.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    manifest: Path,
    new: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - as click has made them
) -> None:
    """Compare new data with what an audit saw; name every trigger that fires.

    NEW is data, or another manifest. A trigger fires only when the difference is significant and
    beyond its limit after the level of chance is taken off. Shares are compared through the
    profile that `scan` wrote beside MANIFEST: the old data is not needed.
    """
    from ftaudit.cli.manifest_files import read_manifest
    from ftaudit.evaluation.drift_report import Production, report_drift
    from ftaudit.wire.data_profile import PROFILE_FILE, load_profile

    audited = read_manifest(manifest)
    profile = load_profile(manifest.with_name(PROFILE_FILE), audited)
    plan = _plan(options["plan"])
    limits = plan.limits
    if options["reference"]:
        limits = limits.model_copy(update={"reference": options["reference"]})
    key = _key(options["profile_key"], keyed=profile.keyed)
    counts = _counts(new, audited, key)
    if counts.lengths is None and (options["training"] or options["training_index"]):
        message = "novelty and the classifier compare texts, and a manifest holds none: NEW is data"
        raise click.UsageError(message)
    report = report_drift(
        profile,
        counts,
        limits,
        novelty=_novelty(new, options),
        production=Production(
            options["score"],
            options["base_model"],
            _product_policy(options["product_policy"], plan.product_policy),
        ),
        planned=Production(base_model=plan.base_model, product_policy=plan.product_policy),
        length_distance=_length_distance(options["training"], audited, counts),
        text=_domain_auc(new, audited, options),
    )
    names = _masked(report, counts)
    click.echo(_as_json(report, names) if options["as_json"] else "\n".join(_lines(report, names)))
    ctx.exit(report.exit_code)


def _plan(path: Path | None) -> "DecisionPlan":
    from ftaudit.admission.plan import load_plan
    from ftaudit.evaluation.plan_sections import DecisionPlan

    return DecisionPlan() if path is None else load_plan(path).decision()


def _key(path: Path | None, *, keyed: bool) -> bytes | None:
    """Return the key of the profile's names.

    Raises:
        UsageError: the profile is keyed and there is no key, or the other way round.
    """
    from ftaudit.model.errors import InputError

    if keyed and path is None:
        raise click.UsageError("the names of the profile are keyed: give --profile-key")
    if path is None or not keyed:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(path, f"the key cannot be read ({error.strerror})") from None


def _counts(new: Sequence[str], audited: "Manifest", key: bytes | None) -> "NewCounts":
    """Return the counts of new data, or of the profile beside another manifest."""
    from ftaudit.cli.manifest_files import read_manifest
    from ftaudit.evaluation.new_data import of_data, of_profile
    from ftaudit.wire.data_profile import PROFILE_FILE, load_profile
    from ftaudit.wire.manifest import STATEMENT_TYPE

    path = Path(new[0])
    if len(new) == 1 and path.suffix == ".json" and path.is_file():
        head = path.read_bytes()
        if STATEMENT_TYPE.encode() in head or b'"payloadType"' in head[:4096]:
            return of_profile(load_profile(path.with_name(PROFILE_FILE), read_manifest(path)))
    return of_data(new, audited, key)


def _novelty(new: Sequence[str], options: Mapping[str, Any]) -> "Novelty | None":
    """Return the novel shares: by texts, or by indexes; None where neither was given.

    Raises:
        UsageError: only one of two indexes was given.
    """
    from ftaudit.evaluation.novelty import measure_novelty, novelty_by_indexes

    training, holdout = options["training_index"], options["holdout_index"]
    if training and holdout:
        return novelty_by_indexes(training, holdout, new, workers=options["workers"])
    if training or holdout:
        raise click.UsageError("give --training-index and --holdout-index together")
    if not options["training"]:
        return None
    return measure_novelty(
        options["training"], options["holdout_data"], new, workers=options["workers"]
    )


def _product_policy(given: str, planned: str) -> str:
    """Return the rules in force as the plan writes them: a file is named by its digest.

    Raises:
        InputError: the file cannot be read.
    """
    path = Path(given)
    if not given or not path.is_file():
        return given
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    name = planned.partition(" ")[0]
    return f"{name} sha256:{digest}".strip()


def _length_distance(
    training: Sequence[str], audited: "Manifest", counts: "NewCounts"
) -> float | None:
    """Return the Kolmogorov-Smirnov distance of input lengths; None without training texts."""
    from ftaudit.evaluation.new_data import read_rows
    from ftaudit.model.statistics.distribution import smirnov_distance

    if not training or counts.lengths is None:
        return None
    old = read_rows(training, audited)["input"].str.len_chars().drop_nulls()
    return smirnov_distance(old.to_list(), counts.lengths.drop_nulls().to_list())


def _domain_auc(
    new: Sequence[str], audited: "Manifest", options: Mapping[str, Any]
) -> "DomainAuc | None":
    """Return how well a classifier tells new texts from training; None without the option.

    Raises:
        UsageError: no training texts were given.
    """
    from ftaudit.evaluation.domain_classifier import domain_auc
    from ftaudit.evaluation.new_data import read_rows

    if not options["domain_classifier"]:
        return None
    if not options["training"]:
        raise click.UsageError("--domain-classifier compares texts: give --training")
    texts = [read_rows(data, audited)["input"].drop_nulls() for data in (options["training"], new)]
    return domain_auc(*(series.to_list() for series in texts))


def _masked(report: "DriftReport", counts: "NewCounts") -> dict[str, str]:
    """Return names of new classes, masked: names of classes are data."""
    from ftaudit.model.escape import printable

    names = {name: counts.names.get(name, name) for name in report.new_classes}
    if not names:
        return {}
    import polars as pl

    from ftaudit.checks import discover
    from ftaudit.pipeline.excerpts import mask_texts, maskings

    masked = mask_texts(pl.Series(list(names.values())), maskings(discover(), ()))
    return {n: printable(text or "", limit=80) for n, text in zip(names, masked, strict=True)}


def _lines(report: "DriftReport", names: Mapping[str, str]) -> Iterator[str]:
    word = WORDS[report.exit_code]
    fired = f": {', '.join(report.fired)}" if report.fired else ""
    yield f"{word}{fired}"
    for signal in report.signals:
        yield f"  {signal.state:<13} {signal.id}: {signal.text}"
        if signal.state == "fires" and signal.action:
            yield f"  {'':<13} → {signal.action}"
    for digest, name in list(names.items())[:10]:
        yield f"  {'new class':<13} {name}, {report.new_classes[digest]:,} rows"


def _as_json(report: "DriftReport", names: Mapping[str, str]) -> str:
    from ftaudit.model.escape import shown_json

    value = {
        "triggers": list(report.fired),
        "signals": [
            {"id": s.id, "state": s.state, "text": s.text, "action": s.action}
            for s in report.signals
        ],
        "references": {id_: r.reference for id_, r in report.shifts.items()},
        "metrics": dict(report.outcome().metrics),
        "new_classes": {names[digest]: rows for digest, rows in report.new_classes.items()},
    }
    return shown_json(value)
