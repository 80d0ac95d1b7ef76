"""Hold the data to what its owner says it should be: suites of Great Expectations."""

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct, field

from ftaudit.expectations.outcome import Evaluated
from ftaudit.expectations.shipped import fitting_suites
from ftaudit.expectations.suite import SEVERITIES, Expectation, read_suites
from ftaudit.expectations.suite_plan import GX, POLARS, SuitePlan, plan
from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip, parameters
from ftaudit.model.declaration import Declaration, StandardTags
from ftaudit.model.escape import printable
from ftaudit.model.examples import examples
from ftaudit.model.finding import EVIDENCE, Metric, Rule, Severity, evidence
from ftaudit.model.row_id import file_of, row_of

_REMEDY: Final = "Repair the rows, or correct the expectation."
MOST_NOTES: Final = 20
"""Failed expectations told one by one in the notes; the others are counted."""


class Expectations(Struct, frozen=True):
    r"""Evaluate suites in Great Expectations' own format on every split.

    **What it finds.** Expectations that do not hold: columns that are missing or empty, values
    outside a set or a range, texts of the wrong length or form, identifiers that repeat, means
    that have moved. Suites are those given with `--expectations`; without one, the shipped suite
    for the record format (chat, classification, preference) and the one for provenance columns,
    as far as the data has the columns they speak of.

    **Why it harms training.** A trainer reads whatever it is given. A renamed column, an empty
    answer or a score on another scale does not stop it; it shows in the model, weeks later.

    **How it decides.** Common types (`ftaudit.expectations.families.FAST_TYPES`) run as polars
    expressions in one streaming pass, with the counts, percentages and outcome Great Expectations
    has; sums are exact where it rounds. Every other type runs through Great Expectations itself
    on pandas, on the columns it needs; the engine of each expectation is recorded. Regular
    expressions run in a linear-time engine with Python's meaning; those that have no equal there
    (look-around, back-references, `\b`, an inner `$`) run through Great Expectations and Python's
    `re`, whose time an adversary can inflate: avoid them on text you do not trust. An expectation
    fails the gate by its severity: `critical`, `warning` or `info`, counted in
    `expectations.failed_*`. `meta.ftaudit.applies_to` of a suite or of an expectation names the
    splits it is for. Declared, kept and evaluated expectations must be equal in number and at
    least one; an unknown type, a suite of Great Expectations 0.x, an argument or column that does
    not exist is an error, never a pass.

    **Findings.** For an expectation that fails, its lowest `findings_per_expectation` failing
    rows per split, without values; for repeated values the last row of each with the first as the
    related row. Rules are `expectations.<type>`, with `warning.` or `info.` before the type for
    those severities.

    **Known limits.** `applies_to` aside, every suite is held against every split by itself, so
    uniqueness across splits is not tested (see the leakage check). Types that compare pandas
    dtypes (`expect_column_values_to_be_of_type`) see those of pandas, not those of the file.

    References: https://docs.greatexpectations.io, expectations/*.json of this project.
    """

    id: ClassVar[str] = "expectations"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.TABLE
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(("Art. 10(2)(e)", "Art. 10(2)(h)"), ("MAP 2.3",), ("compliance",)),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "expectations.info.*", "An expectation of severity info fails", Severity.INFO, _REMEDY
        ),
        Rule("expectations.warning.*", "An expectation fails (warning)", Severity.LOW, _REMEDY),
        Rule("expectations.*", "A critical expectation fails", Severity.HIGH, _REMEDY),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("expectations.declared", "Expectations that apply to the data", "expectations"),
        Metric("expectations.evaluated", "Expectations evaluated on all rows", "expectations"),
        Metric(
            "expectations.failed_critical",
            "Critical expectations that fail",
            "expectations",
            sentence="{value} failed expectations of severity critical",
        ),
        Metric(
            "expectations.failed_warning",
            "Expectations that fail, warning",
            "expectations",
            sentence="{value} failed expectations of severity warning",
        ),
        Metric(
            "expectations.failed_info",
            "Expectations that fail, info",
            "expectations",
            sentence="{value} failed expectations of severity info",
        ),
        Metric("expectations.fast", "Expectations evaluated by polars", "expectations"),
        Metric("expectations.gx", "Expectations evaluated by Great Expectations", "expectations"),
    )

    in_one_process: ClassVar[str] = (
        "values are hashed as this process hashes; cells for Great Expectations are data"
    )

    findings_per_expectation: int = 100
    """Failing rows that are reported per expectation and split."""
    _plan: SuitePlan = field(default_factory=SuitePlan)
    _broken: tuple[str, ...] = ()

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Read the suites and plan every expectation."""
        values = parameters(cls, context.parameters)
        if context.expectations:
            suites = read_suites(context.expectations)
        else:
            suites = fitting_suites(context.format, context.columns, context.table)
        if not suites:
            reason = f"no suite was given and none is shipped for {context.format} data"
            return Skip(f"{reason} with these columns")
        planned = plan(suites, context.table, context.rows)
        return cls(**values, _plan=planned, _broken=context.broken)  # type: ignore[arg-type] # validated by `parameters`

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Measure every expectation on one batch."""
        from ftaudit.expectations.evaluation import measure

        return Mapped(measure(self._plan, batch, self.findings_per_expectation))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add up what was measured."""
        from ftaudit.expectations.evaluation import combine

        return combine(partials, self.findings_per_expectation)

    @staticmethod
    def keys(partials: pl.DataFrame) -> pl.Series:
        """Return half of the hash of each value that is counted."""
        from ftaudit.expectations.partials import PartialKind

        is_key = pl.col("kind") == int(PartialKind.KEY)
        return partials.select(pl.when(is_key).then("a").alias("key")).to_series()

    @staticmethod
    def settle(partials: pl.DataFrame, _: pl.DataFrame, /) -> pl.DataFrame:
        """Keep the values that repeat, and count the others."""
        from ftaudit.expectations.partials import settled_keys

        return settled_keys(partials)

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Tell which expectations hold."""
        from ftaudit.expectations.evaluation import conclude

        cap, left_out = self.findings_per_expectation, bool(self._broken)
        done = conclude(self._plan, totals, cap, left_out=left_out)
        failed = [e for e in done if not e.outcome.success]
        findings = _findings(failed, self.findings_per_expectation)
        return Judgement(
            metrics=_metrics(self._plan, done),
            headline=_headline(done),
            notes=(
                *(f"Not of rows left out by --keep-going: {faults}." for faults in self._broken),
                *self._plan.notes,
                *_notes(failed),
                *_backtracking(self._plan),
            ),
            examples=examples(_first_findings(findings)),
            findings=findings,
            configuration=_configuration(self._plan),
        )


def _metrics(planned: SuitePlan, done: tuple[Evaluated, ...]) -> dict[str, int]:
    from ftaudit.expectations.evaluation import held

    holds = held(done)
    failing = [planned.items[i].expectation for i, success in holds.items() if not success]
    failed = Counter(expectation.severity for expectation in failing)
    engines = Counter(item.engine for item in planned.items)
    return {
        "expectations.declared": len(planned.items),
        "expectations.evaluated": len(holds),
        **{f"expectations.failed_{name}": failed[name] for name in SEVERITIES},
        "expectations.fast": engines[POLARS],
        "expectations.gx": engines[GX],
    }


def _headline(done: tuple[Evaluated, ...]) -> str:
    from ftaudit.expectations.evaluation import held

    holds = list(held(done).values())
    if all(holds):
        return f"all {len(holds):,} expectations hold"
    return f"{holds.count(False):,} of {len(holds):,} expectations fail"


def _notes(failed: Iterable[Evaluated]) -> tuple[str, ...]:
    lines = [_failure(e) for e in failed]
    more = len(lines) - MOST_NOTES
    return (*lines[:MOST_NOTES], *((f"and {more:,} more failed expectations",) if more > 0 else ()))


def _failure(e: Evaluated) -> str:
    """Say what failed, with counts and without any value."""
    about = f"({', '.join(e.expectation.columns)})" if e.expectation.columns else ""
    name = f"{e.expectation.suite}[{e.expectation.index}] {e.expectation.type}{about}"
    counts = ""
    if e.outcome.unexpected is not None and e.outcome.elements is not None:
        counts = f": {e.outcome.unexpected:,} of {e.outcome.elements:,} rows"
    return printable(f"{e.expectation.severity}: {name} fails on {e.split}{counts}", limit=400)


def _backtracking(planned: SuitePlan) -> tuple[str, ...]:
    slow = [i for i in planned.items if i.engine == GX and "regex" in i.expectation.type]
    if not slow:
        return ()
    reason = "regular expressions have no equal in the linear engine and ran in Python's re"
    return (f"{len(slow)} {reason}: their time is not bounded on hostile text",)


def _findings(failed: Iterable[Evaluated], cap: int) -> pl.DataFrame:
    return pl.concat([EVIDENCE.to_frame(), *(_rows(e, cap) for e in failed)])


def _rows(e: Evaluated, cap: int) -> pl.DataFrame:
    rows, related = e.outcome.rows[:cap], e.outcome.related[:cap] or (None,) * cap
    frame = pl.DataFrame(
        {"id": rows, "other": related[: len(rows)]}, schema={"id": pl.UInt64, "other": pl.UInt64}
    )
    return evidence(
        frame.sort("id"),
        rule=_rule(e.expectation),
        split=e.split,
        file=file_of("id"),
        row=row_of("id"),
        related_file=file_of("other"),
        related_row=row_of("other"),
        field=", ".join(e.expectation.columns),
        detail=f"{e.expectation.suite}[{e.expectation.index}]",
    )


def _rule(expectation: Expectation) -> str:
    level = "" if expectation.severity == "critical" else f"{expectation.severity}."
    return f"expectations.{level}{expectation.type}"


def _first_findings(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the first finding of every expectation, without the row it is paired with."""
    first = findings.group_by("rule", "split", "detail", maintain_order=True).first()
    return first.drop("related_file", "related_row")


def _configuration(planned: SuitePlan) -> dict[str, object]:
    configuration: dict[str, object] = {
        "suites": [{"name": name, "sha256": digest} for name, digest in planned.suites],
        "expectations": [
            {
                "suite": i.expectation.suite,
                "index": i.expectation.index,
                "type": i.expectation.type,
                "columns": list(i.expectation.columns),
                "severity": i.expectation.severity,
                "splits": list(i.expectation.splits),
                "engine": i.engine,
            }
            for i in planned.items
        ],
    }
    if any(item.engine == GX for item in planned.items):
        from ftaudit.expectations.gx import version

        configuration["great_expectations"] = version()
    return configuration


CHECK: Final[type[Check]] = Expectations
