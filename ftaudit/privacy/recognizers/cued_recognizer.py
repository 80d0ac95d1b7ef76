"""A recognizer of our own: bounded patterns that report the part of a match they name `value`."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final, NamedTuple

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


class CuedRecognizer:
    """Find values by what stands around them.

    Subclasses set `entity` and `shapes` and, where a value can be verified, override `accepts`
    and `trim`. Because a match holds its cue, the prefilter derived from the patterns passes few
    texts.
    """

    entity: ClassVar[str]
    shapes: ClassVar[tuple[CuedPattern, ...]]

    @property
    def name(self) -> str:
        """The name under which findings are reported."""
        return type(self).__name__

    def accepts(self, value: str, shape: str) -> bool:  # noqa: ARG002 - for subclasses to override
        """Say whether a value of the named shape is one, by checksum or by exclusion."""
        return True

    def trim(self, value: str) -> str:
        """Return the leading part of a value that belongs to it; empty when nothing does."""
        return value

    def find(self, text: str) -> Iterator[Span]:
        """Yield what the shapes find in `text`; spans may overlap."""
        import regex  # type: ignore[import-untyped] # no stubs

        for name, pattern, score in self.shapes:
            for match in regex.finditer(pattern, text, FLAGS, timeout=_SECONDS):
                value = self.trim(match["value"])
                if value and self.accepts(value, name):
                    start = match.start("value")
                    yield Span(self.entity, start, start + len(value), score, self.name)
