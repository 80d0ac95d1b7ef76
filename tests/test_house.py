"""The house keeps its order: few rooms, doors, names that say one thing, references that lead."""

import ast
import re
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

from ftaudit.checks import discover
from tests.docs.pages import pages
from tests.sources import MODULES, PACKAGE, ROOT, SCRIPTS, TESTS, name, nodes, parsed
from tests.test_dependencies import foreign

PACKAGES = [path for path in MODULES if path.name == "__init__.py" and path.parent != PACKAGE]
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}

ROOMS = {path.parent.name for path in PACKAGES}

ELSEWHERE = {
    "docs/reference/checks/cut-off.md",  # made when the recipe of CONTRIBUTING is followed
    "tune.py",  # the program that tunes, in the how-to pages
    "dataset.data.table",  # of a Hugging Face dataset
    "profile.openai.weight",  # the id of a rule of a profile
    "parquet.thrift",  # the definition of the format, in its own repository
    "provenance.require",  # a section of a policy and its key
}
"""What is named though it is no file or module of the repository."""

FILES = ("json", "jsonl", "md", "parquet", "py", "yaml")
"""Endings by which a name with dots is a file, not a module."""

MOST_ROOMS = 20
MOST_WORDS = 15
UNNAMED = ("__init__", "__main__")


# --- rooms and doors ----------------------------------------------------------------------------


def test_at_most_twenty_rooms_stand_at_the_top() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    rooms |= {path.stem for path in PACKAGE.glob("*.py") if path.stem not in UNNAMED}
    assert len(rooms) <= MOST_ROOMS, sorted(rooms)


def table(heading: str) -> list[str]:
    """Return the first cells of the table below a heading of the page on architecture."""
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| (.*?) \|", section, re.MULTILINE)[2:]


def test_the_page_on_architecture_lists_every_room_and_no_other() -> None:
    rooms = {f"`{path.parent.name}/`" for path in PACKAGES if path.parents[1] == PACKAGE}
    assert sorted(table("Rooms")) == sorted(rooms)


def test_the_glossary_stays_small_and_gives_each_word_one_meaning() -> None:
    words = table("Words")
    assert 0 < len(words) <= MOST_WORDS
    assert len(words) == len(set(words))


def test_every_package_says_what_it_answers_and_what_to_read_first() -> None:
    astray = []
    for path in PACKAGES:
        text = " ".join((ast.get_docstring(parsed(path)) or "").split())
        first = re.findall(r"`(\w+)`[^`.]*: read it first|[Rr]ead `(\w+)`[^.]*? first", text)
        modules = {entry.stem for entry in path.parent.iterdir()}
        if not first or not {before or after for before, after in first} <= modules:
            astray.append(f"{name(path)}: say what it answers, and: Read `MODULE` first")
    assert not astray, "\n".join(astray)


# --- names --------------------------------------------------------------------------------------

FILLERS = {
    *("apart", "asked", "each", "elsewhere", "far", "found", "given", "here", "how", "it", "known"),
    *("likely", "meant", "one", "ones", "ready", "said", "shown", "some", "stuff", "such", "them"),
    *("there", "these", "thing", "things", "this", "those", "told", "took", "wanted", "what"),
    *("where", "who", "whose", "why"),
}
"""Words that do not say what a value is."""
MOST_FILLERS = 0.005
"""Share of the names of locals and parameters that may be such words."""


def stored(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """Return the names of the parameters and locals of a function."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names - {"self", "cls"}


def test_names_of_locals_and_parameters_say_what_they_are() -> None:
    fillers, total = [], 0
    for path in MODULES:
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                names = stored(node)
                total += len(names)
                place = f"{name(path)}:{node.lineno}"
                fillers += [f"{place} {n}" for n in names if n.strip("_") in FILLERS]
    assert len(fillers) < MOST_FILLERS * total, "\n".join(fillers)


def twice(names: Iterator[tuple[str, str]]) -> list[str]:
    """Return the names that stand in more than one place, with their places."""
    places: dict[str, list[str]] = {}
    for name_, place in names:
        places.setdefault(name_, []).append(place)
    return [f"{name_}: {', '.join(p)}" for name_, p in places.items() if len(p) > 1]


def test_no_two_modules_have_one_name() -> None:
    modules = ((path.stem, name(path)) for path in MODULES if path.stem not in UNNAMED)
    assert not twice(modules)


def test_no_two_classes_have_one_name() -> None:
    classes = (
        (node.name.lstrip("_"), name(path))
        for path in MODULES
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef)
    )
    assert not twice(classes)


# --- exceptions to the rules --------------------------------------------------------------------


EXCUSES = {
    "# noqa": re.compile(r"# noqa: [A-Z]+\d+(, [A-Z]+\d+)* - \S"),
    "# type: ignore": re.compile(r"# type: ignore\[[\w, -]+\] # \S"),
}
"""How a comment that excuses a line begins → how it names its rule and its reason."""


def test_an_exception_to_a_rule_names_the_rule_and_the_reason() -> None:
    bare = []
    for path in (*MODULES, *SCRIPTS, *TESTS):
        if not any(mark in path.read_text("utf-8") for mark in EXCUSES):
            continue
        with path.open("rb") as file:
            comments = [t for t in tokenize.tokenize(file.readline) if t.type == tokenize.COMMENT]
        bare += [
            f"{name(path)}:{comment.start[0]}"
            for comment in comments
            for mark, whole in EXCUSES.items()
            if mark in comment.string and not whole.search(comment.string)
        ]
    assert not bare


# --- references ---------------------------------------------------------------------------------


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of every string that stands as a statement."""
    for node in nodes(path):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield f"{name(path)}:{node.lineno}", str(node.value.value)


def prose(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of a page, without its blocks."""
    text = page.read_text("utf-8")
    yield name(page), re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Return every text that may refer to files and modules, with its place."""
    code = map(docstrings, (*MODULES, *SCRIPTS, *TESTS))
    written = map(prose, (*pages(), *(ROOT / "sample_data").glob("*.md")))
    return tuple(chain.from_iterable(chain(code, written)))


@cache
def defined() -> frozenset[str]:
    """Return the names of modules and what they define, from their last part to all parts."""
    full = set()
    for path in MODULES:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        full.add(module)
        full |= {f"{module}.{attribute}" for attribute in attributes(parsed(path))}
    parts = (name_.split(".") for name_ in full)
    return frozenset(".".join(p[start:]) for p in parts for start in range(len(p)))


def attributes(tree: ast.Module | ast.ClassDef) -> Iterator[str]:
    """Yield what a module or a class defines, and what its classes define after a dot."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)):
                yield from (str(n.value) for n in names if isinstance(n, ast.Constant))
            case ast.ClassDef():
                yield node.name
                yield from (f"{node.name}.{inner}" for inner in attributes(node))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name
            case ast.Assign():
                yield from (t.id for t in node.targets if isinstance(t, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=target)):
                yield target
            case ast.Import() | ast.ImportFrom():
                yield from (alias.asname or alias.name for alias in node.names)
            case _:
                pass


def test_every_module_that_a_text_names_exists() -> None:
    libraries = (
        packages_distributions().keys() | sys.stdlib_module_names | foreign("ftaudit").keys()
    )
    rooms = {whole.partition(".")[0] for whole in defined() if "." in whole}
    rooms -= libraries - {"ftaudit"}
    lists = {rule.id for check in discover().values() for rule in check.rules}
    lists |= {metric.name for check in discover().values() for metric in check.metrics}
    families = tuple(id_.removesuffix("*") for id_ in lists)
    astray = [
        f"{place}: {reference}"
        for place, text in texts()
        for reference in re.findall(r"`((?:[a-z_]\w*\.)+\w+)(?:\(\))?`", text)
        if reference.partition(".")[0] in rooms
        and reference not in defined()
        and reference not in ELSEWHERE
        and not reference.startswith(families)
        and not reference.endswith(FILES)
    ]
    assert not astray, "\n".join(astray)


def test_every_file_of_the_project_that_a_text_names_exists() -> None:
    astray = []
    for place, text in texts():
        for reference in re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", text):
            head = reference.partition("/")[0]
            ours = ("/" in reference and head in FOLDERS | ROOMS) or reference.endswith(".py")
            if ours and reference not in ELSEWHERE and not exists(reference):
                astray.append(f"{place}: {reference}")
    assert not astray, "\n".join(astray)


def exists(reference: str) -> bool:
    """Return whether a path, from the root or from any folder of it, leads to a file or folder."""
    return reference.rstrip("/") in paths()


@cache
def paths() -> frozenset[str]:
    """Return the files and folders of the repository, from their last part to all parts."""
    folders = [ROOT / name_ for name_ in FOLDERS]
    files = chain(ROOT.iterdir(), *(folder.rglob("*") for folder in folders))
    parts = [path.relative_to(ROOT).parts for path in files]
    return frozenset("/".join(p[start:]) for p in parts for start in range(len(p)))
