"""A sieve lets through every text with a match."""

import random
from itertools import islice

import polars as pl
import pytest

from ftaudit.privacy.marking_scanner import MARKINGS
from ftaudit.privacy.patterns import pattern_sieve, prefilter
from ftaudit.privacy.patterns.pattern_search import compile_
from ftaudit.privacy.patterns.pattern_sieve import derive_sieve
from ftaudit.privacy.patterns.prefilter import Prefilter
from ftaudit.privacy.secrets.secret_scanner import engine
from tests.privacy.written_matches import match_of

Candidates = list[tuple[int, str, list[int]]]

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
TEXTS = (
    "abcdef\x0bghijkl",
    "abcdefxghijkl",
    "abcdefeeghijkl",
    "abcdef{,3}ghijkl",
    "abcdefx]ghijkl",
    "STRAßENKO\u017fTEN123456",
    "x7y",
    "nothing",
)


def candidates(patterns: list[str], texts: pl.Series, *, sieved: bool) -> Candidates:
    sieve = derive_sieve(patterns) if sieved else None
    return list(Prefilter(patterns, sieve).candidates(texts))


def test_a_match_of_every_rule_passes() -> None:
    patterns = [*(rule.pattern for rule in engine()[0]), *(m.pattern for m in MARKINGS)]
    source = random.Random(1)  # noqa: S311 - a fixed seed
    texts: list[str] = []
    for pattern in patterns:
        compiled = compile_(pattern)
        writings = (match_of(pattern, source) for _ in range(50))
        matches = list(islice(filter(compiled.search, writings), 3))
        assert matches, pattern
        texts += [f"{around}{text}{around}" for text in matches for around in ("", " ", "\nword\n")]
    column = pl.Series(texts)
    assert candidates(patterns, column, sieved=True) == candidates(patterns, column, sieved=False)


@pytest.mark.parametrize("pattern", ODD)
def test_odd_syntax_loses_nothing(pattern: str) -> None:
    column = pl.Series(TEXTS)
    plain = candidates([pattern], column, sieved=False)
    assert plain
    assert candidates([pattern], column, sieved=True) == plain


def test_it_rules_out_texts_with_parts_of_a_match_only() -> None:
    (group,) = derive_sieve([r"\bghp_[0-9A-Za-z]{36}\b"]).groups
    assert [bool(compile_(group.sieve).search(t)) for t in ("ghp_0aZ9", "ghp_", "0aZ9")] == [
        True,
        False,
        False,
    ]


def test_a_sieve_too_large_to_compile_rules_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern_sieve, "usable", lambda _: False)
    assert candidates(["abcdef"], pl.Series(["", "abcdef"]), sieved=True) == [(1, "abcdef", [0])]


def test_what_runs_out_of_memory_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = ["abcdef", "ghijkl"]
    searched = Prefilter(patterns, derive_sieve(patterns))
    monkeypatch.setattr(searched, "_sieve", lambda _: [])  # as RE2 answers then
    assert list(searched.candidates(pl.Series(["x", "xghijkl"]))) == [(1, "xghijkl", [1])]


def test_without_re2_a_sieve_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefilter, "load_re2", lambda: None)
    sieve = derive_sieve(["abcdef"])
    assert list(Prefilter(["abcdef"], sieve).candidates(pl.Series(["x abcdef"]))) == [
        (0, "x abcdef", [0])
    ]
