"""Derived patterns are kept between runs, and never trusted unread."""

from pathlib import Path

import msgspec
import pytest

from ftaudit.privacy.patterns import pattern_cache
from ftaudit.privacy.patterns.pattern_cache import SHIPPED, cached
from ftaudit.privacy.patterns.regex_widen import widen_roughly, widen_to_core
from ftaudit.privacy.presidio import presidio_scanner
from ftaudit.privacy.recognizers import cued_scanner
from ftaudit.privacy.recognizers.cued_recognizer import FLAGS
from ftaudit.privacy.recognizers.cued_scanner import PatternCores, discover
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import engine


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


def test_the_usual_search_derives_nothing_on_a_fresh_machine(home: Path) -> None:
    own = (cued_scanner._engine, presidio_scanner._plan, presidio_scanner._coverage)  # noqa: SLF001 - caches of the process
    for kept in (*own, engine):
        kept.cache_clear()
    Search().check()
    engine()
    assert not home.exists(), "run python -m tests.privacy.ship_patterns"
    assert len(list(SHIPPED.iterdir())) == 5


def test_shipped_patterns_are_those_that_are_derived() -> None:
    [path] = SHIPPED.glob("recognizers-*.json")
    _, _, encoded = path.read_bytes().partition(b"\n")
    shipped = msgspec.json.decode(encoded, type=PatternCores)
    patterns = [pattern.pattern for found in discover() for pattern in found.patterns]
    assert len(shipped.cores) == len(shipped.wholes) == len(patterns)
    for at in range(0, len(patterns), 9):  # every ninth: all of them take seconds
        assert shipped.cores[at] == widen_to_core(patterns[at], FLAGS)
        assert shipped.wholes[at] in {"", widen_roughly(patterns[at], FLAGS)}


def test_a_shipped_file_that_was_changed_is_not_read(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask("one") == (["a"], 1)
    [file] = home.iterdir()
    monkeypatch.setattr(pattern_cache, "SHIPPED", tmp_path)
    shipped = tmp_path / file.name
    file.rename(shipped)
    shipped.chmod(0o444)
    assert ask("one") == (["a"], 0)
    shipped.chmod(0o644)
    shipped.write_bytes(shipped.read_bytes().replace(b'"a"', b'"z"'))
    assert ask("one") == (["a"], 1)
