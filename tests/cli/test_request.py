"""`ftaudit request`."""

import json
from pathlib import Path

import pytest
import yaml

from ftaudit.admission.request import starter_plan
from ftaudit.cli.main import run
from tests import manifests
from tests.admission.test_request import COMPLETE
from tests.cli import walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    walk.folder(tmp_path, metrics=manifests.DUPLICATES)
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(COMPLETE))
    return tmp_path


def arguments(folder: Path, output: str) -> list[str]:
    manifest = str(folder / "manifest.dsse.json")
    return ["request", manifest, f"--plan={folder / 'plan.yaml'}", "-o", str(folder / output)]


@pytest.mark.parametrize("output", ["request.md", "request.html", "request.json"])
def test_a_complete_request_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    assert run(arguments(folder, output)) == 0
    assert "complete" in capsys.readouterr().out
    assert "Intents of support tickets" in (folder / output).read_text()


def test_an_incomplete_plan_names_each_gap_and_ends_with_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "plan.yaml").write_text(starter_plan())
    assert run(arguments(folder, "request.json")) == 1
    said = capsys.readouterr().err
    for field in ("baseline.score", "holdout.name", "rollback.path", "retraining_triggers"):
        assert f"gap: {field}" in said
    assert json.loads((folder / "request.json").read_text())["complete"] is False


def test_a_waiver_is_shown_once_its_signature_holds(folder: Path) -> None:
    assert run(walk.waive(folder)) == 0
    with_waiver = [*arguments(folder, "r.json"), f"--waiver={folder / 'waiver.dsse.json'}"]
    assert run(with_waiver) == 4
    assert run([*with_waiver, *walk.trusted(folder)]) == 0
    assert json.loads((folder / "r.json").read_text())["waivers"][0]["rule"] == "FTA-DUP-002"


def test_a_request_may_be_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = arguments(folder, "x.md")
    capsys.readouterr()
    assert run([*command[:-1], "-"]) == 0
    assert capsys.readouterr().out.startswith("# Approval request")


def test_another_kind_of_file_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments(folder, "request.pdf")) == 2
    assert ".md, .html, .json" in capsys.readouterr().err
