"""Find where the records of a block of csv begin and end, and how many fields each has.

A block whose quotes all stand where RFC 4180 puts them is scanned with numpy; any other block
field by field, with the same result.
"""

import re
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

_SURROGATE: Final = re.compile("[\\udc80-\\udcff]")
"""What `surrogateescape` makes of bytes that are not UTF-8."""

Positions = npt.NDArray[np.int64]
Cells = list[str | None]

_QUOTE, _LF, _CR = ord('"'), ord("\n"), ord("\r")
TRAILING: Final = -1
"""The field count given to a record whose quoted cell goes on after its closing quote."""
RETURN: Final = -2
"""The field count given to a record with a carriage return in a cell that is not quoted, which some
readers take for the end of a line."""


OTHER_BYTES: Final = -3
"""The field count given to a record that holds bytes which are not UTF-8."""


OPEN_QUOTE: Final = -4
"""The field count given to a record whose quoted cell is never closed."""


class Block(Struct, frozen=True):
    """Whole records. Blank lines are not among them."""

    text: bytes
    lines: int
    """Line ends in `text`, also those inside quotes."""
    starts: Positions
    """Line, counted from 0, on which each record begins."""
    fields: Positions
    """How many fields each record has, or `TRAILING`."""
    blank: npt.NDArray[np.bool_] | None
    """For each line outside quotes whether it is a record (False) or blank; None if not known."""
    cells: list[Cells] | None = None
    """The fields themselves, where the block is not regular."""

    def head(self, separator: str) -> Cells:
        """Return the fields of the first record."""
        if self.cells is not None:
            return self.cells[0]
        lines = int(self.starts[1]) if len(self.starts) > 1 else self.lines
        first = b"\n".join([*self.text.split(b"\n", lines)[:lines], b""])
        _, block = scan_slowly(first, separator)
        return block.cells[0] if block and block.cells else []


def without_other_bytes(block: Block, separator: str) -> Block:
    """Return a block in which records that are not UTF-8 have the field count `OTHER_BYTES`."""
    try:
        block.text.decode()
    except UnicodeDecodeError:
        slow = scan_slowly(block.text, separator)[1] or block
        fields = slow.fields.copy()
        for place, cells in enumerate(slow.cells or []):
            if any(cell and _SURROGATE.search(cell) for cell in cells):
                fields[place] = OTHER_BYTES
        return replace(slow, fields=fields)
    return block


def scan(text: bytes, separator: str, *, final: bool) -> tuple[int, Block | None]:
    """Scan the whole records at the beginning of `text`; return the bytes used and the block.

    `final` says that nothing follows. Then what is left over is an unclosed quoted cell.
    """
    whole = text + b"\n" if final and not text.endswith(b"\n") else text
    used, block = _scan_regular(whole, ord(separator))
    if block is None and used:
        used, block = scan_slowly(whole, separator)
    return min(used, len(text)), block


def _scan_regular(text: bytes, separator: int) -> tuple[int, Block | None]:
    """Scan with numpy. Returns (used > 0, None) where it cannot, (0, None) to get more."""
    data = np.frombuffer(text, np.uint8)
    quotes, ends = np.flatnonzero(data == _QUOTE), np.flatnonzero(data == _LF)
    outer = _outside(ends, quotes)
    cut = int(outer[-1]) + 1 if len(outer) else 0
    regular = _regular(data, quotes[quotes < cut] if cut else quotes, cut, separator)
    if not regular:
        return len(text), None
    if not cut:
        return 0, None
    text, ends = text[:cut], ends[: np.searchsorted(ends, cut)]
    commas = _outside(np.flatnonzero(data[:cut] == separator), quotes)
    begins = np.concatenate([[0], outer[:-1] + 1])
    fields = np.diff(np.searchsorted(commas, outer), prepend=0) + 1
    length = outer - begins
    blank = (length == 0) | ((length == 1) & (data[begins] == _CR))
    starts = np.searchsorted(ends, begins)
    return cut, Block(text, len(ends), starts[~blank], fields[~blank], blank)


def _regular(data: npt.NDArray[np.uint8], quotes: Positions, cut: int, separator: int) -> bool:
    """Say whether quotes only open and close cells, and CR only stands before LF."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[opening[opening > 0] - 1]
    after = data[closing[closing < len(data) - 1] + 1]
    at_edges = np.isin(before, [separator, _LF, _QUOTE]).all()
    at_edges &= np.isin(after, [separator, _LF, _CR, _QUOTE]).all()
    returns = _outside(np.flatnonzero(data[:cut] == _CR), quotes)
    return bool(at_edges and (data[returns + 1] == _LF).all())


def _outside(positions: Positions, quotes: Positions) -> Positions:
    if not len(quotes):
        return positions
    kept: Positions = positions[np.searchsorted(quotes, positions) % 2 == 0]
    return kept


def scan_slowly(text: bytes, separator: str) -> tuple[int, Block | None]:
    """Scan field by field. A quote inside an unquoted cell is a quote, as in Python's csv."""
    reader = _Fields(text.decode(errors="surrogateescape"), separator)
    cells, starts, fields, line = [], [], [], 0
    while (record := reader.record()) is not None:
        if record.cells:
            cells.append(record.cells)
            starts.append(line)
            fields.append(record.fault or len(record.cells))
        line += record.lines
    used = len(reader.text[: reader.at].encode(errors="surrogateescape"))
    if not used:
        return 0, None
    block = Block(text[:used], line, np.array(starts, int), np.array(fields, int), None, cells)
    return used, block


def open_quote(text: bytes, separator: str) -> tuple[int, Block]:
    """Return the lines of a text up to that in which a quoted cell opens and is never closed.

    They are one record, of the field count `OPEN_QUOTE`; what follows may be read again.

    Returns:
        The line on which the cell opens, counted from 0, and the record.
    """
    reader = _Fields(text.decode(errors="surrogateescape"), separator)
    before = reader.text[: reader.opening()]
    rest = reader.text[len(before) :]
    end = rest.find("\n") + 1 or len(rest)
    own = (before + rest[:end]).encode(errors="surrogateescape")
    record: list[Cells] = [[None]]
    starts, fields = np.array([0]), np.array([OPEN_QUOTE])
    block = Block(own, own.count(b"\n"), starts, fields, None, record)
    return before.count("\n"), block


class _ScannedRecord(Struct, frozen=True):
    cells: Cells
    lines: int
    fault: int
    """`TRAILING`, `RETURN`, or 0 where the record is sound."""


class _Fields:
    """Reads records off a text, one by one."""

    def __init__(self, text: str, separator: str) -> None:
        self.text, self.at = text, 0
        self._end = re.compile(f"[{separator}\n]")

    def record(self) -> _ScannedRecord | None:
        """Return the next whole record (no cells: a blank line), or None."""
        cells: Cells = []
        fault, at = 0, self.at
        while True:
            parsed = self._quoted(at) if self.text[at : at + 1] == '"' else self._plain(at)
            if parsed is None:
                return None
            cell, end, cell_fault = parsed
            fault = fault or cell_fault
            cells.append(cell)
            at = end + 1
            if self.text[end] == "\n":
                break
        whole, self.at = self.text[self.at : at], at
        return _ScannedRecord([] if whole in ("\n", "\r\n") else cells, whole.count("\n"), fault)

    def opening(self) -> int:
        """Return where the quoted cell begins that the text ends within."""
        at = self.at
        while self.text[at : at + 1] != '"' or self._quoted(at) is not None:
            parsed = self._quoted(at) if self.text[at : at + 1] == '"' else self._plain(at)
            if parsed is None:
                return at
            at = parsed[1] + 1
        return at

    def _plain(self, at: int) -> tuple[str | None, int, int] | None:
        delimiter = self._end.search(self.text, at)
        if not delimiter:
            return None
        cell = self.text[at : delimiter.start()]
        cell = cell.removesuffix("\r") if delimiter[0] == "\n" else cell
        return cell or None, delimiter.start(), RETURN if "\r" in cell else 0

    def _quoted(self, at: int) -> tuple[str | None, int, int] | None:
        close = self.text.find('"', at + 1)
        while close >= 0 and self.text[close + 1 : close + 2] == '"':
            close = self.text.find('"', close + 2)
        delimiter = self._end.search(self.text, close + 1) if close >= 0 else None
        if not delimiter:
            return None
        rest = self.text[close + 1 : delimiter.start()]
        trailing = bool(rest) and not (rest == "\r" and delimiter[0] == "\n")
        cell = self.text[at + 1 : close].replace('""', '"')
        return cell, delimiter.start(), TRAILING if trailing else 0
