import subprocess
import sys
from importlib import resources

import pytest

from ftaudit.model.finding import Severity
from ftaudit.privacy.findings import entity_types
from ftaudit.privacy.presidio import registry
from ftaudit.privacy.recognizers.cued_scanner import discover

_NO_RECOGNIZERS = {
    "common_words",
    "full_names",
    "name_shapes",
    "__init__",
    "checksums",
    "cued_recognizer",
    "cued_scanner",
    "keccak",
    "key_patterns",
}
LANGUAGES = ("de", "en", "es", "fi", "fr", "it", "ko", "pl", "sv", "th", "tr")


def test_every_type_of_presidios_registry_is_known() -> None:
    recognizers = registry.load(LANGUAGES, registry.known_countries())
    entities = {entity for r in recognizers for entity in r.supported_entities}
    assert entities == entity_types.PRESIDIO


@pytest.mark.parametrize(
    ("entity", "severity"),
    [
        ("CREDIT_CARD", Severity.HIGH),
        ("EMAIL_ADDRESS", Severity.MEDIUM),
        ("AGE", Severity.LOW),
        ("A_TYPE_OF_THE_USERS_OWN", Severity.HIGH),
    ],
)
def test_a_type_has_a_severity_and_an_unknown_one_is_high(entity: str, severity: Severity) -> None:
    assert entity_types.severity(entity) is severity


def test_types_that_identify_nobody_are_not_those_that_reach_somebody() -> None:
    assert not entity_types.INDIRECT & entity_types.REACHING


def test_every_recognizer_of_our_own_has_a_module_and_a_docstring() -> None:
    modules = {r.__class__.__module__.rsplit(".", 1)[-1] for r in discover()}
    files = resources.files("ftaudit.privacy.recognizers").iterdir()
    names = {f.name.removesuffix(".py") for f in files if f.name.endswith(".py")}
    assert modules == names - _NO_RECOGNIZERS
    assert all(r.__class__.__doc__ for r in discover())


def test_listing_the_checks_loads_nothing_heavy() -> None:
    code = (
        "import sys, ftaudit.checks as c; c.discover(); "
        "print(sorted({'presidio_analyzer', 'spacy', 'pandas', 'numba', 'great_expectations', "
        "'phonenumbers', 'detect_secrets'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
