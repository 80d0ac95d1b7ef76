"""What is counted while the lines of a file are judged: partial counts that add up."""

from collections.abc import Container
from typing import Literal, TypeAlias

from msgspec import Struct, field

from ftaudit.profiles.file_tests import LINES_KEPT, FileSummary
from ftaudit.profiles.line_framing import Framing
from ftaudit.profiles.profile_judge import JudgedLine

LineKind: TypeAlias = Literal["layout", "key"]
"""`layout`: lines of one kind of record. `key`: those with `KEY`, or as `!KEY` those without."""


class FileTally(Struct):
    """Counts of some lines of one file under one profile, and the first lines of every kind."""

    watched: tuple[str, ...] = ()
    """Keys of which is noted what lines have them."""
    records: int = 0
    invalid: int = 0
    """Lines with a violation that makes them invalid."""
    suspicious: int = 0
    """Other lines with a violation that has an effect."""
    noted: dict[tuple[LineKind, str], list[tuple[int | None, int | None]]] = field(
        default_factory=dict
    )
    """Kind and name → row and line of the first `LINES_KEPT` places."""

    def add(
        self, row: int | None, line: int | None, judged: JudgedLine, keys: Container[str] | None
    ) -> None:
        """Count a record, but for its violations.

        Args:
            row: its number in the table; None where nothing is known of rows.
            line: its line; None where the data has no lines.
            judged: what a profile says of it.
            keys: those of the record; None where the line holds none.
        """
        if judged.layout is not None:
            self._note("layout", judged.layout, row, line)
        if keys is not None:
            self.records += 1
            for key in self.watched:
                self._note("key", key if key in keys else f"!{key}", row, line)

    def _note(self, kind: LineKind, name: str, row: int | None, line: int | None) -> None:
        places = self.noted.setdefault((kind, name), [])
        if len(places) < LINES_KEPT:
            places.append((row, line))

    def summary(
        self, name: str, size: int, *, bom: bool, unended: bool, framing: Framing
    ) -> FileSummary:
        """Return what the rules of files look at."""
        return FileSummary(
            name=name,
            size=size,
            bom=bom,
            unended=unended,
            framing=framing,
            records=self.records,
            invalid=self.invalid,
            layouts=self._lines("layout"),
            keys=self._lines("key"),
        )

    def _lines(self, kind: LineKind) -> dict[str, tuple[int, ...]]:
        """Return name → lines of a kind, ascending."""
        return {
            name: tuple(sorted(line for _, line in places if line is not None))
            for (noted, name), places in self.noted.items()
            if noted == kind
        }
