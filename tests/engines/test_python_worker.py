"""Between two tasks a Python worker of Spark has little to collect and to read again."""

import gc
import sys
from pathlib import Path
from zipfile import ZipFile
from zipimport import zipimporter

import pytest

from ftaudit.engines.spark import python_worker


def test_modules_of_archives_are_imported_and_their_finders_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "package.zip"
    with ZipFile(archive, "w") as file:
        file.writestr("packed_for_a_test/__init__.py", "")
        file.writestr("packed_for_a_test/inner.py", "VALUE = 3")
    monkeypatch.setattr(sys, "path", [str(archive), *sys.path])
    monkeypatch.setattr(sys, "path_importer_cache", {**sys.path_importer_cache})
    frozen = gc.get_freeze_count()
    try:
        __import__("packed_for_a_test")
        python_worker.leave_tidy()
        finders = sys.path_importer_cache.values()
        assert not any(isinstance(finder, zipimporter) for finder in finders)
        assert gc.get_freeze_count() > frozen
        assert __import__("packed_for_a_test.inner").inner.VALUE == 3
    finally:
        gc.unfreeze()
        for name in ("packed_for_a_test", "packed_for_a_test.inner"):
            sys.modules.pop(name, None)


def test_nothing_is_set_apart_again_while_no_module_is_loaded() -> None:
    try:
        python_worker.leave_tidy()
        frozen = gc.get_freeze_count()
        made: list[list[object]] = [[] for _ in range(100)]
        python_worker.leave_tidy()
        assert len(made) == 100
        assert gc.get_freeze_count() <= frozen
    finally:
        gc.unfreeze()
