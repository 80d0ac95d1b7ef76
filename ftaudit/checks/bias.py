"""The check `bias`: labels that can be read from a word or a field, or that follow identity."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct, field

from ftaudit.model import check
from ftaudit.model.answer_sketches import WORD, answer_sketches, sketch_agreement
from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import TRAIN
from ftaudit.model.declaration import Declaration, RowsAmong, StandardTags
from ftaudit.model.examples import SHOWN, examples
from ftaudit.model.finding import EVIDENCE, Metric, Rule, Severity, counted, evidence
from ftaudit.model.identity_swaps import identity_swaps, terms_pattern
from ftaudit.model.identity_terms import IDENTITY_TERMS
from ftaudit.model.label_spelling import plain_labels, usual_spelling
from ftaudit.model.row_id import file_of, row_of
from ftaudit.model.text_digest import text_keys
from ftaudit.similarity.text.swap_reading import term_swaps

COUNTED: Final = 100_000
"""Training rows, evenly spread, whose words are counted."""
MANY: Final = 50_000
"""Training rows from which loading a kernel takes less time than it saves."""
LEAST_ROWS: Final = 50
"""Labelled rows below which nothing is said of words and fields."""
SHORT: Final = 40
"""Characters of an output that is compared as a label is."""
SURE: Final = 0.001
"""P-value of independence below which a field counts."""

_SKETCHED: Final = "\x00"
"""Stands before a sketch of which the key is taken, so that it is that of no label."""
MOST_ANSWERS: Final = 5
"""Long answers to one text with the same terms that are compared with those of other terms."""
FIELDS: Final = {
    "source_id": "source",
    "license": "licence",
    "file": "file",
    "month": "date",
    "length": "length",
}
"""Columns of a row that the label may be read from → what a finding calls them."""

_PARTIALS: Final = pl.Schema(
    {
        "topic": pl.String,
        "name": pl.String,
        "value": pl.String,
        "label": pl.String,
        "rest": pl.UInt64,
        "terms": pl.UInt64,
        "answer": pl.UInt64,
        "sketch": pl.String,
        "rows": pl.UInt64,
        "first": pl.UInt64,
    }
)
"""Training rows by label (topic `all`), by word and label (`word`), by field, its value and label
(`field`), and by kind of identity, text without its terms, terms and label or answer (`swap`); and
the first row id of each. `name` is the field or the kind.

Partials of `swap` hold no text: `rest`, `terms` and `answer` are keys, and `sketch` has the hashes
of a long answer, as text. They are null for all others, whose `value` and `label` are null here."""

_USUAL: Final = usual_spelling(pl.col("label"), pl.col("rows"))
_OF_FIELD: Final = ("topic", "name", "value", "label")
_OF_SWAP: Final = ("name", "rest", "terms", "answer")
"""What tells partials of fields and labels, and of texts, apart from others of the kind."""
_SUMMED: Final = ("rows", "first")
_OF_WORD: Final = ("value", "label", *_SUMMED)
"""Columns of partials of words that are not constant: there are many, and others take memory."""


class Bias(Struct, frozen=True):
    """Labels that can be read from one word or one field, or that follow a term of identity.

    ## What it finds

    *Shortcuts*: a class whose rows nearly all share one word that hardly any other row has, and
    fields (source, licence, file, month of the date, length of the input) that go together with the
    label almost entirely. *Counterfactual conflicts*: training rows whose inputs differ only in a
    term of identity (gender, given name, origin, religion, orientation, age, disability) and carry
    different labels, different short answers, or long answers that clash.

    ## Why it harms training

    A model takes the shortest way to the label. Where one word or the source of a row gives the
    label away, that is what is learnt, and it fails where the word or the source does not come
    along (Gardner et al. 2021, Competency problems, https://arxiv.org/abs/2104.08646; Gururangan
    et al. 2018, Annotation artifacts, https://arxiv.org/abs/1803.02324). Where a label follows a
    term of identity, so will the model.

    ## How it decides

    A word is a shortcut to a class when at least `minimum_rows` training rows have it, at least
    95 % of them are of the class, at least half of the class have it, and the z-score of its share
    against the share of the class in all rows is 6 or more (Gardner et al.; words of at least two
    letters, as they stand, in 100,000 rows evenly spread). Of each class the word that most rows of
    it have counts. A field is a shortcut when Cramér's V with the label, corrected for bias, is
    0.9 or more. `bias.artifacts` counts both. All spellings of a class are one label.

    For conflicts, every term of one kind is taken out of an input and what is left is compared,
    without regard to case, punctuation and spaces. `bias.counterfactual_conflicts` counts the rows
    with a rival: the same text with another term and another label. Answers of up to 40 characters
    are compared as labels are. Longer ones clash when their words, without the terms of that kind,
    have a Jaccard similarity below `clash_below`, estimated from the 12 least hashes of each
    (Broder 1997): the same answer with another pronoun is no conflict; of one text with the same
    terms the first five answers are compared. Holdout rows are not looked at. The date is that of
    the time column (`--time-column`).

    ## Parameters

    `minimum_rows` (20), `clash_below` (0.5), and `identity_terms`: further kinds and terms, such as
    `{name: [ayşe]}`.

    ## What it does not say

    A finding says what the data holds, not why, and nothing about persons: a title may rightly
    decide a form of address. No finding does not mean that data is fair: who is missing from it,
    what stands between the lines, and harm that needs no word of these lists are not seen. Such
    lists are short, English and of their time, many terms have other senses ("old", "black",
    "straight"), and data about groups that are rarely written about gives few rows to compare
    (Blodgett et al. 2020, Language (technology) is power, https://arxiv.org/abs/2005.14050).

    ## Known false positives

    In topic classification a word may be the topic. Data collected one file per class has a file
    that tells the class, which harms only if the texts of the files differ in style.

    ## References

    Dixon et al. 2018, Measuring and mitigating unintended bias in text classification; Zhao et al.
    2018, Gender bias in coreference resolution; Bertrand and Mullainathan 2004; Bergsma 2013, A
    bias-correction for Cramér's V and Tschuprow's T.
    """

    id: ClassVar[str] = "bias"
    version: ClassVar[int] = 4
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(
            ("Art. 10(2)(f)", "Art. 10(2)(g)"), ("MEASURE 2.11", "MAP 2.3"), ("balance",)
        ),
        invariants=(RowsAmong("bias.counterfactual_conflicts", (TRAIN,)),),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "bias.word",
            "One word tells the class",
            Severity.LOW,
            "Read rows of the class: add some without the word, and rows of other classes with it.",
            of_data=True,
        ),
        Rule(
            "bias.field",
            "A field of the rows tells the class",
            Severity.LOW,
            "Collect every class from every source, or see that the texts do not show the source.",
            of_data=True,
        ),
        Rule(
            "bias.counterfactual",
            "Rows differ only in a term of identity, and in label or answer",
            Severity.MEDIUM,
            "Read both rows: give them the same label, or say in the guidelines why not.",
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric(
            "bias.artifacts",
            "words and fields that tell the class",
            "findings",
            sentence="{value} words or fields tell the class by themselves",
        ),
        Metric(
            "bias.counterfactual_conflicts",
            "training rows that differ from one of another label only in a term of identity",
        ),
    )

    minimum_rows: int = 20
    """Rows from which a word is judged."""
    identity_terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kinds and terms besides those of the lists."""
    clash_below: float = 0.5
    """Similarity of two long answers, in [0, 1], below which they clash."""
    _step: int = 1
    _many: bool = False
    """Whether a kernel reads the texts."""

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Skip data without labels and answers."""
        values = check.parameters(cls, context.parameters)
        if not {"label", "output"} & set(context.columns):
            return Skip("the records have neither labels nor answers")
        rows = context.rows.get(TRAIN, 0)
        return cls(**values, _step=max(1, rows // COUNTED), _many=rows >= MANY)  # type: ignore[arg-type] # validated above

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count words, fields and texts without terms of identity, by label."""
        short = pl.col("output").str.len_chars() <= SHORT
        every = batch.filter(
            (pl.col("split") == TRAIN) & pl.col("input").is_not_null()
        ).with_columns(label=pl.coalesce("label", pl.when(short).then("output")).str.strip_chars())
        rows = every.filter(pl.col("label").is_not_null())
        parts = [_tallied(rows, "all", ""), *_fields(rows), self._words(rows), self._swaps(every)]
        return Mapped(pl.concat(parts))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add the counts up; those of texts without terms only where most of them recur.

        Else that saves nothing, and takes several times the memory that they do.
        """
        of_texts = pl.col("rest").is_not_null()
        texts = partials.filter(of_texts)
        if texts["rest"].n_unique() * 2 < texts.height:
            texts = _added(texts, _OF_SWAP)
        is_word = partials["topic"] == "word"
        words = _added_words(partials.select(_OF_WORD).filter(is_word))
        others = _added(partials.filter(~is_word & ~of_texts), _OF_FIELD)
        return pl.concat([others, words, texts])

    @staticmethod
    def keys(partials: pl.DataFrame) -> pl.Series:
        """Return the key of what is left of each text without terms of identity."""
        return partials["rest"]

    def settle(self, partials: pl.DataFrame, _: pl.DataFrame, /) -> pl.DataFrame:
        """Keep the texts that stand with several labels or answers."""
        return _added(_several(partials), _OF_SWAP)

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say which words and fields tell the class, and which rows contradict each other."""
        totals = self._one_spelling(totals)
        classes = dict(totals.filter(topic="all").select("label", "rows").iter_rows())
        enough = sum(classes.values()) >= LEAST_ROWS and len(classes) > 1
        shortcuts = [EVIDENCE.to_frame()]
        if enough:
            shortcuts += [self._telling_words(totals), *_telling_fields(totals)]
        conflicts = _conflicts(totals.filter(topic="swap"), self.clash_below)
        findings = pl.concat([*shortcuts, conflicts])
        artifacts = findings.height - conflicts.height
        rows = conflicts.height
        return Judgement(
            {"bias.artifacts": artifacts, "bias.counterfactual_conflicts": rows},
            _headline(artifacts, rows),
            notes=() if enough else ("too few labelled rows to say what tells the class",),
            examples=examples(pl.concat([conflicts.head(SHOWN), *shortcuts]).head(SHOWN)),
            findings=findings,
            coverage={"identity_terms": tuple(sorted({*IDENTITY_TERMS, *self.identity_terms}))},
        )

    def _one_spelling(self, totals: pl.DataFrame) -> pl.DataFrame:
        """Count all spellings of a class as one, named as it is spelled most often."""
        classes = totals.filter(topic="all").select("label", usual=_USUAL)
        other = classes.filter(pl.col("label") != pl.col("usual"))
        if other.is_empty():
            return totals
        return self.combine(totals.with_columns(pl.col("label").replace(*other)))

    def _words(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Count the rows of each label that have each word."""
        counted_rows = rows.filter(pl.col("row") % self._step == 0)
        words = counted_rows.select(
            "id", "label", value=pl.col("input").str.to_lowercase().str.extract_all(WORD)
        )
        listed = words.with_columns(pl.col("value").list.unique())
        return _tallied(listed.explode("value", empty_as_null=False), "word", "value")

    def _telling_words(self, totals: pl.DataFrame) -> pl.DataFrame:
        """Return a finding for each class that one word tells."""
        words = totals.filter(pl.col("topic") == "word")
        classes = totals.filter(pl.col("topic") == "all").select("label", of_class="rows")
        share = pl.col("of_class") / pl.col("of_class").sum()
        classes = classes.with_columns(share=share, of_class=pl.col("of_class") / self._step)
        judged = (
            words.join(words.group_by("value").agg(every=pl.sum("rows")), on="value")
            .filter(pl.col("every") >= self.minimum_rows)
            .join(classes, on="label")
            .with_columns(precision=pl.col("rows") / pl.col("every"))
        )
        spread = (pl.col("share") * (1 - pl.col("share")) / pl.col("every")).sqrt()
        telling = judged.filter(
            (pl.col("precision") >= 0.95)
            & (pl.col("rows") >= 0.5 * pl.col("of_class"))
            & ((pl.col("precision") - pl.col("share")) / spread >= 6)
        )
        best = (
            telling.sort("label", "rows", "value", descending=[False, True, False])
            .group_by("label", maintain_order=True)
            .first()
            .sort("first")
        )
        return evidence(
            best,
            rule="bias.word",
            split=TRAIN,
            file=file_of("first"),
            row=row_of("first"),
            field="input",
            score=pl.col("precision"),
            detail=pl.format("a word of {} rows, of which {} are of one class", "every", "rows"),
        )

    def _swaps(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with a term of each kind, by what is left, the terms and the answer."""
        terms = self._terms()
        read = term_swaps if self._many else identity_swaps
        swaps = read(rows["input"], terms)
        answers = rows.select("id", "output", answer=text_keys(plain_labels(rows["label"])))
        named = swaps.hstack(answers[swaps["at"]])
        answered = named.filter(pl.col("answer").is_not_null() | pl.col("output").is_not_null())
        sketched = pl.concat(
            [_sketched(of_kind, terms) for of_kind in answered.partition_by("kind")]
            or [_sketched(answered, terms)]
        )
        return _shaped(
            sketched.with_columns(
                topic=pl.lit("swap"), name="kind", rows=pl.lit(1, pl.UInt64), first="id"
            )
        )

    def _terms(self) -> Mapping[str, tuple[str, ...]]:
        """Return the terms of each kind: those of the lists, and those of the policy."""
        kinds = {*IDENTITY_TERMS, *self.identity_terms}
        lists = (IDENTITY_TERMS, self.identity_terms)
        return {kind: tuple(t for terms in lists for t in terms.get(kind, ())) for kind in kinds}


def _sketched(swaps: pl.DataFrame, terms: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """Give rows of one kind without a label the sketch of their answer, and a key of that."""
    long = swaps["answer"].is_null()
    if not long.any():
        return swaps.with_columns(sketch=pl.lit(None, pl.String))
    sketches = answer_sketches(swaps.filter(long)["output"], terms_pattern(terms[swaps["kind"][0]]))
    places = pl.Series(long.arg_true())
    texts = (
        pl.Series([None], dtype=pl.String).new_from_index(0, len(long)).scatter(places, sketches)
    )
    keys = text_keys(_SKETCHED + texts)
    return swaps.with_columns(sketch=texts, answer=pl.coalesce("answer", keys))


def _tallied(rows: pl.DataFrame, topic: str, value: str, name: str = "") -> pl.DataFrame:
    """Return `_PARTIALS` of rows with the columns `id` and `label`, by a column of values."""
    values = pl.col(value).cast(pl.String) if value else pl.lit("")
    counts = rows.group_by(value=values, label="label").agg(
        rows=pl.len().cast(pl.UInt64), first=pl.min("id")
    )
    return _shaped(counts.with_columns(topic=pl.lit(topic), name=pl.lit(name)))


def _shaped(partials: pl.DataFrame) -> pl.DataFrame:
    """Return partials with the columns of `_PARTIALS`, null where they have none."""
    have = set(partials.columns)
    return partials.select(
        (pl.col(name) if name in have else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in _PARTIALS.items()
    )


def _fields(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    bits = (pl.col("input").str.len_chars() + 1).log(2).floor().cast(pl.Int64).cast(pl.String)
    named = rows.with_columns(length=bits, month=pl.col("time").dt.strftime("%Y-%m"))
    for name in FIELDS:
        yield _tallied(named.filter(pl.col(name).is_not_null()), "field", name, name)


def _telling_fields(totals: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield a finding for each field that goes together with the label."""
    from ftaudit.model.statistics.two_shares import association

    for name, title in FIELDS.items():
        cells = totals.filter((pl.col("topic") == "field") & (pl.col("name") == name))
        ordered = cells.sort("value", "label")
        rows = int(ordered["rows"].sum())
        if rows < LEAST_ROWS or ordered["value"].n_unique() > rows / 5:
            continue
        counts = {(v, c): n for v, c, n in ordered.select("value", "label", "rows").iter_rows()}
        v, p_value = association(counts)
        if v >= 0.9 and p_value < SURE:
            yield evidence(
                ordered.select(first=pl.min("first")),
                rule="bias.field",
                split=TRAIN,
                file=file_of("first"),
                row=row_of("first"),
                field={"month": "time"}.get(name, "" if name in {"file", "length"} else name),
                score=round(v, 9),
                detail=f"the {title} of a row tells its class (Cramér's V {v:.2f})",
            )


def _several(swaps: pl.DataFrame) -> pl.DataFrame:
    """Keep the texts that stand with several labels or answers: few, of as many as there are rows.

    Nothing else is made of the others, which bounds memory.
    """
    texts = swaps.filter(swaps["rest"].is_duplicated())
    return texts.filter(pl.col("answer").n_unique().over("name", "rest") > 1)


def _added(partials: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Add up the rows of partials that are equal by some columns: all others are constant."""
    constant = [pl.first(name) for name in _PARTIALS.names() if name not in {*by, *_SUMMED}]
    sums = partials.group_by(by).agg(pl.sum("rows"), pl.min("first"), *constant)
    return sums.select(_PARTIALS.names())


def _added_words(words: pl.DataFrame) -> pl.DataFrame:
    """Add up the rows of equal words with one label; `words` has the columns `_OF_WORD`."""
    sums = words.group_by("value", "label").agg(pl.sum("rows"), pl.min("first"))
    return _shaped(sums.with_columns(topic=pl.lit("word"), name=pl.lit("")))


def _conflicts(swaps: pl.DataFrame, clash_below: float) -> pl.DataFrame:
    """Return a finding for each row with a rival: the same rest, other terms, another label.

    Of two long answers their similarity decides, instead.
    """
    texts = _added(_several(swaps), _OF_SWAP).sort("first")
    long = pl.col("sketch").is_not_null()
    place = pl.int_range(pl.len()).over("name", "rest", "terms", long)
    texts = texts.filter(~long | (place < MOST_ANSWERS))
    split = texts.filter(pl.col("answer").n_unique().over("name", "rest") > 1)
    rivals = split.select(
        "name",
        "rest",
        rival_terms="terms",
        rival="answer",
        rival_sketch="sketch",
        match="first",
    )
    pairs = (
        split.join(rivals, on=["name", "rest"])
        .filter((pl.col("terms") != pl.col("rival_terms")) & (pl.col("answer") != pl.col("rival")))
        .pipe(_clashing, clash_below)
        .sort("first", "name", "match")
        .group_by("first", maintain_order=True)
        .first()
    )
    return evidence(
        pairs,
        rule="bias.counterfactual",
        split=TRAIN,
        file=file_of("first"),
        row=row_of("first"),
        related_file=file_of("match"),
        related_row=row_of("match"),
        field="input",
        detail=pl.format("differs only in terms of {}, and {}", "name", _SIDE),
    )


_SIDE: Final = (
    pl.when(pl.col("sketch").is_not_null())
    .then(pl.lit("the answers clash"))
    .otherwise(pl.lit("in the label"))
)


def _clashing(pairs: pl.DataFrame, clash_below: float) -> pl.DataFrame:
    """Return the pairs of rows whose labels differ, or whose long answers clash."""
    ends = pairs.select("sketch", "rival_sketch").iter_rows()
    agreement = pl.Series([sketch_agreement(*end) for end in ends], dtype=pl.Float64)
    return pairs.filter(agreement < clash_below)


def _headline(artifacts: int, rows: int) -> str:
    told = f"{counted(artifacts, 'word or field tells', 'words or fields tell')} the class"
    conflicts = f"{counted(rows, 'row differs', 'rows differ')} from another only in identity"
    if not artifacts and not rows:
        return "no word or field tells the class, no label follows a term of identity"
    return "; ".join(
        [*([told] if artifacts else []), *([conflicts + " and label"] if rows else [])]
    )


CHECK: Final[type[Check]] = Bias
