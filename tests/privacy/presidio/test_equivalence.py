"""The two-stage scan finds what plain Presidio finds, on a sample of `make equivalence`."""

import polars as pl
import pytest
from presidio_analyzer import AnalyzerEngine

from ftaudit.privacy.presidio import plain_analyzer, registry
from ftaudit.privacy.presidio.blank_nlp import BlankNlpEngine
from tests.bench import equivalence, pii_corpus

pytestmark = pytest.mark.long


def test_every_suite_agrees_with_plain_presidio() -> None:
    findings = 0
    for name, both, rows in equivalence.suites(0.04):
        found, wrong = both.differences(rows)
        findings += found
        assert not wrong, (name, wrong[0])
    assert findings > 1_000


def test_plain_is_what_presidio_builds_by_itself() -> None:
    registry.stay_offline_and_silent()
    theirs = AnalyzerEngine(nlp_engine=BlankNlpEngine(), supported_languages=["en"])
    plain = plain_analyzer.PlainAnalyzer(registry.load(("en",)))
    rows = pii_corpus.fuzzed(150, seed=31) + pii_corpus.dense(10, seed=31)
    found = dict(plain.find(pl.Series(rows)))
    for i, row in enumerate(rows):
        expected = {
            (r.entity_type, r.start, r.end, r.score, r.recognition_metadata["recognizer_name"])
            for r in theirs.analyze(row, "en")
        }
        assert set(found.get(i, [])) == expected
