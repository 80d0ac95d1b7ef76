"""Cut one JSON array of objects into records, without holding the array in memory."""

from collections.abc import Iterator
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.errors import InputError
from ftaudit.readers.byte_stream import ByteStream
from ftaudit.readers.json_survey import Record

_Positions = npt.NDArray[np.int64]
_ITEMS: Final = msgspec.json.Decoder(list[msgspec.Raw])


def array_records(stream: ByteStream, user_path: str) -> Iterator[tuple[list[Record], _Positions]]:
    """Yield records in order, with the 0-based row of each.

    Raises:
        InputError: the text is not one JSON array.
    """
    cutter, row = _Cutter(user_path), 0
    for records in stream.chunks(cutter.take):
        cutter.row = row = row + len(records)
        yield records, np.arange(row - len(records), row)
    cutter.finish()


class _Cutter(Struct):
    """Takes whole items off the front of the text."""

    user_path: str
    row: int = 0
    state: str = "before"
    """before, first (nothing but `[` yet), item (a comma has been read) or after."""

    def take(self, text: bytes, final: bool) -> tuple[int, list[Record]]:  # noqa: FBT001 - ByteStream's protocol
        start = 0
        if self.state == "before":
            start = self._open(text)
        if self.state in {"before", "after"}:
            self._only_space(text, self.row)
            return len(text), []
        body = text[start:]
        commas, end = separators(body)
        if end is not None:
            return len(text), self._close(body, end)
        if not len(commas):
            if final:
                raise self._broken("ends before its closing bracket")
            return start, []
        cut = int(commas[-1])
        self.state = "item"
        return start + cut + 1, self._items(body[:cut])

    def finish(self) -> None:
        if self.state in {"first", "item"}:
            raise self._broken("ends before its closing bracket")

    def _open(self, text: bytes) -> int:
        bracket = len(text) - len(text.lstrip())
        if bracket == len(text):
            return 0
        if text[bracket : bracket + 1] != b"[":
            raise self._broken("does not begin with a bracket")
        self.state = "first"
        return bracket + 1

    def _close(self, body: bytes, end: int) -> list[Record]:
        items, rest = body[:end], body[end + 1 :]
        empty = self.state == "first" and not items.strip()
        records = [] if empty else self._items(items)
        if body[end : end + 1] != b"]":
            raise self._broken("is malformed", self.row + len(records))
        self.state = "after"
        self._only_space(rest, self.row + len(records))
        return records

    def _only_space(self, rest: bytes, row: int) -> None:
        if rest.strip():
            raise self._broken("goes on after its closing bracket", row)

    def _items(self, body: bytes) -> list[Record]:
        if not body.strip():
            raise self._broken("is malformed")
        try:
            return list(_ITEMS.decode(b"[" + body + b"]"))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise self._broken("is malformed", self.row + _sound(body)) from None

    def _broken(self, problem: str, row: int | None = None) -> InputError:
        place = f"row {self.row if row is None else row}"
        remedy = "Write one array of objects, or one object per line as .jsonl"
        return InputError(self.user_path, f"the JSON array {problem}", place=place, remedy=remedy)


def _sound(body: bytes) -> int:
    """Return how many items at the beginning of a malformed run of items are sound."""
    commas, _ = separators(body)
    start = 0
    for row, end in enumerate([*commas.tolist(), len(body)]):
        try:
            msgspec.json.Decoder(msgspec.Raw).decode(body[start:end])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return row
        start = end + 1
    return len(commas)


def separators(text: bytes) -> tuple[_Positions, int | None]:
    """Return where the commas between items are, and where the array ends if it does.

    `text` begins at an item. Strings are told by the parity of the quotes that no backslash
    escapes; inside an item means deeper than zero brackets.
    """
    data = np.frombuffer(text, np.uint8)
    quotes = _unescaped(data, np.flatnonzero(data == ord('"')))
    opened = np.flatnonzero((data == ord("[")) | (data == ord("{")))
    closed = np.flatnonzero((data == ord("]")) | (data == ord("}")))
    opened, closed = _outside(opened, quotes), _outside(closed, quotes)
    at = np.concatenate([opened, closed])
    order = np.argsort(at, kind="stable")
    step = np.repeat([1, -1], [len(opened), len(closed)])[order]
    at, depth = at[order], np.cumsum(step)
    ends = np.flatnonzero(depth < 0)
    end = int(at[ends[0]]) if len(ends) else None
    commas = _outside(np.flatnonzero(data[:end] == ord(",")), quotes)
    before = np.searchsorted(at, commas)
    return commas[np.concatenate([[0], depth])[before] == 0], end


def _unescaped(data: npt.NDArray[np.uint8], quotes: _Positions) -> _Positions:
    slashes = np.flatnonzero(data == ord("\\"))
    if not len(slashes) or not len(quotes):
        return quotes
    begins = slashes[np.flatnonzero(np.diff(slashes, prepend=-2) != 1)]
    run = np.searchsorted(begins, quotes) - 1
    after = (quotes > 0) & (data[quotes - 1] == ord("\\"))
    length = quotes - begins[np.maximum(run, 0)]
    kept: _Positions = quotes[~(after & (length % 2 == 1))]
    return kept


def _outside(positions: _Positions, quotes: _Positions) -> _Positions:
    kept: _Positions = positions[np.searchsorted(quotes, positions) % 2 == 0]
    return kept
