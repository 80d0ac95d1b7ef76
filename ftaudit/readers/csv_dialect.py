"""How a csv or tsv file is written, as far as the user says; and what else it looks like."""

import codecs
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import force_setattr

from ftaudit.model.errors import InputError, UsageError

_DELIMITERS: Final = (";", "\t", "|", ",")
_NAMES: Final = {"\t": "a tab", ";": ";", "|": "|", ",": ","}
_TYPED: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
NO_HEADER: Final = "Read it with --no-header, or write the names of the columns into line 1"
_LINES: Final = 50
"""Lines that are looked at."""
_SHORTEST: Final = 3
"""Characters from which a cell that comes again is no accident."""
_WORDS: Final = 5
"""Words of a cell of the header from which it is a sentence, beside which short classes count."""
_FEW: Final = 3
"""Times that a cell of the header must come again in its column to be a class."""


class CsvDialect(Struct, frozen=True):
    """What the user says of text files; the default is RFC 4180 in UTF-8 with a header."""

    delimiter: str | None = None
    """One character; by default a comma in csv and a tab in tsv files."""
    header: bool = True
    encoding: str | None = None
    """A name that Python knows; by default UTF-8."""
    keep_going: bool = False
    """Whether records that cannot be read are left out, of JSON files too; else they end it all."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: the delimiter is not one character, or the encoding is unknown.
        """
        if self.delimiter is not None:
            delimiter = _TYPED.get(self.delimiter, self.delimiter)
            if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
                raise UsageError(f"--delimiter {self.delimiter}: give one character, or tab")
            force_setattr(self, "delimiter", delimiter)
        if self.encoding is not None:
            try:
                name = codecs.lookup(self.encoding).name
            except LookupError:
                msg = f"--encoding {self.encoding}: unknown; such as cp1252, latin-1, utf-16"
                raise UsageError(msg) from None
            force_setattr(self, "encoding", None if name == "utf-8" else name)

    def separator(self, format_: str) -> str:
        """Return the delimiter of files of a format."""
        return self.delimiter or {"csv": ",", "tsv": "\t"}[format_]


def refuse_other_dialect(user_path: str, head: bytes, dialect: CsvDialect, separator: str) -> None:
    """Refuse a file that looks as if it were written in another way than it would be read.

    Args:
        user_path: the file, as the user named it.
        head: the beginning of its text.
        dialect: what the user says of it.
        separator: the delimiter it would be read with.

    Raises:
        InputError: names what it looks like, and the option that reads it so.
    """
    if b"\r" in head and b"\n" not in head:
        problem = "its lines end in CR alone, where LF or CR LF was expected"
        remedy = "Convert it: tr '\\r' '\\n' < IN.csv > OUT.csv"
        raise InputError(user_path, problem, remedy=remedy)
    lines = head.decode(errors="replace").splitlines()[:_LINES]
    if not lines:
        return
    if lines[0].lower().startswith("sep=") and dialect.delimiter is None:
        problem = f"begins with {lines[0][:5]}, a line that Excel writes and that is no header"
        remedy = f"Remove that line, and give --delimiter '{lines[0][4:5]}'"
        raise InputError(user_path, problem, place="line 1", remedy=remedy)
    if dialect.delimiter is None and (other := _other_delimiter(lines, separator)) is not None:
        problem = (
            f"the separator looks like {_NAMES[other]}, where {_NAMES[separator]} was expected"
        )
        remedy = f"Read it with --delimiter '{'tab' if other == chr(9) else other}'"
        raise InputError(user_path, problem, place="line 1", remedy=remedy)


def refuse_missing_header(
    user_path: str, header: Sequence[str | None], rows: Sequence[Sequence[str | None]]
) -> None:
    """Refuse a file whose first line looks like a record.

    Raises:
        InputError: one of its cells comes again in its column.
    """
    sentence = any(len((name or "").split()) >= _WORDS for name in header)
    again = any(
        sum(row[i] == name for row in rows if i < len(row)) >= (1 if len(rows) < _LINES else _FEW)
        for i, name in enumerate(header)
        if name and (len(name) >= _SHORTEST or (sentence and len(rows) >= _FEW))
    )
    if again:
        problem = "reads like a record, not like the header: a cell comes again in its column"
        raise InputError(user_path, problem, place="line 1", remedy=NO_HEADER)


def _other_delimiter(lines: Sequence[str], separator: str) -> str | None:
    """Return the delimiter that cuts every line in as many fields, where the expected cuts none."""
    if separator in lines[0]:
        return None
    for delimiter in _DELIMITERS:
        count = lines[0].count(delimiter)
        alike = sum(line.count(delimiter) == count for line in lines)
        if delimiter != separator and count and alike * 10 >= 9 * len(lines):
            return delimiter
    return None
