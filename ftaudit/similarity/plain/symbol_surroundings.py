"""What stands beside a symbol: characters, blanks, terms and the closing half of a pair.

`kernels.operator_context` does the same on bytes. Positions outside a text hold a line break.
"""

import re
from typing import Final

STRONG: Final = frozenset("+*=<>&|^~")
"""Symbols that are operators between operands, and in a run with others of `RUN`."""
RUN: Final = STRONG | frozenset("-/!%:?.@")
"""Symbols that stand together as one: `!=`, `->`, `..=`, `?.`."""
DIGITS: Final = frozenset("0123456789")
LINE: Final = frozenset("\n\r")
BLANKS: Final = frozenset(" \t")
SPACES: Final = LINE | BLANKS
OPENINGS: Final = frozenset("([{")
CLOSINGS: Final = frozenset(")]}")
SENTENCE: Final = frozenset(".:?!")
"""Symbols that end sentences, and clauses."""
QUOTES: Final = frozenset("\"'`")
BEFORE_SIGN: Final = frozenset(" \t\n\r([{=<>+*/^|&,:;\"'`$")
"""Characters after which a sign belongs to what follows; so does the beginning of a text."""
PAIRED: Final = "*~|-$>"
"""Symbols that may stand in pairs around a text: `*word*`, `~word~`, `|x|`, `-word-`, `$x$`; and
`>`, which closes a tag."""

_WORD: Final = re.compile(r"[^\x00-/:-@\[-^`{-\x7f]+")
"""ASCII letters, digits and underscores, and all beyond ASCII; by what it is not, since a class up
to the last character takes ten times as long to compile."""


def is_plain(c: str) -> bool:
    """Return whether a character is an ASCII letter, a digit or an underscore."""
    return c < "\x80" and (c.isalnum() or c == "_")


def is_word(c: str) -> bool:
    """Return whether a character is one of `is_plain`, or outside ASCII."""
    return c >= "\x80" or c.isalnum() or c == "_"


def is_letter(c: str) -> bool:
    """Return whether a character is an ASCII letter."""
    return c < "\x80" and c.isalpha()


class Surroundings:
    """A text whose symbols are asked for what stands beside them."""

    def __init__(self, text: str) -> None:
        """Ask about a text."""
        self.text = text
        self._until = dict.fromkeys(PAIRED, -1)
        self._closing = dict.fromkeys(PAIRED, -1)

    def at(self, place: int) -> str:
        """Return the character at a place."""
        return self.text[place] if 0 <= place < len(self.text) else "\n"

    def skip(self, place: int, step: int) -> int:
        """Return the next place that holds no blank, in the direction of `step`."""
        while self.at(place) in BLANKS:
            place += step
        return place

    def word_end(self, place: int) -> int:
        """Return where the word ends that begins at a place."""
        word = _WORD.match(self.text, place)
        return word.end() if word else place

    def run_end(self, first: int) -> int:
        """Return where the run of symbols ends that begins at a place."""
        end = first
        while self.at(end) in RUN:
            end += 1
        return end

    def has_text_beyond(self, first: int, end: int) -> bool:
        """Return whether the line has text on both sides of a run, blanks skipped.

        The end of a sentence is no text: "7 + 5 = ?".
        """
        left, right = self.skip(first - 1, -1), self.skip(end, 1)
        ends = self.at(right) in SENTENCE and self.at(right + 1) in SPACES
        return self.at(left) not in LINE and self.at(right) not in LINE and not ends

    def is_spaced(self, first: int, end: int) -> bool:
        """Return whether a run stands between blanks with text beyond."""
        spaced = self.at(first - 1) in BLANKS and self.at(end) in BLANKS
        return spaced and self.has_text_beyond(first, end)

    def is_left_operand(self, place: int) -> bool:
        """Return whether a word, a bracket or a quotation ends at a place."""
        c = self.at(place)
        if c in QUOTES:
            before = self.at(place - 1)
            return before not in SPACES and before not in OPENINGS
        return is_word(c) or c in CLOSINGS

    def is_right_operand(self, place: int) -> bool:
        """Return whether a word, bracket, quotation, `$` or backslash begins at a place."""
        c = self.at(place)
        if c in QUOTES:
            return self.at(place + 1) not in SPACES
        return is_word(c) or c in OPENINGS or c in "$\\"

    def word_before(self, place: int) -> str:
        """Return the word of eight letters at most before a place and blanks, in lower case."""
        end = self.skip(place - 1, -1) + 1
        start = end
        while end - start < 9 and is_letter(self.at(start - 1)):
            start -= 1
        whole = end - start < 9 and not is_word(self.at(start - 1))
        return self.text[start:end].lower() if whole else ""

    def is_single_letter(self, place: int) -> bool:
        """Return whether a letter has no letter or digit beside it."""
        alone = not is_word(self.at(place - 1)) and not is_word(self.at(place + 1))
        return alone and is_letter(self.at(place))

    def ends_term(self, place: int) -> bool:
        """Return whether a number, single letter, bracket or identifier ends at a place.

        Blanks are skipped. An identifier has an underscore within: `total_count`. In a bracket
        beyond blanks a term ends: "(see above) - " is prose.
        """
        if self.at(place) in BLANKS:
            place = self.skip(place, -1)
            while self.at(place) in ")]":
                place -= 1
        c = self.at(place)
        if c in DIGITS or c in ")]%" or self.is_single_letter(place):
            return True
        joined = False
        while is_plain(c) and not joined:
            place -= 1
            c = self.at(place)
            joined = c == "_" and is_plain(self.at(place - 1))
        return joined or (c == "\\" and is_plain(self.at(place + 1)))

    def starts_term(self, place: int) -> bool:
        """Return whether a number, single letter, bracket or identifier starts at a place.

        An identifier has an underscore within, or a bracket behind: `total_count`, `len(x)`. In a
        bracket beyond blanks a term starts.
        """
        if self.at(place - 1) in BLANKS:
            while self.at(place) in "([":
                place += 1
        c = self.at(place)
        if c in "$.-":
            return self.at(place + 1) in DIGITS
        if c == "\\":
            return is_letter(self.at(place + 1))
        if c in DIGITS or c in "([" or self.is_single_letter(place):
            return True
        end, joined = place, False
        while is_plain(self.at(end)):
            joined |= self.at(end) == "_" and place < end and is_plain(self.at(end + 1))
            end += 1
        return end > place and (joined or self.at(end) in "([")

    def closing(self, symbol: str, place: int) -> int:
        """Return where the next run of a symbol begins that closes a pair; -1: not on the line.

        It stands behind a text, and not before a word; `*` and `~` may stand before a letter
        outside ASCII, for many scripts put no spaces between words. Each place is looked at once
        for each symbol, however often this is called.
        """
        if place >= self._until[symbol]:
            self._until[symbol], self._closing[symbol] = self._find_closing(symbol, place)
        return self._closing[symbol]

    def _find_closing(self, symbol: str, place: int) -> tuple[int, int]:
        """Return where the answer ends to hold, and the answer of `closing`."""
        while self.at(place) not in LINE:
            end = place
            while self.at(end) == symbol:
                end += 1
            if end > place and self._closes(symbol, place, end):
                return place + 1, place
            place = max(end, place + 1)
        return place, -1

    def _closes(self, symbol: str, first: int, end: int) -> bool:
        before, after = self.at(first - 1), self.at(end)
        if before in SPACES:
            return False
        if symbol == ">":
            return True
        if symbol in "*~":
            return not is_plain(after)
        return not is_word(after) and (symbol != "$" or after not in OPENINGS)
