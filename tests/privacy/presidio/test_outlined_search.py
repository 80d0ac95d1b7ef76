"""What outlines of recognizers tell is what Presidio finds; of other texts they tell nothing."""

from collections import Counter
from collections.abc import Iterator

import polars as pl
import pytest

from ftaudit.privacy.findings.doubt import RAISED, THRESHOLD
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.patterns.prefilter import Prefilter
from ftaudit.privacy.presidio import presidio_scanner
from ftaudit.privacy.presidio.presidio_scanner import PresidioOptions, PresidioScanner
from ftaudit.privacy.presidio.score_floor import ScoreFloor
from tests.bench import pii_corpus


@pytest.fixture(autouse=True)
def _fresh_engines() -> Iterator[None]:
    presidio_scanner.forget()
    yield
    presidio_scanner.forget()


def test_outlines_tell_what_presidio_finds() -> None:
    options = PresidioOptions()
    shapes = PresidioScanner(options).shapes()
    assert shapes is not None
    rows = [
        *pii_corpus.fuzzed(400, seed=12),
        *pii_corpus.dense(20, seed=12),
        *(f"The rate is bad.This is no official rate {i}, at £{i} a day" for i in range(12)),
        "call 212-555-0147 today",
        "ring 020 7946 0958, my phone",
    ]
    outlined = presidio_scanner.outlined_search(options)
    search = presidio_scanner.full_search(options)
    outcomes: Counter[str] = Counter()
    for hit in Prefilter(shapes).candidates(pl.Series(rows)):
        spans = outlined.spans(hit[1], hit[2])
        if spans is None:
            outcomes["left to presidio"] += 1
            continue
        assert spans == dict(search.search_hits([hit])).get(hit[0], []), hit
        outcomes["nothing" if not spans else "some"] += 1
    assert min(outcomes.values()) > 5
    assert len(outcomes) == 3


def test_below_a_floor_nothing_needs_to_be_found_and_above_it_everything_is() -> None:
    options, floor = PresidioOptions(whole_words=True), ScoreFloor(THRESHOLD, {}, RAISED)
    shapes = PresidioScanner(options).shapes()
    assert shapes is not None
    rows = [
        *pii_corpus.fuzzed(300, seed=21),
        *pii_corpus.dense(20, seed=21),
        *(f"{word} A1234567 and 12345678" for word in ("driver's", "public", "licenses", "bank")),
    ]
    outlined = presidio_scanner.outlined_search(options)
    search = presidio_scanner.full_search(options)
    fewer = 0
    for hit in Prefilter(shapes).candidates(pl.Series(rows)):
        every = dict(search.search_hits([hit])).get(hit[0], [])
        above = dict(search.search_hits([hit], floor)).get(hit[0], [])
        least = [span for span in every if span.score >= floor.of(span.entity)]
        assert [span for span in above if span.score >= floor.of(span.entity)] == least, hit
        told = outlined.spans(hit[1], hit[2], floor)
        assert told is None or [s for s in told if s.score >= floor.of(s.entity)] == least, hit
        fewer += len(above) < len(every)
    assert fewer > 20


def test_presidio_is_not_loaded_for_what_outlines_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pl.Series(["The rate is bad.This is no rate", "an extra £1 fee", "nothing"])
    with monkeypatch.context() as patch:
        patch.setattr(presidio_scanner, "full_search", pytest.fail)
        found = list(PresidioScanner().find(texts))
    assert found == [(0, [Span("URL", 12, 18, 0.5, "UrlRecognizer")])]


def test_from_the_first_text_that_needs_presidio_on_it_is_asked() -> None:
    texts = ["The rate is bad.This is no rate", "card 4111 1111 1111 1111", "is bad.This is a rate"]
    found = dict(PresidioScanner().find(pl.Series(texts)))
    assert {at: [span.entity for span in spans] for at, spans in found.items()} == {
        0: ["URL"],
        1: ["CREDIT_CARD"],
        2: ["URL"],
    }
