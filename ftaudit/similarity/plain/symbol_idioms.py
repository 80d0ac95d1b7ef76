"""Symbols that carry meaning by custom: grades, charges, chess, lists, ranges, commands.

`kernels.operator_idioms` does the same on bytes.
"""

import re
from typing import Final

from ftaudit.similarity.plain.symbol_patterns import is_named
from ftaudit.similarity.plain.symbol_surroundings import (
    BLANKS,
    CLOSINGS,
    DIGITS,
    LINE,
    QUOTES,
    SENTENCE,
    SPACES,
    Surroundings,
    is_letter,
    is_plain,
    is_word,
)

RETURNING: Final = frozenset({"return", "yield"})
"""Words of code behind which a square or curly bracket makes another value."""
UNDIVIDED: Final = frozenset(
    {"yes", "no", "true", "false", "and", "or", "he", "she", "his", "her", "him", "on", "off"}
    | {"male", "female", "oui", "non", "ja", "nein", "si"}
)
"""Words that a slash with blanks separates as one without does: `yes / no`."""
HALIDES: Final = frozenset({"cl", "br"})
"""Elements of two letters whose ions have a minus; neither is an English word."""
REACH: Final = 64
"""How many bytes before a symbol the name of a command is looked for."""

_TERM: Final = r"[-+]?(?:[0-9]+(?:\.[0-9]+)?|[A-Za-z])"
_LISTING: Final = re.compile(rf"{_TERM}(?:,[ \t]*{_TERM})+([)\]}}])")
_GIT: Final = re.compile(rb"[^0-9A-Za-z_\x80-\xff][Gg][Ii][Tt][ \t][^\n\r]*\Z")
SHELL: Final = frozenset({"echo", "exit"})
"""Commands behind which `$?` and `$!` are parameters."""


def bracket_is_code(beside: Surroundings, place: int) -> bool:
    """Return whether a bracket opens a list, an interval, a value, a group of a regex or nothing.

    `[2, 3]` and `(0, 1]`, but not `(2, 3)`, which may be a remark; `return [x]`; `(?:`; `[a-z`;
    `[]`.
    """
    c, after = beside.at(place), beside.at(place + 1)
    if c + after in {"()", "[]", "{}"}:
        return True
    if c == "(" and after == "?":
        return is_group_mark(beside, place + 1)
    if c == "[" and is_named(beside, place):
        return True
    listing = _LISTING.match(beside.text, place + 1)
    if listing:
        return c + listing[1] != "()"
    returned = c != "(" and beside.at(place - 1) in BLANKS
    return returned and beside.word_before(place) in RETURNING


def is_group_mark(beside: Surroundings, place: int) -> bool:
    """Return whether the question mark at a place begins a group of a regex: `(?:x)`, `(?=y)`."""
    if beside.at(place - 1) != "(" or beside.at(place + 1) not in ":=!<>Pp":
        return False
    end = place + (3 if beside.at(place + 2) in "=!" else 2)
    return beside.at(end) not in SPACES and beside.at(end) not in CLOSINGS


def is_charge(beside: Surroundings, first: int) -> bool:
    """Return whether a minus completes a grade or an ion: `A-`, `BBB-`, `Cl-`, `NO3-`, `^2-`."""
    after = beside.at(first + 1)
    if after not in SPACES | SENTENCE | CLOSINGS | QUOTES and after not in ",;":
        return False
    start = first
    while first - start < 6 and is_plain(beside.at(start - 1)):
        start -= 1
    word, before = beside.text[start:first].lower(), beside.at(start - 1)
    if not word or is_word(before) or before in "-./'":
        return False
    if word[-1] in DIGITS:
        return before == "^" or (is_letter(word[0]) and len(word) > 1)
    alike = len(word) < 4 and is_letter(word[0]) and len(set(word)) == 1
    return alike or word in HALIDES


def is_dangling(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether `*` or `&` ends a line behind a blank: `rm *`, `sleep 10 &`."""
    if end - first > 1 or beside.text[first] not in "*&" or beside.at(first - 1) not in BLANKS:
        return False
    if beside.at(beside.skip(first - 1, -1)) in LINE:
        return False
    follows = beside.skip(end, 1)
    after, beyond = beside.at(follows), beside.at(follows + 1)
    ends = after in LINE or (after in SENTENCE and beyond in SPACES)
    return ends or (follows == end and after in QUOTES and not is_word(beyond))


def is_chess_square(beside: Surroundings, place: int) -> bool:
    """Return whether a move of chess ends before a place: `e4`, `Nf5`, `Qxf7`."""
    if beside.at(place - 1) not in "12345678" or beside.at(place - 2) not in "abcdefghABCDEFGH":
        return False
    start = place - 2
    while place - start < 6 and is_plain(beside.at(start - 1)):
        start -= 1
    return place - start < 6 and not is_word(beside.at(start - 1))


def is_verdict(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether marks judge a move of chess: `e4!?`; one alone, a move of a piece: `Nf5! b6`.

    At the end of a line one alone ends the sentence.
    """
    if end - first > 2 or not set(beside.text[first:end]) <= {"!", "?"}:
        return False
    if not is_chess_square(beside, first):
        return False
    if end - first == 2:
        return True
    start = first - 2
    while is_plain(beside.at(start - 1)):
        start -= 1
    piece = start < first - 2 and beside.at(start) in "KQRBNkqrbn"
    follows = beside.skip(end, 1)
    if beside.at(beside.skip(start - 1, -1)) in LINE and beside.at(follows) in LINE:
        return piece
    return piece and follows > end and is_word(beside.at(follows))


def is_behind_git(beside: Surroundings, place: int) -> bool:
    """Return whether the command `git` stands before a place, on its line and within reach."""
    start = max(0, place - REACH - 1)
    reached = beside.text[start:place].encode()
    return _GIT.search((reached if start else b"\n" + reached)[-REACH - 1 :]) is not None


def is_range(beside: Surroundings, first: int, end: int, *, in_code: bool) -> bool:
    """Return whether full stops are a range of git or of code, or any rest: `a..b`, `(xs ...T)`."""
    before, after = beside.at(first - 1), beside.at(end)
    if in_code and end - first == 3 and (is_plain(after) or after in CLOSINGS):
        return True
    between = is_plain(before) and is_plain(after)
    return between and 1 < end - first < 4 and (in_code or is_behind_git(beside, first))


def is_ancestor(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether `~` or `^` complete a revision of git: `HEAD~`."""
    if not set(beside.text[first:end]) <= {"~", "^"}:
        return False
    return is_plain(beside.at(first - 1)) and is_behind_git(beside, first)


def is_folder(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether a run is what `cd` goes to: `..`, `~`, `-`, `/`."""
    if beside.text[first:end] not in {"..", "~", "-", "/"} or beside.at(first - 1) not in BLANKS:
        return False
    return not is_word(beside.at(end)) and beside.word_before(first) == "cd"


def is_separator(beside: Surroundings, first: int) -> bool:
    """Return whether a slash between blanks stands between words: `yes / no`."""
    return beside.at(first - 1) in BLANKS and beside.word_before(first) in UNDIVIDED


def is_shell_parameter(beside: Surroundings, first: int) -> bool:
    """Return whether a symbol behind `$` is a parameter of the shell: `"$@"`, `$#`, `echo $?`."""
    before, symbol = beside.at(first - 1), beside.at(first + 1)
    if is_word(before) or beside.at(first + 2) == "$":
        return False
    if symbol in "?!":
        return before in QUOTES or beside.word_before(first) in SHELL
    return symbol in "@#*"


def is_compared(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether a comparison begins a line, before a number: `< 5`; `>` quotes there."""
    if beside.text[first:end] not in {"<", "<=", ">="}:
        return False
    starts = beside.at(beside.skip(first - 1, -1)) in LINE
    return starts and beside.at(beside.skip(end, 1)) in DIGITS


def is_here(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether an option follows on a folder or a denial: `find . -name`, `[ ! -f x ]`."""
    if end - first > 1 or beside.at(first - 1) not in BLANKS or beside.at(end) not in BLANKS:
        return False
    follows = beside.skip(end, 1)
    return beside.at(follows) == "-" and is_letter(beside.at(follows + 1))


def is_typed(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether `?` or `!` stand between a name and its type: `x?: number`."""
    if end - first > 1 or beside.at(end) != ":" or beside.at(end + 1) not in BLANKS:
        return False
    return is_plain(beside.at(first - 1)) and beside.ends_term(first - 1)


def is_divider(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether a slash divides the parameters of a function: `(a, /, b)`."""
    before, after = beside.at(first - 1), beside.at(end)
    return end - first == 1 and after in ",)" and (before in BLANKS or before in ",(")


def is_capital(beside: Surroundings, place: int) -> bool:
    """Return whether the case of a letter carries meaning behind a backslash or as an option."""
    if not "A" <= beside.at(place) <= "Z" or beside.at(place - 1) not in "\\-":
        return False
    return beside.at(place - 1) == "\\" or _is_option(beside, place)


def _is_option(beside: Surroundings, place: int) -> bool:
    """Return whether a letter is an option: `grep -V`, but not the `-X` of a formula."""
    if is_word(beside.at(place + 1)):
        return False
    if beside.at(place - 2) in QUOTES:
        return True
    previous = beside.skip(place - 2, -1)
    if beside.at(previous) in LINE:
        return beside.at(beside.skip(place + 1, 1)) in LINE
    command = previous < place - 2 and is_letter(beside.at(previous))
    before = beside.at(previous - 1)
    return command and (is_letter(before) or before == "-")
