"""The holdout that both models answered: its rows by id, with what the right answer is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.evaluation.formats.plain_results import as_text, ids
from ftaudit.model.dataset import DataFile
from ftaudit.model.errors import InputError, UsageError, suggestion
from ftaudit.readers.inputs import Inputs, open_inputs
from ftaudit.records.detect import recognise
from ftaudit.records.rows import CanonicalRows

POSITION: Final = "position"
COLUMNS: Final = ("key", "input", "output", "label")


class HoldoutRequest(Struct, frozen=True):
    """What a user says about the holdout."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Canonical column (input, output, label) → the user's column."""
    format: str | None = None
    id: str = ""
    """Column that holds the ids; empty: a column of a common name, else the row number."""
    reference: str = ""
    """Column that holds the right answers; empty: the label, else the output."""
    cluster: str = ""
    """Column whose equal values belong together, such as a customer."""
    slices: tuple[str, ...] = ()
    """Columns whose values are judged each on its own."""


class EvaluationHoldout(Struct, frozen=True, eq=False):
    """The rows of a holdout, in the order of its files."""

    files: tuple[DataFile, ...]
    format: str
    columns: Mapping[str, str]
    """Canonical column → the user's column."""
    frame: pl.DataFrame
    """`position` (UInt32, over all files), `id`, `input`, `reference` (strings), then `cluster`
    and `slice:NAME` where they were asked for."""
    labelled: bool
    """Whether the references are the labels of a classification."""
    id_column: str
    """Empty when rows are known by their number."""
    canonical: CanonicalRows

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.frame.height

    @property
    def labels(self) -> tuple[str, ...]:
        """The distinct references of a classification, sorted; none otherwise."""
        if not self.labelled:
            return ()
        return tuple(self.frame["reference"].drop_nulls().unique().sort())

    def first_row(self, name: str) -> int:
        """Return the position of a file's first row."""
        start = 0
        for file in self.files:
            if file.name == name:
                return start
            start += file.rows
        return start


def open_holdout(paths: Sequence[str | Path], request: HoldoutRequest) -> EvaluationHoldout:
    """Read a holdout.

    Raises:
        InputError: unreadable, in no known record format, or with an id that stands twice.
        UsageError: a column does not exist.
    """
    inputs = open_inputs(list(paths))
    _columns_exist(inputs, request)
    recognised = recognise(
        inputs.schema,
        inputs.json_columns,
        files=[file.name for file in inputs.files],
        format_=request.format,
        overrides=request.columns,
    )
    canonical = CanonicalRows(inputs, recognised)
    rows = pl.concat(canonical.batches(COLUMNS))
    own = _own_columns(inputs, request)
    labelled = "label" in recognised.columns and not request.reference
    reference = rows["label"] if labelled else rows["output"]
    if request.reference:
        reference = as_text(own[request.reference])
    keyed = bool(request.id) or "key" in recognised.columns
    identity = ids(own[request.id]) if request.id else rows["key"]
    frame = pl.DataFrame(
        {
            POSITION: pl.int_range(rows.height, dtype=pl.UInt32, eager=True),
            "id": identity if keyed else pl.int_range(rows.height, eager=True).cast(pl.String),
            "input": rows["input"],
            "reference": reference,
            **({"cluster": as_text(own[request.cluster])} if request.cluster else {}),
            **{f"slice:{name}": as_text(own[name]) for name in request.slices},
        }
    )
    id_column = (request.id or recognised.columns["key"]) if keyed else ""
    _ids_are_unique(frame, inputs.files, id_column)
    columns = dict(recognised.columns)
    return EvaluationHoldout(
        inputs.files, recognised.format, columns, frame, labelled, id_column, canonical
    )


def _columns_exist(inputs: Inputs, request: HoldoutRequest) -> None:
    chosen = (request.id, request.reference, request.cluster, *request.slices)
    for name in filter(None, chosen):
        if name not in inputs.schema:
            hint = suggestion(name, inputs.schema)
            raise UsageError(f"the holdout has no column {name}{hint}")


def _own_columns(inputs: Inputs, request: HoldoutRequest) -> pl.DataFrame:
    """Return the user's own columns that were asked for."""
    chosen = (request.id, request.reference, request.cluster, *request.slices)
    names = list(dict.fromkeys(filter(None, chosen)))
    return pl.concat(inputs.tables(names)).select(names) if names else pl.DataFrame()


def _ids_are_unique(frame: pl.DataFrame, files: Sequence[DataFile], column: str) -> None:
    """Refuse a holdout whose rows cannot be told apart by their ids."""
    name = ", ".join(file.name for file in files)
    if missing := frame["id"].null_count():
        problem = f"{missing:,} rows have no id in the column {column}"
        raise InputError(name, problem, remedy="Give every row an id, or name another --id-column")
    twice = frame.filter(pl.col("id").is_duplicated())
    if twice.height:
        rows = twice.filter(pl.col("id") == twice["id"][0])[POSITION].to_list()
        problem = f"an id of the column {column} stands twice (rows {rows[0]} and {rows[1]})"
        raise InputError(name, problem, remedy="Give every row an id of its own")
