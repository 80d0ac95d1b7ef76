"""A recognizer of our own: bounded patterns that report the part of a match they name `value`."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar, Final, NamedTuple

from ftaudit.privacy.findings.span import Span

FLAGS: Final = int(re.MULTILINE)
"""The same number in `regex`."""
_SECONDS: Final = 20.0
"""After this long on one text a pattern raises TimeoutError. Repeats in the patterns are bounded,
so that it never comes to this; it is a second wall."""


class CuedPattern(NamedTuple):
    """One way a value is written."""

    name: str
    pattern: str
    """In `regex`'s syntax; holds the cue, and the group `value`."""
    score: float
    """Confidence, in (0, 1]."""


@cache
def _compiled(expression: str) -> Any:  # noqa: ANN401 - the `regex` module has no stubs
    import regex  # type: ignore[import-untyped] # no stubs

    return regex.compile(expression, FLAGS)


class CuedRecognizer:
    """Find values by what stands around them.

    Subclasses set `entity` and `patterns` and, where a value can be verified, override `accepts`,
    `trim` and `confidence`. Because a match holds its cue, the prefilter derived from a pattern
    passes few texts.
    """

    entity: ClassVar[str]
    patterns: ClassVar[tuple[CuedPattern, ...]]

    @property
    def name(self) -> str:
        """The name under which findings are reported."""
        return type(self).__name__

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - for subclasses to override
        """Say whether a value that the named pattern matched is one, by checksum or exclusion."""
        return True

    def trim(self, value: str, pattern: str) -> str:  # noqa: ARG002 - for subclasses to override
        """Return the leading part of a value that belongs to it; empty when nothing does."""
        return value

    def confidence(self, value: str, pattern: CuedPattern) -> float:  # noqa: ARG002 - see above
        """Return the score of a value that a pattern matched, in (0, 1]: the pattern's own."""
        return pattern.score

    def find(self, text: str) -> Iterator[Span]:
        """Yield what all patterns find in `text`; spans may overlap."""
        for pattern in self.patterns:
            yield from self.search(text, pattern)

    def search(self, text: str, pattern: CuedPattern) -> Iterator[Span]:
        """Yield what one of the patterns finds in `text`; spans may overlap.

        A value that is refused may be the next cue: `<patient><lastName>`.
        """
        name, expression, _ = pattern
        search, place = _compiled(expression).search, 0
        while match := search(text, place, timeout=_SECONDS):
            start = match.start("value")
            value = self.trim(match["value"], name)
            if value and self.accepts(value, name):
                score = self.confidence(value, pattern)
                yield Span(self.entity, start, start + len(value), score, self.name)
                place = match.end()
            else:
                place = max(start, match.start() + 1)
