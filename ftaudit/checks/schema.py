"""The check `schema`: every malformed record, with row, field and reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

import polars as pl

from ftaudit.model.check import Context, Judgement, Mapped, Relation, Skip, parameters
from ftaudit.model.column_copy import ColumnCopy
from ftaudit.model.dataset import SPLITS, TRAIN
from ftaudit.model.declaration import Declaration, RowsAmong, StandardTags
from ftaudit.model.examples import examples, first_of_each
from ftaudit.model.finding import Example, Location, Metric, Rule, Severity, counted, evidence
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.model.label_spelling import plain_label
from ftaudit.model.row_id import file_and_row, file_of, row_of
from ftaudit.model.text_digest import text_digests
from ftaudit.model.watched_parts import WatchedParts
from ftaudit.records.copies import strays
from ftaudit.records.defect import CONTROL, MOJIBAKE, REPLACEMENT
from ftaudit.records.evidence import TEXT_SHARE, is_text
from ftaudit.records.problem import MALFORMED, RULES

_TEXT_RULES: Final = (
    ("control_characters", CONTROL, "has control characters"),
    ("mojibake", MOJIBAKE, "has UTF-8 that was read in another encoding"),
    ("replacement_character", REPLACEMENT, "has characters that were lost (U+FFFD)"),
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
        "Two labels differ only in case, spaces or Unicode form",
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


@dataclass(frozen=True)
class Schema:
    """Records that are malformed, and text and labels that went wrong on the way.

    ## What it finds

    - What the record format does not allow: missing or blank inputs, outputs and labels; turns
      without role or content; unknown roles; content that is not text; turns in the wrong
      order; a last turn that is not the assistant's; system turns that are not first; weights
      other than 0 and 1; tool calls without id, name or JSON arguments, and results that answer
      no call; `tools` beside `functions`; preference pairs without a preference; KTO labels
      that are not true or false; times that cannot be read.
    - Ids that occur twice in one split.
    - Labels that differ only in case, spaces or Unicode form (`Pricing`, `pricing `).
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

    Every rule is exact. `schema.invalid_rows` counts the rows with at least one problem of
    severity medium or high, and the second and later rows of every id; each row once. Label
    variants are a property of the set of labels and do not count there. A holdout row without
    label or output is `schema.unanswered_holdout`, low: it spoils no training. Ids are compared
    within a split by 128-bit hashes; equal ids in training and holdout are common and fine.

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
    version: ClassVar[int] = 3
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
        findings = pl.concat(
            [_problems(batch), _texts(batch), *self._long(batch)], how="vertical"
        ).sort("id", "field", "rule", "start", "detail", maintain_order=True)
        bad = findings.filter(pl.col("rule").is_in(sorted(MALFORMED)))["id"].unique()
        partials = [
            _row_counts(batch, bad),
            _rule_counts(findings),
            _first_examples(findings),
            _keys(batch, bad),
            _labels(batch),
            _values(batch, self._watched),
            _strays(batch, self._copies),
        ]
        return Mapped(self.combine(pl.concat(partials)), evidence(findings))

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
    def settle(partials: pl.DataFrame) -> pl.DataFrame:
        """Keep the ids that occur twice."""
        return partials.filter(pl.len().over("split", "high", "low") > 1)

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Count invalid rows, repeated ids and label variants."""
        counts = totals.filter(pl.col("topic") == "rows")
        rows, invalid = (
            int(counts.filter(pl.col("rule") == r)["rows"].sum()) for r in ("all", "invalid")
        )
        repeated = _repeated(totals)
        variants = _variants(totals)
        invalid += int(repeated["clean"].sum())
        by_rule = totals.filter(pl.col("topic") == "found")
        number = dict(zip(by_rule["rule"], by_rule["rows"], strict=True))
        own_text = totals.filter(pl.col("topic") == "copy").sort("rule")
        unread = (*self._unread, *_turned_out_text(totals), *own_text["rule"])
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
                _repeats(repeated),
                _variant_findings(variants, self._splits),
                _unread_findings(unread, self._splits),
            ]
        )
        worst = first_of_each(findings, "rule", ["rule", "file", "row", "field"])
        return Judgement(
            metrics,
            _headline(metrics, _others(number)),
            notes=(
                *self._notes(counts),
                *_unread_notes(unread),
                *_stray_notes(own_text),
                *self._file_notes(),
            ),
            examples=(
                *_examples(totals),
                *examples(worst, related_split=self._splits),
            ),
            findings=findings.sort("file", "row", "rule", "field"),
            coverage={"columns_not_read": tuple(dict.fromkeys((*self._not_read, *unread)))},
        )

    def _long(self, batch: pl.DataFrame) -> list[pl.DataFrame]:
        if not self.maximum_characters:
            return []
        # bytes bound characters from above and cost nothing to count
        long = batch.filter(pl.col("text").str.len_bytes() > self.maximum_characters)
        length = pl.col("text").str.len_chars()
        long = long.filter(length > self.maximum_characters)
        detail = pl.format("{} characters, maximum " + str(self.maximum_characters), length)
        return [_found(long, pl.lit("schema.over_long"), pl.lit(""), detail)]

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


_FOUND: Final = ("id", "split", "file", "row", "rule", "field", "start", "end", "detail")


def _found(
    rows: pl.DataFrame,
    rule: pl.Expr,
    field: pl.Expr,
    detail: pl.Expr,
    start: pl.Expr | None = None,
) -> pl.DataFrame:
    begin = pl.lit(None, pl.UInt32) if start is None else start.cast(pl.UInt32)
    return rows.select(
        "id",
        "split",
        "file",
        "row",
        rule=rule,
        field=field,
        start=begin,
        end=begin + 1,
        detail=detail,
    ).select(_FOUND)


def _problems(batch: pl.DataFrame) -> pl.DataFrame:
    """Return what the record format found malformed."""
    rows = batch.select("id", "split", "file", "row", "problems").filter(
        pl.col("problems").list.len() > 0
    )
    problems = rows.explode("problems", empty_as_null=False, keep_nulls=False).unnest("problems")
    return _found(problems, pl.col("rule"), pl.col("field"), pl.col("detail"))


def _texts(batch: pl.DataFrame) -> pl.DataFrame:
    """Return the fields with control characters, mojibake or lost characters: the first of each."""
    fields = (
        batch.select("id", "split", "file", "row", "fields")
        .explode("fields", empty_as_null=False, keep_nulls=False)
        .unnest("fields")
    )
    # one pass over all text; most of it has nothing beyond plain characters
    odd = fields.filter(pl.col("text").str.contains(r"[^\t\n\r -~]"))
    findings = [
        _found(hits, pl.lit(f"schema.{name}"), pl.col("path"), pl.lit(detail), _offset(pattern))
        for name, pattern, detail in _TEXT_RULES
        for hits in [odd.filter(pl.col("text").str.contains(pattern))]
    ]
    return pl.concat(findings)


def _offset(pattern: str) -> pl.Expr:
    """Return the character at which the first match begins."""
    head = pl.col("text").cast(pl.Binary).bin.slice(0, pl.col("text").str.find(pattern))
    return head.cast(pl.String).str.len_chars()


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, t).alias(n) for n, t in _PARTIALS.items() if n not in frame.columns]
    return frame.with_columns(missing).select(pl.col(n).cast(t) for n, t in _PARTIALS.items())


def _row_counts(batch: pl.DataFrame, bad: pl.Series) -> pl.DataFrame:
    rows = batch.group_by("split").agg(
        all=pl.len(), invalid=pl.col("id").is_in(bad.implode()).sum()
    )
    counts = rows.unpivot(index="split", variable_name="rule", value_name="rows")
    return _shaped(counts.with_columns(topic=pl.lit("rows")))


def _rule_counts(findings: pl.DataFrame) -> pl.DataFrame:
    counts = findings.group_by("rule").agg(rows=pl.len(), first=pl.min("id"))
    return _shaped(counts.with_columns(topic=pl.lit("found")))


def _first_examples(findings: pl.DataFrame) -> pl.DataFrame:
    first = findings.group_by("rule", maintain_order=True).head(3)
    examples = first.select("rule", "split", "field", "detail", first="id", topic=pl.lit("example"))
    return _shaped(examples)


def _keys(batch: pl.DataFrame, bad: pl.Series) -> pl.DataFrame:
    keyed = batch.filter(pl.col("key").is_not_null())
    high, low = text_digests(keyed["key"])
    return _shaped(
        keyed.select(
            "split",
            topic=pl.lit("key"),
            high=high,
            low=low,
            first="id",
            clean=~pl.col("id").is_in(bad.implode()),
        )
    )


def _labels(batch: pl.DataFrame) -> pl.DataFrame:
    labels = (
        batch.filter(pl.col("label").is_not_null())
        .group_by("label")
        .agg(rows=pl.len(), first=pl.min("id"))
    )
    high, low = text_digests(labels["label"])
    group, _ = text_digests(labels.select(plain_label(pl.col("label"))).to_series())
    return _shaped(
        labels.select("rows", "first", topic=pl.lit("label"), high=high, low=low, group=group)
    )


def _values(batch: pl.DataFrame, watched: WatchedParts) -> pl.DataFrame:
    """Count the values of what is taken for metadata, and how many of them are text.

    What the record's own text holds is not counted as text.
    """
    if not watched.columns and not watched.nested:
        return _PARTIALS.to_frame()
    values = (
        batch.select("id", "fields", record="text")
        .explode("fields", empty_as_null=False, keep_nulls=False)
        .unnest("fields")
    )
    names = watched.names(values["path"].unique())
    named = pl.DataFrame(
        {"path": list(names), "rule": list(names.values())},
        schema={"path": pl.String, "rule": pl.String},
    )
    values = values.join(named, on="path", maintain_order="left")
    copied = pl.col("record").str.contains(pl.col("text").str.strip_chars(), literal=True)
    unread = is_text("text") & ~copied.fill_null(value=False)
    counts = values.group_by("rule").agg(all=pl.len(), text=unread.sum(), first=pl.min("id"))
    kinds = [
        counts.select("rule", "first", split=pl.lit(kind), rows=kind, topic=pl.lit("text"))
        for kind in ("all", "text")
    ]
    return _shaped(pl.concat(kinds))


def _strays(batch: pl.DataFrame, copies: Mapping[str, ColumnCopy]) -> pl.DataFrame:
    """Count the rows in which columns that are taken for copies hold text of their own."""
    counts = pl.DataFrame(
        list(strays(batch, copies)) if copies else [],
        schema={"rule": pl.String, "rows": pl.UInt64, "first": pl.UInt64},
        orient="row",
    )
    return _shaped(counts.with_columns(topic=pl.lit("copy"), split=pl.lit("all")))


def _stray_notes(own_text: pl.DataFrame) -> Iterator[str]:
    for column, rows in own_text.select("rule", "rows").iter_rows():
        yield (
            f"{column} repeats other columns in the first rows, and holds text of its own in "
            f"{counted(rows, 'row')}."
        )


def _turned_out_text(totals: pl.DataFrame) -> list[str]:
    """Return the columns taken for metadata of whose values enough are text."""
    counts = totals.filter(pl.col("topic") == "text")
    texts = counts.filter(pl.col("split") == "text").select("rule", text="rows")
    values = counts.filter(pl.col("split") == "all").select("rule", all="rows")
    both = texts.join(values, on="rule").filter(pl.col("text") > 0)
    return sorted(both.filter(pl.col("text") >= TEXT_SHARE * pl.col("all"))["rule"])


def _unread_findings(columns: Sequence[str], splits: Sequence[str]) -> pl.DataFrame:
    """Name every column on the first row of the data: it is about all of them."""
    return evidence(
        pl.DataFrame({"field": list(columns)}, schema={"field": pl.String}),
        rule="schema.unread_column",
        split=splits[0] if splits else TRAIN,
        file=0,
        row=0,
        detail="holds text that no role claims",
    )


def _named(names: Sequence[str], most: int = 12) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _unread_notes(columns: Sequence[str]) -> Iterator[str]:
    if columns:
        options = "--context-column, --title-column or another role"
        named = ", ".join(columns)
        yield f"Not read: {named}. Name the role of each with {options}, or --ignore-column."


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


def _repeated(totals: pl.DataFrame) -> pl.DataFrame:
    """Return every row whose id an earlier row of its split has, with that row (`original`)."""
    by = ["split", "high", "low"]
    keys = totals.lazy().filter(pl.col("topic") == "key").select(*by, "first", "clean").collect()
    # few ids repeat: one half of the hash leaves few rows to sort and to group
    candidates = keys.filter(pl.col("low").is_duplicated()).sort("first")
    return (
        candidates.with_columns(original=pl.col("first").min().over(by))
        .filter(pl.col("first") != pl.col("original"))
        .select("split", "clean", "original", id="first")
    )


def _variants(totals: pl.DataFrame) -> pl.DataFrame:
    """Return every spelling of a label but the most frequent one, with the first row of each."""
    labels = totals.filter(pl.col("topic") == "label").sort(
        "group", "rows", "first", descending=[False, True, False]
    )
    usual = labels.with_columns(
        place=pl.int_range(pl.len()).over("group"), original=pl.col("first").first().over("group")
    )
    return usual.filter(pl.col("place") > 0).select("rows", "original", id="first")


def _repeats(repeated: pl.DataFrame) -> pl.DataFrame:
    return evidence(
        repeated,
        rule="schema.duplicate_id",
        file=file_of("id"),
        row=row_of("id"),
        related_file=file_of("original"),
        related_row=row_of("original"),
        detail="has the id of an earlier row",
    )


def _variant_findings(variants: pl.DataFrame, splits: Sequence[str]) -> pl.DataFrame:
    names = dict(enumerate(splits))
    files = file_of("id").cast(pl.Int64)
    split = files.replace_strict(names, default=TRAIN, return_dtype=pl.String)
    return evidence(
        variants,
        rule="schema.label_variant",
        split=split,
        file=file_of("id"),
        row=row_of("id"),
        related_file=file_of("original"),
        related_row=row_of("original"),
        field="label",
        detail=pl.format("first of {} rows with this spelling", pl.col("rows")),
    )


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
