"""Remedies are found in their folder, among entry points and on checks; none shares a name."""

from typing import ClassVar

import pytest

import ftaudit.checks
from ftaudit import remedies
from ftaudit.model.errors import UsageError
from ftaudit.remedies.deduplicate import Deduplicate
from ftaudit.remedies.remedy import Remedy


class DropShouting(Deduplicate, frozen=True):
    id = "drop-shouting"
    order = 5


class Shouting:
    """A check of another package, with a remedy of its own."""

    remedies: ClassVar[tuple[type[Remedy], ...]] = (DropShouting,)


class Copying:
    remedies: ClassVar[tuple[type[Remedy], ...]] = (type("Other", (DropShouting,), {}),)


def installed(monkeypatch: pytest.MonkeyPatch, *checks: type) -> list[str]:
    found = {check.__name__: check for check in checks}
    monkeypatch.setattr(ftaudit.checks, "discover", lambda: found)
    return list(remedies._installed.__wrapped__())  # noqa: SLF001 - past its cache


def test_a_check_of_another_package_brings_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    names = installed(monkeypatch, Shouting)
    assert names[0] == "drop-shouting"
    assert {"redact", "deduplicate"} < set(names)


def test_two_remedies_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="two remedies are called drop-shouting"):
        installed(monkeypatch, Shouting, Copying)
