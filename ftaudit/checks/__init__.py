"""The checks: one module each, and the whole of how they are found.

A module here defines `CHECK`, a class that meets `ftaudit.model.check.Check` and whose `id` is the
module's name with `-` for `_`. Its docstring is its documentation page. Other packages offer
checks under the entry-point group `ftaudit.checks`. There is no list to extend.
Read `group_leakage` first, a whole check in little over a hundred lines.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Final

from ftaudit.model.check import Check
from ftaudit.model.errors import UsageError

GROUP: Final = "ftaudit.checks"


def discover() -> dict[str, type[Check]]:
    """Return every check by id, sorted; built-in ones and those of other packages.

    Raises:
        UsageError: two checks share an id.
    """
    return dict(_installed())


def built_in() -> list[type[Check]]:
    """Return the checks of this package, by the names of their modules."""
    return [import_module(f"{__name__}.{module.name}").CHECK for module in iter_modules(__path__)]


@cache
def _installed() -> Mapping[str, type[Check]]:
    """Look for checks once: reading the metadata of every installed package takes a while."""
    classes = [*built_in(), *(entry.load() for entry in entry_points(group=GROUP))]
    checks: dict[str, type[Check]] = {}
    for check in sorted(classes, key=lambda c: c.id):
        if check.id in checks:
            msg = f"two checks are called {check.id}: remove one of the packages that offer it"
            raise UsageError(msg)
        checks[check.id] = check
    return checks
