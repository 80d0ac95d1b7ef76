"""Odd files of every kind but csv: other libraries read the same rows, or we refuse the file."""

import gzip
import io
import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.json
import pyarrow.parquet as pq
import pytest
import zstandard

from ftaudit.model.errors import InputError
from ftaudit.readers.inputs import open_inputs

A, C = b'{"text":"a","label":"x"}\n', b'{"text":"c","label":"y"}\n'
ARRAY = b"[" + A[:-1] + b",\n" + C[:-1] + b"]"
HEAD, FIRST, SECOND = b"text,label\n", b"a,x\n", b"c,y\n"
TABLE = pa.table({"text": ["a", "c"], "label": ["x", "y"]})
SKIPPED = b"\x50\x2a\x4d\x18\2\0\0\0ab"
"""A frame of zstd that decoders pass over."""

JSONL: Final = {
    "blank lines": A + b"\n  \n" + C,
    "CR LF": A.replace(b"\n", b"\r\n") + C,
    "carriage returns for line ends": A.replace(b"\n", b"\r") + C,
    "a byte order mark": b"\xef\xbb\xbf" + A + C,
    "two on a line": A[:-1] + C,
    "a comma behind a row": A[:-1] + b",\n" + C,
    "a line of NULs": A + b"\0\0\n" + C,
    "NULs behind the end": A + C + b"\0" * 600,
    "an escaped NUL": A + b'{"text":"c\\u0000d","label":"y"}\n',
    "a NUL in a text": A + b'{"text":"c\0d","label":"y"}\n',
    "a control character in a text": A + b'{"text":"c\x01d","label":"y"}\n',
    "a key twice": A + b'{"text":"c","text":"d","label":"y"}\n',
    "a key twice, once escaped": A + b'{"text":"c","te\\u0078t":"d","label":"y"}\n',
    "a key too few": A + b'{"text":"c"}\n',
    "a key too many": A + b'{"text":"c","label":"y","z":1}\n',
    "keys in another order": A + b'{"label":"y","text":"c"}\n',
    "null": A + b'{"text":null,"label":"y"}\n',
    "a row that is null": A + b"null\n" + C,
    "a row without keys": A + b"{}\n" + C,
    "a row that is a list": A + b'["c","y"]\n',
    "junk behind the end": A + C + b"junk",
    "half a row": A + C[:9],
    "a comment": A + b"//x\n" + C,
    "NaN": A + b'{"text":NaN,"label":"y"}\n',
    "half of a surrogate pair": A + b'{"text":"\\ud83d","label":"x"}\n',
    "a line separator": A + '{"text":"a\u2028b","label":"x"}\n'.encode(),
    "a next line": A + '{"text":"a\u0085b","label":"x"}\n'.encode(),
    "Latin-1": A + b'{"text":"caf\xe9","label":"x"}\n',
    "a vertical tab": A + b"\x0b\n" + C,
    "control Z": A + b"\x1a\n" + C,
    "record separators": b"\x1e" + A + b"\x1e" + C,
    "an array": ARRAY,
    "UTF-16": (A + C).decode().encode("utf-16"),
}
JSON: Final = {
    "two arrays": ARRAY + ARRAY,
    "junk behind the end": ARRAY + b"x",
    "a NUL behind the end": ARRAY + b"\0",
    "a comma behind the last row": ARRAY[:-1] + b",]",
    "lines": A + C,
    "a list in a list": b"[" + ARRAY + b"]",
}
PACKED: Final = {
    "two members.gz": gzip.compress(HEAD + FIRST, mtime=0) + gzip.compress(SECOND, mtime=0),
    "a header in each member.gz": gzip.compress(HEAD + FIRST) + gzip.compress(HEAD + SECOND),
    "junk behind the end.gz": gzip.compress(HEAD + FIRST) + b"junk",
    "NULs behind the end.gz": gzip.compress(HEAD + FIRST) + b"\0" * 10,
    "a member behind NULs.gz": gzip.compress(HEAD + FIRST) + b"\0" * 10 + gzip.compress(SECOND),
    "half a member.gz": gzip.compress(HEAD + FIRST) + gzip.compress(SECOND)[:5],
    "a false checksum.gz": gzip.compress(HEAD + FIRST)[:-8] + b"\0" * 8,
    "an empty member first.gz": gzip.compress(b"") + gzip.compress(HEAD + FIRST),
    "packed twice.gz": gzip.compress(gzip.compress(HEAD + FIRST)),
    "not packed.gz": HEAD + FIRST,
    "two frames.zst": zstandard.compress(HEAD + FIRST) + zstandard.compress(SECOND),
    "a frame to skip.zst": zstandard.compress(HEAD + FIRST) + SKIPPED + zstandard.compress(SECOND),
    "junk behind the end.zst": zstandard.compress(HEAD + FIRST) + b"junk",
    "NULs behind the end.zst": zstandard.compress(HEAD + FIRST) + b"\0" * 4,
    "half a frame.zst": zstandard.compress(HEAD + FIRST + SECOND)[:-3],
    "an empty frame first.zst": zstandard.compress(b"") + zstandard.compress(HEAD + FIRST),
}


def parquet(table: pa.Table = TABLE, **options: Any) -> bytes:  # noqa: ANN401 - those of pyarrow
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def arrow(table: pa.Table = TABLE, *, stream: bool = False, rows: int | None = None) -> bytes:
    sink = io.BytesIO()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(sink, table.schema) as out:
        out.write_table(table, max_chunksize=rows)
    return sink.getvalue()


TWICE = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
BROKEN = pa.Array.from_buffers(
    pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")]
)
PARQUET: Final = {
    "two files": parquet() * 2,
    "other rows before it": parquet(TABLE.slice(0, 1)) + parquet(),
    "junk before it": b"junk" + parquet(),
    "junk behind it": parquet() + b"junk",
    "groups of a row": parquet(row_group_size=1),
    "a name twice": parquet(TWICE),
    "no UTF-8": parquet(pa.table({"text": BROKEN})),
    "bytes": parquet(pa.table({"text": [b"a", b"\xff"]})),
    "lists of records": parquet(pa.table({"text": ["a"], "m": [[{"r": "u"}]]})),
    "pages of version 2": parquet(data_page_version="2.0"),
    "a magic of encryption": b"PARE" + parquet()[4:-4] + b"PARE",
}
ARROW: Final = {
    "a stream": arrow(stream=True),
    "a stream of batches": arrow(stream=True, rows=1),
    "a stream without an end": arrow(stream=True)[:-8],
    "two streams": arrow(stream=True) * 2,
    "a file behind a stream": arrow(stream=True) + arrow(),
    "a stream behind a file": arrow() + arrow(stream=True),
    "NULs behind a stream": arrow(stream=True) + b"\0" * 8,
    "NULs before a stream": b"\0" * 8 + arrow(stream=True),
    "half a file": arrow()[:-6],
    "a name twice": arrow(TWICE),
    "views": arrow(pa.table({"text": pa.array(["a"], pa.string_view())})),
    "runs": arrow(
        pa.table({"text": pa.RunEndEncodedArray.from_arrays(pa.array([2], pa.int32()), ["a"])})
    ),
}

Rows = list[dict[str, Any]]
Reader = Callable[[Path], Any]


def _datasets(kind: str) -> Reader:
    def read(path: Path) -> Rows:
        import datasets

        datasets.disable_progress_bars()
        cache = str(path.parent / "cache")
        return list(getattr(datasets.Dataset, f"from_{kind}")(str(path), cache_dir=cache))

    return read


def _ipc(path: Path) -> Rows:
    data = path.read_bytes()
    opener = pa.ipc.open_file if data[:6] == b"ARROW1" else pa.ipc.open_stream
    rows: Rows = opener(pa.py_buffer(data)).read_all().to_pylist()
    return rows


def _polars_ipc(path: Path) -> pl.DataFrame:
    is_file = path.read_bytes()[:6] == b"ARROW1"
    return pl.read_ipc(path) if is_file else pl.read_ipc_stream(path)


READERS: Final[Mapping[str, Mapping[str, Reader]]] = {
    "d.jsonl": {
        "polars": pl.read_ndjson,
        "pandas": lambda p: pd.read_json(p, lines=True, dtype=False, convert_dates=False),
        "pyarrow": pa.json.read_json,
        "datasets": _datasets("json"),
    },
    "d.json": {
        "polars": pl.read_json,
        "pandas": lambda p: pd.read_json(p, dtype=False, convert_dates=False),
        "datasets": _datasets("json"),
    },
    "d.csv": {
        "polars": pl.read_csv,
        "pandas": pd.read_csv,
        "pyarrow": pa.csv.read_csv,
        "datasets": _datasets("csv"),
    },
    "d.parquet": {
        "polars": pl.read_parquet,
        "pandas": pd.read_parquet,
        "pyarrow": pq.read_table,
        "datasets": _datasets("parquet"),
    },
    "d.arrow": {"polars": _polars_ipc, "pyarrow": _ipc},
}


def _records(table: Any) -> Rows:  # noqa: ANN401 - a frame, a table or rows
    if isinstance(table, pd.DataFrame):
        table = table.to_dict("records")
    elif isinstance(table, pl.DataFrame):
        table = table.to_dicts()
    elif isinstance(table, pa.Table):
        table = table.to_pylist()
    return [_plain(row) for row in table]


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    """Return a value as all libraries write it: what is missing is null."""
    if isinstance(value, dict):
        return {key: _plain(cell) for key, cell in value.items()}
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        return [_plain(cell) for cell in value]
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else value


def cases() -> Iterator[Any]:
    kinds = {"d.jsonl": JSONL, "d.json": JSON, "d.parquet": PARQUET, "d.arrow": ARROW}
    for name, files in kinds.items():
        for title, data in files.items():
            yield pytest.param(name, data, id=f"{name[2:]}: {title}")
    for title, data in PACKED.items():
        yield pytest.param(f"d.csv.{title.rpartition('.')[2]}", data, id=title)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "data"), list(cases()))
def test_others_read_the_same_rows_or_the_file_is_refused(
    tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    try:
        inputs = open_inputs([path])
        ours = [row for frame in inputs.tables() for row in _records(frame[:, 3:])]
    except InputError:
        return
    for reader in READERS[".".join(name.split(".")[:2])].values():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = _records(reader(path))
        except Exception:  # noqa: BLE001, S112 - who refuses the file trains on no row of it
            continue
        assert theirs == ours
