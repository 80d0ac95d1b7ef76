"""Runs of words that training shares with a benchmark: equal to a search without any index."""

import random
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl
import pytest

from ftaudit.model.progress import Silent
from ftaudit.similarity.index.passage_matching import SHARED, PassageMatcher
from ftaudit.similarity.index.passages import LONG, SHORT, read_passages
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.normalisation import prepared

VOCABULARY = [f"w{i}" for i in range(40)]


class Covered(NamedTuple):
    """What one text covers of a row."""

    share: float
    longest: int
    passage: bool


def matcher(texts: Sequence[str], least: float = 0.5) -> PassageMatcher:
    load_kernels(Silent(), "shingle_rows", "passage_grams")
    return PassageMatcher(read_passages(views(prepared(pl.Series(texts)))), least)


def grams(text: str, size: int) -> list[tuple[str, ...]]:
    words = text.split()
    return [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]


def cover(row: str, text: str, telling: set[tuple[str, ...]]) -> Covered:
    """Return what a text covers of a row, word by word."""
    have = set(grams(text, SHORT))
    marks = [False] * len(row.split())
    for i, gram in enumerate(grams(row, SHORT)):
        if gram in have:
            marks[i : i + SHORT] = [True] * SHORT
    stretches = "".join("x" if mark else " " for mark in marks).split()
    passage = any(g in telling for g in {*grams(text, LONG)} & {*grams(row, LONG)})
    return Covered(sum(marks) / max(1, len(marks)), max(map(len, stretches), default=0), passage)


def telling_of(rows: Sequence[str], size: int) -> set[tuple[str, ...]]:
    every = [set(grams(row, size)) for row in rows]
    return {g for own in every for g in own if sum(g in other for other in every) <= SHARED}


def expected(rows: Sequence[str], text: str, least: float) -> tuple[object, ...] | None:
    """Return the row that a text covers most of, by brute force over all rows."""
    short, long = telling_of(rows, SHORT), telling_of(rows, LONG)
    seen = set(grams(text, SHORT))
    compared = {
        e: cover(row, text, long)
        for e, row in enumerate(rows)
        if seen & ({*grams(row, SHORT)} & short or {*grams(row, SHORT)})
    }
    enough = sum(c.share >= least for c in compared.values())
    kept = {e: c for e, c in compared.items() if c.share >= least or c.passage}
    if not kept:
        return None
    best = min(kept, key=lambda e: (-kept[e].share, -kept[e].longest, e))
    return (best, *kept[best], enough)


def made_up(seed: int) -> tuple[list[str], list[str]]:
    """Return rows that share phrases, and texts that hold parts of them."""
    draw = random.Random(seed)  # noqa: S311 - made-up words
    phrase = draw.choices(VOCABULARY, k=14)
    rows = []
    for i in range(30):
        own = draw.choices(VOCABULARY, k=draw.randint(1, 40))
        rows.append(" ".join([*phrase, *own] if i % 2 else own))
    texts = []
    for _ in range(60):
        words: list[str] = []
        for _ in range(draw.randint(1, 3)):
            part = draw.choice(rows).split()
            low = draw.randrange(len(part))
            words += part[low : low + draw.randint(1, 40)]
            words += draw.choices(VOCABULARY, k=draw.randint(0, 5))
        texts.append(" ".join(words))
    return rows, ["", *texts]


@pytest.mark.parametrize("seed", range(4))
def test_what_a_text_covers_is_what_a_search_word_by_word_finds(seed: int) -> None:
    rows, texts = made_up(seed)
    matches = matcher(rows).match(
        pl.Series(range(len(texts)), dtype=pl.UInt64), prepared(pl.Series(texts))
    )
    found = {row[0]: row[1:] for row in matches.rows.iter_rows()}
    plain = {i: expected(rows, text, 0.5) for i, text in enumerate(texts)}
    assert found == {i: covered for i, covered in plain.items() if covered is not None}
    assert len(found) > 20


@pytest.mark.parametrize("seed", range(2))
def test_runs_that_occur_anywhere_are_counted_over_all_texts(seed: int) -> None:
    rows, texts = made_up(seed)
    check = matcher(rows)
    matches = check.match(pl.Series(range(len(texts)), dtype=pl.UInt64), prepared(pl.Series(texts)))
    have = {size: {g for text in texts for g in grams(text, size)} for size in (SHORT, LONG)}
    shares = [
        sum(g in have[SHORT] for g in grams(row, SHORT)) / max(1, len(grams(row, SHORT)))
        for row in rows
    ]
    assert check.occurring_share(matches.short).tolist() == shares
    telling = telling_of(rows, LONG)
    passages = [any(g in have[LONG] & telling for g in grams(row, LONG)) for row in rows]
    assert check.with_passage(matches.long).tolist() == passages
    assert any(passages)
    assert check.too_short == sum(len(row.split()) < SHORT for row in rows)


def test_one_word_a_million_times_and_a_row_of_it_are_matched_in_linear_time() -> None:
    check = matcher(["big " * 50_000, "big small " * 20_000, "a b c d e f g h i"])
    texts = prepared(pl.Series(["big " * 1_000_000, "big small " * 500_000]))
    matches = check.match(pl.Series([3, 4], dtype=pl.UInt64), texts)
    assert matches.rows["share"].to_list() == [1.0, 1.0]
    assert matches.rows["longest"].to_list() == [50_000, 40_000]
