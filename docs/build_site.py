"""Build the documentation as a site with search: `make site` writes build/site.

The pages are those of the repository, in the same folders, so that every link means there what it
means here; a link that leads nowhere ends the build. Nothing is fetched: no fonts, no scripts of
others.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
HOME: Final = "README.md"
SECTIONS: Final = {
    "Tutorials": "docs/tutorial*.md",
    "How to": "docs/howto/*.md",
    "Reference": "docs/reference/*.md",
    "Checks": "docs/reference/checks/*.md",
    "Decisions": "docs/decisions/*.md",
    "Benchmarks": "docs/benchmarks*.md",
    "The project": "docs/*.md",
}
"""Section of the contents → pages, each of which stands in the first section that takes it."""

_LINK: Final = re.compile(r"""(?:\]\(|src=")([^)\s"]+)""")
_FENCE: Final = re.compile(r"^(\s*```\w+) .*$", re.MULTILINE)


def links(page: str) -> Iterator[str]:
    """Yield the files of the repository that a page links to, as paths from its root."""
    for target in _LINK.findall((ROOT / page).read_text(encoding="utf-8")):
        path = target.partition("#")[0]
        if path and "://" not in path and not path.startswith("data:"):
            yield ((ROOT / page).parent / path).resolve().relative_to(ROOT).as_posix()


def reached(steps: int) -> set[str]:
    """Return the files that so many links, one after the other, lead to from the README."""
    found, pages = {HOME}, [HOME]
    for _ in range(steps):
        pages = [t for page in pages if page.endswith(".md") for t in links(page) if t not in found]
        found.update(pages)
    return found


def contents() -> list[dict[str, Any]]:
    """Return the contents of the site: section → pages, in the order of their names."""
    taken: set[str] = set()
    nav: list[dict[str, Any]] = [{"ftaudit": HOME}]
    for section, pattern in SECTIONS.items():
        pages = [p.relative_to(ROOT).as_posix() for p in sorted(ROOT.glob(pattern))]
        nav.append({section: [page for page in pages if page not in taken]})
        taken.update(pages)
    nav[-1]["The project"] += ["CONTRIBUTING.md", "CHANGELOG.md"]
    return nav


def stage(folder: Path) -> None:
    """Copy all pages and what they link to into a folder, with blocks of code as they are shown.

    What a block says to the tests, behind the name of its language, is not for readers.
    """
    for name in sorted({*reached(99), *(p.relative_to(ROOT).as_posix() for p in pages())}):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == ".md":
            text = source.read_text(encoding="utf-8")
            target.write_text(_FENCE.sub(r"\1", text), encoding="utf-8")
        elif source.is_file():
            shutil.copyfile(source, target)


def pages() -> list[Path]:
    """Return every page of docs/."""
    return sorted((ROOT / "docs").rglob("*.md"))


def build(target: Path) -> None:
    """Write the site into a folder.

    Raises:
        mkdocs.exceptions.Abort: a link leads nowhere, or a page is in no section.
    """
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    staged = target.parent / "site-pages"
    shutil.rmtree(staged, ignore_errors=True)
    stage(staged)
    settings = staged.parent / "mkdocs.yml"
    settings.write_text(_SETTINGS, encoding="utf-8")
    config = load_config(
        str(settings), docs_dir=str(staged), site_dir=str(target), nav=contents(), strict=True
    )
    build_site(config)


_SETTINGS: Final = """\
site_name: ftaudit
site_description: Audit training data and decide whether fine-tuning may proceed
theme:
  name: material
  font: false
  features: [navigation.sections, navigation.top, navigation.indexes, content.code.copy]
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default, primary: black}
    - {media: "(prefers-color-scheme: dark)", scheme: slate, primary: black}
plugins: [search]
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - tables
  - pymdownx.highlight
  - pymdownx.superfences
  - toc:
      permalink: true
      slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}
validation:
  nav: {omitted_files: warn, not_found: warn}
  links: {not_found: warn, anchors: warn, absolute_links: warn, unrecognized_links: warn}
"""

if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "site")
