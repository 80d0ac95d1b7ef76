"""Training rows against a benchmark, by all that its index holds."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from msgspec import Struct

from ftaudit.similarity.index.asked_text import asked
from ftaudit.similarity.index.index_matching import IndexMatcher
from ftaudit.similarity.index.passage_matching import PassageMatcher
from ftaudit.similarity.index.reworded_matching import (
    SAID,
    SAMPLED,
    RewordedMatcher,
    sampled,
)
from ftaudit.similarity.index.signature_index import (
    PERMUTATIONS,
    IndexHeader,
    SignatureIndex,
    read_index,
)
from ftaudit.similarity.index.word_keys import hash_texts, kept_tokens
from ftaudit.similarity.reworded.word_features import Tokens
from ftaudit.similarity.text.normalisation import prepared
from ftaudit.similarity.text.signatures import SignedTexts

EXACT, NEAR, CONTAINED, REWORDED, PASSAGE = "exact", "near", "contained", "reworded", "passage"
KINDS: Final = (EXACT, NEAR, CONTAINED, REWORDED, PASSAGE)
"""How a training row can hold a benchmark row, the surest first."""
FEWEST: Final = 4
"""Words from which a benchmark row is looked for among single turns and fields, too."""
MOST_BYTES: Final = 1 << 16
"""Bytes of the longest turn or field that is compared with rows as a whole."""

HELD: Final = pl.Schema(
    {
        "kind": pl.String,
        "entry": pl.UInt32,
        "score": pl.Float64,
        "id": pl.UInt64,
        "longest": pl.UInt32,
        "count": pl.UInt32,
    }
)
"""A training row `id` that holds a benchmark row `entry`, and how: `score` in [0, 1] is the
similarity (`near`, estimated), the likeness (`reworded`), or the share of its words covered;
`longest` the most words covered in a row, `count` of how many benchmark rows it covers enough."""


class BenchmarkMatches(NamedTuple):
    """What some training rows hold of a benchmark."""

    best: pl.DataFrame
    """`HELD`: benchmark rows, for every kind the training row that holds most of each."""
    rows: pl.DataFrame
    """`HELD`: training rows, for every kind the benchmark row of which each holds most."""
    short: bytes
    """The short runs that occur, a bit for each; empty where the index holds none."""
    long: bytes
    """The same of long runs."""
    reworded: pl.DataFrame
    """`reworded_matching.SAID`: training rows that hold a row in no other way, and may say it in
    other words."""


class TrainingTexts:
    """The texts of some training rows, prepared and signed once for all benchmarks."""

    def __init__(self, train: pl.DataFrame) -> None:
        """Hold training rows: batches of `dataset.ROWS`."""
        self._train = train
        self._prepared: dict[tuple[str, bool], pl.Series] = {}
        self._tokens: dict[str, Tokens] = {}
        self._signed: dict[tuple[str, bool, str, int], SignedTexts] = {}

    @property
    def ids(self) -> pl.Series:
        """Return the row ids, ascending."""
        return self._train["id"]

    def prepared(self, column: str, *, as_asked: bool = False) -> pl.Series:
        """Return the texts of a column, normalised as far as kernels need it.

        `as_asked`: without labels of a conversation (`asked_text`).
        """
        key = (column, as_asked)
        if key not in self._prepared:
            texts = self._train[column]
            self._prepared[key] = prepared(asked(texts) if as_asked else texts)
        return self._prepared[key]

    def tokens(self, column: str) -> Tokens:
        """Return the words and numbers of what the rows ask in a column."""
        if column not in self._tokens:
            self._tokens[column] = kept_tokens(self.prepared(column, as_asked=True))
        return self._tokens[column]

    def samples(self) -> pl.DataFrame:
        """Return `kind`, the column, and `SAMPLED` of the columns that rewordings are sought in."""
        parts = [
            sampled(self.prepared(column, as_asked=True), tokens).with_columns(kind=pl.lit(column))
            for column, tokens in sorted(self._tokens.items())
        ]
        empty = pl.DataFrame(schema=SAMPLED).with_columns(kind=pl.lit(None, pl.String))
        return pl.concat([empty, *parts])

    def signed(self, matcher: IndexMatcher) -> SignedTexts:
        """Return the texts that an index compares, signed as it is."""
        header: IndexHeader = matcher.index.header
        key = (header.compare, bool(header.runs), header.shingles, header.seed)
        if key not in self._signed:
            texts = self.prepared(header.compare, as_asked=bool(header.runs))
            self._signed[key] = matcher.sign(texts)
        return self._signed[key]

    @cached_property
    def fields(self) -> pl.DataFrame:
        """Return `id` and `hash` of every turn and field, but of very long ones."""
        exploded = self._train.select("id", "fields").explode("fields", empty_as_null=False)
        texts = exploded.select("id", text=pl.col("fields").struct.field("text"))
        short = texts.filter(pl.col("text").str.len_bytes() <= MOST_BYTES)
        hashes = hash_texts(prepared(short["text"]))
        return short.select("id", hash=pl.Series(hashes, dtype=pl.UInt64))


class Benchmark(Struct, frozen=True, eq=False, dict=True):
    """A benchmark that training must not hold, by its index."""

    file: str
    """Name of the index, without folder."""
    index: SignatureIndex
    threshold: float
    """Jaccard similarity from which two texts are near-identical."""
    least: float
    """Share of the words of a row from which it counts as contained."""
    trained: int
    """How many training rows there are."""

    @classmethod
    def read(cls, path: Path, threshold: float, least: float, trained: int) -> "Benchmark":
        """Read the index of a benchmark.

        Raises:
            InputError: it is no index, or not one that this version reads.
        """
        return cls(path.name, read_index(path), threshold, least, trained)

    @property
    def name(self) -> str:
        """Return the name that metrics have: the file's without its ending."""
        return "".join(c if c.isalnum() or c in "-_" else "-" for c in Path(self.file).stem)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what the index does not hold."""
        return () if self.index.words else ("words", "runs of words")

    @cached_property
    def signatures(self) -> IndexMatcher:
        """Return what finds near-identical rows."""
        return IndexMatcher(self.index, self.threshold - 1e-9)

    @cached_property
    def passages(self) -> PassageMatcher | None:
        """Return what finds parts of rows; None where the index holds no runs of words."""
        words = self.index.words
        return None if words is None else PassageMatcher(words.passages, self.least)

    @cached_property
    def rewordings(self) -> RewordedMatcher | None:
        """Return what finds rewordings; None where the index holds no words."""
        words = self.index.words
        return None if words is None else RewordedMatcher(words.tokens, self.trained)

    def learn(self) -> None:
        """Learn from the benchmark which likeness is chance, once for all workers."""
        if self.rewordings is not None:
            _ = self.rewordings.level

    def match(self, texts: TrainingTexts) -> BenchmarkMatches:
        """Return what the training rows hold of the benchmark."""
        signed = self.signatures.match_signed(texts.ids, texts.signed(self.signatures))
        best, rows = [*_by_signature(signed.entries)], [*_by_signature(signed.rows)]
        if self.passages is None or self.rewordings is None:
            return BenchmarkMatches(_held(best), _held(rows), b"", b"", SAID.to_frame())
        turns = self._equal_turns(texts)
        rows.append(turns.unique("id", keep="first", maintain_order=True))
        best.append(turns.unique("entry", keep="first", maintain_order=True))
        covered = self.passages.match(texts.ids, texts.prepared("text"))
        kind = pl.when(pl.col("count") > 0).then(pl.lit(CONTAINED)).otherwise(pl.lit(PASSAGE))
        rows.append(covered.rows.with_columns(kind=kind, score="share"))
        best.append(covered.best.with_columns(kind=pl.lit(CONTAINED), score="share"))
        sure = _held(rows).filter(pl.col("kind") != PASSAGE)
        reworded = self.rewordings.match(texts.ids, texts.tokens(self.index.header.compare))
        others = reworded.join(sure, on="id", how="anti", maintain_order="left")
        return BenchmarkMatches(_held(best), _held(rows), covered.short, covered.long, others)

    def _equal_turns(self, texts: TrainingTexts) -> pl.DataFrame:
        """Return turns and fields that are equal to rows."""
        entries = self._whole_entries
        if entries.is_empty():
            return _held([])
        pairs = texts.fields.join(entries, on="hash").select("entry", "id").unique()
        return pairs.sort("id", "entry").with_columns(kind=pl.lit(EXACT), score=pl.lit(1.0))

    @cached_property
    def _whole_entries(self) -> pl.DataFrame:
        """Return `entry` and `hash` of rows of four words or more."""
        held = self.index.words
        words = np.zeros(0, np.int32) if held is None else held.passages.words
        long = np.flatnonzero(words >= FEWEST)
        return pl.DataFrame(
            {"entry": long, "hash": self.index.hashes[long]},
            schema={"entry": pl.UInt32, "hash": pl.UInt64},
        )


def _by_signature(matches: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield `HELD` of equal and of near-identical texts; equal ones are both."""
    near = matches.with_columns(
        score=pl.min_horizontal("agree", pl.lit(PERMUTATIONS)) / PERMUTATIONS
    )
    yield near.filter(pl.col("agree") > PERMUTATIONS).with_columns(kind=pl.lit(EXACT))
    yield near.with_columns(kind=pl.lit(NEAR))


def _held(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Return parts in the columns of `HELD`; what one lacks is null."""
    whole = pl.concat([HELD.to_frame(), *parts], how="diagonal_relaxed")
    return whole.select(pl.col(name).cast(dtype) for name, dtype in HELD.items())
