"""Training rows that are younger than the holdout."""

from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct

from ftaudit.model import check
from ftaudit.model.check import NO_HOLDOUT, Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.model.declaration import Concern, Declaration, StandardTags
from ftaudit.model.examples import SHOWN, examples
from ftaudit.model.finding import Metric, Rule, Severity, counted, evidence
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.model.row_id import file_of, row_of

LISTED: Final = 10_000
"""Moments that are listed as findings; the metric counts all rows."""


class TemporalLeakage(Struct, frozen=True):
    """Training rows dated after the earliest holdout row.

    ## What it finds

    Training rows whose time, in the column named by `--time-column`, is later than that of the
    earliest holdout row.

    ## Why it harms training

    In use a model is asked about the future. Where training reaches past the start of the holdout
    the model has seen what was to be predicted: new products, new wordings, the outcome itself
    (Kapoor and Narayanan 2023, https://doi.org/10.1016/j.patter.2023.100804, leakage type L3.1).

    ## How it decides

    Times are compared in UTC, to the microsecond. `leakage.temporal_rows` counts training rows
    strictly after the earliest holdout row. Rows without a time take no part, and are counted in a
    note. Findings list the first row of each moment, at most 10,000 of them. Skipped where no
    column was named.

    ## Known false positives

    A random split by design: then do not name a time column, or turn the rule off.
    """

    id: ClassVar[str] = "temporal-leakage"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        concern=Concern.EXPOSURE,
        tags=StandardTags(
            ("Art. 10(3)", "Annex IV(2)(g)"), ("MEASURE 2.5",), ("currentness", "timeliness")
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "temporal_leakage.later",
            "A training row is younger than the oldest holdout row",
            Severity.MEDIUM,
            "Split by time: train on what came before, hold out what came after.",
            Fix("decontaminate", FixTarget.ROW),
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("leakage.temporal_rows", "training rows after the earliest holdout row"),
        Metric("leakage.undated_rows", "rows without a time"),
    )

    _rows: int = 0

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Skip where no time column was named or there is no holdout."""
        check.parameters(cls, context.parameters)
        if "time" not in context.columns:
            return Skip("no time column was named", options=("--time-column",))
        if HOLDOUT not in context.rows:
            return NO_HOLDOUT
        return cls(_rows=context.rows[TRAIN])

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count rows and keep the first of every moment on either side."""
        rows = batch.filter(pl.col("split").is_in([TRAIN, HOLDOUT]))
        return Mapped(
            self.combine(rows.select("split", "time", first="id", count=pl.lit(1, pl.UInt64)))
        )

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add counts per split and moment; of the holdout's moments only the earliest counts."""
        moments = partials.group_by("split", "time").agg(pl.min("first"), pl.sum("count"))
        earliest = pl.col("time") == pl.col("time").min().over("split")
        return moments.filter((pl.col("split") != HOLDOUT) | pl.col("time").is_null() | earliest)

    @staticmethod
    def keys(partials: pl.DataFrame) -> pl.Series:
        """Return the moments of training rows as numbers; none below 0."""
        training = pl.when(pl.col("split") == TRAIN)
        moment = pl.col("time").dt.timestamp("us").reinterpret(signed=False)
        return partials.select(training.then(moment)).to_series()

    def settle(self, partials: pl.DataFrame, keyless: pl.DataFrame, /) -> pl.DataFrame:
        """Keep the moments that findings may list, and of the later ones how many rows they have.

        What is left is one moment, which stands behind the others.
        """
        earliest = keyless.filter(pl.col("split") == HOLDOUT)["time"].min()
        later = self.combine(partials).filter(
            pl.col("time") > pl.lit(earliest, partials["time"].dtype)
        )
        ordered = later.sort("first")
        rest = ordered.slice(LISTED).select(
            pl.lit(TRAIN).alias("split"), pl.max("time"), pl.min("first"), pl.sum("count")
        )
        return pl.concat([ordered.head(LISTED), rest.head(int(later.height > LISTED))])

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Count the training rows after the earliest holdout row."""
        earliest = totals.filter(pl.col("split") == HOLDOUT)["time"].min()
        later = totals.filter(
            (pl.col("split") == TRAIN) & (pl.col("time") > pl.lit(earliest, totals["time"].dtype))
        ).sort("first")
        rows = int(later["count"].sum())
        undated = int(totals.filter(pl.col("time").is_null())["count"].sum())
        findings = evidence(
            later.head(LISTED),
            rule="temporal_leakage.later",
            split=TRAIN,
            file=file_of("first"),
            row=row_of("first"),
            field="time",
            detail=pl.format("{} training rows at this moment", "count"),
        )
        notes = (f"rows without a time, which took no part: {undated:,}",) if undated else ()
        share = rows / self._rows if self._rows else 0.0
        return Judgement(
            {"leakage.temporal_rows": rows, "leakage.undated_rows": undated},
            f"{counted(rows, 'training row')} ({share:.1%}) younger than the oldest holdout row"
            if rows
            else "training is older than the holdout",
            notes=notes,
            examples=examples(findings.head(SHOWN)),
            findings=findings,
        )


CHECK: Final[type[Check]] = TemporalLeakage
