"""How every symbol of a text is judged: `plain.operators`, on bytes.

`state` is what the walk remembers (`operator_context`); `kept` has room for every byte of the text,
and says of the symbols that were judged which are operators.
"""

# ruff: noqa: ANN001, ANN201, FBT003, C901, PLR0911, PLR1714, SIM109 - for numba
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"

import numpy as np
from numba import int64

from ftaudit.similarity.kernels.called import bare, merged
from ftaudit.similarity.kernels.operator_context import (
    AHEAD,
    BACK,
    BAR,
    BEFORE,
    BLANK,
    CLOSING,
    COMMENT,
    DIGIT,
    DOLLAR,
    FORMULA,
    LETTER,
    LINE,
    OPEN,
    OPENING,
    OUTSIDE,
    PAIRED,
    PAIRS,
    PLAIN,
    QUOTE,
    QUOTED,
    RUN,
    SPACE,
    STAR,
    STARRED,
    TILDE,
    WORD,
    alike_end,
    closing,
    has,
    is_left_operand,
    is_right_operand,
    is_single_letter,
    skip,
    stretch_end,
)
from ftaudit.similarity.kernels.operator_idioms import (
    bracket_is_code,
    is_compared,
    is_dangling,
    is_divider,
    is_folder,
    is_group_mark,
    is_range,
    is_shell_parameter,
    is_verdict,
    move_start,
)
from ftaudit.similarity.kernels.operator_patterns import is_named
from ftaudit.similarity.kernels.operator_runs import (
    DROPPED,
    EDGE,
    INFIX,
    OPERAND,
    OPERATOR,
    POSTFIX,
    PUNCTUATION,
    begins_comment,
    ends_comment,
    infix,
    is_all,
    is_strong,
    prefix,
    single,
    suffix,
    trimmed,
)

PROSE, CODE, SQUARE, GROUP = range(4)
"""What an open bracket is: punctuation; one of code; a square one of code; one that only groups."""
NESTED = (1 << 60) - 1
NOT_IN_CODE = np.bool_(False)


@bare
def keep(kept, state, first, end, use):
    """Record what a stretch of symbols is; return its end."""
    for k in range(first, end):
        kept[k] = use != PUNCTUATION
    state[BEFORE] = OPERATOR if use == INFIX else OPERAND if use == POSTFIX else DROPPED
    return end


@bare
def keep_one(kept, state, first, end, place):
    """Record a stretch of punctuation of which one symbol is kept; return its end."""
    keep(kept, state, first, end, PUNCTUATION)
    kept[place] = 1
    return end


@bare
def opens_pair(text, state, first, end):
    """Return whether a run of one symbol opens a pair, and remember where that closes."""
    symbol = text[first]
    number = STAR if symbol == 42 else TILDE if symbol == 126 else BAR
    if symbol != PAIRED[number] or alike_end(text, first) < end:
        return False
    c = text[end]
    if has(text, end, SPACE | CLOSING) or c == 44 or c == 59:
        return False
    state[PAIRS + number] = closing(text, state, number, end)
    return state[PAIRS + number] >= 0


@merged
def behind_operand(text, state, first, end):
    """Return what a run with a strong symbol is that an operand stands before."""
    tight = text[first] == 42 or text[first] == 126
    if tight and has(text, first - 1, OUTSIDE) and opens_pair(text, state, first, end):
        return PUNCTUATION
    if infix(text, first, end):
        complete = is_all(text, first, end, 43) and not is_right_operand(text, end)
        return POSTFIX if complete else INFIX
    bracket = state[OPEN] & 3
    in_code = bracket == CODE or bracket == SQUARE
    return POSTFIX if suffix(text, first, end, in_code) else PUNCTUATION


@merged
def strong_run(text, state, first, end):
    """Return what a run with a strong symbol is."""
    for number in range(3):
        if first <= state[PAIRS + number] < end:
            state[PAIRS + number] = -1
            return POSTFIX if number == BAR else PUNCTUATION
    if begins_comment(text, first, end):
        state[COMMENT] = 1
        return PUNCTUATION
    if state[COMMENT] and ends_comment(text, first, end):
        state[COMMENT] = 0
        return PUNCTUATION
    if is_left_operand(text, first - 1):
        return behind_operand(text, state, first, end)
    if opens_pair(text, state, first, end):
        return INFIX if text[first] == 124 else PUNCTUATION
    alone = state[BEFORE] == OPERATOR and has(text, first - 1, OPENING)
    if alone and has(text, end, CLOSING):
        return POSTFIX
    operates = infix(text, first, end) or prefix(text, state, first, end)
    return INFIX if operates or is_compared(text, first, end) else PUNCTUATION


@bare
def dangles(text, state, first, end):
    """Return what `*` or `&` are that nothing follows."""
    alone = state[STARRED] == 0 and is_dangling(text, first, end)
    if text[first] == 42:
        state[STARRED] = 1
    return POSTFIX if alone else PUNCTUATION


@bare
def is_whole(text, first, end):
    """Return whether a run is `./`, `../`, `/../`, `?.`, `!/` or `!-` in its place."""
    length = end - first
    if length < 2 or length > 4:
        return False
    if text[first] == 33 and length == 2 and (text[first + 1] == 47 or text[first + 1] == 45):
        return infix(text, first, end)
    if not has(text, end, PLAIN):
        return False
    if text[first] == 63 and length == 2 and text[first + 1] == 46:
        return has(text, first - 1, PLAIN | CLOSING)
    points, apart = 0, False
    for k in range(first, end):
        if text[k] != 46 and text[k] != 47:
            return False
        points += text[k] == 46
        apart |= text[k] == 46 and text[k + 1] == 46
    if points == 0 or text[end - 1] != 47:
        return False
    c = text[first - 1]
    if has(text, first - 1, SPACE | OPENING | QUOTE) or c == 61:
        return True
    return apart and has(text, first - 1, PLAIN)


@bare
def is_in_formula(text, state, first, end):
    """Return whether `-` or `/` stand in a formula between operands."""
    if not state[FORMULA] or end - first > 1 or (text[first] != 45 and text[first] != 47):
        return False
    return has(text, first - 1, PLAIN | CLOSING) and has(text, end, PLAIN | OPENING)


@bare
def joins(text, state, first, end):
    """Return whether a run is an operator by the brackets or the formula around it."""
    bracket = state[OPEN] & 3
    in_code = bracket == CODE or bracket == SQUARE
    if text[first] == 46:
        return is_range(text, first, end, in_code)
    if text[first] == 47 and in_code and is_divider(text, first, end):
        return True
    return is_in_formula(text, state, first, end)


@bare
def or_named(text, at, use):
    """Return what a run is that ends with the symbol at an index, which patterns may know."""
    return POSTFIX if use == PUNCTUATION and is_named(text, at) else use


@bare
def judge_run(text, kept, state, first):
    """Judge the run of symbols that begins at an index; return its end."""
    end = stretch_end(text, first, RUN)
    if is_folder(text, first, end):
        return keep(kept, state, first, end, POSTFIX)
    if text[first] == 63 and is_group_mark(text, first):
        return keep(kept, state, first, end, INFIX)
    if is_strong(text, first, end):
        start, last = trimmed(text, first, end)
        use = strong_run(text, state, start, last)
        if use == PUNCTUATION and (text[start] == 42 or text[start] == 38):
            use = dangles(text, state, start, last)
        use = or_named(text, last - 1, use)
        keep(kept, state, first, end, PUNCTUATION)
        if last < end:
            if use != PUNCTUATION:
                for k in range(start, last):
                    kept[k] = 1
            return end
        return keep(kept, state, start, last, use)
    if is_whole(text, first, end):
        return keep(kept, state, first, end, INFIX)
    if is_verdict(text, first, end):
        return keep(kept, state, first, end, POSTFIX)
    square = state[OPEN] & 3 == SQUARE
    while first < end:
        last = min(alike_end(text, first), end)
        use = single(text, state, first, last, square)
        if use == PUNCTUATION and joins(text, state, first, last):
            use = INFIX
        first = keep(kept, state, first, last, or_named(text, last - 1, use))
    return end


@bare
def bracket_of(text, state, at):
    """Return what an opening bracket is."""
    c, before = text[at], text[at - 1]
    if c == 123:
        if before == 36:
            return GROUP
        if before == 94 or before == 95:
            end = stretch_end(text, at + 1, WORD)
            if end > at + 1 and text[end] == 125:
                return GROUP
    code = state[BEFORE] == OPERATOR
    code |= has(text, at - 1, PLAIN) and not has(text, at + 1, OUTSIDE)
    quoted = before == 39 or before == 34
    if c != 123 or before != 41:
        code |= state[BEFORE] == OPERAND and (quoted or has(text, at - 1, CLOSING))
    code |= c == 123 and (before == 41 or before == 93) and has(text, at + 1, DIGIT)
    if not code and not bracket_is_code(text, at):
        return PROSE
    return SQUARE if c == 91 else CODE


@bare
def judge_opening(text, kept, state, at):
    """Judge an opening bracket, or the mouth of a sad face; return the next index."""
    if text[at] == 40 and is_named(text, at):
        return keep(kept, state, at, at + 1, POSTFIX)
    bracket = bracket_of(text, state, at)
    state[OPEN] = ((state[OPEN] << 2) | bracket) & NESTED
    if bracket == GROUP:
        kept[at] = 0
        return at + 1
    return keep(kept, state, at, at + 1, PUNCTUATION if bracket == PROSE else INFIX)


@bare
def is_operand(text, state, at):
    """Return whether an operator follows on the bracket or quotation mark at an index."""
    follows = skip(text, at + 1, AHEAD)
    if not has(text, follows, RUN):
        return False
    first, end = trimmed(text, follows, stretch_end(text, follows, RUN))
    if infix(text, first, end):
        return True
    if first != at + 1 or first <= state[PAIRS + STAR] < end:
        return False
    return suffix(text, first, end, NOT_IN_CODE)


@bare
def judge_closing(text, kept, state, at):
    """Judge a closing bracket; return the next index."""
    bracket = state[OPEN] & 3
    state[OPEN] >>= 2
    if bracket == GROUP:
        kept[at], state[BEFORE] = 0, OPERAND
        return at + 1
    code = bracket == CODE or bracket == SQUARE or is_operand(text, state, at)
    return keep(kept, state, at, at + 1, POSTFIX if code else PUNCTUATION)


@merged
def adjoins(text, state, at):
    """Return whether a quotation may begin in brackets of code, behind another."""
    bracket = state[OPEN] & 3
    if state[BEFORE] != OPERAND or (bracket != CODE and bracket != SQUARE):
        return False
    c = text[skip(text, at - 1, BACK)]
    return has(text, at - 1, BLANK) and (c == 34 or c == 39)


@bare
def judge_quotation(text, kept, state, at):
    """Judge a quotation mark, or a prime; return the next index."""
    c = int64(text[at])
    if state[QUOTED] == c:
        state[QUOTED] = 0
        return keep(kept, state, at, at + 1, POSTFIX)
    if (state[BEFORE] == OPERATOR or adjoins(text, state, at)) and not has(text, at + 1, SPACE):
        state[QUOTED] = c
        return keep_one(kept, state, at, at + 1, at)
    operand = c == 39 and text[at + 1] == 40 and is_single_letter(text, at - 1)
    operand = operand or (c == 39 and is_named(text, at))
    if not operand:
        operand = not has(text, at - 1, SPACE) and is_operand(text, state, at)
    return keep(kept, state, at, at + 1, POSTFIX if operand else PUNCTUATION)


@bare
def judge_dollar(text, kept, state, first):
    """Judge `$`: a currency, a variable or an end; return the end of the run."""
    end = alike_end(text, first)
    if first <= state[PAIRS + DOLLAR] < end:
        state[PAIRS + DOLLAR] = -1
        return keep(kept, state, first, end, PUNCTUATION)
    if end - first == 1 and is_shell_parameter(text, first):
        return keep(kept, state, first, end + 1, POSTFIX)
    left = state[BEFORE] == OPERAND and not has(text, first - 1, BLANK)
    if not left and not has(text, end, SPACE):
        state[PAIRS + DOLLAR] = closing(text, state, DOLLAR, end)
    if state[PAIRS + DOLLAR] >= 0 or end - first > 1:
        return keep(kept, state, first, end, PUNCTUATION)
    after = text[end]
    if after == 40:
        return keep(kept, state, first, end, INFIX)
    money = has(text, skip(text, end, AHEAD), DIGIT)
    money = money or has(text, skip(text, first - 1, BACK), DIGIT)
    money |= after == 46 and has(text, end + 1, DIGIT)
    if left or money or after == 123 or has(text, end, PLAIN):
        return keep_one(kept, state, first, end, first)
    return keep(kept, state, first, end, PUNCTUATION)


@bare
def escapes(text, at):
    """Return whether a regular expression would escape the byte at an index, and goes on."""
    c = text[at]
    brackets = has(text, at, OPENING | CLOSING)
    if not brackets and not (42 <= c <= 47 and c != 44) and not (c == 63 or c == 94 or c == 124):
        return False
    c = text[at + 1]
    repeats = c == 42 or c == 43 or c == 63 or c == 36 or c == 94 or c == 124
    return repeats or c == 92 or has(text, at + 1, PLAIN | OPENING)


@bare
def judge_backslash(text, kept, state, first):
    """Judge a run of backslashes; return its end, or that of what it escapes."""
    end = alike_end(text, first)
    if has(text, end, LETTER | DIGIT):
        return keep_one(kept, state, first, end, end - 1)
    if end - first == 1 and not has(text, first - 1, SPACE) and escapes(text, end):
        return keep(kept, state, first, end + 1, POSTFIX)
    if has(text, end, OPENING | CLOSING):
        end += 1
    return keep(kept, state, first, end, PUNCTUATION)


@bare
def judge_underscores(text, kept, state, first):
    """Judge the underscores that begin a word, which follows: one kept stands for all."""
    end = alike_end(text, first)
    for k in range(first, end):
        kept[k] = 0
    kept[first] = is_named(text, first)
    if not has(text, end, WORD):
        joined = state[FORMULA] and text[first - 1] == 46
        state[FORMULA] = joined or state[BEFORE] == OPERATOR
        state[BEFORE] = OPERAND
    return end


@merged
def judge(text, kept, state, at):
    """Judge what stands at an index, no letter; return the next, entries of `kept` up to it."""
    c = text[at]
    if has(text, at, BLANK):
        return at + 1
    if has(text, at, LINE):
        state[BEFORE], state[QUOTED], state[FORMULA], state[STARRED] = EDGE, 0, 0, 0
        return at + 1
    if has(text, at, RUN):
        return judge_run(text, kept, state, at)
    if has(text, at, OPENING):
        return judge_opening(text, kept, state, at)
    if has(text, at, CLOSING):
        return judge_closing(text, kept, state, at)
    if c == 34 or c == 39:
        return judge_quotation(text, kept, state, at)
    if c == 36:
        return judge_dollar(text, kept, state, at)
    if c == 92:
        return judge_backslash(text, kept, state, at)
    if c == 95:
        return judge_underscores(text, kept, state, at)
    ends = False
    if c == 35:
        if not has(text, at + 1, WORD):
            ends = is_single_letter(text, at - 1) or move_start(text, at) >= 0
        ends = ends or is_named(text, at)
    if c == 44:
        ends = has(text, at - 1, WORD) and has(text, at + 1, CLOSING)
    return keep(kept, state, at, at + 1, POSTFIX if ends else PUNCTUATION)
