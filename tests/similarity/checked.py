"""Run every kernel over fuzzed text, with bounds checked if NUMBA_BOUNDSCHECK=1 is set.

    NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=/tmp/checked python -m tests.similarity.checked

Numba checks every index then, also the single bytes that make up a wide load
(`kernels.byte_blocks`). What comes out is compared with plain Python. A script, for the flag is
read when numba loads.
"""

import gc
import random
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec.structs import astuple

import ftaudit.similarity.kernels
from ftaudit.model.identity_swaps import identity_swaps
from ftaudit.model.progress import Silent
from ftaudit.model.row_id import row_id
from ftaudit.privacy.patterns.mask_layout import derive_tables
from ftaudit.privacy.patterns.mask_search import plain_hits
from ftaudit.privacy.patterns.mask_tables import mask_arrays
from ftaudit.similarity.build import build
from ftaudit.similarity.index.index_matching import IndexMatcher
from ftaudit.similarity.index.passage_matching import PassageMatcher
from ftaudit.similarity.index.passages import SHORT
from ftaudit.similarity.index.signature_index import make_index
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.reworded.best_matches import IndexedJoin, LeastLikeness, PlainJoin
from ftaudit.similarity.reworded.weighted_rows import vocabulary, weigh
from ftaudit.similarity.reworded.word_features import read_tokens
from ftaudit.similarity.search.containment import LEAST_SHINGLES, SHARE
from ftaudit.similarity.text.boilerplate import (
    LEAST_WORDS,
    find_boilerplate,
    needed_rows,
    shared_runs,
    shortened,
    table,
)
from ftaudit.similarity.text.normalisation import prepared
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.swap_reading import term_swaps
from tests.conftest import dataset
from tests.profiles.lines_alike import broken_promises, odd_lines
from tests.similarity import plain_passages
from tests.similarity.plain_hashes import chars, finish, hash_text, plain, words
from tests.similarity.reference import (
    all_pairs,
    components,
    host,
    normal,
    row_pairs,
    shingles,
    suspects,
)
from tests.similarity.rows import Row, frame, relation

KERNELS = Path(ftaudit.similarity.kernels.__file__).parent
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
    from ftaudit.similarity.kernels.shingle_rows import shingle_rows

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
        found = build(
            data.rows,
            data.files,
            options,
            label_reader=None,
            memory=4_096,
            folder=Path(folder),
            rewordings=False,
        )
        got = row_pairs(found.batches())
    ids = [*range(half), *(row_id(1, i) for i in range(len(texts) - half))]
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
    found = IndexMatcher(index, 0.5).match(
        pl.Series(range(len(texts)), dtype=pl.UInt64), pl.Series(texts, dtype=pl.String)
    )
    assert found["entry"].to_list() == list(range(len(index)))
    assert found["agree"].unique().to_list() == [129]
    assert index.words is not None
    passages = index.words.passages
    matches = PassageMatcher(passages, 0.5).match(
        pl.Series(range(len(texts)), dtype=pl.UInt64), prepared(pl.Series(texts, dtype=pl.String))
    )
    long = passages.words >= SHORT
    assert matches.best["entry"].to_list() == np.flatnonzero(long).tolist()
    assert matches.best["share"].unique().to_list() == [1.0]


def check_passages(texts: Sequence[bytes]) -> None:
    """Leave out what texts of any bytes, UTF-8 or not, share, and compare every byte."""
    least = needed_rows(len(texts), len(texts))
    data = np.frombuffer(b"".join(texts), np.uint8)
    offsets = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    runs, phrases = (table(*shared_runs(data, offsets, size, least)) for size in (8, 3))
    out, places, touched = shortened(data, offsets, runs, phrases)
    found = [bytes(out[low:high]) for low, high in pairwise(places.tolist())]
    assert found == plain_passages.without(texts, least, LEAST_WORDS)
    assert touched == sum(a != b for a, b in zip(texts, found, strict=True)) > len(texts) / 4


def check_boilerplate(texts: Sequence[str | None]) -> None:
    """Find and leave out what texts share, null and empty ones among them."""
    rows: list[dict[str, object]] = [{"input": text} for text in texts]
    data = dataset(rows, cuts=range(0, len(rows), 37))
    found = find_boilerplate(data.rows, RowNumbering(data.files), "input", Silent())
    assert found is not None
    there = [i for i, text in enumerate(texts) if text is not None]
    plain_texts = [str(texts[i]).encode() for i in there]
    least = needed_rows(len(texts), len(there))
    expected = dict(
        zip(there, plain_passages.without(plain_texts, least, LEAST_WORDS), strict=True)
    )
    rest = found.without(pl.Series(texts, dtype=pl.String)).to_list()
    assert rest == [expected[i].decode() if i in expected else None for i in range(len(texts))]


def check_pieces(rows: Sequence[bytes]) -> None:
    """Cut rows of any bytes into characters and pieces, and compare how many and which are equal.

    What begins no character goes on with the one before, or, at the beginning of a text, is one.
    """
    from ftaudit.similarity.kernels.byte_blocks import BLOCK, PAD
    from ftaudit.similarity.kernels.trigrams import list_trigrams

    (views, buffer), most = viewed(rows), max(map(len, rows))
    addresses = np.array([0, buffer.ctypes.data], np.uint64)
    out, counts = np.zeros(sum(map(len, rows)), np.uint64), np.zeros(len(rows), np.int32)
    scratch = (np.zeros(most + PAD, np.uint8), np.zeros(BLOCK, np.uint8))
    characters = np.zeros(most + 2, np.uint64)
    list_trigrams(views, addresses, 0, len(rows), *scratch, characters, out, counts)
    expected = [pieces(plain(row)) for row in rows]
    assert counts.tolist() == [*map(len, expected)]
    assert out[: counts.sum()].tolist() == [finish(piece) for row in expected for piece in row]


def pieces(text: bytes) -> list[int]:
    """Return the pieces of normalised bytes, each as a number of three times 21 bits."""
    said = [32]
    for i, c in enumerate(text):
        if 0x80 <= c < 0xC0 and i > 0:
            said[-1] = (said[-1] << 6 | c & 0x3F) & (1 << 21) - 1
        else:
            said.append(
                c & (0x7F if c < 0x80 else 0x1F if c < 0xE0 else 0x0F if c < 0xF0 else 0x07)
            )
    said.append(32)
    return [a << 42 | b << 21 | c for a, b, c in zip(said, said[1:], said[2:], strict=False)]


def check_suspects(texts: Sequence[str | None], labels: Sequence[str | None]) -> None:
    """Suspect labels of fuzzed texts, and compare every score."""
    rows: list[Row] = [
        {"input": text, "label": label} for text, label in zip(texts, labels, strict=True)
    ]
    one, other = pl.col("members").list.first().struct, pl.col("members").list.last().struct
    found = frame(relation(rows, compare="text", cuts=range(0, len(rows), 37)), "suspect").select(
        one.field("row"),
        rival=other.field("row"),
        likeness=pl.col("pairs").list.first().struct.field("similarity"),
        doubt=one.field("doubt"),
    )
    assert found.rows() == suspects(texts, labels)
    assert found.height > 20


def check_containment(texts: Sequence[str | None], parts: Sequence[str]) -> None:
    """Look for parts of texts in them, and compare every host."""
    train = [text or "" for text in texts]
    rows: list[Row] = [{"input": text} for text in train]
    rows += [{"input": text, "split": "holdout"} for text in parts]
    found = frame(relation(rows, threshold=1.0, compare="text"), "contained")
    got = {
        one["row"]: (other["row"], pairs[0]["similarity"])
        for (one, other), pairs in found.select("members", "pairs").iter_rows()
    }
    near = {shingles(text, "char5") for text in train}
    sets = [shingles(text, "word3") for text in train]
    expected = {
        i: host(text, sets, SHARE, LEAST_SHINGLES)
        for i, text in enumerate(parts)
        if shingles(text, "char5") not in near
    }
    assert got == {i: found for i, found in expected.items() if found is not None}
    assert len(got) > 20
    check_pooled(rows, {len(train) + i: host for i, (host, _) in got.items()})


def check_pooled(rows: Sequence[Row], hosts: Mapping[int, int]) -> None:
    """Join the rows before a split, and look for every row beside its host."""
    data = dataset([{"input": row["input"]} for row in rows])
    options = SimilarityOptions(threshold=1.0, compare="text")
    with tempfile.TemporaryDirectory() as folder:
        found = build(
            data.rows,
            data.files,
            options,
            label_reader=None,
            folder=Path(folder),
            pooled=True,
            rewordings=False,
        )
        groups = frame(found, "contained")["members"].to_list()
    pairs = [(m["row"], group[0]["row"]) for group in groups for m in group]
    unit = components(len(rows), pairs)
    assert all(unit[i] == unit[host] for i, host in hosts.items())
    assert len({*unit}) > len(rows) / 4


def check_word_sums(draw: random.Random, rows: Sequence[bytes]) -> None:
    """Add up the words of rows of any bytes: their order makes no difference, one more does."""
    from ftaudit.similarity.kernels.word_sums import add_words

    sums = []
    shuffled = [draw.sample(part, len(part)) for part in (plain(row).split() for row in rows)]
    for texts in (
        list(rows),
        [b" ".join(part) for part in shuffled],
        [b" ".join([*part, b"more"]) for part in shuffled],
    ):
        views, buffer = viewed(texts)
        sums.append(np.zeros(len(texts), np.uint64))
        addresses = np.array([0, buffer.ctypes.data], np.uint64)
        add_words(views, addresses, 0, len(texts), sums[-1])
    assert np.array_equal(sums[0], sums[1])
    assert not (sums[0] == sums[2]).any()


def check_rewordings(texts: Sequence[str]) -> None:
    """Weigh the words of texts and join the rows, and compare every weight and likeness."""
    from ftaudit.similarity.reworded.kernel_tokens import read_quickly
    from ftaudit.similarity.reworded.kernel_weighing import KernelWeighing, count_words

    parts = [read_tokens(pl.Series(texts[::2]))]
    words = vocabulary(parts)
    assert np.array_equal(words.rarity, count_words(parts).rarity)
    tokens = read_tokens(pl.Series(texts))
    assert len(read_quickly(pl.Series(texts)).keys) == len(tokens.keys)
    plain, quick = weigh(tokens, words), KernelWeighing(words).weigh(tokens)
    assert np.array_equal(plain.starts, quick.starts)
    assert np.array_equal(plain.totals, quick.totals)
    assert np.array_equal(plain.numbered, quick.numbered)
    rows, least = np.arange(len(texts)), LeastLikeness(0.2, 0.2)
    slow, fast = (
        join(plain, rows, words, 3).match(weighed, rows, least)
        for join, weighed in ((PlainJoin, plain), (IndexedJoin, quick))
    )
    assert np.array_equal(slow.likeness, fast.likeness)
    assert np.array_equal(slow.rows, fast.rows)
    assert (slow.likeness > 0).sum() > 20


def check_swaps(texts: Sequence[str]) -> None:
    """Take terms out of texts, and compare which rests are equal."""
    column = pl.Series([f"{text} she is {text}" for text in texts])
    terms = {"one": ("she", "the", "again"), "two": ("same long", "number")}
    plain, quick = (read(column, terms).sort("kind", "at") for read in (identity_swaps, term_swaps))
    assert quick.select("kind", "at").equals(plain.select("kind", "at"))
    keys = quick.select("rest", "terms").hstack(plain.select(a="rest", b="terms"))
    assert keys.n_unique() == keys.select("rest", "terms").n_unique() > len(texts) / 2


def check_masks(rows: Sequence[bytes]) -> None:
    """Look for masks of patterns in rows of any bytes, and compare every hit."""
    from ftaudit.similarity.kernels.mask_hits import list_hits

    patterns = ["ab", "[0-9]{2}[a-z]{3,}", "w[^x]rd +[a-z]", r"[\x{80}-\x{10FFFF}]c", "x{12}"]
    arrays = mask_arrays(derive_tables(patterns), patterns)
    offsets = np.cumsum([0, *map(len, rows)])
    data = np.frombuffer(b"".join(rows), np.uint8)
    stamps, hits = np.full(len(patterns), -1), np.empty(len(rows) // 2, np.int64)
    first, got = 0, []
    while first < len(rows):
        first, end = list_hits(data, offsets, first, *astuple(arrays.read), stamps, hits)  # type: ignore[call-arg] # numba's own types
        got += hits[:end].tolist()
    assert sorted(got) == plain_hits(arrays, data, offsets).tolist()
    assert {hit & 0xFFFFFFFF for hit in got} == {*range(len(patterns))}


def watch() -> tuple[set[str], set[str]]:
    """Load every module of kernels; return what Python is to call of it, and what it has called.

    The second fills up. A kernel that another kernel calls is run by that one. The modules are
    imported here: most kernels with bounds checked cannot be kept, so compiling them in other
    processes first, as a scan does, would be done for nothing.
    """
    from numba.core.dispatcher import Dispatcher

    names = [path.stem for path in sorted(KERNELS.glob("[!_]*.py"))]
    every, inner, called = {}, set(), set()
    for name in names:
        module = import_module(f"ftaudit.similarity.kernels.{name}")
        for found, kernel in vars(module).items():
            if isinstance(kernel, Dispatcher) and kernel.py_func.__module__ == module.__name__:
                inner.update(kernel.py_func.__code__.co_names)
                every[found] = (module, kernel)
    outer = every.keys() - inner

    def call(name: str, *arguments: object) -> object:
        called.add(name)
        return every[name][1](*arguments)

    for name in outer:
        setattr(every[name][0], name, partial(call, name))
    return {*outer}, called


def passages(draw: random.Random) -> list[bytes]:
    """Return bytes that share long runs, cut, mixed and put between others; some are no UTF-8."""
    prompts = [
        b"You are a helpful assistant. Today is Monday, 4 March 2024 (2024-03-04, 12:30). Hi: ",
        "你是一个乐于助人的助手。请回答用户的问题。\n".encode(),
        b"\xff\xfe one \x80\x80 two \xe3 three \xe3\x80 four five SIX s\xc3\xa9ven eight; nine\r\n",
        b"Write a short and friendly text about {} that we sell in our shop in fifty words.",
    ]
    texts = [
        b"".join(
            draw.choice((draw.choice(prompts), draw.randbytes(draw.randint(0, 30)), b" 7 of 9. "))
            for _ in range(draw.randint(0, 5))
        )
        for _ in range(600)
    ]
    texts += [b"", b"a", b"\xe3", b"\x80", b".", prompts[0][: draw.randint(1, 80)], prompts[1][:-2]]
    return [*texts, prompts[2] * 4_000, draw.randbytes(1 << 16), *prompts]


def main() -> None:
    gc.disable()  # compiling leaves little garbage
    draw = random.Random(5)  # noqa: S311 - made-up bytes
    outer, called = watch()
    from ftaudit.similarity.kernels.byte_blocks import PAD, load

    try:
        load(np.zeros(PAD, np.uint8), PAD - 7)
    except IndexError:
        print("bounds are checked")  # noqa: T201 - a script
    bytes_rows = [draw.randbytes(draw.randint(0, 40)) for _ in range(1_500)]
    bytes_rows += [b"", b"a", b"\xff", b"\x80" * 9, b" ", b"ab cd", b"ab cd ef", b"\xc3" * 6]
    bytes_rows += [bytes(draw.choices(b"ab \xc3\xa9", k=k)) for k in range(64)]
    bytes_rows += [b"word " * 14_000, draw.randbytes(1 << 16), b"x" * (1 << 16)]
    check_bytes(bytes_rows)
    check_pieces(bytes_rows)
    check_word_sums(draw, bytes_rows)
    check_masks([*bytes_rows, b"12abc", b"word w", b"\xc3\xa9c" * 3])
    assert broken_promises([*odd_lines(5, 400), *bytes_rows]) == []
    shared = passages(draw)
    check_passages(shared)
    check_boilerplate([None, None, *(text.decode(errors="replace") for text in shared)])
    texts: list[str | None] = [
        "".join(draw.choices(FRAGMENTS, k=draw.randint(0, 14))) for _ in range(300)
    ]
    texts += [None, "", "a", "\n", *(f"{t} again" for t in texts[:40] if t), *texts[40:60]]
    texts += [f"the same long sentence about number {i} and nothing else" for i in range(30)]
    texts += ["big " * 70_000, "big " * 69_999 + "end"]
    draw.shuffle(texts)
    for method, shingles_of, most in (
        ("exact", "char5", 4096),
        ("exact", "word3", 2),
        ("minhash", "char5", 2),
        ("minhash", "word3", 4096),
    ):
        check_relation(texts, 0.5, method=method, shingles=shingles_of, full_cluster=most)
    check_index(texts)
    labels = draw.choices(("one", " One", "TWO", "three", None), k=len(texts))
    check_suspects(texts, labels)
    check_rewordings([text or "" for text in texts[:300]])
    check_swaps([text or "" for text in texts])
    long = [" ".join(draw.choices(FRAGMENTS, k=draw.randint(20, 90))) for _ in range(80)]
    check_containment([*long, None, "", "big " * 250_000], parts(draw, long))
    print("equal to plain Python")  # noqa: T201 - a script
    print("not run:", *sorted(outer - called))  # noqa: T201 - a script


def parts(draw: random.Random, texts: Sequence[str]) -> list[str]:
    """Return stretches of texts, some with another word in between; and texts of their own."""
    found = ["", "a", "big big big", "".join(draw.choices(FRAGMENTS, k=60))]
    for text in texts:
        some = text.split(" ")
        start = draw.randrange(len(some) // 2)
        part = some[start : start + draw.randint(8, 60)]
        part[-1] = draw.choice((part[-1], "odd"))
        found.append(" ".join(part))
    return found


if __name__ == "__main__":
    main()
