"""Cases that only a person can decide, as `ftaudit review` shows them; and as csv."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from msgspec import Struct

from ftaudit.model.csv_cell import neutral_cell
from ftaudit.model.escape import printable
from ftaudit.reports.word_difference import Piece, differences

DECIDED: Final = ("case", "file", "row", "digest", "kind", "label", "suggested", "decision")
"""Columns that `ftaudit fix --decisions` reads (`remedies.decisions`)."""
COLUMNS: Final = (
    *DECIDED,
    "why",
    "score",
    "text",
    "differing_words",
    "related_file",
    "related_row",
    "related_label",
    "related_text",
)
"""Columns of the csv."""
TEXT: Final = 1_000
"""Characters shown of a row."""


class ReviewRow(Struct, frozen=True):
    """One row of a case, masked."""

    case: str
    file: str
    row: int
    digest: str
    kind: str
    """The rule of the finding."""
    label: str
    suggested: str
    """The label that is more likely right; empty where nothing tells."""
    why: str
    score: float | None
    """How likely the row's own label is wrong, or how much two answers clash, in [0, 1]."""
    text: str
    related_file: str
    related_row: int
    related_label: str
    related_text: str

    @property
    def pieces(self) -> list[Piece]:
        """The text in pieces, words marked that the related row lacks."""
        return differences(shown_text(self.text), shown_text(self.related_text))[0]


class ReviewCase(Struct, frozen=True):
    """Rows that contradict each other, directly or through others."""

    name: str
    rows: tuple[ReviewRow, ...]

    @property
    def labels(self) -> list[str]:
        """The labels that its rows carry."""
        return sorted({label for row in self.rows for label in (row.label, row.suggested)} - {""})


def shown_text(text: str) -> str:
    """Return a text on one line, without what a terminal or page would act on."""
    return printable(text, limit=TEXT)


def review_csv(cases: Iterable[ReviewCase]) -> str:
    """Return csv with a line for every row and an empty decision; no cell is a formula."""
    to = StringIO()
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(COLUMNS)
    for case in cases:
        writer.writerows(csv_cells(row) for row in case.rows)
    return to.getvalue()


def csv_cells(row: ReviewRow) -> Sequence[str]:
    """Return the cells of `COLUMNS`, the decision empty."""
    differing = [piece.text for piece in row.pieces if piece.differs]
    values = (
        *(row.case, row.file, str(row.row), row.digest, row.kind, row.label, row.suggested, ""),
        *(row.why, "" if row.score is None else f"{row.score:.4f}"),
        *(shown_text(row.text), " ".join(differing)),
        *(row.related_file, str(row.related_row), row.related_label),
        shown_text(row.related_text),
    )
    return [neutral_cell(value) for value in values]
