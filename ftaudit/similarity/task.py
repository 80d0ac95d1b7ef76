"""What every stage of one build needs to know."""

from dataclasses import dataclass
from pathlib import Path

from ftaudit.model.progress import Progress
from ftaudit.similarity.options import SimilarityOptions
from ftaudit.similarity.profile import Profile
from ftaudit.similarity.source import Source
from ftaudit.similarity.store import Store
from ftaudit.similarity.workers import Workers


@dataclass(frozen=True, eq=False)
class Task:
    """One build."""

    source: Source
    options: SimilarityOptions
    profile: Profile
    workers: Workers
    progress: Progress
    folder: Path
    """For spill files."""
    memory: int
    """Bytes that growing arrays may take before they spill."""

    @property
    def rows(self) -> int:
        """How many rows there are, of all splits."""
        return self.source.numbering.rows

    def store(self, name: str) -> Store:
        """Return room for shingle hashes."""
        return Store(self.folder, self.memory // 4, name)
