"""Symbols that belong to a name or a term, by patterns: `plain.symbol_patterns`, on bytes.

The tables are those of that module. One function reads them all: as code, every pattern would have
to be compiled.
"""

# ruff: noqa: ANN001, ANN201 - for numba
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

from string import ascii_letters, digits
from typing import Final

import numpy as np
from numba import int64

from ftaudit.similarity.kernels.called import bare

CLASSES: Final = {
    "alnum": ascii_letters + digits,
    "bare": "\n\r\t !#$%&()*+,-./:;<=>?@[\\]^{|}~",
    "beginning": "\n\r\t ([{\"'`",
    "blank": "\t ",
    "call": ascii_letters + digits + "_(",
    "closed": ascii_letters + digits + "_)]}",
    "closes": ")]},",
    "count": "kmnKMN",
    "css": ascii_letters + digits + "_ #,-.>",
    "digit": digits,
    "done": ")]};\n\r\t \"'`",
    "ends": ")]},\n\r\t .:=",
    "header": '<"',
    "letter": ascii_letters,
    "line": "\n\r",
    "opens": "\n\r\t ([{",
    "operand": "bcdefghjklmnopqrstuvwxyzBCDEFGHJKLMNOPQRSTUVWXYZ",
    "pause": ",:",
    "plain": ascii_letters + digits + "_",
    "property": ascii_letters + "-",
    "rooted": ascii_letters + digits + "_.~*",
}
"""ASCII bytes of the classes that patterns name; the module of plain Python says which others."""
LISTED: Final = {
    "special": "init str repr len iter getitem setitem delitem contains getattr setattr delattr eq"
    " ne lt le gt ge dict slots doc mro call",
    "dotted": "net com org edu gov env git ssh gitignore dockerignore htaccess bashrc zshrc vimrc"
    " txt pdf doc docx csv json py js ts html css xml yaml yml md exe dll zip tar gz jpg jpeg png"
    " gif svg xlsx pptx sql sh bat cpp java rb php jar ini cfg conf toml bak tmp wav io",
    "asking": "sort map select reject gsub sub upcase downcase reverse uniq compact flatten"
    " shuffle strip chomp squeeze merge save create update destroy empty nil zero any all none"
    " include valid present blank exist exists even odd",
    "directive": "define undef ifdef ifndef elif endif pragma",
    "include": "include",
    "pseudo": "active checked disabled empty enabled focus hover link root target visited",
    "quoting": "list cons car cdr eq equal append member assoc setq eval",
    "try": "try",
}
"""Words: attributes of Python, ends of addresses and kinds of files, methods of Ruby that have a
like with `!` or `?`, directives of C that nobody tags, functions of Lisp that take what is quoted,
states of elements in CSS.
"""
_SELECTOR: Final = (
    "@ letter css:62 { blank:any line",
    "@ letter css:62 { blank:any letter property:63 :",
)
_ASKS: Final = ("plain . <asking> @", "= blank:any <try> @ blank")
_QUOTES: Final = "'\"`"
PATTERNS: Final = {
    ".": (
        "nonword letter blank:some @ blank:some operand nonword",  # f . g
        "blank @ blank:some $ letter",  # $x . $y
        "beginning @ <dotted> nonword",  # a .NET developer
        *(f"{q} @ letter word:any {q}" for q in _QUOTES),  # find('.box')
        *_SELECTOR,  # .box { top: 0 }
    ),
    "(": (
        "line : @ (:any line",  # :( alone, for it may stand behind any text that means the same
        "line : - @ (:any line",
        "line : ' @ (:any line",
        "line = @ (:any line",
    ),
    "/": ("line : @ line", "line : - @ line"),  # :/
    "*": (
        "still . @",  # .*
        "rooted / @ done",  # src/*
    ),
    "+": ("still . @",),
    "<": (
        "blank @ - blank",  # x <- 5
        "tight @ - letter call",  # x<-c(1)
    ),
    "[": (
        "@ aA - zZfF unlettered",  # [a-z]
        "@ aA - zZfF alnum -",
        "@ 0 - 79 unlettered",
        "@ 0 - 79 alnum -",
    ),
    ":": (
        "line @ letter word:any line",  # :name
        "({ @ letter",  # send(:reset)
        "plain _ alnum:any letter blank:some @ letter",  # attr_reader :title
        "alnum @ <pseudo> blank:any {",  # a:hover { top: 0 }
    ),
    "!": (
        "digit @ blank:some =",  # 5! = 120
        "+-*/ blank:any alnum ) @",  # (n + 1)!
        "bare count @ unequal",  # n!
        "closed @ . letter",  # name!.size
        "closed ! @ . letter",
        *_ASKS,  # arr.sort!
    ),
    "?": _ASKS,  # name.empty?
    "#": (
        "@ ! /",  # #!/bin/sh
        "line @ [ letter word:any (",  # #[cfg(test)]
        "line @ [ letter word:any ] line",  # #[test]
        "nonword @ <directive> nonword",  # #define
        "@ <include> blank:any header",  # #include <stdio.h>
        *(f"( {q} @ letter word:any {q}" for q in _QUOTES),  # $('#menu')
        "plain . @ letter",  # this.#x
        "@ letter word:any blank:any =",  # #x = 1
        *_SELECTOR,  # #menu { top: 0 }
    ),
    "'": (
        "bare letter @ '",  # f''
        "bare letter ' @",
        "bare letter ' ' @",
        "bare letter @ blank:some set",  # A' ∩ B
        "( letter @ )",  # P(A')
        "( blank:any <quoting> blank:some @ letter word:any unprimed",  # (list 'a b)
    ),
    "_": (
        "pause @ closes",  # (x:_)
        "opens @ ends",  # _, rest = f()
        "closed . @ _:any name",  # self._x
        "@ _:any name word:any (",  # _f(x)
        *(f"{q} @ _:any name word:any {q}" for q in _QUOTES),  # "__main__"
        "@ _:any name:some blank:any =",  # _x = 1
        "@ _:any name:some _ name:some blank:any =",
        "@ _ <special> _ _ nonword",  # __init__
    ),
}
"""By symbol, which stands at the `@`: patterns of what is beside it. Each token is a class of
`CLASSES`, `:some` once or more, `:any` as often as it stands there, `:62` so many times at most;
else some characters, of which one stands there; or a listed word, in either case.
"""


def code(word: str) -> np.int64:
    """Return the number of a word in lower case: five bits for each letter, the last lowest."""
    number = 0
    for letter in word:
        number = number << 5 | ord(letter) & 31
    return np.int64(number)


_WORD: Final = frozenset(CLASSES["plain"].encode()) | frozenset(range(128, 256))
_EVERY: Final = frozenset(range(256))
_OTHERS: Final = {
    "word": _WORD,
    "nonword": _EVERY - _WORD,
    "name": _WORD - {ord("_")},
    "unequal": _EVERY - {ord("=")},
    "unprimed": _EVERY - {ord("'")},
    "unlettered": _EVERY - {*CLASSES["alnum"].encode()},
    "still": _EVERY - {*b"+*=<>&|^~-/!%:?.@"},
    "tight": _EVERY - {*CLASSES["blank"].encode()},
    "lead": frozenset({0xE2}),
    "trail": frozenset(range(0x88, 0x8C)),
}
_LONGEST: Final = 12
"""Letters of a word that is listed: a number of 64 bits holds them, five bits each."""
_ENDLESS: Final = 1 << 60
_KINDS: Final = {kind: 1 << bit for bit, kind in enumerate(LISTED)}
_LISTED: Final = {
    code(word): sum(_KINDS[kind] for kind, words in LISTED.items() if word in words.split())
    for word in " ".join(LISTED.values()).split()
}
WORDS, KINDS = (np.array([*column], np.int64) for column in zip(*_LISTED.items(), strict=True))
"""The listed words as numbers, and of what kinds they are."""


def _token(text: str, step: int) -> tuple[int, frozenset[int], int, int, int]:
    """Return a token as the direction, the bytes, how often at least and at most, and the kind."""
    if text[0] == "<":
        return step, frozenset(CLASSES["letter"].encode()), 1, _LONGEST, _KINDS[text[1:-1]]
    name, _, times = text.partition(":") if text[0] != ":" else (text, "", "")
    members = _OTHERS.get(name) or frozenset(CLASSES.get(name, name).encode())
    if not times:
        return step, members, 1, 1, 0
    return step, members, int(times == "some"), int(times) if times.isdigit() else _ENDLESS, 0


def _tokens(pattern: str) -> list[tuple[int, frozenset[int], int, int, int]]:
    """Return the tokens of a pattern from its symbol outwards, those before it first."""
    before, _, after = pattern.replace("set", "lead trail").partition("@")
    left = [_token(text, -1) for text in reversed(before.split())]
    return left + [_token(text, 1) for text in after.split()]


_BY_SYMBOL = [[_tokens(pattern) for pattern in PATTERNS.get(chr(c), ())] for c in range(256)]
_ALL = [tokens for patterns in _BY_SYMBOL for tokens in patterns]
_FLAT = [token for tokens in _ALL for token in tokens]
_SETS = sorted({members for _, members, *_ in _FLAT}, key=sorted)
FIRST_PATTERN = np.cumsum([0, *map(len, _BY_SYMBOL)])
FIRST_TOKEN = np.cumsum([0, *map(len, _ALL)])
"""Where the patterns of a symbol begin, and the tokens of a pattern; those of the next end them."""
MEMBERS = np.array(
    [sum(1 << bit for bit, members in enumerate(_SETS) if c in members) for c in range(256)],
    np.int64,
)
"""To which sets a byte belongs, one bit for each."""
TOKENS = np.array(
    [(step, 1 << _SETS.index(members), *counts) for step, members, *counts in _FLAT], np.int64
)
"""Of every token the direction, the bit of its set, how often it stands there at least and at most,
and of which kind the word must be, or 0."""


@bare
def kinds_of(text, first, end):
    """Return of what kinds a stretch of letters is, read as a listed word."""
    number = int64(0)
    for k in range(first, end):
        number = number << 5 | int64(text[k] & 31)
    for k in range(WORDS.shape[0]):
        if WORDS[k] == number:
            return KINDS[k]
    return int64(0)


@bare
def is_named(text, first):
    """Return whether a pattern says that the symbol at an index belongs to a name or a term."""
    symbol = int64(text[first])
    for pattern in range(FIRST_PATTERN[symbol], FIRST_PATTERN[symbol + 1]):
        left, right, fits, kind = first - 1, first + 1, True, int64(0)
        low, high = first, first
        for token in range(FIRST_TOKEN[pattern], FIRST_TOKEN[pattern + 1]):
            step = TOKENS[token, 0]
            start = left if step < 0 else right
            at, most = start, TOKENS[token, 3]
            while most > 0 and MEMBERS[text[at]] & TOKENS[token, 1]:
                at, most = at + step, most - 1
            fits = TOKENS[token, 3] - most >= TOKENS[token, 2]
            if step < 0:
                left = at
            else:
                right = at
            if not fits:
                break
            if TOKENS[token, 4]:
                kind, low, high = TOKENS[token, 4], min(start, at + 1), max(start + 1, at)
        if fits and (kind == 0 or kinds_of(text, low, high) & kind):
            return True
    return False
