"""What kind of change mends a finding: the typed remedy that a rule carries."""

from enum import StrEnum

from msgspec import Struct


class FixTarget(StrEnum):
    """What a fix changes, seen from the finding."""

    ROW = "row"
    """The row of the finding is removed."""
    RELATED_ROW = "related_row"
    """The row that the finding is paired with is removed."""
    RELATED_GROUP = "related_group"
    """All training rows of the group of the finding's row are removed."""
    COPY = "copy"
    """All but one of the rows that are equal are removed."""
    CLUSTER = "cluster"
    """All but one of the rows that belong together are removed."""
    CONFLICT = "conflict"
    """Rows that contradict each other are decided on, by a rule or by a person."""
    SUSPECT = "suspect"
    """The row of the finding is decided on by a person."""
    SPAN = "span"
    """The characters of the finding are replaced, in every field where they stand."""
    SECRET = "secret"  # noqa: S105 - a kind of value, not one
    """As `SPAN`, whichever types of values are chosen to be replaced."""
    CELL = "cell"
    """The cell of the finding is rewritten."""
    RECORD = "record"
    """The record of the finding is written as its profile takes it, and says the same."""
    SPELLING = "spelling"
    """The label of the finding's row is written as that of the related row, wherever it stands."""
    CLASS = "class"
    """Rows of one class are thinned out."""


class Fix(Struct, frozen=True):
    """Which remedy `ftaudit fix` applies to the findings of a rule, and what it acts on."""

    remedy: str
    """Name of the remedy, such as `deduplicate`; of another package's, as that package calls it."""
    target: FixTarget
