"""Findings of benchmark rows in training rows."""

from typing import TYPE_CHECKING, Final

import polars as pl

from ftaudit.model.dataset import TRAIN
from ftaudit.model.escape import printable
from ftaudit.model.finding import EVIDENCE, evidence
from ftaudit.model.row_id import file_of, files_and_rows, row_of
from ftaudit.similarity.index.benchmark_partials import of_kind

if TYPE_CHECKING:
    from ftaudit.similarity.index.benchmark_matching import Benchmark

RANKS: Final = {"exact": 0, "near": 1, "contained": 2, "reworded": 3, "passage": 4}
"""Kinds of match, the surest first: a training row is reported once for each benchmark."""


def findings_of(benchmark: "Benchmark", rows: pl.DataFrame) -> pl.DataFrame:
    """Return a finding for every training row, by the surest of its matches."""
    ranked = (
        rows.with_columns(rank=pl.col("kind").replace_strict(RANKS, return_dtype=pl.UInt8))
        .sort("id", "rank", "score", "entry", descending=[False, False, True, False])
        .unique("id", keep="first", maintain_order=True)
    )
    if ranked.is_empty():
        return EVIDENCE.to_frame()
    header = benchmark.index.header
    files, places = files_and_rows(benchmark.index.rows[ranked["entry"].to_numpy()])
    names = pl.Series([printable(f.name) for f in header.files], dtype=pl.String)
    described = ranked.with_columns(
        place=pl.Series(places), name=names.gather(pl.Series(files)), passage=of_kind("passage")
    ).with_columns(detail=_detail(benchmark))
    return evidence(
        described,
        rule=pl.when("passage")
        .then(pl.lit("leakage.benchmark_passage"))
        .when(of_kind("reworded"))
        .then(pl.lit("leakage.benchmark_reworded"))
        .otherwise(pl.lit("leakage.benchmark")),
        split=TRAIN,
        file=file_of("id"),
        row=row_of("id"),
        field=pl.when(pl.col("kind").is_in(["contained", "passage"]))
        .then(pl.lit("text"))
        .otherwise(pl.lit(header.compare)),
        similarity=pl.col("score"),
    )


def _detail(benchmark: "Benchmark") -> pl.Expr:
    """Say which benchmark row it is, and how the training row holds it."""
    place = pl.format(
        "row {} of {} ({})", "place", "name", pl.lit(printable(benchmark.file, limit=60))
    )
    percent = (pl.col("score") * 100).round(0).cast(pl.UInt32)
    covered = pl.format("{} % of its words, {} in a row", percent, "longest")
    more = pl.when(pl.col("count") > 1).then(
        pl.format("; {} more rows of it, too", pl.col("count") - 1)
    )
    manner = (
        pl.when(of_kind("exact"))
        .then(pl.lit("equal"))
        .when(of_kind("near"))
        .then(pl.lit("near-identical, estimated"))
        .when(of_kind("reworded"))
        .then(pl.lit("in other words"))
        .otherwise(covered)
    )
    return pl.concat_str(place, pl.lit(": "), manner, more.otherwise(pl.lit("")))


def most_alike(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of rewording as matches of training rows (`benchmark_matching.HELD`)."""
    return pairs.select(
        "entry",
        "score",
        "id",
        kind=pl.lit("reworded"),
        longest=pl.lit(None, pl.UInt32),
        count=pl.lit(None, pl.UInt32),
    )
