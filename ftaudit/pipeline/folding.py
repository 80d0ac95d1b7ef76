"""Fold every check over its relation: all of a scan's work on rows."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.engines.base import Engine, RelationSource, SimilarRows
from ftaudit.engines.folds import Fold
from ftaudit.engines.spool import Spool
from ftaudit.model.attempt import BrokenCall, attempt
from ftaudit.model.check import Check, Context, Relation, Result, Skip
from ftaudit.model.dataset import LINES, ROWS, Dataset
from ftaudit.model.parts import HeldPart, Part, PartSizes, pieces
from ftaudit.readers.panic_text import without_panic_text
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.relation import CLUSTERS, HeedsLimits, Similar

DIVIDED: Final = (Relation.ROWS, Relation.LINES)
"""Relations whose parts other processes may map."""

Contexts = Mapping[str, Context]
"""Check id → what the check is told."""


class PreparedChecks(Struct, frozen=True):
    """The checks of a scan with their parameters, and why others do not apply."""

    checks: Mapping[str, Check]
    skipped: Mapping[str, Skip]


class FoldedChecks(Struct, frozen=True, eq=False):
    """How every check ended, in the order of their ids, and what they found."""

    results: tuple[Result, ...]
    spools: tuple[Spool, ...]
    similar: Similar | None


class CheckLoader(Struct, frozen=True):
    """Prepares checks, which loads what they use. Can be pickled, for processes beside this one."""

    checks: Mapping[str, type[Check]]
    contexts: Contexts

    def __call__(self) -> None:
        """Prepare every check and drop it."""
        for id_, check in self.checks.items():
            check.prepare(self.contexts[id_])


def prepare_checks(checks: Mapping[str, type[Check]], contexts: Contexts) -> PreparedChecks:
    """Let every check take its parameters, or say why it does not apply.

    Raises:
        UsageError: a parameter is unknown or has a wrong value.
        InputError: a file that a check needs is not what it should be.
    """
    prepared = {id_: check.prepare(contexts[id_]) for id_, check in checks.items()}
    return PreparedChecks(
        {id_: check for id_, check in prepared.items() if not isinstance(check, Skip)},
        {id_: check for id_, check in prepared.items() if isinstance(check, Skip)},
    )


def fold_checks(
    prepared: PreparedChecks,
    dataset: Dataset,
    similarity: SimilarityOptions,
    engine: Engine,
    folder: Path,
) -> FoldedChecks:
    """Fold every check and let it judge its totals; one that breaks ends `Failed`.

    Args:
        prepared: the checks.
        dataset: what they are folded over.
        similarity: what decides the `similar` relation.
        engine: where the work is done.
        folder: the run folder, where findings are spooled.
    """
    spooled = folder / "findings"
    spooled.mkdir(exist_ok=True)
    folds = {
        id_: Fold(check, Spool(spooled, id_, check.rules))
        for id_, check in sorted(prepared.checks.items())
    }
    of_relation = {
        relation: [fold for fold in folds.values() if fold.check.relation is relation]
        for relation in Relation
    }
    # totals may be as large as the data: where that is much, none are held while similar rows are
    # searched; where it is little, checks of rows may be made beside that search
    waiting = [
        (of_relation[relation], engine.conclude(of_relation[relation], source))
        for relation, source in (
            (Relation.ROWS, rows_of(dataset)),
            (Relation.TABLE, table_of(dataset)),
            (Relation.LINES, lines_of(dataset)),
        )
        if of_relation[relation]
    ]
    similar = _fold_similar(of_relation[Relation.SIMILAR], dataset, similarity, engine)
    results = {
        fold.check.id: result
        for folded, concluded in waiting
        for fold, result in zip(folded, concluded(), strict=True)
    }
    return FoldedChecks(
        results=tuple(results[i] if i in results else folds[i].result() for i in folds),
        spools=tuple(fold.spool for fold in folds.values()),
        similar=similar,
    )


def rows_of(dataset: Dataset) -> RelationSource:
    """Return the canonical rows of a dataset as a relation to fold over."""

    def parts(sizes: PartSizes) -> Iterator[Part]:
        # an empty batch comes first: a fold over nothing still has totals
        return chain([HeldPart(ROWS.to_frame())], dataset.rows.parts(sizes))

    return RelationSource(parts, dataset.memory, _rows(dataset), "checking rows", divisible=True)


def table_of(dataset: Dataset) -> RelationSource:
    """Return the user's own columns as a relation to fold over."""

    def parts(sizes: PartSizes) -> Iterator[Part]:
        return (_PiecedPart(part) for part in dataset.tables.parts(sizes))

    rows = _rows(dataset)
    return RelationSource(
        parts, dataset.memory, rows, "checking columns", divisible=True, shared=False
    )


class _PiecedPart(Struct, frozen=True, eq=False):
    """A part that is mapped piece by piece."""

    part: Part

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield its pieces."""
        return (piece for frame in self.part.frames() for piece in pieces(frame))


def lines_of(dataset: Dataset) -> RelationSource:
    """Return the records of a dataset as they are written, as a relation to fold over."""

    def parts(sizes: PartSizes) -> Iterator[Part]:
        lines = dataset.lines.line_parts(sizes) if dataset.lines else ()
        return chain([HeldPart(LINES.to_frame())], lines)

    return RelationSource(parts, dataset.memory, _rows(dataset), "checking lines", divisible=True)


def clusters_of(similar: Similar) -> RelationSource:
    """Return the clusters of near-identical rows as a relation to fold over."""

    def parts(_: PartSizes) -> Iterator[Part]:
        batches = chain([CLUSTERS.to_frame()], similar.batches())
        return (HeldPart(piece) for batch in batches for piece in pieces(batch))

    return RelationSource(parts)


def _fold_similar(
    folds: Sequence[Fold], dataset: Dataset, similarity: SimilarityOptions, engine: Engine
) -> Similar | None:
    """Compute the relation once and fold over it; where that breaks, all its checks are broken."""
    if not folds:
        return None
    with without_panic_text():
        similar = attempt(engine.similar, dataset, similarity)
    if isinstance(similar, SimilarRows) and not similar.with_text:
        similar = BrokenCall("no row has text to compare")  # nothing compared is not a pass
    if isinstance(similar, BrokenCall):
        for fold in folds:
            fold.broken = similar
        return None
    for fold in folds:
        if isinstance(fold.check, HeedsLimits):
            fold.check = fold.check.limited(similar.relation.limits)
    engine.fold(folds, clusters_of(similar.relation))
    for fold in folds:
        fold.seen.clear()
        fold.seen.update(similar.seen)
    return similar.relation


def _rows(dataset: Dataset) -> int:
    return sum(file.rows for file in dataset.files)
