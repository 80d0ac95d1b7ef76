"""A regular expression that is compiled when it is first used.

Compiling the expressions of all rooms takes longer than scanning a small file, and few of them are
used in one run.
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class LazyPattern:
    """`re.Pattern`, compiled when it is first used; the methods are its own."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        """Keep what `re.compile` takes."""
        self.pattern, self._flags = pattern, flags

    @cached_property
    def compiled(self) -> "re.Pattern[str]":
        """The pattern itself."""
        return re.compile(self.pattern, self._flags)

    def search(self, text: str, *span: int) -> "re.Match[str] | None":
        """Return the first match in the text, or in a span of it."""
        return self.compiled.search(text, *span)

    def match(self, text: str, *span: int) -> "re.Match[str] | None":
        """Return the match at the start of the text, or of a span of it."""
        return self.compiled.match(text, *span)

    def fullmatch(self, text: str, *span: int) -> "re.Match[str] | None":
        """Return the match of the whole text, or of a span of it."""
        return self.compiled.fullmatch(text, *span)

    def finditer(self, text: str, *span: int) -> "Iterator[re.Match[str]]":
        """Yield the matches that do not overlap."""
        return self.compiled.finditer(text, *span)

    def findall(self, text: str) -> list[Any]:
        """Return the groups of all matches, or the matches where there are no groups."""
        return self.compiled.findall(text)

    def sub(self, replacement: "str | Callable[[re.Match[str]], str]", text: str) -> str:
        """Return the text with every match replaced."""
        return self.compiled.sub(replacement, text)

    def split(self, text: str) -> "list[str | Any]":
        """Return the text between matches, and the groups of the matches."""
        return self.compiled.split(text)
