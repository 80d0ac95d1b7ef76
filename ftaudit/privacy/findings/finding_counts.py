"""Count findings in partials that fold together, for `pii`, `secrets` and `markings`.

Partials are long: one row per (kind, split, entity, name, digest) with a count, and a few rows per
entity that are worth showing. They hold ids, counts, masked shapes and keyed digests, no text of
the data but field paths and source ids.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias
from weakref import ref

import polars as pl

from ftaudit.model.check import Mapped
from ftaudit.model.examples import examples, first_of_each
from ftaudit.model.finding import Example, evidence
from ftaudit.privacy.findings.field_labels import labels
from ftaudit.privacy.findings.identifying import identifying
from ftaudit.privacy.findings.languages import language_counts
from ftaudit.privacy.findings.mask import detail, mask_path
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.findings.stand_ins import is_stand_in
from ftaudit.privacy.findings.text_tables import KeyedValue, are_objects, keyed_values
from ftaudit.privacy.findings.value_digest import digest

PARTIALS: Final = pl.Schema(
    {
        "kind": pl.String,
        "split": pl.String,
        "entity": pl.String,
        "name": pl.String,
        "digest": pl.Binary,
        "count": pl.UInt64,
        "id": pl.UInt64,
        "file": pl.UInt32,
        "row": pl.UInt64,
        "field": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "score": pl.Float64,
        "detail": pl.String,
    }
)
"""`kind` says what a row counts:

- `seen`: rows; `rows`: rows with a finding; `marked`: rows with a finding that identifies;
- `findings`: findings of an entity in a split; `strong`: those with a score of `STRONG` or more;
- `stand_in`: findings of an entity that are documented stand-ins;
- `language`: rows by language (`name`), of those looked at;
- `cells`: values of a field (`name`) whose path names what it holds; `fitting`: those of them with
  a finding of an entity;
- `path`, `source`: findings of an entity by field path (`name`) or by `source_id`;
- `value`: one distinct value, by digest; `values`: how many of them an entity has besides;
- `example`: one finding, with its place."""

STRONG: Final = 0.9
MOST_VALUES: Final = 100_000
"""Distinct values of one entity that are told apart; beyond, the count says "at least"."""
MOST_NAMES: Final = 1_000
"""Paths, or sources, of one entity that are told apart."""
EXAMPLES: Final = 3
"""Examples per entity."""

_COUNTED: Final = ["kind", "split", "entity", "name", "digest"]
_PLACED: Final = ["id", "file", "row", "field", "start", "end", "score", "detail"]
_INDEX: Final = r"\[\d+\]"

HITS: Final = pl.Schema(
    {
        "at": pl.UInt32,
        "field": pl.String,
        "entity": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "score": pl.Float64,
        "detail": pl.String,
        "digest": pl.Binary,
        "identifying": pl.Boolean,
        "stand_in": pl.Boolean,
        "named": pl.String,
    }
)
"""Findings of one batch: `at` is the row's index in the batch; `named` is the path of the field,
or of the key within it, that names what it holds; null when none does."""

TextSpans: TypeAlias = Iterator[tuple[int, list[Span]]]
"""(position, resolved spans) of the texts with any, by ascending position."""
SpanSearch: TypeAlias = Callable[[pl.Series, pl.Series], TextSpans]
"""Searches texts, each with the label of its field, which is empty for most (`field_labels`)."""
Identifies: TypeAlias = Callable[[str, Sequence[Span]], Sequence[bool]]
"""Says of the spans of a text which identify a person."""


class Strings(NamedTuple):
    """Every string of a batch, with the index of its row, its path and its field's label."""

    at: pl.Series
    path: pl.Series
    text: pl.Series
    label: pl.Series
    distinct: tuple[pl.Series, pl.Series]
    """Texts and labels, each pair once: labels and system prompts recur in most rows."""


def strings(batch: pl.DataFrame) -> Strings:
    """Take the strings out of the `fields` of canonical rows, in order; empty ones are left out.

    Those of the last batch are kept as long as it is: several checks search one batch in turn.
    """
    for last, taken in _LAST:
        if last() is batch:
            return taken
    taken = _strings(batch)
    _LAST[:] = [(ref(batch, lambda _: _LAST.clear()), taken)]
    return taken


_LAST: Final[list[tuple[ref[pl.DataFrame], Strings]]] = []
"""The last batch and its strings; empty once the batch is gone."""


def _strings(batch: pl.DataFrame) -> Strings:
    flat = (
        batch.lazy()
        .select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("at"), "fields")
        .explode("fields")
        .select("at", pl.col("fields").struct.field("path"), pl.col("fields").struct.field("text"))
        .filter(pl.col("text").str.len_bytes() > 0)
        .collect()
    )
    at, path, text = flat["at"], flat["path"].fill_null(""), flat["text"]
    label = labels(at, path, text)
    return Strings(at, path, text, label, _distinct(text, label))


def _distinct(text: pl.Series, label: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return every pair of text and label once, in order of appearance."""
    if (label == "").all():  # as of most: texts alone are told apart in a quarter of the time
        texts = text.unique(maintain_order=True)
        return texts, pl.repeat("", len(texts), dtype=pl.String, eager=True)
    pairs = pl.DataFrame({"text": text, "label": label}).unique(maintain_order=True)
    return pairs["text"], pairs["label"]


def _everything(text: str, spans: Sequence[Span]) -> Sequence[bool]:  # noqa: ARG001 - see `Identifies`
    return [True] * len(spans)


def count_findings(
    batch: pl.DataFrame,
    search: SpanSearch,
    *,
    topic: str,
    key: bytes,
    personal: bool = False,
) -> Mapped:
    """Search every string of a batch of canonical rows and count what is found.

    Args:
        batch: canonical rows.
        search: what finds spans.
        topic: the first word of the rules: a finding's rule is `<topic>.<entity>`.
        key: key of the digests by which distinct values are counted.
        personal: whether findings are personal data: only what identifies a person makes a row
            `marked`, and rows are counted by language.
    """
    searched = strings(batch)
    hits = _hits(searched, search, key, identifying if personal else _everything)
    places = batch.select("id", "split", "file", "row", "source_id")
    findings = pl.concat([hits.drop("at"), places[hits["at"].to_list()]], how="horizontal")
    counts = [_seen(batch), _cells(searched), *(_counts(findings) if len(findings) else ())]
    if personal:
        counts.append(language_counts(batch).with_columns(kind=pl.lit("language")))
    partials = pl.concat(counts, how="diagonal")
    rule = pl.format(f"{topic}.{{}}", "entity")
    return Mapped(combine(_shaped(partials)), evidence(findings, rule=rule))


def combine(partials: pl.DataFrame) -> pl.DataFrame:
    """Fold partials together: sum the counts, keep the least digests, names and best examples."""
    counted = (
        partials.filter(pl.col("kind") != "example")
        .group_by(_COUNTED)
        .agg(pl.sum("count"), *(pl.lit(None, PARTIALS[c]).alias(c) for c in _PLACED))
        .sort(_COUNTED, nulls_last=True)
    )
    place = pl.int_range(pl.len()).over("kind", "entity")
    kept = (
        pl.when(pl.col("kind") == "value")
        .then(place <= MOST_VALUES)
        .when(pl.col("kind").is_in(["path", "source", "cells", "fitting"]))
        .then(place <= MOST_NAMES)
        .otherwise(statement=True)
    )
    shown = partials.filter(pl.col("kind") == "example")
    if shown.is_empty():
        return _shaped(counted.filter(kept))
    best = first_of_each(
        shown,
        "entity",
        ["entity", "score", "id", "field", "start"],
        descending=[False, True, False, False, False],
        limit=EXAMPLES,
    )
    return pl.concat([_shaped(counted.filter(kept)), _shaped(best)])


def value_keys(partials: pl.DataFrame) -> pl.Series:
    """Return a number for each distinct value; null for all other partials."""
    number = pl.col("digest").bin.head(8).bin.reinterpret(dtype=pl.UInt64, endianness="little")
    return partials.select(pl.when(pl.col("kind") == "value").then(number)).to_series()


def settled_values(partials: pl.DataFrame, _: pl.DataFrame, /) -> pl.DataFrame:
    """Return how many distinct values of each entity there are, instead of the values."""
    counts = partials.group_by("entity").agg(count=pl.n_unique("digest"))
    return _shaped(counts.with_columns(kind=pl.lit("values")))


def _shaped(partials: pl.DataFrame) -> pl.DataFrame:
    have = set(partials.columns)
    return partials.select(
        (pl.col(name) if name in have else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in PARTIALS.items()
    )


def _hits(
    searched: Strings, search: SpanSearch, key: bytes, identifies: Identifies
) -> pl.DataFrame:
    at, path, text, label, (texts, named) = searched
    spans_of = {
        (texts[position], named[position]): spans for position, spans in search(texts, named)
    }
    rows: list[tuple[object, ...]] = []
    for position in text.is_in([whole for whole, _ in spans_of]).arg_true() if spans_of else ():
        whole, row, name = text[position], at[position], mask_path(path[position])
        spans = spans_of.get((whole, label[position]), [])
        keyed = [] if label[position] else keyed_values(whole)
        for span, marks in zip(spans, identifies(whole, spans), strict=True):
            flags = marks, is_stand_in(span.entity, whole[span.start : span.end])
            holder = name if label[position] else _named(path[position], span, keyed)
            rows.append((row, name, *_hit(span, whole, key), *flags, holder))
    return pl.DataFrame(rows, schema=HITS, orient="row")


def _named(path: str, span: Span, keyed: Sequence[KeyedValue]) -> str | None:
    """Return the path of the key whose value holds a span; None when none does."""
    keys = (value.key for value in keyed if value.start <= span.start and span.end <= value.end)
    return next((mask_path(f"{path}.{key}") for key in keys), None)


def _hit(span: Span, text: str, key: bytes) -> tuple[object, ...]:
    value = text[span.start : span.end]
    of_value = digest(key, span.entity, value)
    return span.entity, span.start, span.end, span.score, detail(value), of_value


def _cells(searched: Strings) -> pl.DataFrame:
    """Count the values of every field whose path, or key within it, names what it holds."""
    frame = pl.concat(
        [pl.DataFrame({"name": searched.path, "label": searched.label}), _keys(searched)]
    )
    counts = frame.filter(pl.col("label") != "").group_by("name").agg(count=pl.len())
    masked = pl.Series([mask_path(path) for path in counts["name"]], dtype=pl.String)
    named = counts.with_columns(name=masked).with_columns(_indexed("name"))
    return named.group_by("name").agg(pl.sum("count")).with_columns(kind=pl.lit("cells"))


def _keys(searched: Strings) -> pl.DataFrame:
    """Return the path of every value in fields that are an object in JSON, by its key."""
    objects = are_objects(searched.text) & (searched.label == "")
    paths = [
        f"{searched.path[position]}.{value.key}"
        for position in objects.arg_true()
        for value in keyed_values(searched.text[position])
    ]
    return pl.DataFrame(
        {"name": paths, "label": paths}, schema=dict.fromkeys(("name", "label"), pl.String)
    )


def _indexed(path: str) -> pl.Expr:
    """Return a path without places in lists: `messages[3].content` → `messages[].content`."""
    return pl.col(path).str.replace_all(_INDEX, "[]").alias("name")


def _seen(batch: pl.DataFrame) -> pl.DataFrame:
    return batch.group_by("split").agg(count=pl.len()).with_columns(kind=pl.lit("seen"))


def _counts(findings: pl.DataFrame) -> Iterator[pl.DataFrame]:
    def counted(kind: str, *by: str | pl.Expr) -> pl.DataFrame:
        return findings.group_by(*by).agg(count=pl.len()).with_columns(kind=pl.lit(kind))

    yield _rows(findings, "rows")
    yield _rows(findings.filter("identifying"), "marked")
    yield counted("findings", "split", "entity")
    strong = findings.filter(pl.col("score") >= STRONG)
    yield strong.group_by("split", "entity").agg(count=pl.len()).with_columns(kind=pl.lit("strong"))
    stand_ins = findings.filter("stand_in").group_by("split", "entity")
    yield stand_ins.agg(count=pl.len()).with_columns(kind=pl.lit("stand_in"))
    named = findings.filter(pl.col("named").is_not_null())
    fitting = named.group_by("entity", _indexed("named"))
    distinct = pl.struct("id", "named").n_unique()
    yield fitting.agg(count=distinct).with_columns(kind=pl.lit("fitting"))
    yield counted("path", "entity", _indexed("field"))
    sourced = pl.col("source_id").fill_null("").alias("name")
    yield counted("source", "entity", sourced)
    yield counted("value", "entity", "digest")
    yield findings.drop("identifying", "stand_in", "named").with_columns(kind=pl.lit("example"))


def _rows(findings: pl.DataFrame, kind: str) -> pl.DataFrame:
    return findings.group_by("split").agg(count=pl.n_unique("id")).with_columns(kind=pl.lit(kind))


class PartialSums(NamedTuple):
    """Partials of one kind, entity and split, added up."""

    kind: str
    entity: str | None
    split: str | None
    counted: int
    """The sum of their counts."""
    partials: int
    """How many there are."""


class FindingTotals:
    """Read folded partials."""

    def __init__(self, partials: pl.DataFrame) -> None:
        """Take partials that have been combined."""
        self._partials = partials

    def count(self, kind: str, entity: str | None = None, split: str | None = None) -> int:
        """Return the sum of one kind, of one entity or split if given."""
        return sum(
            sums.counted
            for sums in self._sums
            if sums.kind == kind and entity in {None, sums.entity} and split in {None, sums.split}
        )

    @cached_property
    def _sums(self) -> list["PartialSums"]:
        """What is asked for one by one, added up at once."""
        by = ("kind", "entity", "split")
        sums = self._partials.group_by(by).agg(pl.sum("count"), partials=pl.len())
        return [PartialSums(*row) for row in sums.iter_rows()]

    @cached_property
    def _kinds(self) -> frozenset[str]:
        return frozenset(sums.kind for sums in self._sums)

    @property
    def entities(self) -> dict[str, int]:
        """The entities that were found, sorted, and how often."""
        counts: dict[str, int] = {}
        for sums in self._sums:
            if sums.kind == "findings" and sums.entity is not None:
                counts[sums.entity] = counts.get(sums.entity, 0) + sums.counted
        return dict(sorted(counts.items()))

    def distinct(self, entity: str) -> int:
        """Return how many distinct values of an entity there are, at most `MOST_VALUES`."""
        values = sum(
            sums.partials for sums in self._sums if (sums.kind, sums.entity) == ("value", entity)
        )
        return min(values + self.count("values", entity), MOST_VALUES)

    def names(self, kind: str) -> dict[str, int] | None:
        """Return findings by path or by source, most first; None when there are too many."""
        if kind not in self._kinds:
            return {}
        chosen = self._partials.filter(kind=kind)
        if chosen.group_by("entity").len().filter(pl.col("len") > MOST_NAMES).height:
            return None
        counts = chosen.group_by("name").agg(pl.sum("count"))
        return dict(counts.sort(["count", "name"], descending=[True, False]).iter_rows())

    def columns(self) -> list[tuple[str, str, int, int]]:
        """Return (path, entity, values that fit, values) of fields named for what they hold.

        Sorted by path; of each the entity that most of its values are.
        """
        if not self._kinds.issuperset({"cells", "fitting"}):
            return []
        values = self._partials.filter(kind="cells").group_by("name").agg(pl.sum("count"))
        fitting = self._partials.filter(kind="fitting").group_by("name", "entity")
        most = fitting.agg(fitting=pl.sum("count")).sort(
            ["name", "fitting", "entity"], descending=[False, True, False]
        )
        joined = most.unique("name", keep="first", maintain_order=True).join(values, on="name")
        return list(joined.sort("name").select("name", "entity", "fitting", "count").iter_rows())

    @property
    def languages(self) -> dict[str, int]:
        """The languages that rows seem to be in, most first, with their rows."""
        counts = self._partials.filter(kind="language").group_by("name").agg(pl.sum("count"))
        return dict(counts.sort(["count", "name"], descending=[True, False]).iter_rows())

    def by_split(self, entity: str) -> dict[str, int]:
        """Return the findings of an entity in every split that has any."""
        counts = {
            sums.split: sums.counted
            for sums in self._sums
            if (sums.kind, sums.entity) == ("findings", entity) and sums.split is not None
        }
        return dict(sorted(counts.items()))

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that were seen, sorted."""
        seen = {sums.split for sums in self._sums if sums.kind == "seen"}
        return tuple(sorted(split for split in seen if split is not None))

    def examples(self, topic: str) -> tuple[Example, ...]:
        """Return the findings worth showing, by entity, best score first."""
        if "example" not in self._kinds:
            return ()
        best = self._partials.filter(kind="example")
        return examples(best.with_columns(rule=pl.format(f"{topic}.{{}}", "entity")))
