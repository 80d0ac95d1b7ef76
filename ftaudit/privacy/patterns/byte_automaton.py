"""A shape as an automaton over bytes of UTF-8, and the sequences of bytes that pass a place of it.

A set of bytes is a whole number whose bit `b` says whether byte `b` is in it.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Final, TypeAlias

from msgspec import Struct

from ftaudit.privacy.patterns.regex_ir import Alt, Chars, Node, Repeat, Seq

ByteSet: TypeAlias = int
Mask: TypeAlias = tuple[ByteSet, ...]
"""Sets of bytes, one for each of some consecutive bytes."""

LONGEST: Final = 10
"""Bytes of the longest mask."""


def byte_set(members: Iterable[int]) -> ByteSet:
    """Return the set of some bytes."""
    return reduce(or_, (1 << byte for byte in members), 0)


_CONTINUING: Final = byte_set(range(0x80, 0xC0))
_LEADING: Final = tuple(map(byte_set, (range(0xC2, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF5))))
"""First bytes of characters of two, three and four bytes (Unicode Standard, table 3-7)."""


class CutPoint(Struct, frozen=True):
    """A state that every match of a part passes, and such states within the part."""

    state: int
    within: tuple["CutPoint", ...] = ()
    branches: bool = False
    """Whether a match passes only one of those within, and not all."""


class ByteAutomaton:
    """The states that a match of a shape passes, byte by byte."""

    def __init__(self, node: Node) -> None:
        """Build the automaton of a shape that does not match the empty text."""
        self._free: list[list[int]] = [[]]
        self._moves: list[list[tuple[ByteSet, int]]] = [[]]
        self._end = 0
        self._stepped: dict[frozenset[int], dict[frozenset[int], ByteSet] | None] = {}
        cut = self._build(node, self._end)[1]
        if cut is None:
            msg = "the shape may match the empty text"
            raise ValueError(msg)
        self.cut = cut

    def masks(self, state: int, most: int) -> frozenset[Mask]:
        """Return masks of which one fits what follows the passing of a state in every match.

        Sequences are told apart up to `most` masks; beyond, their sets of bytes are united. A mask
        is shorter than `LONGEST` where a match may end before; `()` fits anything.
        """
        whole: set[Mask] = set()
        partial: set[tuple[Mask, frozenset[int]]] = {((), frozenset({state}))}
        apart = True
        for _ in range(LONGEST):
            steps = [(mask, self._step(states)) for mask, states in partial]
            whole.update(mask for mask, step in steps if step is None)
            going = [(mask, step) for mask, step in steps if step is not None]
            apart = apart and len(whole) + sum(len(step) for _, step in going) <= most
            partial = {
                ((*mask, members), states)
                for mask, step in going
                for states, members in (step.items() if apart else (_united(step),))
            }
        return frozenset(whole | {mask for mask, _ in partial})

    def _step(self, states: frozenset[int]) -> dict[frozenset[int], ByteSet] | None:
        """Return which bytes lead to which states; None where a match may end here."""
        if states not in self._stepped:
            self._stepped[states] = self._stepped_from(states)
        return self._stepped[states]

    def _stepped_from(self, states: frozenset[int]) -> dict[frozenset[int], ByteSet] | None:
        reached, ahead = set(states), list(states)
        while ahead:
            more = [state for state in self._free[ahead.pop()] if state not in reached]
            reached.update(more)
            ahead += more
        if self._end in reached:
            return None
        of_bytes: dict[ByteSet, set[int]] = {}
        for state in reached:
            for members, following in self._moves[state]:
                of_bytes.setdefault(members, set()).add(following)
        steps: dict[frozenset[int], ByteSet] = {}
        for members, targets in of_bytes.items():
            key = frozenset(targets)
            steps[key] = steps.get(key, 0) | members
        return steps

    def _state(self) -> int:
        self._free.append([])
        self._moves.append([])
        return len(self._free) - 1

    def _build(self, node: Node, end: int) -> tuple[int, CutPoint | None]:
        """Add the states of a part that leads to `end`; return its first, and where it is cut.

        There is no place to cut it if it may match nothing.
        """
        match node:
            case Chars(ascii_, other):
                state = self._character(byte_set(ascii_), end, other=other)
                return state, CutPoint(state)
            case Seq(items):
                return self._sequence(items, end)
            case Alt(branches):
                return self._alternatives(branches, end)
            case Repeat(low, high, item):
                return self._repeated(low, high, item, end)

    def _character(self, ascii_: ByteSet, end: int, *, other: bool) -> int:
        state = self._state()
        if ascii_:
            self._moves[state].append((ascii_, end))
        following = end
        for leading in _LEADING if other else ():
            continuing = self._state()
            self._moves[continuing].append((_CONTINUING, following))
            self._moves[state].append((leading, continuing))
            following = continuing
        return state

    def _sequence(self, items: Iterable[Node], end: int) -> tuple[int, CutPoint | None]:
        cuts: list[CutPoint] = []
        for item in reversed([*items]):
            end, cut = self._build(item, end)
            if cut is not None:
                cuts.insert(0, cut)
        return end, CutPoint(end, tuple(cuts)) if cuts else None

    def _alternatives(self, branches: Iterable[Node], end: int) -> tuple[int, CutPoint | None]:
        state = self._state()
        built = [self._build(branch, end) for branch in branches]
        self._free[state] = [first for first, _ in built]
        cuts = tuple(cut for _, cut in built if cut is not None)
        return state, CutPoint(state, cuts, branches=True) if len(cuts) == len(built) else None

    def _repeated(
        self, low: int, high: int | None, item: Node, end: int
    ) -> tuple[int, CutPoint | None]:
        following = end
        if high is None:
            following = self._state()
            self._free[following] = [self._build(item, following)[0], end]
        for _ in range(high - low if high is not None else 0):
            optional = self._state()
            self._free[optional] = [self._build(item, following)[0], end]
            following = optional
        copies = self._sequence([item] * low, following)
        # of many copies only the last differ in what follows
        cut = copies[1]
        if cut is None:
            return copies
        return copies[0], CutPoint(cut.state, (*cut.within[:1], *cut.within[1:][-LONGEST:]))


def _united(step: dict[frozenset[int], ByteSet]) -> tuple[frozenset[int], ByteSet]:
    return frozenset().union(*step), reduce(or_, step.values(), 0)
