"""Words, runs of eight of them, and texts without the runs that many rows share."""

import re
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import C2, C3, C4, Hashes, finish, u64

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]

RUN: Final = 8
PHRASE: Final = 3
"""Words of a run and of a phrase, as in `kernels.word_runs`."""

PLAIN, NUMERIC, DATED, MONTH = 0, 1, 2, 3
_PIECES: Final = re.compile(
    rb"(?P<wide>\xe3\x80[\x00-\x82])|(?P<word>[\xe3-\xe9].{0,2}|[0-9A-Za-z\x80-\xe2\xea-\xff]+)"
    rb"|(?P<line>[\r\n])|(?P<mark>[.!?:;])",
    re.DOTALL,
)
"""What a text is cut at; everything else separates words and nothing more."""
_NAMES: Final = (
    b"january february march april may june july august september october november december"
    b" monday tuesday wednesday thursday friday saturday sunday"
).split()
_CALENDAR: Final = {*_NAMES, *(name[:3] for name in _NAMES), b"sept"}
_FNV: Final = 0xCBF29CE484222325
_PRIME: Final = 0x100000001B3
_MASK: Final = (1 << 64) - 1
_DIGITS: Final = b"0123456789"
_SPACELESS: Final = (0xE3, 0xE9)
"""First bytes of characters of scripts without spaces, each of which is a word."""
_JOINTS: Final = (b"-", b".", b"/", b":")
_AFTER_MARK: Final = (b"", b" ", b"\n", b"\r")
_INSIDE, _WHOLE = 2, 4
"""Marks of words that shared runs cover: inside a block of which words are left, or a whole one."""
_NUMBER, _CALENDAR_DAY = 0x6E756D626572, 0x63616C656E646172


def read_words(  # noqa: PLR0913, PLR0917 - those of the kernel
    buffer: Bytes,
    offsets: Places,
    low: int,
    high: int,
    hashes: Hashes,
    begins: Places,
    ends: Places,
    blocks: Counts,
    kinds: Bytes,
    counts: Counts,
) -> None:
    """Do what `kernels.word_runs.read_words` does."""
    words = _ReadWords([], [], [], [], [])
    for t in range(low, high):
        first, count = int(offsets[t]), len(words.texts)
        words.read(buffer[first : int(offsets[t + 1])].tobytes(), first)
        words.date(count)
        counts[t - low] = len(words.texts) - count
    count = len(words.texts)
    hash_of = {text: _fnv(text) for text in set(words.texts)}
    hashes[:count] = finish(np.array([hash_of[text] for text in words.texts], np.uint64))
    begins[:count], ends[:count] = words.begins, words.ends
    blocks[:count], kinds[:count] = words.blocks, words.kinds


class _ReadWords(NamedTuple):
    """The words of several texts."""

    texts: list[bytes | int]
    """In lower case; of a number or a name of the calendar the hash of all those."""
    begins: list[int]
    ends: list[int]
    blocks: list[int]
    kinds: list[int]

    def read(self, data: bytes, at: int) -> None:
        """Append the words of a text that begins at `at`."""
        first, block = len(self.texts), 0
        for piece in _PIECES.finditer(data):
            start, end = piece.span()
            if piece.lastgroup == "word":
                kind, text = _kind(piece[0])
                if kind == NUMERIC and len(self.texts) > first and self.ends[-1] == at + start - 1:
                    joined = data[start - 1 : start] in _JOINTS
                    if joined and NUMERIC <= self.kinds[-1] <= DATED:
                        self.kinds[-1] = kind = DATED
                self.texts.append(text)
                self.begins.append(at + start)
                self.ends.append(at + end)
                self.blocks.append(block)
                self.kinds.append(kind)
            elif piece.lastgroup != "mark" or data[end : end + 1] in _AFTER_MARK:
                block += len(self.texts) > first and self.blocks[-1] == block

    def date(self, first: int) -> None:
        """Date the numbers near the name of a month among the words from `first` on."""
        for j in range(first, len(self.kinds)):
            if self.kinds[j] == NUMERIC and MONTH in self.kinds[max(first, j - 2) : j + 3]:
                self.kinds[j] = DATED


def _kind(word: bytes) -> tuple[int, bytes | int]:
    if word[0] in _DIGITS:
        return NUMERIC, _NUMBER
    if _SPACELESS[0] <= word[0] <= _SPACELESS[1]:
        return PLAIN, word
    lower = word.lower()
    return (MONTH, _CALENDAR_DAY) if lower in _CALENDAR else (PLAIN, lower)


def _fnv(word: bytes | int) -> int:
    """Hash a word as Fowler, Noll and Vo do (FNV-1a, 64 bits); a number is its own hash."""
    if isinstance(word, int):
        return word
    h = _FNV
    for c in word:
        h = ((h ^ c) * _PRIME) & _MASK
    return h


def _run_hashes(hashes: Hashes, size: int) -> Hashes:
    """Return the hash of the `size` words that begin at each word; 0 where fewer follow."""
    out, runs = np.zeros(len(hashes), np.uint64), max(0, len(hashes) - size + 1)
    h = np.zeros(runs, np.uint64)
    for k in range(size):
        h = h * u64(C3) + hashes[k : k + runs]
    out[:runs] = finish(h * u64(C2) ^ u64(C4))
    return out


def _starts(counts: Counts) -> Places:
    return np.asarray(np.cumsum(counts, dtype=np.int64) - counts)


def list_runs(hashes: Hashes, counts: Counts, size: int, out: Hashes, runs: Counts) -> int:
    """Do what `kernels.word_runs.list_runs` does."""
    total = int(counts.sum())
    ends = np.repeat(np.cumsum(counts, dtype=np.int64), counts)
    kept = _run_hashes(hashes[:total], size)[np.arange(total) + size <= ends]
    runs[:] = np.maximum(0, counts - size + 1)
    out[: len(kept)] = kept
    return len(kept)


def mark_words(  # noqa: PLR0913, PLR0917 - those of the kernel
    hashes: Hashes,
    blocks: Counts,
    kinds: Bytes,
    counts: Counts,
    table: Hashes,
    rows: Places,
    phrases: Hashes,
    common: Places,
    least: int,
    cover: Bytes,
    removed: Counts,
) -> None:
    """Do what `kernels.word_runs.mark_words` does."""
    total = int(counts.sum())
    shared = [_frequencies(_run_hashes(hashes[:total], RUN), table, rows), blocks[:total].tolist()]
    telling = _frequencies(_run_hashes(hashes[:total], PHRASE), phrases, common)
    starts = _starts(counts).tolist()
    for t, (first, count) in enumerate(zip(starts, counts.tolist(), strict=True)):
        words = slice(first, first + count)
        runs, own = (values[words] for values in shared)
        most, marks, left = _cover(runs, own, 0)
        if left == 0:
            _, marks, left = _cover(runs, own, most // 2)
        inline = _telling(telling[words], marks) >= least
        for k in range(count):
            out = marks[k] == _WHOLE or (marks[k] == _INSIDE and inline)
            marks[k] = int(left > 0 and out and kinds[first + k] != NUMERIC)
        cover[words], removed[t] = marks, sum(marks)


def _frequencies(runs: Hashes, table: Hashes, rows: Places) -> list[int]:
    """Return in how many rows each run was counted; 0 when it is not shared."""
    places = np.flatnonzero(table)
    rows_of = dict(zip(table[places].tolist(), rows[places].tolist(), strict=True))
    return [rows_of.get(run, 0) if run else 0 for run in runs.tolist()]


def _cover(runs: list[int], blocks: list[int], above: int) -> tuple[int, list[int], int]:
    """Return the most rows of any run, the mark of every word, and how many stand outside.

    The marks are those of `kernels.word_runs.cover_words`.
    """
    count, most = len(runs), 0
    marks = [0] * count
    for i in range(count - RUN + 1):
        most = max(most, runs[i])
        if runs[i] > above:
            inside = 3 if blocks[i] == blocks[i + RUN - 1] else 1
            for k in range(i, i + RUN):
                marks[k] |= inside
    left, i = 0, 0
    while i < count:
        j = i
        while j < count and blocks[j] == blocks[i]:
            j += 1
        whole = all(marks[i:j])
        marks[i:j] = [_WHOLE] * (j - i) if whole else [mark & _INSIDE for mark in marks[i:j]]
        left += 0 if whole else j - i
        i = j
    return most, marks, left


def _telling(phrases: list[int], marks: list[int]) -> int:
    """Return how many words are neither marked nor part of a common phrase."""
    telling, last = 0, -1
    for k, mark in enumerate(marks):
        if k + PHRASE <= len(marks) and phrases[k] > 0:
            last = k + PHRASE - 1
        telling += mark == 0 and k > last
    return telling


def leave_out(  # noqa: PLR0913, PLR0917 - those of the kernel
    buffer: Bytes,
    offsets: Places,
    low: int,
    high: int,
    begins: Places,
    ends: Places,
    counts: Counts,
    cover: Bytes,
    removed: Counts,
    out: Bytes,
    at: int,
    places: Places,
) -> int:
    """Do what `kernels.word_runs.leave_out` does."""
    starts = _starts(counts).tolist()
    for t in range(low, high):
        places[t] = at
        first, last = starts[t - low], starts[t - low] + int(counts[t - low])
        parts, i = [], int(offsets[t])
        k = first if removed[t - low] else last
        while k < last:
            if not cover[k]:
                k += 1
                continue
            parts += [buffer[i : begins[k]].tobytes(), b" "]
            while k < last and cover[k]:
                i, k = int(ends[k]), k + 1
        parts.append(buffer[i : offsets[t + 1]].tobytes())
        text = b"".join(parts)
        out[at : at + len(text)] = np.frombuffer(text, np.uint8)
        at += len(text)
    return at
