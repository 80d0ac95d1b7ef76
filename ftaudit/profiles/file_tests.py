"""Tests of a line before it is a record, and of a file as a whole."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct, field
from pydantic import BaseModel, ConfigDict

from ftaudit.profiles.json_line import LineFlaw

FileFraming: TypeAlias = Literal["lines", "array", "objects", "utf-16", "table"]
"""How a file is cut into records: by lines, one array, objects over lines, not at all, as rows."""


class FilePlace(NamedTuple):
    """A place in a file that breaks a rule; line 0 stands for the file as a whole."""

    line: int
    detail: str


class FileSummary(Struct, frozen=True):
    """What is known of a file once every line of it was judged."""

    name: str
    size: int
    """Bytes."""
    bom: bool = False
    unended: bool = False
    """Whether no line break follows the last line."""
    framing: FileFraming = "lines"
    """One object per line; one array; objects that span lines; or no UTF-8 at all."""
    records: int = 0
    """Objects that could be read."""
    invalid: int = 0
    """Lines that a rule of the profile calls invalid, unreadable ones included."""
    layouts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Name of a record layout → its first lines, ascending, at most `LINES_KEPT`."""
    keys: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """`KEY` → lines that have it, `!KEY` → lines that do not, likewise."""


LINES_KEPT: Final = 1_000
"""Lines of one layout, or without one key, that a file's summary remembers."""


class FileTestModel(BaseModel):
    """Settings that all tests of files share: unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LineIs(FileTestModel):
    """A line has none of these flaws."""

    test: Literal["flaw"]
    flaws: tuple[LineFlaw, ...]


class LineObject(FileTestModel):
    """A line holds one object."""

    test: Literal["object"]


class ByteOrderMark(FileTestModel):
    """A file begins with a byte order mark, or does not."""

    test: Literal["bom"]
    present: bool
    """Whether its presence is found, or its absence."""

    def places(self, file: FileSummary) -> Iterator[FilePlace]:
        """Yield line 1."""
        if file.bom == self.present and file.size and file.framing != "table":
            detail = "the file begins with a byte order mark"
            absent = "the file does not begin with a byte order mark"
            yield FilePlace(1, detail if self.present else absent)


class LastLineBreak(FileTestModel):
    """A file of lines ends with a line break."""

    test: Literal["last-line-break"]

    def places(self, file: FileSummary) -> Iterator[FilePlace]:
        """Yield the file."""
        if file.unended and file.framing == "lines":
            yield FilePlace(0, "no line break follows the last line")


class LineFraming(FileTestModel):
    """A file holds one object per line."""

    test: Literal["one-object-per-line"]

    def places(self, file: FileSummary) -> Iterator[FilePlace]:
        """Yield line 1 of every other text file."""
        forms = {"array": "one array", "objects": "objects over several lines"}
        if file.framing in forms:
            yield FilePlace(1, f"the file is {forms[file.framing]}, not one object per line")


class RecordCount(FileTestModel):
    """A file has a number of records within bounds."""

    test: Literal["record-count"]
    at_least: int = 0
    at_most: int | None = None
    counts: Literal["records", "valid"] = "records"
    """Whether invalid records count."""

    def places(self, file: FileSummary) -> Iterator[FilePlace]:
        """Yield the file."""
        count = file.records
        if file.framing in {"array", "objects", "utf-16"} and not count:
            return
        if self.counts == "valid":
            count = max(0, count - file.invalid)
        if count < self.at_least:
            yield FilePlace(0, f"expected at least {self.at_least:,} examples, not {count:,}")
        elif self.at_most is not None and count > self.at_most:
            yield FilePlace(0, f"expected at most {self.at_most:,} examples, not {count:,}")


class FileSize(FileTestModel):
    """A file has at most `at_most` bytes."""

    test: Literal["file-size"]
    at_most: int

    def places(self, file: FileSummary) -> Iterator[FilePlace]:
        """Yield the file."""
        if file.size > self.at_most:
            yield FilePlace(0, f"expected at most {self.at_most:,} bytes, not {file.size:,}")


class FileEnding(FileTestModel):
    """The name of a file ends as one of `endings`, and holds no other characters than it may."""

    test: Literal["file-ending"]
    endings: tuple[str, ...]
    pattern: str = ".*"
    """A regular expression that the whole name matches."""

    def places(self, file: FileSummary) -> Iterator[FilePlace]:
        """Yield the file; a table has to be written as another file first."""
        if file.framing == "table":
            return
        if not file.name.endswith(self.endings):
            yield FilePlace(0, f"expected a name that ends with {' or '.join(self.endings)}")
        elif not re.fullmatch(self.pattern, file.name):
            yield FilePlace(0, "expected a name of letters, digits, _, -, / and . only")


class OneLayout(FileTestModel):
    """All records of a file are of one kind: that of the first."""

    test: Literal["one-layout"]

    def places(self, file: FileSummary) -> Iterator[FilePlace]:
        """Yield the lines of other kinds."""
        ordered = sorted(file.layouts.items(), key=lambda item: item[1][0])
        for name, lines in ordered[1:]:
            for line in lines:
                yield FilePlace(line, f"a record of {name} after records of {ordered[0][0]}")


class KeyOnEveryLine(FileTestModel):
    """A key that one record has, every record has."""

    test: Literal["key-on-every-line"]
    key: str

    def places(self, file: FileSummary) -> Iterator[FilePlace]:
        """Yield the lines without it, where some line has it."""
        if file.keys.get(self.key):
            for line in file.keys.get(f"!{self.key}", ()):
                yield FilePlace(line, f"expected the key {self.key} as on other lines")
