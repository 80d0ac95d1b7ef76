"""Turn what recognizers found into findings: one per place, each above its threshold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ftaudit.privacy.findings.doubt import THRESHOLD, reweighed
from ftaudit.privacy.findings.span import Span

SPECIFIC: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "DATE_TIME": frozenset({"AGE", "DATE_OF_BIRTH"}),
        "LOCATION": frozenset({"STREET_ADDRESS"}),
    }
)
"""Generic type → types that say more of the same place, whatever the scores."""


@dataclass(frozen=True)
class Resolution:
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
    return [span for span in spans if not any(_says_more(other, span) for other in spans)]


def _says_more(other: Span, span: Span) -> bool:
    kinds = SPECIFIC.get(span.entity)
    within = other.start <= span.start and span.end <= other.end
    return kinds is not None and other.entity in kinds and within


def best(spans: Iterable[Span]) -> list[Span]:
    """Return the spans that win their place, by ascending start; no two overlap."""
    standing: list[Span] = []
    for span in sorted(spans, key=_rank):
        if all(span.end <= other.start or other.end <= span.start for other in standing):
            standing.append(span)
    return sorted(standing, key=lambda span: span.start)


def _rank(span: Span) -> tuple[float, int, int, str, str]:
    return -span.score, span.start - span.end, span.start, span.entity, span.recognizer
