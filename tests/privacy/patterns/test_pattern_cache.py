"""Derived patterns are kept between runs, and never trusted unread."""

from pathlib import Path

import msgspec
import pytest

from ftaudit.privacy.patterns.pattern_cache import cached


class Content(msgspec.Struct):
    """What is kept."""

    patterns: list[str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "ftaudit"


def ask(*identity: str, pattern: str = "a") -> tuple[list[str], int]:
    """Return what is read, and how often it was made."""
    made = []

    def make() -> Content:
        made.append(pattern)
        return Content([pattern])

    return cached("test", identity, Content, make).patterns, len(made)


def test_what_was_made_once_is_read_the_next_time(home: Path) -> None:
    assert ask("one") == (["a"], 1)
    assert ask("one", pattern="b") == (["a"], 0)
    assert ask("another", pattern="b") == (["b"], 1)
    assert len(list(home.iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes().replace(b'"a"', b'"z"')),
        lambda file: file.write_bytes(b"0" * 64 + b"\n{}"),
        lambda file: file.chmod(0o666),
    ],
    ids=["emptied", "changed", "forged", "writable by all"],
)
def test_a_file_that_is_not_what_was_written_is_made_anew(home: Path, damage: object) -> None:
    assert ask("one") == (["a"], 1)
    [file] = home.iterdir()
    assert callable(damage)
    damage(file)
    assert ask("one") == (["a"], 1)
    assert ask("one") == (["a"], 0)


def test_without_a_folder_to_write_to_it_is_made_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert ask("one") == ask("one") == (["a"], 1)
