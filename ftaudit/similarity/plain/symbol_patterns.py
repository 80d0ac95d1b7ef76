"""Symbols that belong to a name or a term, by patterns: `__init__`, `.NET`, `#define`, `arr.sort!`.

In prose the same symbols are emphasis, ends of sentences, hashtags and apostrophes, so a name is
told by its shape, by what stands beside it, and where that is not enough, by a list of words.

`kernels.operator_patterns` has the same tables, and reads them on bytes.
"""

from collections.abc import Callable
from functools import lru_cache
from string import ascii_letters, digits
from typing import Final, NamedTuple

from ftaudit.similarity.plain.symbol_surroundings import RUN, Surroundings, is_word

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
"""ASCII characters of the classes that patterns name. `_OTHERS` has those with others: of words but
the underscore `name`; all but `=`, the apostrophe, letters and digits, symbols of runs and blanks;
and signs of mathematics, `set`."""
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


class _PatternToken(NamedTuple):
    """What stands next, in the direction of `step`, and how often; a word may have to be listed."""

    step: int
    fits: Callable[[str], bool]
    least: int
    most: int
    listed: frozenset[str] | None


_LONGEST: Final = 12
"""Letters of a word that is listed."""
_ENDLESS: Final = 1 << 60
_OTHERS: Final[dict[str, Callable[[str], bool]]] = {
    "word": is_word,
    "nonword": lambda c: not is_word(c),
    "name": lambda c: is_word(c) and c != "_",
    "unequal": lambda c: c != "=",
    "unprimed": lambda c: c != "'",
    "unlettered": lambda c: c not in CLASSES["alnum"],
    "still": lambda c: c not in RUN,
    "tight": lambda c: c not in CLASSES["blank"],
    "set": lambda c: "\u2200" <= c <= "\u22ff",
}


def _token(text: str, step: int) -> _PatternToken:
    if text[0] == "<":
        listed = frozenset(LISTED[text[1:-1]].split())
        return _PatternToken(step, CLASSES["letter"].__contains__, 1, _LONGEST, listed)
    name, _, times = text.partition(":") if text[0] != ":" else (text, "", "")
    fits = _OTHERS.get(name) or CLASSES.get(name, name).__contains__
    if not times:
        return _PatternToken(step, fits, 1, 1, None)
    return _PatternToken(
        step, fits, times == "some", int(times) if times.isdigit() else _ENDLESS, None
    )


def _tokens(pattern: str) -> list[_PatternToken]:
    """Return the tokens of a pattern from its symbol outwards, those before it first."""
    before, _, after = pattern.partition("@")
    left = [_token(text, -1) for text in reversed(before.split())]
    return left + [_token(text, 1) for text in after.split()]


_PATTERNS: Final = {
    symbol: [_tokens(pattern) for pattern in patterns] for symbol, patterns in PATTERNS.items()
}


def is_named(beside: Surroundings, first: int) -> bool:
    """Return whether a pattern says that the symbol at a place belongs to a name or a term."""
    symbol = beside.at(first)
    if symbol not in _PATTERNS:
        return False
    patterns = _possible(symbol, beside.at(first - 1), beside.at(first + 1))
    return any(_fits(beside, first, tokens) for tokens in patterns)


@lru_cache(4_096)
def _possible(symbol: str, before: str, after: str) -> list[list[_PatternToken]]:
    """Return the patterns of a symbol that the characters beside it do not rule out."""
    beside = {-1: before, 1: after}
    return [
        tokens
        for tokens in _PATTERNS[symbol]
        if all(
            not least or fits(beside[side])
            for side in beside
            for _, fits, least, *_ in [token for token in tokens if token.step == side][:1]
        )
    ]


def _fits(beside: Surroundings, first: int, tokens: list[_PatternToken]) -> bool:
    places = {-1: first - 1, 1: first + 1}
    words, low, high = None, first, first
    for step, fits, least, most, listed in tokens:
        start = place = places[step]
        while abs(place - start) < most and fits(beside.at(place)):
            place += step
        if abs(place - start) < least:
            return False
        if listed is not None:
            words = listed
            low, high = (start, place) if step > 0 else (place + 1, start + 1)
        places[step] = place
    return words is None or beside.text[low:high].lower() in words
