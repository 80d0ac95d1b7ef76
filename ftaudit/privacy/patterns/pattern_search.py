"""Many patterns over many texts in linear time: all at once for which, one by one for where."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from ftaudit.privacy.patterns.masked_prefilter import MaskedPrefilter
from ftaudit.privacy.patterns.prefilter import Prefilter


class PatternSearch:
    """Patterns in RE2's syntax, compiled together.

    Where RE2 cannot be imported (it has no wheel for some platforms) polars and Python's own
    engine stand in, with the same matches.
    """

    def __init__(
        self, patterns: Sequence[str], prefilter: Prefilter | MaskedPrefilter | None = None
    ) -> None:
        """Compile `patterns`; `find` names them by their indexes. `prefilter` is theirs, if any."""
        self._prefilter = prefilter or Prefilter(patterns)
        self._written = tuple(patterns)
        self._compiled: dict[int, re.Pattern[str]] = {}

    def find(
        self, texts: pl.Series
    ) -> "Iterator[tuple[int, str, list[tuple[int, re.Match[str]]]]]":
        """Yield (position, text, matches) of the texts that may have any, by ascending position.

        A match is the index of its pattern and what Python's `re` calls a match.
        """
        for position, text, hits in self._prefilter.candidates(texts):
            yield position, text, [(i, m) for i in hits for m in self._pattern(i).finditer(text)]

    def _pattern(self, index: int) -> "re.Pattern[str]":
        """Return a pattern, compiled when it is first needed: few of them are."""
        if index not in self._compiled:
            self._compiled[index] = compile_(self._written[index])
        return self._compiled[index]


def _refusals(engine: Any) -> tuple[type[Exception]]:  # noqa: ANN401 - the module re2, or None
    return (re.error if engine is None else engine.error,)


def compile_(pattern: str) -> Any:  # noqa: ANN401 - re2's or re's pattern: the same methods
    """Compile a pattern in RE2's syntax.

    Raises:
        ValueError: it is no such pattern.
    """
    try:
        import re2
    except ImportError:
        re2 = None
    try:
        if re2 is None:
            return re.compile(pattern)
        options = re2.Options()
        options.log_errors = False
        return re2.compile(pattern, options)
    except _refusals(re2):
        msg = "not a regular expression in RE2's syntax"
        raise ValueError(msg) from None
