"""A folder as a person has it after `ftaudit scan`: data, a manifest, keys."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ftaudit.cli.main import run
from ftaudit.model.rfc3339 import timestamp
from ftaudit.wire.manifest import to_json
from tests import manifests

LATER = "2999-12-31"


def folder(path: Path, **how: object) -> Path:
    """Write data, `manifest.json` of today, and the keys `ci` and `owner`; sign with `ci`."""
    files = list(manifests.data(path / "data"))
    now = datetime.now(UTC)
    made = manifests.of(
        files,
        created=timestamp(now - timedelta(minutes=1)),
        expires=timestamp(now + timedelta(days=30)),
        **how,  # type: ignore[arg-type] # a test's own words
    )
    (path / "manifest.json").write_text(to_json(made))
    for name in ("ci", "owner"):
        assert run(["keygen", "-o", str(path / name)]) == 0
    assert run(["sign", str(path / "manifest.json"), "--key", str(path / "ci.pem")]) == 0
    return path


def trusted(path: Path) -> list[str]:
    """Return the options that trust both keys."""
    return [f"--trusted-key={path / name}.pub.json" for name in ("ci", "owner")]


def waive(path: Path, **changes: str) -> list[str]:
    """Return the arguments of a waiver of FTA-DUP-002 up to 0.3."""
    options = {
        "rule": "FTA-DUP-002",
        "max": "0.3",
        "key": str(path / "owner.pem"),
        "by": "owner@example.com",
        "requested-by": "ml@example.com",
        "expires": LATER,
        "reason": "templates",
        "output": str(path / "waiver.dsse.json"),
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    return ["waive", str(path / "manifest.dsse.json"), *(f"--{k}={v}" for k, v in options.items())]


def approve(path: Path, **changes: str) -> list[str]:
    """Return the arguments of an approval by the data owner."""
    options = {
        "role": "data-owner",
        "key": str(path / "owner.pem"),
        "by": "owner@example.com",
        "expires": LATER,
        "output": str(path / "approval.dsse.json"),
    } | changes
    return [
        "approve",
        str(path / "manifest.dsse.json"),
        *(f"--{k}={v}" for k, v in options.items()),
    ]
