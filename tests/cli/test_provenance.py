import json
from pathlib import Path

import pytest

from ftaudit.cli.main import run
from ftaudit.provenance.provenance_record import load_record

RECORD = """\
schema: ftaudit.provenance/v1
dataset: {id: urn:example:tickets, version: 1.0.0, title: Tickets, issuer: Example}
sources:
  - {id: export, uri: "https://example.com/export", license: CC-BY-4.0, method: export}
"""
CARD = """\
---
pretty_name: Tickets
license: cc-by-4.0
---
# Tickets
"""


def test_a_record_goes_to_croissant_and_back(tmp_path: Path) -> None:
    (tmp_path / "provenance.yaml").write_text(RECORD)
    there, back = tmp_path / "croissant.json", tmp_path / "back.yaml"
    assert run(["provenance", "export", str(tmp_path / "provenance.yaml"), "-o", str(there)]) == 0
    assert json.loads(there.read_text())["@type"] == "sc:Dataset"
    assert run(["provenance", "import", str(there), "-o", str(back)]) == 0
    assert load_record(back) == load_record(tmp_path / "provenance.yaml")


def test_a_dataset_card_becomes_a_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text(CARD)
    assert run(["provenance", "import", str(tmp_path / "README.md")]) == 0
    assert "license: CC-BY-4.0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text"),
    [("none.json", None), ("broken.json", "{"), ("card.md", "no front matter"), ("x.json", "[]")],
)
def test_what_cannot_be_read_is_one_line(
    name: str, text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    assert run(["provenance", "import", str(tmp_path / name)]) == 2
    said = capsys.readouterr().err
    assert name in said
    assert said.count("\n") == 1
