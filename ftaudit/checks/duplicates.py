"""Rows of the training data that repeat one another."""

from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model import check
from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import TRAIN
from ftaudit.model.declaration import AtMost, Declaration, RowsAmong, ShareOf, StandardTags
from ftaudit.model.examples import RANKED, keep_worst, ranked_examples, worst
from ftaudit.model.finding import EVIDENCE, Metric, Rule, Severity, counted
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.model.row_id import file_of, row_of
from ftaudit.similarity import relation_tables
from ftaudit.similarity.relation import SearchLimit


class Duplicates(Struct, frozen=True):
    """Exact and near-identical rows within the training data.

    ## What it finds

    Training rows whose input is the same as an earlier row's after normalisation (`exact`), and
    rows joined to an earlier one by a chain of pairs whose inputs have a Jaccard similarity of at
    least the threshold (`near`). Each finding names the most similar other row.

    ## Why it harms training

    Rows that stand n times weigh n times. Repeated text is memorised and given out verbatim, and
    it narrows what the model learns (Lee et al. 2022, https://arxiv.org/abs/2107.06499; Kandpal et
    al. 2022, https://arxiv.org/abs/2202.06539).

    ## How it decides

    A fold over the `similar` relation: every pair in it was verified with exact Jaccard similarity
    over sets of shingles (five characters, or three words of long texts; `--shingles`), so there
    are no false positives. `duplicates.exact_rows` counts rows beyond the first of each group of
    equal normalised inputs; `duplicates.near_rows` counts rows beyond the representative (the first
    row) of each cluster, exact ones included; `duplicates.clusters` counts clusters. All three are
    over training rows alone. Stop words, negations and question words always count; case,
    punctuation and white space do not.

    What is compared is the input; for chat the conversation up to the last answer. Boilerplate is
    left out of it: sentences, lines and turns made of runs of eight words that occur in at least
    1 % of the rows (and 100 rows, or half of them, or 10), and the fixed words of a one-line
    template when at least seven telling words remain. Dates in a prompt do not hide it; a text that
    is nothing but boilerplate is compared whole. A note says how many rows it touched;
    `--compare text` compares whole records, boilerplate included.

    ## Parameters

    `--threshold` (or the policy's): the Jaccard similarity, default 0.8. `--method`, `--shingles`,
    `--compare` as above. The check itself has none.

    ## Known limits

    A cluster is a chain: its first and last row may be less similar than the threshold. With the
    method `minhash` a pair is missed with a small probability (`--method exact` misses none); the
    manifest says which method ran. Short templates (forms, greetings) are near-identical by
    nature: raise `duplicates.near_share` in the policy where that is so. Rows that differ in
    boilerplate alone, the same request under two system prompts, are duplicates. Rewordings are
    not counted: a note says how many of 1,000 training rows, evenly spread, say in other words
    what another says (the page of `leakage` has the rule).

    ## References

    Broder 1997, On the resemblance and containment of documents; Leskovec, Rajaraman, Ullman,
    Mining of Massive Datasets, chapter 3.
    """

    id: ClassVar[str] = "duplicates"
    version: ClassVar[int] = 2
    relation: ClassVar[Relation] = Relation.SIMILAR
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(("Art. 10(2)(c)", "Art. 10(3)"), ("MAP 2.3",), ("similarity",)),
        invariants=(
            ShareOf("duplicates.exact_share", "duplicates.exact_rows", (TRAIN,)),
            ShareOf("duplicates.near_share", "duplicates.near_rows", (TRAIN,)),
            AtMost("duplicates.exact_rows", "duplicates.near_rows"),
            AtMost("duplicates.clusters", "duplicates.near_rows"),
            RowsAmong("duplicates.near_rows", (TRAIN,)),
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "duplicates.exact",
            "The input repeats an earlier row's",
            Severity.MEDIUM,
            "Keep the first row of the group and remove the others.",
            Fix("deduplicate", FixTarget.COPY),
        ),
        Rule(
            "duplicates.near",
            "The input is near-identical to another row's",
            Severity.LOW,
            "Keep one row of the cluster, or make the rows differ in what matters.",
            Fix("deduplicate", FixTarget.CLUSTER),
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("duplicates.exact_rows", "rows beyond the first of each group of equal inputs"),
        Metric("duplicates.near_rows", "rows beyond the representative of each cluster"),
        Metric("duplicates.clusters", "clusters of near-identical rows", "clusters"),
        Metric("duplicates.largest_cluster", "rows in the largest cluster"),
        Metric(
            "duplicates.exact_share",
            "exact_rows in all training rows",
            "ratio",
            sentence="{value} of training rows repeat an earlier one",
        ),
        Metric(
            "duplicates.near_share",
            "near_rows in all training rows",
            "ratio",
            sentence="{value} of training rows nearly repeat another",
        ),
    )

    _rows: int = 0
    """Training rows there are; set by the audit."""
    _limits: tuple[SearchLimit, ...] = ()

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Take the number of training rows from the context."""
        check.parameters(cls, context.parameters)
        return cls(_rows=context.rows[TRAIN])

    def limited(self, limits: tuple[SearchLimit, ...]) -> Self:
        """Take over what could not be told of training rows."""
        return replace(self, _limits=tuple(limit for limit in limits if limit.split == TRAIN))

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count, and point every repeated row to its most similar other."""
        clusters = batch.filter(pl.col("kind") == "near")
        rows = relation_tables.members(clusters).filter(pl.col("split") == TRAIN)
        # what repeats an input by design is told apart by variant and focus; null equals null
        group = ["within", "focus"]
        first = pl.col("id").min()
        exact = pl.col("id") != first.over("cluster", "node", "variant")
        first_node = pl.col("node").sort_by("id").first().over(group)
        rows = rows.with_columns(exact=exact, near=exact | (pl.col("node") != first_node))
        rows = rows.filter(pl.col("near").any().over(group)).with_columns(
            size=pl.len().over(group),
            group=pl.col("id").min().over(group),
        )
        findings = _findings(rows, relation_tables.links(clusters))
        counts = _count(rows, findings).with_columns(reworded=pl.lit(_reworded(batch), pl.UInt64))
        return Mapped(counts, findings.select(EVIDENCE.names()))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add the counts, take the largest cluster, keep the worst examples."""
        counts = ("exact_rows", "near_rows", "clusters")
        return partials.select(
            *(pl.col(name).sum() for name in counts),
            pl.col("largest").max(),
            keep_worst("examples"),
            pl.col("reworded").sum(),
        )

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say how many rows repeat others, and show the largest clusters."""
        total = totals.row(0, named=True)
        near, exact = int(total["near_rows"]), int(total["exact_rows"])
        metrics = {
            "duplicates.exact_rows": exact,
            "duplicates.near_rows": near,
            "duplicates.clusters": int(total["clusters"]),
            "duplicates.largest_cluster": int(total["largest"] or 0),
            "duplicates.exact_share": _share(exact, self._rows),
            "duplicates.near_share": _share(near, self._rows),
        }
        headline = (
            f"{counted(near, 'near-duplicate row')} ({_share(near, self._rows):.1%}) "
            f"in {counted(int(total['clusters']), 'cluster')}; {exact:,} exact"
        )
        return Judgement(
            metrics,
            headline if near else "no row repeats another",
            notes=(*_notes(int(total["reworded"])), *(limit.note for limit in self._limits)),
            examples=ranked_examples(total["examples"]),
        )


def _reworded(batch: pl.DataFrame) -> int:
    """Return how many training rows say in other words what another says."""
    pairs = relation_tables.rewordings(batch)
    return pairs.filter(pl.col("split") == TRAIN)["id"].n_unique()


def _notes(reworded: int) -> tuple[str, ...]:
    if not reworded:
        return ()
    rows = counted(reworded, "training row says", "training rows say")
    compared = "of at most 1,000 that were compared"
    return (f"{rows} in other words what another says, {compared}: these are no duplicates",)


def _findings(rows: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return one finding per repeated row, in row order of its cluster, with its best match."""
    if rows.is_empty():
        return EVIDENCE.to_frame().with_columns(size=pl.lit(None, pl.UInt32))
    own = ["cluster", "node", "variant"]
    firsts = rows.group_by("cluster", "node").agg(match=pl.col("id").min())
    same = rows.group_by(own).agg(same=pl.col("id").min())
    matches = (
        links.join(firsts, left_on=["cluster", "other"], right_on=["cluster", "node"])
        .filter(pl.col("node") != pl.col("other"))
        .sort(
            "cluster", "node", pl.col("similarity"), "match", descending=[False, False, True, False]
        )
        .group_by("cluster", "node", maintain_order=True)
        .first()
    )
    repeated = (
        rows.filter(pl.col("near"))
        .join(same, on=own, how="left", nulls_equal=True)
        .join(
            matches.select("cluster", "node", "match", "similarity"),
            on=["cluster", "node"],
            how="left",
        )
        .sort("cluster", "id")
    )
    exact = pl.col("exact")
    related_id = pl.when(exact).then("same").otherwise("match")
    return repeated.select(
        rule=pl.when(exact).then(pl.lit("duplicates.exact")).otherwise(pl.lit("duplicates.near")),
        split="split",
        file="file",
        row="row",
        related_file=file_of(related_id),
        related_row=row_of(related_id),
        field=pl.lit("input"),
        start=pl.lit(None, pl.UInt32),
        end=pl.lit(None, pl.UInt32),
        similarity=pl.when(exact).then(1.0).otherwise("similarity"),
        score=pl.lit(None, pl.Float64),
        detail=pl.format("cluster of {} rows", "size"),
        size="size",
    )


def _count(rows: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "exact_rows": [rows["exact"].sum()],
            "near_rows": [rows["near"].sum()],
            "clusters": [rows["group"].n_unique()],
            "largest": [rows["size"].max() or 0],
            "examples": worst(findings, -pl.col("size").cast(pl.Int64)),
        },
        schema=_PARTIALS,
    )


_PARTIALS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "exact_rows": pl.UInt64,
    "near_rows": pl.UInt64,
    "clusters": pl.UInt64,
    "largest": pl.UInt64,
    "examples": RANKED,
}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 9) if whole else 0.0


CHECK: Final[type[Check]] = Duplicates
