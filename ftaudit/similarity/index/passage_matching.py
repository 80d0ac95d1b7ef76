"""Training texts against the runs of words of a benchmark: what covers which row, and how far."""

from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.progress import Silent
from ftaudit.similarity.index.passages import SHORT, Passages
from ftaudit.similarity.runtime.hash_store import Hashes
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.text.arrow_buffers import views

SHARED: Final = 10
"""Rows of the benchmark that may share a run for it to tell: a run of more is a set phrase. GPT-3
leaves out runs that more than ten documents share (`passages`)."""

COVERED: Final = pl.Schema(
    {
        "id": pl.UInt64,
        "entry": pl.UInt32,
        "share": pl.Float64,
        "longest": pl.UInt32,
        "passage": pl.Boolean,
        "count": pl.UInt32,
    }
)
"""A training row, the benchmark row it covers most of, the share of its words covered, the most
words covered in a row, whether 13 words in a row are shared, and of how many rows it covers enough.
"""
BEST: Final = pl.Schema({"entry": pl.UInt32, "share": pl.Float64, "id": pl.UInt64})
"""A benchmark row, the most of its words that a training row covers, and the first that does."""


class PassageMatches(NamedTuple):
    """What some training rows share with a benchmark."""

    rows: pl.DataFrame
    """`COVERED`: rows that cover enough of a benchmark row, or share a passage with it."""
    best: pl.DataFrame
    """`BEST`: benchmark rows of which a training row covers enough."""
    short: bytes
    """One bit for every distinct short run of the benchmark: whether a training row has it."""
    long: bytes
    """The same of long runs."""


class NumberedRuns(Struct, frozen=True, eq=False):
    """The distinct runs of a size, numbered, and those of each benchmark row."""

    starts: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int32]
    """Row `e` has the runs `runs[starts[e] : starts[e + 1]]`, in order."""
    table: Hashes
    slots: npt.NDArray[np.int32]
    """Hash table from hash to number."""
    telling: npt.NDArray[np.uint8]
    """Whether at most `SHARED` rows have each run."""

    @property
    def owners(self) -> npt.NDArray[np.int64]:
        """Return the row of every run."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def count_of_rows(self, kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Return how many runs of each row are kept, by number."""
        hits = np.concatenate([[0], np.cumsum(kept[self.runs])])
        return np.asarray(hits[self.starts[1:]] - hits[self.starts[:-1]], np.int64)


class PassageMatcher(Struct, frozen=True, eq=False, dict=True):
    """Finds what training texts share with the rows of a benchmark."""

    passages: Passages
    least: float
    """Share of the words of a row from which it counts as contained, in (0, 1]."""

    def match(self, ids: pl.Series, texts: pl.Series) -> PassageMatches:
        """Return what the training rows `ids` (ascending) with prepared `texts` share."""
        load_kernels(Silent(), "passage_grams")
        from ftaudit.similarity.kernels.passage_grams import cover_entries

        column, (short, long), posted = views(texts), self._runs, self._posted
        rows, entries = len(texts), len(self.passages.words)
        seen, long_seen = (np.zeros(len(runs.telling), np.uint8) for runs in (short, long))
        best, best_row = np.zeros(entries), np.zeros(entries, np.int32)
        entry, longest, passage, count = np.zeros((4, rows), np.int32)
        share = np.zeros(rows)
        cover_entries(
            *(column.views, column.addresses, 0, rows),
            *(short.table, short.slots, *posted, short.starts, short.runs, self.passages.words),
            *(long.table, long.slots, long.telling, long.starts, long.runs),
            *(self.least - 1e-9, seen, long_seen, best, best_row),
            *(entry, share, longest, passage, count),
        )
        matched, enough = np.flatnonzero(entry >= 0), np.flatnonzero(best >= self.least - 1e-9)
        columns = (entry, share, longest, passage == 1, count)
        return PassageMatches(
            pl.DataFrame(
                {
                    "id": ids.gather(matched),
                    **{
                        name: column[matched]
                        for name, column in zip(COVERED.names()[1:], columns, strict=True)
                    },
                },
                schema_overrides=COVERED,
            ),
            pl.DataFrame(
                {"entry": enough, "share": best[enough], "id": ids.gather(best_row[enough])},
                schema_overrides=BEST,
            ),
            np.packbits(seen).tobytes(),
            np.packbits(long_seen).tobytes(),
        )

    def occurring_share(self, short: bytes) -> npt.NDArray[np.float64]:
        """Return, for each row, the share of its short runs whose bits are set.

        Of rows of fewer than 8 words 0.
        """
        runs = self._runs[0]
        hits = runs.count_of_rows(_bits(short, len(runs.telling)))
        return np.asarray(hits / np.maximum(np.diff(runs.starts), 1), np.float64)

    def with_passage(self, long: bytes) -> npt.NDArray[np.bool_]:
        """Return whether each row has a long run that tells and whose bit is set."""
        runs = self._runs[1]
        kept = _bits(long, len(runs.telling)) & (runs.telling == 1)
        return np.asarray(runs.count_of_rows(kept) > 0)

    @property
    def too_short(self) -> int:
        """Return how many rows have a word and no short run."""
        words = self.passages.words
        return int(np.count_nonzero((words > 0) & (words < SHORT)))

    @cached_property
    def _runs(self) -> tuple[NumberedRuns, NumberedRuns]:
        load_kernels(Silent(), "host_search")
        passages = self.passages
        return (
            _numbered(passages.short, passages.short_starts),
            _numbered(passages.long, passages.long_starts),
        )

    @cached_property
    def _posted(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Return an inverted index: for each short run that tells, the rows that have it.

        A row of which no run tells is listed under all of its runs.
        """
        runs = self._runs[0]
        cells = np.unique(runs.runs.astype(np.int64) * len(self.passages.words) + runs.owners)
        values, owners = np.divmod(cells, max(1, len(self.passages.words)))
        tells = runs.telling[values] == 1
        has_telling = np.bincount(owners[tells], minlength=len(self.passages.words)) > 0
        kept = tells | ~has_telling[owners]
        bounds = np.searchsorted(values[kept], np.arange(len(runs.telling) + 1))
        return bounds.astype(np.int64), owners[kept].astype(np.int32)


def either(left: bytes, right: bytes) -> bytes:
    """Return the bits that are set in one of two rows of bits of equal size."""
    return (np.frombuffer(left, np.uint8) | np.frombuffer(right, np.uint8)).tobytes()


def _bits(packed: bytes, count: int) -> npt.NDArray[np.bool_]:
    return np.unpackbits(np.frombuffer(packed, np.uint8), count=count).astype(np.bool_)


def _numbered(hashes: Hashes, starts: npt.NDArray[np.int64]) -> NumberedRuns:
    place = kernels("host_search").place

    values, runs = np.unique(hashes, return_inverse=True)
    size = 1 << (2 * len(values)).bit_length()
    table, slots = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
    place(values, table, slots)
    owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    rows = max(1, len(starts) - 1)
    cells = np.unique(runs.astype(np.int64) * rows + owners)
    frequency = np.bincount(cells // rows, minlength=len(values))
    telling = (frequency <= SHARED).astype(np.uint8)
    return NumberedRuns(starts, runs.astype(np.int32), table, slots, telling)
