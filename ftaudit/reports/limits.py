"""Limits in words, and the order in which reports name what stands in the way."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

from ftaudit.checks import discover
from ftaudit.model.breach import Breach
from ftaudit.model.declaration import Concern, declaration
from ftaudit.model.finding import Metric, Severity
from ftaudit.policy.measures import MEASURES
from ftaudit.reports import phrasing
from ftaudit.reports.excerpt import distinct, spread
from ftaudit.wire.manifest import BreachRecord, CheckRecord, ExampleRecord, Manifest

_DIGITS: Final = 8
"""Decimals of a percentage at most."""
_SEVERITIES: Final = (Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO)


def breach_sentence(breach: Breach | BreachRecord) -> str:
    """Return a limit in words: `4.9% of the holdout stands in training; the limit is 1%`.

    A breach without a number, or of a metric that no check or evaluation declares, keeps the
    message of the manifest.
    """
    metric = _metric(breach.metric)
    if metric is None or breach.value is None or breach.limit is None:
        return phrasing.sentence(breach.message)
    value, limit = _figures(metric, breach.value, breach.limit)
    words = _words(metric, breach.metric, breach.value).replace("{value}", value)
    below = breach.value < breach.limit
    bound = f"at least {limit} is required" if below else f"the limit is {limit}"
    return phrasing.sentence(f"{words}; {bound}")


def worst_first(
    breaches: Iterable[BreachRecord], checks: Sequence[CheckRecord]
) -> list[BreachRecord]:
    """Return breaches, the worst first: incomplete checks, then by concern and severity."""
    severities = {check.id: (severity_rank(check), -_worst(check)) for check in checks}
    return sorted(
        breaches,
        key=lambda breach: (
            breach.value is not None,
            concern(breach.check),
            severities.get(breach.check, (len(_SEVERITIES), 0)),
        ),
    )


def by_check(
    breaches: Iterable[BreachRecord], manifest: Manifest
) -> list[tuple[CheckRecord | None, list[BreachRecord]]]:
    """Return breaches by check, the worst check first; None for checks that are not recorded."""
    records = {check.id: check for check in manifest.predicate.checks}
    groups: dict[str, list[BreachRecord]] = {}
    for breach in worst_first(breaches, manifest.predicate.checks):
        groups.setdefault(breach.check, []).append(breach)
    return [(records.get(check), group) for check, group in groups.items()]


def severity_rank(check: CheckRecord) -> int:
    """Return 0 for a check with findings of severity high, 4 for one without findings."""
    present = {finding.severity for finding in check.findings if finding.count}
    ranks = (rank for rank, severity in enumerate(_SEVERITIES) if severity in present)
    return next(ranks, len(_SEVERITIES))


def worst_examples(check: CheckRecord) -> list[ExampleRecord]:
    """Return the examples of a check without those that show the same rows again, worst first.

    Those of the severest rules come first; of equally severe rules the first of each before the
    second of any.
    """
    severities = {f.rule: _SEVERITIES.index(Severity(f.severity)) for f in check.findings}
    examples = spread(distinct(check.examples))
    return sorted(examples, key=lambda example: severities.get(example.rule, len(_SEVERITIES)))


def _worst(check: CheckRecord) -> int:
    """Return the number of findings of the worst severity that the check has."""
    rank = severity_rank(check)
    return sum(f.count for f in check.findings if _SEVERITIES.index(Severity(f.severity)) == rank)


def concern(check: str) -> Concern:
    """Return what is at stake in a check, as it declares; quality where it is not installed."""
    return _concerns().get(check, Concern.QUALITY)


def _figures(metric: Metric, value: float, limit: float) -> tuple[str, str]:
    """Return value and limit in words, with as many digits as they need to look different."""
    if not _is_share(metric):
        return phrasing.number(value), phrasing.number(limit)
    digits = 1
    while digits < _DIGITS and phrasing.share(value, digits=digits) in {
        phrasing.share(limit, digits=digits),
        "0%",
    }:
        digits += 1
    return phrasing.share(value, digits=digits), phrasing.share(limit, digits=digits)


def _is_share(metric: Metric) -> bool:
    """Return whether a metric is said as a percentage: a share, by its name or its sentence."""
    share = metric.name.endswith("share") or metric.sentence.startswith("{value} of ")
    return metric.unit == "ratio" and share


def _words(metric: Metric, name: str, value: float) -> str:
    text = metric.sentence or f"{{value}} {metric.meaning[:1].lower()}{metric.meaning[1:]}"
    before, _, after = metric.name.partition("*")
    member = name.removeprefix(before).removesuffix(after) if "*" in metric.name else ""
    text = text.replace("{name}", phrasing.name(member))
    counted = text.startswith("{value} ") and not text.startswith("{value} of ")
    return _singular(text) if value == 1 and counted else text


def _singular(text: str) -> str:
    """Put the first plural among the three words behind the number into the singular."""
    words = text.split(" ")
    for at, word in enumerate(words[1:4], start=1):
        if word.endswith("s") and not word.endswith("ss"):
            words[at] = word[:-2] if word.endswith("sses") else word[:-1]
            break
    return " ".join(words)


def _metric(name: str) -> Metric | None:
    """Return the metric of a check or an evaluation; an outright name wins over a family."""
    metrics = _metrics()
    family = (metric for metric in metrics.values() if fnmatchcase(name, metric.name))
    return metrics.get(name) or next(family, None)


@cache
def _concerns() -> dict[str, Concern]:
    return {id_: declaration(check).concern for id_, check in discover().items()}


@cache
def _metrics() -> dict[str, Metric]:
    groups = (*MEASURES.values(), *(check.metrics for check in discover().values()))
    return {metric.name: metric for metrics in groups for metric in metrics}
