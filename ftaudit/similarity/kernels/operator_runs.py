"""Which runs of symbols are operators: `plain.symbol_runs`, on bytes."""

# ruff: noqa: ANN001, ANN201, PLR0911, C901, PLR1714, SIM110 - for numba
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np

from ftaudit.similarity.kernels.called import bare, merged
from ftaudit.similarity.kernels.operator_context import (
    ADDRESSES,
    AHEAD,
    BACK,
    BEFORE,
    BLANK,
    CLOSING,
    COMPARISONS,
    DIGIT,
    LETTER,
    LINE,
    MINUS,
    NEGATIONS,
    OPENING,
    OUTSIDE,
    PLAIN,
    POINTERS,
    QUOTE,
    REPEATED,
    RUN,
    SENTENCE,
    SIGN,
    SPACE,
    STRONG,
    TAG,
    WORD,
    alike_end,
    closing,
    ends_term,
    has,
    has_text_beyond,
    is_left_operand,
    is_of,
    is_right_operand,
    is_single_letter,
    is_spaced,
    skip,
    starts_term,
    stretch_end,
)
from ftaudit.similarity.kernels.operator_idioms import (
    is_ancestor,
    is_charge,
    is_here,
    is_separator,
    is_typed,
)

EDGE, DROPPED, OPERAND, OPERATOR = range(4)
"""What stands before a place, blanks skipped (`plain.symbol_runs.Before`)."""
PUNCTUATION, INFIX, POSTFIX = (np.int64(use) for use in range(3))
"""What a run is (`plain.symbol_runs.SymbolUse`)."""


@bare
def is_strong(text, first, end):
    """Return whether a run holds a symbol that is strong."""
    for k in range(first, end):
        if has(text, k, STRONG):
            return True
    return False


@bare
def is_all(text, first, end, symbol):
    """Return whether a run is one symbol, once or more."""
    return text[first] == symbol and alike_end(text, first) >= end


@bare
def is_decoration(text, first, end):
    """Return whether a run is one symbol at least three times, and no operator."""
    if end - first < 3 or alike_end(text, first) < end:
        return False
    return end - first > 3 or not 60 <= text[first] <= 62


@bare
def begins_comment(text, first, end):
    """Return whether a run begins a comment of HTML."""
    if end - first != 4 or text[first] != 60 or text[first + 1] != 33:
        return False
    return text[first + 2] == 45 and text[first + 3] == 45


@bare
def ends_comment(text, first, end):
    """Return whether a run ends a comment of HTML."""
    if end - first != 3 or text[first] != 45 or text[first + 1] != 45:
        return False
    return text[first + 2] == 62


@bare
def trimmed(text, first, end):
    """Return a run without the end of a sentence before a tag, and at its own end."""
    if not is_right_operand(text, end):
        while end - 1 > first and has(text, end - 1, SENTENCE):
            end -= 1
    start = first
    while start < end and has(text, start, SENTENCE):
        start += 1
    return (start if start < end and text[start] == 60 else first), end


@bare
def weak_infix(text, first, end):
    """Return whether `-`, `/`, `//`, `%`, `@`, `!/` or `!-` stand between operands."""
    symbol, length = text[first], end - first
    slash = symbol == 47 and (length == 1 or (length == 2 and text[first + 1] == 47))
    minus = symbol == 45 and length == 1
    factorial = symbol == 33 and length == 2 and (text[first + 1] == 47 or text[first + 1] == 45)
    if slash:
        if is_spaced(text, first, end) and not is_separator(text, first):
            return True
        if length == 2 and has(text, first - 1, PLAIN) and has(text, end, PLAIN):
            return True
    if slash or minus or factorial:
        return ends_term(text, first - 1) and starts_term(text, skip(text, end, AHEAD))
    if length > 1:
        return False
    if symbol == 37 and has(text, first - 1, PLAIN) and has(text, end, PLAIN):
        return True
    return (symbol == 37 or symbol == 64) and is_spaced(text, first, end)


@bare
def is_emphasis(text, first, end):
    """Return whether stars or tildes stand beside a letter that scripts without spaces have."""
    if not has(text, first - 1, OUTSIDE) and not has(text, end, OUTSIDE):
        return False
    if end - first == 1:
        return text[first] == 126
    same = end - first == 2 and text[first] == text[first + 1]
    return same and (text[first] == 42 or text[first] == 126)


@bare
def leans(text, first, end):
    """Return whether an operator has a blank on one side only."""
    left, right = is_left_operand(text, first - 1), is_right_operand(text, end)
    behind, before = has(text, end, BLANK), has(text, first - 1, BLANK)
    if not ((left and behind) or (right and before)) or not has_text_beyond(text, first, end):
        return False
    for k in range(first, end):
        c = text[k]
        if c == 61 or c == 38 or c == 124 or ((c == 60 or c == 62) and end - first > 1):
            return True
    if end - first == 1 and text[first] == 60 and has(text, end, LETTER):
        return False
    follows = skip(text, end, AHEAD)
    if left and has(text, follows, OPENING):
        return False
    return ends_term(text, first - 1) and starts_term(text, follows)


@bare
def infix(text, first, end):
    """Return whether a run is an operator between two operands, or directly behind one."""
    if not is_strong(text, first, end):
        return weak_infix(text, first, end)
    if is_decoration(text, first, end):
        return False
    if is_spaced(text, first, end):
        return True
    left, right = is_left_operand(text, first - 1), is_right_operand(text, end)
    if left and right:
        return not is_emphasis(text, first, end)
    return (left and is_all(text, first, end, 43)) or leans(text, first, end)


@bare
def is_pointer(text, first, end):
    """Return whether `*` at the beginning of a line is no mark of a list or of a footnote."""
    if not has(text, first - 1, LINE) or not has(text, end, WORD) or is_single_letter(text, end):
        return True
    if text[first + 1] == 46:
        return True
    c = text[skip(text, stretch_end(text, end, WORD), AHEAD)]
    return c == 61 or c == 43 or c == 91 or c == 40 or c == 59


@bare
def redirects(text, state, first, end):
    """Return whether `<` or `>` stands behind a text, and is no part of a tag."""
    if has(text, skip(text, first - 1, BACK), LINE):
        return False
    return text[first] != 60 or closing(text, state, TAG, end) < 0


@bare
def prefix(text, state, first, end):
    """Return whether a run that no operand stands before is an operator of the next."""
    if has(text, end, SPACE):
        return False
    opens, symbol = has(text, end, WORD | OPENING), text[first]
    if symbol == 42:
        if not opens or not is_of(text, first, end, POINTERS):
            return False
        return is_pointer(text, first, end)
    if symbol == 94:
        if end - first == 2 and text[first + 1] == 94:
            return False
        c = text[end]
        return c != 95 and (opens or c == 92 or c == 36)
    if symbol == 126:
        return opens and is_of(text, first, end, NEGATIONS)
    if symbol == 46:
        return opens and (text[first + 1] == 42 or text[first + 1] == 43)
    if is_of(text, first, end, COMPARISONS):
        if has(text, end, DIGIT):
            return True
        return has(text, first - 1, BLANK) and opens and redirects(text, state, first, end)
    if not opens or (end - first == 1 and symbol == 43):
        return False
    return is_of(text, first, end, ADDRESSES)


@bare
def suffix(text, first, end, in_code):
    """Return whether a run behind an operand, and before none, is an operator of it."""
    if is_all(text, first, end, 43):
        return True
    if text[first] == 42 and is_of(text, first, end, REPEATED):
        escape = has(text, first - 1, PLAIN) and text[first - 2] == 92
        if escape or has(text, first - 1, CLOSING):
            return True
        return in_code and has(text, end, CLOSING)
    if end - first == 2 and text[first] == 46:
        return text[first + 1] == 42 or text[first + 1] == 43
    return is_ancestor(text, first, end)


@bare
def is_behind_code(text, state, first, end):
    """Return whether a term follows on a bracket of code."""
    c = text[skip(text, first - 1, BACK)]
    if state[BEFORE] != OPERAND or (c != 41 and c != 93):
        return False
    return starts_term(text, skip(text, end, AHEAD))


@merged
def minus(text, state, first, end):
    """Return what a run of `-` is."""
    sign = has(text, first - 1, SIGN)
    if end - first == 1:
        if (sign and starts_term(text, end)) or weak_infix(text, first, end):
            return INFIX
        if is_behind_code(text, state, first, end):
            return INFIX
    elif end - first > 2:
        return PUNCTUATION
    elif sign:
        if is_single_letter(text, end):
            return INFIX
    elif not has(text, first - 1, BLANK) and ends_term(text, first - 1):
        c = text[end]
        if c == 59 or c == 41 or c == 44 or c == 93 or c == 10 or c == 13:
            return POSTFIX
    if sign and state[BEFORE] == OPERATOR and has(text, end, OPENING):
        return INFIX
    if not has(text, end, LETTER) or not sign:
        return PUNCTUATION
    if state[BEFORE] == OPERATOR:
        return INFIX
    if not has(text, first - 1, BLANK) or state[BEFORE] == EDGE:
        return PUNCTUATION
    return INFIX if closing(text, state, MINUS, end) < 0 else PUNCTUATION


@bare
def slash(text, state, first, end):
    """Return what a run of `/` is."""
    if end - first > 2:
        return PUNCTUATION
    if weak_infix(text, first, end) or is_behind_code(text, state, first, end):
        return INFIX
    if end - first > 1 or is_left_operand(text, first - 1):
        return PUNCTUATION
    starts = has(text, first - 1, SPACE | OPENING | QUOTE)
    return INFIX if starts and has(text, end, PLAIN) else PUNCTUATION


@bare
def percent(text, first, end):
    """Return what a run of `%` is."""
    if end - first > 1:
        return PUNCTUATION
    at = first - 2 if text[first - 1] == 92 else first - 1
    if has(text, at, DIGIT):
        return INFIX if has(text, end, PLAIN) else POSTFIX
    if has(text, skip(text, at, BACK), DIGIT):
        term = is_spaced(text, first, end) and starts_term(text, skip(text, end, AHEAD))
        return INFIX if term else POSTFIX
    if weak_infix(text, first, end):
        return INFIX
    if has(text, at, PLAIN) and has(text, end, QUOTE):
        return POSTFIX
    opens = not is_left_operand(text, at) and has(text, end, LETTER)
    return INFIX if opens else PUNCTUATION


@bare
def exclamation(text, first, end):
    """Return what a run of `!` is."""
    if end - first > 2:
        return PUNCTUATION
    if has(text, first - 1, SIGN) and (has(text, end, WORD) or text[end] == 40):
        return INFIX
    if end - first > 1:
        return PUNCTUATION
    plain = has(text, first - 1, PLAIN)
    if plain and has(text, end, OPENING):
        return INFIX
    if plain and ends_term(text, first - 1) and starts_term(text, end):
        return INFIX
    if has(text, end, RUN) or has(text, first - 1, BLANK) or not ends_term(text, first - 1):
        return PUNCTUATION
    follows = skip(text, end, AHEAD)
    last = stretch_end(text, follows, RUN)
    return POSTFIX if last > follows and infix(text, follows, last) else PUNCTUATION


@bare
def question(text, first, end):
    """Return what a run of `?` is."""
    if end - first == 1 and has(text, first - 1, PLAIN | CLOSING) and text[end] == 59:
        return POSTFIX
    if end - first > 2 or not has(text, first - 1, PLAIN) or not has(text, end, PLAIN):
        return PUNCTUATION
    if is_single_letter(text, end) and not has(text, end + 1, BLANK):
        return INFIX
    between = ends_term(text, first - 1) and starts_term(text, end)
    return INFIX if between else PUNCTUATION


@bare
def colon(text, first, end, square):
    """Return what a run of `:` is."""
    if square:
        return INFIX
    if end - first == 1:
        joins = has(text, first - 1, DIGIT) and has(text, end, DIGIT)
    else:
        joins = end - first == 2 and (has(text, end, PLAIN) or text[end] == 60)
    return INFIX if joins else PUNCTUATION


@bare
def points(text, state, first, end):
    """Return what a run of full stops is."""
    if end - first == 1:
        if not has(text, end, DIGIT):
            return PUNCTUATION
        c = text[first - 1]
        number = has(text, first - 1, DIGIT) or not has(text, first - 1, WORD)
        return INFIX if number and c != 41 and c != 93 else PUNCTUATION
    if end - first > 3:
        return PUNCTUATION
    opened = state[BEFORE] == OPERATOR and has(text, first - 1, OPENING)
    if opened and has(text, end, PLAIN):
        return INFIX
    if has(text, first - 1, BLANK) or not ends_term(text, first - 1):
        return PUNCTUATION
    return INFIX if starts_term(text, end) and text[end] != 46 else PUNCTUATION


@merged
def single(text, state, first, end, square):
    """Return what a run of one symbol of `-/!%:?.@` is, once or more."""
    symbol = text[first]
    if symbol == 46:
        return INFIX if is_here(text, first, end) else points(text, state, first, end)
    if symbol == 45:
        use = minus(text, state, first, end)
        charged = use == PUNCTUATION and end - first == 1 and is_charge(text, first)
        return POSTFIX if charged else use
    if (symbol == 33 or symbol == 63) and is_typed(text, first, end):
        return POSTFIX
    if symbol == 33 and is_here(text, first, end):
        return INFIX
    if symbol == 47:
        return slash(text, state, first, end)
    if symbol == 37:
        return percent(text, first, end)
    if symbol == 33:
        return exclamation(text, first, end)
    if symbol == 58:
        return colon(text, first, end, square)
    if symbol == 63:
        return question(text, first, end)
    joins = end - first == 1 and (has(text, end, LETTER) or weak_infix(text, first, end))
    return INFIX if joins else PUNCTUATION
