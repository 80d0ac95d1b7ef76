import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ftaudit.model.errors import FtauditError, InputError, suggestion
from ftaudit.model.escape import printable


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
