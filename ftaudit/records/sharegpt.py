"""ShareGPT conversations."""

from msgspec import Struct

from ftaudit.records.cell_values import Raw
from ftaudit.records.chat import map_turns, recognise_turns
from ftaudit.records.dialect import CONVERSATIONS, SHAREGPT
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.shape import TableShape


class ShareGPT(Struct, frozen=True):
    """Records with a list of turns `{from, value}`, rendered as chat messages are."""

    id: str = "sharegpt"
    needs: str = "conversations (a list of {from, value})"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find conversations: a list of turns with speakers, or JSON text named so."""
        return recognise_turns(shape, CONVERSATIONS, "from")

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read conversations as ShareGPT writes them."""
        return map_turns(raw, parts, requested, SHAREGPT)
