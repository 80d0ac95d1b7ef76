"""What is kept of the matches of a batch with benchmarks, and how it adds up."""

from typing import Final

import polars as pl

from ftaudit.model.examples import RANKED

NAMED: Final = 5
"""Training rows that are named for one reworded row of a benchmark."""

PARTIALS: Final = pl.Schema(
    [
        ("benchmark", pl.UInt32),
        ("kind", pl.String),
        ("entry", pl.UInt32),
        ("score", pl.Float64),
        ("id", pl.UInt64),
        ("bits", pl.Binary),
        ("numbered", pl.Boolean),
        ("worst", RANKED),
    ]
)
"""Per benchmark and kind, the training row that holds most of each of its rows (`entry`), and of
the kind `reworded` five of them; of `short` and `long` which runs of words occur, a bit for each;
of `input` and `text` a sample of the training texts; of `worst` findings to show."""


def best_matches(partials: pl.DataFrame) -> pl.DataFrame:
    """Return the best matches of every benchmark row, and of all texts what the counts rest on.

    Of equal matches those of the first training rows are kept; without findings to show.
    """
    by = ["benchmark", "kind", "entry"]
    ordered = partials.filter(pl.col("entry").is_not_null()).sort(
        *by, "score", "id", descending=[False, False, False, True, False]
    )
    rank = pl.int_range(pl.len()).over(by)
    best = ordered.filter(rank < pl.when(of_kind("reworded")).then(NAMED).otherwise(1))
    return pl.concat([best, occurring_runs(partials), least_hashes(partials)])


def occurring_runs(partials: pl.DataFrame) -> pl.DataFrame:
    """Return the runs of words that occur in any of the partials."""
    from ftaudit.similarity.index.passage_matching import either

    united: dict[tuple[int, str], bytes] = {}
    rows = partials.filter(pl.col("kind").is_in(["short", "long"]))
    rows = rows.select("benchmark", "kind", "bits")
    for number, kind, bits in rows.iter_rows():
        before = united.get((number, kind))
        united[number, kind] = bits if before is None else either(before, bits)
    keys = sorted(united)
    return shaped(
        pl.DataFrame(
            {
                "benchmark": [number for number, _ in keys],
                "kind": [kind for _, kind in keys],
                "bits": [united[key] for key in keys],
            },
            schema={"benchmark": pl.UInt32, "kind": pl.String, "bits": pl.Binary},
        )
    )


def least_hashes(partials: pl.DataFrame) -> pl.DataFrame:
    """Return the sample of the training texts: those of the least hashes."""
    from ftaudit.similarity.index.reworded_matching import SAMPLE

    samples = partials.filter(pl.col("kind").is_in(["input", "text"]))
    ordered = samples.unique(["kind", "id"]).sort("kind", "id")
    return ordered.filter(pl.int_range(pl.len()).over("kind") < SAMPLE)


def shaped(partials: pl.DataFrame) -> pl.DataFrame:
    """Return partials with all columns of `PARTIALS`; what they lack is null."""
    have = set(partials.columns)
    return partials.select(
        (pl.col(name) if name in have else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in PARTIALS.items()
    )


def of_kind(kind: str) -> pl.Expr:
    """Tell which partials are of a kind."""
    return pl.col("kind") == kind
