"""Three-valued answers: only what is shown counts."""

from enum import StrEnum


class Standing(StrEnum):
    """What the data says of a claim. Only `SHOWN` passes a gate."""

    SHOWN = "shown"
    REFUTED = "refuted"
    NOT_SHOWN = "not shown"
