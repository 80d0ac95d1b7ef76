"""What every stage of one search needs: texts, parameters, threads, room to spill."""

from pathlib import Path

from msgspec import Struct

from ftaudit.model.progress import Progress
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.runtime.hash_store import HashStore
from ftaudit.similarity.runtime.threads import Threads
from ftaudit.similarity.search.early_results import EarlyResults
from ftaudit.similarity.text.text_profile import TextProfile
from ftaudit.similarity.text.text_source import Boilerplate, TextSource


class SearchTask(Struct, frozen=True, eq=False):
    """One search for near-identical texts."""

    source: TextSource
    options: SimilarityOptions
    profile: TextProfile
    workers: Threads
    progress: Progress
    folder: Path
    """For spill files."""
    memory: int
    """Bytes that growing arrays may take before they spill."""
    early: EarlyResults | None = None
    """Filled by passes that read all texts; None: nobody will ask for them."""
    rejected: bool = False
    """Whether rows have rejected answers, which are searched beside outputs."""
    has_more: bool = False
    """Whether whole records have more text than input, output and rejected answers."""
    focused: bool = False
    """Whether some rows have a `focus`: the question about what they share."""

    @property
    def rows(self) -> int:
        """Rows of all splits together."""
        return self.source.numbering.rows

    def beside(self, column: str, boilerplate: Boilerplate | None = None) -> TextSource:
        """Return another column of the same rows, as texts to search in.

        `boilerplate`: what to leave out of it, or to mark in it, before it is prepared.
        """
        source = self.source
        return TextSource(
            source.rows, source.numbering, column, boilerplate, elsewhere=source.elsewhere
        )

    def store(self, name: str) -> HashStore:
        """Return an empty store of hashes, which spills beyond a quarter of the memory."""
        return HashStore(self.folder, self.memory // 4, name)
