"""Files that commands about manifests share: read one, signed or not; write a result whole."""

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.rfc3339 import instant

if TYPE_CHECKING:
    from ftaudit.wire.evaluation_statement import EvaluationStatement
    from ftaudit.wire.lineage_statement import LineageStatement
    from ftaudit.wire.manifest import Manifest


def read_manifest(path: Path) -> "Manifest":
    """Return a manifest, signed or not. Its signature is for the gate to verify.

    Raises:
        InputError: unreadable, or no manifest.
        IntegrityError: a damaged envelope or manifest.
    """
    from ftaudit.wire import envelope, manifest

    try:
        data = read_bounded(path, envelope.LARGEST)
    except OSError as error:
        remedy = "Name the manifest.json or manifest.dsse.json that `ftaudit scan` wrote"
        raise InputError(path, f"cannot be read ({error.strerror})", remedy=remedy) from None
    if envelope.is_envelope(data):
        data = envelope.unverified(data, name=str(path)).payload
    return manifest.from_json(data, str(path))


def read_signable(path: Path) -> "Manifest | EvaluationStatement | LineageStatement":
    """Return a manifest, an evaluation or lineage, signed or not: what can be signed.

    Raises:
        InputError: unreadable, or none of them.
        IntegrityError: a damaged envelope, manifest, evaluation or lineage.
    """
    from ftaudit.wire import envelope, lineage_statement

    try:
        data = read_bounded(path, envelope.LARGEST)
    except OSError:
        return read_manifest(path)
    if envelope.is_envelope(data):
        data = envelope.unverified(data, name=str(path)).payload
    if lineage_statement.is_lineage(data):
        return lineage_statement.from_json(data, str(path))
    return read_evidence(path)


def read_evidence(path: Path) -> "Manifest | EvaluationStatement":
    """Return a manifest or an evaluation, signed or not: what can be waived or approved.

    Raises:
        InputError: unreadable, or neither.
        IntegrityError: a damaged envelope, manifest or evaluation.
    """
    from ftaudit.wire import envelope, evaluation_statement

    try:
        data = read_bounded(path, envelope.LARGEST)
    except OSError:
        return read_manifest(path)
    if envelope.is_envelope(data):
        data = envelope.unverified(data, name=str(path)).payload
    if evaluation_statement.is_evaluation(data):
        return evaluation_statement.from_json(data, str(path))
    return read_manifest(path)


def write_new(path: Path, data: bytes) -> None:
    """Write a file so that it exists whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        problem = f"cannot be written ({error.strerror})"
        raise InputError(path, problem, remedy="Choose another place with -o") from None


def expiry(text: str) -> datetime:
    """Return the instant that an option names: a day (its end, UTC) or RFC 3339.

    Raises:
        UsageError: neither.
    """
    moment = instant(text)
    if moment is not None:
        return moment
    try:
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
    except ValueError:
        msg = f"--expires {text} is neither a day such as 2030-12-31 nor RFC 3339 with a zone"
        raise UsageError(msg) from None
