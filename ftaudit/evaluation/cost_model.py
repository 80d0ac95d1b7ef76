"""What tuning costs and saves, from measured tokens and the plan's prices.

total = one-off + months x operations - months x requests x (baseline - tuned cost per request).
Without measured tokens there are no savings to speak of: nothing is assumed to be zero.
"""

from collections.abc import Iterator

import polars as pl
from msgspec import Struct

from ftaudit.evaluation.plan_sections import ReviewEffort, TokenPrice, TuningCost

MILLION = 1_000_000


class TokenUsage(Struct, frozen=True):
    """Mean tokens per request, and how many requests say so."""

    prompt: float
    cached: float
    completion: float
    requests: int

    def cost(self, price: TokenPrice) -> float:
        """Return the cost of a mean request."""
        cached = price.input if price.cached is None else price.cached
        spent = self.prompt * price.input + self.cached * cached + self.completion * price.output
        return spent / MILLION


class CostForecast(Struct, frozen=True):
    """Costs in the plan's currency."""

    per_request_baseline: float
    per_request_tuned: float
    savings_per_month: float
    net_per_month: float
    one_off: float
    months: int
    operations: float
    requests: float

    @property
    def total(self) -> float:
        """Everything spent less everything saved over the months; below zero tuning pays."""
        return self.total_after(self.months)

    def total_after(self, months: float) -> float:
        """Return the balance after some months."""
        return self.one_off - months * self.net_per_month

    @property
    def break_even_months(self) -> float | None:
        """Months until savings cover the one-off cost; None when they never do."""
        return self.one_off / self.net_per_month if self.net_per_month > 0 else None

    @property
    def covering_requests(self) -> float | None:
        """Monthly requests from which savings cover operations; None when a request saves none."""
        saved = self.per_request_baseline - self.per_request_tuned
        return self.operations / saved if saved > 0 else None


class CostAssessment(Struct, frozen=True):
    """The forecast, or why there is none."""

    forecast: CostForecast | None
    reason: str = ""
    retraining_per_year: float | None = None
    review_baseline: float | None = None
    review_tuned: float | None = None
    currency: str = ""
    prices_of: str = ""
    """Day of the prices, as the plan says."""

    def metrics(self) -> Iterator[tuple[str, float]]:
        """Yield the metrics that are known."""
        forecast = self.forecast
        values = {
            "cost.retraining_per_year": self.retraining_per_year,
            "cost.review_baseline": self.review_baseline,
            "cost.review_tuned": self.review_tuned,
        }
        if forecast is not None:
            values |= {
                "cost.per_request_baseline": forecast.per_request_baseline,
                "cost.per_request_tuned": forecast.per_request_tuned,
                "cost.savings_per_month": forecast.savings_per_month,
                "cost.net_per_month": forecast.net_per_month,
                "cost.one_off": forecast.one_off,
                "cost.total": forecast.total,
                "cost.break_even_months": forecast.break_even_months,
                "cost.covering_requests": forecast.covering_requests,
            }
        yield from ((name, value) for name, value in values.items() if value is not None)


def usage_of(answers: pl.DataFrame) -> TokenUsage | None:
    """Return the mean usage of requests whose prompt and completion tokens were counted."""
    counted = answers.drop_nulls(["prompt_tokens", "completion_tokens"])
    if counted.is_empty():
        return None
    totals = counted.select(
        pl.sum("prompt_tokens"),
        pl.col("cached_tokens").fill_null(0).sum(),
        pl.sum("completion_tokens"),
    ).row(0)
    prompt, cached, completion = (total / counted.height for total in totals)
    return TokenUsage(prompt, cached, completion, counted.height)


def assess_cost(
    plan: TuningCost, baseline: TokenUsage | None, tuned: TokenUsage | None
) -> CostAssessment:
    """Return what tuning costs by the plan's prices and the measured tokens."""
    spent, missing = _spent(plan), _missing(plan, baseline, tuned)
    years = plan.retrainings_per_year
    return CostAssessment(
        forecast=None if missing or spent is None else _forecast(plan, spent, baseline, tuned),
        reason=missing,
        retraining_per_year=None if years is None or spent is None else years * spent,
        review_baseline=_review(plan.review, tuned=False),
        review_tuned=_review(plan.review, tuned=True),
        currency=plan.currency,
        prices_of=plan.prices.date if plan.prices else "",
    )


def _review(effort: ReviewEffort | None, *, tuned: bool) -> float | None:
    """Return what reviewing a month's answers costs: rows x minutes x rate of an hour."""
    if effort is None:
        return None
    rows = effort.rows_tuned if tuned else effort.rows_baseline
    return rows * effort.minutes / 60 * effort.rate


def _spent(plan: TuningCost) -> float | None:
    """Return what is spent once; None unless training is a number."""
    if isinstance(plan.training, str):
        return None
    return plan.training + (plan.evaluation or 0) + (plan.labelling or 0)


def _missing(plan: TuningCost, baseline: TokenUsage | None, tuned: TokenUsage | None) -> str:
    """Return what keeps the cost from being known; empty when nothing does."""
    numbers = {
        "cost.training as a number": None if isinstance(plan.training, str) else plan.training,
        "cost.prices": plan.prices,
        "cost.requests_per_month": plan.requests_per_month,
        "cost.operations_per_month": plan.operations_per_month,
    }
    unsaid = [name for name, value in numbers.items() if value is None]
    if unsaid:
        return f"the plan does not say {', '.join(unsaid)}"
    if baseline is None or tuned is None:
        which = "the baseline" if baseline is None else "the tuned model"
        return f"no tokens were measured for {which}, so savings are unknown, not zero"
    return ""


def _forecast(
    plan: TuningCost, spent: float, baseline: TokenUsage | None, tuned: TokenUsage | None
) -> CostForecast:
    prices, requests, operations = plan.prices, plan.requests_per_month, plan.operations_per_month
    assert prices is not None  # noqa: S101 - `_missing` has seen to it, as to all of these
    assert baseline is not None  # noqa: S101 - likewise
    assert tuned is not None  # noqa: S101 - likewise
    before, after = baseline.cost(prices.baseline), tuned.cost(prices.tuned)
    savings = (requests or 0) * (before - after)
    return CostForecast(
        per_request_baseline=before,
        per_request_tuned=after,
        savings_per_month=savings,
        net_per_month=savings - (operations or 0),
        one_off=spent,
        months=plan.months or 12,
        operations=operations or 0,
        requests=requests or 0,
    )
