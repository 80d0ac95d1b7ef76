"""The check `slices`: how rows and labels are spread over groups that the user names."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final, NamedTuple, Self

import polars as pl
from msgspec import Struct, field

from ftaudit.model import check
from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import TRAIN
from ftaudit.model.declaration import CheckOption, Declaration, StandardTags
from ftaudit.model.errors import UsageError, suggestion
from ftaudit.model.escape import printable
from ftaudit.model.examples import SHOWN, examples
from ftaudit.model.finding import EVIDENCE, Metric, Rule, Severity, counted, evidence
from ftaudit.model.label_spelling import usual_spelling
from ftaudit.model.row_id import file_of, row_id_of, row_of
from ftaudit.model.statistics.scores import (
    ScoreMean,
    equal_means_p_value,
    rounded_score,
    score_mean,
)

MOST: Final = 200
"""Values of a column beyond which it names no groups."""
LANGUAGES: Final = frozenset({"language", "lang", "locale"})
"""Names of columns that say in which language a record is."""
SIGNIFICANCE: Final = 0.01
"""Of a difference, after Holm."""

_PARTIALS: Final = pl.Schema(
    {
        "column": pl.String,
        "value": pl.String,
        "label": pl.String,
        "rows": pl.UInt64,
        "first": pl.UInt64,
    }
)
"""Training rows by column, its value and label (or rounded score), and the first row id."""
_FINDING: Final = pl.Schema(
    {"rule": pl.String, "first": pl.UInt64, "score": pl.Float64, "detail": pl.String}
)


class _ClassRate(NamedTuple):
    """Rows of one class in a slice and in the rest."""

    rows: int
    slice_rows: int
    others: int
    other_rows: int
    first: int

    @property
    def difference(self) -> float:
        return self.rows / self.slice_rows - self.others / self.other_rows


class Slices(Struct, frozen=True):
    """How rows and labels are spread over the groups of columns that you name.

    ## What it finds

    For every column named with `--slice-column` (a region, a product, an age group, an annotator):
    slices with too few training rows to say anything of them, slices in which a class is more or
    less frequent than in the other rows, and slices whose share of all rows is not the one that
    the policy gives as a reference. Columns of the source, the licence, the annotator and the
    language of labelled records are compared without being named, where they have two values or
    more.

    ## Why it harms training

    A model serves groups worse that it has seen less of, and learns that a class belongs to a group
    where the data has it so. AI Act, Article 10(2)(f) and (g), asks to examine data for biases and
    to say what was found.

    ## How it decides

    The rate of every class in a slice, with its Wilson interval, is compared with the rate in all
    other rows of the column: the interval of the difference is that of Newcombe (1998), the p-value
    that of the two-sided z test, adjusted over all comparisons (Holm 1979). A difference counts
    when it is at least `minimum_difference` and its adjusted p-value is below 0.01. A slice with
    fewer than `minimum_rows` rows is not judged and says so. Against a reference, the share of a
    slice counts when its 99 % Wilson interval excludes the reference and both are at least 0.05
    apart. Columns of more than 200 values name no groups; a note says so. Of columns that nobody
    named, slices too small to be judged are counted in a note and are no findings.

    Where records are rated instead of labelled, the mean score of a slice is compared with that of
    the other rows: the difference is a share of the scale (the range of all scores), the p-value
    that of Welch's test.

    ## Parameters

    `slice_column` (`--slice-column`), `origin_columns` (true; false compares named columns only),
    `minimum_rows` (30), `minimum_difference` (0.1), and
    `reference_shares`, such as `{region: {north: 0.4, south: 0.6}}`.

    ## What it does not say

    A difference is no wrong: complaints may come from one region because parcels are late there. No
    difference is no proof of fairness: groups that no column names, and groups too small to judge,
    are not seen. Which slices matter, and which shares are right, is for people to say.

    ## References

    Wilson 1927; Newcombe 1998, Interval estimation for the difference between independent
    proportions; Welch 1938, The significance of the difference between two means; Holm 1979;
    Barocas, Hardt and Narayanan 2023, Fairness and machine learning, https://fairmlbook.org.
    """

    id: ClassVar[str] = "slices"
    version: ClassVar[int] = 5
    relation: ClassVar[Relation] = Relation.TABLE
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(
            ("Art. 10(2)(f)", "Art. 10(2)(g)"), ("MEASURE 2.11", "MAP 2.3"), ("balance",)
        ),
        options=(
            CheckOption(
                "--slice-column",
                "slice_column",
                "NAME",
                "A column of groups whose rows and labels are compared. Repeatable.",
                repeatable=True,
            ),
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "slices.too_small",
            "A slice has too few rows to be judged",
            Severity.INFO,
            "Collect more rows of the slice, or join it with another where they belong together.",
            of_data=True,
        ),
        Rule(
            "slices.difference",
            "A class is more or less frequent in a slice than elsewhere",
            Severity.LOW,
            "Find out why; balance the rows if the difference is not in the world.",
            of_data=True,
        ),
        Rule(
            "slices.share",
            "A slice has another share of the rows than the policy's reference",
            Severity.LOW,
            "Collect or thin out rows of the slice, or correct the reference.",
            of_data=True,
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("bias.slices", "slices of all named columns", "slices"),
        Metric("bias.slices_under_minimum", "slices with fewer rows than the minimum", "slices"),
        Metric("bias.slice_differences", "classes with another rate in a slice", "findings"),
        Metric("bias.slices_off_reference", "slices with another share than given", "slices"),
    )

    slice_column: tuple[str, ...] = ()
    origin_columns: bool = True
    """Whether to compare the columns of source, licence and language, too."""
    minimum_rows: int = 30
    minimum_difference: float = 0.1
    reference_shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    _label: str | None = None
    _scored: bool = False
    _origins: tuple[str, ...] = ()

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Skip where no column was named.

        Raises:
            UsageError: a named column is not in the data.
        """
        values = check.parameters(cls, context.parameters)
        columns = values.get("slice_column") or ()
        scored = "label" not in context.columns and "score" in context.columns
        label = context.columns.get("score" if scored else "label")
        label = label if label in context.table else None
        origins = _origins(context, columns) if label and values.get("origin_columns", True) else ()
        if not columns and not origins:
            return Skip("no column of groups was named", options=("--slice-column",))
        for name in columns if isinstance(columns, tuple) else ():
            if name not in context.table:
                msg = f"--slice-column: there is no column {printable(str(name))}"
                raise UsageError(msg + suggestion(str(name), context.table))
        return cls(**values, _label=label, _scored=scored, _origins=origins)  # type: ignore[arg-type] # validated above

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count rows by slice and label."""
        train = batch.filter(pl.col("__split") == TRAIN)
        label = pl.col(self._label) if self._label else pl.lit(None)
        if self._scored:
            score = label.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
            label = rounded_score(pl.when(score.is_finite()).then(score))
        parts = [_PARTIALS.to_frame()]
        for name in (*self.slice_column, *self._origins):
            rows = train.select(
                column=pl.lit(name),
                value=pl.col(name).cast(pl.String),
                label=label.cast(pl.String),
                first=row_id_of("__file", "__row"),
                rows=pl.lit(1, pl.UInt64),
            )
            parts.append(rows.filter(pl.col("value").is_not_null()).select(_PARTIALS.names()))
        return Mapped(self.combine(pl.concat(parts)))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add the counts up."""
        by = ("column", "value", "label")
        return partials.group_by(by).agg(pl.sum("rows"), pl.min("first")).select(_PARTIALS.names())

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Compare every slice with the rest."""
        values = totals.group_by("column").agg(count=pl.col("value").n_unique())
        wide = set(values.filter(pl.col("count") > MOST)["column"])
        plain = set(values.filter(pl.col("count") < 2)["column"]) & {*self._origins}
        left_out = pl.col("column").is_in([*wide, *plain])
        judged = totals.filter(~left_out)
        if not self._scored:
            usual = usual_spelling(pl.col("label"), pl.col("rows"))
            judged = self.combine(judged.with_columns(label=usual))
        judged = judged.sort("column", "value", "label")
        slices = judged.group_by("column", "value", maintain_order=True).agg(
            pl.sum("rows"), pl.min("first")
        )
        too_small = slices.filter(pl.col("rows") < self.minimum_rows)
        unnamed = pl.col("column").is_in([*self._origins])
        small = too_small.filter(~unnamed)
        differences = _frame(
            self._mean_differences(judged) if self._scored else self._differences(judged)
        )
        shares = _frame(self._off_reference(slices))
        listed = [_placed(_frame(self._too_small(small))), _placed(differences), _placed(shares)]
        return Judgement(
            {
                "bias.slices": slices.height,
                "bias.slices_under_minimum": small.height,
                "bias.slice_differences": differences.height,
                "bias.slices_off_reference": shares.height,
            },
            f"{counted(slices.height, 'slice')}, {small.height:,} too small to judge; "
            f"{self._differ(differences.height)}"
            if slices.height
            else "nothing to compare: no column names two groups or more",
            notes=tuple(
                f"{printable(name)} has more than {MOST} values, so names no groups"
                for name in sorted(wide)
            )
            + tuple(self._unjudged(too_small.filter(unnamed))),
            examples=examples(pl.concat([*listed[1:], listed[0]]).head(SHOWN)),
            findings=pl.concat(listed),
        )

    def _unjudged(self, small: pl.DataFrame) -> Iterator[str]:
        """Say how many slices of columns that nobody named are too small."""
        if small.height:
            names = ", ".join(printable(name) for name in sorted({*small["column"]}))
            slices = counted(small.height, "slice")
            yield f"{slices} of {names} with fewer than {self.minimum_rows} rows: not judged"

    def _differ(self, differences: int) -> str:
        if self._scored:
            return counted(differences, "mean score differs", "mean scores differ")
        return counted(differences, "class rate differs", "class rates differ")

    def _mean_differences(self, judged: pl.DataFrame) -> Iterator[dict[str, object]]:
        """Yield the slices whose mean score is another than elsewhere."""
        from ftaudit.model.statistics.multiplicity import holm

        means = list(self._means(judged))
        scores = judged["label"].cast(pl.Float64).drop_nulls().to_list() or [0.0]
        scale = max(scores) - min(scores)
        p_values = [equal_means_p_value(inside, outside) for inside, outside, _ in means]
        for (inside, outside, first), p_value in zip(means, holm(p_values), strict=True):
            apart = abs(inside.mean - outside.mean) / scale if scale else 0.0
            if p_value < SIGNIFICANCE and apart >= self.minimum_difference:
                detail = (
                    f"mean score {inside.mean:.3g} in the slice, {outside.mean:.3g} in other rows"
                )
                yield {
                    "rule": "slices.difference",
                    "first": first,
                    "score": min(1.0, apart),
                    "detail": f"{detail}: {apart:.1%} of the scale apart",
                }

    def _means(self, judged: pl.DataFrame) -> Iterator[tuple[ScoreMean, ScoreMean, int]]:
        """Yield the mean score in every slice that is large enough, that elsewhere, a first row."""
        rated = judged.filter(pl.col("label").is_not_null())
        for (column, _), rows in rated.group_by("column", "value", maintain_order=True):
            rest = rated.filter(pl.col("column") == column).join(rows, on="value", how="anti")
            counts = [_score_counts(rows), _score_counts(rest)]
            if min(sum(c.values()) for c in counts) >= max(2, self.minimum_rows):
                inside, outside = map(score_mean, counts)
                yield inside, outside, int(rows["first"].min())  # type: ignore[arg-type] # of integers

    def _too_small(self, small: pl.DataFrame) -> Iterator[dict[str, object]]:
        for rows, first in small.select("rows", "first").iter_rows():
            detail = f"{counted(rows, 'row')}, fewer than {self.minimum_rows}: not judged"
            yield {"rule": "slices.too_small", "first": first, "score": None, "detail": detail}

    def _differences(self, judged: pl.DataFrame) -> Iterator[dict[str, object]]:
        """Yield the classes whose rate in a slice is another than elsewhere."""
        from ftaudit.model.statistics.multiplicity import holm
        from ftaudit.model.statistics.two_shares import equal_shares_p_value

        rates = list(self._rates(judged))
        p_values = [
            equal_shares_p_value(r.rows, r.slice_rows, r.others, r.other_rows) for r in rates
        ]
        for rate, p_value in zip(rates, holm(p_values), strict=True):
            if p_value < SIGNIFICANCE and abs(rate.difference) >= self.minimum_difference:
                yield {
                    "rule": "slices.difference",
                    "first": rate.first,
                    "score": min(1.0, abs(rate.difference)),
                    "detail": _rates_said(rate),
                }

    def _rates(self, judged: pl.DataFrame) -> Iterator[_ClassRate]:
        """Yield the rate of every class in every slice that is large enough."""
        labelled = judged.filter(pl.col("label").is_not_null())
        cells = {(c, v, k): (n, f) for c, v, k, n, f in labelled.iter_rows()}
        by_class = labelled.group_by("column", "label", maintain_order=True).agg(pl.sum("rows"))
        by_slice = labelled.group_by("column", "value", maintain_order=True).agg(
            pl.sum("rows"), pl.min("first")
        )
        totals = dict(by_slice.group_by("column").agg(pl.sum("rows")).iter_rows())
        for column, value, rows, first in by_slice.iter_rows():
            rest = totals[column] - rows
            if rows < self.minimum_rows or rest < self.minimum_rows:
                continue
            for label, every in by_class.filter(column=column).select("label", "rows").iter_rows():
                inside, at = cells.get((column, value, label), (0, first))
                yield _ClassRate(inside, rows, every - inside, rest, at)

    def _off_reference(self, slices: pl.DataFrame) -> Iterator[dict[str, object]]:
        """Yield the slices whose share is not the one of reference."""
        from ftaudit.model.statistics.paired_intervals import wilson

        rows = {(c, v): (n, f) for c, v, n, f in slices.iter_rows()}
        totals = dict(slices.group_by("column").agg(pl.sum("rows")).iter_rows())
        for column, shares in sorted(self.reference_shares.items()):
            start = slices.filter(column=column)["first"].min()
            for value, share in sorted(shares.items()) if column in totals else ():
                count, first = rows.get((column, value), (0, start))
                interval = wilson(count, totals[column], 0.99)
                apart = abs(count / totals[column] - share)
                if apart >= 0.05 and not interval.lower <= share <= interval.upper:
                    detail = f"{count / totals[column]:.1%} of the rows, {share:.1%} by the policy"
                    yield {"rule": "slices.share", "first": first, "score": None, "detail": detail}


def _origins(context: Context, named: object) -> tuple[str, ...]:
    """Return the columns of source, licence, annotator and language that nobody named."""
    mapped = [context.columns.get(role, "") for role in ("source_id", "license", "annotator")]
    spoken = [name for name in context.table if name.lower() in LANGUAGES]
    taken = {*named} if isinstance(named, tuple) else set()
    every = dict.fromkeys([*mapped, *spoken])
    return tuple(name for name in every if name in context.table and name not in taken)


def _rates_said(rate: _ClassRate) -> str:
    """Return both rates with their intervals, without the names of slice and class."""
    from ftaudit.model.statistics.paired_intervals import wilson
    from ftaudit.model.statistics.two_shares import share_difference

    shares = []
    for rows, of in ((rate.rows, rate.slice_rows), (rate.others, rate.other_rows)):
        interval = wilson(rows, of)
        shares.append(f"{rows / of:.1%} ({interval.lower:.1%} to {interval.upper:.1%})")
    apart = share_difference(rate.rows, rate.slice_rows, rate.others, rate.other_rows)
    reach = f"{100 * apart.lower:+.1f} to {100 * apart.upper:+.1f} points"
    return f"a class is {shares[0]} of the slice, {shares[1]} of other rows: {reach}"


def _score_counts(rows: pl.DataFrame) -> dict[float, int]:
    by_score = rows.group_by("label").agg(pl.sum("rows")).sort("label")
    return {float(score): count for score, count in by_score.iter_rows()}


def _frame(findings: Iterator[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(list(findings), schema=_FINDING, orient="row")


def _placed(findings: pl.DataFrame) -> pl.DataFrame:
    placed = evidence(findings, split=TRAIN, file=file_of("first"), row=row_of("first"), field="")
    return placed.select(EVIDENCE.names())


CHECK: Final[type[Check]] = Slices
