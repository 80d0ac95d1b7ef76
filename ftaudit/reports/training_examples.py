"""Records as a trainer sees them, for the report of a scan: shortened, for console and page."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from rich.text import Text

from ftaudit.model.escape import printable
from ftaudit.model.training_text_marks import MarkedPiece

_STYLES: Final = {"given": "dim", "trained": "bold green", "cut": "dim strike"}
_MARKS: Final = {"given": ("", ""), "trained": ("⟦", "⟧"), "cut": ("⟨cut: ", "⟩")}
_ENDS: Final = {"given": 50, "trained": 120, "cut": 50}
"""Characters of each end of a stretch that the console shows."""
_PAGE_ENDS: Final = 400
"""The same of a page."""


class TrainingExample(Struct, frozen=True):
    """One record: where it is, its text in stretches, masked, and a sentence on its tokens."""

    file: str
    row: int
    line: int | None
    pieces: tuple[MarkedPiece, ...]
    note: str

    @property
    def place(self) -> str:
        """File and line, or row."""
        at = f"line {self.line:,}" if self.line else f"row {self.row:,}"
        return f"{printable(self.file)}, {at}"

    @property
    def page_pieces(self) -> list[MarkedPiece]:
        """The stretches as a page shows them."""
        return [
            MarkedPiece(_lines(shortened(piece.text, _PAGE_ENDS)), piece.use)
            for piece in self.pieces
        ]


def console_lines(examples: Sequence[TrainingExample]) -> Iterator[Text]:
    """Yield two lines per record: its place, and its text on one line, shortened.

    Marks tell what is trained and cut, so that it can be read without colours.
    """
    for example in examples:
        note = f"  {printable(example.note)}" if example.note else ""
        yield Text.assemble((example.place, "cyan"), (note, "dim"))
        line = Text("  ")
        for piece in example.pieces:
            before, after = _MARKS[piece.use]
            text = printable(shortened(" ".join(piece.text.split()), _ENDS[piece.use]))
            line.append(f"{before}{text}{after} ", style=_STYLES[piece.use])
        line.rstrip()
        if example.pieces:
            yield line


def shortened(text: str, ends: int) -> str:
    """Return a text with its middle left out where it is longer than twice `ends`."""
    return text if len(text) <= 2 * ends else f"{text[:ends]} … {text[-ends:]}"


def _lines(text: str) -> str:
    return "\n".join(printable(line, limit=2 * _PAGE_ENDS + 3) for line in text.split("\n"))
