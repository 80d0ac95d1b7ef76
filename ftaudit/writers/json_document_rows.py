"""Write a .json file that is one object which holds the records, or several over several lines."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.model.errors import InputError
from ftaudit.profiles.json_edits import MemberSpan, member_spans
from ftaudit.readers.byte_stream import BLOCK, ByteStream
from ftaudit.readers.json_source import JsonSource
from ftaudit.writers.cell_edits import CellEdits, FieldEdits
from ftaudit.writers.field_path import by_column
from ftaudit.writers.json_items import items_of
from ftaudit.writers.json_lines import edited_bytes
from ftaudit.writers.json_orients import write_by_key, write_split
from ftaudit.writers.row_pieces import RowPieces
from ftaudit.writers.text_sink import TextSink

_VIEWER: Final = frozenset({"row_idx", "row"})
"""Keys of an item that holds its record one level deeper."""


def write_json_document(
    source: JsonSource, kept: npt.NDArray[np.bool_], edits: CellEdits, path: Path
) -> None:
    """Write the records that are kept. See `row_writer.write_rows`.

    Raises:
        InputError: the records are in no place that is known.
    """
    origin, compression = source.origin, source.compression
    with ByteStream(origin, compression) as stream:
        text = b"".join(iter(lambda: stream.read(BLOCK), b"")).decode()
    data = text.encode()
    records = (
        write_split(data, kept, edits)
        or _one_object(text, kept, edits)
        or _columns(text, kept, edits)
        or _several(text, kept, edits)
        or write_by_key(data, kept, edits)
    )
    if records is None:
        problem = "is one JSON object of a layout that cannot be written without some of its rows"
        remedy = "Write one JSON object per line, as .jsonl: `jq -c '.[]' FILE > FILE.jsonl`"
        raise InputError(origin.user_path, problem, remedy=remedy)
    with TextSink(path, origin, compression) as sink:
        sink.write(records)


def _one_object(text: str, kept: npt.NDArray[np.bool_], edits: CellEdits) -> bytes | None:
    """Return the text of an object without some items of the one list that holds its records."""
    try:
        members = json.loads(text, strict=False)
    except ValueError:
        return None
    lists = [
        name
        for name, items in members.items()
        if isinstance(items, list) and len(items) == len(kept) and isinstance(items[0], dict)
    ]
    if len(lists) != 1:
        return None
    span: MemberSpan = member_spans(text)[lists[0]]
    viewed = all(isinstance(i, dict) and i.keys() >= _VIEWER for i in members[lists[0]])
    items, after = items_of(text[span.value + 1 : span.end].encode())
    pieces = RowPieces(kept, edits, _edited_row if viewed else edited_bytes)
    stayed = b",".join(item for item in pieces.stay(items) if item)
    return text[: span.value + 1].encode() + stayed + after + text[span.end :].encode()


def _edited_row(item: bytes, edits: FieldEdits) -> bytes:
    return edited_bytes(item, {f"row.{path}": inner for path, inner in edits.items()})


def _columns(text: str, kept: npt.NDArray[np.bool_], edits: CellEdits) -> bytes | None:
    """Return the text of an object of lists, one for each column, without some items of each."""
    try:
        members = json.loads(text, strict=False)
    except ValueError:
        return None
    if not all(isinstance(items, list) and len(items) == len(kept) for items in members.values()):
        return None
    names, spans = list(members), member_spans(text)
    cells: dict[tuple[int, int], FieldEdits] = {
        (row, column): inner
        for row, of_row in edits.between(0, len(kept)).items()
        for column, inner in by_column(of_row, names).items()
    }
    for column in sorted(range(len(names)), key=lambda n: spans[names[n]].value, reverse=True):
        span = spans[names[column]]
        items, after = items_of(text[span.value + 1 : span.end].encode())
        new = [
            _edited_item(item, cells[row, column]) if (row, column) in cells else item
            for row, item in enumerate(items)
            if kept[row]
        ]
        text = text[: span.value + 1] + (b",".join(new) + after).decode() + text[span.end :]
    return text.encode()


def _edited_item(item: bytes, edits: FieldEdits) -> bytes:
    """Return an item of a column with its value edited, and the space around it."""
    inner = {
        f"[0]{'' if path[:1] in {'', '['} else '.'}{path}": spans for path, spans in edits.items()
    }
    return edited_bytes(b"[" + item + b"]", inner)[1:-1]


def _several(text: str, kept: npt.NDArray[np.bool_], edits: CellEdits) -> bytes | None:
    """Return the text of objects that follow one another without some of them."""
    ends = _ends(text, json.JSONDecoder(strict=False).raw_decode)
    if ends is None or len(ends) != len(kept):
        return None
    begins = [0, *ends[:-1]]
    texts = [text[begin:end].encode() for begin, end in zip(begins, ends, strict=True)]
    pieces = RowPieces(kept, edits, edited_bytes)
    return b"".join(pieces.stay(texts)) + text[ends[-1] :].encode()


def _ends(text: str, decode: Callable[[str, int], tuple[object, int]]) -> list[int] | None:
    ends: list[int] = []
    at = 0
    try:
        while at < len(text):
            if text[at].isspace() or text[at] == ",":
                at += 1
                continue
            _, at = decode(text, at)
            ends.append(at)
    except (ValueError, RecursionError):
        return None
    return ends
