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
class Match:
    """A data file, and the subject of the manifest that it is."""

    name: str
    """The file as the user named it."""
    subject: str
    role: str
    how: Literal["sha256", "content root"]
    named: bool = True
    """Whether the user named the file itself, rather than its folder."""


def match(data: Sequence["InputLike"], manifest: Manifest) -> tuple[Match, ...]:
    """Return what each data file is to the manifest.

    Args:
        data: files, folders, patterns or addresses; or tables in memory, which are recognised
            by their content alone.
        manifest: the manifest.

    Raises:
        InputError: there is no such file.
        IntegrityError: a file is none of the subjects.
    """
    known = _Known(manifest)
    return tuple(found for given in data for found in _matches(given, known))


def unchecked(manifest: Manifest, matches: Sequence[Match]) -> tuple[str, ...]:
    """Return the training files of the manifest that no data file was matched with."""
    found = {found.subject for found in matches}
    files = (file for file in manifest.predicate.inputs if file.role == TRAIN)
    return tuple(file.name for file in files if file.name not in found)


class _Known:
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


def _matches(given: "InputLike", known: _Known) -> Iterator[Match]:
    from ftaudit.readers.paths import find

    if not isinstance(given, str | Path):
        file = known.content(_content(given))
        if file is None:
            raise _stranger("the table in memory")
        yield Match("table in memory", file.name, file.role, "content root")
        return
    for found in find(given, TRAIN):
        sha256 = _sha256(found.origin)
        if file := known.bytes(sha256):
            yield Match(found.origin.user_path, file.name, file.role, "sha256", found.named)
        elif file := _by_content(found.origin.address, known):
            yield Match(found.origin.user_path, file.name, file.role, "content root", found.named)
        else:
            raise _stranger(printable(found.origin.user_path))


def _sha256(origin: "Origin") -> str:
    digest = hashlib.sha256()
    with origin.open() as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _by_content(address: str, known: _Known) -> Input | None:
    """Return the subject a file holds the rows of; a file that cannot be read holds none."""
    if not known.has_content:
        return None
    try:
        return known.content(_content(address))
    except InputError:
        return None


def _content(given: "InputLike") -> str | None:
    from ftaudit.readers.inputs import open_inputs

    (source,) = open_inputs([given]).sources
    return content_root(source.batches())


def _stranger(name: str) -> IntegrityError:
    why = "neither its SHA-256 nor its content is that of a subject of the manifest"
    return IntegrityError(
        f"{name} is not the audited data: {why}. Scan it, or give what was scanned"
    )
