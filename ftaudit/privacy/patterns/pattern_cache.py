"""Keep derived patterns between runs: deriving them takes longer than most scans.

A file is named by what its content depends on: versions, options, and the source of the modules
that derive. Those of the usual search come with the package, in `derived`; others are kept in the
user's cache. What is read is checked: its digest, its types, and in the cache that the file is the
user's own and nobody else can write it. Anything else is as good as no file: the patterns are
derived anew.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from ftaudit.model.user_cache import is_ours, user_cache

Content = TypeVar("Content", bound=msgspec.Struct)
SHIPPED: Final = Path(__file__).parent / "derived"
"""Patterns derived beforehand; `python -m tests.privacy.ship_patterns` writes them."""
_SOURCES: Final = ("patterns", "presidio", "recognizers", "secrets")
"""Rooms of `privacy` whose source decides what is derived."""


def cached(
    name: str, identity: Sequence[str], kind: type[Content], make: Callable[[], Content]
) -> Content:
    """Return what `make` returns, from the package or the user's cache where it stands there.

    Args:
        name: the first part of the file's name.
        identity: all that the content depends on, beside the source of `privacy`.
        kind: the content's type; what does not fit it is made anew.
        make: derives the content.
    """
    digest = hashlib.sha256("\0".join((_source_digest(), *identity)).encode()).hexdigest()
    file = f"{name}-{digest[:24]}.json"
    content = read_shipped(file, kind)
    if content is None:
        path = user_cache() / file
        content = _read(path, kind, ours=True)
        if content is None:
            content = make()
            _write(path, content)
    return content


@cache
def _source_digest() -> str:
    """Return the digest of the modules that derive patterns."""
    room = Path(__file__).parents[1]
    sources = sorted(path for name in _SOURCES for path in (room / name).glob("*.py"))
    whole = b"\0".join(path.read_bytes() for path in sources)
    return hashlib.sha256(whole).hexdigest()


def _read(path: Path, kind: type[Content], *, ours: bool) -> Content | None:
    """Return the content of a file, if it is whole and, where asked for, `ours`."""
    try:
        with path.open("rb") as file:
            if ours and not is_ours(os.fstat(file.fileno())):
                return None
            digest, _, encoded = file.read().partition(b"\n")
        if digest != hashlib.sha256(encoded).hexdigest().encode():
            return None
        return msgspec.json.decode(encoded, type=kind)
    except (OSError, msgspec.DecodeError):
        return None


def read_shipped(file: str, kind: type[Content]) -> Content | None:
    """Return the content of a file that comes with the package, if it is whole."""
    return _read(SHIPPED / file, kind, ours=False)


def written(content: msgspec.Struct) -> bytes:
    """Return the bytes of a file with some content."""
    encoded = msgspec.json.encode(content)
    return hashlib.sha256(encoded).hexdigest().encode() + b"\n" + encoded


def _write(path: Path, content: msgspec.Struct) -> None:
    """Write a file whole or not at all; a cache that cannot be written costs time only."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                file.write(written(content))
                file.close()
                Path(file.name).replace(path)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
