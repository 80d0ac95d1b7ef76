"""The kernels in plain Python do byte for byte what the compiled ones do."""

import inspect
import random
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import ClassVar

import numpy as np
import polars as pl
import pytest

from ftaudit.model.progress import Silent
from ftaudit.similarity import kernels, plain
from ftaudit.similarity.runtime import kernel_loader
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.text.normalisation import viewed
from ftaudit.similarity.text.signatures import shingle_hashes
from tests.similarity import checked
from tests.similarity.rows import Row, frame, relation

SCRATCH = {
    *("table", "stamps", "slots", "cells", "text", "block", "characters", "left_over"),
    *("places", "own", "scores", "norms"),
}
"""Arguments that kernels leave in any state, unless they are the result."""
RESULTS = {
    ("place", "table"),
    ("place", "slots"),
    ("sort_cells", "cells"),
    ("tally_sets", "cells"),
    ("leave_out", "places"),
}
PACKED = {("choose_repeated", "chosen"), ("keep_shared", "hashes")}
"""Arrays that kernels leave in any state beyond as many entries as they return."""
PREFIX = f"{plain.__name__}.plain_"
MODULES = sorted(
    module.name.removeprefix("plain_")
    for module in iter_modules(plain.__path__)
    if module.name.startswith("plain_")
)


class Twins:
    """A module of kernels that calls the compiled and the plain one, and compares all they give."""

    called: ClassVar[set[str]] = set()

    def __init__(self, name: str) -> None:
        self._compiled = import_module(f"{kernels.__name__}.{name}")
        self._plain = import_module(f"{PREFIX}{name}")

    def __getattr__(self, name: str) -> object:
        compiled, written = getattr(self._compiled, name), getattr(self._plain, name)
        return self._both(name, compiled, written) if callable(compiled) else compiled

    def _both(
        self, name: str, compiled: Callable[..., object], written: Callable[..., object]
    ) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
            if "buffers" in inspect.signature(written).parameters:
                copies[:2] = arguments[:2]
            expected, result = compiled(*arguments), written(*copies)
            assert np.array_equal(np.asarray(expected), np.asarray(result)), name
            names = inspect.signature(written).parameters
            for parameter, own, copy in zip(names, arguments, copies, strict=True):
                if not isinstance(own, np.ndarray) or (
                    parameter in SCRATCH and (name, parameter) not in RESULTS
                ):
                    continue
                end = len(own)
                if (name, parameter) in PACKED:
                    assert isinstance(expected, int)
                    end = expected
                assert np.array_equal(own[:end], np.asarray(copy)[:end]), (name, parameter)
            self.called.add(f"{self._plain.__name__.removeprefix(PREFIX)}.{name}")
            return expected

        return call


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Compare all kernels that are called; return their names, which fill up."""
    load_kernels(Silent(), *MODULES, steps=kernel_loader.PLAIN_STEPS + 1)
    monkeypatch.setattr(Twins, "called", set())
    twins = {name: Twins(name) for name in MODULES}
    for module in [*loaded_modules()]:
        monkeypatch.setattr(module, "kernels", twins.__getitem__)
    return Twins.called


def loaded_modules() -> Iterator[ModuleType]:
    """Yield the modules that choose kernels."""
    for name, module in sys.modules.items():
        if name.startswith("ftaudit.similarity.") and (
            getattr(module, "kernels", None) is kernel_loader.kernels
        ):
            yield module


def test_plain_and_compiled_kernels_give_the_same(both: set[str]) -> None:
    draw = random.Random(7)  # noqa: S311 - made-up texts
    texts: list[str | None] = [
        "".join(draw.choices(checked.FRAGMENTS, k=draw.randint(0, 14))) for _ in range(300)
    ]
    texts += [None, "", "a", *(f"{t} again" for t in texts[:40] if t), "big " * 900]
    texts += [f"the same long sentence about number {i} and nothing else" for i in range(30)]
    texts += [f"x{i} - 7 + {i}.5 (a*b) != \u201cC#\u201d \u2014 50 % caf\u00e9" for i in range(20)]
    for method, kind, most in (
        ("exact", "char5", 4096),
        ("exact", "word3", 2),
        ("minhash", "char5", 2),
    ):
        checked.check_relation(texts, 0.5, method=method, shingles=kind, full_cluster=most)
    checked.check_suspects(texts, draw.choices(("one", " One", "TWO", None), k=len(texts)))
    checked.check_passages([text for text in checked.passages(draw) if len(text) < 5_000])
    long = [" ".join(draw.choices(checked.FRAGMENTS, k=draw.randint(20, 90))) for _ in range(80)]
    checked.check_containment([*long, None, ""], checked.parts(draw, long))
    shown = {
        f"{name}.{function}"
        for name in MODULES
        for function, value in vars(import_module(f"{PREFIX}{name}")).items()
        if inspect.isfunction(value)
        and (value.__doc__ or "").startswith("Do what `kernels.")
        and not function.startswith(("_", "needed"))
        and value.__module__.endswith(name)
    }
    assert shown - both == {"word_sums.add_words"}


@pytest.mark.parametrize(
    "text", ["", "=" * 200_000, "-- a / b //", "a" * 70, "\u00c9t\u00e9 \u20ac5 \u2026 \u00d7"]
)
def test_odd_texts_are_prepared_alike(both: set[str], text: str) -> None:
    assert viewed(pl.Series([text, None, text + "b"])).texts.len() == 3
    for kind in ("char5", "word3"):
        shingle_hashes(text, kind)
    assert {"operator_marks.classify_rows", "shingle_rows.shingle_rows"} <= both


def test_little_data_loads_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[Row] = [{"input": f"the same long sentence about number {i}"} for i in range(9)]
    monkeypatch.setattr(kernel_loader, "PLAIN", kernel_loader.PlainWork())
    monkeypatch.setattr(kernel_loader, "_load_all", pytest.fail)
    assert frame(relation(rows, threshold=0.5), "near").height == 1


def test_much_data_loads_kernels_once_it_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[list[str]] = []
    monkeypatch.setattr(kernel_loader, "PLAIN", kernel_loader.PlainWork())
    monkeypatch.setattr(kernel_loader, "_load_all", lambda _, names: loaded.append(names))
    load_kernels(Silent(), "trigrams", steps=kernel_loader.PLAIN_STEPS)
    assert not loaded
    load_kernels(Silent(), "trigrams", steps=1)
    assert loaded == [["trigrams"]]
    load_kernels(Silent(), "trigrams", "word_runs")
    assert loaded == [["trigrams"], ["word_runs"]]


def test_what_has_no_plain_form_is_loaded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[list[str]] = []
    monkeypatch.setattr(kernel_loader, "PLAIN", kernel_loader.PlainWork())
    monkeypatch.setattr(kernel_loader, "_load_all", lambda _, names: loaded.append(names))
    load_kernels(Silent(), "trigrams", "minhash")
    assert loaded == [["trigrams", "minhash"]]
