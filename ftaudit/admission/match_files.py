"""Recognise data as what a manifest is about: by its bytes, or by its rows.

A file is recognised by its SHA-256, or else by the content root of its rows, which other encodings
leave alone. Rows keep their order. A table, or a file that was written anew, may hold the rows of
several audited files one after the other; the rows of one audited file are not to be spread over
several.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ftaudit.admission.given_data import GivenData, GivenFile, GivenTable
from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION
from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import printable
from ftaudit.model.progress import Advance
from ftaudit.readers.content_root import ContentRoot
from ftaudit.wire.manifest import Input, Manifest

if TYPE_CHECKING:
    import polars as pl

    from ftaudit.readers.origin import Origin

_CALLED = {TRAIN: "training", VALIDATION: "validation", HOLDOUT: "holdout"}


class FileMatch(Struct, frozen=True):
    """A data file, and the subject of the manifest that it is."""

    name: str
    """The file as the user named it."""
    subject: str
    role: str
    how: Literal["sha256", "content root"]
    named: bool = True
    """Whether the user named the file itself, rather than its folder."""


def match(
    data: GivenData, manifest: Manifest, advance: Advance = lambda _: None
) -> tuple[FileMatch, ...]:
    """Return what each file and table is to the manifest.

    Files of equal bytes are recognised first, so that a copy never takes the place of the file
    that was audited. `advance` is told of every file and table that was compared.

    Raises:
        InputError: a table cannot be read.
        IntegrityError: a file or table is none that was audited, has another role than in the
            audit, or holds rows that were given already; names every one of them.
    """
    subjects = _Subjects(manifest)
    matches: list[FileMatch] = []
    rest: list[GivenFile] = []
    foreign: list[tuple[str, str]] = []
    for file in data.files:
        known_by_bytes = subjects.of_bytes(_sha256(file.path.origin))
        if not known_by_bytes:
            rest.append(file)
            continue
        advance(1)
        if isinstance(taken := subjects.take(known_by_bytes, file.role), Input):
            name, named = file.name, file.path.named
            matches.append(FileMatch(name, taken.name, taken.role, "sha256", named))
        else:
            foreign.append((printable(file.name), taken))
    others: list[GivenFile | GivenTable] = [*rest, *data.tables]
    for item in others:
        recognised = _by_rows(item, subjects)
        advance(1)
        if isinstance(recognised, str):
            foreign.append((printable(item.name), recognised))
        else:
            matches += recognised
    if foreign:
        raise IntegrityError(_of_all(foreign))
    return tuple(matches)


def missing(manifest: Manifest, matches: Sequence[FileMatch]) -> tuple[str, ...]:
    """Return the training files of the manifest that no data was matched with."""
    matched = {file.subject for file in matches}
    files = (file for file in manifest.predicate.inputs if file.role == TRAIN)
    return tuple(file.name for file in files if file.name not in matched)


class _Subjects:
    """The audited files by what they are recognised by; each one is recognised once."""

    def __init__(self, manifest: Manifest) -> None:
        digests = {subject.name: subject.digest.sha256 for subject in manifest.subject}
        self._left = {file.name for file in manifest.predicate.inputs}
        self._by_bytes: dict[str, list[Input]] = {}
        self._by_rows: dict[str, list[Input]] = {}
        for file in manifest.predicate.inputs:
            self._by_bytes.setdefault(digests[file.name], []).append(file)
            if file.content_root:
                self._by_rows.setdefault(file.content_root, []).append(file)
        rooted = [file for files in self._by_rows.values() for file in files]
        self.heights = sorted({file.rows for file in rooted if file.rows > 0})
        """Numbers of rows at which a content root is worth a look, ascending."""

    def of_bytes(self, sha256: str) -> list[Input]:
        """Return the audited files of this digest."""
        return self._by_bytes.get(sha256, [])

    def of_rows(self, root: str | None) -> list[Input]:
        """Return the audited files of this content root."""
        return self._by_rows.get(root or "", [])

    def take(self, files: Sequence[Input], role: str) -> Input | str:
        """Take one of some equal files for a role; say why none of them can be taken."""
        for file in files:
            if file.role == role and file.name in self._left:
                self._left.remove(file.name)
                return file
        first = files[0]
        if all(file.role != role for file in files):
            called = f"was audited as {_CALLED[first.role]} data"
            option = f"name it with --{first.role}" if first.role != TRAIN else "name it as DATA"
            return f"{called} and is given as {_CALLED[role]} data: {option}, or leave it out"
        return f"holds the rows of {printable(first.name)}, which were given already"


def _by_rows(item: GivenFile | GivenTable, subjects: _Subjects) -> list[FileMatch] | str:
    """Return the audited files whose rows an item holds, one after the other; else the reason."""
    if not subjects.heights:
        return _STRANGER
    try:
        pieces = _pieces(item.frames(), subjects)
    except InputError:
        if isinstance(item, GivenTable):
            raise
        return _STRANGER  # a file that cannot be read holds no audited rows
    named = item.path.named if isinstance(item, GivenFile) else True
    matches: list[FileMatch] = []
    for files in pieces:
        taken = subjects.take(files, item.role)
        if isinstance(taken, str):
            return taken
        matches.append(FileMatch(item.name, taken.name, taken.role, "content root", named))
    return matches or _STRANGER


def _pieces(frames: "Iterable[pl.DataFrame]", subjects: _Subjects) -> list[list[Input]]:
    """Cut rows where an audited file ends; nothing when a row is left that is in none of them.

    A root is looked up wherever as many rows have passed as some audited file has, so the rows
    are read once, whatever the number of files.
    """
    pieces: list[list[Input]] = []
    root, rows = ContentRoot(), 0
    for frame in frames:
        start = 0
        while start < frame.height:
            height = next((h for h in subjects.heights if h > rows), None)
            if height is None:
                return []
            part = frame.slice(start, height - rows)
            try:
                root.update(part)
            except ValueError:  # other columns than the rows before
                return []
            start, rows = start + part.height, rows + part.height
            if rows == height and (files := subjects.of_rows(root.root())):
                pieces.append(files)
                root, rows = ContentRoot(), 0
    return pieces if not rows else []


def _sha256(origin: "Origin") -> str:
    digest = hashlib.sha256()
    with origin.open() as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _of_all(foreign: Sequence[tuple[str, str]]) -> str:
    (name, reason), *others = foreign
    names = ", ".join(other for other, _ in others[:5])
    return f"{name} {reason}" + (f" (and {len(others)} more: {names})" if others else "")


_STRANGER = (
    "is not the audited data: neither its SHA-256 nor its content is that of a subject of the "
    "manifest. Scan it, or give what was scanned"
)
