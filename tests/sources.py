"""The Python files of the project, each parsed once for all tests that read code."""

import ast
from functools import cache
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ftaudit"
MODULES = sorted(PACKAGE.rglob("*.py"))
SCRIPTS = sorted(
    chain.from_iterable((ROOT / name).rglob("*.py") for name in ("docs", "sample_data"))
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def name(path: Path) -> str:
    """Return the place of a file, for messages."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file."""
    return tuple(ast.walk(parsed(path)))
