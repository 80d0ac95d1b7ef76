"""Find the data files behind what the user names: a file, a folder, a pattern or an address."""

import glob
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ftaudit.model.bounded_read import read_start
from ftaudit.model.dataset import TRAIN
from ftaudit.model.errors import InputError
from ftaudit.readers.kinds import EXTENSIONS, FileKind, is_remote, kind_of, known_kind
from ftaudit.readers.origin import LocalFile, Origin, unreadable
from ftaudit.readers.remote import RemoteFile, in_store, public
from ftaudit.readers.sidecars import is_sidecar
from ftaudit.readers.split_names import split_by_name

if TYPE_CHECKING:
    from ftaudit.readers.store_listing import StoredFile

STDIN: Final = "-"
"""What commands call standard input by."""

_OWN: Final = frozenset(
    {
        *("manifest.json", "manifest.dsse.json", "findings.parquet", "profile.json"),
        *("evaluation.json", "evaluation.dsse.json", "evaluations.jsonl"),
    }
)
"""Results of an audit that are of a kind that could be data."""

SPLIT_RECORD: Final = "split.json"
"""What `ftaudit split` writes beside the parts."""


class DataPath(Struct, frozen=True):
    """A data file that was found."""

    origin: Origin
    kind: FileKind
    split: str
    parts: tuple[str, ...]
    """Its path, from the root or the host down to its name."""
    tail: int
    """How many of the last parts make its shortest name."""
    folders: tuple[str, ...] = ()
    """Folders between what the user named and the file."""
    left_out: tuple[str, ...] = ()
    """Files beside it that are no data: what describes it, and what tools keep."""
    named: bool = True
    """Whether the user named the file itself, rather than its folder or a pattern."""

    @property
    def identity(self) -> str:
        """Return what is equal for the same file named twice."""
        return os.path.realpath(self.origin.address) if self.is_local else self.origin.address

    @property
    def is_local(self) -> bool:
        """Say whether the file is on this machine."""
        return isinstance(self.origin, LocalFile)


def find(name: str | Path, split: str) -> list[DataPath]:
    """Return the data files behind `given`, sorted by path.

    Files of a folder or a pattern go by their names (`split_names`) when `split` is train and
    at least one of them is training data; hidden files, those of no known kind, and what an
    audit wrote into the folder are left out.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    user_path = str(name)
    if is_remote(user_path):
        return _remote(user_path, split)
    _refuse_scheme(user_path)
    if not user_path.strip():
        remedy = "Name a file or folder; a variable may be unset"
        raise InputError("data", "an empty name is no path", remedy=remedy)
    if user_path == STDIN:
        problem = "data is not read from standard input, as it is read more than once"
        raise InputError(user_path, problem, remedy="Write it to a file, and name that")
    if "\0" in user_path:
        raise InputError(user_path, "no path holds a NUL", remedy="Check the path")
    path = Path(name).expanduser()
    if _is_folder(path, user_path):
        return _in_folder(path, user_path, split)
    if not os.path.lexists(path) and glob.has_magic(user_path):
        return _by_pattern(path, user_path, split)
    origin = LocalFile(path.absolute(), user_path)
    return [DataPath(origin, kind_of(user_path), split, _parts(path), 1)]


def left_out(name: str | Path, read: Collection[str]) -> list[str]:
    """Return the files of a folder that are not read as data, sorted, as the user would name them.

    Args:
        name: what the user named; what is no folder leaves nothing out.
        read: the identities of the files that are read.
    """
    user_path = str(name)
    folder = Path(name).expanduser()
    if is_remote(user_path) or "\0" in user_path or not folder.is_dir():
        return []
    files = (Path(top, file) for top, _, files in os.walk(folder) for file in files)
    unread = sorted(file for file in files if os.path.realpath(file) not in read)
    return ["/".join([user_path.rstrip("/"), *p.relative_to(folder).parts]) for p in unread]


_OTHER_SCHEMES: Final = {
    "webhdfs": ("is an address that is not read", "Write hdfs://, with the same path"),
    **dict.fromkeys(
        ("s3a", "s3n"), ("is an address of Hadoop", "Write s3://, with the same bucket and key")
    ),
    **dict.fromkeys(
        ("wasb", "wasbs", "adl"),
        ("is an address that is not read", "Write abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/"),
    ),
    "dbfs": ("is an address of Databricks", "Name the path: /dbfs/… or /Volumes/…"),
    "file": ("is an address of a file", "Name its path alone"),
}
"""Schemes that Spark and Hadoop know, and what to write in their place."""


def _refuse_scheme(user_path: str) -> None:
    scheme, separator, _ = user_path.partition(":/")
    if separator and scheme.lower() in _OTHER_SCHEMES:
        problem, remedy = _OTHER_SCHEMES[scheme.lower()]
        raise InputError(user_path, problem, remedy=remedy)


def _is_folder(path: Path, user_path: str) -> bool:
    try:
        return path.is_dir()
    except OSError as error:
        raise unreadable(user_path, error) from None


def _remote(address: str, split: str) -> list[DataPath]:
    is_folder = glob.has_magic(public(address)) or address.endswith("/")
    if is_folder and in_store(address):
        return _in_store(address, split)
    if is_folder:
        problem = "is a folder or a pattern behind a web address, which is not listed"
        raise InputError(public(address), problem, remedy="Name each file")
    parts = _remote_parts(address)
    return [DataPath(RemoteFile(address), kind_of(public(address)), split, parts, len(parts))]


def _remote_parts(address: str) -> tuple[str, ...]:
    scheme, _, rest = public(address).partition("://")
    return (f"{scheme}:/", *(part for part in rest.split("/") if part))


def _in_store(address: str, split: str) -> list[DataPath]:
    """Return the data files of a folder or a pattern, each called by its whole address.

    Raises:
        InputError: there is none, or they are of a table format.
    """
    from ftaudit.readers.store_listing import list_store

    listed = list_store(address)
    for name, problem in _TABLE_FORMATS.items():
        if any(name in file.parts for file in listed):
            remedy = "Write its current rows as parquet (deltalake, Spark), and name that"
            raise InputError(public(address), f"is {problem}", remedy=remedy)
    files = [
        file for file in listed if known_kind(file.parts[-1]) and not any(map(_hidden, file.parts))
    ]
    data = [file for file in files if not is_sidecar(file.parts[-1])] or files
    if not data:
        problem = "no file of a known kind is there"
        raise InputError(public(address), problem, remedy=f"Known are {', '.join(EXTENSIONS)}")
    aside = tuple("/".join(file.parts) for file in files if file not in data)
    named = [split_by_name(file.parts) or TRAIN for file in data]
    by_name = split == TRAIN and TRAIN in named
    return [
        _stored(file, own if by_name else split, aside)
        for file, own in zip(data, named, strict=True)
    ]


def _stored(file: "StoredFile", split: str, left_out: tuple[str, ...]) -> DataPath:
    parts = _remote_parts(file.address)
    return DataPath(
        RemoteFile(file.address, file.size),
        kind_of(file.parts[-1]),
        split,
        parts,
        len(parts),
        folders=file.parts[:-1],
        left_out=left_out,
        named=False,
    )


def _in_folder(folder: Path, user_path: str, split: str) -> list[DataPath]:
    _refuse_table_format(folder, user_path)
    files = sorted(path for path in _walk(folder, user_path) if known_kind(path.name))
    if not files:
        others = {path.suffix.lower() for path in _walk(folder, user_path) if path.suffix}
        problem = "holds no file of a known kind"
        remedy = f"Known are {', '.join(EXTENSIONS)}"
        if others:
            remedy += f"; its files are {', '.join(sorted(others)[:5])}"
        raise InputError(user_path, problem, remedy=remedy)
    return _split([(p, p.relative_to(folder).parts) for p in files], user_path, split, whole=True)


def _by_pattern(path: Path, user_path: str, split: str) -> list[DataPath]:
    matched = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207 - the pattern may be absolute
    files = [match for match in matched if match.is_file() and known_kind(match.name)]
    if not files:
        problem = (
            "no file of a known kind matches this pattern"
            if matched
            else "no file matches this pattern"
        )
        raise InputError(user_path, problem, remedy="Check the path")
    fixed = len(Path(os.path.commonpath([m.absolute().parent for m in files])).parts)
    relative = [(match, match.absolute().parts[fixed:]) for match in files]
    return _split(relative, user_path, split, whole=False)


def _walk(folder: Path, user_path: str) -> Iterator[Path]:
    """Yield the files below a folder, not following links to folders that lead back up."""

    def refuse(error: OSError) -> None:
        raise unreadable(user_path, error) from None

    seen: set[str] = set()
    for top, folders, files in os.walk(folder, onerror=refuse, followlinks=True):
        real = os.path.realpath(top)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not _hidden(name))
        own = _OWN if _holds_results(top, files) else frozenset()
        own |= {SPLIT_RECORD} if _holds_split(top, files) else frozenset()
        yield from (Path(top, name) for name in sorted(files) if not _hidden(name) | (name in own))


def _holds_results(folder: str, files: Sequence[str]) -> bool:
    """Tell whether an audit wrote its results here, as `--output` inside the data makes it."""
    if not {"manifest.json", "findings.parquet"} <= set(files):
        return False
    try:
        head = read_start(Path(folder, "manifest.json"), _HEAD)
    except OSError:
        return False
    return b"https://in-toto.io/Statement/" in head


def _holds_split(folder: str, files: Sequence[str]) -> bool:
    """Tell whether `ftaudit split` wrote the folder, with its record beside the parts."""
    return SPLIT_RECORD in files and is_split_record(Path(folder, SPLIT_RECORD))


def is_split_record(path: Path) -> bool:
    """Tell whether a file is what `ftaudit split` writes about a split."""
    try:
        return b'"ftaudit.split/' in read_start(path, _HEAD)
    except (OSError, ValueError):  # a NUL in the path is a ValueError
        return False


_HEAD: Final = 512
"""Bytes of a manifest, or of the record of a split, that hold its type, which stands first."""


_TABLE_FORMATS: Final = {
    "_delta_log": "a Delta table, whose folder holds rows of older versions too",
    ".hoodie": "a Hudi table, whose folder holds rows of older versions too",
}


def _refuse_table_format(folder: Path, user_path: str) -> None:
    """Refuse tables whose files are not all of them data."""
    for name, problem in _TABLE_FORMATS.items():
        if (folder / name).is_dir():
            remedy = "Write its current rows as parquet (deltalake, Spark), and name that"
            raise InputError(user_path, f"is {problem}", remedy=remedy)
    if any((folder / "metadata").glob("*.metadata.json")) and (folder / "data").is_dir():
        problem = "is an Iceberg table, whose folder holds rows of older versions too"
        remedy = "Write its current rows as parquet (pyiceberg, Spark), and name that"
        raise InputError(user_path, problem, remedy=remedy)


def _hidden(name: str) -> bool:
    return name.startswith((".", "__"))


def _split(
    files: list[tuple[Path, tuple[str, ...]]], user_path: str, split: str, *, whole: bool
) -> list[DataPath]:
    """Give every file its split; its shortest name is its path in the folder, or its own name."""
    steps = [parts[:-1] for path, parts in files if path.name == _LINEAGE and _is_lineage(path)]
    beside = [is_sidecar(path.name) or _of_step(parts, steps) for path, parts in files]
    data = [file for file, is_beside in zip(files, beside, strict=True) if not is_beside]
    aside = ["/".join(parts) for (_, parts), no in zip(files, beside, strict=True) if no]
    left_out = aside if data else []
    files = data or files
    named = [split_by_name(parts) or TRAIN for _, parts in files]
    by_name = split == TRAIN and TRAIN in named
    return [
        DataPath(
            LocalFile(path.absolute(), _within(user_path, path, parts, whole=whole)),
            kind_of(path.name),
            own if by_name else split,
            _parts(path),
            len(parts) if whole else 1,
            folders=tuple(parts[:-1]),
            left_out=tuple(left_out),
            named=False,
        )
        for (path, parts), own in zip(files, named, strict=True)
    ]


_LINEAGE: Final = "lineage.json"
"""What `ftaudit fix` writes beside the data, with `_CHANGES` and the folder `_SET_ASIDE`."""
_CHANGES: Final = "changes.parquet"
_SET_ASIDE: Final = "set-aside"
_LARGEST_LINEAGE: Final = 16 << 20


def _is_lineage(path: Path) -> bool:
    """Tell whether a file is what `ftaudit fix` writes about the data beside it."""
    try:
        return b"attestation/data-lineage/" in read_start(path, _LARGEST_LINEAGE)
    except OSError:
        return False


def _of_step(parts: Sequence[str], steps: Sequence[Sequence[str]]) -> bool:
    """Tell whether a file is the record of a step, or holds the rows that it took out."""
    rests = [parts[len(step) :] for step in steps if tuple(parts[: len(step)]) == tuple(step)]
    return any(rest[:1] in {(_CHANGES,), (_SET_ASIDE,)} for rest in map(tuple, rests))


def _within(user_path: str, path: Path, parts: tuple[str, ...], *, whole: bool) -> str:
    return "/".join([user_path.rstrip("/"), *parts]) if whole else str(path)


def _parts(path: Path) -> tuple[str, ...]:
    return tuple(part for part in path.absolute().parts if part != os.sep)
