"""The shape of a regular expression, widened: whatever the pattern matches, its shape matches.

Patterns are written for the `regex` module; the standard library's parser reads them, and what it
reads differently, or not at all, is refused (`Underivable`), never guessed. Widening drops anchors,
back-references and look-arounds, but for characters that must not come next, and lets every
non-ASCII character match wherever one might, so that a shape is a plain regular language which
linear-time engines can search.
"""

import re
import warnings
from collections.abc import Iterable
from importlib import import_module
from typing import Any, Final, TypeAlias

from msgspec import Struct

ASCII: Final = frozenset(range(128))
_DIGIT: Final = frozenset(range(48, 58))
_WORD: Final = _DIGIT | frozenset({*range(65, 91), *range(97, 123), 95})
_SPACE: Final = frozenset({9, 10, 11, 12, 13, 32})
_SPACE_OR_SEPARATOR: Final = _SPACE | frozenset(range(28, 32))
r"""`\s` holds the information separators (28-31) in `re` but not in `regex`."""
_FOLDED: Final = frozenset(map(ord, "iIkKsS"))
"""ASCII letters that non-ASCII ones fold to: dotted and dotless I, the Kelvin sign, long S."""
_FOLDING_TO_ASCII: Final = frozenset({0x130, 0x131, 0x17F, 0x212A})
"""Capital I with a dot, dotless i, long s and the Kelvin sign."""
_KNOWN_FLAGS: Final = 0x2 | 0x8 | 0x10 | 0x20 | 0x40 | 0x2000
"""I, M, S, U, X and V0 of the `regex` module: those that mean the same to the parser."""
_PARSED: Final = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE
_LATE_FLAGS: Final = re.compile(r"(?<!\\)(?<!^)\(\?([ims]+)\)")
_MOST: Final = 12
"""Repeats above this many are unbounded in the shape: it keeps the automata small."""
_LEAST: Final = 32
_NOT_RE: Final = re.compile(r"\[:\^?\w+:\]")
"""Syntax that `regex` reads as a POSIX class and the parser as plain characters."""


class Underivable(Exception):  # noqa: N818 - it says what the pattern is, and is always handled
    """No sound shape can be derived from this pattern."""


class Chars(Struct, frozen=True):
    """One character: an ASCII one of `ascii`, or, if `other`, any that is not ASCII."""

    ascii: frozenset[int]
    other: bool


class Seq(Struct, frozen=True):
    """One item after another."""

    items: tuple["Node", ...]


class Alt(Struct, frozen=True):
    """Any of the branches."""

    branches: tuple["Node", ...]


class Repeat(Struct, frozen=True):
    """`item`, from `low` to `high` times; without end if `high` is None."""

    low: int
    high: int | None
    item: "Node"


Node: TypeAlias = Chars | Seq | Alt | Repeat

_ANYTHING: Final = Repeat(0, None, Chars(ASCII, other=True))


def parse(pattern: str, flags: int) -> Node:
    """Return the widened shape of a pattern for the `regex` module under these flags of its.

    Raises:
        Underivable: the pattern or a flag means something here that the parser does not know.
    """
    tree = syntax(pattern, flags)
    return _Widening().sequence(tree, tree.state.flags)


def syntax(pattern: str, flags: int) -> Any:  # noqa: ANN401 - the parser's own, untyped tree
    """Return the standard library's parse tree of a pattern for the `regex` module.

    Raises:
        Underivable: as for `parse`.
    """
    if flags & ~_KNOWN_FLAGS or _NOT_RE.search(pattern):
        raise Underivable
    late = _LATE_FLAGS.search(pattern)
    if late:  # `regex` lets them stand anywhere; taken of the whole, they only widen its shape
        before, after = pattern[: late.start()], pattern[late.end() :]
        _tree(before, flags)
        return _tree(f"(?{late[1]}){before}{after}", flags)
    return _tree(pattern, flags)


def _tree(pattern: str, flags: int) -> Any:  # noqa: ANN401 - the parser's own, untyped tree
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return import_module("re._parser").parse(pattern, flags & _PARSED)
        except (re.error, Warning, OverflowError, RecursionError):
            raise Underivable from None


class _Widening:
    """One pattern's groups, while it is being widened."""

    def __init__(self) -> None:
        self.groups: dict[int, Node] = {}

    def sequence(self, tree: Iterable[tuple[Any, Any]], flags: int) -> Seq:
        items: list[Node] = []
        forbidden: list[tuple[int, frozenset[int]]] = []
        for code, argument in tree:
            if str(code) == "ASSERT_NOT":
                forbidden.append((len(items), _forbidden(*argument)))
            item = self.item(str(code), argument, flags)
            items += [] if item is None else [item]
        for place, characters in reversed(forbidden):
            if characters:
                items[place:] = _not_beginning_with(characters, items[place:])
        return Seq(tuple(items))

    def item(self, code: str, argument: Any, flags: int) -> Node | None:  # noqa: ANN401, C901, PLR0911, PLR0912 - one case per code of the parser's tree
        folds = bool(flags & re.IGNORECASE)
        match code:
            case "LITERAL":
                if argument == ord("{"):  # `regex` may read a fuzzy constraint
                    raise Underivable
                return _chars([("LITERAL", argument)], folds=folds)
            case "NOT_LITERAL":
                return _chars([("NEGATE", None), ("LITERAL", argument)], folds=folds)
            case "ANY":
                return Chars(ASCII, other=True)
            case "IN":
                return _chars([(str(c), a) for c, a in argument], folds=folds)
            case "BRANCH":
                return Alt(tuple(self.sequence(branch, flags) for branch in argument[1]))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                low, high, repeated = argument
                most = None if int(high) > _MOST else int(high)
                # lower bounds may fall and upper bounds rise: both only widen the shape
                return Repeat(min(int(low), _LEAST), most, self.sequence(repeated, flags))
            case "SUBPATTERN":
                group, added, removed, inner = argument
                node = self.sequence(inner, (flags | added) & ~removed)
                if group is not None:  # repeated under folding, it may match in another case
                    self.groups[group] = node if flags & re.IGNORECASE else _ANYTHING
                return node
            case "ATOMIC_GROUP":
                return self.sequence(argument, flags)
            case (
                "AT" | "ASSERT" | "ASSERT_NOT"
            ):  # without them a shape matches more; see `sequence`
                return None
            case "GROUPREF":
                return self.groups.get(argument, _ANYTHING)
            case "GROUPREF_EXISTS":
                _, yes, no = argument
                return Alt((self.sequence(yes, flags), self.sequence(no or (), flags)))
            case _:
                raise Underivable


def _forbidden(direction: int, tree: Any) -> frozenset[int]:  # noqa: ANN401 - the parser's
    """Return ASCII characters that a negative look-around certainly keeps from coming next."""
    if direction < 0 or len(tree) != 1:
        return frozenset()
    code, argument = str(tree[0][0]), tree[0][1]
    branches = argument[1] if code == "BRANCH" else [tree]
    singles = [branch[0] for branch in branches if len(branch) == 1]
    return frozenset[int]().union(*(_certainly(str(c), a) for c, a in singles))


def _certainly(code: str, argument: Any) -> frozenset[int]:  # noqa: ANN401 - the parser's
    """Return ASCII characters that are certainly one of an item, which is a character."""
    if code == "LITERAL":
        return frozenset({argument}) & ASCII
    if code != "IN" or str(argument[0][0]) == "NEGATE":
        return frozenset()
    return frozenset[int]().union(*(_range(str(c), a, certain=True) for c, a in argument))


def _not_beginning_with(characters: frozenset[int], items: list[Node]) -> list[Node]:
    """Return items that match what these match, unless it begins with one of some characters."""
    length = next((i + 1 for i, item in enumerate(items) if least(item)), 0)
    if not length:  # all may be absent, and what comes next is not known here
        return items
    begun = _begun_otherwise(characters, Seq(tuple(items[:length])))
    return items if begun is None else [begun, *items[length:]]


def _begun_otherwise(characters: frozenset[int], node: Node) -> Node | None:
    """Return what matches the same, but nothing that begins with some characters, nor nothing."""
    match node:
        case Chars(ascii_, other):
            left = ascii_ - characters
            return Chars(left, other=other) if left or other else None
        case Alt(branches):
            kept = (_begun_otherwise(characters, branch) for branch in branches)
            return _either([branch for branch in kept if branch is not None])
        case Repeat(low, high, item):
            first = _begun_otherwise(characters, item)
            more = Repeat(max(low - 1, 0), high and high - 1, item)
            return None if first is None else Seq((first, more))
        case Seq(items):
            ways: list[Node] = []
            for i, item in enumerate(items):
                first = _begun_otherwise(characters, item)
                ways += [] if first is None else [Seq((first, *items[i + 1 :]))]
                if least(item):
                    break
            return _either(ways)


def _either(ways: list[Node]) -> Node | None:
    return Alt(tuple(ways)) if len(ways) > 1 else next(iter(ways), None)


def _chars(items: list[tuple[str, Any]], *, folds: bool) -> Chars:
    # A negated class is widened by excluding only what is certainly excluded; a plain class by
    # including everything that is possibly included. Non-ASCII characters are never told apart.
    if items and items[0][0] == "NEGATE":
        certain = [_range(code, argument, certain=True) for code, argument in items[1:]]
        return Chars(ASCII.difference(*certain), other=True)
    possible = frozenset[int]().union(*(_range(c, a, certain=False) for c, a in items))
    beyond = any(_reaches_beyond_ascii(c, a) for c, a in items)
    category = any(code == "CATEGORY" for code, _ in items)
    if folds and any(_may_fold_to_ascii(c, a) for c, a in items):
        possible |= _WORD
    if folds:
        possible |= {
            ord(c) for i in possible if i in _WORD for c in (chr(i).lower(), chr(i).upper())
        }
    return Chars(possible, other=beyond or category or bool(folds and possible & _FOLDED))


def _range(code: str, argument: Any, *, certain: bool) -> frozenset[int]:  # noqa: ANN401 - the parser's
    """ASCII characters an item of a class holds: at least those (`certain`), or at most."""
    space, other_space = (_SPACE, _SPACE_OR_SEPARATOR)[:: 1 if certain else -1]
    categories = {
        "CATEGORY_DIGIT": _DIGIT,
        "CATEGORY_NOT_DIGIT": ASCII - _DIGIT,
        "CATEGORY_WORD": _WORD,
        "CATEGORY_NOT_WORD": ASCII - _WORD,
        "CATEGORY_SPACE": space,
        "CATEGORY_NOT_SPACE": ASCII - other_space,
    }
    match code:
        case "LITERAL":
            return frozenset({argument}) & ASCII
        case "RANGE":
            return frozenset(range(argument[0], min(argument[1], 127) + 1))
        case "CATEGORY" if str(argument) in categories:
            return categories[str(argument)]
        case _:
            raise Underivable


def _reaches_beyond_ascii(code: str, argument: Any) -> bool:  # noqa: ANN401 - the parser's
    last = argument if code == "LITERAL" else argument[1] if code == "RANGE" else 0
    return bool(last > 127)


def _may_fold_to_ascii(code: str, argument: Any) -> bool:  # noqa: ANN401 - the parser's
    """Whether a non-ASCII character of an item may equal an ASCII one under folding.

    Of single characters only four do (Unicode, CaseFolding.txt, simple foldings and the Turkic
    ones); ranges are taken to hold one of them.
    """
    if code == "LITERAL":
        return argument in _FOLDING_TO_ASCII
    return _reaches_beyond_ascii(code, argument)


def least(node: Node) -> int:
    """Return the fewest characters `node` can match."""
    match node:
        case Chars():
            return 1
        case Seq(items):
            return sum(map(least, items))
        case Alt(branches):
            return min(map(least, branches))
        case Repeat(low, _, item):
            return low * least(item)


def to_re2(node: Node) -> str:
    """Write `node` in the syntax that RE2 and Rust's regex crate share."""
    match node:
        case Chars(ascii_, other):
            return _class(ascii_, other=other)
        case Seq(items):
            return "".join(map(to_re2, items))
        case Alt(branches):
            return f"(?:{'|'.join(map(to_re2, branches))})"
        case Repeat(low, high, item):
            text = to_re2(item)
            text = text if isinstance(item, Chars | Alt) else f"(?:{text})"
            return text if low == high == 1 else text + _times(low, high)


def _times(low: int, high: int | None) -> str:
    match low, high:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{low},}}"
        case _:
            return f"{{{low}}}" if low == high else f"{{{low},{high}}}"


def _class(ascii_: frozenset[int], *, other: bool) -> str:
    starts = sorted(c for c in ascii_ if c - 1 not in ascii_)
    ends = sorted(c for c in ascii_ if c + 1 not in ascii_)
    ranges = (
        rf"\x{a:02x}-\x{b:02x}" if a < b else rf"\x{a:02x}"
        for a, b in zip(starts, ends, strict=True)
    )
    body = "".join(ranges) + (r"\x{80}-\x{10FFFF}" if other else "")
    return f"[{body}]" if body else r"[^\x00-\x{10FFFF}]"


_BREAKS: Final = frozenset(b"\t\n\r ")


def is_within_words(pattern: str, flags: int) -> bool:
    """Whether matches never hold a tab, line break or space, nor depend on what is beyond one.

    Such a pattern finds in a text exactly what it finds in each of its words.

    Raises:
        Underivable: as for `parse`.
    """
    return _all_within_words(syntax(pattern, flags))


def _all_within_words(tree: Iterable[tuple[Any, Any]]) -> bool:
    return all(_within_words(str(code), argument) for code, argument in tree)


def _within_words(code: str, argument: Any) -> bool:  # noqa: ANN401, PLR0911 - the parser's, one case per code
    match code:
        case "LITERAL":
            return argument not in _BREAKS
        case "IN":
            return not _chars([(str(c), a) for c, a in argument], folds=False).ascii & _BREAKS
        case "AT":
            return str(argument) == "AT_BOUNDARY"
        case "ASSERT" | "ASSERT_NOT":
            return _all_within_words(argument[1]) and bool(argument[1].getwidth()[0])
        case "BRANCH":
            return all(map(_all_within_words, argument[1]))
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _all_within_words(argument[2])
        case "SUBPATTERN":
            return _all_within_words(argument[3])
        case _:
            return False


def ends_with_group(pattern: str, group: int) -> bool:
    """Whether a match in which this group takes part always ends where the group ends."""
    return _ends_with(import_module("re._parser").parse(pattern), group)


def _ends_with(tree: Any, group: int) -> bool:  # noqa: ANN401 - the parser's
    if not len(tree):
        return False
    code, argument = tree[-1]
    match str(code):
        case "SUBPATTERN":
            return argument[0] == group or _ends_with(argument[3], group)
        case "MAX_REPEAT":
            return int(argument[1]) == 1 and _ends_with(argument[2], group)
        case _:
            return False
