"""Short sequences of sets of bytes of which one is in every text with a match of a pattern.

They are cut where they cost least: where few texts have them, and few bytes look like them.
"""

from collections.abc import Iterable
from functools import cache
from math import exp, inf, prod
from typing import Final, NamedTuple

from ftaudit.privacy.patterns.byte_automaton import (
    ByteAutomaton,
    ByteSet,
    CutPoint,
    Mask,
    byte_set,
)
from ftaudit.privacy.patterns.byte_shares import share
from ftaudit.privacy.patterns.regex_ir import Node
from ftaudit.privacy.patterns.regex_widen import flatten

GRAM: Final = 4
"""Consecutive symbols by which the place of a mask is noticed."""
_GROUPS: Final = (
    *("a", "b", "c", "d", "e", "f", "g", "h", "i", "jq", "k", "l", "m", "n", "o", "p", "r", "s"),
    *("t", "u", "v", "w", "xz", "y", "0123456789", " \t\n\r\v\f", ".", "-_/", ":=@"),
)
"""ASCII characters of each symbol, from the first on; of letters both cases."""
_NOT_ASCII: Final = len(_GROUPS) + 1
_OTHER: Final = _NOT_ASCII + 1
SYMBOLS: Final = _OTHER + 1
"""How many there are: a power of two. The symbol 0 stands for what is beyond a text."""

_APART: Final = (1, 16, 128)
"""Masks that are told apart at a place, at most: each is tried."""
_SEARCH: Final = 1_300.0
"""Nanoseconds, about, of searching a text in which a mask was found."""
_CHECK: Final = 10.0
"""Nanoseconds of comparing a mask with the bytes of a text, where its gram was found."""
_ROOM: Final = 1e-6
"""What each gram of a mask costs by taking room."""
_LENGTH: Final = 500
"""Bytes of an ordinary text, which is searched once however often it has a mask."""
_UNSURE: Final = 0.1
"""What a place with a mask costs even in a text that has others: where shares are misjudged, the
rarer masks are still the better ones."""
_COMMON: Final = (
    (
        25,
        """_the the_ _of_ and_ _and ing_ ____ tion _to_ _in_ _for _is_ e_th for_ n_th _you are_ s_th
    _are _tha f_th""",
    ),
    (
        7,
        """ther he_s of_t hat_ s_of atio esti d_th s_an _on_ _how _he_ how_ you_ our_ _wit ng_t s_to
    in_t his_ _as_ ion_ with stio her_ e_to that he_t _has ctio _she he_c has_ ith_ ent_ any_ nd_t
    re_a _man e_of otal tota _tot tal_ _con each s_in ting ow_m she_ ere_ t_th es_a he_p stru g_th
    ter_ e_an ould here r_th inst nce_ uld_ _his e_in _pro many _per ed_t ucti ruct _eac ave_ ng_a
    ill_ ach_ es_t nstr time s_a_ e_a_ nts_ _thi ate_ ions _com on_t he_f _tim mber ment _can""",
    ),
    (
        4,
        """o_th _fro _hav _wil er_o ers_ he_r r_of from _hou rom_ your will e_co _wou have _an_ _it_
    woul ted_ _day _her he_n ies_ ance ring ber_ t_of w_ma _spe _by_ to_t _int ents ons_ ding umbe
    _num _if_ _pla ou_a hour he_m ound hen_ ight numb e_ha _fin d_to _dis ence er_t es_o les_ ning
    he_b he_w _wor ive_ heir red_ ght_ u_ar _exp thei eir_ _was they _min _thr _so_ this _a_s he_a
    nd_a hey_ enti ice_ ture ough ine_ _at_ s_fo he_d _a_t in_a uch_ per_ e_re he_h _mon _cos can_
    ble_ ake_ _mor all_ as_a ost_ cost over was_ year _tra or_t irst _whi e_yo firs king n_a_ _car
    more what call sign name full plea ling alle""",
    ),
)
"""How many of 10,000 places of GSM8K and GPTeacher end each of these common grams; `_` is space."""


class CostedMasks(NamedTuple):
    """Masks, and about how many nanoseconds they take for each byte of a text."""

    cost: float
    masks: frozenset[Mask]


class Anchor(NamedTuple):
    """The part of a mask by which its place is noticed."""

    first: int
    """Where it begins in the mask."""
    grams: int
    """How many grams of symbols it may be."""
    share: float
    """Of the places of a text."""


def derive_masks(node: Node) -> frozenset[Mask]:
    """Return masks of which every match of a shape has one; none where any byte would be one."""
    automaton = ByteAutomaton(flatten(node))
    cost, masks = _cheapest(automaton, automaton.cut)
    return masks if cost < inf else frozenset()


def _cheapest(automaton: ByteAutomaton, cut: CutPoint) -> CostedMasks:
    ways = [_costed(automaton.masks(cut.state, most)) for most in _APART]
    within = [_cheapest(automaton, part) for part in cut.within]
    if cut.branches:
        ways.append(_together(within))
    else:
        ways += within
    return min(ways, key=lambda way: way.cost)


def _together(ways: Iterable[CostedMasks]) -> CostedMasks:
    every = [*ways]
    masks = frozenset[Mask]().union(*(way.masks for way in every))
    return CostedMasks(sum(way.cost for way in every), masks)


def _costed(masks: frozenset[Mask]) -> CostedMasks:
    if () in masks:
        return CostedMasks(inf, masks)
    places = sum(map(share, masks))
    texts = (1 - exp(-_LENGTH * places)) / _LENGTH
    return CostedMasks((texts + _UNSURE * places) * _SEARCH + sum(map(_noticing, masks)), masks)


def _noticing(mask: Mask) -> float:
    anchor = best_anchor(mask)
    return anchor.share * _CHECK + anchor.grams * _ROOM


@cache
def best_anchor(mask: Mask) -> Anchor:
    """Return the part of a mask that fewest places of a text look like."""
    kinds = [symbols(members) for members in mask]
    places = range(max(1, len(mask) - GRAM + 1))
    anchors = (_anchor(first, kinds[first : first + GRAM]) for first in places)
    return min(anchors, key=lambda anchor: anchor.share * _CHECK + anchor.grams * _ROOM)


def _anchor(first: int, kinds: list[tuple[int, ...]]) -> Anchor:
    beyond = GRAM - len(kinds)
    count = SYMBOLS**beyond * prod(map(len, kinds))
    common = _common().get(tuple(kind[0] for kind in kinds), 0) if count == 1 else 0
    bytes_of = _bytes_of_symbols()
    by_chance = share(tuple(sum(bytes_of[s] for s in kind) for kind in kinds))
    return Anchor(first, count, max(common, by_chance))


@cache
def _common() -> dict[tuple[int, ...], float]:
    """Return the shares of common grams."""
    table = symbol_table()
    listed = ((count, gram) for count, grams in _COMMON for gram in grams.split())
    written = ((count, gram.replace("_", " ").encode()) for count, gram in listed)
    return {tuple(table[byte] for byte in gram): count / 10_000 for count, gram in written}


@cache
def symbols(members: ByteSet) -> tuple[int, ...]:
    """Return the symbols of a set of bytes, ascending."""
    return tuple(s for s, bytes_ in enumerate(_bytes_of_symbols()) if members & bytes_)


@cache
def _bytes_of_symbols() -> tuple[ByteSet, ...]:
    grouped = [byte_set((group + group.upper()).encode()) for group in _GROUPS]
    foreign = byte_set(range(128, 256))
    other = (1 << 256) - 1 & ~foreign & ~sum(grouped)
    return 0, *grouped, foreign, other


def symbol_table() -> bytes:
    """Return the symbol of each byte."""
    every = _bytes_of_symbols()
    return bytes(next(s for s, b in enumerate(every) if b >> byte & 1) for byte in range(256))
