"""How many rows have no training row like them, compared with the same share of the holdout.

The share alone means nothing: more than half of a holdout can be novel.
"""

import tempfile
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION
from ftaudit.model.errors import UsageError
from ftaudit.model.statistics.interval import upper_tail
from ftaudit.readers.inputs import open_inputs
from ftaudit.records.detect import recognise
from ftaudit.records.rows import CanonicalRows
from ftaudit.similarity import relation_tables
from ftaudit.similarity.parameters import SimilarityOptions

THRESHOLD = 0.5
"""Jaccard similarity from which a training row is like a new one."""


class Novelty(Struct, frozen=True):
    """Rows without a training row like them."""

    novel: int
    rows: int
    reference_novel: int
    """The same of the holdout."""
    reference_rows: int

    @property
    def share(self) -> float:
        """Novel share of the new rows."""
        return self.novel / self.rows

    @property
    def excess(self) -> float:
        """The share less that of the holdout."""
        return self.share - self.reference_novel / self.reference_rows

    @property
    def p_value(self) -> float:
        """Two-sided, of the two-proportion z test with pooled variance."""
        pooled = (self.novel + self.reference_novel) / (self.rows + self.reference_rows)
        variance = pooled * (1 - pooled) * (1 / self.rows + 1 / self.reference_rows)
        return 1.0 if variance == 0 else min(1.0, 2 * upper_tail(abs(self.excess) / sqrt(variance)))


def measure_novelty(
    training: Sequence[str | Path],
    holdout: Sequence[str | Path],
    new: Sequence[str | Path],
    *,
    threshold: float = THRESHOLD,
    workers: int = 1,
) -> Novelty:
    """Compare the novel share of new rows with that of the holdout.

    Raises:
        InputError: data that is not what it should be.
        UsageError: there is no holdout to compare with.
    """
    from ftaudit.similarity.build import build

    if not holdout:
        raise UsageError("novelty needs the holdout too: the share alone means nothing")
    inputs = open_inputs(list(training), validation=list(holdout), holdout=list(new))
    recognised = recognise(inputs.schema, inputs.json_columns, files=[f.name for f in inputs.files])
    with tempfile.TemporaryDirectory() as folder:
        relation = build(
            CanonicalRows(inputs, recognised),
            inputs.files,
            SimilarityOptions(threshold=threshold),
            label_reader=None,
            workers=workers,
            folder=Path(folder),
            rewordings=False,
        )
        near = [batch.filter(pl.col("kind") == "near") for batch in relation.batches()]
    familiar = pl.concat([_familiar(clusters) for clusters in near]) if near else _NOTHING
    known_rows = dict(familiar.group_by("split").len().iter_rows())
    rows = {s: sum(f.rows for f in inputs.files if f.split == s) for s in (HOLDOUT, VALIDATION)}
    return Novelty(
        novel=rows[HOLDOUT] - known_rows.get(HOLDOUT, 0),
        rows=rows[HOLDOUT],
        reference_novel=rows[VALIDATION] - known_rows.get(VALIDATION, 0),
        reference_rows=rows[VALIDATION],
    )


def novelty_by_indexes(
    training: Path, holdout: Path, new: Sequence[str | Path], *, workers: int = 1
) -> Novelty:
    """Compare novel shares without the old texts; similarities are estimated by signatures.

    Args:
        training: the index of the training data (`ftaudit index`).
        holdout: the index of the holdout.
        new: data that is read.
        workers: threads.

    Raises:
        InputError: an index or data that is not what it should be.
        UsageError: the indexes were made in different ways.
    """
    from ftaudit.similarity.index.index_matching import entries_alike
    from ftaudit.similarity.index.signature_index import make_index, read_index

    trained, held_out = read_index(training), read_index(holdout)
    ways = {(i.header.shingles, i.header.compare, i.header.seed) for i in (trained, held_out)}
    if len(ways) > 1:
        raise UsageError("the two indexes were made in different ways: make both with one command")
    header = trained.header
    inputs = open_inputs(list(new))
    recognised = recognise(inputs.schema, inputs.json_columns, files=[f.name for f in inputs.files])
    options = SimilarityOptions(shingles=header.shingles, compare=header.compare, seed=header.seed)
    rows = CanonicalRows(inputs, recognised)
    entries = make_index(rows, inputs.files, options, secret=not header.runs, workers=workers)
    return Novelty(
        novel=entries.total - entries_alike(entries, trained, THRESHOLD),
        rows=entries.total,
        reference_novel=held_out.total - entries_alike(held_out, trained, THRESHOLD),
        reference_rows=held_out.total,
    )


_NOTHING = pl.DataFrame(schema={"split": pl.String})


def _familiar(clusters: pl.DataFrame) -> pl.DataFrame:
    """Return the split of every row outside training that is linked to a training row."""
    members = relation_tables.members(clusters).select("cluster", "node", "id", "split")
    training = members.filter(pl.col("split") == TRAIN).select("cluster", other="node").unique()
    linked = relation_tables.links(clusters).join(training, on=["cluster", "other"])
    others = members.filter(pl.col("split") != TRAIN)
    return others.join(linked.select("cluster", "node").unique(), on=["cluster", "node"]).select(
        "split"
    )
