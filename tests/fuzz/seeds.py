"""Small sound files of every kind that is read, for mutations to begin with."""

import gzip
import io
import json
from collections.abc import Mapping
from typing import Any

import polars as pl
import zstandard

ROWS = [
    {
        "text": f"please cancel order {i} of my plan",
        "label": "ab"[i % 2],
        "n": i,
        "tags": ["x", "y"],
    }
    for i in range(40)
]


def seeds() -> Mapping[str, bytes]:
    """Return file name → bytes."""
    table = pl.DataFrame(ROWS)
    flat = table.drop("tags")
    csv = flat.write_csv().encode()
    lines = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    return {
        "plain.parquet": _parquet(table, compression="uncompressed"),
        "zstd.parquet": _parquet(table, compression="zstd", row_group_size=16),
        "snappy.parquet": _parquet(flat, compression="snappy"),
        "dictionary.parquet": _pyarrow_parquet(table),
        "file.arrow": _arrow(table, stream=False),
        "stream.arrows": _arrow(table, stream=True),
        "lz4.feather": _arrow(table, stream=False, compression="lz4"),
        "zstd.ipc": _arrow(table, stream=False, compression="zstd"),
        "views.arrow": _polars_arrow(table),
        "dictionary.arrow": _dictionary_arrow(),
        "plain.csv": csv,
        "plain.tsv": flat.write_csv(separator="\t").encode(),
        "plain.jsonl": lines,
        "plain.json": json.dumps(ROWS, indent=1).encode(),
        "packed.csv.gz": gzip.compress(csv, mtime=0),
        "packed.jsonl.zst": zstandard.compress(lines),
    }


def _parquet(table: pl.DataFrame, **options: Any) -> bytes:  # noqa: ANN401 - those of polars
    sink = io.BytesIO()
    table.write_parquet(sink, **options)
    return sink.getvalue()


def _pyarrow_parquet(table: pl.DataFrame) -> bytes:
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(table.to_arrow(), sink, use_dictionary=True, data_page_version="2.0")
    return sink.getvalue()


def _arrow(table: pl.DataFrame, *, stream: bool, compression: str | None = None) -> bytes:
    import pyarrow as pa

    sink = io.BytesIO()
    whole = pa.table({name: table[name].to_list() for name in table.columns})
    options = pa.ipc.IpcWriteOptions(compression=compression)
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(sink, whole.schema, options=options) as out:
        out.write_table(whole, max_chunksize=16)
    return sink.getvalue()


def _polars_arrow(table: pl.DataFrame) -> bytes:
    sink = io.BytesIO()
    table.write_ipc(sink)
    return sink.getvalue()


def _dictionary_arrow() -> bytes:
    import pyarrow as pa

    text = pa.array([str(row["text"]) for row in ROWS]).dictionary_encode()
    label = pa.array([str(row["label"]) for row in ROWS]).dictionary_encode()
    whole = pa.table({"text": text, "label": label})
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, whole.schema) as out:
        out.write_table(whole, max_chunksize=16)
    return sink.getvalue()
