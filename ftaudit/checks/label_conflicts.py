"""Near-identical rows that carry different labels or answers."""

from enum import StrEnum
from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model import check
from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import TRAIN
from ftaudit.model.declaration import Declaration, RowsAmong, ShareOf, StandardTags
from ftaudit.model.examples import keep_worst, ranked_examples, worst
from ftaudit.model.finding import (
    EVIDENCE,
    Metric,
    Rule,
    Severity,
    counted,
    evidence,
)
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.model.label_spelling import close_scores, plain_label, plain_labels
from ftaudit.model.row_id import file_of, row_of
from ftaudit.similarity import relation_tables
from ftaudit.similarity.relation import SearchLimit

COUNTS: Final = (
    "pairs",
    "rows",
    "clusters",
    "cross_split_pairs",
    "suspects",
    "incomplete_clusters",
)


class ConflictSide(StrEnum):
    """The canonical column in which near-identical rows must agree, the first of which there is."""

    LABEL = "label"
    SCORE = "score"
    ANSWER = "output"


_SIDES: Final = {
    ConflictSide.LABEL: "different labels",
    ConflictSide.SCORE: "scores that are far apart",
    ConflictSide.ANSWER: "different answers",
}


class LabelConflicts(Struct, frozen=True):
    """Near-identical inputs with different labels, labels that look wrong, answers that clash.

    ## What it finds

    - `label`: training rows whose inputs are equal after normalisation or have a Jaccard similarity
      of at least the threshold, and whose labels differ. Each is pointed to the most similar row on
      another side, and the score says how likely it is the wrong one.
    - `suspect`: training rows that resemble a row of another label, less closely perhaps, and whose
      text fits their own label badly: likely label errors, worst first.
    - `answer`: for records without labels, near-identical prompts whose answers clash.

    ## Why it harms training

    One question with two answers teaches the model to guess, and caps the accuracy any model can
    reach. Label errors of a few per cent change which model looks best (Northcutt et al. 2021,
    Pervasive label errors in test sets, https://arxiv.org/abs/2103.14749).

    ## How it decides

    A fold over the `similar` relation. Spellings of one class agree (such variants are findings of
    the schema check, whose page has the rule): `in_stock` and `In stock`, `1` and `1.0`, several
    labels of one record (`late,damaged`) in any order. Numbers with a fraction (ratings, scores)
    agree within `score_tolerance`. Where records are rated instead of labelled (the formats
    `scored` and `sentence-pairs`), two scores agree when they differ by no more than
    `score_tolerance` of the scale, which is the range of all scores in the data, or by one step of
    a scale of whole numbers (four and five stars); the score of a finding is how far apart they are
    on that scale, in [0, 1].

    `label_conflicts.pairs` counts pairs of training rows, `label_conflicts.rows` the distinct rows
    in them, `label_conflicts.clusters` the clusters that hold them, and
    `label_conflicts.cross_split_pairs` pairs of a training row and a row of another split. All
    these pairs are verified at the threshold.

    Which side is wrong: the *doubt* of a row is 1 minus the probability that a naive Bayes model
    gives its label. The model counts hashed five-character shingles of all labelled training rows,
    the row itself left out, and its nearest rows vote in it with the words they share. That is the
    score of a `label` finding, in [0, 1]; the side with the higher one is the likelier error.

    Where rows say who labelled them (a column called `annotator` or the like, or
    `--annotator-column`) and 20 texts or more have labels of several people, the doubt heeds that:
    the error rate of each annotator is learnt from those texts (Dawid and Skene 1979, with one rate
    for each), and the label of a careless one is doubted more, one that careful ones contradict
    most. A row of an annotator who errs as often as all do, on a text that nobody else labelled,
    keeps its doubt. Planted errors on texts that tell little are found with a recall of .81 instead
    of .71, at a precision of .89 instead of .81; where texts tell the class nothing changes.

    `label_conflicts.suspects` counts rows whose score, doubt times likeness to a row of another
    label, is at least `suspect_score`. Likeness is the Jaccard similarity of the multisets of
    three-character pieces; rows are compared when their five-character shingles have a Jaccard
    similarity of at least 0.5, whatever the threshold of the scan (in data of more than some 8
    million characters only pairs at the threshold are). On banking77 with 500 edited copies that
    carry a wrong label, seven kinds of edit, the default finds over 0.9 of them at a precision over
    0.9, natural conflicts counted as false; of the two rows it blames the right one in 98 % of
    the pairs (docs/benchmarks-conflicts.md).

    ## Parameters

    `suspect_score`: score from which a label is suspected, in [0, 1]; default 0.7.
    `clash_below`: Jaccard similarity of two answers below which they clash, in [0, 1]; default
    0.5. For data without labels only.
    `score_tolerance`: scores that differ by no more than this share of the scale agree; labels that
    are fractions, by this share of the larger one (of 0.5 where both are smaller); default 0.1.

    ## Known false positives

    Inputs that differ in one decisive word ("cancel" and "do not cancel") are near-identical and
    rightly labelled differently: read the words that differ. Classes that overlap (a pending and a
    declined transfer) are natural conflicts: both labels may be defensible, and a suspicion means
    that the classes are hard to tell apart. Open questions have many good answers: for creative
    data lower `clash_below` or drop the rule. Prompts are compared without boilerplate: the same
    request under two instructions may rightly be answered differently.

    ## Known limits

    Rows that resemble no row of another label are not suspected, however wrong their label. With
    more than 4,096 labels there is no model, and neither scores nor suspects. A class of one or two
    rows is always in doubt. Annotators who make the same errors vouch for each other.

    ## References

    Northcutt, Jiang, Chuang 2021, Confident learning, https://arxiv.org/abs/1911.00068; Dawid and
    Skene 1979, Maximum likelihood estimation of observer error-rates using the EM algorithm,
    https://doi.org/10.2307/2346806; Manning,
    Raghavan, Schütze 2008, Introduction to Information Retrieval, chapter 13.
    """

    id: ClassVar[str] = "label-conflicts"
    version: ClassVar[int] = 7
    relation: ClassVar[Relation] = Relation.SIMILAR
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(("Art. 10(2)(c)", "Art. 10(3)"), ("MAP 2.3",), ("consistency",)),
        invariants=(
            ShareOf("label_conflicts.share", "label_conflicts.rows", (TRAIN,)),
            RowsAmong("label_conflicts.rows", (TRAIN,)),
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "label_conflicts.label",
            "A near-identical row carries another label",
            Severity.HIGH,
            "Decide which label is right and give it to both rows, or remove one.",
            Fix("resolve-conflicts", FixTarget.CONFLICT),
        ),
        Rule(
            "label_conflicts.suspect",
            "The label fits the text badly, and a row like it carries another",
            Severity.MEDIUM,
            "Read both rows and correct the label that is wrong, or remove the row.",
            Fix("resolve-conflicts", FixTarget.SUSPECT),
        ),
        Rule(
            "label_conflicts.answer",
            "A near-identical prompt has an answer that clashes",
            Severity.MEDIUM,
            "Decide which answer is right and remove the other, or make the prompts differ.",
            Fix("resolve-conflicts", FixTarget.CONFLICT),
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric(
            "label_conflicts.pairs",
            "pairs of training rows in conflict",
            "pairs",
            sentence="{value} contradicting pairs of near-identical training rows",
        ),
        Metric("label_conflicts.rows", "distinct training rows in conflict"),
        Metric("label_conflicts.clusters", "clusters that hold a conflict", "clusters"),
        Metric("label_conflicts.cross_split_pairs", "conflicts with other splits", "pairs"),
        Metric("label_conflicts.suspects", "rows whose label is likely wrong"),
        Metric(
            "label_conflicts.share",
            "rows in conflict in all training rows",
            "ratio",
            sentence="{value} of training rows contradict a near-identical one",
        ),
    )

    suspect_score: float = 0.7
    clash_below: float = 0.5
    score_tolerance: float = 0.1
    _rows: int = 0
    _side: ConflictSide = ConflictSide.LABEL
    _limits: tuple[SearchLimit, ...] = ()

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Compare labels where there are any, else scores, else answers."""
        parameters = check.parameters(cls, context.parameters)
        side = next((side for side in ConflictSide if side.value in context.columns), None)
        if side is None:
            return Skip(
                "the records have neither labels nor scores nor answers; name a column of them "
                "with --label-column or --output-column"
            )
        return cls(**parameters, _rows=context.rows[TRAIN], _side=side)  # type: ignore[arg-type] # validated above

    def limited(self, limits: tuple[SearchLimit, ...]) -> Self:
        """Take over what could not be told of training rows; only labels are compared then."""
        labelled = self._side is ConflictSide.LABEL
        kept = tuple(limit for limit in limits if limit.split == TRAIN and labelled)
        return replace(self, _limits=kept)

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count conflicting pairs by groups of rows that agree, and point each row to a rival."""
        clusters = batch.filter(pl.col("kind") == "near")
        rows = relation_tables.members(clusters).with_columns(side=self._compared())
        rows = rows.drop_nulls("side")
        groups = rows.group_by("cluster", "node", "side", "split").agg(
            first=pl.col("id").min(), count=pl.len().cast(pl.UInt64)
        )
        clashes = self._clashes(groups, clusters)
        findings = self._findings(rows, clashes)
        suspects = self._suspects(batch.filter(pl.col("kind") == "suspect"))
        partials = _count(clashes, findings, clusters, suspects).with_columns(
            reworded=pl.lit(self._reworded(batch), pl.UInt64)
        )
        return Mapped(partials, pl.concat([findings, suspects]))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add the counts and keep the examples most alike."""
        return partials.select(
            *(pl.col(name).sum() for name in COUNTS),
            keep_worst("conflict_examples"),
            keep_worst("suspect_examples"),
            pl.col("reworded").sum(),
        )

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say how many rows contradict one another."""
        total = totals.row(0, named=True)
        metrics: dict[str, int | float] = {
            f"label_conflicts.{name}": int(total[name])
            for name in COUNTS
            if name != "incomplete_clusters"
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
        if total["reworded"]:
            rows = counted(int(total["reworded"]), "training row says", "training rows say")
            notes.append(
                f"{rows} in other words what a row of another label says, of at most 1,000 that "
                "were compared: these are no conflicts"
            )
        if self._side is ConflictSide.SCORE:
            notes.append(
                f"scores agree that differ by no more than {self.score_tolerance:g} of the scale, "
                "or by one step of whole numbers"
            )
        notes += [limit.note for limit in self._limits]
        sides = _SIDES[self._side]
        headline = (
            f"{counted(int(total['pairs']), 'pair')} of near-identical rows with {sides} "
            f"({counted(int(total['rows']), 'row')})"
        )
        if not total["pairs"]:
            headline = f"no near-identical rows have {sides}"
            if self._side is ConflictSide.SCORE:
                within = f"{self.score_tolerance:g} of the scale"
                headline = f"scores of near-identical rows agree within {within}"
        if total["suspects"]:
            headline += f"; {counted(int(total['suspects']), 'row')} likely mislabelled"
        return Judgement(
            metrics,
            headline,
            notes=tuple(notes),
            examples=(
                *ranked_examples(total["conflict_examples"]),
                *ranked_examples(total["suspect_examples"]),
            ),
        )

    def _reworded(self, batch: pl.DataFrame) -> int:
        """Return how many training rows say in other words what one of another label says."""
        pairs = relation_tables.rewordings(batch).filter(pl.col("split") == TRAIN)
        if pairs.is_empty() or self._side is not ConflictSide.LABEL:
            return 0
        side, rival = plain_label(pl.col("label")), plain_label(pl.col("match_label"))
        close = close_scores(side, rival, self.score_tolerance)
        return pairs.filter((side != rival) & ~close)["id"].n_unique()

    def _compared(self) -> pl.Expr:
        """Return what two rows must share not to contradict each other."""
        match self._side:
            case ConflictSide.LABEL:
                return pl.col("label").map_batches(plain_labels, return_dtype=pl.String)
            case ConflictSide.SCORE:
                return pl.col("score").cast(pl.String)
            case ConflictSide.ANSWER:
                return pl.col("answer").cast(pl.String)

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
            groups.join(relation_tables.links(clusters), on=["cluster", "node"])
            .join(others, on=["cluster", "other"])
            .filter(pl.col("side") != pl.col("rival"))
        )
        if self._side is ConflictSide.SCORE:
            return self._apart(clashes, clusters)
        if self._side is ConflictSide.LABEL:
            close = close_scores(pl.col("side"), pl.col("rival"), self.score_tolerance)
            return clashes.filter(~close).with_columns(score=pl.lit(None, pl.Float64))
        agreement = relation_tables.answers(clusters).with_columns(
            pl.col("answer", "other").cast(pl.String)
        )
        compared = clashes.join(
            agreement.rename({"answer": "side", "other": "rival"}), on=["cluster", "side", "rival"]
        ).filter(pl.col("agreement") < self.clash_below)
        return compared.with_columns(score=1 - pl.col("agreement")).drop("agreement")

    def _apart(self, clashes: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
        """Keep the clashes of scores that are too far apart, with their distance."""
        step = relation_tables.members(clusters)["step"].max()
        reach = max(self.score_tolerance, float(step or 0.0))  # type: ignore[arg-type] # of floats
        distance = (pl.col("side").cast(pl.Float64) - pl.col("rival").cast(pl.Float64)).abs()
        # places are in thousandths
        return clashes.with_columns(score=distance.round(3)).filter(pl.col("score") > reach + 1e-3)

    def _findings(self, rows: pl.DataFrame, clashes: pl.DataFrame) -> pl.DataFrame:
        """Return one finding per training row in conflict with its most similar rival."""
        if clashes.is_empty():
            return EVIDENCE.to_frame()
        key = ["cluster", "node", "side"]
        doubts = rows.group_by(key).agg(pl.col("doubt").max())
        rivals = (
            clashes.filter((pl.col("split") == TRAIN) & (pl.col("rival_split") == TRAIN))
            .sort(*key, -pl.col("similarity"), "match")
            .group_by(key, maintain_order=True)
            .first()
            .select(*key, "match", "similarity", "score", "other", "rival")
            .join(doubts, on=key, how="left")
            .join(
                doubts.select("cluster", other="node", rival="side", rival_doubt="doubt"),
                on=["cluster", "other", "rival"],
                how="left",
            )
        )
        conflicting = (
            rows.filter(pl.col("split") == TRAIN)
            .drop("doubt", "score", "step")
            .join(rivals, on=key)
            .sort("cluster", "id")
        )
        if self._side is ConflictSide.LABEL:
            conflicting = conflicting.with_columns(score="doubt")
        return evidence(
            conflicting,
            rule=self.rules[2 if self._side is ConflictSide.ANSWER else 0].id,
            related_file=file_of("match"),
            related_row=row_of("match"),
            field="output" if self._side is ConflictSide.ANSWER else self._side.value,
            detail=_verdict(self._side),
        )

    def _suspects(self, couples: pl.DataFrame) -> pl.DataFrame:
        """Return one finding per row whose label is suspected."""
        if couples.is_empty() or self._side is not ConflictSide.LABEL:
            return EVIDENCE.to_frame()
        suspect, rival = pl.col("members").list.first(), pl.col("members").list.last()
        likeness = pl.col("pairs").list.first().struct.field("similarity")
        suspects = couples.select(
            suspect.struct.field("split", "file", "row", "doubt"),
            match=rival.struct.field("id"),
            similarity=likeness,
        ).with_columns(score=(pl.col("similarity") * pl.col("doubt")).round(6))
        return evidence(
            suspects.filter(pl.col("score") >= self.suspect_score),
            rule=self.rules[1].id,
            related_file=file_of("match"),
            related_row=row_of("match"),
            field="label",
            detail="the label is likely wrong",
        )


def _verdict(side: ConflictSide) -> pl.Expr:
    """Say how two rows contradict each other, and which is more likely wrong."""
    if side is ConflictSide.ANSWER:
        return pl.lit("clashing answer")
    if side is ConflictSide.SCORE:
        return pl.format("another score, {} % of the scale apart", (100 * pl.col("score")).round(1))
    doubt, rival = pl.col("doubt"), pl.col("rival_doubt")
    return (
        pl.when(doubt > rival)
        .then(pl.lit("different label; this one is more likely wrong"))
        .when(doubt < rival)
        .then(pl.lit("different label; the other one is more likely wrong"))
        .otherwise(pl.lit("different label"))
    )


def _count(
    clashes: pl.DataFrame, findings: pl.DataFrame, clusters: pl.DataFrame, suspects: pl.DataFrame
) -> pl.DataFrame:
    """Count pairs of rows: every clash of two groups stands twice, once in each direction."""
    both = pl.col("count") * pl.col("many")
    within = (pl.col("split") == TRAIN) & (pl.col("rival_split") == TRAIN)
    across = (pl.col("split") == TRAIN) & (pl.col("rival_split") != TRAIN)
    file, row = pl.col("file").cast(pl.UInt64), pl.col("row")
    other_file, other_row = pl.col("related_file").cast(pl.UInt64), pl.col("related_row")
    mutual = (file < other_file) | ((file == other_file) & (row < other_row))
    blamed = pl.col("detail").str.contains("this one", literal=True)
    blameless = ~pl.col("detail").str.contains("more likely", literal=True)
    once = findings.filter(blamed | (blameless & mutual))
    return clashes.select(
        pairs=both.filter(within).sum().cast(pl.UInt64) // 2,
        rows=pl.lit(findings.height, pl.UInt64),
        clusters=pl.col("cluster").filter(within).n_unique().cast(pl.UInt64),
        cross_split_pairs=both.filter(across).sum().cast(pl.UInt64),
        suspects=pl.lit(suspects.height, pl.UInt64),
        incomplete_clusters=pl.lit(clusters.filter(~pl.col("complete")).height, pl.UInt64),
        conflict_examples=pl.lit(worst(once, -pl.col("similarity"))),
        suspect_examples=pl.lit(worst(suspects, -pl.col("score"))),
    )


CHECK: Final[type[Check]] = LabelConflicts
