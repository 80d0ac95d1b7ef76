"""The content root of a whole source."""

from collections.abc import Callable

from ftaudit.readers.content_root import ContentRoot
from ftaudit.readers.data_source import TableSource
from ftaudit.readers.read_ahead import read_ahead
from ftaudit.readers.unchanged import origin_of, unchanged


def root_of(source: TableSource, advance: Callable[[int], None] = lambda _: None) -> str | None:
    """Return the content root of a source; None where a column has no canonical bytes.

    `advance` is called with the rows of every batch, if they have to be read for it.

    Raises:
        InputError: its file changed since it was first read.
    """
    if (root := root_at_hand(source)) is not None:
        if (file := origin_of(source)) is not None:
            file.verify()
        return root
    content = ContentRoot()
    for batch in read_ahead(unchanged(source, source.batches())):
        content.update(batch)
        advance(batch.height)
    return content.root()


def root_at_hand(source: TableSource) -> str | None:
    """Return the content root that a source got when it was first read; None if it has none."""
    root: str | None = getattr(source, "content_root", None)
    return root
