"""Holdout rows that training gives away, found through a signature index of the holdout."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Self

import polars as pl
from msgspec import Struct

from ftaudit.model import check
from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import TRAIN
from ftaudit.model.declaration import CheckOption, Concern, Declaration, StandardTags
from ftaudit.model.escape import printable
from ftaudit.model.examples import SHOWN, examples
from ftaudit.model.finding import Metric, Rule, Severity, evidence
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.model.row_id import file_of, files_and_rows, row_of

if TYPE_CHECKING:
    from ftaudit.similarity.index.index_matching import IndexMatcher

SURE: Final = 2.0
"""Standard errors below the threshold up to which a match is reported as possible."""


class IndexLeakage(Struct, frozen=True):
    """Rows of a holdout that nobody may see, found in training through its signature index.

    ## What it finds

    For every row of the index given with `--holdout-index`, the training row most similar to it,
    when their estimated similarity reaches the threshold. An evaluation team makes the index with
    `ftaudit index HOLDOUT -o holdout.ftidx` and keeps the holdout to itself.

    ## Why it harms training

    A row that was trained on measures memory, not skill. Holdouts that are kept secret leak too:
    their sources are often public (Magar and Schwartz 2022, Data contamination,
    https://arxiv.org/abs/2203.08242).

    ## How it decides

    Both sides are signed with 128 permutations (MinHash; Broder 1997, On the resemblance and
    containment of documents). The share of permutations that agree estimates the Jaccard
    similarity J of the two texts; its standard error is sqrt(J (1 - J) / 128), 0.035 at 0.8.
    `leakage.index_rows` counts index rows whose estimate reaches the threshold, and
    `leakage.index_exact_rows` those among them whose normalised text is equal, which is certain.
    `leakage.index_possible_rows` counts rows at most two standard errors below: they may be leaks
    that the estimate misses. Text is normalised and cut into shingles as the index says.

    ## Known limits

    Near matches are estimated, never verified: some close to the threshold are wrong either way.
    Text that many rows share, such as a system prompt, is compared with the rest. A holdout that
    you may read is better given with --holdout, where every match is verified.
    """

    id: ClassVar[str] = "index-leakage"
    version: ClassVar[int] = 2
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        concern=Concern.EXPOSURE,
        tags=StandardTags(
            ("Art. 10(3)", "Annex IV(2)(g)"), ("MEASURE 2.1", "MEASURE 2.5"), ("similarity",)
        ),
        options=(
            CheckOption(
                "--holdout-index",
                "index",
                "FILE",
                "A signature index of a holdout that you may not see (`ftaudit index`).",
            ),
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "index_leakage.exact",
            "A training row equals a row of the indexed holdout",
            Severity.HIGH,
            "Remove the training row.",
            Fix("decontaminate", FixTarget.ROW),
        ),
        Rule(
            "index_leakage.near",
            "A training row is, by estimate, near-identical to a row of the indexed holdout",
            Severity.HIGH,
            "Remove the training row, or ask the holdout's owner to compare the two.",
            Fix("decontaminate", FixTarget.ROW),
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("leakage.index_rows", "index rows similar to a training row, by estimate"),
        Metric("leakage.index_exact_rows", "index rows equal to a training row"),
        Metric("leakage.index_possible_rows", "index rows just below the threshold, by estimate"),
        Metric(
            "leakage.index_share",
            "index_rows in all rows of the index",
            "ratio",
            sentence="{value} of the index stands in training, by estimate",
        ),
    )

    index: str | None = None
    """A file that `ftaudit index` wrote; recorded by name and digest."""

    _threshold: float = 0.8
    _matcher: "IndexMatcher | None" = None

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Read the index; skip where none was given."""
        index = check.parameters(cls, context.parameters).get("index")
        if index is None:
            return Skip("no index of a holdout was given", options=("--holdout-index",))

        from ftaudit.similarity.index.index_matching import IndexMatcher, standard_error
        from ftaudit.similarity.index.signature_index import read_index

        path, threshold = Path(str(index)), context.threshold
        least = threshold - SURE * standard_error(threshold)
        return cls(path.name, threshold, IndexMatcher(read_index(path), least))

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Match the training rows of a batch."""
        from ftaudit.similarity.index.index_matching import MATCHES

        train = batch.filter(pl.col("split") == TRAIN)
        if self._matcher is None or train.is_empty():
            return Mapped(MATCHES.to_frame())
        texts = train[self._matcher.index.header.compare]
        return Mapped(self._matcher.match(train["id"], texts))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Keep the best match of every entry, the least row among equals."""
        ordered = partials.sort("entry", "agree", "id", descending=[False, True, False])
        return ordered.unique("entry", keep="first", maintain_order=True)

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say how much of the indexed holdout leaks."""
        assert self._matcher is not None  # noqa: S101 - `prepare` has read it
        index = self._matcher.index
        leaks, possible = self._split(totals)
        exact = leaks.filter(pl.col("rule") == "index_leakage.exact").height
        share = leaks.height / index.total if index.total else 0.0
        return Judgement(
            {
                "leakage.index_rows": leaks.height,
                "leakage.index_exact_rows": exact,
                "leakage.index_possible_rows": possible,
                "leakage.index_share": round(share, 9),
            },
            f"{leaks.height:,} of {index.total:,} rows of {printable(self.index or '')} leak by "
            f"estimate ({share:.1%}); {exact:,} exactly"
            if leaks.height
            else f"no row of {printable(self.index or '')} leaks, by estimate",
            notes=(self._note(possible),),
            examples=examples(self._evidence(_worst(leaks))),
            findings=self._evidence(leaks),
            configuration={
                "index": f"sha256:{index.digest}",
                "method": f"estimated, minhash {index.header.permutations} permutations",
                "shingles": index.header.shingles,
                "compare": index.header.compare,
                "normalisation": index.header.normalisation,
                "seed": index.header.seed,
                "threshold": self._threshold,
            },
        )

    def _evidence(self, leaks: pl.DataFrame) -> pl.DataFrame:
        return evidence(
            leaks,
            split=TRAIN,
            file=file_of("id"),
            row=row_of("id"),
            field=self._matcher.index.header.compare if self._matcher else "",
        )

    def _note(self, possible: int) -> str:
        from ftaudit.similarity.index.index_matching import standard_error

        return (
            "similarities are estimated: their standard error is "
            f"{standard_error(self._threshold):.3f} at the threshold; {possible:,} more rows are "
            "within two of them below it"
        )

    def _split(self, totals: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """Return the leaks in the order of the training rows, and how many may be."""
        assert self._matcher is not None  # noqa: S101 - as above
        index = self._matcher.index
        count = index.header.permutations
        leaks = totals.filter(pl.col("agree") >= self._threshold * count - 1e-9)
        files, rows = files_and_rows(index.rows[leaks["entry"].to_numpy()])
        names = pl.Series([printable(f.name) for f in index.header.files], dtype=pl.String)
        described = leaks.with_columns(
            rule=pl.when(pl.col("agree") > count)
            .then(pl.lit("index_leakage.exact"))
            .otherwise(pl.lit("index_leakage.near")),
            similarity=pl.min_horizontal("agree", pl.lit(count)) / count,
            indexed=pl.Series(rows),
            name=names.gather(pl.Series(files)),
        ).with_columns(
            detail=pl.format("row {} of {}, in the index", "indexed", "name")
            + pl.when(pl.col("agree") > count).then(pl.lit("")).otherwise(pl.lit("; estimated"))
        )
        return described.sort("id", "entry"), totals.height - leaks.height


def _worst(leaks: pl.DataFrame) -> pl.DataFrame:
    """Return the leaks most alike, the least training row first among equals."""
    return leaks.sort("agree", "id", "entry", descending=[True, False, False]).head(SHOWN)


CHECK: Final[type[Check]] = IndexLeakage
