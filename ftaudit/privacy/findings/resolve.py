"""Turn what recognizers found into findings: one per place, each above its threshold."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct, field

from ftaudit.privacy.findings.doubt import THRESHOLD, reweighed
from ftaudit.privacy.findings.span import Span

SPECIFIC: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "DATE_TIME": frozenset({"AGE", "DATE_OF_BIRTH", "PHONE_NUMBER"}),
        "LOCATION": frozenset({"STREET_ADDRESS"}),
    }
)
"""Generic type → types that say more of the same place, whatever the scores."""


_WIDEST: Final = 200
"""Characters of the longest span of a specific type."""
_MOST: Final = 50
"""Spans of specific types that may start within `_WIDEST` before another."""


class Resolution(Struct, frozen=True):
    """How spans that overlap or score low are dealt with."""

    threshold: float = THRESHOLD
    """Least score of a finding, in [0, 1], inclusive."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Entity → least score, where it differs."""

    def resolve(self, text: str, spans: Iterable[Span]) -> list[Span]:
        """Return the spans that stand, by ascending start; no two overlap.

        Spans that cannot be right in `text` (`doubt`), or score too low, fall first; then those
        within one of a type that says more (`SPECIFIC`). Then the best score wins each place; on
        equal scores the longer, the earlier, the entity and the recognizer first by name. A URL
        that is the domain of an e-mail address falls in this way.
        """
        return best(_specific(list(self._candidates(text, spans))))

    def _candidates(self, text: str, spans: Iterable[Span]) -> Iterable[Span]:
        weighed = (reweighed(text, span) for span in spans)
        return (
            span
            for span in weighed
            if span is not None and span.score >= self.thresholds.get(span.entity, self.threshold)
        )


def _specific(spans: list[Span]) -> list[Span]:
    """Drop spans of generic types within one of a type that says more."""
    generic = [span for span in spans if span.entity in SPECIFIC]
    if not generic:
        return spans
    specific = sorted(
        (span for span in spans if any(span.entity in kinds for kinds in SPECIFIC.values())),
        key=lambda span: span.start,
    )
    starts = [span.start for span in specific]
    fallen = {span for span in generic if _is_within_one(span, specific, starts)}
    return [span for span in spans if span not in fallen]


def _is_within_one(span: Span, specific: list[Span], starts: list[int]) -> bool:
    """Look at the spans that start up to `_WIDEST` characters before, which keeps this linear."""
    last = bisect_right(starts, span.start)
    first = bisect_left(starts, span.start - _WIDEST)
    return any(_says_more(other, span) for other in specific[max(first, last - _MOST) : last])


def _says_more(other: Span, span: Span) -> bool:
    kinds = SPECIFIC.get(span.entity)
    within = other.start <= span.start and span.end <= other.end
    return kinds is not None and other.entity in kinds and within


def best(spans: Iterable[Span]) -> list[Span]:
    """Return the spans that win their place, by ascending start; no two overlap.

    Takes time n log n, since a hostile text holds as many spans as it has room for: the spans
    that stand are kept sorted, so each new one is compared with its two neighbours only.
    """
    standing: list[Span] = []
    starts: list[int] = []
    for span in sorted(spans, key=_rank):
        place = bisect_left(starts, span.start)
        after = place < len(standing) and starts[place] < span.end
        before = place > 0 and standing[place - 1].end > span.start
        if not after and not before:
            standing.insert(place, span)
            starts.insert(place, span.start)
    return standing


def _rank(span: Span) -> tuple[float, int, int, str, str]:
    return -span.score, span.start - span.end, span.start, span.entity, span.recognizer
