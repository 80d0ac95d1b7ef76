"""How evenly two models answer: violations of output rules, flips among alike inputs, runs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from msgspec import Struct

from ftaudit.evaluation.near_pairs import NearPairs
from ftaudit.evaluation.output_rules import OutputRuleset
from ftaudit.evaluation.pairing import PairedAnswers
from ftaudit.model.statistics.bootstrap import bootstrap
from ftaudit.model.statistics.interval import Interval
from ftaudit.model.statistics.paired_counts import PairedCounts
from ftaudit.model.statistics.paired_intervals import tango
from ftaudit.model.statistics.run_agreement import RunAgreement, run_agreement
from ftaudit.model.statistics.tails import rate_limit

FEW_PAIRS: Final = 100
"""Near-identical pairs under which flip rates say little."""


class ViolationLift(Struct, frozen=True):
    """How often two models break a rule, or any rule of a kind, on the same rows."""

    rule: str
    """`format`, `policy`, or `KIND:ID`."""
    removed: int
    """Rows that only the baseline breaks."""
    introduced: int
    """Rows that only the tuned model breaks."""
    both: int
    neither: int

    @property
    def counts(self) -> PairedCounts:
        """The fourfold table of rows that keep the rule."""
        return PairedCounts(self.neither, self.removed, self.introduced, self.both)

    @property
    def baseline(self) -> int:
        """Rows that the baseline breaks."""
        return self.both + self.removed

    @property
    def tuned(self) -> int:
        """Rows that the tuned model breaks."""
        return self.both + self.introduced

    def metrics(self) -> Iterator[tuple[str, float]]:
        """Yield the metrics of a kind."""
        counts, interval = self.counts, tango(self.counts)
        yield f"consistency.{self.rule}_baseline", self.baseline / counts.pairs
        yield f"consistency.{self.rule}_tuned", self.tuned / counts.pairs
        yield f"consistency.{self.rule}_lift", counts.lift
        yield f"consistency.{self.rule}_lift_lower", interval.lower
        yield f"consistency.{self.rule}_lift_upper", interval.upper
        yield f"consistency.{self.rule}_removed", self.removed
        yield f"consistency.{self.rule}_introduced", self.introduced
        yield f"consistency.{self.rule}_tuned_limit", rate_limit(self.tuned, counts.pairs)


class FlipCounts(Struct, frozen=True):
    """How often near-identical inputs of one reference are answered differently."""

    pairs: int
    flips: Mapping[str, int]
    """Role → pairs whose answers, read leniently, differ."""
    raw_flips: Mapping[str, int]
    """Role → pairs whose outputs differ as text; what is more than `flips` is format."""
    intervals: Mapping[str, Interval]
    """Role → interval of the flip rate, clusters resampled."""
    mixed_pairs: int
    """Pairs with different references, which are counted apart."""
    threshold: float
    complete: bool

    def metrics(self) -> Iterator[tuple[str, float]]:
        """Yield the metrics; rates only where there is a pair."""
        yield "consistency.near_pairs", self.pairs
        for role, flips in self.flips.items():
            yield f"consistency.flips_{role}", flips
            yield f"consistency.raw_flips_{role}", self.raw_flips[role]
            if self.pairs:
                yield f"consistency.flip_rate_{role}", flips / self.pairs


def violation_lifts(
    ruleset: OutputRuleset, baseline: pl.Series, tuned: pl.Series
) -> list[ViolationLift]:
    """Return violations per kind, then per rule, on rows that both models answered.

    Args:
        ruleset: the rules.
        baseline: outputs, null where there is none.
        tuned: likewise, of the same rows.
    """
    answered = baseline.is_not_null() & tuned.is_not_null()
    before = ruleset.violations(baseline.filter(answered))
    after = ruleset.violations(tuned.filter(answered))
    lifts = [
        _violation_lift(kind, before.select(names), after.select(names))
        for kind in ("format", "policy")
        if (names := [name for name in before.columns if name.startswith(f"{kind}:")])
    ]
    rules = [
        _violation_lift(name, before.select(name), after.select(name)) for name in before.columns
    ]
    return [*lifts, *rules]


def _violation_lift(rule: str, before: pl.DataFrame, after: pl.DataFrame) -> ViolationLift:
    breaks = pl.DataFrame(
        {
            "baseline": before.select(pl.any_horizontal(pl.all())).to_series(),
            "tuned": after.select(pl.any_horizontal(pl.all())).to_series(),
        }
    )
    cells = breaks.select(
        removed=(pl.col("baseline") & ~pl.col("tuned")).sum(),
        introduced=(~pl.col("baseline") & pl.col("tuned")).sum(),
        both=(pl.col("baseline") & pl.col("tuned")).sum(),
        neither=(~pl.col("baseline") & ~pl.col("tuned")).sum(),
    ).row(0)
    return ViolationLift(rule, *cells)


def flip_counts(pairs: NearPairs, references: pl.Series, outputs: pl.DataFrame) -> FlipCounts:
    """Count the pairs whose answers differ.

    Args:
        pairs: near-identical rows.
        references: of every row; pairs of different references are counted apart.
        outputs: columns `ROLE` (read leniently) and `raw ROLE` per model, one row per row.
    """
    left, right = pairs.frame["left"], pairs.frame["right"]
    same = (references.gather(left) == references.gather(right)).fill_null(value=True)
    differs = pl.DataFrame(
        {
            name: outputs[name].gather(left).ne_missing(outputs[name].gather(right))
            for name in outputs.columns
        }
    )
    answered = (
        pl.Series([True] * len(left), dtype=pl.Boolean)
        if not outputs.columns
        else pl.DataFrame(
            {
                name: outputs[name].gather(left).is_not_null()
                & outputs[name].gather(right).is_not_null()
                for name in outputs.columns
            }
        )
        .select(pl.all_horizontal(pl.all()))
        .to_series()
    )
    kept = differs.filter(same & answered)
    clusters = pairs.frame["cluster"].filter(same & answered)
    roles = [name for name in outputs.columns if not name.startswith("raw ")]
    return FlipCounts(
        pairs=kept.height,
        flips={role: int(kept[role].sum()) for role in roles},
        raw_flips={role: int(kept[f"raw {role}"].sum()) for role in roles},
        intervals={role: _rate_interval(kept[role], clusters) for role in roles},
        mixed_pairs=int((~same & answered).sum()),
        threshold=pairs.threshold,
        complete=pairs.complete,
    )


def _rate_interval(flips: pl.Series, clusters: pl.Series) -> Interval:
    """Resample clusters: pairs of one cluster share rows."""
    if flips.is_empty():
        return Interval(0.0, 1.0)
    table = (
        pl.DataFrame({"flips": flips, "cluster": clusters})
        .group_by("cluster")
        .agg(pl.sum("flips"), pairs=pl.len())
        .group_by("flips", "pairs")
        .len()
        .sort("flips", "pairs")
    )
    flipped, sizes = table["flips"].to_numpy(), table["pairs"].to_numpy()
    drawn = bootstrap(
        lambda weights: (weights @ flipped) / np.maximum(weights @ sizes, 1),
        table["len"].to_numpy().astype(np.int64),
    )
    return drawn.percentile()


def agreement_of(answers: PairedAnswers) -> RunAgreement | None:
    """Return the agreement of repeated runs; None when no row was asked twice."""
    if answers.runs < 2:
        return None
    frame = answers.answers.filter(~pl.col("failed")).select(
        "position", pl.col("output").fill_null("").str.strip_chars()
    )
    items = frame.group_by("position", maintain_order=True).agg("output")
    return run_agreement({str(position): runs for position, runs in items.iter_rows()})


def run_metrics(agreements: Mapping[str, RunAgreement]) -> Iterator[tuple[str, float]]:
    """Yield the metrics of repeated runs by role."""
    for role, agreement in agreements.items():
        yield f"consistency.run_items_{role}", agreement.items
        yield f"consistency.run_agreement_{role}", agreement.pairwise
        yield f"consistency.run_unanimous_{role}", agreement.unanimous
        yield f"consistency.run_alpha_{role}", agreement.alpha


def consistency_notes(flips: FlipCounts | None, agreements: Sequence[str]) -> Iterator[str]:
    """Yield what a reader must know to trust the numbers."""
    if flips is not None and flips.pairs < FEW_PAIRS:
        yield (
            f"{flips.pairs:,} near-identical pairs of one reference say little of flips: give more "
            "with --consistency FILE"
        )
    if flips is not None and not flips.complete:
        yield "some clusters are too large to be paired fully: flips in them are lower bounds"
    for role in agreements:
        yield (
            f"repeated runs of the {role} model show noise only if its temperature is above 0: "
            "ask which it was"
        )
