"""The suites that come with ftaudit, with the column names of the data.

They name columns as canonical rows do (`input`, `output`, `label`, …). An expectation about a
column that the data does not have, or that the fast path cannot judge, is left out: these suites
describe what such data usually is, while a suite of the user's own is held to the letter.
"""

from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable

import polars as pl
from msgspec.structs import replace

from ftaudit.expectations.families import is_fast
from ftaudit.expectations.suite import Expectation, Suite, parse_suite


def shipped_suites() -> tuple[Suite, ...]:
    """Return every suite of the package, by the name of its file."""
    files = sorted((f for f in _folder().iterdir() if f.name.endswith(".json")), key=_name)
    return tuple(parse_suite(f.read_text(encoding="utf-8"), f.name) for f in files)


def _name(file: Traversable) -> str:
    return file.name


def _folder() -> Traversable:
    """Return the folder in the installed package, or the one of a checkout."""
    package = resources.files("ftaudit")
    installed = package / "expectations" / "suites"
    return installed if installed.is_dir() else package / ".." / "expectations"


def fitting_suites(
    format_: str, columns: Mapping[str, str], table: Mapping[str, pl.DataType]
) -> tuple[Suite, ...]:
    """Return the shipped suites for a record format, with the data's own column names.

    Args:
        format_: id of the record format.
        columns: canonical column → the user's column.
        table: the user's columns and their types.
    """
    fitting = [s for s in shipped_suites() if not s.formats or format_ in s.formats]
    adapted = [_adapt(s, columns, table) for s in fitting]
    return tuple(s for s in adapted if any(e.columns for e in s.expectations))


def _adapt(suite: Suite, columns: Mapping[str, str], table: Mapping[str, pl.DataType]) -> Suite:
    renamed = [_renamed(e, columns, table) for e in suite.expectations]
    return replace(suite, expectations=tuple(e for e in renamed if _applies(e, table)))


def _renamed(
    expectation: Expectation, columns: Mapping[str, str], table: Mapping[str, pl.DataType]
) -> Expectation:
    kwargs = dict(expectation.kwargs)
    for key in ("column", "column_A", "column_B"):
        name = kwargs.get(key)
        if isinstance(name, str) and name not in table:
            kwargs[key] = columns.get(name, name)
    return replace(expectation, kwargs=kwargs)


def _applies(expectation: Expectation, table: Mapping[str, pl.DataType]) -> bool:
    return all(c in table for c in expectation.columns) and is_fast(expectation, table)
