"""Keyless signatures, offline: stubs stand for sigstore 4, call by call."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from ftaudit.cli.main import run
from ftaudit.model.errors import IntegrityError, UsageError
from ftaudit.wire import keyless
from ftaudit.wire.envelope import PAYLOAD_TYPE
from ftaudit.wire.keyless import Identity
from ftaudit.wire.manifest import to_json
from tests import manifests
from tests.admission.signed_manifests import look, refused

ANA = Identity("ana@example.com", "https://issuer.example.com")
MARK = b'{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "by": "%s"}\n'


class Error(Exception):
    pass


class Fake:
    """A sigstore whose bundles say who signed, followed by the payload in clear."""

    credential: str | None = "ana@example.com"
    kind = PAYLOAD_TYPE

    def modules(self) -> dict[str, ModuleType]:
        policy = SimpleNamespace(Identity=lambda *, identity, issuer: (identity, issuer))
        parts: dict[str, Any] = {
            "errors": {"Error": Error},
            "dsse": {"Statement": lambda payload: payload},
            "oidc": {"detect_credential": lambda: self.credential, "IdentityToken": self.token},
            "models": {
                "ClientTrustConfig": SimpleNamespace(production=lambda: "production"),
                "Bundle": SimpleNamespace(from_json=self.parse),
            },
            "sign": {"SigningContext": SimpleNamespace(from_trust_config=lambda _: self)},
            "verify": {"Verifier": SimpleNamespace(production=lambda: self), "policy": policy},
            "verify.policy": vars(policy),
        }
        made = {"sigstore": ModuleType("sigstore")}
        for name, contents in parts.items():
            module = ModuleType(f"sigstore.{name}")
            vars(module).update(contents)
            made[f"sigstore.{name}"] = module
            if "." not in name:
                setattr(made["sigstore"], name, module)
        return made

    def token(self, raw: str) -> str:
        if raw == "expired":
            raise Error("the token has expired")
        return raw

    @contextmanager
    def signer(self, token: str) -> Iterator["Signer"]:
        yield Signer(token)

    def parse(self, data: bytes) -> tuple[str, bytes]:
        head, _, payload = data.partition(b"\n")
        if b'"by": "' not in head:
            raise Error("no bundle")
        return head.decode().split('"')[-2], payload

    def verify_dsse(self, bundle: tuple[str, bytes], policy: tuple[str, str]) -> tuple[str, bytes]:
        if policy != (bundle[0], ANA.issuer):
            raise Error("identity does not match")
        return self.kind, bundle[1]


class Signer:
    def __init__(self, name: str) -> None:
        self.name = name

    def sign_dsse(self, payload: bytes) -> SimpleNamespace:
        text = (MARK % self.name.encode() + payload).decode()
        return SimpleNamespace(to_json=lambda: text)


@pytest.fixture
def sigstore(monkeypatch: pytest.MonkeyPatch) -> Fake:
    fake = Fake()
    for name, module in fake.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    return fake


@pytest.mark.usefixtures("sigstore")
def test_what_an_identity_signs_it_verifies() -> None:
    bundle = keyless.sign(b"payload")
    assert keyless.is_bundle(bundle)
    assert keyless.verify(bundle, ANA) == b"payload"
    assert keyless.verify(keyless.sign(b"x", ANA.name), ANA) == b"x"


@pytest.mark.usefixtures("sigstore")
def test_another_identity_is_refused() -> None:
    bundle = keyless.sign(b"payload")
    for other in (Identity("eve@example.com", ANA.issuer), Identity(ANA.name, "https://x.example")):
        with pytest.raises(IntegrityError, match="not signed by"):
            keyless.verify(bundle, other)


def test_another_payload_type_is_refused(sigstore: Fake) -> None:
    sigstore.kind = "text/plain"
    with pytest.raises(IntegrityError, match="type text/plain"):
        keyless.verify(keyless.sign(b"payload"), ANA)


@pytest.mark.usefixtures("sigstore")
def test_a_damaged_bundle_is_refused() -> None:
    with pytest.raises(IntegrityError, match="damaged"):
        keyless.verify(b"{}", ANA)


def test_without_an_identity_nothing_is_signed(sigstore: Fake) -> None:
    sigstore.credential = None
    with pytest.raises(UsageError, match="there is none"):
        keyless.sign(b"payload")
    sigstore.credential = "expired"
    with pytest.raises(IntegrityError, match="failed: the token has expired"):
        keyless.sign(b"payload")


def test_without_the_extra_both_say_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigstore", None)
    with pytest.raises(UsageError, match=r"ftaudit\[sigstore\]"):
        keyless.sign(b"payload")
    with pytest.raises(UsageError, match=r"ftaudit\[sigstore\]"):
        keyless.verify(b"{}", ANA)


@pytest.mark.usefixtures("sigstore")
def test_the_gate_accepts_a_manifest_that_the_named_identity_signed(tmp_path: Path) -> None:
    files = list(manifests.data(tmp_path / "data"))
    path = tmp_path / "manifest.sigstore.json"
    path.write_bytes(keyless.sign(to_json(manifests.of(files)).encode()))
    admission = look(path, files[0], identity=ANA)
    assert (admission.exit_code, admission.signed_by) == (0, ANA.name)
    eve = Identity("eve@example.com", ANA.issuer)
    assert "not signed by eve" in refused(look(path, identity=eve))
    assert "--identity" in refused(look(path))
    path.write_bytes(to_json(manifests.of(files)).encode())
    assert "damaged" in refused(look(path, identity=ANA))


@pytest.mark.usefixtures("sigstore")
def test_the_command_warns_that_identity_becomes_public(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(to_json(manifests.of(list(manifests.data(tmp_path / "data")))))
    assert run(["sign", str(path), "--keyless"]) == 0
    assert "public log" in capsys.readouterr().err
    assert keyless.is_bundle((tmp_path / "manifest.sigstore.json").read_bytes())
    assert run(["sign", str(path)]) == 2
    assert run(["gate", str(path), "--identity", "x"]) == 2
