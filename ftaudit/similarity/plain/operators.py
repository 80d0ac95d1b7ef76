"""Which symbols of a text are operators, in plain Python: they tell "7 + 5" from "7 - 5".

Normalisation keeps operators as words of their own; all other ASCII symbols separate words. A
symbol is an operator by its neighbours on the line, for the same signs serve as punctuation:

- A run of `+ * = < > & | ^ ~`, also with `- / ! %` in it (`!=`, `->`), *between operands*: letters,
  digits, brackets or quotes on both sides, or blanks on both sides with text beyond. A run of `+`
  also directly after a letter or digit (`C++`, `A+`).
- `-` between *terms*: numbers, single letters, brackets (`7-5`, `x - y`, but not `top-up`). Also
  as the sign of a term (`-7`, `= -x`).
- `/` and `//` between terms, and between blanks with text beyond (`1/2`, `a / b`, not `and/or`).
- `!` before a letter, digit or bracket, with nothing but an opening before it (`!x`, not `Hi!`).
- `%` after a digit, and between blanks with text beyond.
- `(` directly behind an operator and `)` directly before one: `2 * (3 + 4)`.
- `#` after a single letter (`C#`), and `.` between two digits (`7.5`).

`kernels.operator_marks` does the same on bytes.
"""

import re
from typing import Final

STRONG: Final = frozenset("+*=<>&|^~")
WEAK: Final = frozenset("-/!%")
SYMBOLS: Final = STRONG | WEAK
_CANDIDATES: Final = re.compile(r"[-+*=<>&|^~/!%]+|[().#]")
"""Symbols that may be operators; all of a run are, or none."""
DIGITS: Final = frozenset("0123456789")
OPENINGS: Final = frozenset(" \t\n\r([{=<>+*/^|&,:;\"'")
"""Characters after which a sign belongs to what follows; so does the beginning of the text."""

POINT: Final = "\ua78f"
"""Stands for a decimal point in normalised text: a letter, so it stays inside its word."""


def stand_in(symbol: str) -> str:
    """Return the character that stands for an operator in normalised text.

    The Braille cell of the same number: no text has Braille and ASCII operators mixed, and every
    step of the normalisation leaves it as it is.
    """
    return POINT if symbol == "." else chr(0x2800 + ord(symbol))


def operators(text: str) -> list[int]:
    """Return the indices of the operators of a text, ascending."""
    return [
        at
        for run in _CANDIDATES.finditer(text)
        if _is_operator(text, run.start())
        for at in range(*run.span())
    ]


def marked(text: str) -> str:
    """Return a text with every operator replaced by its stand-in, between spaces.

    Symbols that are no operators become spaces, so that marking twice is marking once.
    """
    return _CANDIDATES.sub(_replaced, text)


def _replaced(candidates: "re.Match[str]") -> str:
    """Return what becomes of a whole run of operator symbols, or of another candidate."""
    symbols = candidates[0]
    if _is_operator(candidates.string, candidates.start()):
        return "".join(_spaced(stand_in(symbol)) for symbol in symbols)
    return " " * len(symbols)


def _spaced(symbol: str) -> str:
    return symbol if symbol == POINT else f" {symbol} "


def _is_operator(text: str, at: int) -> bool:
    symbol = text[at]
    if symbol in SYMBOLS:
        return _run_operates(text, *_run(text, at))
    if symbol == ".":
        return _char(text, at - 1) in DIGITS and _char(text, at + 1) in DIGITS
    if symbol == "#":
        return _is_single_letter(text, at - 1) and not _is_word(_char(text, at + 1))
    if symbol == "(":
        before = _skip(text, at - 1, -1)
        return _char(text, before) in SYMBOLS and _run_operates(text, *_run(text, before))
    if symbol == ")":
        after = _skip(text, at + 1, 1)
        return _char(text, after) in SYMBOLS and _run_operates(text, *_run(text, after))
    return False


def _char(text: str, at: int) -> str:
    """Return the character at an index; a line break before and after the text."""
    return text[at] if 0 <= at < len(text) else "\n"


def _run(text: str, at: int) -> tuple[int, int]:
    """Return where the run of operator symbols around an index begins and ends."""
    first, end = at, at + 1
    while _char(text, first - 1) in SYMBOLS:
        first -= 1
    while _char(text, end) in SYMBOLS:
        end += 1
    return first, end


def _run_operates(text: str, first: int, end: int) -> bool:
    run, before, after = text[first:end], _char(text, first - 1), _char(text, end)
    spaced = before in " \t" and after in " \t" and _has_text_beyond(text, first, end)
    if not STRONG.isdisjoint(run):
        left = _is_word(before) or before in ")]\"'"
        right = _is_word(after) or after in "([\"'$"
        return spaced or (left and (right or set(run) == {"+"}))
    if run == "-":
        return _starts_term(text, _skip(text, end, 1)) and (
            _ends_term(text, first - 1) or (before in OPENINGS and _starts_term(text, end))
        )
    if run in {"/", "//"}:
        return spaced or (_ends_term(text, first - 1) and _starts_term(text, _skip(text, end, 1)))
    if run == "!":
        return before in OPENINGS and (_is_word(after) or after == "(")
    return run == "%" and (before in DIGITS or spaced)


def _skip(text: str, at: int, step: int) -> int:
    """Return the next index that holds no blank, in the direction of `step`."""
    while _char(text, at) in " \t":
        at += step
    return at


def _has_text_beyond(text: str, first: int, end: int) -> bool:
    left, right = _skip(text, first - 1, -1), _skip(text, end, 1)
    return _char(text, left) not in "\n\r" and _char(text, right) not in "\n\r"


def _is_word(symbol: str) -> bool:
    return symbol >= "\x80" or (symbol.isalnum() or symbol == "_")


def _is_single_letter(text: str, at: int) -> bool:
    letter = _char(text, at)
    return (
        letter < "\x80"
        and letter.isalpha()
        and not _is_word(_char(text, at - 1))
        and not _is_word(_char(text, at + 1))
    )


def _ends_term(text: str, at: int) -> bool:
    """Return whether a term ends at an index, blanks skipped."""
    at = _skip(text, at, -1)
    return _char(text, at) in DIGITS | {")", "]", "%"} or _is_single_letter(text, at)


def _starts_term(text: str, at: int) -> bool:
    """Return whether a term starts at an index."""
    if _char(text, at) in "$.-":
        return _char(text, at + 1) in DIGITS
    return _char(text, at) in DIGITS or _char(text, at) in "([" or _is_single_letter(text, at)
