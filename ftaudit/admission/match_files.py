"""Recognise data files as the ones a manifest is about: by their bytes, or by their content."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ftaudit.model.dataset import TRAIN
from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import printable
from ftaudit.readers.content_root import content_root
from ftaudit.wire.manifest import Input, Manifest

if TYPE_CHECKING:
    from ftaudit.readers.inputs import InputLike
    from ftaudit.readers.origin import Origin


@dataclass(frozen=True)
class FileMatch:
    """A data file, and the subject of the manifest that it is."""

    name: str
    """The file as the user named it."""
    subject: str
    role: str
    how: Literal["sha256", "content root"]
    named: bool = True
    """Whether the user named the file itself, rather than its folder."""


def match(data: Sequence["InputLike"], manifest: Manifest) -> tuple[FileMatch, ...]:
    """Return what each data file is to the manifest.

    Args:
        data: files, folders, patterns or addresses; or tables in memory, which are recognised
            by their content alone.
        manifest: the manifest.

    Raises:
        InputError: there is no such file.
        IntegrityError: a file is none of the subjects.
    """
    subjects = _Subjects(manifest)
    return tuple(file for item in data for file in _matches(item, subjects))


def unchecked(manifest: Manifest, matches: Sequence[FileMatch]) -> tuple[str, ...]:
    """Return the training files of the manifest that no data file was matched with."""
    matched = {file.subject for file in matches}
    files = (file for file in manifest.predicate.inputs if file.role == TRAIN)
    return tuple(file.name for file in files if file.name not in matched)


class _Subjects:
    """The subjects by what they are known by; a subject is matched once while others are left."""

    def __init__(self, manifest: Manifest) -> None:
        digests = {subject.name: subject.digest.sha256 for subject in manifest.subject}
        self._by_bytes: dict[str, list[Input]] = {}
        self._by_content: dict[str, list[Input]] = {}
        for file in manifest.predicate.inputs:
            self._by_bytes.setdefault(digests[file.name], []).append(file)
            if file.content_root:
                self._by_content.setdefault(file.content_root, []).append(file)

    @property
    def has_content(self) -> bool:
        """Whether any content root is recorded."""
        return bool(self._by_content)

    def bytes(self, sha256: str) -> Input | None:
        """Return the subject of this digest."""
        return _next(self._by_bytes.get(sha256))

    def content(self, root: str | None) -> Input | None:
        """Return the subject of this content root."""
        return _next(self._by_content.get(root or ""))


def _next(files: list[Input] | None) -> Input | None:
    """Return the first of several equal files, and put it last."""
    if not files:
        return None
    files.append(files.pop(0))
    return files[-1]


def _matches(item: "InputLike", subjects: _Subjects) -> Iterator[FileMatch]:
    from ftaudit.readers.paths import find

    if not isinstance(item, str | Path):
        file = subjects.content(_content(item))
        if file is None:
            raise _stranger("the table in memory")
        yield FileMatch("table in memory", file.name, file.role, "content root")
        return
    for located in find(item, TRAIN):
        origin = located.origin
        sha256 = _sha256(origin)
        if file := subjects.bytes(sha256):
            yield FileMatch(origin.user_path, file.name, file.role, "sha256", located.named)
        elif file := _by_content(origin.address, subjects):
            yield FileMatch(origin.user_path, file.name, file.role, "content root", located.named)
        else:
            raise _stranger(printable(origin.user_path))


def _sha256(origin: "Origin") -> str:
    digest = hashlib.sha256()
    with origin.open() as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _by_content(address: str, subjects: _Subjects) -> Input | None:
    """Return the subject a file holds the rows of; a file that cannot be read holds none."""
    if not subjects.has_content:
        return None
    try:
        return subjects.content(_content(address))
    except InputError:
        return None


def _content(item: "InputLike") -> str | None:
    from ftaudit.readers.inputs import open_inputs

    (source,) = open_inputs([item]).sources
    return content_root(source.batches())


def _stranger(name: str) -> IntegrityError:
    reason = "neither its SHA-256 nor its content is that of a subject of the manifest"
    return IntegrityError(
        f"{name} is not the audited data: {reason}. Scan it, or give what was scanned"
    )
