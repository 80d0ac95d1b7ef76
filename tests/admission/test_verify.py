"""The gate: what lets tuning proceed, and everything that does not."""

import json
from pathlib import Path

import msgspec
import pytest

import ftaudit
from ftaudit.admission.verify import examine, gate
from ftaudit.model.errors import GateBlocked, IntegrityError
from ftaudit.wire.manifest import Manifest
from tests import manifests
from tests.admission.signed_manifests import (
    OWNER,
    SIGNER,
    look,
    policy,
    refused,
    written,
)
from tests.manifests import DUPLICATES, NOW

# --- what passes


def test_a_signed_manifest_of_the_data_at_hand_passes(files: list[Path], tmp_path: Path) -> None:
    admission = look(written(manifests.of(files), tmp_path), files[0], holdout=files[1])
    assert (admission.exit_code, admission.verdict, admission.reasons) == (0, "PASSED", ())
    assert admission.headline == "PASSED   tuning may proceed"
    assert admission.signed_by == SIGNER.public.keyid
    assert [m.how for m in admission.files] == ["sha256", "sha256"]
    assert dict(admission.verified).keys() >= {"signature", "manifest", "data", "age", "checks"}
    assert admission.notes == ()


def test_a_folder_is_compared_file_by_file(files: list[Path], tmp_path: Path) -> None:
    admission = look(written(manifests.of(files), tmp_path), tmp_path / "data")
    assert (admission.exit_code, len(admission.files), admission.notes) == (0, 2, ())


def test_the_training_hook_returns_what_was_verified(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    admission = ftaudit.gate(
        path, files[0], policy="standard", trusted_keys=[SIGNER.public], now=NOW
    )
    assert admission.passed
    assert json.loads(admission.to_json())["verdict"] == "PASSED"


def test_an_unsigned_manifest_passes_only_where_no_signature_is_asked_for(
    files: list[Path], tmp_path: Path
) -> None:
    path = written(manifests.of(files), tmp_path, sign=False)
    loose = look(path, files[0], trusted_keys=[])
    assert loose.exit_code == 0
    assert "not signed" in loose.notes[0]
    assert loose.headline.endswith("but anybody may have written this manifest")
    assert "not signed" in refused(look(path, files[0]))
    required = policy(tmp_path, "signature: {required: true}")
    assert "not signed" in refused(look(path, files[0], trusted_keys=[], policy=required))


# --- signature


def test_a_signature_nobody_verified_is_said(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    admission = look(path, files[0], trusted_keys=[])
    assert (admission.exit_code, admission.signed_by) == (0, "")
    assert "not verified" in admission.notes[0]
    required = policy(tmp_path, "signature: {required: true}")
    assert "no trusted key" in refused(look(path, trusted_keys=[], policy=required))


def test_only_keys_the_policy_names_may_sign(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    pinned = policy(tmp_path, f"signature: {{required: true, keys: [{SIGNER.public.keyid}]}}")
    assert look(path, files[0], policy=pinned).passed
    other = policy(tmp_path, f"signature: {{required: true, keys: [{OWNER.public.keyid}]}}")
    assert "the policy does not name" in refused(look(path, files[0], policy=other))


def test_an_untrusted_key_is_refused(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    assert "not trusted" in refused(look(path, trusted_keys=[OWNER.public]))


def test_any_changed_byte_of_the_file_is_refused(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files), tmp_path)
    data, standard = path.read_bytes(), manifests.rulebook("standard").policy
    for i in [*range(0, len(data), 997), *range(len(data) - 250, len(data))]:
        path.write_bytes(data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :])
        refused(look(path, policy=standard))


def test_a_damaged_key_file_is_refused(files: list[Path], tmp_path: Path) -> None:
    key = tmp_path / "k.pub.json"
    key.write_text(SIGNER.public.to_json().replace("ed25519", "ed25518", 1))
    path = written(manifests.of(files), tmp_path)
    assert "damaged" in refused(look(path, trusted_keys=[key]))


# --- the hook


def test_the_hook_raises_what_the_gate_says(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files, metrics=DUPLICATES), tmp_path)
    with pytest.raises(GateBlocked, match=r"25% of training rows nearly repeat another") as caught:
        gate(path, files[0], trusted_keys=[SIGNER.public], now=NOW)
    assert (caught.value.code, caught.value.exit_code) == (1, 1)
    assert caught.value.reasons
    with pytest.raises(IntegrityError, match="not trusted") as refusal:
        gate(path, files[0], trusted_keys=[OWNER.public], now=NOW)
    assert isinstance(refusal.value, GateBlocked)
    assert (refusal.value.code, refusal.value.exit_code) == (4, 4)


def test_hostile_names_are_shown_harmless(files: list[Path], tmp_path: Path) -> None:
    names = {"subject.0.name": "\x1b[31m", "predicate.inputs.0.name": "\x1b[31m"}
    value = manifests.edited(manifests.of(files), names)
    path = written(msgspec.convert(value, Manifest), tmp_path)
    admission = examine(path, [], holdout=files[1], trusted_keys=[SIGNER.public], now=NOW)
    assert "is missing" in refused(admission)
    assert "\x1b" not in admission.reasons[0]
