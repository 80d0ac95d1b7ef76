"""Where a text file can be read from the middle: at what was found when it was read whole."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct, field

from ftaudit.model.parts import PartSizes
from ftaudit.readers.origin import LocalFile, Origin
from ftaudit.readers.remote import RemoteFile

_EXPANSION: Final = 4
"""How much larger than its compressed file a text is taken to be."""


class Stretch(Struct, frozen=True):
    """Whole records of a text file that is not compressed."""

    start: int
    """Its first byte, of all bytes of the file."""
    stop: int
    """The byte after its last."""
    record: int
    """How many records are before it; a header counts as one."""
    after: int
    """How many records are before the byte after its last."""

    @property
    def row_range(self) -> range:
        """Return which rows of the file its records are, if that has no header."""
        return range(self.record, self.after)


class Stretches(Struct):
    """Places between records, in ascending order. Few, whatever the size of the file."""

    ends: list[int] = field(default_factory=lambda: [0])
    records: list[int] = field(default_factory=lambda: [0])
    """How many records are before each of `ends`."""

    def add(self, end: int, records: int) -> None:
        """Add that `records` in all, header included, end before byte `end`."""
        if end == self.ends[-1]:
            self.records[-1] = records
        else:
            self.ends.append(end)
            self.records.append(records)

    def parts(self, sizes: PartSizes) -> Iterator[Stretch]:
        """Yield the whole file in stretches of the size that `sizes` asks for."""
        lengths = [stop - start for start, stop in pairwise(self.ends)]
        for first, after in grouped(lengths, sizes):
            ends = (self.ends[first], self.ends[after])
            yield Stretch(*ends, self.records[first], self.records[after])


def grouped(lengths: Sequence[int], sizes: PartSizes) -> Iterator[tuple[int, int]]:
    """Yield the first and the one after the last of items of so many bytes that make a part."""
    first = 0
    while first < len(lengths):
        after, size, most = first + 1, lengths[first], sizes.size()
        while after < len(lengths) and size + lengths[after] <= most:
            size, after = size + lengths[after], after + 1
        sizes.take(size)
        yield first, after
        first = after


def text_bytes(size: int, compression: str | None) -> int:
    """Return about how many bytes of text are in a file of so many bytes."""
    return size if compression is None else size * _EXPANSION


def seekable(origin: Origin, compression: str | None) -> Origin | None:
    """Return the file if its text can be read from the middle."""
    from_middle = isinstance(origin, LocalFile) or (
        isinstance(origin, RemoteFile) and origin.in_store
    )
    return origin if compression is None and from_middle else None
