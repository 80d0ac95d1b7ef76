"""The reference in docs/ is made from the code, and says of every field what it means."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from ftaudit.checks import discover
from ftaudit.model.finding import FINDINGS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return docs/reference.py, which is a script."""
    monkeypatch.syspath_prepend(str(DOCS))
    for name in ("reference", "meanings"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return import_module("reference")


def test_the_committed_pages_are_those_made_from_the_code(reference: ModuleType) -> None:
    for name, text in reference.pages().items():
        path = DOCS / "reference" / name
        assert path.exists(), f"{name} is missing: run `make docs`"
        assert path.read_text(encoding="utf-8") == text, f"{name} is old: run `make docs`"


def test_every_check_has_a_page_and_every_page_a_check() -> None:
    pages = {p.stem for p in (DOCS / "reference" / "checks").glob("*.md")}
    assert pages == {*discover(), "index"}


def test_every_column_of_the_findings_has_a_meaning(reference: ModuleType) -> None:
    assert list(reference.COLUMNS) == FINDINGS.names()


def test_every_field_of_the_manifest_has_a_meaning(reference: ModuleType) -> None:
    lines = [line for line in reference.manifest_page().splitlines() if line.startswith("| `")]
    assert len(lines) > 50
    assert not [line for line in lines if line.endswith("|  |")]


def test_every_meaning_is_of_a_field_that_there_is(reference: ModuleType) -> None:
    page = reference.manifest_page()
    for name in reference.FIELDS:
        part, field = name.split(".")
        section = page.partition(f"\n## {part}\n")[2].partition("\n## ")[0]
        assert f"| `{field}` |" in section, name
