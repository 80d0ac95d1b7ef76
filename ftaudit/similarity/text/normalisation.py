r"""What counts as the same text: Unicode-aware normalisation, version 5.

1. NFKD, lower case, full case folding where that differs (ß, final sigma, iota subscript, old
   Cyrillic), NFKC: the compatibility caseless form of the Unicode Standard, section 3.13. Before,
   exponents and fractions get what keeps them apart: 10² is 10^2 and 1½ is 1 1/2, not 102 and 11/2.
2. Invisible format characters (category Cf: soft hyphen, zero-width and bidirectional marks) and
   variation selectors vanish without a trace; so do marks that readers add and leave out: Arabic
   vowel signs and tatweel, Hebrew points and accents, hamza on alef, the dots of Cyrillic io.
3. Spellings of one letter become one (`letter_folds` has the tables and their sources), digits of
   all scripts those of ASCII, and letters of other scripts that look like Latin ones become those
   (Cyrillic and Greek; Unicode Technical Standard 39). The same text written with either is the
   same.
4. Operators stay, as words of their own, and so does the decimal point (`operators` has the rule):
   "7 + 5" is not "7 - 5". A capital behind a backslash, or alone behind the minus of an option,
   stays apart from its small letter: `\W`, `grep -V`. Other quotation marks, hyphens, minus, times
   and division signs count as the ASCII ones; other mathematical symbols (category Sm), ‰ and the
   prime are words of their own.
5. Letters, combining marks and numbers (L, M, N) are kept. Every other symbol of category So
   (emoji among them) is a word of its own, and so is every character, with its marks, of a
   script that puts no spaces between words: Han, Hiragana, Katakana, Bopomofo, Thai, Lao,
   Khmer, Myanmar.
6. Currency signs (Sc) stay part of their word, for "£1" and "€1" are different amounts; the ASCII
   "$" is an operator beside a number or a word, but for a pair of them around a formula.
7. Everything else separates words: punctuation of any script, curly quotes, dashes, controls,
   white space. Runs collapse into one space; ends are trimmed.

On ASCII this means: letters and digits are kept in lower case, operators stay, everything else
separates. The kernels do that on bytes, but for operators, and texts with any other character:
those are normalised here first.
"""

from string import ascii_uppercase
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.progress import Silent
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.text.arrow_buffers import TextViews, strings, views
from ftaudit.similarity.text.letter_folds import (
    ANY_DIGIT,
    CASE,
    DIGITS,
    EXPANDED,
    EXPANSIONS,
    LOOK_ALIKES,
    MARKS,
    MEASURES,
    RAISED,
    SIGNS,
    SPELLINGS,
    UNMARKED,
)

VERSION: Final = "unicode-5"

SPACELESS: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts that put no spaces between words, as character classes of Rust's `regex`."""

_UNREAD: Final = (
    r"[\p{Cf}\x{FE00}-\x{FE0F}\x{E0100}-\x{E01EF}"
    r"\x{0640}\x{0610}-\x{061A}\x{064B}-\x{0652}\x{0656}-\x{065F}\x{0670}\x{06D6}-\x{06DC}"
    r"\x{06DF}-\x{06E4}\x{06E7}\x{06E8}\x{06EA}-\x{06ED}"
    r"\x{0591}-\x{05BA}\x{05BC}\x{05BD}\x{05BF}\x{05C1}\x{05C2}\x{05C4}\x{05C5}\x{05C7}]"
)
"""Format characters and variation selectors; Arabic tatweel and vowel signs; Hebrew points."""
_FOREIGN_MARKS: Final = rf"[[\p{{P}}\p{{Z}}]--\p{{ASCII}}--[{MEASURES}]]"
_ALONE: Final = (
    rf"[\p{{So}}{MEASURES}]|[\p{{Sm}}--\p{{ASCII}}]\p{{M}}*|[[{SPACELESS}]--\p{{M}}]\p{{M}}*"
)
_DOTTED: Final = r"i\x{307}+"
_MARKED_LATIN: Final = r"[a-z]\p{M}"
_SEPARATORS: Final = rf"(?:[^\p{{L}}\p{{M}}\p{{N}}\p{{So}}\p{{Sm}}\p{{Sc}}{MEASURES}]|[$+<=>|~])+"


_SHIELD: Final = "\ue000"
_CASED: Final = (
    r"([-\x{2010}-\x{2013}\x{2212}\x{FE63}\x{FF0D}\\\x{FE68}\x{FF3C}])([A-Z\x{FF21}-\x{FF3A}])"
)
"""Capitals whose case may carry meaning: directly behind a hyphen or a backslash, of any width."""
_UNSHIELDED: Final = {f"{_SHIELD}{c.lower()}": c for c in ascii_uppercase}


def normalised(texts: pl.Series) -> pl.Series:
    """Return every text in its normal form, as the module says. Null stays null."""
    cased, expanded = _have(texts, _CASED, EXPANDED)
    if cased:
        texts = texts.str.replace_all(_SHIELD, " ", literal=True)
        texts = texts.str.replace_all(_CASED, f"${{1}}{_SHIELD}${{2}}")
    texts = _folded(texts, expanded=expanded)
    if cased:
        texts = texts.str.replace_many(_UNSHIELDED).str.replace_all(_SHIELD, "", literal=True)
    return separated(mark_operators(texts))


def folded(texts: pl.Series) -> pl.Series:
    """Do steps 1 to 3, and write signs and digits as ASCII has them."""
    (expanded,) = _have(texts, EXPANDED)
    return _folded(texts, expanded=expanded)


def _folded(texts: pl.Series, *, expanded: bool) -> pl.Series:
    """Do what `folded` does; `expanded` tells whether any text has what `EXPANDED` looks for."""
    if expanded:
        raised = pl.first().str.replace_all(RAISED, "^${0}").str.replace_many(EXPANSIONS)
        texts = texts.to_frame().select(raised).to_series()
    form = (
        pl.first()
        .str.normalize("NFKD")
        .str.to_lowercase()
        .str.replace_all(_UNREAD, "")
        .str.replace_many(CASE | SPELLINGS)
        .str.replace_all(MARKS, UNMARKED)
        .str.normalize("NFKC")
        .str.replace_many(LOOK_ALIKES | SIGNS)
        .str.replace_all(_FOREIGN_MARKS, ",")
    )
    texts = texts.to_frame().select(form).to_series()
    marked, digits = _have(texts, _MARKED_LATIN, ANY_DIGIT)
    if marked:  # a look-alike may compose with its marks
        texts = texts.str.replace_all(_DOTTED, "i").str.normalize("NFC")
    return texts.str.replace_many(DIGITS) if digits else texts


def _have(texts: pl.Series, *patterns: str) -> tuple[bool, ...]:
    """Return of each pattern whether any text has it: one query, however few texts there are."""
    asked = [pl.first().str.contains(pattern).any() for pattern in patterns]
    return texts.to_frame().select(e.alias(str(i)) for i, e in enumerate(asked)).row(0)


def separated(texts: pl.Series) -> pl.Series:
    """Do steps 5 to 7."""
    form = pl.first().str.replace_all(_ALONE, " ${0} ").str.replace_all(_SEPARATORS, " ")
    return texts.to_frame().select(form.str.strip_chars(" ")).to_series()


def mark_operators(texts: pl.Series) -> pl.Series:
    """Do step 4: put the stand-in of every operator in its place. Null stays null."""
    column = views(texts.fill_null("") if texts.null_count() else texts)
    classes = _classes(column)
    rows = np.flatnonzero(classes)
    return _with_marks(texts, column, rows) if len(rows) else texts


def prepared(texts: pl.Series) -> pl.Series:
    """Normalise the texts as far as the kernels do not; null becomes empty.

    Case, punctuation and spaces of ASCII are left to the kernels; the normal form is the same.
    """
    return viewed(texts).texts


class PreparedTexts(NamedTuple):
    """Texts normalised as far as the kernels need it."""

    texts: pl.Series
    column: TextViews
    """Of the texts."""
    foreign: npt.NDArray[np.int64]
    """Indices of those that held a character outside ASCII."""


def viewed(texts: pl.Series) -> PreparedTexts:
    """Return what `prepared` returns, with views of it, and which texts are not ASCII."""
    texts = texts.fill_null("") if texts.null_count() else texts
    column = views(texts)
    classes = _classes(column)
    if not classes.any():
        return PreparedTexts(texts, column, np.zeros(0, np.int64))
    texts = texts.clone()  # scatter writes in place
    foreign = np.flatnonzero(classes == FOREIGN)
    for kind in (OPERATORS, SIMPLE):
        rows = np.flatnonzero(classes == kind)
        if len(rows):
            texts = _with_marks(texts, column, rows, simple=kind == SIMPLE)
    outside = np.flatnonzero((classes == FOREIGN) | (classes == SIMPLE))
    if len(foreign) == len(texts):
        texts = normalised(texts)
    elif len(foreign):
        texts = texts.scatter(foreign, normalised(texts.gather(foreign)))
    return PreparedTexts(texts, views(texts), outside)


FOREIGN: Final = 1
"""Class of a text that has characters outside ASCII (`kernels.operator_marks.classify_rows`)."""
OPERATORS: Final = 2
"""Class of an ASCII text that may have operators."""
SIMPLE: Final = 3
"""Class of a text that the kernels normalise though it is not ASCII: quotes, dashes, Latin-1."""


def _classes(column: TextViews) -> npt.NDArray[np.uint8]:
    """Return `FOREIGN`, `OPERATORS`, `SIMPLE` or 0 for every text."""
    load_kernels(Silent(), "operator_marks", steps=int(column.sizes.sum(dtype=np.int64)))
    operator_marks = kernels("operator_marks")

    classes = np.zeros(len(column.views), np.uint8)
    operator_marks.classify_rows(column.views, column.addresses, classes)
    return classes


def _with_marks(
    texts: pl.Series, column: TextViews, rows: npt.NDArray[np.int64], *, simple: bool = False
) -> pl.Series:
    """Return the texts with the operators of `rows` marked; `column` are views of all.

    Texts that are `simple` are folded before, which completes their normalisation.
    """
    operator_marks = kernels("operator_marks")

    out = np.empty(5 * int(column.sizes[rows].sum(dtype=np.int64)) + 1, np.uint8)
    ends = np.empty(len(rows) + 1, np.int64)
    operator_marks.mark_rows(column.views, column.addresses, rows, simple, out, ends)
    return texts.scatter(rows, strings(out[: int(ends[-1])], ends))
