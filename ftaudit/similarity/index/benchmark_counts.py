"""How many rows of a benchmark stand in training, and in which ways."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from ftaudit.similarity.index.benchmark_findings import RANKS
from ftaudit.similarity.index.benchmark_partials import of_kind

if TYPE_CHECKING:
    from ftaudit.similarity.index.benchmark_matching import Benchmark

COUNTS: Final = (
    "rows",
    "exact_rows",
    "near_rows",
    "contained_rows",
    "ngram_rows",
    "passage_rows",
    "short_rows",
    "reworded_rows",
)
"""What is counted of every benchmark."""
WHOLE: Final = COUNTS[:3]
"""What is counted where the index holds no words."""
PALM: Final = 0.7 - 1e-9
"""Share of the 8-grams of a row that occur in training, from which PaLM calls it contaminated."""


class BenchmarkRewordings(NamedTuple):
    """The rewordings of one benchmark."""

    pairs: pl.DataFrame
    """`id`, `entry` and `score` of those that stand clear of chance."""
    configuration: Mapping[str, object]
    untold: int
    """Rows of the benchmark of which it cannot be told."""


def reworded_rows(
    benchmark: "Benchmark", number: int, totals: pl.DataFrame
) -> "BenchmarkRewordings":
    """Return the rewordings that stand clear of chance, and what is chance."""
    matcher = benchmark.rewordings
    pairs = totals.filter((pl.col("benchmark") == number) & of_kind("reworded"))
    if matcher is None:
        return BenchmarkRewordings(pairs, {}, 0)
    compared = benchmark.index.header.compare
    level = matcher.level_with(totals.filter(pl.col("kind") == compared))
    told_apart = matcher.told_apart(pairs, level)
    return BenchmarkRewordings(told_apart, level.configuration, matcher.untold(level))


def counts_of(
    benchmark: "Benchmark", number: int, totals: pl.DataFrame, pairs: pl.DataFrame
) -> dict[str, int]:
    """Count the rows of one benchmark."""
    own = totals.filter(pl.col("benchmark") == number)
    entries = {kind: set(own.filter(pl.col("kind") == kind)["entry"].to_list()) for kind in RANKS}
    near = entries["near"] | entries["exact"]
    contained = entries["contained"] - near
    counts = {
        "rows": len(near | contained),
        "exact_rows": len(entries["exact"]),
        "near_rows": len(near),
        "contained_rows": len(contained),
        "reworded_rows": len(set(pairs["entry"].to_list()) - near - contained),
    }
    return {**dict.fromkeys(COUNTS, 0), **counts, **_by_ngrams(benchmark, own)}


def _by_ngrams(benchmark: "Benchmark", own: pl.DataFrame) -> dict[str, int]:
    """Count the rows of one benchmark by the runs of words that occur in training."""
    matcher = benchmark.passages
    if matcher is None:
        return {}
    bits = {
        kind: own.filter((pl.col("kind") == kind) & pl.col("bits").is_not_null())["bits"]
        for kind in ("short", "long")
    }
    short, long = (values[0] if len(values) else None for values in bits.values())
    occurring = 0 if short is None else int((matcher.occurring_share(short) >= PALM).sum())
    passages = 0 if long is None else int(matcher.with_passage(long).sum())
    return {
        "ngram_rows": occurring,
        "passage_rows": passages,
        "short_rows": matcher.too_short,
    }
