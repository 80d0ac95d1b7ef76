"""What is imported is declared in pyproject.toml, and what is declared is imported."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.sources import ROOT, nodes, parsed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

TOKENIZERS = {"ftaudit/profiles/tokens/token_counter.py", "ftaudit/similarity/static_vectors.py"}
"""Both extras have the package tokenizers."""

EXTRAS = {
    "drift": {"ftaudit/evaluation/domain_classifier.py"},
    "mlflow": {"ftaudit/integrations/mlflow.py"},
    "ner": {"ftaudit/privacy/ner.py", "ftaudit/integrations/transformers.py"},
    "sigstore": {"ftaudit/wire/keyless.py"},
    "spark": {"ftaudit/engines/spark/spark_session.py", "ftaudit/engines/spark/java.py"},
    "tokens": TOKENIZERS,
    "vectors": TOKENIZERS,
    "wandb": {"ftaudit/integrations/wandb.py"},
}
"""Extra → the modules that may import its packages: those that say what to install without it."""

TOOLS = {
    "build",  # `make wheel`, tests/test_wheel.py
    "hatchling",  # the build backend
    "ipykernel",  # tests/docs/test_notebooks.py runs it
    "import-linter",  # `make layers`
    "mypy",
    "pandas-stubs",
    "pytest-xdist",  # `make unit`
    "ruff",
    "toktok-rs",  # what the extra `tokens` imports: tests count with it
}
"""What dev declares to be run, not imported; so are stubs, `types-*`."""


CONVERSIONS = {"to_arrow": "pyarrow", "to_pandas": "pandas"}
"""Method of a polars frame → the package that it imports."""


def declared(extra: str = "") -> set[str]:
    """Return the distributions that pyproject.toml names, of an extra or of all installations."""
    lines = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def imports(path: Path) -> Iterator[tuple[str, ast.stmt | ast.expr]]:
    """Yield the full name of every module imported, also by `import_module("…")` or by polars."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node
        elif isinstance(node, ast.Call) and called(node) == "import_module":
            yield from (
                (str(name.value), node) for name in node.args if isinstance(name, ast.Constant)
            )
        elif isinstance(node, ast.Attribute) and node.attr in CONVERSIONS:
            yield CONVERSIONS[node.attr], node


def called(node: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


@cache
def distributions() -> dict[str, set[str]]:
    """Return the distributions that provide a package, by the name it is imported by."""
    provided = packages_distributions()
    return {name: {canonicalize_name(d) for d in found} for name, found in provided.items()}


@cache
def foreign(folder: str) -> dict[str, set[str]]:
    """Return the modules of a folder that import a distribution, by its name.

    A package that is not installed is taken to come from a distribution of its own name.
    """
    own = {path.stem for path in (ROOT / "docs").glob("*.py")} | {"ftaudit", "tests"}
    own |= {path.stem for path in (ROOT / "sample_data").rglob("*.py")}
    users: dict[str, set[str]] = {}
    for path in (ROOT / folder).rglob("*.py"):
        for name, _ in imports(path):
            package = name.partition(".")[0]
            if package in own or package in sys.stdlib_module_names:
                continue
            for distribution in distributions().get(package, {canonicalize_name(package)}):
                users.setdefault(distribution, set()).add(path.relative_to(ROOT).as_posix())
    return users


TESTS = ("dev", "spark-tests")
"""Extras of those who run the tests; the second imports flask by moto's server."""


def optional() -> set[str]:
    return set[str]().union(*map(declared, EXTRAS))


def test_every_extra_for_users_is_held_to_its_modules() -> None:
    assert PROJECT["optional-dependencies"].keys() == {*EXTRAS, *TESTS, "docs"}


def test_the_site_is_built_by_what_its_extra_declares() -> None:
    theme = {"mkdocs-material"}  # named in the settings, and imported by mkdocs
    assert foreign("docs")["mkdocs"] == {"docs/build_site.py"}
    assert declared("docs") == theme | {"mkdocs"}


def test_what_the_package_imports_is_declared() -> None:
    used = foreign("ftaudit")
    undeclared = {name: used[name] for name in used.keys() - declared() - optional()}
    assert not undeclared


def test_what_is_declared_is_imported_by_the_package() -> None:
    unused = (declared() | optional()) - foreign("ftaudit").keys()
    assert not unused


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_is_imported_only_where_it_may_be_missing(extra: str) -> None:
    for name in declared(extra) - declared():
        assert foreign("ftaudit")[name] <= EXTRAS[extra], name
    for path in EXTRAS[extra]:
        body = parsed(ROOT / path).body
        first = {name.partition(".")[0] for name, node in imports(ROOT / path) if node in body}
        given = set[str]().union(*(distributions().get(name, {name}) for name in first))
        assert not given & declared(extra), f"{path} cannot be imported without the extra {extra}"


def test_what_tests_and_scripts_import_is_declared() -> None:
    used = {folder: foreign(folder) for folder in ("docs", "sample_data", "tests")}
    peers = {  # bench installs what it compares with into an environment of its own
        name
        for name, users in used["tests"].items()
        if all(u.startswith("tests/bench/") for u in users)
    }
    undeclared = (
        set[str]().union(*used.values())
        - peers
        - declared()
        - set[str]().union(*map(declared, TESTS))
        - declared("docs")
        - optional()
    )
    assert not undeclared


def test_what_dev_declares_is_imported_or_is_a_tool() -> None:
    names = {name for name in declared("dev") if not name.startswith("types-")}
    unused = names - TOOLS - foreign("tests").keys()
    assert not unused
    assert names >= TOOLS
    twice = names & declared()
    assert not twice


def test_what_is_installed_for_tests_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {canonicalize_name(Requirement(line).name) for line in lines if line[:1] not in "# "}
    loose = (declared() | declared("dev")) - pinned
    assert not loose
