"""A user's own script may scan without guarding its main part."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import polars as pl

import ftaudit
from ftaudit.model.options import Options
from ftaudit.engines.local import engine as folding
from ftaudit.engines.local.processes import Workers

folding.WORTH_A_PROCESS = 1
begin = Workers.__enter__
Workers.__enter__ = lambda workers: (begin(workers).wait(), workers)[1]
print("the script runs")
rows = pl.DataFrame({"text": [f"row {i} of the data" for i in range(50)], "label": ["a"] * 50})
rows.write_csv("rows.csv")
options = Options(policy="report-only", only=("schema",), workers=2)
print(ftaudit.scan("rows.csv", options=options).passed)
"""


def test_a_script_without_a_main_guard_scans_on_workers(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(path)],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stdout, done.returncode) == ("the script runs\nTrue\n", 0), done.stderr
