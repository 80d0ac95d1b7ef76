"""What people decided about rows, as long as the rows are what they were."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
from msgspec import Struct, field

from ftaudit.model.dataset import Dataset
from ftaudit.model.errors import InputError
from ftaudit.remedies.change_record import ChangeRecord
from ftaudit.remedies.changes import RowChoices
from ftaudit.remedies.decisions import (
    DROP,
    KEEP,
    Decision,
    read_decisions,
    row_digest,
    stale_decision,
)


class DecidedRows(Struct, frozen=True):
    """What people decided about rows of the input, and how often they did not."""

    made: Mapping[tuple[int, int], Decision] = field(default_factory=dict)
    """By number of the file and of the row."""
    undecided: int = 0
    """Rows that were shown to people, and about which they said nothing."""

    @classmethod
    def read(cls, path: str | Path | None, dataset: Dataset) -> "DecidedRows":
        """Read what people decided about the rows of a dataset; nothing without a file.

        Raises:
            InputError: a decision about a row that is gone, or has changed since.
        """
        if path is None:
            return cls()
        decisions = read_decisions(path)
        _refuse_stale(path, decisions, dataset)
        ordinals = {file.name: number for number, file in enumerate(dataset.files)}
        made = {(ordinals[d.file], d.row): d for d in decisions if d.choice}
        return cls(made, sum(not d.choice for d in decisions))

    def now(self, ordinals: Sequence[int], record: ChangeRecord) -> RowChoices:
        """Return the decisions about rows that are left, by their ids as the data is now."""
        places = {number: now for now, number in enumerate(ordinals)}
        keep, drop, labels = set[int](), dict[int, str](), dict[int, tuple[str, str]]()
        for (number, row), decision in self.made.items():
            if number not in places or not record.kept[number][row]:
                continue
            id_ = places[number] << 40 | int(record.kept[number][:row].sum())
            match decision.choice:
                case choice if choice == KEEP:
                    keep.add(id_)
                case choice if choice == DROP:
                    drop[id_] = decision.kind
                case label:
                    labels[id_] = (decision.kind, label)
        return RowChoices(frozenset(keep), drop, labels)


def _refuse_stale(path: str | Path, decisions: Sequence[Decision], dataset: Dataset) -> None:
    """Hold the rows that were decided about to their digests.

    Raises:
        InputError: a row is gone, or has changed since.
    """
    ordinals = {file.name: number for number, file in enumerate(dataset.files)}
    places = pl.DataFrame(
        [(ordinals[d.file], d.row) for d in decisions if d.file in ordinals],
        schema={"file": pl.UInt32, "row": pl.UInt64},
        orient="row",
    ).unique()
    names = [file.name for file in dataset.files]
    digests: dict[tuple[str, int], str] = {}
    for batch in dataset.rows.batches(["file", "row", "fields"]):
        rows = batch.join(places, on=["file", "row"], how="semi")
        for file, row, fields in rows.select("file", "row", "fields").iter_rows():
            digests[names[file], row] = row_digest(fields)
    stale = stale_decision(decisions, digests)
    if stale is not None:
        place = f"line {stale.line}"
        problem = f"decides about row {stale.row} of {stale.file}, which is not what it was"
        raise InputError(path, problem, place=place, remedy="Write it again with `ftaudit review`")
