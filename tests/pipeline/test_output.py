import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from ftaudit.model.errors import InputError
from ftaudit.pipeline.output import LOCK, RUN, RunFolder, publish


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
        "import os; from ftaudit.pipeline.output import RunFolder; f = RunFolder(); os._exit(9)"
    )
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    subprocess.run([sys.executable, "-c", script], check=False)  # noqa: S603 - our own words
    assert len(list(tmp_path.glob(f"{RUN}*"))) == 1
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = RunFolder()
    assert [p.name for p in tmp_path.glob(f"{RUN}*")] == [folder.path.name]
    folder.cleanup()
