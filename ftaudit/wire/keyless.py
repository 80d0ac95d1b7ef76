"""Sign and verify with an identity instead of a key: sigstore, for those who install the extra.

Nothing here runs unless it is asked for. Signing sends the signer's identity (an e-mail address
or a workflow's URL) and the digest of the statement to a **public, permanent log**; verifying
may fetch the roots of trust. The API is that of sigstore 4:
https://sigstore.github.io/sigstore-python/
"""

from typing import Final

from msgspec import Struct

from ftaudit.model.errors import IntegrityError, UsageError
from ftaudit.model.escape import printable
from ftaudit.wire.envelope import PAYLOAD_TYPE

BUNDLE: Final = b"application/vnd.dev.sigstore.bundle"
"""Media type that a bundle begins with."""

WARNING: Final = (
    "keyless signing publishes your identity and the digest of the manifest in a public log, "
    "for good"
)


class Identity(Struct, frozen=True):
    """Who must have signed: the name in the certificate, and who vouched for it."""

    name: str
    """An e-mail address, or the URL of a workflow."""
    issuer: str
    """The OpenID Connect issuer, such as `https://token.actions.githubusercontent.com`."""


def sign(payload: bytes, token: str | None = None) -> bytes:
    """Return the sigstore bundle of an in-toto statement.

    Args:
        payload: the statement.
        token: an OpenID Connect token; without one, that of the CI job this runs in.

    Raises:
        UsageError: the extra is not installed, or there is no identity here.
        IntegrityError: the services refused, or could not be reached.
    """
    try:
        from sigstore import dsse, errors, models, oidc, sign
    except ImportError:
        raise UsageError(_EXTRA) from None
    try:
        token_text = token or oidc.detect_credential()
        if token_text is None:
            raise UsageError("keyless signing needs the identity of a CI job, and there is none")
        context = sign.SigningContext.from_trust_config(models.ClientTrustConfig.production())
        with context.signer(oidc.IdentityToken(token_text)) as signer:
            bundle: str = signer.sign_dsse(dsse.Statement(payload)).to_json()
    except (errors.Error, OSError) as error:
        raise IntegrityError(f"keyless signing failed: {_kind(error)}") from None
    return bundle.encode()


def verify(bundle: bytes, identity: Identity, *, name: str = "bundle") -> bytes:
    """Return the payload of a bundle that the identity signed.

    Raises:
        UsageError: the extra is not installed.
        IntegrityError: not a sigstore bundle, or the signature, the certificate or the log
            entry does not hold, or another identity signed.
    """
    try:
        from sigstore import errors, models, verify
        from sigstore.verify import policy
    except ImportError:
        raise UsageError(_EXTRA) from None
    try:
        parsed = models.Bundle.from_json(bundle)
    except (errors.Error, ValueError):
        raise IntegrityError(f"{name}: not a sigstore bundle, or a damaged one") from None
    expected = policy.Identity(identity=identity.name, issuer=identity.issuer)
    try:
        kind, payload = verify.Verifier.production().verify_dsse(parsed, expected)
    except (errors.Error, OSError) as error:
        signer = printable(identity.name)
        raise IntegrityError(f"{name}: not signed by {signer}: {_kind(error)}") from None
    if kind != PAYLOAD_TYPE:
        raise IntegrityError(f"{name}: a payload of type {printable(str(kind))}")
    return bytes(payload)


def is_bundle(data: bytes) -> bool:
    """Return whether a file means to be a sigstore bundle."""
    return BUNDLE in data[:4096] and data.lstrip()[:1] == b"{"


def _kind(error: Exception) -> str:
    return printable(str(error) or type(error).__name__, limit=200)


_EXTRA: Final = "keyless signatures need the extra: pip install 'ftaudit[sigstore]'"
