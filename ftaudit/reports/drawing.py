"""Turn a chart's numbers into bars: geometry and words, no format."""

import math
import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from msgspec import Struct

from ftaudit.model.finding import counted
from ftaudit.reports import phrasing
from ftaudit.wire.manifest import ChartRecord

LISTED: Final = 16
"""Labels up to which a bar lies beside its name; beyond, and for ranges, bars stand in a row."""
MOST: Final = 400
"""Labels drawn of a chart."""
WIDTH: Final = 1_000.0
HEIGHT: Final = 100.0
"""The coordinate system of standing bars; stretched to the page."""

SLOTS: Final = {"train": 0, "holdout": 1, "validation": 2}
"""Color of a split; other series take the first free one."""


class Series(Struct, frozen=True):
    """One color of a chart."""

    name: str
    slot: int
    """Number of the color, from 0."""


class Bar(Struct, frozen=True):
    """One value: its length as a share of the longest bar in [0, 1], its number in words."""

    slot: int
    length: float
    shown: str


class Column(Struct, frozen=True):
    """A standing bar in a drawing of `WIDTH` by `HEIGHT`."""

    slot: int
    x: float
    y: float
    width: float
    height: float
    title: str


class Drawing(Struct, frozen=True):
    """The geometry of a chart, and the same chart in words for readers who cannot see it."""

    title: str
    note: str
    """What a bar's length means."""
    description: str
    """The chart in a sentence: its range, its largest value."""
    series: tuple[Series, ...]
    rows: tuple[tuple[str, tuple[Bar, ...]], ...]
    """Label and bars, in the chart's own order."""
    columns: tuple[Column, ...]
    """Standing bars; empty when each bar lies beside its name."""
    peak: str
    """What a bar of full length stands for."""
    omitted: int
    """Labels beyond `MOST`, not drawn."""
    others: str
    """What a last bar of "47 others" holds: told, not drawn, for it would dwarf what it sums."""


def draw(chart: ChartRecord) -> Drawing:
    """Draw a chart. Two or more series of rows are drawn as shares, so that splits compare."""
    chart, others = _without_others(chart)
    ordered = phrasing.in_order(chart.series)
    series = _series(list(ordered))
    values = [[_sound(value) for value in column[:MOST]] for column in ordered.values()]
    shares = len(series) > 1 and chart.unit == "rows"
    scaled = [_shares(column) for column in values] if shares else values
    peak = max((value for column in scaled for value in column), default=0.0)
    labels = [phrasing.name(label) for label in chart.labels[:MOST]]
    rows = tuple(
        (label, _bars(series, lengths, [_figure(n, chart.unit) for n in numbers], peak))
        for label, lengths, numbers in zip(
            labels, _across(scaled, len(labels)), _across(values, len(labels)), strict=True
        )
    )
    return Drawing(
        title=phrasing.phrase(chart.title),
        note=_note(chart.unit, shares=shares),
        description=_description(labels, series, values, chart.unit),
        series=series,
        rows=rows,
        columns=() if _lies(labels) else tuple(_columns(rows)),
        peak=f"{peak:.1%}" if shares else _figure(peak, chart.unit),
        omitted=max(0, len(chart.labels) - MOST),
        others=others,
    )


def _without_others(chart: ChartRecord) -> tuple[ChartRecord, str]:
    """Return the chart without its last bar of "47 others", and the text of that bar."""
    if len(chart.labels) < 2 or not re.fullmatch(r"[\d,]+ others", chart.labels[-1]):
        return chart, ""
    last = len(chart.labels) - 1
    held = ", ".join(
        f"{phrasing.name(name)} {_figure(_sound(column[last]), chart.unit)}"
        for name, column in phrasing.in_order(chart.series).items()
        if len(column) > last
    )
    series = {name: column[:last] for name, column in chart.series.items()}
    kept = ChartRecord(
        title=chart.title, labels=chart.labels[:last], series=series, unit=chart.unit
    )
    return kept, f"{chart.labels[-1]}: {held}"


def _note(unit: str, *, shares: bool) -> str:
    if unit == "%":
        return "Percent of each split"
    if shares:
        return "Bars show shares of each split, figures are rows"
    return f"Bars and figures are {phrasing.name(unit)}"


def _figure(value: float, unit: str) -> str:
    return f"{value:.1f}%" if unit == "%" else phrasing.number(value)


def _series(names: Sequence[str]) -> tuple[Series, ...]:
    free = iter(slot for slot in range(6) if slot not in {SLOTS.get(name) for name in names})
    return tuple(
        Series(phrasing.name(name), SLOTS[name] if name in SLOTS else next(free, 5))
        for name in names[:6]
    )


def _sound(value: float) -> float:
    """Return the value, or 0 where it is negative, infinite or NaN."""
    return value if math.isfinite(value) and value > 0 else 0.0


def _shares(column: Sequence[float]) -> list[float]:
    total = sum(column)
    return [value / total if total else 0.0 for value in column]


def _across(columns: Sequence[Sequence[float]], rows: int) -> list[tuple[float, ...]]:
    """Return the values of every label across all series; missing values are 0."""
    padded = [(*column[:rows], *([0.0] * (rows - len(column)))) for column in columns]
    return list(zip_longest(*padded, fillvalue=0.0)) if padded else [()] * rows


def _bars(
    series: Sequence[Series], lengths: Sequence[float], figures: Sequence[str], peak: float
) -> tuple[Bar, ...]:
    return tuple(
        Bar(color.slot, round(length / peak, 4) if peak else 0.0, figure)
        for color, length, figure in zip(series, lengths, figures, strict=False)
    )


def _lies(labels: Sequence[str]) -> bool:
    ranges = sum(label[:1].isdigit() or label[:1] in "<>≤≥" for label in labels)
    return len(labels) <= LISTED and ranges * 2 <= len(labels)


def _columns(rows: Sequence[tuple[str, tuple[Bar, ...]]]) -> list[Column]:
    step = WIDTH / len(rows)
    drawn = []
    for at, (label, bars) in enumerate(rows):
        width = step * 0.84 / max(1, len(bars))
        for place, bar in enumerate(bars):
            height = round(bar.length * HEIGHT, 2)
            x = round(at * step + step * 0.08 + place * width, 2)
            drawn.append(
                Column(
                    bar.slot,
                    x,
                    round(HEIGHT - height, 2),
                    round(width, 2),
                    height,
                    f"{label}: {bar.shown}",
                )
            )
    return drawn


def _description(
    labels: Sequence[str],
    series: Sequence[Series],
    values: Sequence[Sequence[float]],
    unit: str,
) -> str:
    parts = []
    for color, column in zip(series, values, strict=False):
        pairs = list(zip(column, labels, strict=False))
        if pairs:
            most = max(pairs, key=lambda pair: pair[0])
            parts.append(f"{color.name}: most in {most[1]} ({_figure(most[0], unit)})")
    return f"{counted(len(labels), 'bar')}; " + "; ".join(parts)
