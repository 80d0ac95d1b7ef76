"""The wheel holds all it needs, and runs where the checkout cannot be imported."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from pkgutil import iter_modules

import pytest
from numba.core.caching import UserProvidedCacheLocator

from ftaudit.model.progress import Silent
from ftaudit.similarity import kernels
from ftaudit.similarity.runtime import kernel_loader
from ftaudit.similarity.runtime.kernel_loader import cache_folder, load_kernels

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]

LEFT_OUT = ("bitmaps", "equal_keys")

RUN = """
import runpy, sys
sys.path += [{wheel!r}, {libraries!r}]  # -I and -S: neither the folder nor any .pth is on it
import ftaudit
assert ftaudit.__file__.startswith({wheel!r}), ftaudit.__file__
from ftaudit.similarity.runtime.kernel_loader import PLAIN, PLAIN_STEPS
PLAIN.steps = PLAIN_STEPS + 1  # the compiled kernels, even for little data
sys.argv = ["ftaudit", *{words!r}]
runpy.run_module("ftaudit", run_name="__main__")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the sources, without network, and unpack it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    kept = shutil.ignore_patterns("__pycache__")
    for name in ("ftaudit", "expectations"):
        shutil.copytree(ROOT / name, source / name, ignore=kept)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source / name)
    build = ["build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    done = subprocess.run(  # noqa: S603 - our own sources
        [sys.executable, "-m", *build], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def run(wheel: Path, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run `ftaudit` from the unpacked wheel, isolated from the checkout, in `folder`."""
    places = {
        "wheel": str(wheel),
        "libraries": sysconfig.get_path("purelib"),
    }
    script = RUN.format(**places, words=words)
    return subprocess.run(  # noqa: S603 - our own package
        [sys.executable, "-I", "-S", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        encoding="utf-8",
    )


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "ftaudit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    suites = {f"ftaudit/expectations/suites/{p.name}" for p in (ROOT / "expectations").glob("*")}
    held = {p.relative_to(wheel).as_posix() for p in wheel.rglob("*") if p.is_file()}
    assert suites
    assert wanted | suites <= held
    for part in (
        "policy/builtin/standard.yaml",
        "wire/schemas/manifest-v1.schema.json",
        "py.typed",
    ):
        assert f"ftaudit/{part}" in held
    assert any(name.startswith("ftaudit/reports/templates/") for name in held)
    foreign = {name.split("/")[0] for name in held if not name.startswith("ftaudit/")}
    assert all(name.endswith(".dist-info") for name in foreign), foreign


@pytest.mark.parametrize("words", [("--help",), ("checks",), ("policy", "show", "strict")])
def test_commands_answer_from_the_wheel_alone(
    wheel: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = run(wheel, tmp_path, *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def lend_machine_code(wheel: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Put the compiled kernels of the checkout where the wheel looks; return those left out.

    That is in `cache`, which becomes `NUMBA_CACHE_DIR`. Compiling them all takes half a minute of a
    core, and is what the tests before this one needed for the checkout. Two modules are left out,
    for the wheel to compile.
    """
    load_kernels(Silent(), *(module.name for module in iter_modules(kernels.__path__)))
    checkout = Path(kernels.__file__)
    installed = wheel / checkout.relative_to(ROOT)
    ours, theirs = (
        UserProvidedCacheLocator.get_suitable_cache_subpath(str(path))  # type: ignore[no-untyped-call] # numba has no types
        for path in (checkout, installed)
    )
    compiled = cache_folder() / ours
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(cache))
    with monkeypatch.context() as as_wheel:
        place = Path(kernel_loader.__file__).relative_to(ROOT)
        as_wheel.setattr(kernel_loader, "__file__", str(wheel / place))
        lent = cache_folder() / theirs
    shutil.copytree(compiled, lent)
    lacking = [path for name in LEFT_OUT for path in lent.glob(f"{name}.*")]
    for path in lacking:
        path.unlink()
    return lacking


def test_a_scan_and_the_gate_run_from_the_wheel_alone(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "sample_data" / "clean", tmp_path / "clean")
    lacking = lend_machine_code(wheel, tmp_path / "cache", monkeypatch)
    assert lacking
    scanned = run(wheel, tmp_path, "scan", "clean")
    assert scanned.returncode == 0, scanned.stdout + scanned.stderr
    assert (tmp_path / "ftaudit-out" / "report.html").stat().st_size > 10_000
    assert all(path.exists() for path in lacking)
    gated = run(wheel, tmp_path, "gate", "ftaudit-out/manifest.json", "clean")
    assert gated.returncode == 0, gated.stdout + gated.stderr
