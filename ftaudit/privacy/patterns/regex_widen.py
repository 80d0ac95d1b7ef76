"""Simplify a shape without changing which texts hold a match of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log2
from typing import Final

from ftaudit.privacy.patterns.regex_ir import (
    Alt,
    Chars,
    Node,
    Repeat,
    Seq,
    Underivable,
    least,
    parse,
    to_re2,
)

_NEARLY_ANY: Final = 60
"""ASCII characters of a class above which it says next to nothing."""
_WIDE: Final = 6
"""Characters of a gap at which a pattern is cut."""
_COUNTED: Final = 4
"""Repeats that are counted where a shape need not be exact."""


def widen(patterns: Sequence[str], flags: int) -> str:
    """Return RE2 syntax that finds something in every text in which a pattern does.

    Raises:
        Underivable: a pattern cannot be read, or matches the empty text.
    """
    shapes = list(dict.fromkeys(shape(pattern, flags) for pattern in patterns))
    kept = _without_implied(shapes)
    return to_re2(factor(Alt(tuple(kept)) if len(kept) > 1 else kept[0]))


def shape(pattern: str, flags: int) -> Node:
    """Return the smallest shape found that is in every text in which the pattern matches.

    Raises:
        Underivable: the pattern cannot be read, or matches the empty text.
    """
    node = flatten(parse(pattern, flags))
    for _ in range(2):
        node = flatten(trim(node, from_start=True))
        node = flatten(trim(node, from_start=False))
    if least(node) == 0:
        raise Underivable
    return node


def widen_to_core(pattern: str, flags: int) -> str:
    """Return RE2 syntax for the most telling part of a pattern: it is in every text with a match.

    An automaton for many patterns at once remembers, for each, whether its cue was seen and its
    value may follow; with a wide gap between the two it needs a state for every set of cues. So
    patterns are cut at their gaps, and the part that fewest texts hold is searched: a match holds
    each part.

    Raises:
        Underivable: as for `widen`.
    """
    return to_re2(factor(core(shape(pattern, flags))))


def widen_roughly(pattern: str, flags: int) -> str:
    """Return what `widen` returns for a pattern, with repeats that are hardly counted.

    It is found in hardly more texts, by an automaton of far fewer states.

    Raises:
        Underivable: as for `widen`.
    """
    return to_re2(factor(loosen(shape(pattern, flags), _COUNTED)))


def core(node: Node, *, foreign: float = 7.0) -> Node:
    """Return the most telling part of a shape; `foreign` as for `telling`."""
    parts = [part for part in _parts(node) if least(part)]
    most = max(parts, key=lambda part: telling(part, foreign=foreign)) if len(parts) > 1 else node
    for from_start in (True, False):
        most = flatten(trim(most, from_start=from_start))
    return most


def loosen(node: Node, most: int) -> Node:
    """Let no repeat of a shape count further than `most`: what repeats more, repeats without end.

    The shape is in more texts then, and an automaton for it has fewer states.
    """
    match node:
        case Seq(items):
            return Seq(tuple(loosen(item, most) for item in items))
        case Alt(branches):
            return Alt(tuple(loosen(branch, most) for branch in branches))
        case Repeat(low, high, item):
            end = high if high is not None and high <= most else None
            return Repeat(min(low, most), end, loosen(item, most))
        case Chars():
            return node


def _parts(node: Node) -> list[Node]:
    """Cut a sequence at the repeats of nearly any character."""
    parts: list[list[Node]] = [[]]
    for item in _items(node):
        if _is_gap(item):
            parts.append([])
        else:
            parts[-1].append(item)
    return [flatten(Seq(tuple(items))) for items in parts]


def _is_gap(node: Node) -> bool:
    match node:
        case Repeat(_, high, Chars(ascii_, _)):
            return len(ascii_) > _NEARLY_ANY and (high is None or high >= _WIDE)
        case Repeat(0, _, Seq(items)):
            return any(map(_is_gap, items))
        case _:
            return False


def telling(node: Node, *, foreign: float = 7.0) -> float:
    """Return the bits that the characters of a match tell at least; digits tell more than words.

    `foreign`: the bits of a character that may be any that is not ASCII.
    """
    match node:
        case Chars(ascii_, _):
            return log2(128 / len(ascii_)) if ascii_ else foreign
        case Seq(items):
            return sum(telling(item, foreign=foreign) for item in items)
        case Alt(branches):
            return min(telling(branch, foreign=foreign) for branch in branches)
        case Repeat(low, _, item):
            return low * telling(item, foreign=foreign)


def flatten(node: Node) -> Node:
    """Dissolve sequences in sequences, alternations in alternations, single repeats."""
    match node:
        case Seq(items):
            flat = Seq(tuple(part for item in items for part in _items(flatten(item))))
            return flat.items[0] if len(flat.items) == 1 else flat
        case Alt(branches):
            return Alt(tuple(part for branch in branches for part in _branches(flatten(branch))))
        case Repeat(1, 1, item):
            return flatten(item)
        case Repeat(low, high, item):
            return Repeat(low, high, flatten(item))
        case Chars():
            return node


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Seq) else (node,)


def _branches(node: Node) -> tuple[Node, ...]:
    return node.branches if isinstance(node, Alt) else (node,)


def trim(node: Node, *, from_start: bool) -> Node:
    """Cut one outer edge to its minimum: a text that holds X{2,5} holds X{2}, and the reverse."""
    # Only whether a text holds a match counts, not where it ends. So an edge may shrink to the
    # least that every match has there: `\d{4,19}$` becomes `\d{4}`, `a?bc` becomes `bc`. Inner
    # parts keep their bounds, since both of their neighbours must still touch them.
    match node:
        case Seq(items):
            return Seq(_trim_items(items, from_start=from_start))
        case Alt(branches):
            trimmed = (flatten(trim(branch, from_start=from_start)) for branch in branches)
            return Alt(_shortest(trimmed, from_start=from_start))
        case Repeat(low, _, item):
            return Repeat(low, low, item)
        case Chars():
            return node


def _trim_items(items: Sequence[Node], *, from_start: bool) -> tuple[Node, ...]:
    order = list(items if from_start else reversed(items))
    while order:
        edge = trim(order[0], from_start=from_start)
        if least(edge):
            order[0] = edge
            break
        order.pop(0)  # it may be absent
    return tuple(order if from_start else reversed(order))


def _shortest(branches: Iterable[Node], *, from_start: bool) -> tuple[Node, ...]:
    """Drop branches that only extend another one beyond the outer edge."""
    kept: dict[tuple[Node, ...], Node] = {}
    for branch in sorted(branches, key=lambda b: len(_items(b))):
        inwards = _items(branch)[::-1] if from_start else _items(branch)
        if not any(inwards[:n] in kept for n in range(len(inwards) + 1)):
            kept[inwards] = branch
    return tuple(kept.values())


def factor(node: Node) -> Node:
    """Share the common starts of alternatives; same language, smaller automata."""
    match node:
        case Seq(items):
            return Seq(tuple(map(factor, items)))
        case Repeat(low, high, item):
            return Repeat(low, high, factor(item))
        case Alt(branches):
            return _factored(branches)
        case Chars():
            return node


def _factored(branches: Sequence[Node]) -> Node:
    groups: defaultdict[Node | None, list[tuple[Node, ...]]] = defaultdict(list)
    for branch in branches:
        items = _items(branch)
        groups[items[0] if items else None].append(items)
    return Alt(tuple(_shared_start(start, rest) for start, rest in groups.items()))


def _shared_start(start: Node | None, branches: Sequence[tuple[Node, ...]]) -> Node:
    if start is None or len(branches) == 1:
        return factor(Seq(branches[0]))
    rests = tuple(Seq(items[1:]) for items in branches)
    return Seq((factor(start), factor(Alt(rests))))


def _without_implied(shapes: Sequence[Node]) -> list[Node]:
    """Drop shapes whose every match holds a match of one that is kept."""
    # A recognizer often has a strict and a weak pattern for the same thing; the weak one's shape
    # is in every text that the strict one's is in, and one automaton less is searched.
    kept = list(shapes)
    for candidate in shapes:
        if any(other is not candidate and _holds(candidate, other) for other in kept):
            kept.remove(candidate)
    return kept


def _holds(big: Node, small: Node) -> bool:
    """Whether every match of `big` holds one of `small`. May say no where it is yes."""
    # Slide the items of `small` along those of `big`. A no only costs a larger automaton; a wrong
    # yes would lose findings, so only cases that are certain are answered with yes.
    whole, part = _items(big), _items(small)
    return any(
        all(_covers(whole[i + j], part[j], j == 0, j == len(part) - 1) for j in range(len(part)))
        for i in range(len(whole) - len(part) + 1)
    )


def _covers(big: Node, small: Node, first: bool, last: bool) -> bool:  # noqa: FBT001 - two sides, always both given
    if big == small:
        return True
    if first == last:  # an inner item, or the only one: nothing of it may be left out
        return False
    if last and isinstance(big, Alt) and isinstance(small, Alt):
        starts = set(map(_items, small.branches))
        return all(
            any(_items(b)[:n] in starts for n in range(1, len(_items(b)) + 1)) for b in big.branches
        )
    (times, unit), (needed, small_unit) = _repeated(big), _repeated(small)
    exact = not isinstance(small, Repeat) or small.low == small.high
    return unit == small_unit and times >= needed and exact


def _repeated(node: Node) -> tuple[int, Node]:
    return (node.low, node.item) if isinstance(node, Repeat) else (1, node)
