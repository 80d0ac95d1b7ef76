"""The content root of a whole source."""

from ftaudit.readers.content_root import ContentRoot
from ftaudit.readers.data_source import TableSource
from ftaudit.readers.unchanged import unchanged


def root_of(source: TableSource) -> str | None:
    """Return the content root of a source; None where a column has no canonical bytes.

    Raises:
        InputError: its file changed since it was first read.
    """
    content = ContentRoot()
    for batch in unchanged(source, source.batches()):
        content.update(batch)
    return content.root()
