"""Near-identical rows that carry different labels or answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final, Self

import polars as pl

from ftaudit import check
from ftaudit.check import Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.dataset import ROW_BITS, TRAIN
from ftaudit.finding import EVIDENCE, Example, Location, Metric, Rule, Severity
from ftaudit.similarity import unnest

EXAMPLES: Final = 10
COUNTS: Final = ("pairs", "rows", "clusters", "cross_split_pairs", "incomplete_clusters")


@dataclass(frozen=True)
class LabelConflicts:
    """Near-identical inputs with different labels, or with answers that clash.

    ## What it finds

    Pairs of training rows whose inputs are equal after normalisation or have a Jaccard similarity
    of at least the threshold, and whose labels differ; for records without labels, whose answers
    clash: their similarity is below `clash_below`. Each row in a conflict is pointed to the most
    similar row on another side.

    ## Why it harms training

    One question with two answers teaches the model to guess, and caps the accuracy any model can
    reach. Label errors of a few per cent change which model looks best (Northcutt et al. 2021,
    Pervasive label errors in test sets, https://arxiv.org/abs/2103.14749).

    ## How it decides

    A fold over the `similar` relation. Labels are compared without regard to case and surrounding
    spaces (such variants are findings of the schema check). `label_conflicts.pairs` counts pairs
    of training rows, `label_conflicts.rows` the distinct rows in them, `label_conflicts.clusters`
    the clusters that hold them, and `label_conflicts.cross_split_pairs` pairs of a training row
    and a row of another split.

    ## Parameters

    `clash_below`: Jaccard similarity of two answers below which they clash, in [0, 1]; default
    0.5. For data without labels only.

    ## Known false positives

    Inputs that differ in one decisive word ("cancel" and "do not cancel") are near-identical and
    rightly labelled differently: read the words that differ. Open questions have many good
    answers: for creative data lower `clash_below` or drop the rule.

    ## References

    Northcutt, Jiang, Chuang 2021, Confident learning, https://arxiv.org/abs/1911.00068.
    """

    id: ClassVar[str] = "label-conflicts"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.SIMILAR
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "label_conflicts.label",
            "A near-identical row carries another label",
            Severity.HIGH,
            "Decide which label is right and give it to both rows, or remove one.",
        ),
        Rule(
            "label_conflicts.answer",
            "A near-identical prompt has an answer that clashes",
            Severity.MEDIUM,
            "Decide which answer is right and remove the other, or make the prompts differ.",
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("label_conflicts.pairs", "pairs of training rows in conflict", "pairs"),
        Metric("label_conflicts.rows", "distinct training rows in conflict"),
        Metric("label_conflicts.clusters", "clusters that hold a conflict", "clusters"),
        Metric("label_conflicts.cross_split_pairs", "conflicts with other splits", "pairs"),
        Metric("label_conflicts.share", "rows in conflict in all training rows", "ratio"),
    )

    clash_below: float = 0.5
    _rows: int = 0
    _labelled: bool = True

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Compare labels where there are any, else answers."""
        given = check.parameters(cls, context.parameters)
        labelled = "label" in context.columns
        if not labelled and "output" not in context.columns:
            return Skip("the records have neither labels nor answers")
        return cls(**given, _rows=context.rows[TRAIN], _labelled=labelled)  # type: ignore[arg-type] # validated above

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count conflicting pairs by groups of rows that agree, and point each row to a rival."""
        clusters = batch.filter(pl.col("kind") == "near")
        rows = unnest.members(clusters).with_columns(side=self._side()).drop_nulls("side")
        groups = rows.group_by("cluster", "node", "side", "split").agg(
            first=pl.col("id").min(), count=pl.len().cast(pl.UInt64)
        )
        clashes = self._clashes(groups, clusters)
        findings = self._findings(rows, clashes)
        return Mapped(_count(clashes, findings, clusters), findings.select(EVIDENCE.names()))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add the counts and keep the examples most alike."""
        return partials.select(
            *(pl.col(name).sum() for name in COUNTS),
            pl.col("examples").explode(empty_as_null=False).sort().head(EXAMPLES).implode(),
        )

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say how many rows contradict one another."""
        total = totals.row(0, named=True)
        metrics: dict[str, int | float] = {
            f"label_conflicts.{name}": int(total[name]) for name in COUNTS[:-1]
        }
        metrics["label_conflicts.share"] = (
            round(total["rows"] / self._rows, 9) if self._rows else 0.0
        )
        notes = []
        if total["incomplete_clusters"]:
            notes.append(
                f"{total['incomplete_clusters']:,} clusters are too large to be paired fully: "
                "the pairs counted in them are a lower bound"
            )
        what = "labels" if self._labelled else "answers"
        headline = (
            f"{total['pairs']:,} pairs of near-identical rows with different {what} "
            f"({total['rows']:,} rows)"
        )
        return Judgement(
            metrics,
            headline if total["pairs"] else f"no near-identical rows have different {what}",
            notes=tuple(notes),
            examples=tuple(self._examples(total["examples"])),
        )

    def _side(self) -> pl.Expr:
        """Return what two rows must share not to contradict each other."""
        if not self._labelled:
            return pl.col("answer").cast(pl.String)
        return pl.col("label").str.strip_chars().str.to_lowercase()

    def _clashes(self, groups: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
        """Return both directions of every clash between two groups of rows that agree within."""
        others = groups.rename(
            {
                "node": "other",
                "side": "rival",
                "split": "rival_split",
                "first": "match",
                "count": "many",
            }
        )
        clashes = (
            groups.join(unnest.links(clusters), on=["cluster", "node"])
            .join(others, on=["cluster", "other"])
            .filter(pl.col("side") != pl.col("rival"))
        )
        if self._labelled:
            return clashes.with_columns(score=pl.lit(None, pl.Float64))
        agreement = unnest.answers(clusters).with_columns(pl.col("answer", "other").cast(pl.String))
        compared = clashes.join(
            agreement.rename({"answer": "side", "other": "rival"}), on=["cluster", "side", "rival"]
        ).filter(pl.col("agreement") < self.clash_below)
        return compared.with_columns(score=1 - pl.col("agreement")).drop("agreement")

    def _findings(self, rows: pl.DataFrame, clashes: pl.DataFrame) -> pl.DataFrame:
        """Return one finding per training row in conflict with its most similar rival."""
        rivals = (
            clashes.filter((pl.col("split") == TRAIN) & (pl.col("rival_split") == TRAIN))
            .sort("cluster", "node", "side", -pl.col("similarity"), "match")
            .group_by("cluster", "node", "side", maintain_order=True)
            .first()
            .select("cluster", "node", "side", "match", "similarity", "score")
        )
        found = (
            rows.filter(pl.col("split") == TRAIN)
            .join(rivals, on=["cluster", "node", "side"])
            .sort("cluster", "id")
        )
        rule = "label_conflicts.label" if self._labelled else "label_conflicts.answer"
        return found.select(
            rule=pl.lit(rule),
            split="split",
            file="file",
            row="row",
            related_file=(pl.col("match") // 2**ROW_BITS).cast(pl.UInt32),
            related_row=pl.col("match") % 2**ROW_BITS,
            field=pl.lit("label" if self._labelled else "output"),
            start=pl.lit(None, pl.UInt32),
            end=pl.lit(None, pl.UInt32),
            similarity="similarity",
            score="score",
            detail=pl.lit("different label" if self._labelled else "clashing answer"),
        )

    def _examples(self, worst: list[dict[str, object]]) -> Iterator[Example]:
        rule = self.rules[0 if self._labelled else 1].id
        for one in worst:
            yield Example(
                rule,
                Location(TRAIN, int(str(one["file"])), int(str(one["row"]))),
                Location(TRAIN, int(str(one["related_file"])), int(str(one["related_row"]))),
                field="label" if self._labelled else "output",
                similarity=-float(str(one["rank"])),
            )


def _count(clashes: pl.DataFrame, findings: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """Count pairs of rows: every clash of two groups stands twice, once in each direction."""
    both = pl.col("count") * pl.col("many")
    within = (pl.col("split") == TRAIN) & (pl.col("rival_split") == TRAIN)
    across = (pl.col("split") == TRAIN) & (pl.col("rival_split") != TRAIN)
    here = (pl.col("related_file").cast(pl.UInt64), pl.col("related_row"))
    there = (pl.col("file").cast(pl.UInt64), pl.col("row"))
    once = (there[0] < here[0]) | ((there[0] == here[0]) & (there[1] < here[1]))
    worst = findings.filter(once).select(
        rank=-pl.col("similarity"),
        file="file",
        row="row",
        related_file="related_file",
        related_row="related_row",
    )
    return clashes.select(
        pairs=both.filter(within).sum().cast(pl.UInt64) // 2,
        rows=pl.lit(findings.height, pl.UInt64),
        clusters=pl.col("cluster").filter(within).n_unique().cast(pl.UInt64),
        cross_split_pairs=both.filter(across).sum().cast(pl.UInt64),
        incomplete_clusters=pl.lit(clusters.filter(~pl.col("complete")).height, pl.UInt64),
        examples=pl.lit(worst.sort(pl.all()).head(EXAMPLES).to_struct().implode()),
    )


CHECK: Final[type[Check]] = LabelConflicts
