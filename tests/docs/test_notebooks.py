"""A notebook that a user would write, executed cell by cell."""

import json
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.docs.pages import ROOT

pytestmark = pytest.mark.long

SCAN = f"""
import ftaudit
options = ftaudit.Options(only=("schema", "class-balance"))
audit = ftaudit.scan({str(ROOT / "sample_data" / "dirty")!r}, options=options)
"""
WRITE = """
audit.write("out", reports=("text",))
print(open("out/report.txt").read().splitlines()[0])
"""
CELLS = (
    SCAN,
    "audit",
    "print(audit)",
    "print(str(audit).splitlines()[0]); print(sorted(dir(ftaudit)))",
    "print(audit['schema'].status)",
    WRITE,
    "print(audit.findings.with_rows().columns[-1])",
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_notebook_shows_prints_and_writes_an_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for source in CELLS
    ]
    text = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call] # it has no types
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    client.execute(env={**os.environ})
    outputs = [cell["outputs"] for cell in notebook["cells"]]
    shown = outputs[1][0]["data"]
    assert "<strong>BLOCKED</strong>" in shown["text/html"]
    assert shown["text/plain"].startswith("BLOCKED  Tuning may not proceed.")
    assert outputs[2][0]["text"].startswith("BLOCKED  Tuning may not proceed.")
    assert outputs[3][0]["text"].startswith("BLOCKED  Tuning may not proceed.")
    assert "'Audit', 'Fixed', 'Options'" in outputs[3][0]["text"]
    assert outputs[4][0]["text"] == "failed\n"
    assert outputs[5][0]["text"].startswith("BLOCKED  Tuning may not proceed.")
    assert outputs[6][0]["text"] == "license\n"
