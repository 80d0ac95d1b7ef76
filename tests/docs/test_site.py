"""The pages as a site: reached in two steps, each in one section; `make site` builds it."""

import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return docs/build_site.py, which is a script."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    monkeypatch.delitem(sys.modules, "build_site", raising=False)
    return import_module("build_site")


def names(site: ModuleType) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in site.pages()}


def test_every_page_is_reached_from_the_readme_in_two_steps(site: ModuleType) -> None:
    assert names(site) - site.reached(2) == set()


def test_every_page_stands_in_one_section(site: ModuleType) -> None:
    _, *sections = site.contents()
    listed = [page for section in sections for part in section.values() for page in part]
    assert sorted(listed) == sorted({*names(site), "CONTRIBUTING.md", "CHANGELOG.md"})


def test_pages_are_copied_where_their_links_lead(site: ModuleType, tmp_path: Path) -> None:
    site.stage(tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "no-run:" not in text
    for page in names(site):
        for target in site.links(page):
            assert (tmp_path / target).exists(), f"{page} links to {target}"


def test_no_page_has_others_fetch_anything(site: ModuleType) -> None:
    for path in site.pages():
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"""(?:src=["']|!\[[^\]]*\]\()https?:|^```mermaid""", text, re.MULTILINE
        )
