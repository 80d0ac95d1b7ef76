"""A task that reads the texts of its part, whatever for."""

import pickle
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from ftaudit.model.blobs import Blob
from ftaudit.model.progress import Silent
from ftaudit.similarity.divided.divided_texts import MEMORY, NumberedPart, PartRows
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.text_source import (
    Boilerplate,
    DivisibleWork,
    TextReading,
    TextSource,
    TextWork,
)


class ReadPart(Struct, frozen=True, eq=False):
    """A part, and the work on its rows if that is not the work on all → what it makes of them."""

    numbering: RowNumbering
    column: str
    boilerplate: Boilerplate | None
    work: TextWork[object] | None
    """The work on all parts; None where each has its own."""

    def __call__(self, blobs: Iterator[Blob], /) -> Iterable[Blob]:
        """Read the parts that come."""
        for blob in blobs:
            packed, own = pickle.loads(blob.data)  # noqa: S301 - our own driver pickled it
            rows = PartRows(pickle.loads(packed))  # noqa: S301 - likewise
            work: TextWork[object] = self.work or own
            load_kernels(Silent(), *getattr(work, "kernels", ()), steps=MEMORY)
            source = TextSource(rows, self.numbering, self.column, self.boilerplate)
            result = work(TextReading(source))
            if isinstance(result, Iterator):
                result = list(result)
            yield Blob(blob.slot, blob.kind, pickle.dumps(result, 5))


def placed_parts(
    parts: Sequence[NumberedPart], work: TextWork[object]
) -> tuple[list[Blob], TextWork[object] | None]:
    """Return the parts there is work on, in slots from 0, their numbers as kinds.

    And the work on all of them; None where it is divided and goes with them.
    """
    if not isinstance(work, DivisibleWork):
        works: list[object] = [None] * len(parts)
    else:
        works = [work.within(*part.span) for part in parts]
        parts = [part for part, own in zip(parts, works, strict=True) if own is not None]
        works = [own for own in works if own is not None]
    blobs = [
        Blob(slot, part.blob.slot, pickle.dumps((part.blob.data, own), 5))
        for slot, (part, own) in enumerate(zip(parts, works, strict=True))
    ]
    return blobs, None if isinstance(work, DivisibleWork) else work
