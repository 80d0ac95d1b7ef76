"""Holdout rows that training rows give away."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Self

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model import check
from ftaudit.model.check import NO_HOLDOUT, Chart, Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import HOLDOUT, VALIDATION
from ftaudit.model.declaration import AtMost, Concern, Declaration, RowsAmong, ShareOf, StandardTags
from ftaudit.model.examples import keep_worst, ranked_examples, worst
from ftaudit.model.finding import EVIDENCE, Metric, Rule, Severity, counted
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.model.label_spelling import usual_spelling
from ftaudit.similarity.given_away_rows import nearest, reworded
from ftaudit.similarity.relation import SearchLimit

COUNTS: Final = (
    "exact_rows",
    "near_rows",
    "contained_rows",
    "permuted_rows",
    "quoted_rows",
    "same_answer_rows",
    "reworded_rows",
    "passage_rows",
    "label_disagreements",
    "validation_rows",
    "incomplete_clusters",
)

OTHER_WAYS: Final = {
    "contained": "inside a longer text",
    "quoted": "inside an answer",
    "permuted": "with permuted options",
    "same_answer": "with its long answer to another question",
    "reworded": "in other words",
    "passage": "with another question about its passage",
}
"""Count of rows that are not near → the way in which training gives them away."""

CLASSES: Final = pl.List(pl.Struct({"name": pl.String, "rows": pl.UInt64}))
"""Classes of near holdout rows, and how many of each leak; by ascending name."""
CHARTED: Final = 400
"""Classes drawn of those from which most rows leak."""

RULE_OF_KIND: Final = {
    "contained": "leakage.contained",
    "permuted": "leakage.permuted_options",
    "quoted": "leakage.quoted_in_answer",
    "same-answer": "leakage.same_answer",
    "passage": "leakage.shared_passage",
}
"""Kind of cluster in the relation → rule, of holdout rows that are given away but not near."""


class Leakage(Struct, frozen=True):
    """Holdout rows that stand in the training data, exactly or nearly.

    ## What it finds

    For every holdout row with a training row whose input is equal after normalisation (`exact`) or
    has a Jaccard similarity of at least the threshold (`near`): the nearest training row, the
    similarity, and whether the labels agree. Also holdout texts that stand inside a longer
    training text (`contained`) or inside a training answer, a rejected one too
    (`quoted_in_answer`), multiple-choice questions that training asks with the options in another
    order (`permuted_options`), long answers that training gives to another question
    (`same_answer`), rows that training says in other words (`reworded`), and validation rows that
    training gives away.

    ## Why it harms training

    A row that was trained on measures memory, not skill: the score on the holdout is inflated and
    the failure shows only in production (Kapoor and Narayanan 2023, Leakage and the
    reproducibility crisis, https://doi.org/10.1016/j.patter.2023.100804; Lee et al. 2022 find
    4 % of common validation sets in training data).

    ## How it decides

    A fold over the `similar` relation, in which every pair was verified with exact Jaccard
    similarity. `leakage.exact_rows` and `leakage.near_rows` count distinct holdout rows with at
    least one training row at the threshold; near includes exact. A chain of pairs is not enough: a
    holdout row counts only when it is itself similar to a training row. What is compared is the
    input, without boilerplate that many rows share (the page of `duplicates` has the rule);
    `--compare text` compares whole records.

    `leakage.contained_rows` counts holdout rows, none of them near, of which a longer training
    input has at least 90 % of the distinct three-word shingles (three characters where words are
    not spaced). Each is paired with the training row that has most of it. Texts of fewer than eight
    distinct shingles, ten words, are not looked for: greetings stand everywhere. Of a conversation
    or a prompt with examples the question at its end is looked for, if it is that long: training
    may ask it behind another system prompt, alone, or among examples. A shorter one counts
    where conversations of one turn differ in their system prompts alone, unless more than five
    training rows ask it. Definitions of tools and reference answers are searched, too. No such row
    is missed: shingles of the holdout are looked up in all training rows, and matches are verified.

    Three more counts are of holdout rows that are not near either. `leakage.quoted_rows`: a
    training output, or an answer that training rejects, has at least 90 % of the three-word
    shingles of the holdout input, or of its question without the instructions before it and the
    options behind it: preference training reads both answers of a pair, KTO the
    undesirable ones, an embedding model the texts that do not answer. `leakage.permuted_rows`: the
    parts of the question (its lines, or what lies between labels such as `A)`) are those of a
    training question, the stem first and the options in another order; or a training record has
    such a question anywhere within it, its options labelled in whatever way (`A)`, `(b)`, `**C.**`,
    `4:`, `IV.`, labels of other scripts, bullets, a list or an object as JSON has them).
    `leakage.same_answer_rows`: the normalised output, of twenty words or more, is an output or a
    rejected answer of a training row, or an earlier answer in its conversation, with the reasoning
    before it (`<think>` and the like) or without, and without openings ("Sure!"), closing lines ("I
    hope this helps"), fences and a last line with the result; refusals, and answers that more than
    five training rows give, are stock answers and do not count.

    Two questions about one passage are not the same question, however much of both texts the
    passage is. The question is a column of its own (an instruction that is a question beside an
    input of thirty words or more, too), what stands behind `Question:`, a heading `Question` or
    within `<question>`, or the last turn of a user, of forty words at most, behind thirty words of
    turns or more, or of a system prompt where it is a question and nothing else; a line that merely
    asks something is part of its text, and so is what points to it ("Is this review kind?").
    Questions are one if they hold the same numbers, do not ask for facts of two kinds (when, where,
    who), and have 60 % of their telling words or 80 % of the runs of five characters in common.
    Rows whose questions are not one are neither near nor contained, quoted or reworded:
    `leakage.passage_rows` counts those that nothing else gives away. They do not contradict or
    repeat each other either.

    `leakage.reworded_rows` counts holdout rows that nothing else gives away and that a training row
    says in other words. Two texts are compared by their words, weighed by how rare each is in the
    data (TF-IDF, of thirty rows at least; a word counts as it is and by its first five characters),
    and by their numbers, however written: the likeness is the cosine of the words, and where one
    text has two numbers or more `(cosine + 0.75 J) / 1.75`, with J the weighted Jaccard similarity
    of the numbers. A pair counts when it stands clear of chance in this very data: 1,000 training
    rows are each compared with the rest (an even sample of 20,000 of more), and the threshold is
    2.1 robust standard deviations above their median, at least 0.33 (0.43 with numbers). The
    manifest records it under `configuration.similarity.rewording`. The same words with other
    operators between them ("7 + 5", "7 - 5") do not count. The join is exact. Up to five training
    rows are named for each holdout row. Of more than ten billion pairs of rows an even sample of
    the holdout is looked for, of a thousand rows or more: the count is a lower bound then, and a
    note says so. `--vectors FOLDER` names a static embedding model (`tokenizer.json` and
    safetensors, as model2vec has; the extra `vectors`; nothing is downloaded): the cosine of the
    mean vectors of their tokens then makes 0.3 of the likeness of two texts, and what stands clear
    is 2.95 robust standard deviations above the median, 3.4 with numbers. The manifest records its
    digests.

    ## Parameters

    `--threshold` (or the policy's): the Jaccard similarity, default 0.8. `--method`, `--shingles`,
    `--compare`, `--vectors`. The check itself has none.

    ## Known false positives

    A short holdout question that a longer training question merely extends is contained, though
    the answer may differ: read both. Benchmarks made from one template leak by nature. A document
    that several questions ask about can be the answer to more than one of them. Two problems made
    from one template with some of the same numbers can count as reworded.

    ## Known limits

    A rewording that shares neither rare words nor numbers is not found: of 660 questions of gsm8k
    that a model reworded 89 % are, of 201 questions of sociology 82 %. A translation is out of
    reach. A problem with other numbers is not the same problem, and not reported. Number words are
    those of English. Where most rows are alike (a usual likeness of 0.5 or more), as in texts made
    from templates and short requests of one topic, rewordings cannot be told: a note says of how
    many rows, and where of all, `leakage.reworded_rows` is not measured. With the method `minhash`
    a pair is missed with a small probability; `--method exact` misses none. In clusters too large
    to be paired fully the counts are lower bounds, and a note says so; texts in them that ask other
    questions about one passage stay near. Whether inputs ask about passages is told by five hundred
    of them. Options whose wording changed as well as their order are found only when the whole text
    is near.

    ## References

    Broder 1997, On the resemblance and containment of documents; Brown et al. 2020, Language models
    are few-shot learners, appendix C (n-gram overlap), https://arxiv.org/abs/2005.14165; Magar
    and Schwartz 2022, Data contamination, https://arxiv.org/abs/2203.08242; Yang et al. 2023,
    Rethinking benchmark and contamination for language models with rephrased samples,
    https://arxiv.org/abs/2311.04850.
    """

    id: ClassVar[str] = "leakage"
    version: ClassVar[int] = 7
    relation: ClassVar[Relation] = Relation.SIMILAR
    declares: ClassVar[Declaration] = Declaration(
        concern=Concern.EXPOSURE,
        tags=StandardTags(
            ("Art. 10(3)", "Annex IV(2)(g)"), ("MEASURE 2.1", "MEASURE 2.5"), ("similarity",)
        ),
        invariants=(
            ShareOf("leakage.exact_share", "leakage.exact_rows", (HOLDOUT,)),
            ShareOf("leakage.near_share", "leakage.near_rows", (HOLDOUT,)),
            AtMost("leakage.exact_rows", "leakage.near_rows"),
            RowsAmong("leakage.near_rows", (HOLDOUT,)),
            RowsAmong("leakage.permuted_rows", (HOLDOUT,)),
            RowsAmong("leakage.quoted_rows", (HOLDOUT,)),
            RowsAmong("leakage.same_answer_rows", (HOLDOUT,)),
            RowsAmong("leakage.reworded_rows", (HOLDOUT,)),
            RowsAmong("leakage.passage_rows", (HOLDOUT,)),
            RowsAmong("leakage.validation_rows", (VALIDATION,)),
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "leakage.exact",
            "A holdout row stands in the training data",
            Severity.HIGH,
            "Remove the training row it is paired with, or draw the split again.",
            Fix("decontaminate", FixTarget.RELATED_ROW),
        ),
        Rule(
            "leakage.near",
            "A holdout row is near-identical to a training row",
            Severity.HIGH,
            "Remove the training row it is paired with, or draw the split again by cluster.",
            Fix("decontaminate", FixTarget.RELATED_ROW),
        ),
        Rule(
            "leakage.contained",
            "A holdout text stands inside a longer training text",
            Severity.MEDIUM,
            "Remove or cut the training row it is paired with.",
            Fix("decontaminate", FixTarget.RELATED_ROW),
        ),
        Rule(
            "leakage.permuted_options",
            "A holdout question is asked in training with its options in another order",
            Severity.MEDIUM,
            "Remove the training row it is paired with.",
            Fix("decontaminate", FixTarget.RELATED_ROW),
        ),
        Rule(
            "leakage.quoted_in_answer",
            "A holdout text stands inside a training answer, chosen or rejected",
            Severity.MEDIUM,
            "Remove or cut the training row it is paired with.",
            Fix("decontaminate", FixTarget.RELATED_ROW),
        ),
        Rule(
            "leakage.same_answer",
            "A training row gives the long answer of a holdout row to another question",
            Severity.MEDIUM,
            "Read both: remove the training row it is paired with if it asks the same.",
            Fix("decontaminate", FixTarget.RELATED_ROW),
        ),
        Rule(
            "leakage.reworded",
            "A training row says in other words what a holdout row says",
            Severity.MEDIUM,
            "Read both: remove the training row it is paired with if it asks the same.",
            Fix("decontaminate", FixTarget.RELATED_ROW),
        ),
        Rule(
            "leakage.shared_passage",
            "A training row asks something else about the passage of a holdout row",
            Severity.LOW,
            "Read both questions; draw the split by passage if the model must not know the text.",
        ),
        Rule(
            "leakage.validation",
            "A validation row is near-identical to a training row",
            Severity.MEDIUM,
            "Remove the training row it is paired with: model selection is biased by it.",
            Fix("decontaminate", FixTarget.RELATED_ROW),
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("leakage.exact_rows", "holdout rows equal to a training row"),
        Metric("leakage.near_rows", "holdout rows similar to a training row, exact included"),
        Metric("leakage.contained_rows", "holdout rows inside a longer training row, not near"),
        Metric("leakage.permuted_rows", "holdout questions with permuted options in training"),
        Metric("leakage.quoted_rows", "holdout rows inside a training answer, not near"),
        Metric("leakage.same_answer_rows", "holdout rows with the long answer of another question"),
        Metric("leakage.reworded_rows", "holdout rows that training says in other words"),
        Metric(
            "leakage.passage_rows", "holdout rows of whose passage training asks something else"
        ),
        Metric("leakage.label_disagreements", "leaked holdout rows whose label differs"),
        Metric("leakage.validation_rows", "validation rows similar to a training row"),
        Metric(
            "leakage.exact_share",
            "exact_rows in all holdout rows",
            "ratio",
            sentence="{value} of the holdout stands in training word for word",
        ),
        Metric(
            "leakage.near_share",
            "near_rows in all holdout rows",
            "ratio",
            sentence="{value} of the holdout stands in training",
        ),
    )

    _rows: int = 0
    _limits: tuple[SearchLimit, ...] = ()

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Skip where there is nothing that could leak."""
        check.parameters(cls, context.parameters)
        if HOLDOUT not in context.rows:
            return NO_HOLDOUT
        return cls(_rows=context.rows[HOLDOUT])

    def limited(self, limits: tuple[SearchLimit, ...]) -> Self:
        """Take over what could not be told of holdout rows."""
        return replace(self, _limits=tuple(limit for limit in limits if limit.split == HOLDOUT))

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Point every row outside training to its nearest training row."""
        kinds = set(batch["kind"].unique())
        near = nearest(batch.filter(pl.col("kind") == "near"))
        given_away = [
            nearest(batch.filter(pl.col("kind") == kind))
            .filter(pl.col("split") == HOLDOUT)
            .with_columns(rule=pl.lit(rule))
            for kind, rule in RULE_OF_KIND.items()
            if kind in kinds
        ]
        if "reworded" in kinds:
            given_away.append(reworded(batch))
        near = near.with_columns(rule=_rule(pl.col("split"), pl.col("similarity")))
        leaks = pl.concat([*given_away, near])
        incomplete = batch.filter(~pl.col("complete")).height
        return Mapped(_count(leaks, incomplete), leaks.select(EVIDENCE.names()))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add the counts and keep the examples most alike."""
        classes = (
            partials.select(pl.col("classes").explode())
            .drop_nulls()
            .unnest("classes")
            .group_by("name")
            .agg(pl.col("rows").sum())
            .sort("name")
        )
        return partials.select(
            *(pl.col(name).sum() for name in COUNTS),
            keep_worst("examples"),
            classes=pl.lit(_listed(classes)),
        )

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say how much of the holdout leaks."""
        total = totals.row(0, named=True)
        metrics: dict[str, int | float] = {
            f"leakage.{name}": int(total[name]) for name in COUNTS if name != "incomplete_clusters"
        }
        for name in ("exact", "near"):
            share = total[f"{name}_rows"] / self._rows if self._rows else 0.0
            metrics[f"leakage.{name}_share"] = round(share, 9)
        notes = [limit.note for limit in self._limits]
        untold = sum(limit.rows for limit in self._limits)
        if untold and not metrics["leakage.reworded_rows"] and untold >= self._limits[0].sought:
            del metrics["leakage.reworded_rows"]  # nothing was told of any row: that is no zero
        if total["incomplete_clusters"]:
            notes.append(
                f"{total['incomplete_clusters']:,} clusters are too large to be paired fully: "
                "the counts of near rows in them are lower bounds"
            )
        return Judgement(
            metrics,
            _headline(metrics, self._rows, untold),
            notes=tuple(notes),
            examples=ranked_examples(total["examples"]),
            charts=_class_chart(total["classes"]),
        )


def _headline(metrics: Mapping[str, int | float], rows: int, untold: int) -> str:
    """Say how many of the `rows` of the holdout leak; if none, what is given away otherwise.

    `untold`: of how many it is not known whether training rewords them.
    """
    near, exact = metrics["leakage.near_rows"], metrics["leakage.exact_rows"]
    if near:
        leak = f"{near:,} of {counted(rows, 'holdout row')} leak ({near / rows:.1%})"
        return f"{leak}; {exact:,} exactly"
    counts = {way: metrics.get(f"leakage.{kind}_rows", 0) for kind, way in OTHER_WAYS.items()}
    others = ", ".join(f"{count:,} {way}" for way, count in counts.items() if count)
    unknown = f"; of {untold:,} it is not known whether training rewords them" if untold else ""
    if not others:
        return f"no holdout row leaks{unknown}"
    return f"no holdout row is near-identical to a training row, but training has {others}{unknown}"


def _rule(split: pl.Expr, similarity: pl.Expr) -> pl.Expr:
    return (
        pl.when(split == VALIDATION)
        .then(pl.lit("leakage.validation"))
        .when(similarity == 1.0)
        .then(pl.lit("leakage.exact"))
        .otherwise(pl.lit("leakage.near"))
    )


def _count(findings: pl.DataFrame, incomplete: int) -> pl.DataFrame:
    rule = pl.col("rule")
    holdout = rule.is_in(["leakage.exact", "leakage.near"])
    classes = (
        findings.filter(holdout & pl.col("label").is_not_null())
        .group_by(name=pl.col("label"))
        .agg(rows=pl.len().cast(pl.UInt64))
        .sort("name")
    )
    return findings.select(
        exact_rows=(rule == "leakage.exact").sum().cast(pl.UInt64),
        near_rows=holdout.sum().cast(pl.UInt64),
        contained_rows=(rule == "leakage.contained").sum().cast(pl.UInt64),
        permuted_rows=(rule == "leakage.permuted_options").sum().cast(pl.UInt64),
        quoted_rows=(rule == "leakage.quoted_in_answer").sum().cast(pl.UInt64),
        same_answer_rows=(rule == "leakage.same_answer").sum().cast(pl.UInt64),
        reworded_rows=pl.struct("file", "row")
        .filter(rule == "leakage.reworded")
        .n_unique()
        .cast(pl.UInt64),
        passage_rows=(rule == "leakage.shared_passage").sum().cast(pl.UInt64),
        label_disagreements=(holdout & (pl.col("detail") == "different label"))
        .sum()
        .cast(pl.UInt64),
        validation_rows=(rule == "leakage.validation").sum().cast(pl.UInt64),
        incomplete_clusters=pl.lit(incomplete, pl.UInt64),
        examples=pl.lit(worst(findings, -pl.col("similarity"))),
        classes=pl.lit(_listed(classes)),
    )


def _listed(classes: pl.DataFrame) -> pl.Series:
    """Return classes, of columns name and rows, as one list of `CLASSES`."""
    return pl.Series([classes.to_dicts()], dtype=CLASSES)


def _class_chart(classes: Sequence[Mapping[str, Any]]) -> tuple[Chart, ...]:
    """Draw how many rows leak of every class, in all its spellings, the most first."""
    if not classes:
        return ()
    spellings = pl.DataFrame(classes, schema={"name": pl.String, "rows": pl.UInt64})
    name = usual_spelling(pl.col("name"), pl.col("rows"))
    by_class = spellings.group_by(name).agg(pl.col("rows").sum())
    ordered = by_class.sort("rows", "name", descending=[True, False]).head(CHARTED)
    names, rows = tuple(ordered["name"]), tuple(map(float, ordered["rows"]))
    return (Chart("Holdout rows that leak, by class", names, {HOLDOUT: rows}),)


CHECK: Final[type[Check]] = Leakage
