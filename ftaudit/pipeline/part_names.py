"""Names of the files of a split: those of the data, unless they would name another part."""

import re
from collections.abc import Container
from typing import Final
from urllib.parse import quote

from ftaudit.readers.data_source import TableSource
from ftaudit.readers.frame import FrameSource
from ftaudit.readers.partitions import PartitionedSource
from ftaudit.readers.split_names import split_by_name

_SHARD: Final = re.compile(r"(-\d{4,6})-of-\d{4,6}")
"""Shards of which a part may have no row: their names must not say how many there are."""
_SPLIT_KEYS: Final = ("split", "subset", "fold")
"""Folders such as `split=test`, which name a part themselves."""


def part_path(source: TableSource, folder: str, taken: "set[str]") -> str:
    """Return where the rows of a file go, below the folder of the split; note it in `taken`.

    `train/tickets.csv`, but `train/tickets_test-train.csv`: scans go by the word in the name of a
    file before that of its folder.
    """
    below = [folder, *_partitions(source)]
    name = source.file.name.rpartition("/")[2]
    name = _SHARD.sub(r"\1", f"{name}.parquet" if _is_frame(source) else name)
    if split_by_name((name,)) not in {None, split_by_name((folder, "rows"))}:
        stem, dot, ending = name.partition(".")
        name = f"{stem}-{folder}{dot}{ending}"
        if split_by_name((name,)) not in {None, split_by_name((folder, "rows"))}:
            name = f"of-{stem}-{folder}-rows{dot}{ending}"  # folds: no word at either end
    path = _free("/".join([*below, name]), taken)
    taken.add(path)
    return path


def _is_frame(source: TableSource) -> bool:
    return isinstance(source, FrameSource)


def _partitions(source: TableSource) -> list[str]:
    values = source.values if isinstance(source, PartitionedSource) else {}
    return [
        f"{name}={'__HIVE_DEFAULT_PARTITION__' if value is None else quote(value, safe='')}"
        for name, value in values.items()
        if name.lower() not in _SPLIT_KEYS
    ]


def _free(path: str, taken: Container[str]) -> str:
    """Return a path that no other file has: with a number before its endings."""
    before, slash, name = path.rpartition("/")
    stem, dot, ending = name.partition(".")
    number, free = 1, path
    while free in taken:
        number += 1
        free = f"{before}{slash}rows{number}-{stem}{dot}{ending}"
    return free
