"""Signatures: what holds, and that no byte of it can change."""

import base64
import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined] # re-exported

from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.wire import envelope as attestation
from ftaudit.wire.envelope import PrivateKey, PublicKey

KEY = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
PAYLOAD = '{"_type": "x", "text": "é, which is two bytes"}'.encode()
ENVELOPE = attestation.sign(PAYLOAD, KEY)


def flips(data: bytes) -> Iterator[bytes]:
    """Change every byte in every bit, and to white space."""
    for i, byte in enumerate(data):
        for other in {*(byte ^ 1 << bit for bit in range(8)), 0x20, 0x0A, 0x09} - {byte}:
            yield data[:i] + bytes([other]) + data[i + 1 :]


def test_what_one_key_signs_it_verifies() -> None:
    verified = attestation.verify(ENVELOPE, [OTHER.public, KEY.public])
    assert (verified.payload, verified.keyid) == (PAYLOAD, KEY.public.keyid)


@given(st.binary(max_size=200))
@settings(max_examples=40)
def test_any_payload_survives(payload: bytes) -> None:
    envelope = attestation.sign(payload, KEY)
    assert attestation.verify(envelope, [KEY.public]).payload == payload
    assert attestation.unverified(envelope).payload == payload


def test_equal_input_gives_equal_bytes() -> None:
    assert attestation.sign(PAYLOAD, KEY) == ENVELOPE


def test_no_byte_of_an_envelope_can_change() -> None:
    for changed in flips(ENVELOPE):
        with pytest.raises(IntegrityError):
            attestation.verify(changed, [KEY.public])


def test_no_byte_of_the_payload_or_the_signature_can_change_beneath_the_base64() -> None:
    value = json.loads(ENVELOPE)
    for place in ("payload", "sig"):
        holder = value if place == "payload" else value["signatures"][0]
        kept = holder[place]
        for changed in flips(base64.b64decode(kept)):
            holder[place] = base64.b64encode(changed).decode()
            with pytest.raises(IntegrityError):
                attestation.verify((json.dumps(value, indent=1) + "\n").encode(), [KEY.public])
        holder[place] = kept


def test_no_byte_of_a_public_key_can_change(tmp_path: Path) -> None:
    path = tmp_path / "key.pub.json"
    for changed in flips(KEY.public.to_json().encode()):
        path.write_bytes(changed)
        with pytest.raises(IntegrityError):
            attestation.load_public_key(path)


def test_no_byte_of_a_public_key_in_pem_can_change(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    for changed in flips(pem(KEY)):
        path.write_bytes(changed)
        with pytest.raises(IntegrityError):
            attestation.verify(ENVELOPE, [attestation.load_public_key(path)])


def pem(key: PrivateKey) -> bytes:
    return key.secret.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_a_byte_added_or_taken_away_is_noticed() -> None:
    for i in range(len(ENVELOPE) + 1):
        for changed in (ENVELOPE[:i] + b" " + ENVELOPE[i:], ENVELOPE[:i] + ENVELOPE[i + 1 :]):
            if changed in (ENVELOPE, ENVELOPE.removesuffix(b"\n")):
                continue
            with pytest.raises(IntegrityError):
                attestation.verify(changed, [KEY.public])


def test_another_spelling_of_the_same_signature_is_refused() -> None:
    value = json.loads(ENVELOPE)
    sig = value["signatures"][0]["sig"]
    assert sig.endswith("==")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = sig[:-3] + alphabet[alphabet.index(sig[-3]) ^ 1] + "=="
    assert base64.b64decode(loose) == base64.b64decode(sig)
    for spelling in (
        loose,
        sig + "\n",
        sig.rstrip("="),
        sig.replace("+", "-").replace("/", "_") + "=",
    ):
        value["signatures"][0]["sig"] = spelling
        with pytest.raises(IntegrityError):
            attestation.verify(json.dumps(value).encode(), [KEY.public])


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v | {"extra": 1},
        lambda v: v | {"payloadType": "application/json"},
        lambda v: v | {"signatures": []},
        lambda v: v | {"signatures": v["signatures"] * 2},
        lambda v: v | {"signatures": [v["signatures"][0] | {"cert": ""}]},
        lambda v: v | {"signatures": [v["signatures"][0] | {"keyid": "AB"}]},
        lambda v: v | {"signatures": "x"},
        lambda v: v | {"payload": 1},
        lambda v: {"payload": v["payload"]},
        lambda v: [v],
    ],
)
def test_anything_but_an_envelope_of_one_signature_is_refused(change: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(IntegrityError):
        attestation.verify(json.dumps(change(json.loads(ENVELOPE))).encode(), [KEY.public])


def test_duplicate_keys_are_refused() -> None:
    text = ENVELOPE.decode().replace("{", '{"payload": "",', 1)
    with pytest.raises(IntegrityError):
        attestation.verify(text.encode(), [KEY.public])


def test_deep_nesting_is_no_envelope() -> None:
    with pytest.raises(IntegrityError):
        attestation.verify(b"[" * 100_000, [KEY.public])


def test_an_untrusted_key_is_named() -> None:
    with pytest.raises(IntegrityError, match=f"{KEY.public.keyid[:12]}, which is not trusted"):
        attestation.verify(ENVELOPE, [OTHER.public])
    with pytest.raises(IntegrityError, match="trusted: none"):
        attestation.verify(ENVELOPE, [])


def test_a_key_id_of_another_key_is_refused() -> None:
    value = json.loads(ENVELOPE)
    value["signatures"][0]["keyid"] = OTHER.public.keyid
    with pytest.raises(IntegrityError, match="does not hold"):
        attestation.verify(json.dumps(value).encode(), [OTHER.public, KEY.public])


@pytest.mark.parametrize("rendering", [{}, {"indent": 2}, {"separators": (",", ":")}])
def test_an_envelope_that_another_tool_wrote_is_read(rendering: Any) -> None:  # noqa: ANN401 - of json.dumps
    value = json.loads(ENVELOPE)
    swapped = {name: value[name] for name in reversed(value)}
    text = json.dumps(swapped, **rendering)
    assert attestation.verify(text.encode(), [KEY.public]).payload == PAYLOAD


def test_securesystemslib_verifies_what_we_sign() -> None:
    fields = json.loads(KEY.public.to_json())
    key = SSlibKey.from_dict(fields.pop("keyid"), fields)
    envelope = Envelope.from_dict(json.loads(ENVELOPE))
    assert list(envelope.verify([key], 1)) == [KEY.public.keyid]
    assert SSlibKey.from_crypto(KEY.secret.public_key()).keyid == KEY.public.keyid
    assert envelope.pae() == attestation.pae(PAYLOAD)


@pytest.mark.parametrize(
    ("data", "means"),
    [
        (ENVELOPE, True),
        (ENVELOPE[1:], True),
        (b'{"_type": "x"}', False),
        (b"not json", False),
        (b"[1]", False),
    ],
)
def test_a_damaged_envelope_still_means_to_be_one(data: bytes, means: bool) -> None:
    assert attestation.is_envelope(data) is means


# --- keys


def test_keys_are_written_once_and_read_again(tmp_path: Path) -> None:
    private, public = attestation.write_keys(tmp_path / "release", KEY)
    assert (private.name, public.name) == ("release.pem", "release.pub.json")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert attestation.load_private_key(private).public == KEY.public
    assert attestation.load_public_key(public) == KEY.public
    with pytest.raises(InputError, match="never replaced"):
        attestation.write_keys(tmp_path / "release", OTHER)
    assert attestation.load_public_key(public) == KEY.public


def test_a_public_key_in_the_way_leaves_no_private_key_behind(tmp_path: Path) -> None:
    (tmp_path / "k.pub.json").touch()
    with pytest.raises(InputError, match="never replaced"):
        attestation.write_keys(tmp_path / "k", KEY)
    assert not (tmp_path / "k.pem").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        attestation.write_keys(tmp_path / "nowhere" / "k", KEY)


def test_a_passphrase_locks_the_private_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, _ = attestation.write_keys(tmp_path / "k", KEY, "correct horse")
    assert b"ENCRYPTED" in private.read_bytes()
    assert attestation.load_private_key(private, "correct horse").public == KEY.public
    monkeypatch.setenv(attestation.PASSPHRASE, "correct horse")
    assert attestation.load_private_key(private).public == KEY.public
    with pytest.raises(IntegrityError, match="passphrase is wrong") as caught:
        attestation.load_private_key(private, "wrong")
    assert "wrong horse" not in str(caught.value)
    monkeypatch.delenv(attestation.PASSPHRASE)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(InputError, match="FTAUDIT_PASSPHRASE"):
        attestation.load_private_key(private)


def test_a_terminal_is_asked_for_the_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, _ = attestation.write_keys(tmp_path / "k", KEY, "correct horse")
    monkeypatch.delenv(attestation.PASSPHRASE, raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: "correct horse")
    assert attestation.load_private_key(private).public == KEY.public


def test_a_private_key_is_never_shown() -> None:
    assert KEY.secret.private_bytes_raw().hex() not in repr(KEY)


def test_no_key_where_one_is_expected_says_so(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with pytest.raises(InputError, match="cannot be read"):
        attestation.load_public_key(path)
    with pytest.raises(InputError, match="cannot be read"):
        attestation.load_private_key(path)
    for data in (b"", b"{}", b"[]", b"\xff\xfe", b"-----BEGIN PUBLIC KEY-----\n"):
        path.write_bytes(data)
        with pytest.raises(IntegrityError, match="not an Ed25519 public key"):
            attestation.load_public_key(path)
        with pytest.raises(IntegrityError, match="not a private key"):
            attestation.load_private_key(path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "key"
    path.write_bytes(
        curve.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with pytest.raises(IntegrityError, match="not Ed25519"):
        attestation.load_private_key(path)
    path.write_bytes(
        curve.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    with pytest.raises(IntegrityError, match="not an Ed25519 public key"):
        attestation.load_public_key(path)


def test_a_private_key_is_not_taken_for_a_public_one(tmp_path: Path) -> None:
    private, _ = attestation.write_keys(tmp_path / "k", KEY)
    with pytest.raises(InputError, match="private key where a public one"):
        attestation.load_public_key(private)


def test_line_ends_of_windows_leave_a_public_key_whole(tmp_path: Path) -> None:
    path = tmp_path / "k"
    for data in (KEY.public.to_json().encode(), pem(KEY)):
        path.write_bytes(data.replace(b"\n", b"\r\n"))
        assert attestation.load_public_key(path) == KEY.public


def test_a_generated_key_is_another_each_time() -> None:
    assert attestation.generate().public != attestation.generate().public


def test_a_known_seed_gives_the_known_public_key() -> None:
    assert (
        PublicKey("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8") == KEY.public
    )
