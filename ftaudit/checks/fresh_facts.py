"""The check `fresh-facts`: outputs that teach facts which age, and records of single customers."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct

from ftaudit.model import check
from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import TRAIN
from ftaudit.model.declaration import Declaration, RowsAmong, StandardTags
from ftaudit.model.finding import Example, Location, Metric, Rule, Severity, evidence
from ftaudit.model.row_id import file_and_row
from ftaudit.records.ageing_facts import CHANGING, TOOL_CALL, any_assertion, assertions

TITLES: Final = MappingProxyType(
    {
        "record": ("An output states a record of one customer", Severity.HIGH),
        "market": ("An output states a rate or price of a market", Severity.MEDIUM),
        "as_of": ("An output states something as of a day", Severity.MEDIUM),
        "latest": ("An output says which is the latest", Severity.MEDIUM),
        "office": ("An output says who holds an office", Severity.MEDIUM),
        "today": ("An output states today's date or weather", Severity.MEDIUM),
        "hours": ("An output states opening hours", Severity.LOW),
        "population": ("An output states how many live somewhere", Severity.LOW),
        "stock": ("An output states what is in stock", Severity.MEDIUM),
        "price": ("An output states a price", Severity.MEDIUM),
        "version": ("An output states which version is supported", Severity.LOW),
        "plan": ("An output names a plan of the catalogue", Severity.LOW),
        "contact": ("An output states a number or address to reach somebody", Severity.LOW),
    }
)
"""Rule → its title and severity."""

_RETRIEVE: Final = (
    "Keep the fact in retrieval, and teach the model to answer from what it is given."
)
_LOOK_UP: Final = (
    "Keep records in the database, and answer through a tool with the caller's rights."
)

_ASKED: Final = (
    r"(?i)\b(?:current|currently|latest|now|today|tonight|recent|recently|this (?:year|week|month)"
    r"|next (?:year|week|month)|last night)\b"
)
_PAST: Final = r"(?i)\b(?:was|were|did|first|born|in 1[0-9]\d\d)\b"

SEARCHED: Final = 20_000
"""Characters of an output that are searched."""
CLASS_SHARE: Final = 0.2
"""Share of a class's rows that name plans, prices or years from which its rules change."""

_PARTIALS: Final = pl.Schema(
    {
        "topic": pl.String,
        "name": pl.String,
        "rows": pl.UInt64,
        "changing": pl.UInt64,
        "first": pl.UInt64,
    }
)
"""Training rows by `rule`, by `class`, and all (`asserted`, `asked`, `answered`); of a class, the
rows that name plans, prices or years; and the first row id."""


class FreshFacts(Struct, frozen=True):
    """Outputs that assert what ages, or what belongs to one customer.

    ## What it finds

    Training rows whose free-text output asserts a fact that changes (a price, a plan, a rate, who
    holds an office, what is in stock, opening hours, the latest version, today's date), and rows
    that state the record of one customer (a balance, an order that was shipped, a ticket number).

    ## Why it harms training

    A model repeats what it was tuned on long after it has changed, and cannot say where it is from.
    A record that sits in the weights is open to whoever asks. Such knowledge belongs to retrieval,
    records belong to a database behind the caller's rights.

    ## How it decides

    Every sentence of an output is held against patterns of *assertions*: a price with an amount, an
    office with a name. Single words such as "current" or "today" say nothing: none of 179 of them
    was such a fact in three data sets. A sentence is passed over when it calls a tool, fills a slot
    (`{order_id}`), declines, or is code; a row when its answer computes, when its prompt asks for
    fiction, or when the values stand in the input, as they do where a document is given. Labels are
    never judged: routing "what is my balance" to `balance` is right.

    - `fresh.asserted_rows` counts rows with a fact that ages, `fresh.asserted_share` is their share
      of rows with an output, `fresh.record_rows` counts rows with a customer's record.
    - `fresh.asked_rows` counts inputs that ask for what changes, with an answer that neither calls
      a tool nor is given in the input: a note, never a finding alone.
    - For labelled data, `fresh.changing_classes` counts classes of which more than a fifth of the
      rows name plans, prices or years: judge them as slices with `ftaudit compare`.

    ## Known limits

    English only. Names of persons and places that change are not known to be such.
    """

    id: ClassVar[str] = "fresh-facts"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    rules: ClassVar[tuple[Rule, ...]] = tuple(
        Rule(f"fresh.{name}", title, severity, _LOOK_UP if name == "record" else _RETRIEVE)
        for name, (title, severity) in TITLES.items()
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("fresh.asserted_rows", "training rows whose output asserts a fact that ages"),
        Metric(
            "fresh.asserted_share",
            "such rows, of those with an output",
            "ratio",
            sentence="{value} of training outputs assert a fact that ages",
        ),
        Metric("fresh.record_rows", "training rows whose output states a customer's record"),
        Metric("fresh.asked_rows", "training rows that ask for what changes, not grounded"),
        Metric(
            "fresh.changing_classes", "classes whose rules change with the catalogue", "classes"
        ),
    )
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(("Art. 10(2)(b)",), ("MAP 2.3",), ("currentness", "accuracy")),
        invariants=(
            RowsAmong("fresh.asserted_rows", (TRAIN,)),
            RowsAmong("fresh.record_rows", (TRAIN,)),
            RowsAmong("fresh.asked_rows", (TRAIN,)),
        ),
    )

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Skip data without outputs or labels."""
        check.parameters(cls, context.parameters)
        if not context.rows.get(TRAIN):
            return Skip("there is no training data")
        return cls()

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Find the assertions of a batch's training rows."""
        train = batch.filter(pl.col("split") == TRAIN)
        answered = train.filter(pl.col("output").is_not_null())
        found = pl.DataFrame(
            [
                {
                    "id": id_,
                    "split": TRAIN,
                    "file": file,
                    "row": row,
                    "rule": f"fresh.{rule}",
                    "start": start,
                    "end": end,
                }
                for id_, file, row, question, output in _candidates(answered).iter_rows()
                for rule, start, end in assertions(question or "", output[:SEARCHED])
            ],
            schema={
                "id": pl.UInt64,
                "split": pl.String,
                "file": pl.UInt32,
                "row": pl.UInt64,
                "rule": pl.String,
                "start": pl.UInt32,
                "end": pl.UInt32,
            },
        )
        counts = pl.concat(
            [*_rule_counts(found), _answered(answered), _asked(answered), _classes(train)]
        )
        return Mapped(counts, evidence(found, field="output"))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add the counts up, and keep the first row of each."""
        by = ("topic", "name")
        sums = (pl.sum("rows"), pl.sum("changing"), pl.min("first"))
        return partials.group_by(by).agg(sums).select(_PARTIALS.names())

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say how many rows teach what ages."""
        rows = {(t, n): r for t, n, r in totals.select("topic", "name", "rows").iter_rows()}
        asserted, records = rows.get(("asserted", ""), 0), rows.get(("records", ""), 0)
        answered, asked = rows.get(("answered", ""), 0), rows.get(("asked", ""), 0)
        classes = totals.filter(
            (pl.col("topic") == "class") & (pl.col("changing") > CLASS_SHARE * pl.col("rows"))
        ).height
        share = round(asserted / answered, 9) if answered else 0.0
        return Judgement(
            metrics={
                "fresh.asserted_rows": asserted,
                "fresh.asserted_share": share,
                "fresh.record_rows": records,
                "fresh.asked_rows": asked,
                "fresh.changing_classes": classes,
            },
            headline=_headline(asserted, records, share),
            notes=tuple(_notes(asked, classes)),
            examples=tuple(_examples(totals)),
            coverage={"fresh_facts_languages": ("en",)},
        )


def _candidates(answered: pl.DataFrame) -> pl.DataFrame:
    """Return `id`, `file`, `row`, `input` and `output` of rows whose output may assert something.

    At bounds of words the engine leaves its automaton on text beyond ASCII, and takes a hundred
    times as long: such text is searched without them first. Polars builds an automaton for no rows,
    too, which takes as long as searching thousands.
    """
    text = pl.col("output").str.head(SEARCHED)
    is_plain = text.str.len_bytes() == text.str.len_chars()
    rows = answered.select("id", "file", "row", "input", "output")
    if rows.is_empty():
        return rows
    others = rows.filter(~is_plain)
    if not others.is_empty():
        others = others.filter(text.str.contains(any_assertion(bounded=False)))
    asserting = pl.concat([rows.filter(is_plain), others]).filter(
        text.str.contains(any_assertion())
    )
    return asserting.sort("id")


def _counted(topic: str, names: pl.DataFrame) -> pl.DataFrame:
    """Count rows by `name`: columns `name`, `id` and, for classes, `changing`."""
    changing = pl.col("changing").sum() if "changing" in names.columns else pl.lit(0)
    return (
        names.group_by("name")
        .agg(rows=pl.len().cast(pl.UInt64), changing=changing.cast(pl.UInt64), first=pl.min("id"))
        .select(pl.lit(topic).alias("topic"), "name", "rows", "changing", "first")
    )


def _rule_counts(found: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield counts of distinct rows by rule, and of rows with facts and with records."""
    records = pl.col("rule") == "fresh.record"
    yield _counted("rule", found.select("id", name="rule").unique())
    for topic, kept in (("records", records), ("asserted", ~records)):
        yield _counted(topic, found.filter(kept).select("id", name=pl.lit("")).unique())


def _answered(answered: pl.DataFrame) -> pl.DataFrame:
    return _counted("answered", answered.select("id", name=pl.lit("")))


def _asked(answered: pl.DataFrame) -> pl.DataFrame:
    """Count rows that ask for what changes, whose answer calls no tool and is not in the input."""
    question, output = pl.col("input"), pl.col("output")
    asked = answered.filter(
        question.str.contains(_ASKED)
        & ~question.str.contains(_PAST)
        & question.str.contains(r"\?")
        & ~output.str.contains(TOOL_CALL)
        & (output.str.len_chars() > 0)
        & ~question.str.contains(output, literal=True)
    )
    return _counted("asked", asked.select("id", name=pl.lit("")))


def _classes(train: pl.DataFrame) -> pl.DataFrame:
    labelled = train.filter(pl.col("label").is_not_null())
    changing = pl.col("input").str.contains(CHANGING).fill_null(value=False)
    return _counted("class", labelled.select("id", name="label", changing=changing))


def _headline(asserted: int, records: int, share: float) -> str:
    if not asserted and not records:
        return "no output asserts what ages"
    return f"{asserted:,} outputs assert what ages ({share:.1%}); {records:,} state a record"


def _notes(asked: int, classes: int) -> Iterator[str]:
    yield "Facts that age are searched for in English only."
    if asked:
        yield f"{asked:,} inputs ask for what changes, and their answers come from the weights."
    if classes:
        yield (
            f"{classes:,} classes rest on plans, prices or years: keep the catalogue in the "
            "prompt, and judge these classes as slices with ftaudit compare."
        )


def _examples(totals: pl.DataFrame) -> Iterator[Example]:
    """Yield the first row of every rule."""
    rules = totals.filter(pl.col("topic") == "rule").sort("name")
    for rule, first in rules.select("name", "first").iter_rows():
        file, row = file_and_row(first)
        yield Example(rule, Location(TRAIN, file, row), field="output")


CHECK: Final[type[Check]] = FreshFacts
