"""What mends data: one remedy per file, chosen by the typed fix that a rule carries; and splits.

A module here defines `REMEDY`, a class that meets `remedy.Remedy` and whose `id` is the module's
name with `-` for `_`. Other packages offer remedies under the entry-point group
`ftaudit.remedies`, or in the attribute `remedies` of a check of theirs. There is no list to extend.
Read `remedy` first: the contract; then a remedy, such as `decontaminate`. `splitting` says where
rows go when data is split.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Final

from ftaudit.model.errors import UsageError
from ftaudit.remedies.remedy import Remedy

GROUP: Final = "ftaudit.remedies"


def discover() -> dict[str, type[Remedy]]:
    """Return every remedy by id, in the order in which they are applied.

    Raises:
        UsageError: two remedies share an id.
    """
    return dict(_installed())


@cache
def _installed() -> Mapping[str, type[Remedy]]:
    remedies: dict[str, type[Remedy]] = {}
    for remedy in sorted(_offered(), key=lambda r: (r.order, r.id)):
        if remedies.setdefault(remedy.id, remedy) is not remedy:
            msg = f"two remedies are called {remedy.id}: remove one of the packages that offer it"
            raise UsageError(msg)
    return remedies


def _offered() -> Iterator[type[Remedy]]:
    from ftaudit.checks import discover as checks

    for module in iter_modules(__path__):
        if not module.ispkg:
            remedy = getattr(import_module(f"{__name__}.{module.name}"), "REMEDY", None)
            if remedy is not None:
                yield remedy
    for entry in entry_points(group=GROUP):
        yield entry.load()
    for check in checks().values():
        yield from getattr(check, "remedies", ())
