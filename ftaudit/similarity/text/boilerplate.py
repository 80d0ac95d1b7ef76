"""Boilerplate: passages that many rows share, left out before texts are compared.

A system prompt, an instruction template or the preamble of a tool makes unlike requests alike.
So it is left out of what is compared. The rule, version 1:

1. A *run* is eight consecutive words. A word is a run of letters and digits in lower case, or one
   character of a script without spaces. Words that begin with a digit count as one and the same
   word in runs, and so do names of months and days: a date in a prompt does not hide it.
2. A run is *shared* when it occurs in enough of the rows of all splits: 1 % of them, and never
   fewer than 100 or half of the rows, whichever is less, nor fewer than 10. That is counted on a
   sample of evenly spaced rows of at most 16 MiB of text (all rows, while they fit).
3. A *block* ends at a line break, and at `. ! ? : ;` before white space. Blocks that shared runs
   cover wholly are left out: turns, paragraphs, sentences, an instruction before a colon.
4. Inside other blocks, words that shared runs cover are left out too (a template with a slot),
   but only where at least seven words remain that stand in no phrase of three words shared by as
   many rows: rows that differ in a word or two are near-identical, not filled templates.
5. Where nothing would remain (a common prompt before a common greeting), what fewer rows share
   stays: only runs count that occur in more than half as many rows as the text's most common one.
   Where still nothing would remain, the text is compared whole: short texts that many rows repeat,
   such as classified sayings, are duplicates and stay so.
6. Numbers stay, unless they belong to a date or a time.

The same text always loses the same words, so exact duplicates stay exact. Rows that differ in
boilerplate alone are duplicates. Nothing of this depends on batches, workers or the machine.
"""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import Rows
from ftaudit.model.progress import Progress
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.text.arrow_buffers import Bytes, Offsets, buffers, copied, strings
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_source import TextSource

SHARE: Final = 0.01
"""Share of the rows from which a passage is boilerplate."""
ROWS: Final = 100
"""Rows from which a passage is boilerplate, unless half of all rows are fewer."""
LEAST_ROWS: Final = 10
"""Rows below which nothing is boilerplate, however few there are."""
LEAST_WORDS: Final = 7
"""Words that must remain for words inside a block to be left out."""
SAMPLE_BYTES: Final = 16 << 20
"""Text looked at; every second row of it is dropped whenever it grows beyond."""
SLICE: Final = 1 << 18
"""Bytes of text whose words are held at a time; a longer text is held whole."""

_VERSION: Final = "runs-1"


Table: TypeAlias = tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]
"""Hashes of runs, and in how many of the sampled rows each occurs: a hash table with open
addressing, a power of two entries, 0 in empty ones."""


class SharedPassages(Struct, frozen=True, eq=False):
    """The passages that are left out of every text (`text_source.Boilerplate`)."""

    runs: Table
    phrases: Table
    configuration: Mapping[str, object]
    notes: tuple[str, ...]

    def without(self, texts: pl.Series) -> pl.Series:
        """Return every text without its boilerplate; null stays null, row by row."""
        return _without(texts, self.runs, self.phrases)[0]


def find_boilerplate(
    rows: Rows,
    numbering: RowNumbering,
    column: str,
    progress: Progress,
    sample: pl.Series | None = None,
) -> SharedPassages | None:
    """Read the rows once; return the passages that many of them share, None when there are none.

    Holds a sample of at most `SAMPLE_BYTES` of text meanwhile: `sample`, if that was drawn already.
    """
    if sample is None:
        sample = sampled(TextSource(rows, numbering, column), progress)
    size = int(sample.str.len_bytes().sum())
    load_kernels(progress, "word_runs", "shingle_rows", steps=size)
    word_runs = kernels("word_runs")

    texts, least = buffers(sample), needed_rows(numbering.rows, len(sample))
    with progress.stage("counting shared passages", len(sample)) as advance:
        shared, frequency = shared_runs(*texts, word_runs.RUN, least)
        if not len(shared):
            return None
        own = shared_runs(*texts, word_runs.PHRASE, least)
        runs, phrases = table(shared, frequency), table(*own)
        touched = _without(sample, runs, phrases)[1]
        advance(len(sample))
    if not touched:
        return None
    configuration = {
        "rule": _VERSION,
        "shared_runs": len(shared),
        "rows_looked_at": len(sample),
        "rows_touched": touched,
        "digest": hashlib.sha256(shared.astype("<u8").tobytes()).hexdigest()[:16],
    }
    return SharedPassages(runs, phrases, configuration, (_note(touched, len(sample)),))


def needed_rows(rows: int, looked_at: int) -> int:
    """Return in how many of the rows looked at a run must occur to be shared."""
    share = max(SHARE, min(ROWS, rows / 2) / max(1, rows))
    return max(LEAST_ROWS, int(np.ceil(share * looked_at)))


def _note(touched: int, looked_at: int) -> str:
    return (
        f"passages that many rows share were left out of the comparison in "
        f"{touched / looked_at:.1%} of the rows; --compare text compares everything"
    )


def sampled(source: TextSource, progress: Progress) -> pl.Series:
    """Return the texts of every row whose number divides by the least power of two that fits."""
    step, kept, size = 1, pl.DataFrame(schema={"at": pl.Int64, "text": pl.String}), 0
    parts = [kept]
    rows = source.numbering.rows
    with progress.stage("looking for boilerplate", rows) as advance:
        for first, raw in source.raw_once():
            places = np.arange(-first % step, len(raw), step)
            texts = pl.DataFrame({"at": first + places, "text": raw.gather(places)})
            texts = texts.drop_nulls("text")
            parts.append(texts.with_columns(copied(texts["text"])))
            size += int(parts[-1]["text"].str.len_bytes().sum())
            while size > SAMPLE_BYTES and step < rows:
                step *= 2
                kept = pl.concat(parts).filter(pl.col("at") % step == 0)
                parts, size = [kept], int(kept["text"].str.len_bytes().sum())
            advance(len(raw))
    return pl.concat(parts)["text"].rechunk()


class _Words(NamedTuple):
    """Words of consecutive texts, one text after another; the arrays have room for more."""

    hashes: npt.NDArray[np.uint64]
    begins: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    blocks: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint8]
    counts: npt.NDArray[np.int32]
    """Words of each text."""


def _read(data: Bytes, offsets: Offsets) -> Iterator[tuple[int, int, _Words]]:
    """Yield the words of texts `low` to `high`, of about `SLICE` bytes of text at a time.

    The arrays are reused: they hold until the next is read.
    """
    word_runs = kernels("word_runs")

    steps = np.arange(int(offsets[0]), int(offsets[-1]), SLICE)
    cuts = np.unique([0, *np.searchsorted(offsets[:-1], steps), len(offsets) - 1])
    room = int(np.diff(offsets[cuts]).max(initial=0))
    hashes, blocks = np.empty(room, np.uint64), np.empty(room, np.int32)
    begins, ends = np.empty(room, np.int64), np.empty(room, np.int64)
    kinds = np.empty(room, np.uint8)
    for low, high in pairwise(cuts.tolist()):
        counts = np.empty(high - low, np.int32)
        words = _Words(hashes, begins, ends, blocks, kinds, counts)
        word_runs.read_words(data, offsets, low, high, *words)
        yield low, high, words


def shared_runs(data: Bytes, offsets: Offsets, size: int, least: int) -> Table:
    """Return the runs of `size` words that at least `least` texts have, by ascending hash."""
    shingle_rows = kernels("shingle_rows")
    word_runs = kernels("word_runs")

    runs, end = np.empty(int(offsets[-1] - offsets[0]), np.uint64), 0
    counts = np.empty(len(offsets) - 1, np.int32)
    for low, high, words in _read(data, offsets):
        end += word_runs.list_runs(words.hashes, words.counts, size, runs[end:], counts[low:high])
    runs = runs[: shingle_rows.keep_distinct(runs[:end], counts)]
    values, frequency = np.unique(runs, return_counts=True)
    shared = (frequency >= least) & (values != 0)
    return values[shared], frequency[shared].astype(np.int64)


def table(hashes: npt.NDArray[np.uint64], frequency: npt.NDArray[np.int64]) -> Table:
    """Return a hash table of runs and in how many rows each occurs."""
    size = 1 << (4 * len(hashes)).bit_length()
    keys, rows = np.zeros(size, np.uint64), np.zeros(size, np.int64)
    for h, count in zip(hashes.tolist(), frequency.tolist(), strict=True):
        at = h & (size - 1)
        while keys[at]:
            at = (at + 1) & (size - 1)
        keys[at], rows[at] = h, count
    return keys, rows


def _without(texts: pl.Series, runs: Table, phrases: Table) -> tuple[pl.Series, int]:
    """Return every text without its boilerplate, and how many texts that changed."""
    if texts.is_empty():
        return texts, 0
    out, places, touched = shortened(*buffers(texts.fill_null("")), runs, phrases)
    shorter = strings(out, places)
    missing = texts.is_null()
    if missing.any():
        shorter = pl.select(pl.when(missing).then(None).otherwise(shorter)).to_series()
    return shorter.alias(texts.name), touched


def shortened(
    data: Bytes, offsets: Offsets, runs: Table, phrases: Table
) -> tuple[Bytes, Offsets, int]:
    """Return the bytes and offsets of texts without boilerplate, and how many texts changed.

    Args:
        data: bytes of all texts, which need not be valid UTF-8.
        offsets: where each text begins, and where the last one ends.
        runs: the shared runs, as `table` returns them.
        phrases: the shared phrases, likewise.
    """
    word_runs = kernels("word_runs")

    out, end = np.empty(max(1, int(offsets[-1] - offsets[0])), np.uint8), 0
    places, touched = np.zeros(len(offsets), np.int64), 0
    for low, high, words in _read(data, offsets):
        hashes, begins, ends, blocks, kinds, counts = words
        cover, removed = np.empty(len(hashes), np.uint8), np.empty(high - low, np.int32)
        word_runs.mark_words(
            hashes, blocks, kinds, counts, *runs, *phrases, LEAST_WORDS, cover, removed
        )
        marked = (begins, ends, counts, cover, removed)
        end = word_runs.leave_out(data, offsets, low, high, *marked, out, end, places)
        touched += int((removed > 0).sum())
    places[-1] = end
    return out, places, touched
