"""How often bytes of some kinds follow each other in ordinary text and code, about.

Counted in GSM8K, GPTeacher and Python source: which kind of character follows which, and how often
each is, of its kind.
"""

from functools import cache
from operator import mul
from typing import Final

from ftaudit.privacy.patterns.byte_automaton import ByteSet, Mask

_LOWER: Final = """
    e 796 t 521 a 510 s 491 o 464 n 388 r 386 i 367 h 326 l 266 d 223 c 191 f 170 u 163 m 163 p 136
    w 107 g 104 y 101 b 92 k 64 v 47 x 21 q 8 z 6 j 6"""
_UPPER: Final = """
    T 33 S 21 H 19 I 17 A 14 M 11 E 10 J 8 C 8 F 8 R 8 N 7 O 6 D 6 L 6 B 6 P 5 W 5 G 3 K 3 U 2 V 2
    Y 2 Q 1 X 1 Z 1"""
_DIGITS: Final = "0 220 1 121 2 119 5 81 4 67 3 64 6 51 8 40 7 24 9 18"
_SIGNS: Final = """
    . 120 = 114 > 98 < 95 , 79 # 60 " 50 * 38 $ 36 + 34 - 40 / 35 ( 26 ) 26 : 30 _ 20 ? 14 ' 10
    ] 6 [ 6 % 4 { 4 } 4 ` 3 ; 3 | 2 @ 1 \\ 2 & 2 ! 2 ^ 1 ~ 1"""
_IN_WORDS: Final = 0.75
"""Exponent of the share of small letters: in words they follow from each other."""
_SPACES: Final = {32: 1790, 10: 133, 9: 20, 13: 20}
_FOLLOWS: Final = (
    (0.760, 0.003, 0.002, 0.190, 0.044, 0.001),
    (0.780, 0.140, 0.005, 0.035, 0.039, 0.001),
    (0.010, 0.005, 0.473, 0.240, 0.271, 0.001),
    (0.600, 0.086, 0.079, 0.134, 0.099, 0.002),
    (0.098, 0.016, 0.290, 0.340, 0.255, 0.001),
    (0.180, 0.005, 0.008, 0.141, 0.016, 0.650),
)
"""The share of each kind among the bytes after one of each kind: small letters, capitals, digits,
white space, signs, and whatever is not ASCII."""
_ARRIVING: Final = tuple(zip(*_FOLLOWS, strict=True))
_OVERALL: Final = (0.609, 0.021, 0.080, 0.190, 0.090, 0.010)


def share(mask: Mask) -> float:
    """Return how many of the places of a text have a mask, about."""
    return sum(_chances(mask)) if mask else 1.0


@cache
def _chances(mask: Mask) -> tuple[float, ...]:
    """Return how often a mask ends with a byte of each kind."""
    within = _of_kinds(mask[-1])
    if len(mask) == 1:
        return tuple(map(mul, _OVERALL, within))
    before = _chances(mask[:-1])
    return tuple(
        chance and chance * sum(map(mul, before, arriving))
        for chance, arriving in zip(within, _ARRIVING, strict=True)
    )


@cache
def _of_kinds(members: ByteSet) -> tuple[float, ...]:
    """Return the share of a set among the bytes of each kind."""
    small, *others = (
        sum(count for byte, count in counts.items() if members >> byte & 1) / sum(counts.values())
        for counts in _counts()
    )
    return small**_IN_WORDS, *others


@cache
def _counts() -> tuple[dict[int, int], ...]:
    """Return how often there is each byte of each kind."""
    ascii_ = [_read(counts) for counts in (_LOWER, _UPPER, _DIGITS)]
    signs = _read(_SIGNS) | dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), 1)
    return *ascii_, _SPACES, signs, dict.fromkeys(range(128, 256), 1)


def _read(counts: str) -> dict[int, int]:
    words = counts.split()
    return {ord(sign): int(count) for sign, count in zip(words[::2], words[1::2], strict=True)}
