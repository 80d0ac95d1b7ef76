"""Make sure that a file is the same from its first reading to the end of its last."""

from collections.abc import Iterable, Iterator

import polars as pl
from msgspec import Struct

from ftaudit.model.parts import Part
from ftaudit.readers.data_source import TableSource
from ftaudit.readers.origin import LocalFile, Origin
from ftaudit.readers.remote import RemoteFile
from ftaudit.readers.remote_copy import FetchedFile


def unchanged(source: TableSource, frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield the frames of a source; refuse them all if its file changed while they were read.

    Raises:
        InputError: it changed, shrank or was replaced.
    """
    return unchanged_file(origin_of(source), frames)


def origin_of(source: TableSource) -> Origin | None:
    """Return the file that a source reads; None for tables in memory."""
    origin = getattr(source, "origin", None)
    return origin if isinstance(origin, LocalFile | RemoteFile | FetchedFile) else None


def local_file(source: TableSource) -> LocalFile | None:
    """Return the file on disk that a source reads; None for tables in memory and stores."""
    origin = getattr(source, "origin", None)
    return origin if isinstance(origin, LocalFile) else None


def unchanged_file(file: Origin | None, frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield frames that were read from a file, as `unchanged` does."""
    stopped = False
    try:
        yield from frames
    except GeneratorExit:
        stopped = True
        raise
    finally:
        # also where reading failed: what was sound once and is not any more, has changed
        if file is not None and not stopped:
            file.verify()


class UnchangedPart(Struct, frozen=True):
    """A part of a file that is refused if the file changed while it was read."""

    part: Part
    file: Origin | None

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the frames of the part."""
        return unchanged_file(self.file, self.part.frames())
