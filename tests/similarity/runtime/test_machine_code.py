"""Machine code is loaded without the intermediate code, which is there when it is needed."""

# ruff: noqa: SLF001 - numba has no public way to what is replaced

import sys
from importlib import import_module
from pathlib import Path
from unittest.mock import Mock

import pytest
from numba import config, int64, njit

from ftaudit.similarity.runtime.machine_code import only_loading

KERNEL = "kept_kernel"
SOURCE = """
from numba import int64, njit

@njit(int64(int64), cache=True)
def doubled(x):
    return 2 * x
"""


def test_a_function_is_compiled_with_one_that_was_only_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{KERNEL}.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "cache"))
    import_module(KERNEL)
    monkeypatch.delitem(sys.modules, KERNEL)
    binding = import_module("numba.core.codegen").ll
    parse = Mock(wraps=binding.parse_bitcode)
    monkeypatch.setattr(binding, "parse_bitcode", parse)

    with only_loading():
        doubled = import_module(KERNEL).doubled

    assert sum(doubled.stats.cache_hits.values()) == 1
    assert doubled(21) == 42
    assert parse.call_count == 0
    assert njit(int64(int64))(lambda x: doubled(x) + 1)(4) == 9
    assert parse.call_count == 1


def test_modules_compiled_into_a_kernel_are_not_imported_for_it() -> None:
    environment = import_module("numba.core.environment")
    usual = environment._rebuild_env
    with only_loading():
        made = environment._rebuild_env("no_module_at_all", [1, 2], "environment of a test")
        again = environment._rebuild_env("no_module_at_all", [], "environment of a test")
    assert (made.consts, made.globals, again is made) == ([1, 2], {}, True)
    assert environment.lookup_environment("environment of a test") is made
    assert environment._rebuild_env is usual
