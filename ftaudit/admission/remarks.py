"""What the stages of the gate have to say; every stage returns its own and they are added up."""

from msgspec import Struct


class Refusal(Struct, frozen=True):
    """Why a waiver or an approval does not count."""

    name: str
    """The file as the user named it."""
    id: str
    reason: str


class Remarks(Struct, frozen=True):
    """What one stage verified, what it holds against tuning, and what a reader must know."""

    verified: tuple[tuple[str, str], ...] = ()
    """A topic, and what holds."""
    reasons: tuple[str, ...] = ()
    """Why tuning may not proceed."""
    notes: tuple[str, ...] = ()
    """What was not verified, and what a reader must know to trust the verdict."""
    refused: tuple[Refusal, ...] = ()
    caveats: tuple[str, ...] = ()
    """What the verdict itself has to say, because it holds only as far as this does."""

    def __add__(self, later: "Remarks") -> "Remarks":
        """Return the remarks of two stages, in their order."""
        return Remarks(
            self.verified + later.verified,
            self.reasons + later.reasons,
            self.notes + later.notes,
            self.refused + later.refused,
            self.caveats + later.caveats,
        )
