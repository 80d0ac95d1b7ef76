"""`ftaudit waive`."""

from pathlib import Path

import pytest

from ftaudit.cli.main import run
from tests import manifests
from tests.cli import walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return walk.folder(tmp_path, metrics=manifests.DUPLICATES)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"by": "ML@example.com"}, "self-approved"),
        ({"rule": "FTA-DUP-02"}, "did you mean FTA-DUP-002?"),
        ({"rule": "FTA-SEC-001"}, "cannot be waived"),
        ({"expires": "someday"}, "neither a day"),
        ({"expires": "2030-01-01T00:00:00"}, "neither a day"),
        ({"reason": " "}, "reason says nothing"),
        ({"max": "nan"}, "finite"),
        ({"max": "inf"}, "finite"),
        ({"key": "nowhere.pem"}, "cannot be read"),
    ],
)
def test_a_waiver_that_cannot_be_meant_is_not_written(
    folder: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str], says: str
) -> None:
    capsys.readouterr()
    assert run(walk.waive(folder, **changes)) == 2
    assert says in capsys.readouterr().err
    assert not (folder / "waiver.dsse.json").exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"max": "0.2"}, "beyond this ceiling"),
        ({"expires": "2020-01-01"}, "expired already"),
    ],
)
def test_a_waiver_the_gate_will_refuse_is_written_with_a_note(
    folder: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str], says: str
) -> None:
    capsys.readouterr()
    assert run(walk.waive(folder, **changes)) == 0
    assert says in capsys.readouterr().err
    gate = ["gate", str(folder / "manifest.dsse.json"), *walk.trusted(folder)]
    assert run([*gate, f"--waiver={folder / 'waiver.dsse.json'}"]) == 1
    assert "refused" in capsys.readouterr().out


def test_a_waiver_lies_beside_the_manifest_unless_told_otherwise(folder: Path) -> None:
    arguments = [a for a in walk.waive(folder) if not a.startswith("--output")]
    assert run(arguments) == 0
    assert (folder / "waiver-FTA-DUP-002.dsse.json").exists()


def test_a_whole_ceiling_is_written_as_an_integer(folder: Path) -> None:
    assert run(walk.waive(folder, max="5")) == 0
    manifest, data = str(folder / "manifest.dsse.json"), str(folder / "data")
    gate = ["gate", manifest, data, *walk.trusted(folder)]
    assert run([*gate, f"--waiver={folder / 'waiver.dsse.json'}"]) == 0
