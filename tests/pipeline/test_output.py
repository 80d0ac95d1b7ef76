import fcntl
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from ftaudit.model.errors import InputError
from ftaudit.model.run_folder import LOCK, RUN, RunFolder
from ftaudit.pipeline import output
from ftaudit.pipeline.exchange import exchange_names
from ftaudit.pipeline.output import publish, replace_folder


def test_a_new_folder_appears_whole(tmp_path: Path) -> None:
    copied = tmp_path / "findings"
    copied.write_bytes(b"rows")
    out = tmp_path / "deep" / "out"
    written = publish(out, {"manifest.json": "{}", "findings.parquet": copied, "a.md": b"x"})
    assert [p.name for p in written] == ["a.md", "findings.parquet", "manifest.json"]
    assert (out / "findings.parquet").read_bytes() == b"rows"
    assert sorted(p.name for p in out.parent.iterdir()) == ["out"]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    (tmp_path / "manifest.json").write_text("old")
    publish(tmp_path, {"manifest.json": "new"})
    assert (tmp_path / "mine.txt").read_text() == "keep"
    assert (tmp_path / "manifest.json").read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("exists", [False, True])
def test_a_kill_at_any_write_leaves_no_manifest_or_a_whole_one(
    exists: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        pass

    files: dict[str, str | bytes | Path] = {"manifest.json": "new", "a": "new", "b": "new"}
    real = Path.replace
    for stop in range(12):
        out = tmp_path / f"out{stop}"
        if exists:
            out.mkdir()
            for name in files:
                (out / name).write_text("old")
        left = [stop]

        def step(self: Path, target: Path, left: list[int] = left) -> Path:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return real(self, target)

        monkeypatch.setattr(Path, "replace", step)
        with suppress(Killed):
            publish(out, files)
        monkeypatch.setattr(Path, "replace", real)
        if (out / "manifest.json").exists():
            contents = {(out / name).read_text() for name in files}
            assert contents in ({"new"}, {"old"})


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(InputError, match="--output"):
        publish(blocked / "out", {"manifest.json": "{}"})


def test_run_folders_that_no_process_holds_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    stale = tmp_path / f"{RUN}stale"
    stale.mkdir()
    (stale / LOCK).touch()
    foreign = tmp_path / f"{RUN}without-a-lock"
    foreign.mkdir()
    first = RunFolder()
    second = RunFolder()
    assert not stale.exists()
    assert foreign.exists()
    assert first.path.is_dir(), "a run that lives keeps its folder"
    first.cleanup()
    assert not first.path.exists()
    second.cleanup()
    assert not second.path.exists()


def test_a_killed_run_lets_go_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import os; from ftaudit.model.run_folder import RunFolder; f = RunFolder(); os._exit(9)"
    )
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    subprocess.run([sys.executable, "-c", script], check=False)  # noqa: S603 - our own words
    assert len(list(tmp_path.glob(f"{RUN}*"))) == 1
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = RunFolder()
    assert [p.name for p in tmp_path.glob(f"{RUN}*")] == [folder.path.name]
    folder.cleanup()


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(out, {"manifest.json": "{}"})
    script = (
        "import os, sys; import ftaudit.pipeline.output as o; from pathlib import Path\n"
        "o.os.fsync = lambda *_: os._exit(9)\n"
        "o.publish(Path(sys.argv[1]), {'manifest.json': 'x'})"
    )
    for folder in (out, tmp_path / "new"):
        command = [sys.executable, "-c", script, str(folder)]
        assert subprocess.run(command, check=False).returncode == 9  # noqa: S603 - our own words
    (tmp_path / ".new.backup12").mkdir()
    hidden = [p.name for p in (*out.iterdir(), *tmp_path.iterdir()) if p.name.startswith(".")]
    assert len(hidden) == 3
    for folder in (out, tmp_path / "new"):
        publish(folder, {"manifest.json": "{}"})
    hidden = [p.name for p in (*out.iterdir(), *tmp_path.iterdir()) if p.name.startswith(".")]
    assert hidden == [".new.backup12"], "what is not ours stays"


def test_the_draft_of_a_writer_that_lives_is_left_alone(tmp_path: Path) -> None:
    draft = tmp_path / ".out.ftaudit-abc"
    draft.mkdir()
    lock = os.open(draft, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    publish(tmp_path / "out", {"manifest.json": "{}"})
    assert draft.is_dir()
    os.close(lock)


@pytest.mark.parametrize("exists", [True, False])
def test_of_two_writers_at_a_time_one_result_stands_whole(
    exists: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    if exists:
        out.mkdir()

    def files(writer: str) -> dict[str, str | bytes | Path]:
        return dict.fromkeys(("findings.parquet", "manifest.json", "report.html"), writer)

    second = threading.Thread(target=publish, args=(out, files("second")))
    real, write = Path.replace, output._write  # noqa: SLF001 - where a writer is stopped

    def interleaved(path: Path) -> None:
        late = path.name == "manifest.json" and threading.current_thread() is not second
        if late and not second.ident:
            second.start()
            second.join(1 if exists else 20)

    def slow_replace(self: Path, target: Path) -> Path:
        interleaved(Path(target))
        return real(self, target)

    def slow_write(path: Path, content: str | bytes | Path) -> None:
        write(path, content)
        interleaved(path)

    if exists:
        monkeypatch.setattr(Path, "replace", slow_replace)
    else:
        monkeypatch.setattr(output, "_write", slow_write)
    publish(out, files("first"))
    second.join(20)
    assert len({(out / name).read_text() for name in files("")}) == 1
    assert sorted(p.name for p in out.iterdir()) == sorted(files(""))


def test_reports_of_an_earlier_audit_do_not_stand_beside_a_later_one(tmp_path: Path) -> None:
    publish(tmp_path, {"manifest.json": "old", "report.html": "old"})
    (tmp_path / "notes.txt").write_text("mine")
    publish(tmp_path, {"manifest.json": "new"}, stale={"report.html"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["manifest.json", "notes.txt"]


def test_files_with_excerpts_are_for_the_account_that_made_them(tmp_path: Path) -> None:
    publish(tmp_path / "out", {"manifest.json": "{}", "report.html": "", "findings.parquet": b""})
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "out").iterdir()}
    assert modes["report.html"] == modes["findings.parquet"] == 0o600
    folder = RunFolder()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    folder.cleanup()


def test_an_old_folder_that_was_never_locked_goes_and_a_strangers_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, linked = tmp_path / f"{RUN}old", tmp_path / f"{RUN}link"
    old.mkdir()
    os.utime(old, (0, 0))
    target = tmp_path / "target"
    target.mkdir()
    (target / LOCK).touch()
    linked.symlink_to(target)
    RunFolder().cleanup()
    assert not old.exists()
    assert (target / LOCK).exists(), "links are not followed"


class Killed(BaseException):
    """Stands for a kill: nothing catches it, and nothing is tidied up."""


@pytest.mark.parametrize("at_once", [True, False])
def test_a_folder_that_is_replaced_is_never_lost(
    at_once: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a kill before any step the old or the new folder stands, at the latest at the next run."""
    if not at_once:
        monkeypatch.setattr(output, "exchange_names", lambda *_: False)
    else:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        if not exchange_names(tmp_path / "a", tmp_path / "b"):
            pytest.skip("this system cannot exchange the names of folders")
    real_rename, real_rmtree = Path.rename, shutil.rmtree
    real_exchange = exchange_names if at_once else lambda *_: False
    for stop in range(5):
        out = tmp_path / f"out{stop}" / "fixed"
        replace_folder(out, {"mark": "old", "deep/a": "old"}, mark="mark")
        left = [stop]

        def step(left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Killed

        def rename(self: Path, target: Path, step: Callable[[], None] = step) -> Path:
            step()
            return real_rename(self, target)

        def exchange(first: Path, second: Path, step: Callable[[], None] = step) -> bool:
            step()
            return real_exchange(first, second)

        monkeypatch.setattr(Path, "rename", rename)
        monkeypatch.setattr(output, "exchange_names", exchange)
        monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
        with suppress(Killed):
            replace_folder(out, {"mark": "new", "deep/a": "new"}, mark="mark")
        monkeypatch.setattr(Path, "rename", real_rename)
        monkeypatch.setattr(output, "exchange_names", real_exchange)
        monkeypatch.setattr(shutil, "rmtree", real_rmtree)
        if not out.exists():
            assert not at_once
            with suppress(InputError):
                replace_folder(out, {"mark": "x"}, mark="a mark that it does not have")
        contents = {(out / name).read_text() for name in ("mark", "deep/a")}
        assert contents in ({"new"}, {"old"})
        replace_folder(out, {"mark": "last"}, mark="mark")
        assert [p.name for p in out.parent.iterdir()] == ["fixed"]
