"""Which symbols of a text are operators, in plain Python: they tell "7 + 5" from "7 - 5".

Normalisation keeps operators as words of their own; all other ASCII symbols separate words. The
same signs serve as punctuation, so a symbol is judged by what stands beside it on its line. An
*operand* is a word, a bracket or a quotation; a *term* is a number, a single letter, a bracket, or
an identifier such as `total_count` or `len(x)`, as prose seldom has one.

- Runs with one of `+ * = < > & | ^ ~` in them (`!=`, `->`, `..=`) are operators between operands,
  or between blanks with text beyond; with a blank on one side, between terms. `+` also directly
  behind an operand (`C++`), `*` behind a bracket or an escape (`(ab)*`), and before an operand what
  points, takes an address, negates, anchors or compares: `*p`, `&x`, `~x`, `^a`, `<5`.
- `-` and `/` are operators between terms (`7-5`, not `top-up`; `1/2`, not `and/or`), and within a
  formula (`x = total-fees`). `-` is a sign before a term, an option before a word (`-rf`); `/` is
  one between blanks, and with full stops a path (`../src`). `%` is one behind a digit, between
  letters or blanks, and before a letter; `!` before an operand, between terms, and before another
  operator (`n! + 1`).
- `.` is one between two digits and before one (`.5`); `..` and `...` between terms, and directly
  behind a bracket of code. `?` between terms (`a?.b`); `:` between digits (`3:4`), double before
  a letter (`std::max`), and in square brackets of code; `@` before a letter.
- `( [ {` belong to code directly behind a letter or digit (`f(x)`, `s[1:]`), a bracket of code, or
  an operator. What closes them does too, and what closes other brackets when an operator follows:
  `(a + b) * c`. The same holds of quotation marks: `x = "y"`.
- `$` is one before a word or number and behind one; the backslash before a letter or digit, and
  with the symbol that it escapes in a regular expression; `#` after a single letter (`C#`).
- By custom (`symbol_idioms`): `*` and `&` at the end of a line (`rm *`), lists and intervals with
  other than round brackets (`[2, 3]`, `(0, 1]`), `return [x]`, `(?:x)`, `(5,)`, `x?;`, `x?: int`,
  ranges behind `git`, what `cd` goes to, `"$@"`, grades and charges (`A-`, `NO3-`), marks of chess
  (`Nf5!?`). Between words as in `yes / no` a slash is none.
- Of a name or a term, by patterns (`symbol_patterns`): `__init__`, `self._x`, `(x:_)`; `.NET`;
  `#define`, `#nav {`; `arr.sort!`; `send(:reset)`; `n!`, `f''`; `.*`, `src/*`; `[a-z]`; a face
  alone. An arrow that assigns has a sign of its own: `x <- 5` is `x ← 5`, not `x < -5`.

What surrounds text is none, if it closes on the same line: `*word*`, `~~word~~`, `-word-`, `$x$`,
`<tag>`. Nor are marks of lists, quotations, headings and footnotes at the beginning of a line, rows
of three equal symbols or more, ends of sentences, and brackets and quotation marks around words.

`kernels.operator_scan` does the same on bytes. Both take linear time.
"""

import re
from typing import Final

from ftaudit.similarity.plain.symbol_idioms import (
    bracket_is_code,
    is_capital,
    is_chess_square,
    is_compared,
    is_dangling,
    is_divider,
    is_folder,
    is_group_mark,
    is_range,
    is_shell_parameter,
    is_verdict,
)
from ftaudit.similarity.plain.symbol_patterns import is_named
from ftaudit.similarity.plain.symbol_runs import (
    Before,
    SymbolUse,
    infix,
    prefix,
    single,
    suffix,
    trimmed,
)
from ftaudit.similarity.plain.symbol_surroundings import (
    BLANKS,
    CLOSINGS,
    DIGITS,
    LINE,
    OPENINGS,
    RUN,
    SPACES,
    STRONG,
    Surroundings,
    is_letter,
    is_plain,
    is_word,
)
from ftaudit.similarity.plain.written_symbols import CAPITAL, form

_MARKED: Final = re.compile(r"[!-/:-@\[-`{-~]|(?<=[\\-])[A-Z]")
"""ASCII punctuation, and capitals whose case may carry meaning."""

DROPPED, KEPT, SQUARE, GROUP = range(4)
"""What an open bracket is: punctuation; one of code; a square one of code; one that only groups,
as in `${x}` and `x^{2}`."""
NESTED: Final = (1 << 60) - 1
"""Of the brackets that are open, the innermost thirty are remembered, two bits each."""
ESCAPED: Final = frozenset(".+*?^|/-()[]{}")
"""Symbols that a regular expression escapes."""


def operators(text: str) -> list[int]:
    """Return the indices of the operators of a text, ascending."""
    return _Scan(text).kept


def marked(text: str) -> str:
    """Return a text with every operator replaced by its stand-in, between spaces.

    Symbols that are no operators become spaces, so that marking twice is marking once.
    Underscores within a word stay, and separate words later.
    """
    beside, scan = Surroundings(text), _Scan(text)
    kept = frozenset(scan.kept)

    def written(match: re.Match[str]) -> str:
        place = match.start()
        if match[0].isalpha():
            return match[0].lower() + (CAPITAL if is_capital(beside, place) else "")
        if place in kept:
            return form(beside, place)
        return " " if match[0] != "_" or place in scan.leading else "_"

    return _MARKED.sub(written, text)


class _Scan:
    """One walk over a text, from left to right."""

    def __init__(self, text: str) -> None:
        self.kept: list[int] = []
        self.leading: set[int] = set()
        self._text = text
        self._beside = Surroundings(text)
        self._before = Before.EDGE
        self._open = 0
        self._quote = ""
        self._in_formula = False
        self._in_comment = False
        self._starred = False
        self._closing = {"*": -1, "~": -1, "|": -1, "$": -1}
        self._rules = {
            **dict.fromkeys(OPENINGS, self._opening),
            **dict.fromkeys(CLOSINGS, self._closes),
            **dict.fromkeys("\"'", self._quotation),
            "$": self._dollar,
            "\\": self._backslash,
            "#": self._sharp,
            ",": self._comma,
        }
        place = 0
        while place < len(text):
            place = self._step(place)

    def _step(self, place: int) -> int:
        """Judge what stands at a place; return the next."""
        c = self._text[place]
        if c == "_" and not is_word(self._beside.at(place - 1)):
            return self._underscores(place)
        if is_word(c):
            return self._word(place)
        if c in SPACES:
            return self._space(place)
        if c in RUN:
            return self._run(place)
        rule = self._rules.get(c)
        return rule(place) if rule else self._keep(place, place + 1, SymbolUse.PUNCTUATION)

    def _space(self, place: int) -> int:
        if self._text[place] in LINE:
            self._before, self._quote, self._in_formula = Before.EDGE, "", False
            self._starred = False
        return place + 1

    def _comma(self, place: int) -> int:
        """Judge a comma: kept before a bracket that closes, as in `(5,)` and `a{2,}`."""
        ends = is_word(self._beside.at(place - 1)) and self._beside.at(place + 1) in CLOSINGS
        return self._keep(place, place + 1, SymbolUse.POSTFIX if ends else SymbolUse.PUNCTUATION)

    def _sharp(self, place: int) -> int:
        sharp = self._beside.is_single_letter(place - 1) or is_chess_square(self._beside, place)
        sharp &= not is_word(self._beside.at(place + 1))
        sharp |= is_named(self._beside, place)
        return self._keep(place, place + 1, SymbolUse.POSTFIX if sharp else SymbolUse.PUNCTUATION)

    def _keep(self, first: int, end: int, use: SymbolUse) -> int:
        """Record what a stretch of symbols is; return its end."""
        if use == SymbolUse.PUNCTUATION:
            self._before = Before.PUNCTUATION
        else:
            self.kept.extend(range(first, end))
            self._before = Before.OPERATOR if use == SymbolUse.INFIX else Before.OPERAND
        return end

    def _underscores(self, first: int) -> int:
        """Judge what begins a word, which follows; one kept stands for all. Alone it is a word."""
        end = first
        while self._beside.at(end) == "_":
            end += 1
        self.leading.update(range(first, end))
        if is_named(self._beside, first):
            self.kept.append(first)
        return end if is_word(self._beside.at(end)) else self._word(first)

    def _word(self, place: int) -> int:
        joined = self._in_formula and self._beside.at(place - 1) in "._"
        self._in_formula = joined or self._before == Before.OPERATOR
        self._before = Before.OPERAND
        return self._beside.word_end(place)

    def _run(self, first: int) -> int:
        end = self._beside.run_end(first)
        if is_folder(self._beside, first, end):
            return self._keep(first, end, SymbolUse.POSTFIX)
        if self._text[first] == "?" and is_group_mark(self._beside, first):
            return self._keep(first, end, SymbolUse.INFIX)
        if STRONG.isdisjoint(self._text[first:end]):
            return self._weak_run(first, end)
        start, last = trimmed(self._beside, first, end)
        use = self._strong(start, last)
        if use == SymbolUse.PUNCTUATION and self._text[start] in "*&":
            use = self._dangles(start, last)
        self._keep(start, last, self._or_named(last - 1, use))
        if last < end:
            self._before = Before.PUNCTUATION
        return end

    def _or_named(self, place: int, use: SymbolUse) -> SymbolUse:
        """Return what a run is that ends with the symbol at a place, which patterns may know."""
        named = use == SymbolUse.PUNCTUATION and is_named(self._beside, place)
        return SymbolUse.POSTFIX if named else use

    def _dangles(self, first: int, end: int) -> SymbolUse:
        """Return what `*` or `&` are that nothing follows: `rm *`, but not `* smiles *`."""
        dangles = not self._starred and is_dangling(self._beside, first, end)
        self._starred |= self._text[first] == "*"
        return SymbolUse.POSTFIX if dangles else SymbolUse.PUNCTUATION

    def _strong(self, first: int, end: int) -> SymbolUse:
        run, beside = self._text[first:end], self._beside
        for symbol in "*~|":
            if first <= self._closing[symbol] < end:
                self._closing[symbol] = -1
                return SymbolUse.POSTFIX if symbol == "|" else SymbolUse.PUNCTUATION
        if run == "<!--" or (run == "-->" and self._in_comment):
            self._in_comment = run == "<!--"
            return SymbolUse.PUNCTUATION
        if beside.is_left_operand(first - 1):
            return self._behind_operand(first, end)
        if self._opens_pair(first, end):
            return SymbolUse.INFIX if run[0] == "|" else SymbolUse.PUNCTUATION
        alone = self._before == Before.OPERATOR and beside.at(first - 1) in OPENINGS
        if alone and beside.at(end) in CLOSINGS:
            return SymbolUse.POSTFIX
        operates = infix(beside, first, end) or prefix(beside, first, end)
        operates |= is_compared(beside, first, end)
        return SymbolUse.INFIX if operates else SymbolUse.PUNCTUATION

    def _behind_operand(self, first: int, end: int) -> SymbolUse:
        beside, run = self._beside, self._text[first:end]
        if beside.at(first - 1) >= "\x80" and run[0] in "*~" and self._opens_pair(first, end):
            return SymbolUse.PUNCTUATION
        if infix(beside, first, end):
            complete = set(run) == {"+"} and not beside.is_right_operand(end)
            return SymbolUse.POSTFIX if complete else SymbolUse.INFIX
        in_code = self._open & 3 in {KEPT, SQUARE}
        closes = suffix(beside, first, end, in_code=in_code)
        return SymbolUse.POSTFIX if closes else SymbolUse.PUNCTUATION

    def _opens_pair(self, first: int, end: int) -> bool:
        """Return whether a run of one symbol opens a pair, and remember where that closes."""
        run, symbol = self._text[first:end], self._text[first]
        if symbol not in "*~|" or set(run) != {symbol}:
            return False
        if self._beside.at(end) in SPACES or self._beside.at(end) in ",;)]}":
            return False
        self._closing[symbol] = self._beside.closing(symbol, end)
        return self._closing[symbol] >= 0

    def _weak_run(self, first: int, end: int) -> int:
        """Judge a run of `-/!%:?.@`: as a whole, or else every symbol of it by itself."""
        if self._is_whole(first, end):
            return self._keep(first, end, SymbolUse.INFIX)
        if is_verdict(self._beside, first, end):
            return self._keep(first, end, SymbolUse.POSTFIX)
        while first < end:
            last = first + 1
            while last < end and self._text[last] == self._text[first]:
                last += 1
            square = self._open & 3 == SQUARE
            use = single(self._beside, first, last, self._before, square=square)
            if use == SymbolUse.PUNCTUATION and self._joins(first, last):
                use = SymbolUse.INFIX
            first = self._keep(first, last, self._or_named(last - 1, use))
        return end

    def _is_whole(self, first: int, end: int) -> bool:
        """Return whether a run is `./`, `../`, `/../`, `?.`, `!/` or `!-` in its place."""
        beside, length = self._beside, end - first
        if not 1 < length < 5:
            return False
        run, before = self._text[first:end], beside.at(first - 1)
        if run in {"!/", "!-"}:
            return infix(beside, first, end)
        if not is_plain(beside.at(end)):
            return False
        if run == "?.":
            return is_plain(before) or before in CLOSINGS
        if set(run) != {".", "/"} or run[-1] != "/":
            return False
        starts = before in SPACES or before in OPENINGS or before in "\"'`="
        return starts or (".." in run and is_plain(before))

    def _joins(self, first: int, end: int) -> bool:
        """Return whether a run is an operator by the brackets or the formula around it."""
        symbol, in_code = self._text[first], self._open & 3 in {KEPT, SQUARE}
        if symbol == ".":
            return is_range(self._beside, first, end, in_code=in_code)
        if symbol == "/" and in_code and is_divider(self._beside, first, end):
            return True
        return self._is_in_formula(first, end)

    def _is_in_formula(self, first: int, end: int) -> bool:
        """Return whether `-` or `/` stand in a formula between operands: `x = total-fees`."""
        before, after = self._beside.at(first - 1), self._beside.at(end)
        return (
            self._in_formula
            and (end - first == 1 and self._text[first] in "-/")
            and (is_plain(before) or before in CLOSINGS)
            and (is_plain(after) or after in OPENINGS)
        )

    def _opening(self, place: int) -> int:
        """Judge an opening bracket, or the mouth of a sad face."""
        if self._text[place] == "(" and is_named(self._beside, place):
            return self._keep(place, place + 1, SymbolUse.POSTFIX)
        bracket = self._bracket(place)
        kept = bracket in {KEPT, SQUARE}
        self._open = (self._open << 2 | bracket) & NESTED
        if bracket == GROUP:
            return place + 1
        return self._keep(place, place + 1, SymbolUse.INFIX if kept else SymbolUse.PUNCTUATION)

    def _bracket(self, place: int) -> int:
        """Return what an opening bracket is."""
        c, beside = self._text[place], self._beside
        before, after = beside.at(place - 1), beside.at(place + 1)
        if c == "{" and (before == "$" or (before in "^_" and self._braces_word(place + 1))):
            return GROUP
        code = self._before == Before.OPERATOR or (is_plain(before) and after < "\x80")
        if not (c == "{" and before == ")"):  # a block of code: `if (x) {`
            code |= self._before == Before.OPERAND and before in ")]}'\""
        code |= c == "{" and before in ")]" and after in DIGITS
        code = code or bracket_is_code(beside, place)
        return (SQUARE if c == "[" else KEPT) if code else DROPPED

    def _braces_word(self, place: int) -> bool:
        """Return whether nothing but a word stands before the closing brace."""
        end = self._beside.word_end(place)
        return end > place and self._beside.at(end) == "}"

    def _closes(self, place: int) -> int:
        bracket = self._open & 3
        self._open >>= 2
        if bracket == GROUP:
            self._before = Before.OPERAND
            return place + 1
        kept = bracket in {KEPT, SQUARE} or self._is_operand(place)
        return self._keep(place, place + 1, SymbolUse.POSTFIX if kept else SymbolUse.PUNCTUATION)

    def _is_operand(self, place: int) -> bool:
        """Return whether an operator follows on the bracket or quotation mark at a place."""
        follows = self._beside.skip(place + 1, 1)
        if self._beside.at(follows) not in RUN:
            return False
        first, end = trimmed(self._beside, follows, self._beside.run_end(follows))
        if infix(self._beside, first, end):
            return True
        repeats = first == place + 1 and not first <= self._closing["*"] < end
        return repeats and suffix(self._beside, first, end, in_code=False)

    def _quotation(self, place: int) -> int:
        """Judge a quotation mark, or a prime: kept beside an operator and in brackets of code."""
        c, beside = self._text[place], self._beside
        before, after = beside.at(place - 1), beside.at(place + 1)
        if self._quote == c:
            self._quote = ""
            return self._keep(place, place + 1, SymbolUse.POSTFIX)
        opens = self._before == Before.OPERATOR or self._adjoins(place)
        if opens and after not in SPACES:
            self._quote = c
            self.kept.append(place)
            return self._keep(place, place + 1, SymbolUse.PUNCTUATION)
        prime = c == "'" and after == "(" and beside.is_single_letter(place - 1)
        prime |= c == "'" and is_named(beside, place)
        operand = prime or (before not in SPACES and self._is_operand(place))
        return self._keep(place, place + 1, SymbolUse.POSTFIX if operand else SymbolUse.PUNCTUATION)

    def _adjoins(self, place: int) -> bool:
        """Return whether a quotation may begin in brackets of code, behind another: `("a" "b")`."""
        if self._before != Before.OPERAND or self._open & 3 not in {KEPT, SQUARE}:
            return False
        before = self._beside.at(self._beside.skip(place - 1, -1))
        return self._beside.at(place - 1) in BLANKS and before in "\"'"

    def _dollar(self, first: int) -> int:
        """Judge `$`: a currency, a variable or an end; a pair around a formula is none."""
        end, beside = first, self._beside
        while beside.at(end) == "$":
            end += 1
        if first <= self._closing["$"] < end:
            self._closing["$"] = -1
            return self._keep(first, end, SymbolUse.PUNCTUATION)
        before, after = beside.at(first - 1), beside.at(end)
        if end - first == 1 and is_shell_parameter(beside, first):
            return self._keep(first, end + 1, SymbolUse.POSTFIX)
        left = self._before == Before.OPERAND and before not in BLANKS
        if not left and after not in SPACES:
            self._closing["$"] = beside.closing("$", end)
        if self._closing["$"] >= 0 or end - first > 1:
            return self._keep(first, end, SymbolUse.PUNCTUATION)
        if after == "(":
            return self._keep(first, end, SymbolUse.INFIX)
        digits = beside.at(beside.skip(end, 1)), beside.at(beside.skip(first - 1, -1))
        money = not DIGITS.isdisjoint(digits) or (after == "." and beside.at(end + 1) in DIGITS)
        if is_plain(after) or after == "{" or left or money:
            self.kept.append(first)
        return self._keep(first, end, SymbolUse.PUNCTUATION)

    def _backslash(self, first: int) -> int:
        """Judge a backslash: kept before letters and digits, and with what it escapes."""
        end, beside = first, self._beside
        while beside.at(end) == "\\":
            end += 1
        escaped, after = beside.at(end), beside.at(end + 1)
        if is_letter(escaped) or escaped in DIGITS:
            self.kept.append(end - 1)
            return self._keep(first, end, SymbolUse.PUNCTUATION)
        follows = is_plain(after) or after in "\\[({+*?$^|"
        if (
            end - first == 1
            and escaped in ESCAPED
            and beside.at(first - 1) not in SPACES
            and follows
        ):
            return self._keep(first, end + 1, SymbolUse.POSTFIX)
        if escaped in OPENINGS or escaped in CLOSINGS:
            end += 1
        return self._keep(first, end, SymbolUse.PUNCTUATION)
