import logging
import socket
from pathlib import Path

import pytest
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.predefined_recognizers import EmailRecognizer, IbanRecognizer

from ftaudit.model.errors import InputError, UsageError
from ftaudit.privacy.presidio import library_versions, registry
from ftaudit.privacy.presidio.blank_nlp import BlankNlpEngine


def names(languages: tuple[str, ...], countries: tuple[str, ...] | None = None) -> set[str]:
    return {r.name for r in registry.load(languages, countries)}


def test_the_default_recognizers_are_presidios_own() -> None:
    registry.stay_offline_and_silent()
    theirs = AnalyzerEngine(nlp_engine=BlankNlpEngine(), supported_languages=["en"])
    found = {str(vars(r)["name"]) for r in theirs.get_recognizers("en")}
    assert names(("en",)) == found - {"SpacyRecognizer"}


def test_a_country_turns_on_all_its_recognizers_and_no_others() -> None:
    found = names(("en",), ("sg",))
    assert {"SgFinRecognizer", "SgUenRecognizer", "EmailRecognizer"} <= found
    assert not {n for n in found if n.startswith(("Us", "Nhs", "Au"))}


def test_a_country_is_searched_also_where_its_language_is_not() -> None:
    found = registry.load(("en",), ("de",))
    german = [r for r in found if r.country_code() == "de"]
    assert len(german) >= 10
    assert {r.supported_language for r in german} == {"en"}


def test_no_country_leaves_what_is_the_same_everywhere() -> None:
    assert all(r.country_code() is None for r in registry.load(("en",), ()))


def test_an_unknown_country_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"country gb.*known: .*uk"):
        registry.load(("en",), ("gb",))


def test_a_recognizer_for_several_languages_is_built_for_each() -> None:
    found = registry.load(("es", "it"))
    cards = [r.supported_language for r in found if r.name == "CreditCardRecognizer"]
    assert cards == ["es", "it"]


def test_nothing_goes_to_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    registry.stay_offline_and_silent()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert EmailRecognizer().analyze("write to a.b@example.co.uk", ["EMAIL_ADDRESS"])


def test_libraries_log_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    registry.stay_offline_and_silent()
    logger = logging.getLogger("presidio-analyzer")
    logger.critical("Failed to validate text %s", "DE89370400440532013000")
    IbanRecognizer().validate_result("not a number \u00b2")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_recognizers_of_a_presidio_file_are_built(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "recognizers:\n"
        "  - name: Staff numbers\n"
        "    supported_entity: STAFF\n"
        "    supported_language: en\n"
        "    patterns: [{name: staff, regex: 'S-[0-9]{5}', score: 0.6}]\n"
        "    context: [staff]\n"
        "  - name: Titles\n"
        "    supported_languages: [en, de]\n"
        "    supported_entity: TITLE\n"
        "    deny_list: [Mr., Mrs.]\n",
        encoding="utf-8",
    )
    found = registry.load(("en",), (), [str(path)])[-2:]
    assert [(r.name, r.supported_entities) for r in found] == [
        ("Staff numbers", ["STAFF"]),
        ("Titles", ["TITLE"]),
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("recognizers: 7", "does not define recognizers"),
        ("- a\n- b", "does not define recognizers"),
        ("recognizers:\n  - {name: x, supported_entity: X}", "does not define recognizers"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_file_that_defines_no_recognizers_is_named(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"own\.yaml: {what}"):
        registry.load(("en",), None, [str(path)])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        registry.load(("en",), None, [str(tmp_path / "none.yaml")])


@pytest.mark.parametrize(
    "name",
    ["tests.privacy.presidio.own_recognizers:Absent", "no.such.module:X", "plain", "json:dumps"],
)
def test_a_name_that_is_no_recognizer_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        registry.load(("en",), None, [name])


def test_a_version_that_was_not_proven_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert library_versions.unproven() == ""
    monkeypatch.setattr(library_versions, "PROVEN", frozenset({("0", "0")}))
    assert "presidio-analyzer 2" in library_versions.unproven()
