"""Search columns of text for many prefilters at once, in time linear in the text.

A prefilter is a regular expression in the syntax that RE2 and Rust's regex crate share. It is
sound for something if that is never in a text in which the prefilter is not found.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import polars as pl

_MEMORY: Final = 64 << 20
"""Bytes that the automaton of all prefilters may use; it is emptied when full."""
_MEMORY_OF_ONE: Final = 8 << 20
_BREAKS: Final = b"\t\n\r "


def load_re2() -> Any:  # noqa: ANN401 - google-re2 has no types
    """Return google-re2, or None where it has no wheel."""
    try:
        import re2
    except ImportError:
        return None
    return re2


def usable(prefilter: str) -> bool:
    """Whether the engine there is can compile a prefilter."""
    try:
        if load_re2() is None:
            pl.Series([""]).str.contains(prefilter)
        else:
            Finder(prefilter)
    except (pl.exceptions.ComputeError, ValueError):
        return False
    return True


def _options(memory: int) -> Any:  # noqa: ANN401 - google-re2 has no types
    options = load_re2().Options()
    options.max_mem, options.dot_nl, options.log_errors = memory, True, False
    return options


class Finder:
    """Where one prefilter is found in a text. Needs google-re2."""

    def __init__(self, prefilter: str) -> None:
        """Compile it.

        Raises:
            ValueError: it is too large.
        """
        re2 = load_re2()
        try:
            self._compiled = re2.compile(prefilter, _options(_MEMORY_OF_ONE))
        except re2.error:
            msg = "the prefilter is too large"
            raise ValueError(msg) from None

    def is_in(self, data: bytes) -> bool:
        """Whether it is found in a text, given as UTF-8."""
        return self._compiled.search(data) is not None

    def words(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield (byte offset, word) of the words of a text in UTF-8 in which it is found.

        Words are what is between tabs, line breaks and spaces; a prefilter that can hold one of
        these finds more than words, and must not be asked for them.
        """
        last = 0
        for match in self._compiled.finditer(data):
            start, end = match.span()
            if start >= last:
                start, last = _word(data, start, end)
                yield start, data[start:last]


def _word(data: bytes, start: int, end: int) -> tuple[int, int]:
    while start > 0 and data[start - 1] not in _BREAKS:
        start -= 1
    while end < len(data) and data[end] not in _BREAKS:
        end += 1
    return start, end


class Prefilter:
    """All prefilters at once, over columns of text."""

    def __init__(self, prefilters: Sequence[str]) -> None:
        """Compile prefilters, which are known by their place in the sequence from then on.

        Raises:
            ValueError: one is not a regular expression that the engine can compile.
        """
        self._prefilters = tuple(prefilters)
        re2 = load_re2()
        self._match = None if re2 is None else _set(re2, self._prefilters)

    def candidates(self, texts: pl.Series) -> Iterator[tuple[int, str, list[int]]]:
        """Yield (position, text, ascending prefilters found) of texts in which any is found."""
        if self._match is None:
            yield from self._by_column(texts)
            return
        # RE2 searches with a lazily built automaton. When it grows beyond its memory, `Match`
        # answers as if nothing matched; the empty pattern, which always matches, tells the two
        # apart. Then every prefilter counts as found: slower, and nothing is missed.
        everything = list(range(len(self._prefilters)))
        for position, data in enumerate(texts.cast(pl.Binary)):
            if data is None:
                continue
            hits = self._match(data)
            if hits is None:
                yield position, data.decode(), everything
            elif len(hits) > 1:
                yield position, data.decode(), sorted(hit - 1 for hit in hits if hit)

    def _by_column(self, texts: pl.Series) -> Iterator[tuple[int, str, list[int]]]:
        if not self._prefilters:
            return
        flags_of = {
            str(i): pl.col("text").str.contains(prefilter)
            for i, prefilter in enumerate(self._prefilters)
        }
        frame = pl.DataFrame({"text": texts}).with_row_index("position").with_columns(**flags_of)
        for position, text, *flags in frame.filter(pl.any_horizontal(*flags_of)).iter_rows():
            yield position, text, [i for i, flag in enumerate(flags) if flag]


def _set(re2: Any, prefilters: Sequence[str]) -> Callable[[bytes], Sequence[int] | None]:  # noqa: ANN401 - google-re2 has no types
    """Compile all into one automaton, after an empty one, which is always found.

    RE2 says that nothing was found when it runs out of memory: then not even that one is.
    """
    automaton = re2.Set.SearchSet(_options(_MEMORY))
    try:
        for prefilter in ("", *prefilters):
            automaton.Add(prefilter)
        automaton.Compile()
    except re2.error:
        msg = "a prefilter cannot be compiled"
        raise ValueError(msg) from None
    match: Callable[[bytes], Sequence[int] | None] = automaton.Match
    return match
