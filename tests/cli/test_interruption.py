"""A scan that is stopped at any moment leaves its last result whole, and no temporary files."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from ftaudit.cli.main import run
from ftaudit.engines.local.worker_process import _ctrl_c_blocked
from ftaudit.model.run_folder import RUN
from tests.cli.commands import CLEAN, FAST, python

pytestmark = pytest.mark.long

MOMENTS: Final = {
    "while data is read": ("ftaudit.pipeline.scan", "open_session"),
    "before a verdict": ("ftaudit.pipeline.scan", "decide"),
    "while files are written": ("ftaudit.pipeline.output", "_write"),
}

PROGRAM: Final = """\
import importlib, sys, time
module, name, *arguments = sys.argv[1:]
place = importlib.import_module(module)
def stop(*_, **__):
    print("here", flush=True)
    time.sleep(60)
setattr(place, name, stop)
from ftaudit.cli.main import main
main(arguments)
"""

posix = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")


@pytest.fixture
def stopped(tmp_path: Path) -> Callable[[str, signal.Signals], int]:
    """Return what stops a scan into `out` at a moment by a signal, and returns its exit code."""
    (tmp_path / "runs").mkdir()

    def stop(moment: str, number: signal.Signals) -> int:
        arguments = ["scan", CLEAN, *FAST, "--output", str(tmp_path / "results" / "out")]
        process = subprocess.Popen(  # noqa: S603 - this interpreter, a program of the tests
            [sys.executable, "-c", PROGRAM, *MOMENTS[moment], *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(tmp_path / "runs")},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert "Traceback" not in said
        return process.returncode

    return stop


@posix
@pytest.mark.parametrize(
    ("number", "moment"),
    [
        (signal.SIGTERM, "while data is read"),
        (signal.SIGINT, "before a verdict"),
        (signal.SIGINT, "while files are written"),
    ],
)
def test_ctrl_c_and_a_polite_kill_leave_nothing(
    number: signal.Signals,
    moment: str,
    stopped: Callable[[str, signal.Signals], int],
    tmp_path: Path,
) -> None:
    assert stopped(moment, number) == 128 + number
    assert list((tmp_path / "runs").glob(f"{RUN}*")) == []
    assert [p.name for p in tmp_path.rglob("*") if p.name != "runs"] in ([], ["results"])


@posix
def test_a_kill_leaves_no_result_and_the_next_scan_clears_up(
    stopped: Callable[[str, signal.Signals], int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert stopped("while files are written", signal.SIGKILL) == -signal.SIGKILL
    out, runs = tmp_path / "results" / "out", tmp_path / "runs"
    assert not out.exists()
    assert len(list(runs.glob(f"{RUN}*"))) == 1
    monkeypatch.setattr("tempfile.tempdir", str(runs))
    assert run(["scan", CLEAN, *FAST, "--output", str(out), "--quiet"]) == 0
    assert (out / "manifest.json").is_file()
    assert list(runs.glob(f"{RUN}*")) == []


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_last_result_stays_whole(
    number: signal.Signals, stopped: Callable[[str, signal.Signals], int], tmp_path: Path
) -> None:
    out = tmp_path / "results" / "out"
    out.mkdir(parents=True)
    last = {name: f"the last {name}" for name in ("manifest.json", "report.html", "report.md")}
    for name, text in last.items():
        (out / name).write_text(text)
    ended = stopped("while files are written", number)
    if number == signal.SIGTERM:
        assert ended == 128 + number
        assert list((tmp_path / "runs").glob(f"{RUN}*")) == []
    assert {name: (out / name).read_text() for name in last} == last
    drafts = [p.name for p in out.iterdir() if p.name not in last]
    assert not drafts or number == signal.SIGKILL


@posix
def test_a_worker_is_deaf_to_ctrl_c_from_its_first_instruction() -> None:
    program = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    with _ctrl_c_blocked():
        assert python(program).out == "True\n"
    assert python(program).out == "False\n"


STUCK: Final = """\
import hashlib, signal, sys, threading
from ftaudit.cli import main as cli, process_guard
signal.signal(signal.SIGTERM, cli._terminate)
from ftaudit.model.run_folder import RunFolder
process_guard.install()
folder = RunFolder()
threading.Timer(0.5, print, ["here"], {"flush": True}).start()  # when the call below goes on
hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)  # a native call that answers no signal
"""

BUG: Final = """\
import sys
from ftaudit.cli import main as cli, manifest_files
def break_(*_):
    raise KeyError("SECRET of a row")
manifest_files.read_manifest = break_
sys.argv = ["ftaudit", "sign", "m.json", "--key", "k.pem"]
cli.main()
"""


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_in_a_native_call_leaves_all_the_same(
    number: signal.Signals, tmp_path: Path
) -> None:
    process = subprocess.Popen(  # noqa: S603 - this interpreter, a program of the tests
        [sys.executable, "-c", STUCK],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (128 + number, "ftaudit: stopped\n")
    assert list(tmp_path.glob(f"{RUN}*")) == []


def test_a_bug_is_one_line_that_says_where_and_not_what() -> None:
    ended = subprocess.run(  # noqa: S603 - as above
        [sys.executable, "-c", BUG], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 3
    assert ended.stderr.count("\n") == 1
    assert "KeyError at" in ended.stderr
    assert "SECRET" not in ended.stdout + ended.stderr
