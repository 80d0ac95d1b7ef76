"""What a user wants of a split: parts and their shares, or folds, or a moment."""

from datetime import UTC, datetime
from typing import Final, NamedTuple

from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION
from ftaudit.model.errors import UsageError

HELD_OUT: Final = 0.2
"""Share that is held out unless the user says otherwise."""
LEAST_FOLDS: Final = 2


class SplitPart(NamedTuple):
    """A part that data is split into."""

    name: str
    """`holdout`, `validation`, `train` or `fold-0` and so on."""
    share: float
    """Of the rows, in (0, 1)."""

    @property
    def folder(self) -> str:
        """Name of the folder that its files are written to."""
        return "test" if self.name == HOLDOUT else self.name


class SplitPlan(Struct, frozen=True):
    """What a user wants of a split."""

    holdout: float | None = None
    """Share of the rows; None: a fifth, or none where there are folds."""
    validation: float = 0.0
    folds: int = 0
    """Parts of equal size instead of training and validation; 0: none."""
    holdout_after: str | None = None
    """Moment (ISO 8601; UTC unless it says otherwise) after which rows are held out."""
    by_time: bool = False
    """Whether the latest rows are held out."""
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: an impossible share, number of folds or seed, or wishes that exclude one
                another.
        """
        for name, share in (("holdout", self.holdout), ("validation", self.validation or None)):
            if share is not None and not 0 < share < 1:
                raise UsageError(f"the {name} is a share above 0 and below 1, not {share:g}")
        if (self.holdout or 0) + self.validation >= 1:
            raise UsageError("holdout and validation leave nothing for training: lower the shares")
        if self.folds and self.folds < LEAST_FOLDS:
            raise UsageError(f"a split has two folds at least, not {self.folds}")
        if self.folds and self.validation:
            raise UsageError("folds take turns as validation: give --folds or --validation")
        if self.folds and self.by_time:
            raise UsageError("folds are not in the order of time: give --folds or --time-column")
        if not 0 <= self.seed < 1 << 64:
            raise UsageError(f"the seed is {self.seed}: give one from 0 to {(1 << 64) - 1}")
        self._require_meaning()

    def _require_meaning(self) -> None:
        if self.holdout_after is None:
            return
        if not self.by_time:
            raise UsageError("--holdout-after needs the column of the time: --time-column NAME")
        if self.holdout is not None:
            raise UsageError("the moment decides the share: give --holdout-after or --holdout")
        self.moment()

    @property
    def parts(self) -> tuple[SplitPart, ...]:
        """The parts, training or the last fold at the end; their shares add up to 1."""
        share = self.holdout if self.holdout is not None else 0.0 if self.folds else HELD_OUT
        parts = [SplitPart(HOLDOUT, share)] if share else []
        if self.folds:
            fold = (1 - share) / self.folds
            return (*parts, *(SplitPart(f"fold-{at}", fold) for at in range(self.folds)))
        if self.validation:
            parts.append(SplitPart(VALIDATION, self.validation))
        return (*parts, SplitPart(TRAIN, 1 - share - self.validation))

    def moment(self) -> int | None:
        """Return the moment after which rows are held out, in microseconds since 1970.

        Raises:
            UsageError: it is no date or time.
        """
        if self.holdout_after is None:
            return None
        try:
            moment = datetime.fromisoformat(self.holdout_after)
        except ValueError:
            problem = "is no date or time such as 2026-03-31 or 2026-03-31T18:00:00Z"
            raise UsageError(f"--holdout-after: {self.holdout_after!r} {problem}") from None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int(aware.timestamp()) * 1_000_000 + aware.microsecond
