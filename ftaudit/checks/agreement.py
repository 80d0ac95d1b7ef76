"""The check `agreement`: whether those who labelled the same texts agree."""

from collections.abc import Iterator, Sequence
from math import fsum
from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct

from ftaudit.model import check
from ftaudit.model.check import Chart, Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import TRAIN
from ftaudit.model.declaration import CheckOption, Declaration, StandardTags
from ftaudit.model.errors import UsageError, suggestion
from ftaudit.model.escape import printable
from ftaudit.model.examples import SHOWN, examples
from ftaudit.model.finding import Metric, Rule, Severity, counted, evidence
from ftaudit.model.label_spelling import usual_spelling
from ftaudit.model.row_id import file_of, row_id_of, row_of
from ftaudit.model.text_digest import row_keys

CHARTED: Final = 20
"""Classes and annotators that charts show, those that agree least."""

_PARTIALS: Final = pl.Schema(
    {
        "item": pl.UInt64,
        "annotator": pl.String,
        "label": pl.String,
        "rows": pl.UInt64,
        "first": pl.UInt64,
    }
)
"""Training rows by text (a hash), annotator and label, and the first row id."""


class Agreement(Struct, frozen=True):
    """Whether annotators who labelled the same texts agree.

    ## What it finds

    Krippendorff's alpha of the labels that two annotators or more gave to the same texts, over all
    classes and for each class and annotator; and the texts on which they differ. The labels stand
    in rows of their own, or several in one record: a column for each annotator, or a list.

    ## Why it harms training

    Labels on which people do not agree teach the model to guess, and no score on them can be higher
    than people reach. A class with a low alpha needs a clearer guideline, an annotator who agrees
    with nobody needs another one.

    ## How it decides

    A row is one label by one annotator (a column called `annotator`, `rater` or the like, or
    `--annotator-column`); rows with the same input are one item. Or a record holds several labels
    (`--annotation-column`, once for each annotator, or once for a column of lists, whose places are
    the annotators). `agreement.alpha` is Krippendorff's alpha for nominal data over all items with
    two labels or more: 1 less the disagreement observed by the one expected by chance; 0 is chance,
    and it may be negative. The alpha of a class takes all other classes together. An annotator's
    agreement is the share of other labels of the same items that are the same. Krippendorff (2004)
    asks for 0.8, and for 0.667 where tentative conclusions will do. `agreement.disputed_items`
    counts the items with more than one label: look at those again, first at those whose score, the
    share of pairs of labels that differ, is highest. Spellings of one class are one label. The
    suspects of label-conflicts heed who gave a label, and what others said of the same text.

    Where records are rated instead of labelled, alpha is that for interval data (squared
    differences), the score of an item is how far apart its scores are, and two scores agree when
    they differ by no more than `score_tolerance` of the scale, which is the range of all scores, or
    by one step of a scale of more than two whole numbers: an item is disputed when two of its
    scores do not agree.

    ## Parameters

    `annotator_column` (`--annotator-column`) or `annotation_columns` (`--annotation-column`,
    repeatable; its labels are never read as scores); `score_tolerance`, in [0, 1], default 0.1.

    ## What it does not see

    Agreement is not truth: annotators may share an error. Where items were not given out at random,
    alpha says nothing of the others. Texts that differ in a character are different items. Names
    of annotators are not reported: they stand in the order of their first row.

    ## References

    Krippendorff 2004, Content analysis, chapter 11; Artstein and Poesio 2008, Inter-coder agreement
    for computational linguistics, https://doi.org/10.1162/coli.07-034-R2.
    """

    id: ClassVar[str] = "agreement"
    version: ClassVar[int] = 4
    relation: ClassVar[Relation] = Relation.TABLE
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(("Art. 10(2)(c)",), ("MEASURE 2.1",), ("consistency",)),
        options=(
            CheckOption(
                "--annotation-column",
                "annotation_columns",
                "NAME",
                "A column of one annotator's labels, or of lists of labels. Repeatable.",
                repeatable=True,
            ),
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "agreement.disputed",
            "Annotators gave different labels to the same text",
            Severity.LOW,
            "Look at the text again, decide, and say in the guideline what decided.",
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("agreement.items", "texts that two annotators or more labelled", "items"),
        Metric("agreement.disputed_items", "those whose labels or scores disagree", "items"),
        Metric(
            "agreement.alpha",
            "Krippendorff's alpha of the labels",
            "alpha",
            sentence="annotators agree with an alpha of {value}",
        ),
        Metric("agreement.lowest_class_alpha", "alpha of the class with the least", "alpha"),
        Metric("agreement.lowest_annotator", "agreement of the annotator with the least", "ratio"),
    )

    annotator_column: str | None = None
    annotation_columns: tuple[str, ...] = ()
    score_tolerance: float = 0.1
    _inputs: tuple[str, ...] = ()
    _label: str = ""
    _scored: bool = False

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Skip where no annotator column was named, or there are no labels.

        Raises:
            UsageError: a named column is not in the data, or there are two ways to read labels.
        """
        values = check.parameters(cls, context.parameters)
        name, several = values.get("annotator_column"), values.get("annotation_columns") or ()
        if not isinstance(name, str) and not several:
            name = context.columns.get("annotator")
            if name is None:
                return Skip("no column of annotators was named", options=("--annotator-column",))
            values["annotator_column"] = name
        if isinstance(name, str) and several:
            msg = "--annotator-column and --annotation-column: labels stand in rows or in columns"
            raise UsageError(msg)
        columns = several if isinstance(several, tuple) and several else (str(name),)
        _demand_columns(context, columns, "annotation" if several else "annotator")
        if several:
            inputs = tuple(c for part, c in context.columns.items() if _is_given(part))
            if context.columns.get("input") not in context.table:
                return Skip("the records have no column of texts")
            return cls(**values, _inputs=inputs)  # type: ignore[arg-type] # validated above
        scored = "label" not in context.columns and "score" in context.columns
        label = context.columns.get("score" if scored else "label")
        inputs = tuple(c for part, c in context.columns.items() if _is_given(part))
        if context.columns.get("input") not in context.table or label not in context.table:
            return Skip("the records have no column of labels or scores, or none of texts")
        return cls(**values, _inputs=inputs, _label=str(label), _scored=scored)  # type: ignore[arg-type] # validated above

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count labels by text and annotator."""
        train = batch.filter(pl.col("__split") == TRAIN)
        if self.annotation_columns:
            parts = [self._column(train, name) for name in self.annotation_columns]
            return Mapped(self.combine(pl.concat(parts)))
        label = pl.col(self._label).cast(pl.String)
        if self._scored:
            score = label.str.strip_chars().cast(pl.Float64, strict=False)
            label = pl.when(score.is_finite()).then(score).cast(pl.String)
        rows = train.select(
            item=row_keys(train.select(self._inputs)),
            annotator=pl.col(str(self.annotator_column)).cast(pl.String),
            label=label,
            first=row_id_of("__file", "__row"),
            rows=pl.lit(1, pl.UInt64),
        )
        return Mapped(self.combine(rows.drop_nulls(["annotator", "label"])))

    def _column(self, train: pl.DataFrame, name: str) -> pl.DataFrame:
        """Return the labels of a column; of lists, each place is an annotator."""
        listed = isinstance(train.schema[name], pl.List | pl.Array)
        rows = train.select(
            item=row_keys(train.select(self._inputs)),
            label=pl.col(name) if listed else pl.concat_list(name),
            first=row_id_of("__file", "__row"),
            rows=pl.lit(1, pl.UInt64),
        )
        places = pl.int_ranges(pl.col("label").list.len().fill_null(0)).alias("place")
        labels = rows.with_columns(places).explode("label", "place", empty_as_null=False)
        return labels.select(
            "item",
            annotator=pl.format("{}[{}]", pl.lit(name), "place"),
            label=pl.col("label").cast(pl.String),
            rows="rows",
            first="first",
        ).drop_nulls(["annotator", "label"])

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add the counts up."""
        by = ("item", "annotator", "label")
        return partials.group_by(by).agg(pl.sum("rows"), pl.min("first")).select(_PARTIALS.names())

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Measure agreement, and list the items in dispute."""
        if self._scored:
            return self._of_scores(totals)
        usual = usual_spelling(pl.col("label"), pl.col("rows"))
        labels = _labels(self.combine(totals.with_columns(label=usual)))
        items = labels.group_by("item").agg(
            pl.min("first"),
            pl.max("of_item"),
            kinds=pl.col("label").n_unique(),
            differing=(pl.col("rows") * (pl.col("of_item") - pl.col("alike"))).sum(),
        )
        if items.is_empty():
            return Judgement(
                {"agreement.items": 0, "agreement.disputed_items": 0},
                "no text was labelled by two annotators",
            )
        disputed = items.filter(pl.col("kinds") > 1).sort("first")
        pairs = pl.col("of_item") * (pl.col("of_item") - 1)
        disputed = disputed.with_columns(score=(pl.col("differing") / pairs).round(9))
        classes, annotators = _class_alphas(labels), _annotator_shares(labels)
        alpha = _alpha(labels)
        findings = _disputes(disputed, pl.format("{} different labels of {}", "kinds", "of_item"))
        return Judgement(
            {
                "agreement.items": items.height,
                "agreement.disputed_items": disputed.height,
                "agreement.alpha": round(alpha, 9),
                "agreement.lowest_class_alpha": round(min(a for _, a in classes), 9),
                "agreement.lowest_annotator": round(min(annotators), 9),
            },
            f"alpha {alpha:.2f} over {counted(items.height, 'item')}, {disputed.height:,} disputed",
            examples=examples(_worst_first(findings)),
            findings=findings,
            charts=tuple(_charts(classes, annotators)),
        )

    def _of_scores(self, totals: pl.DataFrame) -> Judgement:
        """Measure how far scores of the same items are apart."""
        scores = _labels(totals).with_columns(score=pl.col("label").cast(pl.Float64))
        if scores.is_empty():
            return Judgement(
                {"agreement.items": 0, "agreement.disputed_items": 0},
                "no text was rated by two annotators",
            )
        every = totals["label"].cast(pl.Float64)
        width = float(every.max()) - float(every.min())  # type: ignore[arg-type] # of floats
        step = 1.0 if width > 1 and bool((every == every.floor()).all()) else 0.0
        reach = max(self.score_tolerance * width, step)
        items = scores.group_by("item").agg(
            pl.min("first"), apart=pl.col("score").max() - pl.col("score").min()
        )
        disputed = items.filter(pl.col("apart") > reach + 1e-9 * width).sort("first")
        disputed = disputed.with_columns(score=(pl.col("apart") / width).round(9))
        share = (100 * pl.col("apart") / width).round(1)
        findings = _disputes(disputed, pl.format("scores {} % of the scale apart", share))
        alpha = _interval_alpha(scores)
        return Judgement(
            {
                "agreement.items": items.height,
                "agreement.disputed_items": disputed.height,
                "agreement.alpha": round(alpha, 9),
            },
            f"alpha {alpha:.2f} over {counted(items.height, 'item')}, {disputed.height:,} disputed",
            notes=(
                f"scores agree within {self.score_tolerance:g} of the scale, or one whole number",
            ),
            examples=examples(_worst_first(findings)),
            findings=findings,
        )


_GIVEN: Final = frozenset({"system", "context", "title", "history", "input", "media", "choices"})


def _demand_columns(context: Context, names: Sequence[str], option: str) -> None:
    """Refuse columns that are not in the data.

    Raises:
        UsageError: one is not.
    """
    for name in names:
        if name not in context.table:
            msg = f"--{option}-column: there is no column {printable(name)}"
            raise UsageError(msg + suggestion(name, context.table))


def _is_given(part: str) -> bool:
    """Tell whether a part, such as `input` or `input_2`, is of what a record is about."""
    name, _, number = part.rpartition("_")
    return part in _GIVEN or (name in _GIVEN and number.isdigit())


def _disputes(items: pl.DataFrame, detail: pl.Expr) -> pl.DataFrame:
    """Return the findings of items in dispute, each at its first row."""
    return evidence(
        items,
        rule="agreement.disputed",
        split=TRAIN,
        file=file_of("first"),
        row=row_of("first"),
        field="input",
        detail=detail,
    )


def _worst_first(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the few findings that annotators agree on least."""
    return findings.sort("score", descending=True, maintain_order=True).head(SHOWN)


def _interval_alpha(scores: pl.DataFrame) -> float:
    """Return Krippendorff's alpha for interval data (2004, section 11.3.4)."""
    rows = scores["rows"].to_list()
    items = scores["item"].to_list()
    values = scores["score"].to_list()
    by_item: dict[int, list[tuple[float, int]]] = {}
    for item, value, count in zip(items, values, rows, strict=True):
        by_item.setdefault(item, []).append((value, count))
    total = sum(rows)
    observed = fsum(_squares(pairs) / (sum(n for _, n in pairs) - 1) for pairs in by_item.values())
    expected = _squares(list(zip(values, rows, strict=True))) / (total - 1)
    return 1 - observed / expected if expected else 1.0


def _squares(counts: list[tuple[float, int]]) -> float:
    """Return the sum of squared differences over all ordered pairs."""
    rows = sum(n for _, n in counts)
    mean = fsum(x * n for x, n in counts) / rows
    return 2 * rows * fsum(n * (x - mean) ** 2 for x, n in counts)


def _labels(totals: pl.DataFrame) -> pl.DataFrame:
    """Return the labels of items that several annotators labelled, with the counts of each item."""
    several = totals.filter(pl.col("annotator").n_unique().over("item") > 1)
    return several.with_columns(
        of_item=pl.col("rows").sum().over("item"),
        alike=pl.col("rows").sum().over("item", "label"),
    ).sort("first", "annotator", "label")


def _alpha(labels: pl.DataFrame) -> float:
    """Return Krippendorff's alpha for nominal data (2004, section 11.3)."""
    pairs = pl.col("rows") * (pl.col("of_item") - pl.col("alike")) / (pl.col("of_item") - 1)
    observed = float(labels.select(pairs.sum()).item())
    counts = labels.group_by("label").agg(pl.sum("rows"))["rows"].to_list()
    total = sum(counts)
    expected = (total**2 - sum(count**2 for count in counts)) / (total - 1)
    return 1 - observed / expected if expected else 1.0


def _class_alphas(labels: pl.DataFrame) -> list[tuple[str, float]]:
    """Return each class and its alpha against all others, the lowest first."""
    total = int(labels["rows"].sum())
    pairs = pl.col("rows") * (pl.col("of_item") - pl.col("alike")) / (pl.col("of_item") - 1)
    classes = labels.group_by("label").agg(pl.sum("rows"), apart=pairs.sum()).sort("label")
    alphas = []
    for label, rows, apart in classes.iter_rows():
        expected = rows * (total - rows) / (total - 1)
        alphas.append((str(label), 1 - apart / expected if expected else 1.0))
    return sorted(alphas, key=lambda entry: (entry[1], entry[0]))


def _annotator_shares(labels: pl.DataFrame) -> list[float]:
    """Return how much each annotator agrees with the others, in the order of their first rows."""
    share = pl.col("rows") * (pl.col("alike") - 1) / (pl.col("of_item") - 1)
    by_person = labels.group_by("annotator").agg(
        pl.min("first"), share.sum() / pl.col("rows").sum()
    )
    return by_person.sort("first", "annotator")[by_person.columns[-1]].to_list()


def _charts(classes: list[tuple[str, float]], annotators: list[float]) -> Iterator[Chart]:
    shown = classes[:CHARTED]
    names = tuple(name for name, _ in shown)
    values = tuple(round(max(0.0, alpha), 4) for _, alpha in shown)
    yield Chart("Agreement on each class (alpha)", names, {TRAIN: values}, "alpha")
    people = tuple(f"annotator {number}" for number in range(1, len(annotators[:CHARTED]) + 1))
    shares = tuple(round(share, 4) for share in annotators[:CHARTED])
    yield Chart("Agreement of each annotator with the others", people, {TRAIN: shares}, "share")


CHECK: Final[type[Check]] = Agreement
