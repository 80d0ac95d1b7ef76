"""Small files are read whole, and nothing else is read at all."""

import os
from pathlib import Path

import pytest

from ftaudit.cli.main import run
from ftaudit.model.bounded_read import read_bounded


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_bounded(path, 5) == b"12345"


def test_what_is_longer_or_never_ends_or_is_no_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"123456")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for name, says in (
        (path, "longer than 5 bytes"),
        (pipe, "a pipe or a device"),
        (Path("/dev/zero"), "a pipe or a device"),
        (tmp_path, "directory"),
        (tmp_path / "nowhere", "No such file"),
    ):
        with pytest.raises(OSError, match=says) as caught:
            read_bounded(name, 5)
        assert caught.value.strerror is not None
        assert says in caught.value.strerror


@pytest.mark.parametrize(
    "arguments",
    [
        ["gate", "PIPE"],
        ["gate", "/dev/zero"],
        ["policy", "check", "PIPE"],
        ["policy", "check", "/dev/zero"],
        ["report", "PIPE"],
        ["sign", "PIPE", "--key", "k.pem"],
        ["request", "PIPE", "--plan", "PIPE"],
    ],
)
def test_no_command_waits_for_a_pipe_or_a_device(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert run([str(tmp_path / "pipe") if a == "PIPE" else a for a in arguments]) == 2
    assert "a pipe or a device" in capsys.readouterr().err
