"""`ftaudit sign`."""

import json
from pathlib import Path

import pytest

from ftaudit.cli.main import run
from ftaudit.pipeline.fixing import fix
from ftaudit.wire import envelope as attestation
from tests import manifests
from tests.cli import walk


def test_the_payload_is_the_manifest_to_the_byte(tmp_path: Path) -> None:
    walk.folder(tmp_path)
    key = attestation.load_public_key(tmp_path / "ci.pub.json")
    verified = attestation.verify((tmp_path / "manifest.dsse.json").read_bytes(), [key])
    assert verified.payload == (tmp_path / "manifest.json").read_bytes()


def test_a_signed_manifest_can_be_signed_again_by_another(tmp_path: Path) -> None:
    walk.folder(tmp_path)
    arguments = ["sign", str(tmp_path / "manifest.dsse.json"), "--key", str(tmp_path / "owner.pem")]
    assert run([*arguments, "-o", str(tmp_path / "again.json")]) == 0
    key = attestation.load_public_key(tmp_path / "owner.pub.json")
    verified = attestation.verify((tmp_path / "again.json").read_bytes(), [key])
    assert verified.keyid == key.keyid


def test_lineage_is_signed_and_the_payload_is_its_file_to_the_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk.folder(tmp_path)
    path = tmp_path / "train.jsonl"
    path.write_text('{"text": "a word", "label": "a"}\n{"text": "", "label": "b"}\n')
    with fix(path, recipe=["drop-malformed"], columns={"input": "text"}, workers=1) as fixed:
        fixed.write(tmp_path / "out")
    lineage = tmp_path / "out" / "lineage.json"
    assert run(["sign", str(lineage), "--key", str(tmp_path / "ci.pem")]) == 0
    assert "lineage.dsse.json: signed by the key" in capsys.readouterr().out
    key = attestation.load_public_key(tmp_path / "ci.pub.json")
    signed = (tmp_path / "out" / "lineage.dsse.json").read_bytes()
    assert attestation.verify(signed, [key]).payload == lineage.read_bytes()
    lineage.write_text(lineage.read_text().replace('"rows": 1', '"rows": 1, "rows": 2'))
    assert run(["sign", str(lineage), "--key", str(tmp_path / "ci.pem")]) == 4
    assert "a key stands twice" in capsys.readouterr().err


def test_what_contradicts_itself_is_not_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk.folder(tmp_path)
    made = manifests.of(list(manifests.data(tmp_path / "data")))
    edited = manifests.edited(made, {"predicate.gate.verdict": "BLOCKED"})
    (tmp_path / "edited.json").write_text(json.dumps(edited))
    (tmp_path / "manifest.dsse.json").unlink()
    assert run(["sign", str(tmp_path / "edited.json"), "--key", str(tmp_path / "ci.pem")]) == 4
    assert "contradicts itself" in capsys.readouterr().err
    assert not (tmp_path / "manifest.dsse.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere.json", "--key", "ci.pem"], 2),
        (["manifest.json", "--key", "nowhere.pem"], 2),
        (["manifest.json", "--key", "ci.pub.json"], 4),
        (["manifest.json", "--key", "ci.pem", "-o", "no/folder/x.json"], 2),
        (["ci.pub.json", "--key", "ci.pem"], 2),
        (["manifest.json"], 2),
    ],
)
def test_mistakes_end_with_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
) -> None:
    walk.folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert run(["sign", *arguments]) == code
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert said.strip()
