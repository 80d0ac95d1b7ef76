"""Run every kernel over fuzzed text, with bounds checked if NUMBA_BOUNDSCHECK=1 is set.

    NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=/tmp/checked python -m tests.similarity.checked

Numba checks every index then, also the single bytes that make up a wide load (`kernels.words`).
What comes out is compared with plain Python. A script, for the flag is read when numba loads.
"""

import random
import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.dataset import ROW_BITS
from ftaudit.progress import Silent
from ftaudit.similarity.build import build
from ftaudit.similarity.compiled import load_kernels
from ftaudit.similarity.index import make_index
from ftaudit.similarity.matching import Matcher
from ftaudit.similarity.options import SimilarityOptions
from tests.conftest import dataset
from tests.similarity.reference import all_pairs, normal, row_pairs

WORD = (1 << 64) - 1
C1, C2, C3, C4, C5, C6, C7 = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0xD6E8FEB86659FD93,
    0xFF51AFD7ED558CCD,
    0x9FB21C651E98DF25,
    0xA0761D6478BD642F,
)
FRAGMENTS = (
    *("a", "Zz", " ", "  ", "\t", "!?", "-", "0", "the", "cat", "elephant", "word-wise", "x" * 7),
    *(
        "y" * 8,
        "z" * 9,
        "é",
        "ß",
        "Ǆ",
        "我",
        "想要",
        "ไทย",
        "😀",
        "👍🏽",
        "\u200b",
        "“",
        "£5",
        "\x00",
        "\x7f",
    ),
)


def finish(h: int) -> int:
    h ^= h >> 32
    h = h * C4 & WORD
    h ^= h >> 29
    h = h * C5 & WORD
    return h ^ h >> 32


def words_of(data: bytes) -> Iterator[int]:
    for i in range(0, len(data), 8):
        yield int.from_bytes(data[i : i + 8], "little")


def hash_bytes(data: bytes) -> int:
    h = len(data) * C1 & WORD
    for word in words_of(data):
        h = (h ^ word) * C2 & WORD
        h ^= h >> 32
    return h


def hash_word(data: bytes) -> int:
    """Hash a word: as `hash_bytes`, but in two rounds at least."""
    h = len(data) * C1 & WORD
    for word in [*words_of(data), 0, 0][: max(2, -(-len(data) // 8))]:
        h = (h ^ word) * C2 & WORD
        h ^= h >> 32
    return h


def hash_text(data: bytes) -> tuple[int, int]:
    """Hash every fourth word to a sum of its own, and the four sums together; twice."""
    words = list(words_of(data))
    words += [0] * (-len(words) % 4)
    a, b = [len(data) * C1 & WORD, C2, C3, C4], [len(data) * C6 & WORD, C7, C5, C1]
    for i, word in enumerate(words):
        a[i % 4] = (a[i % 4] ^ word) * C2 & WORD
        a[i % 4] ^= a[i % 4] >> 32
        b[i % 4] = (b[i % 4] ^ word) * C7 & WORD
        b[i % 4] ^= b[i % 4] >> 29
    return finish(joined(a)), finish(joined(b))


def joined(sums: Sequence[int]) -> int:
    return (((sums[0] * C3 + sums[1]) * C3 + sums[2]) * C3 + sums[3]) & WORD


def plain(data: bytes) -> bytes:
    """Return bytes as the kernels normalise them: ASCII as always, other bytes as they are."""
    kept = bytes(
        c if c >= 128 or chr(c).isalnum() else 32 for c in data.lower()
    )  # bytes.lower changes ASCII only
    return b" ".join(part for part in kept.split(b" ") if part)


def chars(data: bytes) -> list[int]:
    starts = [i for i, c in enumerate(data) if c & 0xC0 != 0x80]
    ends = [*starts[1:], len(data)]
    if not data:
        return []
    if len(starts) < 5:
        return [finish(hash_bytes(data))]
    return [finish(hash_bytes(data[starts[i] : ends[i + 4]])) for i in range(len(starts) - 4)]


def words(data: bytes) -> list[int]:
    hashes = [hash_word(word) for word in data.split(b" ")]
    if not data:
        return []
    if len(hashes) < 3:
        return [finish((hashes[0] * C3 + hashes[1] if len(hashes) == 2 else hashes[0]) & WORD)]
    return [
        finish(((hashes[i] * C3 + hashes[i + 1]) * C3 + hashes[i + 2]) & WORD)
        for i in range(len(hashes) - 2)
    ]


def viewed(rows: Sequence[bytes]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Return views of rows of any bytes, as Arrow has them, and the second buffer of theirs."""
    views, buffer = b"", b""
    for row in rows:
        held = row
        if len(row) > 12:
            held = row[:4] + (1).to_bytes(4, "little") + len(buffer).to_bytes(4, "little")
            buffer += row
        views += len(row).to_bytes(4, "little") + held.ljust(12, b"\0")
    numbers = np.frombuffer(views, np.int32).reshape(-1, 4)
    return numbers, np.frombuffer(buffer or b"\0", np.uint8)


def check_bytes(rows: Sequence[bytes]) -> None:
    """Hash rows of any bytes, UTF-8 or not, and compare every hash."""
    from ftaudit.similarity.kernels.shingles import shingle_rows

    views, buffer = viewed(rows)
    addresses = np.array([0, buffer.ctypes.data], np.uint64)
    for is_char, expected in ((True, chars), (False, words)):
        first, second = np.zeros((2, len(rows)), np.uint64)
        hashes = np.zeros(sum(map(len, rows)) + len(rows), np.uint64)
        counts = np.zeros(len(rows), np.int32)
        wanted = np.arange(len(rows))
        fill = (first, second, hashes, counts)
        end = shingle_rows(views, addresses, wanted, 0, len(rows), is_char, *fill)
        bounds = [0, *np.cumsum(counts).tolist()]
        assert end == bounds[-1]
        for row, (low, high) in zip(rows, pairwise(bounds), strict=True):
            assert hashes[low:high].tolist() == expected(plain(row)), (is_char, row[:80])
        assert list(zip(first.tolist(), second.tolist(), strict=True)) == [
            hash_text(plain(row)) for row in rows
        ]


def check_relation(texts: Sequence[str | None], threshold: float, **how: object) -> None:
    """Build the relation, large clusters and answers included, and compare every pair."""
    half = len(texts) // 2
    rows: list[dict[str, object]] = [
        {"input": text, "output": None if text is None else text[::-1], "split": split}
        for split, some in (("train", texts[:half]), ("holdout", texts[half:]))
        for text in some
    ]
    data = dataset(rows, cuts=range(0, len(rows), 37))
    options = SimilarityOptions(threshold=threshold, compare="text", **how)  # type: ignore[arg-type] # a test's own words
    with tempfile.TemporaryDirectory() as folder:
        found = build(data.rows, data.files, options, memory=4_096, folder=Path(folder))
        got = row_pairs(found.batches())
    ids = [*range(half), *((1 << ROW_BITS) + i for i in range(len(texts) - half))]
    whole = [t if t is None else f"{t}\n{t[::-1]}" for t in texts]
    there = [i for i, text in enumerate(whole) if text and normal(text)]
    kind = str(found.configuration["shingles"])
    exact = all_pairs([whole[i] or "" for i in there], kind, threshold)
    expected = {(ids[there[i]], ids[there[j]]): value for (i, j), value in exact.items()}
    wrong = {pair for pair in got if abs(expected.get(pair, -1.0) - got[pair]) > 1e-12}
    assert not wrong, wrong
    if options.method == "exact" and options.full_cluster == 4096:
        assert set(got) == set(expected)
    assert len(got) > 20


def check_index(texts: Sequence[str | None]) -> None:
    """Match texts against an index of themselves."""
    data = dataset([{"input": text} for text in texts])
    index = make_index(data.rows, data.files, SimilarityOptions())
    found = Matcher(index, 0.5).match(
        pl.Series(range(len(texts)), dtype=pl.UInt64), pl.Series(texts, dtype=pl.String)
    )
    assert found["entry"].to_list() == list(range(len(index)))
    assert found["agree"].unique().to_list() == [129]


def main() -> None:
    draw = random.Random(5)  # noqa: S311 - made-up bytes
    load_kernels(
        Silent(),
        "shingles",
        "grouping",
        "counting",
        "walking",
        "pruning",
        "signing",
        "measuring",
        "matching",
    )
    from ftaudit.similarity.kernels.words import PAD, load

    try:
        load(np.zeros(PAD, np.uint8), PAD - 7)
    except IndexError:
        print("bounds are checked")  # noqa: T201 - a script
    bytes_rows = [draw.randbytes(draw.randint(0, 40)) for _ in range(1_500)]
    bytes_rows += [b"", b"a", b"\xff", b"\x80" * 9, b" ", b"ab cd", b"ab cd ef", b"\xc3" * 6]
    bytes_rows += [bytes(draw.choices(b"ab \xc3\xa9", k=k)) for k in range(64)]
    bytes_rows += [b"word " * 210_000, draw.randbytes(1 << 16), b"x" * (1 << 16)]
    check_bytes(bytes_rows)
    texts: list[str | None] = [
        "".join(draw.choices(FRAGMENTS, k=draw.randint(0, 14))) for _ in range(300)
    ]
    texts += [None, "", "a", "\n", *(f"{t} again" for t in texts[:40] if t), *texts[40:60]]
    texts += [f"the same long sentence about number {i} and nothing else" for i in range(30)]
    texts += ["big " * 100_000, "big " * 99_999 + "end"]
    draw.shuffle(texts)
    for method, shingles, most in (
        ("exact", "char5", 4096),
        ("exact", "word3", 2),
        ("minhash", "char5", 2),
        ("minhash", "word3", 4096),
    ):
        check_relation(texts, 0.5, method=method, shingles=shingles, full_cluster=most)
    check_index(texts)
    print("equal to plain Python")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
