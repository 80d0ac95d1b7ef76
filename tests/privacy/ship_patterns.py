"""Derive the patterns of the usual search, and put them into the package.

    python -m tests.privacy.ship_patterns

To be run whenever the versions of the libraries or the sources that derive change, which
`tests/privacy/patterns/test_pattern_cache.py` notices.
"""

import os
import tempfile
from pathlib import Path

from ftaudit.privacy.patterns.mask_layout import derive_tables
from ftaudit.privacy.patterns.mask_tables import MaskTables
from ftaudit.privacy.patterns.pattern_cache import SHIPPED, read_shipped, written
from ftaudit.privacy.patterns.shipped_masks import PERSONAL, SECRETS, file_of
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import engine


def derive() -> dict[str, bytes]:
    """Return the files of the usual search by their names: those shipped are not derived again."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        Search().covered()
        engine()
        return {path.name: path.read_bytes() for path in Path(folder, "ftaudit").glob("*.json")}


def masks(before: dict[str, MaskTables | None]) -> dict[str, bytes]:
    """Return the files of masks by their names; those of `before` are not derived again."""
    patterns_of = {
        PERSONAL: Search().shapes() or (),
        SECRETS: tuple(rule.pattern for rule in engine()[0]),
    }
    return {
        file_of(name): written(derive_tables(patterns, before[name]))
        for name, patterns in patterns_of.items()
    }


def main() -> None:
    """Replace the shipped files."""
    SHIPPED.mkdir(exist_ok=True)
    before = {name: read_shipped(file_of(name), MaskTables) for name in (PERSONAL, SECRETS)}
    for path in SHIPPED.glob("*.json"):
        path.unlink()
    for name, content in (derive() | masks(before)).items():
        (SHIPPED / name).write_bytes(content)


if __name__ == "__main__":
    main()
