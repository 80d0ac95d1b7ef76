"""Search columns of text for many prefilters at once, in time linear in the text.

A prefilter is a regular expression in the syntax that RE2 and Rust's regex crate share. It is
sound for something if that is never in a text in which the prefilter is not found.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Final, TypeAlias

import polars as pl

SetMatch: TypeAlias = Callable[[bytes], Sequence[int]]
"""Returns what an automaton finds in a text: 0, and one more than the place of each prefilter.

Nothing, not even 0, when it ran out of memory."""
_Automaton: TypeAlias = tuple[SetMatch, Sequence[int]]
"""An automaton, and the indexes of its prefilters."""

_MEMORY: Final = 64 << 20
"""Bytes that the automata of all prefilters may use together; each is emptied when full."""
_LEAST_MEMORY: Final = 16 << 20
"""Bytes that each may use in any case."""
_AT_ONCE: Final = 50
"""Most prefilters of an automaton. It has a state for every state that they are in together: of
fewer, its states are soon all built, and stay in the processor's cache."""
_RUNS_AT_ONCE: Final = 25
"""Most prefilters of an automaton for runs of digits and letters (`_BEGINS_A_RUN`)."""
_BEGINS_A_RUN: Final = re.compile(r"(?:\(\?:)*\[[^\]]*(?:\\x3[0-9]|\]\[[^\]]*-[^\]]*\](?:[+*]|\{))")
"""A prefilter, as `to_re2` writes it, that begins with a digit or a run of letters.

It counts what it has seen of a number or a word, and for each count an automaton needs all states
of its other prefilters again. Kept apart from those that begin with a cue, as most do, they are
searched in a tenth of the time in texts of many scripts, in two thirds of it in code, and in nine
tenths in English."""
_MEMORY_OF_ONE: Final = 8 << 20
_AT_A_TIME: Final = 4 << 20
"""Bytes of text, about, that an automaton searches before the next one does."""
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
            compiled = re2.compile(prefilter, _options(_MEMORY_OF_ONE))
        except re2.error:
            msg = "the prefilter is too large"
            raise ValueError(msg) from None
        self._place = place_finder(compiled)

    def is_in(self, data: bytes) -> bool:
        """Whether it is found in a text, given as UTF-8."""
        return self._place(data, 0, len(data))[0] >= 0

    def words(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield (byte offset, word) of the words of a text in UTF-8 in which it is found.

        Words are what is between tabs, line breaks and spaces; a prefilter that can hold one of
        these finds more than words, and must not be asked for them.
        """
        last, size = 0, len(data)
        while (place := self._place(data, last, size))[0] >= 0:
            start, last = _word(data, *place)
            yield start, data[start:last]


def place_finder(compiled: Any) -> Callable[[bytes, int, int], tuple[int, int]]:  # noqa: ANN401 - google-re2 has no types
    """Return what finds a compiled expression between two places of a text in UTF-8.

    It returns the places where the first match starts and ends, or (-1, -1). It calls what
    `search` calls, which takes several times as long as the search itself; where a release of
    google-re2 has that under another name, `search`.
    """
    re2 = load_re2()
    try:
        quick = partial(compiled._regexp.Match, re2._Anchor.UNANCHORED)  # noqa: SLF001 - see above
        _, _ = quick(b"", 0, 0)[0]
    except (AttributeError, IndexError, TypeError, ValueError):
        return partial(_place_by_search, compiled)
    return lambda data, start, end: quick(data, start, end)[0]


def _place_by_search(compiled: Any, data: bytes, start: int, end: int) -> tuple[int, int]:  # noqa: ANN401 - google-re2 has no types
    match = compiled.search(data, start, end)
    return match.span() if match else (-1, -1)


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
        self._automata: list[_Automaton] | None = None
        if re2 is not None:
            self._automata = _automata(re2, self._prefilters, range(len(self._prefilters)))

    def candidates(self, texts: pl.Series) -> Iterator[tuple[int, str, list[int]]]:
        """Yield (position, text, ascending prefilters found) of texts in which any is found."""
        if self._automata is None:
            yield from self._by_column(texts)
            return
        whole = texts.cast(pl.Binary)
        step = max(1, len(texts) * _AT_A_TIME // max(int(whole.bin.size().sum()), _AT_A_TIME))
        for start in range(0, len(texts), step):
            part = whole.slice(start, step)
            data_of = {start + i: data for i, data in enumerate(part) if data is not None}
            hits_of = _hits_of(self._automata, data_of)
            for position in sorted(hits_of):
                yield position, data_of[position].decode(), sorted(hits_of[position])

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


def _hits_of(automata: Iterable[_Automaton], data_of: dict[int, bytes]) -> dict[int, list[int]]:
    """Return the prefilters found in texts, by the positions of these."""
    hits_of: dict[int, list[int]] = {}
    for match, own in automata:
        # one automaton after the other: its states stay in the processor's cache
        for position, indexes in _hits(match, own, data_of).items():
            hits_of.setdefault(position, []).extend(indexes)
    return hits_of


def _hits(
    match: SetMatch, own: Sequence[int], data_of: dict[int, bytes]
) -> dict[int, Sequence[int]]:
    """Return which of its own prefilters an automaton finds in texts, by their positions."""
    hits_of: dict[int, Sequence[int]] = {}
    for position, hits in zip(data_of, map(match, data_of.values()), strict=True):
        # RE2 builds an automaton as it searches. When that outgrows its memory, `Match` answers as
        # if nothing matched; the pattern `_BEGIN`, which always matches, tells the two apart. Then
        # each of its prefilters counts as found: nothing is missed.
        if not hits:
            hits_of[position] = own
        elif len(hits) > 1:
            hits_of[position] = [own[hit - 1] for hit in hits if hit]
    return hits_of


def match_of_one(prefilter: str) -> SetMatch:
    """Return what finds one prefilter in a text in UTF-8. Needs google-re2.

    Raises:
        ValueError: it is not a regular expression that RE2 can compile.
    """
    return _set(load_re2(), [prefilter], _MEMORY_OF_ONE)


def _automata(
    re2: Any,  # noqa: ANN401 - google-re2 has no types
    prefilters: Sequence[str],
    members: Sequence[int],
) -> list[_Automaton]:
    """Compile some into automata; return these, and which are theirs."""
    shares = _shares(prefilters, members)
    memory = max(_LEAST_MEMORY, _MEMORY // max(len(shares), 1))
    return [(_set(re2, [prefilters[i] for i in own], memory), own) for own in shares]


def _shares(prefilters: Sequence[str], members: Sequence[int]) -> list[Sequence[int]]:
    """Divide prefilters among automata: runs of digits and letters apart, if there are many."""
    if len(members) <= _AT_ONCE:
        return [members]
    runs = [i for i in members if _BEGINS_A_RUN.match(prefilters[i])]
    others = sorted(set(members).difference(runs))
    return [*_evenly(runs, _RUNS_AT_ONCE), *_evenly(others, _AT_ONCE)]


def _evenly(members: Sequence[int], most: int) -> list[Sequence[int]]:
    """Cut a sequence into as few pieces as may be, of about as many each."""
    count = -(-len(members) // most)
    cuts = [len(members) * i // count for i in range(count + 1)] if count else []
    return [members[a:b] for a, b in pairwise(cuts)]


def _set(
    re2: Any,  # noqa: ANN401 - google-re2 has no types
    prefilters: Sequence[str],
    memory: int,
) -> SetMatch:
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
    match: SetMatch = automaton._set.Match  # noqa: SLF001 - what `Match` calls, once per text
    return match
