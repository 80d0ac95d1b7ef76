"""The check `class-balance`: how evenly the data covers its classes, or its kinds of output."""

from collections.abc import Mapping
from math import fsum
from typing import ClassVar, Final

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model.check import (
    Chart,
    Context,
    Judgement,
    Mapped,
    Relation,
    Skip,
    Value,
    parameters,
)
from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.model.declaration import Declaration, StandardTags
from ftaudit.model.finding import Metric, Rule, Severity
from ftaudit.model.statistics.distribution import DistributionShift, distribution_shift, evenness
from ftaudit.model.statistics.scores import rounded_score, rows_of_tenths, score_tenths
from ftaudit.records.answer_classes import answer_classes, short_answer, within_bounds
from ftaudit.records.name_tallies import NameCounts, NameFindings, NameTallies, name_tallies
from ftaudit.records.output_kind import kind
from ftaudit.records.row_names import class_name, length_bits
from ftaudit.records.share_charts import class_chart, length_chart, median_length, shares_by_split

_PARTIALS: Final = pl.Schema(
    {
        "topic": pl.String,
        "split": pl.String,
        "name": pl.String,
        "rows": pl.UInt64,
        "first": pl.UInt64,
    }
)
"""Rows of a split, and the first of them, by class (`label`), by rounded score (`score`), by short
output (`answer`), by kind of output (`kind`), or by length in characters (`input`, `output`: how
many bits the length has)."""
_UNKEPT: Final = ("all", "answer")
"""Topics that are not kept for later comparisons with new data."""


class ClassBalance(Struct, frozen=True):
    """Classes that are rare, missing from a split, or distributed otherwise than in the holdout.

    ## What it finds

    For data with labels: how many classes training has, the shares of the largest and smallest,
    their ratio, how even the distribution is, classes with fewer than `minimum_count` rows,
    classes that only training or only the holdout has, and how far the holdout's distribution is
    from training's. For data with scores instead of labels: how they are spread over tenths of the
    scale, and whether the holdout's are spread otherwise. For data with outputs instead of labels:
    the same over the kind of output (json, code, list, prose, refusal, empty) and over its length.
    Outputs that are a few short answers, as of a classifier that is tuned on prompts or chats, are
    measured as labels are. For plain text the lengths.

    ## Why it harms training

    A model learns the majority's answer and seldom gives the rare one; a class with a handful of
    rows is memorised, not learned; a class without holdout rows is never measured; and a holdout
    of another mixture measures another task.

    ## How it decides

    All counts are of the training split and exact; rows without a label count in none.

    - `balance.imbalance_ratio` is the largest class over the smallest.
    - `balance.entropy_ratio` is Shannon's entropy over its maximum, log(classes): 1 is perfectly
      even, 0 is one class (Pielou 1966, doi:10.1016/0022-5193(66)90013-0).
    - `balance.drift` is the Jensen-Shannon distance between the shares in training and holdout,
      the square root of the divergence in bits: 0 is equal, 1 is disjoint (Lin 1991,
      doi:10.1109/18.61115; Endres and Schindelin 2003, doi:10.1109/TIT.2003.813506). Small
      samples differ by chance, so `balance.drift_p_value` tests that both splits are drawn from one
      distribution: Pearson's chi-square, and where a class is expected fewer than 5 times in
      either split the same statistic under 9,999 seeded relabellings of the rows (classes are
      never taken together, which could leave nothing to test). `balance.drift_train_rows` and
      `balance.drift_holdout_rows` are its sample sizes. Drift is reported as a finding only when
      the distance is at least `drift_distance` and the p-value at most `significance`.
    - Outputs are taken as classes if training has 2 to 100 different ones of one line and at most
      60 characters, 10 rows of each on average, and at most 1 % of its outputs are others.
    - Lengths are counted in characters, in buckets that double: 1, 2-3, 4-7, …
    - Kinds of output are told by shape: braces at both ends are `json`; a fence or a line of
      code is `code`; two or more item lines are a `list`; a known opening is a `refusal`.

    ## Parameters

    - `minimum_count`: fewest training rows of a class (default 10).
    - `maximum_ratio`: imbalance ratio above which a finding is reported (default 20).
    - `drift_distance`, `significance`: when drift is reported (defaults 0.1 and 0.01).

    ## Known false positives

    A holdout balanced on purpose drifts from training as it occurs. Labels that are numbers of a
    scale, or free text, have many small classes by nature.

    ## References

    Japkowicz and Stephen 2002, The class imbalance problem, doi:10.3233/IDA-2002-6504; and as
    above.
    """

    id: ClassVar[str] = "class-balance"
    version: ClassVar[int] = 7
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(
            ("Art. 10(2)(f)", "Art. 10(3)"), ("MEASURE 2.11",), ("balance", "representativeness")
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "balance.rare_class",
            "A class has too few training rows",
            Severity.LOW,
            "Collect more rows of the class, or merge it with another.",
            of_data=True,
        ),
        Rule(
            "balance.imbalance",
            "The largest class is many times the smallest",
            Severity.LOW,
            "Weight or resample the classes, and measure each on its own.",
            of_data=True,
        ),
        Rule(
            "balance.missing_from_holdout",
            "A class of the training data is not in the holdout",
            Severity.LOW,
            "Add rows of the class to the holdout: it is not measured otherwise.",
            of_data=True,
        ),
        Rule(
            "balance.missing_from_train",
            "A class of the holdout is not in the training data",
            Severity.MEDIUM,
            "Add training rows of the class, or remove it from the holdout.",
            of_data=True,
        ),
        Rule(
            "balance.drift",
            "Holdout and training data are distributed differently",
            Severity.LOW,
            "Draw the holdout from the same source and mixture as the training data.",
            of_data=True,
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("balance.classes", "classes in training", "classes"),
        Metric("balance.labelled_rows", "training rows with a label"),
        Metric("balance.unlabelled_rows", "training rows without a label"),
        Metric("balance.majority_count", "training rows of the largest class"),
        Metric(
            "balance.majority_share",
            "its share of labelled training rows",
            "ratio",
            sentence="{value} of labelled training rows are of the largest class",
        ),
        Metric("balance.minority_count", "training rows of the smallest class"),
        Metric(
            "balance.minority_share",
            "its share of labelled training rows",
            "ratio",
            sentence="{value} of labelled training rows are of the smallest class",
        ),
        Metric(
            "balance.imbalance_ratio",
            "largest over smallest class",
            "times",
            sentence="the largest class has {value} times the rows of the smallest",
        ),
        Metric(
            "balance.entropy_ratio",
            "entropy over that of even classes",
            "ratio",
            sentence="classes are even to a ratio of {value}",
        ),
        Metric(
            "balance.classes_under_minimum",
            "classes under minimum_count",
            "classes",
            sentence="{value} classes with fewer rows than the minimum",
        ),
        Metric(
            "balance.classes_missing_from_holdout",
            "training classes only",
            "classes",
            sentence="{value} training classes without a row in the holdout",
        ),
        Metric(
            "balance.classes_missing_from_train",
            "holdout classes only",
            "classes",
            sentence="{value} holdout classes without a row in training",
        ),
        Metric(
            "balance.drift",
            "Jensen-Shannon distance of training and holdout",
            "ratio",
            sentence="classes of training and holdout are {value} apart (Jensen-Shannon distance)",
        ),
        Metric("balance.drift_p_value", "test of equal distribution", "ratio"),
        Metric("balance.drift_train_rows", "training rows compared"),
        Metric("balance.drift_holdout_rows", "holdout rows compared"),
        Metric("balance.scored_rows", "training rows with a score"),
        Metric("balance.unscored_rows", "training rows without a score"),
        Metric("balance.score_tenths", "tenths of the scale with training rows", "tenths"),
        Metric("balance.score_majority_share", "share of the commonest tenth", "ratio"),
        Metric("balance.score_entropy_ratio", "evenness of tenths", "ratio"),
        Metric("balance.score_drift", "distance of scores to the holdout", "ratio"),
        Metric("balance.score_drift_p_value", "test of equal distribution", "ratio"),
        Metric("balance.output_kinds", "kinds of output in training", "kinds"),
        Metric("balance.output_kind_majority_share", "share of the commonest kind", "ratio"),
        Metric("balance.output_kind_entropy_ratio", "evenness of kinds", "ratio"),
        Metric("balance.output_kind_drift", "distance of kinds to the holdout", "ratio"),
        Metric("balance.output_kind_drift_p_value", "test of equal distribution", "ratio"),
        Metric("balance.output_lengths", "length buckets in training", "buckets"),
        Metric("balance.output_length_majority_share", "share of the commonest", "ratio"),
        Metric("balance.output_length_entropy_ratio", "evenness of lengths", "ratio"),
        Metric("balance.output_length_drift", "distance of lengths to the holdout", "ratio"),
        Metric("balance.output_length_drift_p_value", "test of equal distribution", "ratio"),
        Metric("balance.refusals", "training rows whose output refuses"),
        Metric("balance.empty_outputs", "training rows whose output is empty"),
    )

    minimum_count: int = 10
    maximum_ratio: float = 20.0
    drift_distance: float = 0.1
    significance: float = 0.01
    _labelled: bool = True
    _scored: bool = False

    @classmethod
    def prepare(cls, context: Context) -> "ClassBalance | Skip":
        """Check any data with training rows; labels when the format has them."""
        if not context.rows.get(TRAIN):
            return Skip("there is no training data")
        values = parameters(cls, context.parameters)
        labelled = "label" in context.columns
        scored = not labelled and "score" in context.columns
        return cls(**values, _labelled=labelled, _scored=scored)  # type: ignore[arg-type] # validated just now

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count rows by class, by score or by kind of output, and by length."""
        named = {
            "answer": short_answer("output"),
            "kind": kind("output"),
            "output": length_bits("output"),
        }
        if self._labelled:
            named = {"label": class_name()}
        elif self._scored:
            named = {"score": rounded_score(pl.col("score"))}
        named["input"] = length_bits("input")
        counts = [
            batch.select("id", "split", name=value, topic=pl.lit(topic))
            .filter(pl.col("name").is_not_null())
            .group_by("topic", "split", "name")
            .agg(rows=pl.len().cast(pl.UInt64), first=pl.min("id"))
            for topic, value in named.items()
        ]
        everything = batch.group_by("split").agg(rows=pl.len().cast(pl.UInt64), first=pl.min("id"))
        counts.append(everything.with_columns(topic=pl.lit("all"), name=pl.lit("")))
        return Mapped(pl.concat([c.select(_PARTIALS.names()) for c in counts]))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add the counts up."""
        by = ("topic", "split", "name")
        added = partials.group_by(by).agg(pl.sum("rows"), pl.min("first")).select(_PARTIALS.names())
        answers = added.filter(topic="answer")
        return pl.concat([added.remove(topic="answer"), within_bounds(answers)])

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Measure evenness and drift."""
        tallies = name_tallies(totals)
        measure = self._scores if self._scored else self._outputs
        judged = self._labels(tallies) if self._labelled else measure(tallies)
        charts = [*judged.charts]
        if lengths := tallies.of("input"):
            charts.append(length_chart("Length of the input", lengths))
        return Judgement(
            {k: _rounded(v) for k, v in judged.metrics.items()},
            judged.headline,
            notes=judged.notes,
            examples=judged.examples,
            findings=judged.findings,
            charts=tuple(charts),
            tallies={
                topic: counts for topic, counts in tallies.counts.items() if topic not in _UNKEPT
            },
        )

    def _labels(self, tallies: NameTallies) -> Judgement:
        return self._classes(tallies, tallies.of("label"), "label")

    def _classes(self, tallies: NameTallies, counts: NameCounts, topic: str) -> Judgement:
        train, holdout = counts.get(TRAIN, {}), counts.get(HOLDOUT, {})
        total = sum(train.values())
        even = evenness(train)
        least, most = (f(train.values(), default=0) for f in (min, max))
        rare = [name for name, rows in sorted(train.items()) if rows < self.minimum_count]
        metrics: dict[str, Value] = {
            "balance.classes": len(train),
            "balance.labelled_rows": total,
            "balance.unlabelled_rows": tallies.rows(TRAIN) - total,
            "balance.majority_count": most,
            "balance.majority_share": most / total if total else 0.0,
            "balance.minority_count": least,
            "balance.minority_share": least / total if total else 0.0,
            "balance.imbalance_ratio": most / least if least else 0.0,
            "balance.entropy_ratio": even,
            "balance.classes_under_minimum": len(rare),
        }
        findings = NameFindings(tallies, topic)
        for name in rare:
            detail = f"{train[name]} rows of this class, minimum {self.minimum_count}"
            findings.add("balance.rare_class", TRAIN, name, detail)
        if least and most / least > self.maximum_ratio:
            smallest = min(train, key=lambda n: (train[n], n))
            detail = f"{least} rows of this class, {most} of the largest"
            findings.add("balance.imbalance", TRAIN, smallest, detail)
        notes: tuple[str, ...] = ()
        if holdout:
            notes = self._holdout(train, holdout, metrics, findings)
        elif tallies.rows(HOLDOUT):
            notes = (f"The holdout has no {topic}s: its distribution is not compared.",)
        share = most / total if total else 0.0
        classes = "classes" if topic == "label" else "short answers, taken as classes"
        return Judgement(
            metrics,
            f"{len(train):,} {classes}, the largest {share:.1%}, entropy ratio {even:.3f}"
            if train
            else "no training row has a label",
            notes=notes,
            examples=findings.examples(),
            findings=findings.frame(),
            charts=(class_chart(counts),),
        )

    def _holdout(
        self,
        train: Mapping[str, int],
        holdout: Mapping[str, int],
        metrics: dict[str, Value],
        findings: NameFindings,
    ) -> tuple[str, ...]:
        unmeasured = sorted(train.keys() - holdout.keys())
        unlearned = sorted(holdout.keys() - train.keys())
        metrics["balance.classes_missing_from_holdout"] = len(unmeasured)
        metrics["balance.classes_missing_from_train"] = len(unlearned)
        for name in unmeasured:
            detail = f"{train[name]} training rows of this class, none in the holdout"
            findings.add("balance.missing_from_holdout", TRAIN, name, detail)
        for name in unlearned:
            detail = f"{holdout[name]} holdout rows of this class, none in training"
            findings.add("balance.missing_from_train", HOLDOUT, name, detail)
        if not train:
            return ()
        drift = distribution_shift(train, holdout)
        metrics["balance.drift"] = drift.distance
        metrics["balance.drift_p_value"] = drift.p_value
        metrics["balance.drift_train_rows"] = drift.reference_rows
        metrics["balance.drift_holdout_rows"] = drift.new_rows
        if self._drifts(drift):
            split = TRAIN if drift.widest in train else HOLDOUT
            detail = f"of this class {_widest_shares(drift)}; it differs most"
            findings.add("balance.drift", split, drift.widest, detail)
        return (_drift_note(drift, f"{findings.topic}s"),)

    def _scores(self, tallies: NameTallies) -> Judgement:
        scores = {
            split: {float(name): rows for name, rows in names.items()}
            for split, names in tallies.of("score").items()
        }
        own = scores.get(TRAIN, {})
        if not own:
            return Judgement({}, "no training row has a score")
        tenths = score_tenths([score for by_score in scores.values() for score in by_score])
        counts = {split: rows_of_tenths(by_score, tenths) for split, by_score in scores.items()}
        train, holdout, total = counts[TRAIN], counts.get(HOLDOUT), sum(own.values())
        share, mean = max(train.values()) / total, fsum(x * n for x, n in own.items()) / total
        metrics: dict[str, Value] = {
            "balance.scored_rows": total,
            "balance.unscored_rows": tallies.rows(TRAIN) - total,
            "balance.score_tenths": len(train),
            "balance.score_majority_share": share,
            "balance.score_entropy_ratio": evenness(train),
        }
        notes: tuple[str, ...] = ()
        findings = NameFindings(tallies, "score")
        if holdout:
            drift = distribution_shift(train, holdout)
            metrics["balance.score_drift"] = drift.distance
            metrics["balance.score_drift_p_value"] = drift.p_value
            notes = (_drift_note(drift, "scores"),)
            if self._drifts(drift):
                split = TRAIN if drift.widest in train else HOLDOUT
                first = next(
                    n for n in tallies.of("score")[split] if tenths[float(n)] == drift.widest
                )
                detail = f"of this tenth of the scale {_widest_shares(drift)}; it differs most"
                findings.add("balance.drift", split, first, detail)
        return Judgement(
            metrics,
            f"scores from {min(own):g} to {max(own):g}, mean {mean:.3g}; "
            f"the commonest tenth of the scale has {share:.1%}",
            notes=notes,
            examples=findings.examples(),
            findings=findings.frame(),
            charts=(
                Chart(
                    "Scores", *shares_by_split(counts, list(dict.fromkeys(tenths.values()))), "%"
                ),
            ),
        )

    def _outputs(self, tallies: NameTallies) -> Judgement:
        kinds, lengths = tallies.of("kind"), tallies.of("output")
        train = kinds.get(TRAIN, {})
        if not set(train) - {"empty"}:
            return Judgement({}, "no labels and no outputs: lengths of the input only")
        metrics: dict[str, Value] = {
            "balance.refusals": train.get("refusal", 0),
            "balance.empty_outputs": train.get("empty", 0),
        }
        if (answers := answer_classes(tallies.of("answer"))) is not None:
            judged = self._classes(tallies, answers, "answer")
            return replace(judged, metrics={**metrics, **judged.metrics})
        notes: list[str] = []
        findings = NameFindings(tallies)
        for name, topic, counts in (("kind", "kind", kinds), ("length", "output", lengths)):
            own, other = counts.get(TRAIN, {}), counts.get(HOLDOUT, {})
            total = sum(own.values())
            metrics[f"balance.output_{name}s"] = len(own)
            share = max(own.values(), default=0) / total if total else 0.0
            metrics[f"balance.output_{name}_majority_share"] = share
            metrics[f"balance.output_{name}_entropy_ratio"] = evenness(own)
            if not own or not other:
                continue
            drift = distribution_shift(own, other)
            metrics[f"balance.output_{name}_drift"] = drift.distance
            metrics[f"balance.output_{name}_drift_p_value"] = drift.p_value
            notes.append(_drift_note(drift, f"output {name}s"))
            if self._drifts(drift):
                split = TRAIN if drift.widest in own else HOLDOUT
                detail = f"of this output {name} {_widest_shares(drift)}; it differs most"
                findings.add("balance.drift", split, drift.widest, detail, topic=topic)
        usual = max(sorted(train), key=lambda n: train[n])
        share = train[usual] / sum(train.values())
        median = median_length(lengths.get(TRAIN, {}))
        return Judgement(
            metrics,
            f"outputs are {share:.0%} {usual}, median length {median}",
            notes=tuple(notes),
            examples=findings.examples(),
            findings=findings.frame(),
            charts=(
                Chart(
                    "Kind of output",
                    *shares_by_split(kinds, sorted(set().union(*kinds.values()))),
                    "%",
                ),
                length_chart("Length of the output", lengths),
            ),
        )

    def _drifts(self, drift: DistributionShift) -> bool:
        return drift.distance >= self.drift_distance and drift.p_value <= self.significance


def _rounded(value: Value) -> Value:
    return round(value, 9) if isinstance(value, float) else value


def _widest_shares(drift: DistributionShift) -> str:
    """Say the shares of the name that differs most."""
    own, other = drift.widest_shares
    return f"{own:.1%} of training and {other:.1%} of the holdout"


def _drift_note(drift: DistributionShift, subject: str) -> str:
    """Say how large the drift is, how large it would be by chance, and how many rows say so."""
    return (
        f"Drift of {subject}: Jensen-Shannon distance {drift.distance:.3f} ({drift.chance:.3f} by "
        f"chance), {drift.method} p-value {drift.p_value:.2g} over {drift.names:,} names, "
        f"{drift.reference_rows:,} training and {drift.new_rows:,} holdout rows."
    )


CHECK: Final = ClassBalance
