"""The page about redaction runs as it stands, and prints what it says."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "redact.md"


def test_the_page_runs_and_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = PAGE.read_text("utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    exec(compile(code, PAGE.name, "exec"), {})  # noqa: S102 - our own page
    said = capsys.readouterr().out.splitlines()
    assert f"`{said[0]}`" in text
    assert said[1] == "True"
    assert said[2] == "[[{'role': 'user', 'content': 'I am <EMAIL_ADDRESS>, PLZ <ZIP_CODE>'}]]"
