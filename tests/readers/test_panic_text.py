"""What native code prints of a panic stays off stderr; nothing else is lost."""

import os
import sys
from collections.abc import Iterator
from threading import Thread

import polars as pl
import pytest

from ftaudit.model.attempt import BrokenCall, attempt
from ftaudit.readers.panic_text import quietly, without_panic_text

PANIC = b"""
thread 'async-executor-0' (28223) panicked at crates/arrow/src/bitmap.rs:329:9:
assertion failed: offset + length <= self.length
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
"""


def panicking(text: bytes) -> None:
    with without_panic_text():
        os.write(2, text)
        raise ValueError("broken")


def test_a_panic_is_not_printed_and_what_came_before_it_is(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ValueError, match="broken"):
        panicking(b"a warning of a library\n" + PANIC)
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "a warning of a library\nafter\n"


def panics() -> Iterator[int]:
    yield 1
    os.write(2, PANIC)
    raise pl.exceptions.PanicException("of text of the data")


def test_what_makes_items_prints_nothing_of_a_panic(capfd: pytest.CaptureFixture[str]) -> None:
    made = quietly(panics())
    assert next(made) == 1
    with pytest.raises(pl.exceptions.PanicException):
        next(made)
    assert capfd.readouterr().err == ""


def test_a_check_that_panics_breaks_and_nothing_else_does() -> None:
    broken = attempt(lambda: list(panics()))
    assert isinstance(broken, BrokenCall)
    assert "PanicException" in broken.error
    assert "data" not in broken.error


def test_what_is_printed_where_nothing_breaks_follows_at_the_end(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with without_panic_text():
        os.write(2, b"a warning\n")
        assert os.environ["RUST_BACKTRACE"] == "0"
        assert capfd.readouterr().err == ""
    assert capfd.readouterr().err == "a warning\n"


def test_python_goes_on_printing_at_once(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = os.fdopen(2, "w", closefd=False)
    monkeypatch.setattr(sys, "stderr", own)
    with without_panic_text():
        sys.stderr.write("a bar\n")
        sys.stderr.flush()
        assert capfd.readouterr().err == "a bar\n"
    assert sys.stderr is own


def test_a_second_thread_redirects_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    def inner() -> None:
        with without_panic_text():
            pass

    with without_panic_text():
        thread = Thread(target=inner)
        thread.start()
        thread.join()
    os.write(2, b"still there\n")
    assert capfd.readouterr().err == "still there\n"
