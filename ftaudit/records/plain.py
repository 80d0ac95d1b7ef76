"""Plain text, for continued pre-training or already rendered by a template."""

from dataclasses import dataclass

from ftaudit.records.cells import Raw
from ftaudit.records.classification import TEXTS
from ftaudit.records.format import Mapped, Parts, all_columns, nothing
from ftaudit.records.part import absence, read_part
from ftaudit.records.shape import Kind, Shape


@dataclass(frozen=True)
class Plain:
    """Records with one text and nothing to answer: the input is the text, there is no output."""

    id: str = "plain"
    needs: str = "text"

    def recognise(self, shape: Shape) -> Parts | None:
        """Find a text by name."""
        text = shape.pick("input", TEXTS, (Kind.TEXT, Kind.JSON))
        return None if text is None else {"input": text}

    def columns(self, parts: Parts, wanted: frozenset[str]) -> frozenset[str]:
        """Read the text, unless only what it lacks is wanted."""
        return all_columns(parts, wanted & {"input", "text", "problems"})

    def map(self, raw: Raw, parts: Parts, wanted: frozenset[str]) -> Mapped:
        """Read texts."""
        if not wanted & {"input", "text", "problems"}:
            return Mapped(nothing(raw), nothing(raw), nothing(raw))
        part = read_part(raw, parts["input"])
        problems = absence(raw, part, "input") if "problems" in wanted else []
        return Mapped(part.text, nothing(raw), part.text, problems=problems)
