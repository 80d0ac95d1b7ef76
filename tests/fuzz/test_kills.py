"""A few scans are killed at random times; `make fuzz` kills two hundred."""

import os

import pytest

from tests.fuzz.kills import failures

pytestmark = pytest.mark.long


@pytest.mark.skipif(os.name != "posix", reason="sessions and /proc are those of Linux")
def test_a_killed_scan_leaves_no_half_output_no_process_and_no_files() -> None:
    assert list(failures(2, seed=3, rows=200, longest=5.0)) == []
