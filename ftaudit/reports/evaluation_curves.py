"""Curves of an evaluation: what it costs over months, and what its rows can show."""

from math import ceil
from typing import Final

from msgspec import Struct

from ftaudit.model.statistics.paired_power import POWER, normal_power, rows_needed
from ftaudit.reports.evaluation_view import WIDTH, points_of
from ftaudit.wire.evaluation_statement import EvaluationPredicate

HEIGHT: Final = 240.0
"""Height of every curve, in the units of `WIDTH`."""


class Curve(Struct, frozen=True):
    """A line over a range, and a point on it."""

    points: str
    """For `polyline`: pairs of coordinates in `WIDTH` by `HEIGHT`."""
    marker: tuple[float, float] | None
    level: float | None
    """Height of a horizontal line worth comparing with."""
    ticks: tuple[str, ...]
    """Labels along the range, evenly spaced."""
    top: str
    bottom: str
    caption: str


def cost_curve(predicate: EvaluationPredicate) -> Curve | None:
    """Return the balance over months: what is saved less what is spent; None when unknown."""
    metrics = predicate.metrics
    if "cost.one_off" not in metrics or "cost.net_per_month" not in metrics:
        return None
    one_off, net = float(metrics["cost.one_off"]), float(metrics["cost.net_per_month"])
    even = metrics.get("cost.break_even_months")
    months = _horizon(predicate, None if even is None else float(even))
    ends = (-one_off, -one_off + net * months)
    low, high = min(0.0, *ends), max(0.0, *ends)
    span = (high - low) or 1.0

    def height(balance: float) -> float:
        return round(HEIGHT * (high - balance) / span, 2)

    at = None if even is None or float(even) > months else round(WIDTH * float(even) / months, 2)
    currency = _currency(predicate)
    return Curve(
        points=f"0,{height(ends[0])} {WIDTH:g},{height(ends[1])}",
        marker=None if at is None else (at, height(0.0)),
        level=height(0.0),
        ticks=tuple(f"{round(months * part / 4):,}" for part in range(5)),
        top=f"{high:+,.0f} {currency}".strip(),
        bottom=f"{low:+,.0f} {currency}".strip(),
        caption=_cost_words(predicate),
    )


def _horizon(predicate: EvaluationPredicate, even: float | None) -> int:
    cost = predicate.configuration.get("cost")
    planned = cost.get("months") if isinstance(cost, dict) else None
    months = planned if isinstance(planned, int) else 12
    if even is None:
        return months
    return max(months, ceil(even * 1.25)) if even <= 120 else months


def _currency(predicate: EvaluationPredicate) -> str:
    cost = predicate.configuration.get("cost")
    return str(cost.get("currency") or "") if isinstance(cost, dict) else ""


def _cost_words(predicate: EvaluationPredicate) -> str:
    metrics, unit = predicate.metrics, _currency(predicate)
    even = metrics.get("cost.break_even_months")
    words = (
        f"A request costs {metrics['cost.per_request_baseline']:.6f} before and "
        f"{metrics['cost.per_request_tuned']:.6f} after; {metrics['cost.savings_per_month']:,.2f} "
        f"{unit} are saved in a month, {metrics['cost.net_per_month']:,.2f} after operations. "
    ).replace("  ", " ")
    if even is None:
        return words + "Savings never cover what was spent."
    requests = metrics.get("cost.covering_requests")
    covered = f" Operations are covered from {requests:,.0f} requests a month." if requests else ""
    return f"{words}It breaks even after {even:,.1f} months.{covered}"


def power_curve(predicate: EvaluationPredicate) -> Curve | None:
    """Return the chance to see the measured lift by the number of rows; None when graded."""
    lift = predicate.comparisons[0].lifts[0]
    if lift.counts is None or not lift.difference:
        return None
    discordance = float(predicate.metrics["lift.discordance"])
    least = rows_needed(abs(lift.difference), discordance)
    rows = max(2 * least, 10)
    steps = [rows * step / 60 for step in range(61)]
    effect = float(predicate.metrics.get("lift.design_effect", 1.0)) or 1.0
    curve = [(n / rows, normal_power(n / effect, lift.difference, discordance)) for n in steps]
    points = " ".join(f"{round(WIDTH * x, 2):g},{round(HEIGHT * (1 - y), 2):g}" for x, y in curve)
    seen = normal_power(lift.pairs / effect, lift.difference, discordance)
    inside = lift.pairs <= rows
    marker = (
        (round(WIDTH * lift.pairs / rows, 2), round(HEIGHT * (1 - seen), 2)) if inside else None
    )
    caption = (
        f"A lift of {points_of(abs(lift.difference))} points with {100 * discordance:.0f} % "
        f"discordant rows is seen four times in five by {ceil(least * effect):,} rows; this "
        f"holdout has {lift.pairs:,}."
    )
    return Curve(
        points=points,
        marker=marker,
        level=round(HEIGHT * (1 - POWER), 2),
        ticks=tuple(f"{round(rows * part / 4):,}" for part in range(5)),
        top="certain",
        bottom="never",
        caption=caption,
    )
