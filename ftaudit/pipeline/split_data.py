"""Open data that is to be split, and read what the split is decided by."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit.admission.rules import Rulebook
from ftaudit.model.check import Masking
from ftaudit.model.cores import cores
from ftaudit.model.dataset import TRAIN
from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.options import THRESHOLD, Options
from ftaudit.model.progress import Progress
from ftaudit.model.run_folder import RunFolder
from ftaudit.pipeline.excerpts import policy_maskings
from ftaudit.pipeline.session import Data, NamedData, ReadingOptions, Session, open_session
from ftaudit.readers.data_source import TableSource
from ftaudit.readers.inputs import InputLike, open_inputs
from ftaudit.readers.origin import LocalFile
from ftaudit.readers.partitions import PartitionedSource
from ftaudit.readers.paths import find
from ftaudit.remedies.splitting.placement import NOWHERE
from ftaudit.remedies.splitting.related_rows import related_groups
from ftaudit.remedies.splitting.split_plan import SplitPart, SplitPlan
from ftaudit.remedies.splitting.split_rows import SEVERAL, SplitTask
from ftaudit.remedies.splitting.split_units import Integers, unite_rows
from ftaudit.remedies.splitting.strata import strata_of
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.static_vectors import open_model
from ftaudit.wire.split_record import SPLIT_FILE, read_split

COLUMNS: Final = ("id", "input", "output", "label", "score", "text", "group", "time")
CONTENT: Final = ("input", "output", "label", "text", "group")
"""Columns whose values are the content of a row."""
MULTI_LABEL: Final = "multi-label"


class SplitData(Struct, frozen=True, eq=False):
    """Data that is to be split, opened and read."""

    session: Session
    sources: tuple[TableSource, ...]
    """Of the data; files of an earlier split that are not data are left out."""
    task: SplitTask
    similarity: Mapping[str, object]
    maskings: tuple[Masking, ...]
    """What masks the names of classes."""
    missing_rows: int
    """Rows of an earlier split that the data does not have."""


def open_split_data(
    data: Data,
    options: Options,
    plan: SplitPlan,
    keep: str | Path | None,
    progress: Progress,
) -> SplitData:
    """Open all data as one pool, and join the rows that belong together.

    Args:
        data: what is to be split; its own splits do not matter.
        options: how it is read, and what near-identical is.
        plan: the parts there will be, and the seed of the hashes of contents.
        keep: folder of an earlier split.
        progress: told of every stage.

    Raises:
        InputError: data that is not what it should be, or `keep` is no earlier split.
        UsageError: an option cannot be meant, or the earlier split has other parts.
    """
    rules = Rulebook.load(options.policy)
    policy = rules.policy
    items = _items(data)
    folders = _kept_folders(keep, plan.parts) if keep is not None else {}
    pool = NamedData((*items, *(str(folder) for folder in folders)))
    session = open_session(
        pool,
        ReadingOptions.of(options, policy.columns),
        survey=partial(open_inputs, progress=progress),
    )
    own, earlier = _roles(session.inputs.sources, items, folders)
    rows = _read_rows(session, plan.seed, progress)
    pooled, configuration = _units(
        session, rows, options, options.threshold or policy.threshold or THRESHOLD, progress
    )
    counts = [file.rows for file in session.dataset.files]
    placed_before = np.repeat(earlier, counts)
    task, missing = _task(
        rows,
        pooled,
        np.repeat(own, counts),
        placed_before,
        several=session.dataset.format == MULTI_LABEL,
    )
    sources = tuple(
        source for source, is_own in zip(session.inputs.sources, own, strict=True) if is_own
    )
    masking = policy_maskings(rules.checks, policy.parameters)
    return SplitData(session, sources, task, configuration, masking, missing)


def _items(data: Data) -> tuple[InputLike, ...]:
    if isinstance(data, Mapping):
        return tuple(data.values())
    return tuple(NamedData.of(data).train)


def _kept_folders(keep: str | Path, parts: Sequence[SplitPart]) -> dict[Path, int]:
    """Return the folders of an earlier split, and the part that each is.

    Raises:
        InputError: it is none.
        UsageError: it has a part that this split does not have.
    """
    folder = Path(keep).expanduser()
    record, _ = read_split(folder / SPLIT_FILE)
    names = {part.name: at for at, part in enumerate(parts)}
    folders = {}
    for part in record.parts:
        if part.name not in names:
            has = ", ".join(earlier.name for earlier in record.parts)
            raise UsageError(f"{folder} was split into {has}: ask for the same parts to keep them")
        path = folder / SplitPart(part.name, 0).folder
        if not path.is_dir():
            raise InputError(path, "is missing from the earlier split", remedy="Split it again")
        folders[path] = names[part.name]
    return folders


def _roles(
    sources: Sequence[TableSource], items: Sequence[InputLike], folders: Mapping[Path, int]
) -> tuple[npt.NDArray[np.bool_], Integers]:
    """Return for every file whether it is data, and its part in the earlier split, -1: none."""
    paths = [item for item in items if isinstance(item, str | Path)]
    named = {file.identity for path in paths for file in find(path, TRAIN)}
    roots = {os.path.realpath(folder): part for folder, part in folders.items()}
    own, earlier = [], []
    for source in sources:
        address = local_path(source)
        own.append(address is None or address in named or not folders)
        inside = [p for root, p in roots.items() if address and address.startswith(root + os.sep)]
        earlier.append(inside[0] if inside else NOWHERE)
    return np.array(own), np.array(earlier, np.int64)


def local_path(source: TableSource) -> str | None:
    """Return where a file of this machine really lies; None for others, and for frames."""
    while isinstance(source, PartitionedSource):
        source = source.source
    origin = getattr(source, "origin", None)
    return os.path.realpath(origin.path) if isinstance(origin, LocalFile) else None


class _ReadColumns(Struct, frozen=True, eq=False):
    """What is read of the rows, of all files one after the other."""

    keys: npt.NDArray[np.uint64]
    labels: pl.Series
    groups: pl.Series
    times: pl.Series


def _read_rows(session: Session, seed: int, progress: Progress) -> _ReadColumns:
    dataset = session.dataset
    keys, rest = [np.empty(0, np.uint64)], []
    with progress.stage("reading rows", sum(file.rows for file in dataset.files)) as advance:
        for batch in dataset.rows.batches(list(COLUMNS)):
            keys.append(_content_keys(batch, seed))
            target = pl.coalesce("label", pl.col("score").cast(pl.String))
            rest.append(batch.select(target, "group", "time"))
            advance(batch.height)
    table = pl.concat(rest)
    return _ReadColumns(np.concatenate(keys), *table.get_columns())


def _content_keys(batch: pl.DataFrame, seed: int) -> npt.NDArray[np.uint64]:
    """Return a seeded hash of the content of each row (BLAKE2b, RFC 7693), 8 bytes of it."""
    key = seed.to_bytes(8, "little")
    columns = [pl.col(name).fill_null("\0") for name in CONTENT]
    moment = pl.col("time").cast(pl.Int64).cast(pl.String).fill_null("")
    contents = batch.select(pl.concat_str(*columns, moment, separator="\x1f")).to_series()
    digests = b"".join(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
        for text in contents
    )
    return np.frombuffer(digests, "<u8").astype(np.uint64)


def _units(
    session: Session, rows: _ReadColumns, options: Options, threshold: float, progress: Progress
) -> tuple[Integers, Mapping[str, object]]:
    """Return the unit of every row, and the configuration of the search."""
    from ftaudit.similarity.build import build

    dataset, folder = session.dataset, RunFolder()
    starts = np.concatenate([[0], np.cumsum([file.rows for file in dataset.files])])
    try:
        similar = build(
            dataset.rows,
            dataset.files,
            SimilarityOptions(
                threshold=threshold,
                method=options.method,
                shingles=options.shingles,
                compare=options.compare,
                vectors=open_model(options.vectors) if options.vectors is not None else None,
            ),
            label_reader=None,
            workers=options.workers or cores(),
            memory=options.memory,
            folder=folder.path,
            progress=progress,
            rejected=dataset.rejects,
            has_more=dataset.has_more,
            pooled=True,
        )
        joined = list(related_groups(similar, starts.astype(np.int64)))
    finally:
        folder.cleanup()
    return unite_rows(len(rows.keys), [*joined, *_equal_values(rows)]), similar.configuration


def _equal_values(rows: _ReadColumns) -> Iterator[tuple[Integers, Integers]]:
    """Yield rows of equal group."""
    held = np.flatnonzero(rows.groups.is_not_null().to_numpy())
    groups = rows.groups.gather(held).rank("dense")
    yield held, groups.to_numpy().astype(np.int64)


def _task(
    rows: _ReadColumns,
    pooled: Integers,
    own: npt.NDArray[np.bool_],
    earlier: Integers,
    *,
    several: bool,
) -> tuple[SplitTask, int]:
    """Return the rows of the data alone, with what the earlier split says of them."""
    units, of_own = np.unique(pooled[own], return_inverse=True)
    old = np.flatnonzero(earlier != NOWHERE)
    placed = earlier[own]
    anchors = np.full(int(pooled.max(initial=-1)) + 1, NOWHERE, np.int64)
    missing = 0
    if len(old):
        contents, first = np.unique(rows.keys[old], return_index=True)
        places = np.minimum(np.searchsorted(contents, rows.keys[own]), len(contents) - 1)
        same = contents[places] == rows.keys[own]
        placed = np.where((placed == NOWHERE) & same, earlier[old][first[places]], placed)
        missing = int((~np.isin(rows.keys[old], rows.keys[own])).sum())
        _anchor(anchors, pooled[old], earlier[old])
    labels, times = rows.labels.filter(pl.Series(own)), rows.times.filter(pl.Series(own))
    task = SplitTask(
        units=of_own.astype(np.int64),
        keys=rows.keys[own],
        strata=strata_of(labels, several=several),
        times=times.cast(pl.Int64).fill_null(0).to_numpy(),
        dated=times.is_not_null().to_numpy(),
        placed=placed,
        anchors=anchors[units],
    )
    return task, missing


def _anchor(anchors: Integers, units: Integers, parts: Integers) -> None:
    """Note in which part the earlier rows of each unit stand."""
    least, most = np.full(len(anchors), np.iinfo(np.int64).max), anchors.copy()
    np.minimum.at(least, units, parts)
    np.maximum.at(most, units, parts)
    placed = most != NOWHERE
    anchors[placed] = np.where(least[placed] == most[placed], most[placed], SEVERAL)
