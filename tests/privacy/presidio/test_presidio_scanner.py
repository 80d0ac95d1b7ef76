import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from ftaudit.model.errors import UsageError
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.patterns import prefilter
from ftaudit.privacy.presidio import library_versions, presidio_scanner, registry
from ftaudit.privacy.presidio.presidio_scanner import (
    PresidioOptions,
    PresidioScanner,
)
from ftaudit.privacy.presidio.recognizer_guard import RecognizerError
from ftaudit.privacy.search import Search
from tests.bench import pii_corpus

OWN = "tests.privacy.presidio.own_recognizers"
TEXTS = pl.Series(
    [
        "my phone number is 212-555-5555, mail ann@example.com",
        None,
        "",
        "nothing here",
        "my phone number is 212-555-5555, mail ann@example.com",
        "ticket TK-1235 and TK-1234, card 4111 1111 1111 1111",
    ]
)


@pytest.fixture(autouse=True)
def _fresh_engines() -> Iterator[None]:
    presidio_scanner.forget()
    yield
    presidio_scanner.forget()


def test_spans_are_found_with_their_place_score_and_recognizer() -> None:
    found = dict(PresidioScanner().find(TEXTS))
    assert sorted(found) == [0, 4, 5]
    assert found[0] == found[4] == [
        Span("PHONE_NUMBER", 19, 31, 0.75, "PhoneRecognizer"),
        Span("EMAIL_ADDRESS", 38, 53, 1.0, "EmailRecognizer"),
        Span("URL", 42, 53, 0.5, "UrlRecognizer"),
    ]  # fmt: skip
    assert found[5] == [Span("CREDIT_CARD", 33, 52, 1.0, "CreditCardRecognizer")]


def test_a_column_of_nulls_holds_nothing() -> None:
    assert list(PresidioScanner().find(pl.Series([None, None]))) == []
    assert list(PresidioScanner().find(pl.Series([], dtype=pl.String))) == []


def test_options_travel_between_processes_and_share_an_engine() -> None:
    options = PresidioOptions(countries=("us", "sg"), entities=("SG_NRIC_FIN",))
    assert pickle.loads(pickle.dumps(options)) == options  # noqa: S301 - our own bytes
    scanner = pickle.loads(pickle.dumps(PresidioScanner(options)))  # noqa: S301 - as above
    assert scanner.coverage() is PresidioScanner(options).coverage()


def test_only_the_entities_asked_for_are_found() -> None:
    scanner = PresidioScanner(PresidioOptions(entities=("EMAIL_ADDRESS", "URL")))
    assert {s.entity for _, spans in scanner.find(TEXTS) for s in spans} == {"EMAIL_ADDRESS", "URL"}
    assert set(scanner.coverage().entities) == {"EMAIL_ADDRESS", "URL"}


def test_an_entity_that_nothing_searches_is_refused() -> None:
    with pytest.raises(UsageError, match="no recognizer searches PERSON"):
        list(PresidioScanner(PresidioOptions(entities=("PERSON",))).find(TEXTS))


def test_coverage_says_what_is_searched_by_what_and_where() -> None:
    covered = PresidioScanner().coverage()
    assert covered.entities["PHONE_NUMBER"] == ("PhoneRecognizer",)
    assert not {"PERSON", "LOCATION", "NRP", "ORGANIZATION"} & set(covered.entities)
    assert covered.always == ()
    assert covered.languages == ("en",)
    assert covered.countries == ("uk", "us")
    assert {"presidio-analyzer", "phonenumbers"} <= set(covered.versions)
    assert covered.plain == ""


def test_every_recognizer_of_presidio_has_a_prefilter() -> None:
    languages = ("en", "es", "it", "pl", "de", "fi", "ko", "kr", "sv", "th", "tr", "fr")
    options = PresidioOptions(languages=languages, countries=tuple(registry.known_countries()))
    assert PresidioScanner(options).coverage().always == ()


def test_a_users_recognizer_is_prefiltered_without_doing_anything() -> None:
    scanner = PresidioScanner(PresidioOptions(recognizers=(f"{OWN}:Ticket",)))
    assert scanner.coverage().always == ()
    tickets = [s for _, spans in scanner.find(TEXTS) for s in spans if s.entity == "TICKET"]
    assert tickets == [Span("TICKET", 7, 14, 0.3 + 0.35, "Ticket")]


@pytest.mark.parametrize("name", ["Vowels", "Twice"])
def test_a_recognizer_that_decides_where_to_look_sees_every_row(name: str) -> None:
    scanner = PresidioScanner(PresidioOptions(recognizers=(f"{OWN}:{name}",)))
    assert scanner.coverage().always == (PresidioScanner(scanner.options).coverage().always)
    assert len(scanner.coverage().always) == 1
    texts = pl.Series(["a b ou tk-1111", "x", None])
    assert [i for i, _ in scanner.find(texts)] == [0]


def test_a_context_rule_of_its_own_is_served_by_plain_presidio() -> None:
    scanner = PresidioScanner(PresidioOptions(recognizers=(f"{OWN}:Ruling",)))
    assert "rule of its own" in scanner.coverage().plain
    tickets = [s for _, spans in scanner.find(TEXTS) for s in spans if s.entity == "TICKET"]
    assert [s.score for s in tickets] == [1.0]


@pytest.mark.parametrize("plain", [False, True])
def test_a_crashing_recognizer_is_named_and_its_text_is_not(
    monkeypatch: pytest.MonkeyPatch, *, plain: bool
) -> None:
    if plain:
        monkeypatch.setattr(library_versions, "PROVEN", frozenset())
    scanner = PresidioScanner(PresidioOptions(recognizers=(f"{OWN}:Leaking",)))
    with pytest.raises(RecognizerError, match="raised ValueError") as caught:
        list(scanner.find(TEXTS))
    error = caught.value
    assert "TK-" not in str(error)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own bytes


def test_a_pattern_that_takes_too_long_is_an_error_and_never_a_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ftaudit.privacy.presidio.matchers.REGEX_TIMEOUT_SECONDS", 0.05)
    scanner = PresidioScanner(PresidioOptions(entities=("SLOW",), recognizers=(f"{OWN}:Slow",)))
    with pytest.raises(RecognizerError, match="recognizer Slow raised TimeoutError"):
        list(scanner.find(pl.Series(["q1 " + "q" * 60 + " "])))


def test_versions_that_were_not_proven_take_the_plain_path_and_say_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = list(PresidioScanner().find(TEXTS))
    presidio_scanner.forget()
    monkeypatch.setattr(library_versions, "PROVEN", frozenset())
    assert "not been proven" in PresidioScanner().coverage().plain
    assert set(PresidioScanner().coverage().always) >= {"EmailRecognizer", "UrlRecognizer"}
    assert list(PresidioScanner().find(TEXTS)) == expected


def test_without_re2_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pl.Series(pii_corpus.fuzzed(300, seed=21) + pii_corpus.dense(20, seed=21) + [""])
    expected = list(PresidioScanner().find(rows))
    presidio_scanner.forget()
    monkeypatch.setattr(prefilter, "load_re2", lambda: None)
    monkeypatch.setattr("ftaudit.privacy.presidio.pattern_run.load_re2", lambda: None)
    monkeypatch.setattr(presidio_scanner, "load_re2", lambda: None)
    assert list(PresidioScanner().find(rows)) == expected
    assert len(expected) > 100


def test_where_the_column_is_cut_changes_nothing() -> None:
    rows = pl.Series(pii_corpus.fuzzed(120, seed=22))
    whole = list(PresidioScanner().find(rows))
    parts = [
        (start + i, spans)
        for start in range(0, 120, 7)
        for i, spans in PresidioScanner().find(rows[start : start + 7])
    ]
    assert parts == whole


def test_naming_the_scanner_loads_neither_presidio_nor_spacy() -> None:
    code = (
        "import sys; from ftaudit.privacy.presidio.presidio_scanner import PresidioScanner;"
        "PresidioScanner();"
        "sys.exit(bool({'presidio_analyzer', 'spacy', 'tldextract', 're2'} & set(sys.modules)))"
    )
    run = [sys.executable, "-c", code]
    assert subprocess.run(run, cwd=Path(__file__).parents[2], check=False).returncode == 0  # noqa: S603 - our own code


def test_presidio_is_loaded_only_when_a_text_passes_the_prefilters() -> None:
    list(PresidioScanner().find(TEXTS))  # the prefilters are in the user's cache from then on
    code = (
        "import sys, polars as pl; from ftaudit.privacy.search import Search;"
        "found = list(Search().find(pl.Series(['nothing here', None, 'words and words'])));"
        "loaded = {'presidio_analyzer', 'spacy', 'phonenumbers'} & set(sys.modules);"
        "sys.exit(bool(found or loaded))"
    )
    list(Search().find(TEXTS))
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code
