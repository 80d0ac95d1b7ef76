"""Sign statements and verify them: DSSE envelopes with Ed25519 keys.

An envelope is accepted only when its bytes are exactly those that its content is written as, so
no byte of it can be changed unnoticed: not the payload, not the signature, not a key id, and not
the white space between them. Sources: DSSE 1.0, https://github.com/secure-systems-lab/dsse;
key ids and key files as in securesystemslib.
"""

import base64
import binascii
import getpass
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import printable
from ftaudit.model.json_object import object_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
PASSPHRASE: Final = "FTAUDIT_PASSPHRASE"  # noqa: S105 - the name of a variable, no secret
"""Environment variable that holds the passphrase of an encrypted private key."""
LARGEST: Final = 64 * 1024 * 1024
"""Bytes beyond which a file is no envelope that ftaudit wrote."""


class PublicKey(Struct, frozen=True):
    """An Ed25519 public key: 32 bytes as 64 hexadecimal digits."""

    public: str

    @property
    def keyid(self) -> str:
        """SHA-256 of the key's canonical JSON, as securesystemslib computes it."""
        return hashlib.sha256(json.dumps(self._fields(), **_CANONICAL).encode()).hexdigest()

    def to_json(self) -> str:
        """Return the key file: the key in securesystemslib's form, with its id."""
        fields = {"keyid": self.keyid, **self._fields()}
        return json.dumps(fields, indent=1, sort_keys=True) + "\n"

    def _fields(self) -> dict[str, object]:
        return {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": self.public}}


class PrivateKey(Struct, frozen=True, eq=False):
    """An Ed25519 private key, never shown."""

    secret: "Ed25519PrivateKey"

    @property
    def public(self) -> PublicKey:
        """The public key that verifies what this one signs."""
        return PublicKey(self.secret.public_key().public_bytes_raw().hex())

    def to_pem(self, passphrase: str | None = None) -> bytes:
        """Return the key as PKCS #8, encrypted when there is a passphrase."""
        from cryptography.hazmat.primitives import serialization

        lock: serialization.KeySerializationEncryption = (
            serialization.BestAvailableEncryption(passphrase.encode())
            if passphrase
            else serialization.NoEncryption()
        )
        return self.secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock
        )


class Verified(Struct, frozen=True):
    """What an envelope holds, and the id of the trusted key that signed it."""

    payload: bytes
    keyid: str


def generate() -> PrivateKey:
    """Make a new key from the operating system's randomness."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
    )

    return PrivateKey(Ed25519PrivateKey.generate())


def write_keys(name: Path, key: PrivateKey, passphrase: str | None = None) -> tuple[Path, Path]:
    """Write `NAME.pem` (private, mode 0600) and `NAME.pub.json`; never replace a file.

    Raises:
        InputError: one of the files exists, or the folder cannot be written.
    """
    private, public = name.with_name(f"{name.name}.pem"), name.with_name(f"{name.name}.pub.json")
    for path in (private, public):
        if path.exists() or path.is_symlink():
            raise InputError(path, "a key file is never replaced", remedy="Choose another name")
    _create(private, key.to_pem(passphrase), 0o600)
    _create(public, key.public.to_json().encode(), 0o644)
    return private, public


def _create(path: Path, data: bytes, mode: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except OSError as error:
        problem = f"the key file cannot be written ({error.strerror})"
        raise InputError(path, problem, remedy="Choose another name") from None


def load_private_key(path: Path | str, passphrase: str | None = None) -> PrivateKey:
    """Read a private key in PEM; an encrypted one is unlocked with its passphrase.

    Without `passphrase` it comes from the environment variable FTAUDIT_PASSPHRASE, else from a
    prompt when there is a terminal. It is never an argument of a command.

    Raises:
        InputError: unreadable, or encrypted and there is no passphrase.
        IntegrityError: not an Ed25519 private key in PEM, or the passphrase is wrong.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
    )
    from cryptography.hazmat.primitives.serialization import (
        load_pem_private_key,
    )

    data = _read(path, "private key")
    locked = b"ENCRYPTED" in data
    word = (passphrase or _passphrase(path)).encode() if locked else None
    try:
        key = load_pem_private_key(data, word)
    except (ValueError, TypeError, _unsupported()):
        hint = " or the passphrase is wrong" if locked else ""
        raise IntegrityError(f"{path}: not a private key in PEM{hint}. {_KEYGEN}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise IntegrityError(f"{path}: a private key, but not Ed25519. {_KEYGEN}")
    return PrivateKey(key)


def _unsupported() -> type[Exception]:
    from cryptography.exceptions import UnsupportedAlgorithm

    return UnsupportedAlgorithm


def _passphrase(path: Path | str) -> str:
    word = os.environ.get(PASSPHRASE)
    if word is None and sys.stdin is not None and sys.stdin.isatty():
        word = getpass.getpass(f"Passphrase of {printable(str(path))}: ", stream=sys.stderr)
    if not word:
        problem = "the private key is encrypted, and there is no passphrase"
        raise InputError(path, problem, remedy=f"Set the environment variable {PASSPHRASE}")
    return word


def load_public_key(path: Path | str) -> PublicKey:
    """Read a public key: the JSON that `ftaudit keygen` writes, or PEM.

    Every byte counts: the file must read exactly as the key it holds is written.

    Raises:
        InputError: unreadable.
        IntegrityError: not an Ed25519 public key, or a damaged one.
    """
    data = _read(path, "public key").replace(b"\r\n", b"\n")
    if b"PRIVATE KEY" in data:
        problem = "a private key where a public one is expected"
        raise InputError(path, problem, remedy="Name the .pub.json file beside it; share only that")
    key = _from_pem(data) if data.startswith(b"-----BEGIN") else _from_json(data)
    if key is None:
        raise IntegrityError(f"{path}: not an Ed25519 public key, or a damaged one. {_KEYGEN}")
    return key


def _from_json(data: bytes) -> PublicKey | None:
    value = _json(data)
    keyval = value.get("keyval") if isinstance(value, dict) else None
    public = keyval.get("public") if isinstance(keyval, dict) else None
    if not isinstance(public, str) or not _is_hex(public):
        return None
    key = PublicKey(public)
    expected = json.loads(key.to_json())
    return key if value == expected and _is_written_as(data, expected, value) else None


def _from_pem(data: bytes) -> PublicKey | None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PublicKey,
    )

    try:
        key = serialization.load_pem_public_key(data)
    except (ValueError, _unsupported()):
        return None
    if not isinstance(key, Ed25519PublicKey):
        return None
    again = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return PublicKey(key.public_bytes_raw().hex()) if data.strip(b"\n") == again.strip() else None


def sign(payload: bytes, key: PrivateKey) -> bytes:
    """Return the DSSE envelope of an in-toto statement. Equal input gives equal bytes."""
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import (  # type: ignore[attr-defined] # re-exported
        CryptoSigner,
        SSlibKey,
    )

    public = SSlibKey.from_crypto(key.secret.public_key())
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(CryptoSigner(key.secret, public))
    return (json.dumps(envelope.to_dict(), indent=1, sort_keys=True) + "\n").encode()


def verify(envelope: bytes, trusted: Sequence[PublicKey], *, name: str = "envelope") -> Verified:
    """Return the payload of an envelope that one of the trusted keys signed.

    Args:
        envelope: the bytes of the file.
        trusted: the keys of which one must have signed.
        name: the file as the user named it, for errors.

    Raises:
        IntegrityError: not an envelope of one signature, any byte of it changed, or signed by
            no trusted key.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PublicKey,
    )

    payload, keyid, signature = _opened(envelope, name)
    key = next((key for key in trusted if key.keyid == keyid), None)
    if key is None:
        trusted_ids = ", ".join(key.keyid[:12] for key in trusted) or "none"
        msg = f"signed by the key {keyid[:12]}, which is not trusted (trusted: {trusted_ids})"
        raise IntegrityError(f"{name}: {msg}")
    try:
        point = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public))
        point.verify(signature, pae(payload))
    except (InvalidSignature, ValueError):
        msg = f"the signature does not hold for the key {keyid[:12]}: it was changed after signing"
        raise IntegrityError(f"{name}: {msg}") from None
    return Verified(payload, keyid)


def unverified(envelope: bytes, *, name: str = "envelope") -> Verified:
    """Return what an envelope holds and claims, **without** verifying its signature.

    Raises:
        IntegrityError: not a well-formed envelope.
    """
    payload, keyid, _ = _opened(envelope, name)
    return Verified(payload, keyid)


def is_envelope(data: bytes) -> bool:
    """Return whether a file means to be an envelope, possibly a damaged one."""
    value = _json(data)
    if isinstance(value, dict):
        return "payload" in value or "signatures" in value
    return any(word in data for word in (b'"payloadType"', b'"signatures"', b'"payload"'))


def pae(payload: bytes) -> bytes:
    """Return the bytes that are signed: DSSE's pre-authentication encoding."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _opened(data: bytes, name: str) -> tuple[bytes, str, bytes]:
    """Return payload, key id and signature of an envelope of which every byte is as written."""
    value = _json(data) if len(data) <= LARGEST else None
    match value:
        case {"payload": str(payload), "payloadType": str(kind), "signatures": [signature_entry]}:
            pass
        case {"signatures": [_, _, *_]}:
            raise IntegrityError(f"{name}: more than one signature, where one is expected")
        case _:
            raise IntegrityError(f"{name}: not a DSSE envelope, or a damaged one")
    match signature_entry:
        case {"keyid": str(keyid), "sig": str(sig)} if _is_hex(keyid):
            pass
        case _:
            raise IntegrityError(f"{name}: not a DSSE envelope of ftaudit's, or a damaged one")
    if kind != PAYLOAD_TYPE:
        msg = f"a payload of type {printable(kind)} where {PAYLOAD_TYPE} is expected"
        raise IntegrityError(f"{name}: {msg}")
    body, signature = _base64(payload), _base64(sig)
    expected = {
        "payload": payload,
        "payloadType": kind,
        "signatures": [{"keyid": keyid, "sig": sig}],
    }
    if body is None or signature is None or not _is_written_as(data, expected, value):
        raise IntegrityError(f"{name}: the envelope is damaged: it does not read as it is written")
    return body, keyid, signature


def _is_written_as(data: bytes, expected: object, value: object) -> bool:
    """Return whether `data` is one of the usual ways of writing exactly `expected` as JSON.

    Foreign tools indent and order keys in their own way; a changed byte is never one of them.
    """
    return value == expected and any(data == text.encode() for text in _renderings(value))


def _renderings(value: object) -> Iterator[str]:
    for indent in (1, 2, 4, None):
        for separators in ((",", ": "), (", ", ": "), (",", ":")):
            text = json.dumps(value, indent=indent, separators=separators)
            yield from (text, text + "\n")


def _json(data: bytes) -> object:
    """Return the value of JSON without duplicate keys; None when it is not that."""
    try:
        value: object = json.loads(data.decode("ascii"), object_pairs_hook=object_of)
    except (ValueError, RecursionError):
        return None
    return value


def _base64(text: str) -> bytes | None:
    """Decode canonical standard base64; None for any other spelling of the same bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def _is_hex(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)


def _read(path: Path | str, kind: str) -> bytes:
    try:
        return read_bounded(path, LARGEST)
    except OSError as error:
        problem = f"the {kind} cannot be read ({error.strerror})"
        raise InputError(path, problem, remedy=_KEYGEN) from None


_CANONICAL: Final[Mapping[str, Any]] = {"sort_keys": True, "separators": (",", ":")}
_KEYGEN: Final = "`ftaudit keygen` makes a pair of keys"
