import json
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.model.errors import FtauditError, InputError, suggestion
from ftaudit.model.escape import printable, shell_command, shown_json


@given(st.text(st.characters(), max_size=500), st.integers(1, 100))
def test_whatever_comes_out_is_one_short_line_that_moves_nothing(text: str, limit: int) -> None:
    shown = printable(text, limit=limit)
    assert len(shown) <= limit
    assert all(not unicodedata.category(c).startswith("C") for c in shown)
    assert "\n" not in shown


def test_terminal_escapes_and_overrides_are_replaced() -> None:
    assert printable("\x1b[31mred") == "�[31mred"
    assert printable("a\u202eb") == "a�b"
    assert printable("a\r\n\tb") == "a b"


def test_errors_are_one_line_whatever_they_are_made_of() -> None:
    error = InputError("evil\x1b[2J.csv", "two\nlines", place="line 3", remedy="Mend it")
    assert str(error) == "evil�[2J.csv, line 3: two lines. Mend it"
    assert isinstance(error, FtauditError)
    assert error.exit_code == 2


def test_the_nearest_name_is_suggested() -> None:
    assert suggestion("leakge", ["leakage", "pii"]) == " (did you mean leakage?)"
    assert suggestion("zzz", ["leakage"]) == ""


@pytest.mark.parametrize("text", ["::error::broken", " ::stop-commands::x", "a ##[add-path]/tmp"])
def test_no_text_commands_the_workflow_in_whose_log_it_stands(text: str) -> None:
    shown = printable(text)
    assert not shown.lstrip().startswith("::")
    assert "##[" not in shown
    assert printable("std::vector") == "std::vector"


HIDDEN = "a\u202eb\x9b\u2066\U000e0041\ufeff"


@given(st.text(st.sampled_from(HIDDEN + "\"\\'x é👍\n\x00\ud800"), max_size=20))
def test_json_means_the_same_and_shows_all_it_holds(text: str) -> None:
    written = shown_json({"a": [text]})
    assert json.loads(written) == {"a": [text]}
    assert not any(unicodedata.category(c) in {"Cf", "Cs"} or c == "\x9b" for c in written)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell that can be asked")
def test_a_command_is_the_same_to_a_shell_and_moves_nothing() -> None:
    words = ["printf", "%s|", "plain", "a b", "it's", HIDDEN, "x'\\\x1b[2J\ny"]
    command = shell_command(words)
    assert not any(unicodedata.category(c).startswith("C") for c in command)
    printed = subprocess.run(["bash", "-c", command], capture_output=True, check=True).stdout  # noqa: S603, S607 - our own words
    assert printed.decode() == "".join(f"{word}|" for word in words[2:])
