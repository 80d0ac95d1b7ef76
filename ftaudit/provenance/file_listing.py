"""Compare the files that a record names with the files of the data."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from ftaudit.model.dataset import DataFile
from ftaudit.provenance.provenance_record import FileEntry


class Listing(Struct, frozen=True):
    """The differences, by ordinal in `Dataset.files`."""

    unlisted: tuple[int, ...] = ()
    """Files that the record does not name."""
    mismatched: tuple[int, ...] = ()
    """Files named with another digest than theirs."""
    contradictions: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    """Paths that the record names and that are not among the data."""


def compare_files(entries: Sequence[FileEntry], files: Sequence[DataFile]) -> Listing:
    """Match every file with an entry: by digest, else by the end of its path.

    A path matches when one is the other, or ends with it at a `/`: records name files from
    their own folder, the user from where the command runs.
    """
    matches = [_match(file, entries) for file in files]
    unlisted = [i for i, entry in enumerate(matches) if entry is None]
    mismatched = [i for i, e in enumerate(matches) if e and e.sha256 not in (None, files[i].sha256)]
    conflicts = [s for f, e in zip(files, matches, strict=True) if e for s in _contradictions(f, e)]
    absent = [e.path for e in entries if e.path and all(e is not m for m in matches)]
    return Listing(tuple(unlisted), tuple(mismatched), tuple(conflicts), tuple(absent))


def _match(file: DataFile, entries: Sequence[FileEntry]) -> FileEntry | None:
    same = [e for e in entries if e.sha256 == file.sha256]
    named = [e for e in same or entries if e.path is not None and _ends(file.name, e.path)]
    candidates = named or same
    return candidates[0] if candidates else None


def _ends(path: str, other: str) -> bool:
    """Return whether the shorter path is the end of the longer."""
    parts = sorted((PurePosixPath(path).parts, PurePosixPath(other).parts), key=len)
    return bool(parts[0]) and parts[1][-len(parts[0]) :] == parts[0]


def _contradictions(file: DataFile, entry: FileEntry) -> list[str]:
    conflicts = []
    if entry.rows is not None and entry.rows != file.rows:
        conflicts.append(
            f"files[{entry.path}].rows is {entry.rows:,} but the file has {file.rows:,}"
        )
    if entry.split is not None and entry.split != file.split:
        conflicts.append(
            f"files[{entry.path}].split is {entry.split} but it is given as {file.split}"
        )
    return conflicts
