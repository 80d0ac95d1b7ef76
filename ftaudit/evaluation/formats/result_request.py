"""What a user says about a file of results."""

from collections.abc import Mapping

from msgspec import Struct, field


class ResultRequest(Struct, frozen=True):
    """Choices that a file of results may need."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Part of a plain table (`id`, `output`, `reference`, `score`, …) → its column."""
    id_column: str = ""
    """Column of the holdout's ids: taken for ids where a plain table has it."""
    filter: str = ""
    """Of lm-evaluation-harness; its first one when empty."""
    metric: str = ""
    """Name of the file's score to take; empty: exact match where it can be computed."""
    model: str = ""
    """Of a file that holds several."""
    role: str = ""
    """`baseline` or `tuned`: picks the model of that name where a file holds several."""
    by_position: bool = False
    """Rows are paired by their order: the user says that both files keep the holdout's."""
