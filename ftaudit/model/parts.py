"""Parts: stretches of a relation that are read where they are needed, in whichever process."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, Protocol, Self, runtime_checkable

import polars as pl
from msgspec import Struct

PIECE_BYTES: Final = 8 << 20
"""Most bytes of a batch that are read or mapped at once, which bounds the memory of a process."""


class Part(Protocol):
    """A stretch of a relation. Can be pickled, and is small where it is a name: rows a to b."""

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield its rows, in one frame or several.

        Raises:
            InputError: the file changed, or cannot be read any more.
        """


@runtime_checkable
class PlacedPart(Part, Protocol):
    """A part that may know where its rows are, before it is read."""

    def row_ids(self) -> tuple[int, int] | None:
        """Return the first row id that it may have, and the one after the last; None: any."""


@runtime_checkable
class RangedPart(Part, Protocol):
    """A part of a file that may know which rows of it that are, before it is read."""

    @property
    def row_range(self) -> range | None:
        """Return them; None where it does not know."""


class HeldPart(Struct, frozen=True, eq=False):
    """A stretch that has been read already: of what cannot be read from the middle."""

    frame: pl.DataFrame

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the frame."""
        yield self.frame


class PartSizes(Struct):
    """How large each part is cut. Results do not depend on it."""

    left: int
    """Bytes in memory of all that is still to be cut, about."""
    processes: int
    """Those that share the parts."""

    most: ClassVar[int] = 14 << 20
    """Little enough to be held by a worker, and enough to be read from the middle of a file."""
    least: ClassVar[int] = 1 << 20
    """A part of fewer takes about as long; for the last of these nobody waits long."""
    group: ClassVar[int] = 0
    """Bytes of the largest row group that is read where it is needed, if it cannot be divided."""
    seek: ClassVar[int] = 4 << 20
    """Bytes that are read on in the time that finding a place in a file takes."""

    @classmethod
    def for_rows(cls, rows: int, memory: int) -> Self:
        """Return sizes for reading parts in which some rows are, out of so many bytes.

        The parts are the least there are where the rows are so few that most parts hold none.
        """
        return cls(0, 2 if rows * cls.seek < memory else 1)

    def size(self) -> int:
        """Return the bytes the next part should have: fewer towards the end of the data.

        So all processes come to their end together, however slow the text is to check.
        """
        if self.processes == 1:
            return self.most
        return min(self.most, max(self.least, self.left // (2 * self.processes)))

    def take(self, size: int) -> None:
        """Count a part as cut off."""
        self.left = max(0, self.left - size)


def held_parts(frames: Iterable[pl.DataFrame], sizes: PartSizes) -> Iterator[HeldPart]:
    """Cut frames into parts of the sizes that are due; an empty frame is one part."""
    for frame in frames:
        row_bytes = max(1, int(frame.estimated_size()) // max(1, frame.height))
        start = 0
        while start < max(1, frame.height):
            rows = max(1, sizes.size() // row_bytes)
            yield HeldPart(frame[start : start + rows])
            sizes.take(rows * row_bytes)
            start += rows


def pieces(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Cut a frame into pieces of about `PIECE_BYTES`; an empty frame is one piece."""
    count = 1 + int(frame.estimated_size()) // PIECE_BYTES
    step = max(1, -(-frame.height // count))
    for start in range(0, max(1, frame.height), step):
        yield frame[start : start + step]
