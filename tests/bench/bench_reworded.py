"""Measure the search for rewordings: python -m tests.bench.bench_reworded [--rows N] [--holdout N].

Training texts are those of `corpus` (70 words each, about); every holdout text is a training text
with two words in five replaced. The time is of the search alone, from texts to matches, with the
kernels loaded; the share found depends on the corpus and is printed to show that work was done.
Memory is what the search takes beside the texts, which are held here and read in a scan.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from ftaudit.model.dataset import DataFile
from ftaudit.model.progress import Silent
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.reworded.best_matches import load_join
from ftaudit.similarity.reworded.reworded_search import find_reworded
from ftaudit.similarity.runtime.threads import running_threads
from ftaudit.similarity.search.search_task import SearchTask
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_profile import TextProfile
from ftaudit.similarity.text.text_source import TextSource
from tests.bench.corpus import CHUNK, Corpus
from tests.conftest import MemoryRows


def rows_of(rows: int, holdout: int) -> MemoryRows:
    """Return training rows and holdout rows, in memory."""
    corpus = Corpus("chat", 7)
    texts = [
        text for low in range(0, rows, CHUNK) for text in corpus.chunk(min(CHUNK, rows - low), 0)
    ]
    sources = corpus.draw.permutation(rows)[:holdout].tolist()
    edited = [edit(texts[source].split(), corpus) for source in sources]
    frame = pl.DataFrame({"input": [*texts, *edited]})
    place = pl.int_range(pl.len(), dtype=pl.UInt64)
    file = (place >= rows).cast(pl.UInt64)
    return MemoryRows(
        frame.with_columns(id=file * (1 << 40) + place - file * rows, file=file, split=pl.lit(""))
    )


def edit(words: list[str], corpus: Corpus) -> str:
    """Replace two words in five."""
    places = corpus.draw.permutation(len(words))[: 2 * len(words) // 5]
    for place, word in zip(places.tolist(), corpus.words[corpus.some(len(places))], strict=True):
        words[place] = word
    return " ".join(words)


def memory_peak(*, restart: bool = False) -> float:
    """Return the most memory of this process so far, in MiB; restart from what it holds now."""
    status = Path("/proc/self/status")
    if restart:
        Path("/proc/self/clear_refs").write_text("5", "utf-8")
    [line] = [line for line in status.read_text("utf-8").splitlines() if "VmHWM" in line]
    return int(line.split()[1]) / 1024


def main() -> None:
    """Measure once and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_reworded")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--holdout", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    rows = rows_of(chosen.rows, chosen.holdout)
    files = tuple(
        DataFile(f"{split}.jsonl", split, "0" * 64, count, 0)
        for split, count in (("train", chosen.rows), ("holdout", chosen.holdout))
    )
    source = TextSource(rows, RowNumbering(files), "input")
    load_join()
    with tempfile.TemporaryDirectory() as folder, running_threads(chosen.workers) as pool:
        profile = TextProfile("word3", exact=False, shingles=0)
        task = SearchTask(
            source, SimilarityOptions(), profile, pool, Silent(), Path(folder), 1 << 30
        )
        held = memory_peak(restart=True)
        started, cpu = time.perf_counter(), time.process_time()
        reworded = find_reworded(task, np.zeros(0, np.int64), lambda rows: rows)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    matched = reworded.pairs.filter(pl.col("row") >= chosen.rows)["row"].n_unique()
    print(f"{chosen.rows:,} training rows x {chosen.holdout:,} holdout rows")
    more = memory_peak() - held
    print(f"{seconds:.1f} s ({cpu:.1f} s of a core), {more:.0f} MiB on {chosen.workers} workers")
    print(f"{matched:,} holdout rows found; {dict(reworded.configuration)}")


if __name__ == "__main__":
    main()
