"""What kind of change mends a finding: the typed remedy that a rule carries."""

from dataclasses import dataclass
from enum import StrEnum


class FixTarget(StrEnum):
    """What a fix changes, seen from the finding."""

    ROW = "row"
    """The row of the finding is removed."""
    RELATED_ROW = "related_row"
    """The row that the finding is paired with is removed."""
    CLUSTER = "cluster"
    """All but one of the rows that belong together are removed."""
    CONFLICT = "conflict"
    """Rows that contradict each other are decided on, by a rule or by a person."""
    SPAN = "span"
    """The characters of the finding are replaced, in every field where they stand."""
    CELL = "cell"
    """The cell of the finding is rewritten."""
    RECORD = "record"
    """The record of the finding is written as its profile takes it, and says the same."""
    CLASS = "class"
    """Rows of one class are thinned out."""


@dataclass(frozen=True)
class Fix:
    """Which remedy `ftaudit fix` applies to the findings of a rule, and what it acts on."""

    remedy: str
    """Name of the remedy, such as `deduplicate`; of another package's, as that package calls it."""
    target: FixTarget
