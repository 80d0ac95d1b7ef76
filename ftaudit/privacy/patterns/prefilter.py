"""Search columns of text for many prefilters at once, in time linear in the text.

A prefilter is a regular expression in the syntax that RE2 and Rust's regex crate share. It is
sound for something if that is never in a text in which the prefilter is not found.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import polars as pl

_MEMORY: Final = 64 << 20
"""Bytes that the automata of all prefilters may use together; each is emptied when full."""
_LEAST_MEMORY: Final = 16 << 20
"""Bytes that each may use in any case."""
_AT_ONCE: Final = 50
"""Most prefilters of an automaton. It has a state for every state that they are in together: of
fewer, its states are soon all built, and stay in the processor's cache."""
_MEMORY_OF_ONE: Final = 8 << 20
_BEGIN: Final = r"\A"
"""Found in every text, and once: of the empty pattern RE2 notes a match at every byte."""
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
        self._automata = None if re2 is None else _automata(re2, self._prefilters)

    def candidates(self, texts: pl.Series) -> Iterator[tuple[int, str, list[int]]]:
        """Yield (position, text, ascending prefilters found) of texts in which any is found."""
        if self._automata is None:
            yield from self._by_column(texts)
            return
        for position, data in enumerate(texts.cast(pl.Binary)):
            if data is None:
                continue
            indexes: list[int] = []
            for match, own in self._automata:
                # RE2 builds an automaton as it searches. When that outgrows its memory, `Match`
                # answers as if nothing matched; the pattern `_BEGIN`, which always matches, tells
                # the two apart. Then each of its prefilters counts as found: nothing is missed.
                hits = match(data)
                if hits is None:
                    indexes += own
                elif len(hits) > 1:
                    indexes += [own[hit - 1] for hit in hits if hit]
            if indexes:
                yield position, data.decode(), sorted(indexes)

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


def _automata(
    re2: Any,  # noqa: ANN401 - google-re2 has no types
    prefilters: Sequence[str],
) -> list[tuple[Callable[[bytes], Sequence[int] | None], range]]:
    """Compile all into automata of about as many each; return these, and which are theirs."""
    count = max(1, -(-len(prefilters) // _AT_ONCE))
    cuts = [len(prefilters) * i // count for i in range(count + 1)]
    memory = max(_LEAST_MEMORY, _MEMORY // count)
    return [(_set(re2, prefilters[a:b], memory), range(a, b)) for a, b in pairwise(cuts)]


def _set(
    re2: Any,  # noqa: ANN401 - google-re2 has no types
    prefilters: Sequence[str],
    memory: int,
) -> Callable[[bytes], Sequence[int] | None]:
    """Compile prefilters into one automaton, after `_BEGIN`, which is always found.

    RE2 says that nothing was found when it runs out of memory: then not even that one is.
    """
    automaton = re2.Set.SearchSet(_options(memory))
    try:
        for prefilter in (_BEGIN, *prefilters):
            automaton.Add(prefilter)
        automaton.Compile()
    except re2.error:
        msg = "a prefilter cannot be compiled"
        raise ValueError(msg) from None
    match: Callable[[bytes], Sequence[int] | None] = automaton.Match
    return match
