"""`ftaudit gate`: exit codes and what a person reads."""

import json
import os
from pathlib import Path

import pytest

from ftaudit.cli.main import run
from tests import manifests
from tests.cli import walk


def test_the_whole_walk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walk.folder(tmp_path, metrics=manifests.DUPLICATES)
    manifest, data = str(tmp_path / "manifest.dsse.json"), str(tmp_path / "data")
    gate = ["gate", manifest, data, *walk.trusted(tmp_path)]
    capsys.readouterr()

    assert run(gate) == 1
    said, progress = capsys.readouterr()
    assert progress == f"ftaudit: checking {manifest} … \n"
    assert said.startswith("BLOCKED")
    assert "FTA-DUP-002: 25% of training rows nearly repeat another; the limit is 5%." in said

    assert run(walk.waive(tmp_path)) == 0
    gate.append(f"--waiver={tmp_path / 'waiver.dsse.json'}")
    assert run(gate) == 0

    keyid = json.loads((tmp_path / "owner.pub.json").read_text())["keyid"]
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "schema: ftaudit.policy/v1\nid: own\napprovals:\n  require: [data-owner]\n  roles:\n"
        f"    data-owner: {{keys: [{keyid}], may_waive: [FTA-DUP-*]}}\n"
    )
    gate.append(f"--policy={policy}")
    assert run(gate) == 1
    assert run(walk.approve(tmp_path)) == 0
    gate.append(f"--approval={tmp_path / 'approval.dsse.json'}")
    capsys.readouterr()
    assert run(gate) == 0
    said = capsys.readouterr().out
    for topic in ("PASSED", "signature", "data", "age", "waived", "approval", "policy"):
        assert topic in said

    train = tmp_path / "data" / "train.csv"
    train.write_text(train.read_text().replace("third", "thirD"))
    capsys.readouterr()
    assert run(gate) == 4
    assert "not the audited data" in capsys.readouterr().out


def test_json_is_one_object_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk.folder(tmp_path)
    manifest = str(tmp_path / "manifest.dsse.json")
    capsys.readouterr()
    data = str(tmp_path / "data")
    assert run(["gate", manifest, data, *walk.trusted(tmp_path), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["verdict"], value["exit_code"], value["reasons"]) == ("PASSED", 0, [])
    (tmp_path / "manifest.dsse.json").write_text("{}")
    assert run(["gate", manifest, data, *walk.trusted(tmp_path), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["verdict"] == "REFUSED"


def test_an_expired_manifest_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk.folder(tmp_path)
    policy = tmp_path / "policy.yaml"
    policy.write_text("schema: ftaudit.policy/v1\nid: own\nmax_age: P0D\n")
    capsys.readouterr()
    arguments = ["gate", str(tmp_path / "manifest.dsse.json"), *walk.trusted(tmp_path)]
    assert run([*arguments, f"--policy={policy}"]) == 1
    assert "expired on" in capsys.readouterr().out


def test_a_broken_check_ends_with_three(tmp_path: Path) -> None:
    walk.folder(tmp_path, states={"leakage": "error"})
    assert run(["gate", str(tmp_path / "manifest.json")]) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.json"],
        ["manifest.json", "nowhere.csv"],
        ["manifest.json", "--policy", "nowhere"],
        ["manifest.dsse.json", "--trusted-key", "nowhere"],
        ["manifest.dsse.json", "--waiver", "nowhere"],
        [],
    ],
)
def test_mistakes_end_with_two_and_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    walk.folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert run(["gate", *arguments]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("gate", "sign", "keygen", "approve", "waive", "request"):
        assert run([name, "--help"]) == 0
        assert "Example" in capsys.readouterr().out


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    walk.folder(tmp_path)
    before = sorted(os.listdir(tmp_path))  # noqa: PTH208 - names only
    run(["gate", str(tmp_path / "manifest.dsse.json"), str(tmp_path / "data")])
    assert sorted(os.listdir(tmp_path)) == before  # noqa: PTH208 - as above


def test_the_options_reach_the_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walk.folder(tmp_path)
    manifest, train = str(tmp_path / "manifest.json"), str(tmp_path / "data" / "train.csv")
    holdout = str(tmp_path / "data" / "test.csv")
    capsys.readouterr()
    assert run(["gate", manifest, train, f"--holdout={holdout}"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "PASSED   tuning may proceed, but anybody may have written this manifest"
    assert run(["gate", manifest, train, holdout]) == 4
    assert run(["gate", manifest, train, f"--validation={holdout}"]) == 4
    assert run(["gate", manifest]) == 4
    assert run(["gate", manifest, train, "--require-signature"]) == 4
    assert run(["gate", manifest, train, "--partial"]) == 0
    assert run(["gate", manifest, train, f"--policy-sha256={'0' * 64}"]) == 4
    assert run(["gate", manifest, train, "--policy-sha256=0"]) == 2


def test_a_ci_job_wants_a_signature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walk.folder(tmp_path)
    monkeypatch.setenv("CI", "true")
    data = str(tmp_path / "data")
    assert run(["gate", str(tmp_path / "manifest.json"), data]) == 4
    assert run(["gate", str(tmp_path / "manifest.json"), data, "--no-require-signature"]) == 0
    assert run(["gate", str(tmp_path / "manifest.dsse.json"), data]) == 4
    signed = ["gate", str(tmp_path / "manifest.dsse.json"), data, *walk.trusted(tmp_path)]
    assert run(signed) == 0
