"""Symbols that carry meaning by custom: `plain.symbol_idioms`, on bytes."""

# ruff: noqa: ANN001, ANN201, PLR0911, PLR1714, SIM109, SIM110 - for numba
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

from typing import Final

import numpy as np
from numba import int64

from ftaudit.similarity.kernels.called import bare
from ftaudit.similarity.kernels.operator_context import (
    AHEAD,
    BACK,
    BLANK,
    CLOSING,
    DIGIT,
    LETTER,
    LINE,
    MARGIN,
    PLAIN,
    QUOTE,
    SENTENCE,
    SPACE,
    WORD,
    ends_term,
    has,
    skip,
    stretch_end,
)
from ftaudit.similarity.kernels.operator_patterns import code, is_named

REACH: Final = 64
"""How many bytes before a symbol the name of a command is looked for."""
LONGEST: Final = 8
"""Letters of a word that a number of 64 bits holds, five bits each."""


RETURN, YIELD, CD, ECHO, EXIT, CL, BR = map(
    code, ["return", "yield", "cd", "echo", "exit", "cl", "br"]
)
UNDIVIDED = np.array(
    [
        code(word)
        for word in [
            "yes",
            "no",
            "true",
            "false",
            "and",
            "or",
            "he",
            "she",
            "his",
            "her",
            "him",
            "on",
            "off",
            "male",
            "female",
            "oui",
            "non",
            "ja",
            "nein",
            "si",
        ]
    ]
)
"""Words that a slash with blanks separates as one without does."""


@bare
def word_before(text, at):
    """Return the number of the word of at most eight letters before an index and blanks; or 0."""
    at = skip(text, at - 1, BACK)
    number, bits = int64(0), int64(0)
    while has(text, at, LETTER):
        if bits == 5 * LONGEST:
            return int64(0)
        number |= int64(text[at] & 31) << bits
        at, bits = at - 1, bits + 5
    return int64(0) if has(text, at, WORD) else number


@bare
def listing_end(text, at):
    """Return the bracket that closes a list of terms which begins at an index; -1: no list."""
    several = False
    while True:
        if text[at] == 43 or text[at] == 45:
            at += 1
        if has(text, at, DIGIT):
            at = stretch_end(text, at, DIGIT)
            if text[at] == 46 and has(text, at + 1, DIGIT):
                at = stretch_end(text, at + 1, DIGIT)
        elif has(text, at, LETTER):
            at += 1
        else:
            return int64(-1)
        if text[at] != 44:
            break
        several = True
        at = skip(text, at + 1, AHEAD)
    return at if several and has(text, at, CLOSING) else int64(-1)


@bare
def is_group_mark(text, at):
    """Return whether the question mark at an index begins a group of a regular expression."""
    c = text[at + 1]
    if text[at - 1] != 40:
        return False
    if c != 58 and c != 61 and c != 33 and c != 60 and c != 62 and (c & 95) != 80:
        return False
    end = at + 3 if text[at + 2] == 61 or text[at + 2] == 33 else at + 2
    return not has(text, end, SPACE | CLOSING)


@bare
def bracket_is_code(text, at):
    """Return whether a bracket opens a list, an interval, a value or a group, or closes at once."""
    c, after = text[at], text[at + 1]
    if (c == 40 and after == 41) or (c != 40 and after == c + 2):
        return True
    if c == 40 and after == 63:
        return is_group_mark(text, at + 1)
    if c == 91 and is_named(text, at):
        return True
    end = listing_end(text, at + 1)
    if end >= 0:
        return c != 40 or text[end] != 41
    if c == 40 or not has(text, at - 1, BLANK):
        return False
    word = word_before(text, at)
    return word == RETURN or word == YIELD


@bare
def is_charge(text, first):
    """Return whether a minus completes a grade or an ion."""
    after = text[first + 1]
    if not has(text, first + 1, SPACE | SENTENCE | CLOSING | QUOTE) and after != 44 and after != 59:
        return False
    start, alike = first, True
    while first - start < 6 and has(text, start - 1, PLAIN):
        start -= 1
        alike &= (text[start] & 95) == (text[first - 1] & 95)
    c = text[start - 1]
    if start == first or has(text, start - 1, WORD):
        return False
    if c == 45 or c == 46 or c == 47 or c == 39:
        return False
    if has(text, first - 1, DIGIT):
        return c == 94 or (has(text, start, LETTER) and first - start > 1)
    if alike and first - start < 4 and has(text, start, LETTER):
        return True
    if first - start != 2:
        return False
    word = word_before(text, first)
    return word == CL or word == BR


@bare
def is_dangling(text, first, end):
    """Return whether `*` or `&` ends a line behind a blank."""
    if end - first > 1 or not has(text, first - 1, BLANK):
        return False
    if has(text, skip(text, first - 1, BACK), LINE):
        return False
    follows = skip(text, end, AHEAD)
    if has(text, follows, LINE) or (has(text, follows, SENTENCE) and has(text, follows + 1, SPACE)):
        return True
    return follows == end and has(text, end, QUOTE) and not has(text, end + 1, WORD)


@bare
def move_start(text, at):
    """Return where a move of chess begins that ends before an index; -1: none does."""
    file = text[at - 2] & 95
    if not 49 <= text[at - 1] <= 56 or not has(text, at - 2, LETTER) or file > 72:
        return int64(-1)
    start = at - 2
    while at - start < 6 and has(text, start - 1, PLAIN):
        start -= 1
    return start if at - start < 6 and not has(text, start - 1, WORD) else int64(-1)


@bare
def is_verdict(text, first, end):
    """Return whether marks judge a move of chess."""
    last = text[end - 1]
    if end - first > 2 or (text[first] != 33 and text[first] != 63) or (last != 33 and last != 63):
        return False
    start = move_start(text, first)
    if start < 0 or end - first == 2:
        return start >= 0
    piece = text[start] & 95
    if start == first - 2 or not has(text, start, LETTER):
        return False
    if piece != 75 and piece != 81 and piece != 82 and piece != 66 and piece != 78:
        return False
    follows = skip(text, end, AHEAD)
    if has(text, skip(text, start - 1, BACK), LINE) and has(text, follows, LINE):
        return True
    return follows > end and has(text, follows, WORD)


@bare
def is_behind_git(text, at):
    """Return whether the command `git` stands before an index, on its line and within reach."""
    least = max(at - REACH, MARGIN)
    at -= 1
    while at >= least and not has(text, at, LINE):
        named = (text[at] & 95) == 71 and (text[at + 1] & 95) == 73 and (text[at + 2] & 95) == 84
        if named and has(text, at + 3, BLANK) and not has(text, at - 1, WORD):
            return True
        at -= 1
    return False


@bare
def is_range(text, first, end, in_code):
    """Return whether full stops are a range of git or of code, or any rest."""
    if in_code and end - first == 3 and has(text, end, PLAIN | CLOSING):
        return True
    if not has(text, first - 1, PLAIN) or not has(text, end, PLAIN):
        return False
    return 1 < end - first < 4 and (in_code or is_behind_git(text, first))


@bare
def is_ancestor(text, first, end):
    """Return whether `~` or `^` complete a revision of git."""
    for k in range(first, end):
        if text[k] != 126 and text[k] != 94:
            return False
    return has(text, first - 1, PLAIN) and is_behind_git(text, first)


@bare
def is_folder(text, first, end):
    """Return whether a run is what `cd` goes to."""
    c = text[first]
    if end - first == 2:
        if c != 46 or text[first + 1] != 46:
            return False
    elif end - first > 2 or (c != 126 and c != 45 and c != 47):
        return False
    if not has(text, first - 1, BLANK) or has(text, end, WORD):
        return False
    return word_before(text, first) == CD


@bare
def is_separator(text, first):
    """Return whether a slash between blanks stands between words."""
    if not has(text, first - 1, BLANK):
        return False
    word = word_before(text, first)
    for k in range(UNDIVIDED.shape[0]):
        if word == UNDIVIDED[k]:
            return True
    return False


@bare
def is_shell_parameter(text, first):
    """Return whether a symbol behind `$` is a parameter of the shell."""
    symbol = text[first + 1]
    if has(text, first - 1, WORD) or text[first + 2] == 36:
        return False
    if symbol == 63 or symbol == 33:
        word = word_before(text, first)
        return has(text, first - 1, QUOTE) or word == ECHO or word == EXIT
    return symbol == 64 or symbol == 35 or symbol == 42


@bare
def is_compared(text, first, end):
    """Return whether a comparison begins a line, before a number."""
    c = text[first]
    if end - first == 2:
        if (c != 60 and c != 62) or text[first + 1] != 61:
            return False
    elif end - first > 2 or c != 60:
        return False
    starts = has(text, skip(text, first - 1, BACK), LINE)
    return starts and has(text, skip(text, end, AHEAD), DIGIT)


@bare
def is_here(text, first, end):
    """Return whether a full stop is a folder, or `!` denies a test: an option follows on blanks."""
    if end - first > 1 or not has(text, first - 1, BLANK) or not has(text, end, BLANK):
        return False
    follows = skip(text, end, AHEAD)
    return text[follows] == 45 and has(text, follows + 1, LETTER)


@bare
def is_typed(text, first, end):
    """Return whether `?` or `!` stand between a name and its type."""
    if end - first > 1 or text[end] != 58 or not has(text, end + 1, BLANK):
        return False
    return has(text, first - 1, PLAIN) and ends_term(text, first - 1)


@bare
def is_divider(text, first, end):
    """Return whether a slash divides the parameters of a function."""
    before, after = text[first - 1], text[end]
    if end - first > 1 or (after != 44 and after != 41):
        return False
    return has(text, first - 1, BLANK) or before == 44 or before == 40


@bare
def is_capital(text, at):
    """Return whether the case of a letter behind a backslash or a minus carries meaning."""
    c = text[at]
    if c < 65 or c > 90:
        return False
    if text[at - 1] == 92:
        return True
    if has(text, at + 1, WORD):
        return False
    if has(text, at - 2, QUOTE):
        return True
    previous = skip(text, at - 2, BACK)
    if has(text, previous, LINE):
        return has(text, skip(text, at + 1, AHEAD), LINE)
    if previous == at - 2 or not has(text, previous, LETTER):
        return False
    return has(text, previous - 1, LETTER) or text[previous - 1] == 45
