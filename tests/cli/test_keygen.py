"""`ftaudit keygen`."""

import stat
from pathlib import Path

import pytest

from ftaudit.cli.main import run
from ftaudit.wire import envelope as attestation


def test_a_pair_of_keys_is_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(tmp_path / "k")
    assert run(["keygen", "-o", name]) == 0
    out = capsys.readouterr().out
    public = attestation.load_public_key(f"{name}.pub.json")
    assert public.keyid in out
    assert attestation.load_private_key(f"{name}.pem").public == public
    assert stat.S_IMODE(Path(f"{name}.pem").stat().st_mode) == 0o600
    assert run(["keygen", "-o", name]) == 2
    assert "never replaced" in capsys.readouterr().err
    assert attestation.load_public_key(f"{name}.pub.json") == public


def test_a_passphrase_comes_from_the_environment_never_from_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FTAUDIT_PASSPHRASE", "correct horse")
    assert run(["keygen", "-o", str(tmp_path / "k"), "--passphrase"]) == 0
    assert b"ENCRYPTED" in (tmp_path / "k.pem").read_bytes()
    assert run(["keygen", "-o", str(tmp_path / "l"), "--passphrase=secret"]) == 2
    said = capsys.readouterr()
    assert "correct horse" not in said.out + said.err
