"""Ten common expectations on a million rows: the fast path against Great Expectations on pandas.

Run by hand: `python -m tests.bench.bench_expectations [ROWS]`. Each side runs in a process of its
own, reads the same parquet file, and reports seconds (after imports) and its own peak memory.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

ROWS = 1_000_000
BATCH = 20_000

COLUMNS = ["id", "prompt", "label", "license", "source_id", "n_tokens", "score"]
COLUMNS += ["lang", "day", "response"]

SUITE: list[dict[str, object]] = [
    {
        "type": "expect_table_columns_to_match_set",
        "kwargs": {"column_set": COLUMNS},
    },
    {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1000}},
    {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "prompt"}},
    {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}},
    {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "label", "value_set": ["billing", "tech", "refund", "other"]},
    },
    {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "license", "value_set": ["CC-BY-4.0", "MIT"], "mostly": 0.5},
    },
    {
        "type": "expect_column_values_to_match_regex",
        "kwargs": {"column": "source_id", "regex": r"^src-\d{4}$"},
    },
    {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "n_tokens", "min_value": 1, "max_value": 2048, "mostly": 0.9},
    },
    {
        "type": "expect_column_value_lengths_to_be_between",
        "kwargs": {"column": "prompt", "min_value": 1, "max_value": 8000},
    },
    {
        "type": "expect_column_mean_to_be_between",
        "kwargs": {"column": "score", "min_value": 0.4, "max_value": 0.6},
    },
]


def write_data(path: Path, rows: int) -> None:
    """Write synthetic rows of ten columns, with about 450 characters of text and some defects."""
    i = pl.int_range(rows, eager=True)
    words = pl.format("please help me with order {}, it has not arrived in {} days", "i", "d")
    frame = pl.DataFrame({"i": i, "d": (i * 7919) % 31}).select(
        id=pl.format("row-{}", "i"),
        prompt=pl.when(pl.col("i") % 1000 > 0).then(pl.concat_str([words, words], separator=" ")),
        label=pl.Series(["billing", "tech", "refund", "other", "cancel"]).gather(i % 5),
        license=pl.Series(["CC-BY-4.0", "MIT", "Apache-2.0"]).gather(i % 3),
        source_id=pl.format("src-{}", pl.col("i") % 9000 + 1000),
        n_tokens=(pl.col("i") * 37) % 2100,
        score=((pl.col("i") * 7919) % 1000) / 1000,
        lang=pl.Series(["en", "de"]).gather(i % 2),
        day=pl.col("d"),
        response=pl.concat_str([words] * 5, separator=" "),
    )
    frame.write_parquet(path, row_group_size=10_000)


def batches(scan: pl.LazyFrame, rows: int) -> Iterator[pl.DataFrame]:
    """Yield the table relation, slice by slice: `collect_batches` reads up to 250 MB ahead."""
    for start in range(0, rows, BATCH):
        found = scan.slice(start, BATCH).collect()
        yield found.select(
            pl.lit("train").alias("__split"),
            pl.lit(0, pl.UInt32).alias("__file"),
            pl.int_range(start, start + found.height, dtype=pl.UInt64).alias("__row"),
            pl.all(),
        )


def fast(path: str) -> list[bool]:
    """Evaluate the suite as the check does, batch by batch."""
    from ftaudit.expectations.evaluation import combine, conclude, measure
    from ftaudit.expectations.suite import parse_suite
    from ftaudit.expectations.suite_plan import plan

    suite = parse_suite(json.dumps({"name": "bench", "expectations": SUITE}), "bench.json")
    scan = pl.scan_parquet(path)
    table = scan.collect_schema()
    rows = int(scan.select(pl.len()).collect().item())
    ready = plan([suite], table, {"train": rows})
    waiting: list[pl.DataFrame] = []
    for batch in batches(scan, rows):
        waiting.append(measure(ready, batch, 100))
        if len(waiting) >= 64:
            waiting = [combine(pl.concat(waiting), 100)]
    done = conclude(ready, combine(pl.concat(waiting), 100), 100)
    return [e.outcome.success for e in done]


def gx(path: str) -> list[bool]:
    """Evaluate the suite in one call of Great Expectations, results in its BASIC format."""
    import logging
    import warnings

    import great_expectations as ge
    import pandas as pd

    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    context = ge.get_context(mode="ephemeral")
    variables: Any = context.variables
    variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("bench").add_dataframe_asset("table")
    definition = asset.add_batch_definition_whole_dataframe("whole")
    suite = ge.ExpectationSuite(name="bench", expectations=SUITE)
    batch = definition.get_batch({"dataframe": pd.read_parquet(path)})
    found = batch.validate(suite, result_format="BASIC")
    return [bool(r.success) for r in found.results]


def measured(side: str, path: str) -> None:
    """Run one side and print its seconds, peak memory and outcomes as JSON."""
    if side == "gx":
        import great_expectations  # noqa: F401 - seconds are counted after imports
    else:
        import ftaudit.expectations.evaluation  # noqa: F401 - as above
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    outcomes = {"gx": gx, "fast": fast}[side](path)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {"side": side, "seconds": seconds, "peak": peak / 1024, "imports": before / 1024}
    print(json.dumps(found | {"outcomes": outcomes}))


def run(rows: int) -> None:
    """Run both sides on the same file, and print what they took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        _call("data", str(path), str(rows))  # elsewhere: a child begins with its parent's peak
        found = [json.loads(_call(name, str(path))) for name in ("fast", "gx")]
    ours, theirs = found
    # Great Expectations gives results in an order of its own: compare how many hold.
    assert sum(ours["outcomes"]) == sum(theirs["outcomes"]), found
    print(f"{rows:,} rows, {len(SUITE)} expectations, {sum(ours['outcomes'])} hold on both sides")
    for side in found:
        name = "ftaudit" if side is ours else "Great Expectations, pandas"
        print(f"{name:27} {side['seconds']:6.2f} s   peak {side['peak']:6.0f} MiB "
              f"(imports alone {side['imports']:.0f})")  # fmt: skip
    own = [side["peak"] - side["imports"] for side in found]
    print(f"{theirs['seconds'] / ours['seconds']:.1f} times faster; peak memory "
          f"{ours['peak'] / theirs['peak']:.0%}, above imports {own[0] / own[1]:.0%}")  # fmt: skip


def _call(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.bench.bench_expectations", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    return done.stdout.splitlines()[-1] if done.stdout else ""


if __name__ == "__main__":
    if sys.argv[1:2] == ["data"]:
        write_data(Path(sys.argv[2]), int(sys.argv[3]))
    elif len(sys.argv) > 2:
        measured(sys.argv[1], sys.argv[2])
    else:
        run(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
