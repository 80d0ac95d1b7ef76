"""Kernels are compiled in processes of their own; a process that fails costs time only."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ftaudit.model.progress import Advance
from ftaudit.similarity.runtime import kernel_compilers, kernel_loader
from ftaudit.similarity.runtime.kernel_compilers import compile_modules

SAY = """
import __main__, os, sys
from pathlib import Path
said = f"{os.getpid()} {hasattr(__main__, 'pytest')} {'numba' in sys.modules}"
Path(os.environ["NUMBA_CACHE_DIR"], __name__).write_text(said)
"""
NEEDS = "from ftaudit.similarity.kernels.{} import x\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make an empty package, and two cores."""
    (tmp_path / "pretended").mkdir()
    (tmp_path / "pretended" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(kernel_compilers, "cores", lambda: 2)
    return "pretended"


def run(
    package: str, folder: Path, codes: Mapping[str, str], sources: Mapping[str, str]
) -> set[str]:
    """Write modules that run `codes`, and compile them as if their sources were `sources`."""
    for name, code in codes.items():
        (folder / package / f"{name}.py").write_text(code)
    with closing(compile_modules(sources, package, folder)) as names:
        return {*names}


def test_each_module_is_imported_once_by_a_process_that_imports_nothing_else(
    package: str, tmp_path: Path
) -> None:
    names = [*"abcde"]
    assert run(package, tmp_path, dict.fromkeys(names, SAY), dict.fromkeys(names, "")) == {*names}
    said = [(tmp_path / f"{package}.{name}").read_text().split() for name in names]
    assert str(os.getpid()) not in {pid for pid, *_ in said}
    assert len({pid for pid, *_ in said}) <= 2
    assert {(main, numba) for _, main, numba in said} == {("False", "False")}


def test_a_module_comes_after_those_it_imports(package: str, tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = f"with open({str(order)!r}, 'a') as file: print(__name__[-1], file=file)"
    sources = {"a": NEEDS.format("b"), "b": NEEDS.format("c"), "c": "", "d": " " * 99, "e": ""}
    assert run(package, tmp_path, dict.fromkeys(sources, code), sources) == {*"abcde"}
    came = order.read_text().split()
    assert came.index("c") < came.index("b") < came.index("a")


@pytest.mark.parametrize("broken", ["raise ValueError", "import os; os._exit(3)"])
def test_what_breaks_and_what_needs_it_is_left_to_the_caller(
    broken: str, package: str, tmp_path: Path
) -> None:
    sources = {"a": NEEDS.format("b"), "b": "", "c": "", "d": ""}
    codes = dict.fromkeys(sources, SAY) | {"b": broken}
    assert run(package, tmp_path, codes, sources) == {"c", "d"}
    assert not (tmp_path / f"{package}.a").exists()


def test_where_every_process_breaks_nothing_is_compiled_and_nothing_hangs(
    package: str, tmp_path: Path
) -> None:
    codes = dict.fromkeys("abcd", "import os; os._exit(3)")
    assert run(package, tmp_path, codes, dict.fromkeys("abcd", "")) == set()


def test_no_process_stays_when_the_caller_gives_up(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[str]] = []

    class Remembered(subprocess.Popen[str]):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[call-overload] # as they are
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Remembered)
    for name in "abc":
        sleeps = "import time; time.sleep(600)" if name == "b" else ""
        (tmp_path / package / f"{name}.py").write_text(sleeps)
    with closing(compile_modules(dict.fromkeys("abc", ""), package, tmp_path)) as names:
        assert [next(names), next(names)] == ["a", "c"]
        assert [process.poll() for process in started] == [None, None]
    assert all(process.returncode for process in started)


@pytest.mark.parametrize("how", ["one core", "one module", "no python", "frozen", "none starts"])
def test_where_processes_are_no_use_the_caller_compiles_itself(
    how: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "one core":
        monkeypatch.setattr(kernel_compilers, "cores", lambda: 1)
    elif how == "no python":
        monkeypatch.setattr(sys, "executable", str(tmp_path / "editor"))
    elif how == "frozen":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    elif how == "none starts":
        monkeypatch.setattr(sys, "executable", str(tmp_path / "python-is-gone"))
    names = "a" if how == "one module" else "ab"
    assert run(package, tmp_path, dict.fromkeys(names, SAY), dict.fromkeys(names, "")) == set()


class Stages:
    """Remembers the name, the total and the progress of every stage."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int | None, int]] = []

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        counts: list[int] = []
        yield counts.append
        self.seen.append((name, total, sum(counts)))


@pytest.mark.parametrize("does", ["all", "some", "none"])
@pytest.mark.parametrize("kept", [True, False])
def test_one_stage_shows_every_kernel_once_whoever_compiles_it(
    does: str, kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[str]] = []
    loaded: list[str] = []
    folder = tmp_path / ("kernels-x" if kept else "ftaudit-kernels-x")
    kernels = (Path(kernel_loader.__file__).parents[1] / "kernels").glob("*.py")
    every = {
        path.stem for path in kernels if "cache=True" in path.read_text()
    } - kernel_loader.SELDOM
    every |= {"signature_agreement"}

    def compile_some(sources: Mapping[str, str], package: str, cache: Path) -> Iterator[str]:
        assert (package, cache) == ("pretended", folder)
        asked.append({*sources})
        yield from {"all": sorted(sources), "some": sorted(sources)[::2], "none": []}[does]

    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(kernel_loader, "_PACKAGE", "pretended")
    monkeypatch.setattr(kernel_loader, "PLAIN", kernel_loader.PlainWork())
    monkeypatch.setattr(kernel_loader, "cache_folder", lambda: folder)
    monkeypatch.setattr(kernel_loader, "compile_modules", compile_some)
    monkeypatch.setattr(kernel_loader, "_load", lambda name, _: loaded.append(name))
    progress = Stages()
    kernel_loader.load_kernels(progress, "shingle_rows", "bucket_walk", "signature_agreement")
    assert asked == [every if kept else set()]
    assert loaded == ["shingle_rows", "bucket_walk", "signature_agreement"]
    ((stage, total, done),) = progress.seen
    assert stage == "compiling the kernels (once)"
    assert total == (len(every) if kept else 3)
    if not kept or does == "all":
        assert done == total
