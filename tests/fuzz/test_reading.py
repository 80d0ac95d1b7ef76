"""A thousand damaged files are read or refused; `make fuzz` tries more."""

from pathlib import Path

import pytest

from tests.fuzz.driver import failures
from tests.fuzz.reading import case, read
from tests.fuzz.seeds import seeds

pytestmark = pytest.mark.long


def test_a_thousand_damaged_files_end_no_process() -> None:
    assert list(failures(0, 1_000)) == []


def test_every_kind_of_file_is_damaged() -> None:
    assert {case(number)[0] for number in range(100)} == seeds().keys()
    assert all(case(number)[1] != seeds()[case(number)[0]] for number in range(20))


@pytest.mark.parametrize("number", [52_723, 55_057, 58_878])
def test_a_name_of_a_column_that_is_no_text_is_refused(number: int, tmp_path: Path) -> None:
    name, data = case(number)
    (tmp_path / name).write_bytes(data)
    assert not read(tmp_path / name)
