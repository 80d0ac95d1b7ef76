"""Tables of any type and records of any shape are read or refused, and every column has a role."""

import pytest

from tests.fuzz.shapes import failures

pytestmark = pytest.mark.long


def test_any_table_and_any_shape_of_records_end_in_rows_or_one_line() -> None:
    assert failures(0, 120) == {}
