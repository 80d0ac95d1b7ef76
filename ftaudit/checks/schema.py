"""The check `schema`: every malformed record, with row, field and reason."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

import polars as pl
from msgspec import Struct, field

from ftaudit.model.check import Context, Judgement, Mapped, Relation, Skip, parameters
from ftaudit.model.column_copy import ColumnCopy
from ftaudit.model.dataset import SPLITS, TRAIN
from ftaudit.model.declaration import Declaration, RowsAmong, StandardTags
from ftaudit.model.examples import examples, first_of_each
from ftaudit.model.finding import Example, Location, Metric, Rule, Severity, counted, evidence
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.model.row_id import file_and_row
from ftaudit.model.watched_parts import WatchedParts
from ftaudit.records.label_variants import label_variants, spelled_labels, variant_findings
from ftaudit.records.problem import MALFORMED, RULES
from ftaudit.records.repeated_ids import hashed_ids, repeat_findings, repeated_ids
from ftaudit.records.row_findings import row_findings
from ftaudit.records.unread_text import (
    own_text_counts,
    own_text_notes,
    text_counts,
    turned_out_text,
    unread_findings,
    unread_notes,
)

_OWN: Final = (
    Rule(
        "schema.duplicate_id",
        "Two rows of a split have the same id",
        Severity.MEDIUM,
        "Give every record an id of its own, or remove the copy.",
        Fix("drop-malformed", FixTarget.ROW),
    ),
    Rule(
        "schema.label_variant",
        "Two labels are one class in two spellings",
        Severity.MEDIUM,
        "Write the class in one way everywhere.",
        Fix("repair-text", FixTarget.SPELLING),
        of_data=True,
    ),
    Rule(
        "schema.control_characters",
        "Text has control characters",
        Severity.LOW,
        "Remove them: tokenizers give them tokens of their own.",
        Fix("repair-text", FixTarget.CELL),
    ),
    Rule(
        "schema.mojibake",
        "Text was decoded with the wrong encoding",
        Severity.LOW,
        "Read the source as UTF-8 and export the data again.",
        Fix("repair-text", FixTarget.CELL),
    ),
    Rule(
        "schema.replacement_character",
        "Text has lost characters (U+FFFD)",
        Severity.LOW,
        "Export the data again from its source.",
    ),
    Rule(
        "schema.over_long",
        "A record is longer than trainers take",
        Severity.INFO,
        "Shorten or divide it: what is beyond the context length is cut off.",
    ),
    Rule(
        "schema.unread_column",
        "A column, or a part of one, holds text, and no role claims it",
        Severity.HIGH,
        "Name its role (--input-column, --output-column, --label-column, --context-column, "
        "--title-column, --choices-column), or say --ignore-column.",
        of_data=True,
    ),
)

_PARTIALS: Final = pl.Schema(
    {
        "topic": pl.String,
        "rule": pl.String,
        "split": pl.String,
        "high": pl.UInt64,
        "low": pl.UInt64,
        "group": pl.UInt64,
        "rows": pl.UInt64,
        "first": pl.UInt64,
        "field": pl.String,
        "detail": pl.String,
        "clean": pl.Boolean,
    }
)
"""`copy`: rows in which a column taken for a copy has text of its own. `rows`: rows and invalid
rows of a split. `found`: findings of a rule. `example`: one of the
first findings of a rule. `text`: of a column taken for metadata, its values and how many are
text (`high`). `key`: one row's id, by a 128-bit hash, and whether the row is
otherwise valid. `label`: a spelling of a label by hash, under the hash of its plain form."""

_OPENAI_MINIMUM: Final = 10
"""Fewest examples OpenAI's fine-tuning takes (platform.openai.com, supervised fine-tuning)."""


class Schema(Struct, frozen=True):
    """Records that are malformed, and text and labels that went wrong on the way.

    ## What it finds

    - What the record format does not allow: missing or blank inputs, outputs and labels; turns
      without role or content; unknown roles; content that is not text; turns in the wrong
      order; a last turn that is not the assistant's; system turns that are not first; weights
      other than 0 and 1; tool calls without id, name or JSON arguments, and results that answer
      no call; `tools` beside `functions`; preference pairs without a preference; KTO labels
      that are not true or false; times that cannot be read.
    - Ids that occur twice in one split.
    - Labels that are one class in several spellings (`Pricing`, `pricing `; `in_stock`,
      `In stock`).
    - Control characters (all but line feed, carriage return and tab), UTF-8 that was decoded
      as Latin-1 or Windows-1252 (`Ã©`, `â€™`), and U+FFFD.
    - Records longer than `maximum_characters`.
    - Columns, and parts of columns (`meta.note`, `messages[].note`), that hold text which no role
      claims, so that no check compared it with anything: the console, the report and
      `coverage.columns_not_read` name them.

    ## Why it harms training

    Trainers reject a file for one malformed record, or worse, skip it or train on a broken
    template without saying so. A class in two spellings is two classes. Mojibake and control
    characters are learned and produced again.

    ## How it decides

    Every rule is exact. `schema.invalid_rows` counts the rows with at least one problem of severity
    medium or high, and the second and later rows of every id; each row once. Label variants are a
    property of the set of labels and do not count there. Two labels are one class if they differ in
    Unicode form, case, quotation marks around them or stops after them; in apostrophes between
    letters; in white space, `_` or `-` between letters, not between digits; as numbers (`1`, `1.0`;
    `1e3`, `1,000`; `1.000,50`, `1000.5`; `50 %`, `0.5`), words for true and false (`yes`, `True`,
    `1`), or `N/A` and `NA` do; or in the order of several labels, between `,`, `;` or `|` or as a
    JSON list (between `/`, `&` and `+` where all are words of three letters or more; lists of zeros
    and ones
    and of fractions have an order). Other words (singular and plural) are other classes. All
    checks and remedies that compare labels go by this rule. A holdout row without label or output
    is `schema.unanswered_holdout`, low: it spoils no training. Ids are compared within a split by
    128-bit hashes; equal ids in training and holdout are common and fine.

    A column without a role is text when at least one value in ten has four words or more; a few
    values that many rows share are names of classes. Columns that looked like numbers or ids in
    the first rows are judged again over all rows. A part of a list or an object is read where its
    values stand in the canonical record, in half of the rows that have it or more; what it is
    read as stands under `coverage.columns_beside`. `schema.unread_columns` counts columns and
    parts that hold text; what the user does not use (`--ignore-column meta.note`) does not count.

    ## Parameters

    - `maximum_characters`: length of a record's text from which it is reported as over-long;
      200,000 characters are about 50,000 tokens of English. 0 turns it off.

    ## Known false positives

    Conversations that open with the assistant, or where one party speaks twice, are reported
    (`schema.role_order`) though some templates take them. `schema.no_words` reports inputs of
    symbols or emoji only. Text about encodings may hold mojibake on purpose.

    ## References

    OpenAI, Together, Fireworks, Mistral and Bedrock fine-tuning guides; TRL dataset formats;
    UAX #15 and #44; ftfy's heuristics for mojibake.
    """

    id: ClassVar[str] = "schema"
    version: ClassVar[int] = 8
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(
            ("Art. 10(2)(c)", "Art. 10(3)"), ("MAP 2.3",), ("accuracy", "completeness")
        ),
        invariants=(RowsAmong("schema.invalid_rows", SPLITS),),
    )
    rules: ClassVar[tuple[Rule, ...]] = (*RULES, *_OWN)
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("schema.rows", "rows read, all splits"),
        Metric("schema.invalid_rows", "rows with a problem of severity medium or high"),
        Metric(
            "schema.duplicate_ids",
            "rows whose id an earlier row of the split has",
            sentence="{value} rows whose id an earlier row has",
        ),
        Metric(
            "schema.label_variants",
            "spellings of labels beyond the first",
            "labels",
            sentence="{value} spellings of a label beyond its first",
        ),
        Metric("schema.control_characters", "fields with control characters", "findings"),
        Metric("schema.mojibake", "fields decoded with the wrong encoding", "findings"),
        Metric("schema.replacement_characters", "fields with U+FFFD", "findings"),
        Metric("schema.over_long", "rows longer than the maximum"),
        Metric("schema.unread_columns", "columns of text that no role claims", "columns"),
        Metric("schema.missing_files", "shards that the names of others say there are", "files"),
        Metric("schema.unreadable_rows", "records that cannot be read (`--keep-going`)"),
    )

    maximum_characters: int = 200_000
    _format: str = ""
    _splits: tuple[str, ...] = ()
    _unread: tuple[str, ...] = ()
    _not_read: tuple[str, ...] = ()
    _watched: WatchedParts = field(default_factory=WatchedParts)
    _copies: Mapping[str, ColumnCopy] = field(default_factory=dict)
    _left_out: tuple[str, ...] = ()
    _missing: tuple[str, ...] = ()
    _broken: tuple[str, ...] = ()
    _rows: int = 0

    @classmethod
    def prepare(cls, context: Context) -> "Schema | Skip":
        """Check any data."""
        values = parameters(cls, context.parameters)
        splits = tuple(file.split for file in context.files)
        return cls(
            **values,  # type: ignore[arg-type] # checked
            _format=context.format,
            _splits=splits,
            _unread=context.unread,
            _not_read=context.not_read,
            _watched=context.watched,
            _copies=context.copies,
            _left_out=context.left_out,
            _missing=context.missing_files,
            _broken=context.broken,
            _rows=sum(context.rows.values()),
        )

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Find what one row shows, and hash its id and label for what several show."""
        findings = row_findings(batch, self.maximum_characters)
        bad = findings.filter(pl.col("rule").is_in(sorted(MALFORMED)))["id"].unique()
        partials = [
            _row_counts(batch, bad),
            _rule_counts(findings),
            _first_examples(findings),
            hashed_ids(batch, bad),
            spelled_labels(batch),
            text_counts(batch, self._watched),
            own_text_counts(batch, self._copies),
        ]
        return Mapped(self.combine(pl.concat(map(_shaped, partials))), evidence(findings))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add counts up; keep the first examples of each rule; keep every id's hash."""
        topic = pl.col("topic")
        by = ["topic", "rule", "split", "high", "low", "group"]
        summed = partials.filter(topic.is_in(["rows", "found", "label", "text", "copy"]))
        counts = summed.group_by(by).agg(pl.sum("rows"), pl.min("first"))
        first = first_of_each(
            partials.filter(topic == "example"), "rule", ["rule", "first", "field", "detail"]
        )
        keys = partials.filter(topic == "key")
        parts = [f for f in (counts, first, keys) if f.height]
        if not parts:
            return _PARTIALS.to_frame()
        return pl.concat([_shaped(f) for f in parts])

    @staticmethod
    def keys(partials: pl.DataFrame) -> pl.Series:
        """Return half of the hash of an id, of the partials that are of ids."""
        is_id = pl.when(pl.col("topic") == "key")
        return partials.select(is_id.then(pl.col("low"))).to_series()

    @staticmethod
    def settle(partials: pl.DataFrame, _: pl.DataFrame, /) -> pl.DataFrame:
        """Keep the ids that occur twice."""
        return partials.filter(pl.len().over("split", "high", "low") > 1)

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Count invalid rows, repeated ids and label variants."""
        counts = totals.filter(pl.col("topic") == "rows")
        rows, invalid = (
            int(counts.filter(pl.col("rule") == r)["rows"].sum()) for r in ("all", "invalid")
        )
        repeated = repeated_ids(totals)
        variants = label_variants(totals)
        invalid += int(repeated["clean"].sum())
        by_rule = totals.filter(pl.col("topic") == "found")
        number = dict(zip(by_rule["rule"], by_rule["rows"], strict=True))
        own_text = totals.filter(pl.col("topic") == "copy").sort("rule")
        unread = (*self._unread, *turned_out_text(totals), *own_text["rule"])
        metrics = {
            "schema.rows": rows,
            "schema.invalid_rows": invalid,
            "schema.duplicate_ids": repeated.height,
            "schema.label_variants": variants.height,
            "schema.control_characters": int(number.get("schema.control_characters", 0)),
            "schema.mojibake": int(number.get("schema.mojibake", 0)),
            "schema.replacement_characters": int(number.get("schema.replacement_character", 0)),
            "schema.over_long": int(number.get("schema.over_long", 0)),
            "schema.unread_columns": len(unread),
            "schema.missing_files": len(self._missing),
            "schema.unreadable_rows": self._rows - rows if self._broken else 0,
        }
        findings = pl.concat(
            [
                repeat_findings(repeated),
                variant_findings(variants, self._splits),
                unread_findings(unread, self._splits),
            ]
        )
        worst = first_of_each(findings, "rule", ["rule", "file", "row", "field"])
        return Judgement(
            metrics,
            _headline(metrics, _others(number)),
            notes=(
                *self._notes(counts),
                *unread_notes(unread),
                *own_text_notes(own_text),
                *self._file_notes(),
            ),
            examples=(
                *_examples(totals),
                *examples(worst, related_split=self._splits),
            ),
            findings=findings.sort("file", "row", "rule", "field"),
            coverage={"columns_not_read": tuple(dict.fromkeys((*self._not_read, *unread)))},
        )

    def _file_notes(self) -> Iterator[str]:
        yield from (f"Left out by --keep-going: {faults}." for faults in self._broken)
        if self._missing:
            yield f"Shards that are not there: {_named(self._missing)}."
        if self._left_out:
            yield f"Beside the data, and not read as data: {_named(self._left_out)}."

    def _notes(self, counts: pl.DataFrame) -> tuple[str, ...]:
        train = counts.filter((pl.col("rule") == "all") & (pl.col("split") == TRAIN))
        examples = int(train["rows"].sum())
        if self._format in {"chat", "dpo"} and examples < _OPENAI_MINIMUM:
            return (
                f"OpenAI needs at least {_OPENAI_MINIMUM} training examples; here: {examples}.",
            )
        return ()


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    own = frozenset(frame.columns)
    return frame.select(
        (pl.col(name) if name in own else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in _PARTIALS.items()
    )


def _row_counts(batch: pl.DataFrame, bad: pl.Series) -> pl.DataFrame:
    rows = batch.group_by("split").agg(
        all=pl.len(), invalid=pl.col("id").is_in(bad.implode()).sum()
    )
    counts = rows.unpivot(index="split", variable_name="rule", value_name="rows")
    return counts.with_columns(topic=pl.lit("rows"))


def _rule_counts(findings: pl.DataFrame) -> pl.DataFrame:
    counts = findings.group_by("rule").agg(rows=pl.len(), first=pl.min("id"))
    return counts.with_columns(topic=pl.lit("found"))


def _first_examples(findings: pl.DataFrame) -> pl.DataFrame:
    first = findings.group_by("rule", maintain_order=True).head(3)
    return first.select("rule", "split", "field", "detail", first="id", topic=pl.lit("example"))


def _named(names: Sequence[str], most: int = 12) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _others(findings: Mapping[str, int]) -> int:
    """Count the findings that make no row invalid and that no other number says."""
    own = {*MALFORMED, "schema.mojibake", "schema.replacement_character"}
    return sum(int(rows) for rule, rows in findings.items() if rule not in own)


def _headline(metrics: Mapping[str, int], others: int) -> str:
    """Say the worst there is; rows are well-formed where there is nothing to say.

    Args:
        metrics: those of the check.
        others: findings that make no row invalid.
    """
    invalid, rows = metrics["schema.invalid_rows"], metrics["schema.rows"]
    parts = []
    if unreadable := metrics["schema.unreadable_rows"]:
        parts.append(f"{counted(unreadable, 'record')} cannot be read")
    if unread := metrics["schema.unread_columns"]:
        parts.append(f"{counted(unread, 'text column')} not read")
    if missing := metrics["schema.missing_files"]:
        parts.append(f"{counted(missing, 'shard')} missing")
    if invalid:
        parts.append(f"{counted(invalid, 'invalid row')} ({invalid / rows:.1%})")
    if variants := metrics["schema.label_variants"]:
        parts.append(counted(variants, "label in another spelling", "labels in other spellings"))
    lost = metrics["schema.mojibake"] + metrics["schema.replacement_characters"]
    if lost:
        parts.append(f"{counted(lost, 'field')} with broken characters")
    if others and not parts:
        parts.append(counted(others, "finding of low severity", "findings of low severity"))
    return "; ".join(parts) or "every row is well-formed"


def _examples(totals: pl.DataFrame) -> tuple[Example, ...]:
    rank = {rule.id: place for place, rule in enumerate((*RULES, *_OWN))}
    rows = totals.filter(pl.col("topic") == "example").sort("rule", "first", "field")
    examples = [
        Example(
            r["rule"],
            Location(r["split"], *file_and_row(r["first"])),
            field=r["field"],
            detail=r["detail"],
        )
        for r in rows.iter_rows(named=True)
    ]
    return tuple(sorted(examples, key=lambda e: (rank.get(e.rule, len(rank)), e.where.file)))


CHECK: Final = Schema
