"""Masks rule out no text in which a pattern is found, read plainly or with the kernel."""

import random
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.privacy.patterns import mask_search, masked_prefilter, prefilter
from ftaudit.privacy.patterns.mask_layout import derive_masks_of, derive_tables, masks_in
from ftaudit.privacy.patterns.mask_search import find_masks
from ftaudit.privacy.patterns.mask_tables import MaskArrays, MaskTables, mask_arrays, pattern_digest
from ftaudit.privacy.patterns.masked_prefilter import MaskedPrefilter
from ftaudit.privacy.patterns.pattern_cache import read_shipped
from ftaudit.privacy.patterns.pattern_search import compile_
from ftaudit.privacy.patterns.prefilter import Prefilter
from ftaudit.privacy.patterns.re2_shape import read_shape
from ftaudit.privacy.patterns.regex_ir import Alt, Chars, Node, Repeat, Seq, least, to_re2
from ftaudit.privacy.patterns.shipped_masks import PERSONAL, SECRETS, file_of, masked
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import engine
from tests.conftest import examples
from tests.privacy.written_matches import match_of

Candidates = list[tuple[int, str, list[int]]]

FOREIGN = "é\u017f\u212aЖ界א😀\U0010ffff\x80"
AROUND = (("", ""), (" ", "."), ("x", "9"), ("é", "界"), ("\x00\U0001f600", "\x7f\n"))
ODD = (
    r"abcdef\Sghijkl",
    r"abcdef[^\s\"]ghijkl",
    r"abcdef[\S]ghijkl",
    r"abcdef\pLghijkl",
    r"abcdef{,3}ghijkl",
    r"abcdef[[\x{5d}x]]ghijkl",
    r"(?i)straßenkosten\d{5,9}",
    r"x[0-9]y",
)
"""Syntax that Python's parser reads otherwise than RE2, or not at all."""
ODD_TEXTS = pl.Series(
    [
        *("abcdef\x0bghijkl", "abcdefxghijkl", "abcdefeeghijkl", "abcdef{,3}ghijkl"),
        *("abcdefx]ghijkl", "STRAßENKO\u017fTEN123456", "x7y", "nothing", None, ""),
    ]
)


def written(node: Node, source: random.Random) -> str:
    """Write a match of a shape."""
    match node:
        case Chars(ascii_, other):
            foreign = other and (not ascii_ or source.random() < 0.1)
            return source.choice(FOREIGN if foreign else [chr(c) for c in sorted(ascii_)])
        case Seq(items):
            return "".join(written(item, source) for item in items)
        case Alt(branches):
            return written(source.choice(branches), source)
        case Repeat(low, high, item):
            times = source.randint(low, low + 3 if high is None else high)
            return "".join(written(item, source) for _ in range(times))


@cache
def usual(name: str) -> tuple[str, ...]:
    if name == PERSONAL:
        return Search().shapes() or ()
    return tuple(rule.pattern for rule in engine()[0])


def a_match(name: str, pattern: str, source: random.Random) -> str:
    """Write a match of a usual pattern; prefilters of personal data match what their shape does."""
    if name == SECRETS:
        compiled = compile_(pattern)
        writings = (match_of(pattern, source) for _ in range(99))
        return next(text for text in writings if compiled.search(text))
    shape = read_shape(pattern)
    assert shape is not None
    return written(shape, source)


@cache
def column(name: str) -> pl.Series:
    """Return texts with matches of every usual pattern, whole, cut, and cut over two texts."""
    source = random.Random(7)  # noqa: S311 - a fixed seed
    texts: list[str | None] = [None, ""]
    for pattern in usual(name):
        for before, after in source.sample(AROUND, 2):
            text = a_match(name, pattern, source)
            cut = source.randrange(len(text) + 1)
            texts += [before + text + after, text[1:], text[:-1], text[:cut], text[cut:]]
    return pl.Series(texts, dtype=pl.String)


@cache
def arrays(name: str) -> MaskArrays:
    return mask_arrays(shipped(name), tuple(dict.fromkeys(usual(name))))


def hits(name: str, texts: pl.Series) -> set[tuple[int, int]]:
    found = find_masks(arrays(name), texts)
    pairs = list(zip(found.texts.tolist(), found.patterns.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    return set(pairs)


def shipped(name: str) -> MaskTables:
    tables = read_shipped(file_of(name), MaskTables)
    assert tables is not None, "run python -m tests.privacy.ship_patterns"
    return tables


@pytest.mark.parametrize("name", [PERSONAL, SECRETS])
def test_what_is_found_is_what_is_found_without_masks(name: str) -> None:
    texts = column(name)
    plain = list(Prefilter(usual(name)).candidates(texts))
    assert list(masked(usual(name), name).candidates(texts)) == plain
    found = {i for _, _, every in plain for i in every}
    assert len(found) > 0.9 * len(usual(name))


@pytest.mark.parametrize("name", [PERSONAL, SECRETS])
def test_the_kernel_finds_what_is_found_plainly(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mask_search, "_BLOCK", 1_000)
    plain = hits(name, column(name))
    monkeypatch.setattr(mask_search, "_PLAIN", -1)
    assert hits(name, column(name)) == plain
    assert len(plain) > len(usual(name))


@pytest.mark.parametrize("most", [1 << 60, -1], ids=["plain", "kernel"])
def test_no_mask_reaches_over_two_texts(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(mask_search, "_PLAIN", most)
    texts = column(SECRETS)[:200]
    together = hits(SECRETS, texts)
    apart = {
        (at, pattern)
        for at in range(len(texts))
        for _, pattern in hits(SECRETS, texts[at : at + 1])
    }
    assert together == apart


def test_where_many_are_found_or_re2_is_not_there_the_same_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patterns = ["ab[0-9]", "cdef", "xyz", "cdef", "[a-z]"]
    texts = pl.Series(["ab1 cdef", None, "xyz", "ab1 cdef xyz", "9", ""])
    search = MaskedPrefilter(patterns, derive_tables(patterns[:4]))
    plain = list(search.candidates(texts))
    assert plain == list(Prefilter(patterns).candidates(texts))
    monkeypatch.setattr(masked_prefilter, "_MANY", 1)
    assert list(search.candidates(texts)) == plain
    for module in (prefilter, masked_prefilter):
        monkeypatch.setattr(module, "load_re2", lambda: None)
    without = MaskedPrefilter(patterns, derive_tables(patterns[:4]))
    assert list(without.candidates(texts)) == plain


@pytest.mark.parametrize("pattern", ODD)
def test_odd_syntax_loses_nothing(pattern: str) -> None:
    found = list(Prefilter([pattern]).candidates(ODD_TEXTS))
    assert found
    search = MaskedPrefilter([pattern], derive_tables([pattern]))
    assert list(search.candidates(ODD_TEXTS)) == found


CHARS = st.builds(Chars, st.frozensets(st.sampled_from(b"ak1. "), max_size=3), st.booleans())
NODES: st.SearchStrategy[Node] = st.recursive(
    CHARS.filter(lambda chars: bool(chars.ascii) or chars.other),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: Seq(tuple(items))),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Alt(tuple(items))),
        st.builds(
            lambda low, more, item: Repeat(low, None if more is None else low + more, item),
            st.integers(0, 3),
            st.none() | st.integers(0, 2),
            inner,
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=examples(25))
@given(
    st.lists(NODES.filter(least), min_size=1, max_size=4),
    st.lists(st.text("akK1. é界😀\x00", max_size=12), max_size=8),
    st.randoms(use_true_random=False),
)
def test_made_up_patterns_are_found_as_without_masks(
    nodes: list[Node], texts: list[str], source: random.Random
) -> None:
    patterns = list(map(to_re2, nodes))
    whole = pl.Series([*texts, *(written(node, source) for node in nodes)], dtype=pl.String)
    search = MaskedPrefilter(patterns, derive_tables(patterns))
    assert list(search.candidates(whole)) == list(Prefilter(patterns).candidates(whole))


def test_usual_patterns_have_masks_as_they_are_derived() -> None:
    for name in (PERSONAL, SECRETS):
        masks = masks_in(shipped(name))
        with_masks = [pattern for pattern in usual(name) if pattern_digest(pattern) in masks]
        assert len(with_masks) > 0.97 * len(usual(name)), (
            "run python -m tests.privacy.ship_patterns"
        )
        for pattern in with_masks[3::47]:
            assert masks[pattern_digest(pattern)] == derive_masks_of(pattern)


def test_patterns_without_masks_are_searched_for_in_every_text() -> None:
    unusual = [*usual(SECRETS), "never (?:seen|heard)"]
    texts = pl.Series(["has never seen it", "nothing", "password: hunter2-Xy"])
    assert list(masked(unusual, SECRETS).candidates(texts)) == list(
        Prefilter(unusual).candidates(texts)
    )
