"""What a holdout can see of a lift, before anything is tuned."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Literal

from msgspec import Struct, field

from ftaudit.evaluation.group_lifts import MARGIN
from ftaudit.evaluation.judgement import MeasureOutcome, significant
from ftaudit.evaluation.lift_estimate import fourfold, is_binary
from ftaudit.evaluation.pairing import PairedAnswers
from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.statistics.noninferiority import rows_to_show
from ftaudit.model.statistics.paired_power import (
    POWER,
    discordance_range,
    minimum_lift,
    power,
    rows_needed,
)

Source = Literal["measured", "given", "assumed"]


class PowerRequest(Struct, frozen=True):
    """What is known before tuning."""

    rows: int
    """Of the holdout."""
    baseline: float
    """Score of the baseline, in [0, 1]."""
    lift: float
    """What makes tuning worth it, in points of 1."""
    discordance: float | None = None
    """Share of rows that exactly one model will have right; None: the most the scores allow."""
    measured: bool = False
    """Whether a pilot has measured the discordance."""
    classes: Mapping[str, int] = field(default_factory=dict)
    """Holdout rows of every class."""
    margin: float = MARGIN
    """By how much no class may get worse."""
    design_effect: float = 1.0
    """Variance over that of independent rows, where rows come in clusters."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: a number is out of range, or contradicts another.
        """
        if self.rows < 1:
            raise UsageError(f"the holdout has {self.rows} rows: at least 1 is expected")
        if not 0 <= self.baseline <= 1:
            raise UsageError(f"the baseline scores {self.baseline:g}: expected a share from 0 to 1")
        if not 0 < self.lift <= 1 - self.baseline:
            most = 1 - self.baseline
            raise UsageError(
                f"a lift of {self.lift:g} over {self.baseline:g}: expected one above 0 and at most "
                f"{most:g}"
            )
        if self.design_effect < 1:
            raise UsageError(f"a design effect of {self.design_effect:g}: expected at least 1")
        if self.discordance is not None and not self.lift <= self.discordance <= 1:
            raise UsageError(
                f"a discordance of {self.discordance:g}: it lies between the lift ({self.lift:g}) "
                "and 1"
            )


class PowerForecast(Struct, frozen=True):
    """What a holdout can see."""

    request: PowerRequest
    discordance: float
    source: Source
    power: float
    minimum_lift: float | None
    """Smallest lift seen with power .80; None when none up to the discordance is."""
    rows_needed: int
    class_rows: int
    """Rows that a class needs before it can be shown to be no worse."""

    @property
    def small_classes(self) -> tuple[tuple[str, int], ...]:
        """Classes with fewer rows than that, the smallest first."""
        small = [(name, n) for name, n in self.request.classes.items() if n < self.class_rows]
        return tuple(sorted(small, key=lambda entry: (entry[1], entry[0])))

    def outcome(self) -> MeasureOutcome:
        """Return the metrics."""
        return MeasureOutcome("power", {n: significant(v) for n, v in self._metrics()})

    def _metrics(self) -> Iterator[tuple[str, float]]:
        yield "power.power", self.power
        yield "power.rows", self.request.rows
        yield "power.rows_needed", self.rows_needed
        yield "power.discordance", self.discordance
        if self.minimum_lift is not None:
            yield "power.minimum_lift", self.minimum_lift
        if self.request.classes:
            yield "power.classes_under_minimum", len(self.small_classes)


def forecast_power(request: PowerRequest) -> PowerForecast:
    """Return power, smallest lift seen, and rows needed.

    Without a measured discordance the greatest is taken that independent errors have, and marked
    as assumed: it needs the most rows.
    """
    allowed = discordance_range(request.baseline, request.lift)
    discordance = request.discordance
    source: Source = (
        "assumed" if discordance is None else "measured" if request.measured else "given"
    )
    chosen = max(allowed.greatest, request.lift) if discordance is None else discordance
    effective = request.rows / request.design_effect
    return PowerForecast(
        request=request,
        discordance=chosen,
        source=source,
        power=power(max(1, round(effective)), request.lift, chosen),
        minimum_lift=minimum_lift(effective, chosen),
        rows_needed=ceil(rows_needed(request.lift, chosen, POWER) * request.design_effect),
        class_rows=rows_to_show(request.margin),
    )


def pilot_discordance(first: PairedAnswers, second: PairedAnswers) -> float:
    """Return the share of rows that exactly one of two answers has right.

    Raises:
        InputError: scores are graded, or no row was answered by both.
    """
    answered = ~(first.frame["missing"] | second.frame["missing"])
    answered &= ~(first.frame["failed"] | second.frame["failed"])
    scores = [a.frame["score"].filter(answered).to_numpy() for a in (first, second)]
    names = f"{first.file.name} and {second.file.name}"
    if not len(scores[0]):
        raise InputError(names, "no row of the holdout is answered by both")
    if not all(map(is_binary, scores)):
        remedy = "Give the discordance of graded scores with --discordance"
        raise InputError(names, "the pilot's scores are graded, not right or wrong", remedy=remedy)
    return fourfold(scores[0], scores[1]).discordance
