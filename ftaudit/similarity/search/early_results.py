"""What passes that read all texts leave for searches to come, which then read them no more."""

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.similarity.runtime.hash_store import Hashes


class EarlyResults(Struct, eq=False):
    """What passes that read all texts anyway have counted and gathered for searches to come."""

    questions: pl.DataFrame | None = None
    """Training rows that may ask a holdout question (`permuted_options`); None: not gathered."""
    values: Hashes | None = None
    """Three-word shingles of at least all holdout texts that are looked for, distinct, ascending;
    None: they were not counted."""
    frequency: npt.NDArray[np.int64] | None = None
    """How often each occurs in the training texts."""

    def occurrences(self, values: Hashes) -> npt.NDArray[np.int64] | None:
        """Return how often each value occurs; None where that was not counted."""
        if self.values is None or self.frequency is None:
            return None
        return self.frequency[np.searchsorted(self.values, values)]
