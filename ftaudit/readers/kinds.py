"""Which kinds of file are read, told by their extension."""

from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from ftaudit.model.errors import InputError, suggestion

EXTENSIONS: Final = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
COMPRESSIONS: Final = {".gz": "gzip", ".zst": "zstd"}
COMPRESSIBLE: Final = frozenset({"jsonl", "json", "csv", "tsv"})
REMOTE: Final = frozenset(
    {
        *("s3", "gs", "gcs", "az", "azure", "abfs", "abfss", "hdfs", "viewfs"),
        *("hf", "http", "https"),
    }
)
"""Schemes of addresses that are read from a store."""


class FileKind(Struct, frozen=True):
    """How a file is to be read."""

    format: str
    """A value of `EXTENSIONS`."""
    compression: str | None = None
    """A value of `COMPRESSIONS`, or None."""


def is_remote(name: str) -> bool:
    """Say whether `given` is the address of a file in a store."""
    scheme, separator, _ = name.partition("://")
    return bool(separator) and scheme.lower() in REMOTE


def known_kind(name: str) -> FileKind | None:
    """Return the kind of a file from its name or address, or None when it is none of ours."""
    path = urlsplit(name).path if is_remote(name) else name
    suffixes = [s.lower() for s in PurePosixPath(path.replace("\\", "/")).suffixes]
    compression = COMPRESSIONS.get(suffixes[-1]) if suffixes else None
    rest = suffixes[:-1] if compression else suffixes
    format_ = EXTENSIONS.get(rest[-1]) if rest else None
    if format_ is None or (compression and format_ not in COMPRESSIBLE):
        return None
    return FileKind(format_, compression)


_EXCEL: Final = (
    "is an Excel workbook, which is not read",
    "Save the sheet as csv (UTF-8), or write it with pandas.read_excel(...).to_parquet(...)",
)
_SQLITE: Final = (
    "is a SQLite database, which is not read",
    "Run sqlite3 -header -csv IN.db 'select * from TABLE' > OUT.csv",
)
_ARCHIVE: Final = ("is an archive, which is not unpacked", "Unpack it, and name the files in it")
_PACKED: Final = ("is compressed in a way that is not read", "Decompress it, or use .gz or .zst")
_OBJECTS: Final = (
    "holds Python objects, which are not loaded: loading them runs code",
    "Write the rows as parquet or JSON Lines where they were made",
)
_DOCUMENT: Final = (
    "is a document, not a table of records",
    'Write its texts as JSON Lines, such as {"text": "…"} on each line',
)
_CONVERTED: Final = {
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), _EXCEL),
    **dict.fromkeys((".db", ".sqlite", ".sqlite3"), _SQLITE),
    **dict.fromkeys((".zip", ".tar", ".tgz", ".7z", ".rar"), _ARCHIVE),
    **dict.fromkeys((".bz2", ".xz", ".lz4", ".br", ".snappy", ".z"), _PACKED),
    **dict.fromkeys((".pkl", ".pickle", ".joblib", ".pt", ".pth", ".npy", ".npz"), _OBJECTS),
    **dict.fromkeys((".txt", ".md", ".text", ".html", ".htm", ".docx", ".pdf"), _DOCUMENT),
    ".duckdb": (
        "is a DuckDB database, which is not read",
        "Run duckdb IN.duckdb \"copy TABLE to 'OUT.parquet'\"",
    ),
    ".avro": (
        "is an Avro file, which is not read",
        "Write it with polars.read_avro(...).write_parquet(...)",
    ),
    ".orc": (
        "is an ORC file, which is not read",
        "Write it with pandas.read_orc(...).to_parquet(...)",
    ),
    **dict.fromkeys(
        (".yaml", ".yml", ".toml", ".xml"),
        ("is no table of records", "Write its records as JSON Lines"),
    ),
    **dict.fromkeys(
        (".h5", ".hdf5", ".hdf", ".tfrecord", ".tfrecords", ".lance", ".rds", ".dta", ".sav"),
        ("is of a kind that is not read", "Write its records as parquet or JSON Lines"),
    ),
}
"""Extensions of files that one command turns into what is read."""


def kind_of(name: str) -> FileKind:
    """Return the kind of a file the user named.

    Raises:
        InputError: its extension is not one that is read.
    """
    if kind := known_kind(name):
        return kind
    path = urlsplit(name).path if is_remote(name) else name
    suffix = PurePosixPath(path.replace("\\", "/")).suffix.lower()
    if suffix in _CONVERTED:
        problem, remedy = _CONVERTED[suffix]
        raise InputError(name, problem, remedy=remedy)
    if path.lower().endswith(".tar.gz") or path.lower().endswith(".tar.zst"):
        raise InputError(name, _ARCHIVE[0], remedy=_ARCHIVE[1])
    problem = f"the extension {suffix} is not one that is read" if suffix else "has no extension"
    if suffix in COMPRESSIONS:
        problem = f"{suffix} is read only after one of .jsonl, .json, .csv, .tsv"
    hint = suggestion(suffix, EXTENSIONS) if suffix and suffix not in COMPRESSIONS else ""
    extensions = ", ".join(EXTENSIONS)
    remedy = f"Known are {extensions}, and .gz or .zst after a text format"
    raise InputError(name, problem + hint, remedy=remedy)
