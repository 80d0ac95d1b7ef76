"""Which runs of symbols are operators; `plain.operators` has the rule in words.

`kernels.operator_runs` does the same on bytes.
"""

from enum import IntEnum

from ftaudit.similarity.plain.symbol_idioms import (
    is_ancestor,
    is_charge,
    is_here,
    is_separator,
    is_typed,
)
from ftaudit.similarity.plain.symbol_surroundings import (
    BEFORE_SIGN,
    BLANKS,
    CLOSINGS,
    DIGITS,
    LINE,
    OPENINGS,
    QUOTES,
    RUN,
    SENTENCE,
    SPACES,
    STRONG,
    Surroundings,
    is_letter,
    is_plain,
    is_word,
)


class Before(IntEnum):
    """What stands before a place, blanks skipped."""

    EDGE = 0
    """Nothing on the line."""
    PUNCTUATION = 1
    OPERAND = 2
    OPERATOR = 3
    """An operator, or a bracket of code that opens: an operand follows."""


class SymbolUse(IntEnum):
    """What a run of symbols is."""

    PUNCTUATION = 0
    INFIX = 1
    """An operator that an operand follows."""
    POSTFIX = 2
    """An operator that completes its operand."""


_PUNCTUATION, _INFIX, _POSTFIX = SymbolUse.PUNCTUATION, SymbolUse.INFIX, SymbolUse.POSTFIX


def is_decoration(run: str) -> bool:
    """Return whether a run is one symbol at least three times: a line, stars, no operator."""
    alike = len(run) > 2 and set(run) == {run[0]}
    return alike and run not in {"===", ">>>", "<<<"}


def trimmed(beside: Surroundings, first: int, end: int) -> tuple[int, int]:
    """Return a run without the end of a sentence before a tag, and at its own end."""
    text = beside.text
    if not beside.is_right_operand(end):
        while end - 1 > first and text[end - 1] in SENTENCE:
            end -= 1
    start = first
    while start < end and text[start] in SENTENCE:
        start += 1
    return (start if start < end and text[start] == "<" else first), end


def infix(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether a run is an operator between two operands, or directly behind one.

    Depends on nothing but the line, so that brackets can ask about the run that follows.
    """
    run = beside.text[first:end]
    if STRONG.isdisjoint(run):
        return _weak_infix(beside, run, first, end)
    if is_decoration(run):
        return False
    if beside.is_spaced(first, end):
        return True
    left, right = beside.is_left_operand(first - 1), beside.is_right_operand(end)
    if left and right:
        return not _is_emphasis(beside, run, first, end)
    return (left and set(run) == {"+"}) or _leans(beside, run, first, end)


def _is_emphasis(beside: Surroundings, run: str, first: int, end: int) -> bool:
    """Return whether stars or tildes stand beside a letter that scripts without spaces have."""
    foreign = beside.at(first - 1) >= "\x80", beside.at(end) >= "\x80"
    return (run in {"**", "~~"} and any(foreign)) or (run == "~" and any(foreign))


def _leans(beside: Surroundings, run: str, first: int, end: int) -> bool:
    """Return whether an operator has a blank on one side only: `x= 5`, `7 +5`, `a &&b`."""
    before, after = beside.at(first - 1), beside.at(end)
    left, right = beside.is_left_operand(first - 1), beside.is_right_operand(end)
    if not ((left and after in BLANKS) or (right and before in BLANKS)):
        return False
    if not beside.has_text_beyond(first, end):
        return False
    if not {"=", "&", "|"}.isdisjoint(run) or (len(run) > 1 and not {"<", ">"}.isdisjoint(run)):
        return True
    if run == "<" and is_letter(after):
        return False
    follows = beside.skip(end, 1)
    if left and beside.at(follows) in OPENINGS:
        return False
    return beside.ends_term(first - 1) and beside.starts_term(follows)


def _weak_infix(beside: Surroundings, run: str, first: int, end: int) -> bool:
    """Return whether `-`, `/`, `//`, `%`, `@`, `!/` or `!-` stand between operands."""
    if run in {"-", "!/", "!-"}:
        return beside.ends_term(first - 1) and beside.starts_term(beside.skip(end, 1))
    if run in {"/", "//"}:
        if beside.is_spaced(first, end) and not is_separator(beside, first):
            return True
        if run == "//" and is_plain(beside.at(first - 1)) and is_plain(beside.at(end)):
            return True
        return beside.ends_term(first - 1) and beside.starts_term(beside.skip(end, 1))
    if run == "%":
        between = is_plain(beside.at(first - 1)) and is_plain(beside.at(end))
        return between or beside.is_spaced(first, end)
    return run == "@" and beside.is_spaced(first, end)


def prefix(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether a run that no operand stands before is an operator of the next."""
    run, after = beside.text[first:end], beside.at(end)
    before = beside.at(first - 1)
    opens = is_word(after) or after in OPENINGS
    if set(run) <= set("<>=!"):
        return after in DIGITS or (before in BLANKS and opens and _redirects(beside, first, end))
    if run[0] == "^":
        return run != "^^" and after != "_" and (opens or after in "\\$")
    if not opens or run == "+":
        return False
    if run[0] == "*":
        return set(run) <= set("*&.~-!") and _is_pointer(beside, first, end)
    if run[0] == ".":
        return run[1] in "*+"
    return set(run) <= set("~-!&/" if run[0] == "~" else "&*~!+-")


def _is_pointer(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether `*` at the beginning of a line is no mark of a list or of a footnote."""
    before, after = beside.at(first - 1), beside.at(end)
    if before not in LINE or not is_word(after) or beside.is_single_letter(end):
        return True
    follows = beside.skip(beside.word_end(end), 1)
    return beside.at(first + 1) == "." or beside.at(follows) in "=+[(;"


def _redirects(beside: Surroundings, first: int, end: int) -> bool:
    """Return whether `<` or `>` stands behind a text, and is no part of a tag."""
    if beside.at(beside.skip(first - 1, -1)) in LINE:
        return False
    return beside.text[first] != "<" or beside.closing(">", end) < 0


def suffix(beside: Surroundings, first: int, end: int, *, in_code: bool) -> bool:
    """Return whether a run behind an operand, and before none, is an operator of it.

    Args:
        beside: the text.
        first: where the run begins.
        end: where it ends.
        in_code: whether brackets of code are open.
    """
    run = beside.text[first:end]
    if set(run) == {"+"}:
        return True
    if run[0] == "*" and set(run) <= set("*?"):
        escape = is_plain(beside.at(first - 1)) and beside.at(first - 2) == "\\"
        return (
            escape or beside.at(first - 1) in CLOSINGS or (in_code and beside.at(end) in CLOSINGS)
        )
    return run in {".*", ".+"} or is_ancestor(beside, first, end)


def single(
    beside: Surroundings, first: int, end: int, before: Before, *, square: bool
) -> SymbolUse:
    """Return what a run of one symbol of `-/!%:?.@` is, once or more.

    Args:
        beside: the text.
        first: where the run begins.
        end: where it ends.
        before: what stands before it.
        square: whether square brackets of code are the innermost.
    """
    symbol, alone = beside.text[first], end - first == 1
    if symbol in "!?" and is_typed(beside, first, end):
        return _POSTFIX
    if symbol in "!." and is_here(beside, first, end):
        return _INFIX
    if symbol == ":":
        return _colon(beside, first, end, square=square)
    if symbol in "-./":
        judges = {"-": _minus, ".": _points, "/": _slash}
        use = judges[symbol](beside, first, end, before)
        charged = symbol == "-" and alone and use == _PUNCTUATION and is_charge(beside, first)
        return _POSTFIX if charged else use
    rules = {"%": _percent, "!": _exclamation, "?": _question, "@": _address}
    return rules[symbol](beside, first, end)


def _minus(beside: Surroundings, first: int, end: int, before: Before) -> SymbolUse:
    previous, after = beside.at(first - 1), beside.at(end)
    if end - first > 2:
        return _PUNCTUATION
    signs = previous in BEFORE_SIGN
    if end - first == 1:
        if _weak_infix(beside, "-", first, end) or (signs and beside.starts_term(end)):
            return _INFIX
        if _is_behind_code(beside, first, end, before):
            return _INFIX
    elif signs and beside.is_single_letter(end):
        return _INFIX
    elif not signs and after in ";),]\n\r" and beside.ends_term(first - 1):
        return _POSTFIX
    return _INFIX if signs and _is_option(beside, first, end, before) else _PUNCTUATION


def _is_option(beside: Surroundings, first: int, end: int, before: Before) -> bool:
    """Return whether `-` or `--` belong to the word behind: after an operator, or a blank."""
    if before == Before.OPERATOR and beside.at(end) in OPENINGS:
        return True
    if not is_letter(beside.at(end)):
        return False
    behind = beside.at(first - 1) in BLANKS and before != Before.EDGE
    return before == Before.OPERATOR or (behind and beside.closing("-", end) < 0)


def _is_behind_code(beside: Surroundings, first: int, end: int, before: Before) -> bool:
    """Return whether a term follows on a bracket of code: `len(rows) - 1`."""
    bracket = beside.at(beside.skip(first - 1, -1)) in ")]"
    follows = beside.skip(end, 1)
    return before == Before.OPERAND and bracket and beside.starts_term(follows)


def _slash(beside: Surroundings, first: int, end: int, before: Before) -> SymbolUse:
    if end - first > 2:
        return _PUNCTUATION
    infixed = _weak_infix(beside, beside.text[first:end], first, end)
    if infixed or _is_behind_code(beside, first, end, before):
        return _INFIX
    rooted = end - first == 1 and not beside.is_left_operand(first - 1)
    previous = beside.at(first - 1)
    starts = previous in SPACES or previous in OPENINGS or previous in QUOTES
    return _INFIX if rooted and starts and is_plain(beside.at(end)) else _PUNCTUATION


def _percent(beside: Surroundings, first: int, end: int) -> SymbolUse:
    if end - first > 1:
        return _PUNCTUATION
    place = first - 2 if beside.at(first - 1) == "\\" else first - 1
    previous, after = beside.at(place), beside.at(end)
    if previous in DIGITS:
        return _INFIX if is_plain(after) else _POSTFIX
    if beside.at(beside.skip(place, -1)) in DIGITS:
        term = beside.is_spaced(first, end) and beside.starts_term(beside.skip(end, 1))
        return _INFIX if term else _POSTFIX
    if _weak_infix(beside, "%", first, end):
        return _INFIX
    if is_plain(previous) and after in QUOTES:
        return _POSTFIX
    opens = not beside.is_left_operand(place) and is_letter(after)
    return _INFIX if opens else _PUNCTUATION


def _exclamation(beside: Surroundings, first: int, end: int) -> SymbolUse:
    if end - first > 2:
        return _PUNCTUATION
    previous, after = beside.at(first - 1), beside.at(end)
    if previous in BEFORE_SIGN and (is_word(after) or after == "("):
        return _INFIX
    if end - first > 1:
        return _PUNCTUATION
    calls = is_plain(previous) and after in OPENINGS
    if calls or (is_plain(previous) and beside.ends_term(first - 1) and beside.starts_term(end)):
        return _INFIX
    follows = beside.skip(end, 1)
    if after in RUN or previous in BLANKS or not beside.ends_term(first - 1):
        return _PUNCTUATION
    last = beside.run_end(follows)
    return _POSTFIX if last > follows and infix(beside, follows, last) else _PUNCTUATION


def _question(beside: Surroundings, first: int, end: int) -> SymbolUse:
    before = beside.at(first - 1)
    if end - first == 1 and (is_plain(before) or before in CLOSINGS) and beside.at(end) == ";":
        return _POSTFIX
    inside = is_plain(before) and is_plain(beside.at(end))
    if end - first > 2 or not inside:
        return _PUNCTUATION
    ends = beside.is_single_letter(end) and beside.at(end + 1) not in BLANKS
    between = beside.ends_term(first - 1) and beside.starts_term(end)
    return _INFIX if ends or between else _PUNCTUATION


def _address(beside: Surroundings, first: int, end: int) -> SymbolUse:
    joins = is_letter(beside.at(end)) or _weak_infix(beside, "@", first, end)
    return _INFIX if joins and end - first == 1 else _PUNCTUATION


def _colon(beside: Surroundings, first: int, end: int, *, square: bool) -> SymbolUse:
    previous, after = beside.at(first - 1), beside.at(end)
    if square:
        return _INFIX
    if end - first == 1:
        return _INFIX if previous in DIGITS and after in DIGITS else _PUNCTUATION
    joins = end - first == 2 and (is_plain(after) or after == "<")
    return _INFIX if joins else _PUNCTUATION


def _points(beside: Surroundings, first: int, end: int, before: Before) -> SymbolUse:
    previous, after = beside.at(first - 1), beside.at(end)
    if end - first == 1:
        number = after in DIGITS and (not is_word(previous) or previous in DIGITS)
        return _INFIX if number and previous not in ")]" else _PUNCTUATION
    if end - first > 3:
        return _PUNCTUATION
    if before == Before.OPERATOR and previous in OPENINGS and is_plain(after):
        return _INFIX
    between = (previous not in BLANKS and beside.ends_term(first - 1)) and (
        beside.starts_term(end) and after != "."
    )
    return _INFIX if between else _PUNCTUATION
