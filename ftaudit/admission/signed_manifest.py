"""Read a manifest, and say who signed it: the first stage of the gate."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from ftaudit.admission.remarks import Remarks
from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import printable
from ftaudit.policy.policy import SignatureRules
from ftaudit.wire import envelope, keyless
from ftaudit.wire.envelope import PublicKey
from ftaudit.wire.keyless import Identity
from ftaudit.wire.manifest import Manifest, from_json


class Trust(Struct, frozen=True):
    """Whose signature counts."""

    keys: Sequence[PublicKey]
    """The public keys that whoever runs the gate trusts."""
    identity: Identity | None
    """Who must have signed, when the manifest is a sigstore bundle."""
    rules: SignatureRules
    """What the policy says of signatures."""
    demanded: bool = False
    """Whether whoever runs the gate wants a signature, whatever the policy says."""

    @property
    def required(self) -> bool:
        """Whether a manifest that no trusted key signed is refused."""
        return bool(self.keys or self.rules.keys or self.rules.required or self.demanded)


class OpenedManifest(Struct, frozen=True):
    """A manifest, and who signed it."""

    manifest: Manifest
    signed_by: str
    """Id of the trusted key, or name of the identity, that signed; empty when nobody did."""
    remarks: Remarks


def open_manifest(path: Path, trust: Trust) -> OpenedManifest:
    """Read a manifest and verify its signature, if it has to have one.

    Raises:
        InputError: unreadable, or no manifest.
        IntegrityError: not signed by whom it has to be, or a damaged manifest.
    """
    data = _read(path)
    if trust.identity is not None or keyless.is_bundle(data):
        return _bundled(data, path, trust)
    if not envelope.is_envelope(data):
        return _unsigned(data, path, trust)
    if not trust.keys:
        return _unverified(data, path, trust)
    verified = envelope.verify(data, trust.keys, name=str(path))
    pinned = trust.rules.keys
    if pinned and verified.keyid not in pinned:
        msg = f"signed by the key {verified.keyid[:12]}, which the policy does not name"
        raise IntegrityError(f"{path}: {msg} under signature.keys")
    by = "a key that the policy names" if pinned else "a trusted key"
    holds = ("signature", f"holds, by {by} ({verified.keyid[:12]})")
    manifest = from_json(verified.payload, str(path))
    return OpenedManifest(manifest, verified.keyid, Remarks(verified=(holds,)))


def _unsigned(data: bytes, path: Path, trust: Trust) -> OpenedManifest:
    if trust.required:
        remedy = "Give manifest.dsse.json, or sign it with `ftaudit sign`"
        raise IntegrityError(f"{path}: not signed, where a signature is required. {remedy}")
    note = "the manifest is not signed: anybody may have written it"
    return OpenedManifest(
        from_json(data, str(path)), "", Remarks(notes=(note,), caveats=(_ANYBODY,))
    )


def _unverified(data: bytes, path: Path, trust: Trust) -> OpenedManifest:
    """Read a signed manifest without a key to verify it by."""
    opened = envelope.unverified(data, name=str(path))
    unknown = f"signed by the key {opened.keyid[:12]}, and no trusted key is given"
    if trust.required:
        raise IntegrityError(f"{path}: {unknown}. Give its public key with --trusted-key")
    note = f"the signature was not verified: {unknown}"
    return OpenedManifest(
        from_json(opened.payload, str(path)), "", Remarks(notes=(note,), caveats=(_ANYBODY,))
    )


def _bundled(data: bytes, path: Path, trust: Trust) -> OpenedManifest:
    """Read a manifest that an identity signed, not a key."""
    if trust.identity is None:
        remedy = "Say who must have signed it, with --identity and --issuer"
        raise IntegrityError(f"{path}: a sigstore bundle. {remedy}")
    if trust.rules.keys:
        raise IntegrityError(f"{path}: a sigstore bundle, where the policy names keys")
    payload = keyless.verify(data, trust.identity, name=str(path))
    holds = ("signature", f"holds, by {printable(trust.identity.name)}")
    manifest = from_json(payload, str(path))
    return OpenedManifest(manifest, trust.identity.name, Remarks(verified=(holds,)))


def _read(path: Path) -> bytes:
    try:
        return read_bounded(path, envelope.LARGEST)
    except OSError as error:
        remedy = "Name the manifest.json or manifest.dsse.json that `ftaudit scan` wrote"
        raise InputError(path, f"cannot be read ({error.strerror})", remedy=remedy) from None


_ANYBODY: Final = "anybody may have written this manifest"
