"""Much data is read in few passes, and to the relation that little data comes to in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from ftaudit.model.dataset import Rows
from ftaudit.similarity.build import build
from ftaudit.similarity.labels.suspected_labels import review_labels
from ftaudit.similarity.parameters import Method, SimilarityOptions
from ftaudit.similarity.relation import CLUSTERS
from ftaudit.similarity.search.early_results import EarlyResults
from ftaudit.similarity.text import text_source
from tests.similarity.divided.test_cluster_search import given_away


@dataclass
class CountedPasses:
    """Rows that count how often their inputs have been read to the end."""

    rows: Rows
    passes: int = 0

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        yield from self.rows.batches(columns)
        self.passes += int(columns is not None and "input" in columns)


@pytest.mark.parametrize(
    ("labelled", "method", "passes"), [(True, "minhash", 8), (False, "exact", 5)]
)
def test_texts_that_are_not_kept_are_read_seldom_and_to_the_same_end(
    labelled: bool,
    method: Method,
    passes: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = given_away(labelled=labelled)
    options = SimilarityOptions(method=method, shingles="word3", threshold=0.7)

    def searched(rows: Rows) -> pl.DataFrame:
        found = build(
            rows, data.files, options, label_reader=review_labels, folder=tmp_path, workers=2
        )
        return pl.concat([CLUSTERS.to_frame(), *found.batches()])

    kept, counted = searched(data.rows), CountedPasses(data.rows)
    monkeypatch.setattr(text_source, "KEPT_BYTES", 0)
    assert searched(counted).equals(kept)
    assert counted.passes == passes
    monkeypatch.setattr(text_source, "HELD_BYTES", 0)
    assert searched(data.rows).equals(kept)


def test_what_was_not_counted_is_not_taken_for_absent() -> None:
    assert EarlyResults().occurrences(pl.Series([7], dtype=pl.UInt64).to_numpy()) is None
