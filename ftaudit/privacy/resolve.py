"""Turn what recognizers found into findings: one per place, each above its threshold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ftaudit.privacy.doubt import THRESHOLD, reweighed
from ftaudit.privacy.span import Span


@dataclass(frozen=True)
class Resolution:
    """How spans that overlap or score low are dealt with."""

    threshold: float = THRESHOLD
    """Least score of a finding, in [0, 1], inclusive."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Entity → least score, where it differs."""

    def resolve(self, text: str, spans: Iterable[Span]) -> list[Span]:
        """Return the spans that stand, by ascending start; no two overlap.

        Spans that cannot be right in `text` (`doubt`), or score too low, fall first. Then the
        best score wins each place; on equal scores the longer, the earlier, the entity and the
        recognizer first by name. A URL that is the domain of an e-mail address falls in this way.
        """
        return best(self._candidates(text, spans))

    def _candidates(self, text: str, spans: Iterable[Span]) -> Iterable[Span]:
        weighed = (reweighed(text, span) for span in spans)
        return (
            span
            for span in weighed
            if span is not None and span.score >= self.thresholds.get(span.entity, self.threshold)
        )


def best(spans: Iterable[Span]) -> list[Span]:
    """Return the spans that win their place, by ascending start; no two overlap."""
    standing: list[Span] = []
    for span in sorted(spans, key=_rank):
        if all(span.end <= other.start or other.end <= span.start for other in standing):
            standing.append(span)
    return sorted(standing, key=lambda span: span.start)


def _rank(span: Span) -> tuple[float, int, int, str, str]:
    return -span.score, span.start - span.end, span.start, span.entity, span.recognizer
