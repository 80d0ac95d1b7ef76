"""A scan of a few hundred rows loads and asks little: what it takes is nearly all start-up.

Its first worker takes what checks of rows load and ask, where there is a second core.
"""

import json
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.cli.commands import python

SCAN: Final = """
import json, sys
from ftaudit.cli.main import main
from ftaudit.engines.local import begun_folds, first_worker

asked = 0

def seen(frame, event, function):
    global asked
    asked += event == "c_call" and function.__name__ == "collect"

first_worker.cores = lambda: 2
first_worker.has_idle_core = lambda: True
begun_folds.PATIENCE = 60  # or a busy machine makes here what the worker was not up in time for
sys.argv = ["ftaudit", "scan", "sample_data/clean", "--quiet", "--output", {output!r}]
sys.setprofile(seen)
try:
    main()
except SystemExit as end:
    sys.setprofile(None)
    print(json.dumps([end.code or 0, sorted(sys.modules), asked]))
"""
NEEDLESS: Final = (
    *("cryptography", "great_expectations", "numba", "llvmlite", "pandas", "presidio_analyzer"),
    *("pydantic", "pydantic_core"),
    *(
        "re2",
        "regex",
        "scipy",
        "spacy",
        "urllib.request",
        "http.client",
        "license_expression",
        "multiprocessing",
    ),
    *("ftaudit.admission.statements", "ftaudit.cli.diff_command", "ftaudit.evaluation"),
    *("ftaudit.readers.arrow", "ftaudit.readers.frame", "ftaudit.readers.parquet"),
    *("ftaudit.readers.json_source", "ftaudit.readers.jsonl", "ftaudit.readers.store_listing"),
    *("ftaudit.readers.raw_lines", "ftaudit.privacy.presidio.phone_search"),
    *("ftaudit.privacy.recognizers.person_abroad", "ftaudit.privacy.recognizers.ssn"),
    *("ftaudit.engines.local.processes", "ftaudit.engines.spark", "ftaudit.readers.web_file"),
    *("ftaudit.remedies", "ftaudit.similarity.divided", "ftaudit.similarity.index.signature_index"),
    *("ftaudit.similarity.kernels", "ftaudit.wire.envelope", "ftaudit.writers"),
)
"""What only other data, other options and other commands need, with everything in it."""


class SmallScan(NamedTuple):
    """What a scan of `sample_data/clean` did."""

    code: int
    modules: list[str]
    asked: int
    """Queries of polars."""


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> SmallScan:
    """Scan in a process of its own."""
    output = tmp_path_factory.mktemp("first") / "out"
    ended = python(SCAN.format(output=str(output)))
    assert Path(output, "manifest.json").is_file(), ended.err
    return SmallScan(*json.loads(ended.out))


def test_a_small_scan_imports_nothing_needless(scanned: SmallScan) -> None:
    assert scanned.code == 0
    assert [
        module
        for module in scanned.modules
        if module.startswith(tuple(f"{name}." for name in NEEDLESS)) or module in NEEDLESS
    ] == []


def test_a_small_scan_imports_few_modules_of_ftaudit(scanned: SmallScan) -> None:
    assert len([m for m in scanned.modules if m.startswith("ftaudit.")]) <= 424


def test_a_small_scan_asks_polars_little(scanned: SmallScan) -> None:
    assert 0 < scanned.asked <= 520
