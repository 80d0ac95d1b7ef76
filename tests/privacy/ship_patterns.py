"""Derive the patterns of the usual search, and put them into the package.

    python -m tests.privacy.ship_patterns

To be run whenever the versions of the libraries or the sources that derive change, which
`tests/privacy/patterns/test_pattern_cache.py` notices.
"""

import os
import tempfile
from pathlib import Path

from ftaudit.privacy.patterns.pattern_cache import SHIPPED
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import engine


def derive() -> dict[str, bytes]:
    """Return the files of the usual search by their names: those shipped are not derived again."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        Search().covered()
        engine()
        return {path.name: path.read_bytes() for path in Path(folder, "ftaudit").glob("*.json")}


def main() -> None:
    """Replace the shipped files."""
    SHIPPED.mkdir(exist_ok=True)
    for path in SHIPPED.glob("*.json"):
        path.unlink()
    for name, content in derive().items():
        (SHIPPED / name).write_bytes(content)


if __name__ == "__main__":
    main()
