"""What a tuning plan says of its evaluation, in numbers: target, margins, columns, cost, triggers.

Every field is optional. `admission.plan.TuningPlan` is made of these sections and others.
"""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Struct, field
from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]


def is_unsaid(value: object) -> bool:
    """Return whether a value says nothing, or still says `TODO`."""
    return value is None or (isinstance(value, str) and value.strip().upper().startswith("TODO"))


class PlanSection(BaseModel):
    """A part of the plan: immutable, closed to unknown keys, `TODO` marks read as missing."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", coerce_numbers_to_str=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def drop_marks(cls, value: object) -> object:
        """Leave out values and list items that say nothing or still say `TODO`.

        A key that the section does not have stays, and is refused whatever its value.
        """
        if not isinstance(value, Mapping):
            return value
        fields = cls.model_fields
        kept = {name: v for name, v in value.items() if name not in fields or not is_unsaid(v)}
        return {
            name: [item for item in v if not is_unsaid(item)] if isinstance(v, list) else v
            for name, v in kept.items()
        }


class ScoreBaseline(PlanSection):
    """The score without tuning."""

    model: str = ""
    metric: str = ""
    score: float | None = None


class LiftTarget(PlanSection):
    """The score that tuning must reach, and how surely."""

    metric: str = ""
    score: float | None = None
    higher_is_better: bool = True
    minimum_lift: Share | None = None
    """Least lift over the best baseline that makes tuning worth it."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] | None = None
    """Two-sided confidence of every interval; .95 unless said."""


class NonInferiority(PlanSection):
    """By how much no class may get worse."""

    margin: Annotated[float, Field(gt=0, lt=1)] | None = None
    classes: tuple[str, ...] = ()
    """Classes (or values of slices) that must be shown to be no worse."""


class EvaluationColumns(PlanSection):
    """How results are paired and scored."""

    metric: str = ""
    id: str = ""
    output: str = ""
    reference: str = ""
    cluster: str = ""
    slices: tuple[str, ...] = ()


class TokenPrice(PlanSection):
    """Prices of one model, per million tokens."""

    input: Amount
    output: Amount
    cached: Amount | None = None
    """Of input that was cached; as other input unless said."""


class TokenPrices(PlanSection):
    """Prices as of a day; they age, so none is shipped."""

    baseline: TokenPrice
    tuned: TokenPrice
    date: str = ""


class ReviewEffort(PlanSection):
    """What people spend on checking answers in a month."""

    rows_baseline: Amount
    rows_tuned: Amount
    minutes: Amount
    rate: Amount
    """Cost of an hour."""


class TuningCost(PlanSection):
    """What it costs: numbers in one currency, or free text for people."""

    training: float | str = ""
    serving: float | str = ""
    evaluation: Amount | None = None
    labelling: Amount | None = None
    operations_per_month: Amount | None = None
    requests_per_month: Amount | None = None
    months: Annotated[int, Field(gt=0)] | None = None
    currency: str = ""
    prices: TokenPrices | None = None
    retrainings_per_year: Amount | None = None
    review: ReviewEffort | None = None


class TriggerLimits(PlanSection):
    """From which drift a new tuning or a new evaluation is due."""

    labels: Share | None = None
    """Excess Jensen-Shannon distance of label shares."""
    kinds: Share | None = None
    lengths: Share | None = None
    novelty: Share | None = None
    """Share of novel rows above that of the holdout."""
    new_classes: Annotated[int, Field(ge=0)] | None = None
    """Classes never seen before that are accepted."""
    score: float | None = None
    """Score in production below which the model is evaluated again."""
    reference: str = ""
    """`train` or `holdout`: which of them stands for production."""


class DecisionPlan(Struct, frozen=True):
    """What the decision side takes of a plan."""

    baseline: ScoreBaseline = field(default_factory=ScoreBaseline)
    target: LiftTarget = field(default_factory=LiftTarget)
    discordance: float | None = None
    non_inferiority: NonInferiority = field(default_factory=NonInferiority)
    evaluation: EvaluationColumns = field(default_factory=EvaluationColumns)
    cost: TuningCost = field(default_factory=TuningCost)
    limits: TriggerLimits = field(default_factory=TriggerLimits)
    base_model: str = ""
    """Name and version of the model that is tuned."""
    product_policy: str = ""
    """Name and version of the rules of the product."""

    @property
    def confidence(self) -> float:
        """Two-sided confidence of intervals."""
        return self.target.confidence or 0.95
