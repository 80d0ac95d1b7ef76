"""Measure the content root: python tests/bench/bench_content_root.py [ROWS].

Prints rows and megabytes per second for tables of several shapes, on one thread.
"""

import sys
import time

import polars as pl

from ftaudit.readers.content_root import content_root

WORDS = ("card", "payment", "still", "pending", "transfer", "refund", "please", "account")


def tables(rows: int) -> dict[str, pl.DataFrame]:
    """Return synthetic tables of `rows` rows, by name."""
    number = pl.int_range(rows)
    words = [pl.lit(word) for word in WORDS]
    line = pl.concat_str([*words, number.cast(pl.String)], separator=" ")
    text = pl.concat_str([line] * 4, separator="; ")
    short = pl.select(text=line, label=(number % 77).cast(pl.String))
    turn = pl.struct(role=pl.lit("user"), content=line)
    answer = pl.struct(role=pl.lit("assistant"), content=text)
    return {
        "text + label, 60 B": short,
        "text + label + id + score, 300 B": short.drop("text").hstack(
            pl.select(text=text, id=number, score=number / 7)
        ),
        "chat: list of two turns, 300 B": pl.select(messages=pl.concat_list(turn, answer)),
        "20 integer columns": pl.select([(number + i).alias(f"n{i:02}") for i in range(20)]),
    }


def main(rows: int) -> None:
    """Print a Markdown table."""
    print(f"polars {pl.__version__}, {rows:,} rows, batches of 50,000\n")
    print("| table | seconds | rows/s | MB/s |\n| --- | ---: | ---: | ---: |")
    for name, table in tables(rows).items():
        batches = list(table.iter_slices(50_000))
        start = time.perf_counter()
        content_root(batches)
        seconds = time.perf_counter() - start
        size = table.estimated_size("mb")
        print(f"| {name} | {seconds:.2f} | {rows / seconds:,.0f} | {size / seconds:,.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
