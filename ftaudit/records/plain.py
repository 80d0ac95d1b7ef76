"""Plain text, for continued pre-training or already rendered by a template."""

from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.classification import pick_subject
from ftaudit.records.format import MappedRecords, Parts, all_columns, nothing
from ftaudit.records.record_part import absence, read_part
from ftaudit.records.shape import ColumnKind, TableShape


class PlainText(Struct, frozen=True):
    """Records with one text and nothing to answer: the input is the text, there is no output."""

    id: str = "plain"
    needs: str = "text"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a text by name."""
        text = pick_subject(shape, (ColumnKind.TEXT, ColumnKind.JSON))
        return None if text is None else {"input": text}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the text, unless only what it lacks is wanted."""
        return all_columns(parts, requested & {"input", "text", "problems"})

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read texts."""
        if not requested & {"input", "text", "problems"}:
            return MappedRecords(nothing(raw), nothing(raw), nothing(raw))
        part = read_part(raw, parts["input"])
        problems = absence(raw, part, "input") if "problems" in requested else []
        return MappedRecords(part.text, nothing(raw), part.text, problems=problems)
