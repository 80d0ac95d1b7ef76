"""Datasets of the Hugging Face library: the rows that their user sees, not the table below them.

`filter`, `select` and `shuffle` leave the table of a dataset as it is and put a list of indices
before it; the table is therefore never what a job reads.
Source: https://huggingface.co/docs/datasets/about_arrow and `Dataset._indices`.
"""

import gc
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol, TypeGuard, runtime_checkable

import polars as pl
from msgspec import Struct

from ftaudit.model.errors import InputError, UsageError

_ROWS: Final = 10_000
"""Rows read at a time."""

_SHOWN: Final = "dataset"


@runtime_checkable
class HubDataset(Protocol):
    """A `datasets.Dataset` or `datasets.IterableDataset`."""

    def with_format(self, type: str, **columns: Any) -> "HubDataset":  # noqa: A002, ANN401 - the library's own signature
        """Return the same rows, handed out in another type."""

    def iter(self, batch_size: int) -> Iterator[Any]:
        """Yield the rows in batches."""


def is_hub_dataset(data: object) -> TypeGuard[HubDataset]:
    """Return whether `data` is one dataset, not a dictionary of several."""
    return isinstance(data, HubDataset) and not isinstance(data, Mapping)


def refuse_iterable(data: object) -> None:
    """Refuse a dataset that can only be read once, from its beginning.

    Raises:
        UsageError: `data` is a `datasets.IterableDataset`.
    """
    if is_hub_dataset(data) and not hasattr(data, "num_rows"):
        msg = "an IterableDataset can be read once only, and a scan reads rows several times"
        raise UsageError(f"{msg}; give a Dataset (Dataset.from_generator), or its files")


class HubRows(Struct, frozen=True, eq=False):
    """The rows of a dataset, with everything that was selected from it and no more."""

    dataset: HubDataset

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the rows in their order.

        Raises:
            InputError: a transform or a class of the user's computes the rows as they are read, or
                they cannot be read.
        """
        if _is_derived(type(self.dataset)):
            problem = "is of a class of its own, which may compute its rows while they are read"
            remedy = "Give a Dataset of the library itself"
            raise InputError(_SHOWN, problem, remedy=remedy)
        form = getattr(self.dataset, "format", None) or {}
        if form.get("type") == "custom":
            problem = "computes its rows by a transform while they are read"
            remedy = "Give the dataset as it is before with_transform or set_transform"
            raise InputError(_SHOWN, problem, remedy=remedy)
        columns = {"columns": form["columns"]} if form.get("columns") else {}
        try:
            for table in self.dataset.with_format("arrow", **columns).iter(batch_size=_ROWS):
                yield pl.DataFrame(table)
        except (pl.exceptions.PolarsError, TypeError, ValueError, OSError) as error:
            problem = f"its rows cannot be read ({type(error).__name__})"
            raise InputError(_SHOWN, problem, remedy="Read it yourself to see why") from None

    @property
    def class_names(self) -> dict[str, tuple[str, ...]]:
        """Column → names of its classes, of every `ClassLabel` feature."""
        features = getattr(self.dataset, "features", None) or {}
        inner = {name: getattr(f, "feature", f) for name, f in features.items()}
        named = {name: getattr(f, "names", None) for name, f in inner.items()}
        return {
            str(name): tuple(map(str, names))
            for name, names in named.items()
            if isinstance(names, list | tuple)
        }

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the rows out as a stream that can be read once."""
        frames = list(self.frames())
        if not frames:
            raise InputError(_SHOWN, "has no data rows", remedy="Give a dataset with data")
        return pl.concat(frames, how="vertical_relaxed").__arrow_c_stream__(requested_schema)


def _is_derived(kind: type) -> bool:
    """Return whether a class was derived from one of the library's elsewhere."""
    own, *above = [f"{parent.__module__}.".startswith("datasets.") for parent in kind.__mro__]
    return any(above) and not own


def refuse_selected_table(table: object) -> None:
    """Refuse the table of a dataset from which rows were selected: it holds the others too.

    Only a dataset that still lives can be recognised; a copy of its table cannot.

    Raises:
        UsageError: `table` is the table below such a dataset.
    """
    if not type(table).__module__.startswith("pyarrow"):
        return
    metadata = getattr(getattr(table, "schema", None), "metadata", None)
    if not metadata or b"huggingface" not in metadata:
        return
    for other in gc.get_objects():
        # isinstance would import nothing, but runs the properties of whatever is alive
        if str(type(other).__module__).startswith("datasets.") and _selects_from(other, table):
            msg = "a table from which a dataset selects rows, and which holds the others too"
            raise UsageError(f"{msg}; give the dataset itself")


def _selects_from(dataset: object, table: object) -> bool:
    attributes = getattr(dataset, "__dict__", {})
    below = getattr(attributes.get("_data"), "table", None)
    return below is table and attributes.get("_indices") is not None
