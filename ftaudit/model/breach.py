"""A breach: one reason against tuning, as the decision makes it and every report shows it."""

from typing import Final

from msgspec import Struct

UNREAD_ROWS: Final = "FTA-UNREAD"
"""Rule of breaches that say no check saw some of the rows. Never waivable, in every policy."""


class Breach(Struct, frozen=True):
    """A rule, and how the evidence falls short of it."""

    rule: str
    check: str
    message: str
    metric: str = ""
    value: float | None = None
    limit: float | None = None
    waiver: str | None = None
    """Id of the waiver that covers the breach."""
    why: str = ""
    fix: str = ""
