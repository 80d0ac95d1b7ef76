"""Rows of a table as the JSON that they would be written as."""

from collections.abc import Iterator, Mapping

import msgspec
import polars as pl

from ftaudit.model.parts import HeldPart, PartSizes
from ftaudit.readers.data_source import ROW, TableSource
from ftaudit.readers.raw_lines import LineFrames


def written_rows(source: TableSource, file: int, sizes: PartSizes) -> Iterator[HeldPart]:
    """Yield the rows of a table as batches of `LINES`.

    A field that is null is left out: a table cannot tell a missing key from null.
    """
    frames = LineFrames(source.file.split, file, "table", bom=False)
    for batch in source.batches():
        rows = batch[ROW].to_list()
        texts = [_text(row, source.json_columns) for row in batch.drop(ROW).iter_rows(named=True)]
        frame = frames.frame(texts, rows, [None] * len(rows))
        sizes.take(int(frame.estimated_size()))
        yield HeldPart(frame)


def _text(row: Mapping[str, object], json_columns: frozenset[str]) -> bytes:
    members = {
        name: msgspec.Raw(value.encode())
        if name in json_columns and isinstance(value, str)
        else value
        for name, value in row.items()
        if value is not None
    }
    return msgspec.json.encode(_without_nulls(members), enc_hook=str)


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | pl.Series):
        return [_without_nulls(inner) for inner in value]
    return value
