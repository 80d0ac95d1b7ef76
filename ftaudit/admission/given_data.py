"""The data a training job is going to read, in the roles in which it reads it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION
from ftaudit.model.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from ftaudit.readers.inputs import InputLike
    from ftaudit.readers.paths import DataPath

    Item: TypeAlias = InputLike | Mapping[str, "InputLike"]
    """A file, folder, pattern or address; a table; a dataset, or several by the name of a split."""
    Data: TypeAlias = Item | Sequence[Item]


class GivenFile(Struct, frozen=True, eq=False):
    """A data file, and the role it plays in the job."""

    path: "DataPath"
    role: str

    @property
    def name(self) -> str:
        """The file as the user named it."""
        return self.path.origin.user_path

    def frames(self) -> "Iterator[pl.DataFrame]":
        """Yield its rows, read as the audit reads them.

        Raises:
            InputError: it cannot be read.
        """
        from ftaudit.readers.inputs import open_inputs
        from ftaudit.readers.unchanged import unchanged

        address: str = self.path.origin.address
        (source,) = open_inputs([address]).sources
        return unchanged(source, source.batches())


class GivenTable(Struct, frozen=True, eq=False):
    """Rows in memory, or of a dataset, and the role they play in the job."""

    name: str
    table: "InputLike"
    role: str

    def frames(self) -> "Iterator[pl.DataFrame]":
        """Yield the rows as their user sees them.

        Raises:
            InputError: they cannot be read, or are not what a job would read.
            UsageError: it is neither a path nor a table.
        """
        from ftaudit.readers.hub_dataset import HubRows, is_hub_dataset
        from ftaudit.readers.inputs import open_inputs

        if is_hub_dataset(self.table):
            return HubRows(self.table).frames()
        (source,) = open_inputs([self.table]).sources
        return source.batches()


class GivenData(Struct, frozen=True):
    """All that was handed to the gate."""

    files: tuple[GivenFile, ...] = ()
    tables: tuple[GivenTable, ...] = ()
    left_out: tuple[str, ...] = ()
    """Files of the folders that are not read as data, as the user would name them."""

    @classmethod
    def of(cls, train: "Data", validation: "Data" = (), holdout: "Data" = ()) -> "GivenData":
        """Find every file, and give every file and table its role.

        Files of a folder of training data go by their names, as in an audit; a file that is
        named by itself, or under another role, has the role it is named for.

        Raises:
            InputError: there is no such file, or one file has two roles.
            UsageError: an item is neither a path nor a table.
        """
        from ftaudit.readers.inputs import distinct
        from ftaudit.readers.paths import find, left_out

        roles = {TRAIN: _items(train), VALIDATION: _items(validation), HOLDOUT: _items(holdout)}
        named = [(item, role) for role, items in roles.items() for item in items]
        places = [(item, role) for item, role in named if isinstance(item, str | Path)]
        paths = distinct([path for place, role in places for path in find(place, role)])
        read = {path.identity for path in paths}
        files = tuple(GivenFile(path, path.split) for path in paths)
        tables = tuple(table for item, role in named for table in _tables(item, role))
        unread = [name for place, _ in places for name in left_out(place, read)]
        return cls(files, tables, tuple(dict.fromkeys(unread)))

    def __len__(self) -> int:
        """Return how many files and tables were given."""
        return len(self.files) + len(self.tables)


def _items(data: "Data") -> "list[Item]":
    return list(data) if isinstance(data, list | tuple) else [data]  # type: ignore[list-item] # what is no sequence is one item


def _tables(item: "Item", role: str) -> Iterator[GivenTable]:
    """Yield the tables of an item; a dictionary names the split of each."""
    if isinstance(item, str | Path):
        return
    if isinstance(item, Mapping):
        for split, table in item.items():
            if isinstance(table, str | Path):  # it may be text of a row, so it is not quoted
                raise UsageError(_NO_ROWS)
            yield GivenTable(f"the split {split}", table, _role_of(str(split), role))
        return
    yield GivenTable("table in memory", item, role)


_NO_ROWS: Final = (
    "data is a dictionary of text, where a table or dataset is expected under the name of its "
    "split. Give paths by themselves, and rows as a frame (polars.from_dicts)"
)


def _role_of(split: str, role: str) -> str:
    """Return the role of a split of training data: by its name, else it is trained on."""
    from ftaudit.readers.split_names import split_by_name

    return split_by_name([split]) or TRAIN if role == TRAIN else role
