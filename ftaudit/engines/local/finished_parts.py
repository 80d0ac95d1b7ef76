"""Results of finished parts on disk, from which a scan that was killed goes on.

A part's results are filed under the digest of all that decides them: the checks with their
parameters, the versions of the libraries, and the part itself (file, stretch, size and time of the
file, or the rows). So nothing stale is ever taken, however parts are cut, and results are the same
bytes whether they were read back or made.
"""

import hashlib
import io
import json
import os
import pickle
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from secrets import token_bytes
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.model.attempt import BrokenCall
from ftaudit.model.check import Check, Mapped
from ftaudit.model.errors import UsageError
from ftaudit.model.parts import Part
from ftaudit.model.run_folder import is_own_folder

MappedBatch: TypeAlias = tuple[Counter[str], list[Mapped | BrokenCall]]
"""Rows per split in a batch, and what every check made of it."""

Arrays: TypeAlias = Mapping[str, npt.NDArray[np.generic]]

SUFFIX: Final = ".part"
STAGE: Final = ".stage"
KEY: Final = "key"
KEY_BYTES: Final = 32
_MAGIC: Final = b"ftaudit part 1\n"
_DIGEST: Final = hashlib.sha256().digest_size


class FinishedParts(Struct, frozen=True):
    """A folder of the results of parts; nothing of it is read that its digests do not prove."""

    folder: Path
    versions: str
    """What the libraries are that decide results."""
    key: bytes
    """Of the digests of distinct values, which all results of one scan share."""

    @classmethod
    def within(cls, folder: Path, versions: str) -> "FinishedParts":
        """Return the results in a folder, which is made if it is not there.

        Raises:
            UsageError: the folder is a link, another account's, or cannot be written.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            message = f"finished parts cannot be kept in {folder} ({error.strerror})"
            raise UsageError(message) from None
        if not is_own_folder(folder):
            raise UsageError(
                f"finished parts are kept in a folder of your own, and {folder} is not"
            )
        return cls(folder, versions, _key(folder / KEY))

    def of(self, checks: Sequence[Check]) -> "PartRecords":
        """Return the results of these checks, which are mapped together."""
        head = hashlib.sha256(self.versions.encode() + canonical_bytes(list(checks)))
        return PartRecords(self.folder, head.digest(), len(checks))

    def arrays(self, decided_by: object, make: Callable[[], Arrays]) -> Arrays:
        """Return what is on record of a whole stage, or make it and put it on record.

        Raises:
            OSError: there is no room left in the folder.
        """
        head = hashlib.sha256(self.versions.encode() + canonical_bytes(decided_by))
        path = self.folder / f"{head.hexdigest()}{STAGE}"
        if (body := _proven(path)) is not None:
            with np.load(io.BytesIO(body), allow_pickle=False) as stored:
                return {name: stored[name] for name in stored.files}
        arrays = make()
        stream = io.BytesIO()
        np.savez(stream, **arrays)  # type: ignore[arg-type] # by name
        _write_proven(path, stream.getvalue())
        return arrays


def _key(path: Path) -> bytes:
    """Return the key in a file, or make one: with another key nothing on record is taken."""
    try:
        key = path.read_bytes()
    except OSError:
        key = b""
    if len(key) != KEY_BYTES:
        key = token_bytes(KEY_BYTES)
        _write_private(path, key)
    return key


class PartRecords(Struct, frozen=True):
    """The results of some checks on parts."""

    folder: Path
    head: bytes
    checks: int

    def mapped(self, part: Part, make: Callable[[], list[MappedBatch]]) -> list[MappedBatch]:
        """Return what is on record of a part, or make it and put it on record.

        What broke is not kept: it may have been memory, or the disk.

        Raises:
            OSError: there is no room left in the folder.
        """
        path = self._path(part)
        recorded = self._read(path)
        if recorded is not None:
            return recorded
        batches = make()
        mapped = [
            (seen, [r for r in results if isinstance(r, Mapped)]) for seen, results in batches
        ]
        if all(len(results) == self.checks for _, results in mapped):
            _write(path, mapped)
        return batches

    def _path(self, part: Part) -> Path:
        digest = hashlib.sha256(self.head + canonical_bytes(part)).hexdigest()
        return self.folder / f"{digest}{SUFFIX}"

    def _read(self, path: Path) -> list[MappedBatch] | None:
        """Return the batches in a file; None if it is not there, or not whole."""
        body = _proven(path)
        if body is None:
            return None
        stream = io.BytesIO(body)
        batches = json.loads(stream.readline())
        return [
            (Counter(batch["seen"]), [_mapped(stream, sizes) for sizes in batch["checks"]])
            for batch in batches
        ]


def _proven(path: Path) -> bytes | None:
    """Return the content of a file; None if it is not there, or not whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = content[len(_MAGIC) + _DIGEST :]
    return body if content == _MAGIC + hashlib.sha256(body).digest() + body else None


def _write_proven(path: Path, body: bytes) -> None:
    _write_private(path, _MAGIC + hashlib.sha256(body).digest() + body)


def _mapped(stream: io.BytesIO, sizes: Sequence[int]) -> Mapped:
    partials, findings = (pl.read_ipc(io.BytesIO(stream.read(size))) for size in sizes)
    return Mapped(partials, findings)


def _write(path: Path, batches: Sequence[tuple[Counter[str], list[Mapped]]]) -> None:
    """Write results so that a file is whole or is not there."""
    head: list[dict[str, object]] = []
    frames: list[bytes] = []
    for seen, results in batches:
        pairs = [(_ipc(result.partials), _ipc(result.findings)) for result in results]
        frames += [content for pair in pairs for content in pair]
        head.append({"seen": seen, "checks": [[len(content) for content in p] for p in pairs]})
    body = b"".join([json.dumps(head).encode(), b"\n", *frames])
    _write_proven(path, body)


def _write_private(path: Path, content: bytes) -> None:
    """Write a file for this account alone, whole or not at all."""
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def _ipc(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_ipc(stream, compression="zstd")
    return stream.getvalue()


class _CanonicalPickler(pickle.Pickler):
    """Pickles a set by its members in order: else its bytes differ from process to process."""

    def persistent_id(self, obj: object) -> object:
        """Return the members of a set, each pickled alone and sorted; None for all else."""
        if isinstance(obj, set | frozenset):
            return sorted(canonical_bytes(member) for member in obj)
        return None


def canonical_bytes(value: object) -> bytes:
    """Return bytes that are equal for equal values, in whichever process; never read back."""
    stream = io.BytesIO()
    _CanonicalPickler(stream, protocol=5).dump(value)
    return stream.getvalue()
