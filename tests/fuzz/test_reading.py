"""A thousand damaged files are read or refused; `make fuzz` tries more."""

from tests.fuzz.driver import failures
from tests.fuzz.reading import case
from tests.fuzz.seeds import seeds


def test_a_thousand_damaged_files_end_no_process() -> None:
    assert list(failures(0, 1_000)) == []


def test_every_kind_of_file_is_damaged() -> None:
    assert {case(number)[0] for number in range(100)} == seeds().keys()
    assert all(case(number)[1] != seeds()[case(number)[0]] for number in range(20))
