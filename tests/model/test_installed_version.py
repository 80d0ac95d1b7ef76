"""Versions of installed packages."""

from importlib.metadata import PackageNotFoundError, version

import pytest

from ftaudit.model.installed_version import installed_version


@pytest.mark.parametrize("name", ["polars", "numpy", "presidio-analyzer", "google-re2"])
def test_a_version_is_the_one_that_python_tells(name: str) -> None:
    assert installed_version(name) == version(name)


def test_a_package_that_is_not_there_has_no_version() -> None:
    with pytest.raises(PackageNotFoundError):
        installed_version("not-a-package-of-anyone")
