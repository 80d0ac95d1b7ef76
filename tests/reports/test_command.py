"""`ftaudit report`, run as a shell would run it."""

import json
from pathlib import Path

import pytest

from ftaudit.cli.main import run
from ftaudit.reports import formats
from ftaudit.wire import envelope as attestation
from ftaudit.wire.manifest import to_json
from tests.reports import sample


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(to_json(sample.manifest()), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", formats.FILES)
def test_every_format_is_rendered_from_a_stored_manifest(
    name: str, stored: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report"
    assert run(["report", str(stored), "--report", name, "-o", str(out)]) == 0
    assert out.read_text("utf-8") == formats.renderer(name)[1](sample.manifest())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "report"]


@pytest.mark.parametrize("where", [(), ("-o", "-")])
def test_without_a_file_it_goes_to_stdout(
    where: tuple[str, ...], stored: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["report", str(stored), "--report", "json", *where]) == 0
    assert capsysbinary.readouterr().out == stored.read_bytes()


def test_the_summary_is_shown_by_default(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", str(stored)]) == 0
    assert "Tuning may not proceed." in capsys.readouterr().out


def test_a_signed_manifest_is_rendered_and_said_to_be_unverified(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    envelope = tmp_path / "manifest.dsse.json"
    envelope.write_bytes(attestation.sign(stored.read_bytes(), attestation.generate()))
    assert run(["report", str(envelope), "--report", "markdown"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("## ❌ BLOCKED")
    assert said.err == "ftaudit: the signature was not verified; `ftaudit gate` does that\n"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"\x00", 2, "not JSON"),
        (b"{}", 2, "not an in-toto Statement"),
        (b'{"payload": "x", "payloadType": "y", "signatures": []}', 4, "DSSE envelope"),
    ],
)
def test_what_is_no_manifest_is_one_line_and_no_file(
    content: bytes, code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "manifest.json", tmp_path / "report.md"
    path.write_bytes(content)
    assert run(["report", str(path), "-o", str(out)]) == code
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_text_that_no_file_can_hold_is_refused(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    value = json.loads(stored.read_text("utf-8"))
    value["predicate"]["policy"]["name"] = "\ud800"
    stored.write_text(json.dumps(value), encoding="utf-8")
    assert run(["report", str(stored), "--report", "html"]) == 4
    assert "holds text or numbers that a manifest cannot" in capsys.readouterr().err


def test_a_missing_manifest_and_an_unwritable_file_are_named(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["report", str(tmp_path / "none.json")]) == 2
    assert run(["report", str(stored), "-o", str(tmp_path / "no" / "folder")]) == 2
    said = capsys.readouterr().err
    assert "none.json: cannot be read" in said
    assert "cannot be written" in said
