"""What counts as the same text: Unicode-aware normalisation, version 2.

1. NFKD, lower case, full case folding where that differs (ß, final sigma, iota subscript, old
   Cyrillic), NFKC: the compatibility caseless form of the Unicode Standard, section 3.13.
2. Invisible format characters (category Cf: soft hyphen, zero-width and bidirectional marks) and
   variation selectors vanish without a trace; so do marks that readers add and leave out: Arabic
   vowel signs and tatweel, Hebrew points and accents.
3. Letters of other scripts that look like Latin ones become those (Cyrillic and Greek; Unicode
   Technical Standard 39). The same text written with either is the same.
4. Operators stay, as words of their own, and so does the decimal point (`operators` has the rule):
   "7 + 5" is not "7 - 5". Other hyphens, minus, times and division signs count as the ASCII ones,
   and other mathematical symbols (category Sm) are words of their own.
5. Letters, combining marks and numbers (L, M, N) are kept. Every other symbol of category So
   (emoji among them) is a word of its own, and so is every character, with its marks, of a
   script that puts no spaces between words: Han, Hiragana, Katakana, Bopomofo, Thai, Lao,
   Khmer, Myanmar.
6. Currency signs (Sc) stay part of their word, for "£1" and "€1" are different amounts; only the
   ASCII "$" separates, for it marks variables and formulas as often as money.
7. Everything else separates words: punctuation of any script, curly quotes, dashes, controls,
   white space. Runs collapse into one space; ends are trimmed.

On ASCII this means: letters and digits are kept in lower case, operators stay, everything else
separates. The kernels do that on bytes, but for operators, and texts with any other character:
those are normalised here first.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.progress import Silent
from ftaudit.similarity.runtime.kernel_loader import kernels, load_kernels
from ftaudit.similarity.text.arrow_buffers import TextViews, strings, views

VERSION: Final = "unicode-2"

FOLDS: Final = {
    "\u00df": "ss",
    "\u0345": "\u03b9",
    "\u03c2": "\u03c3",
    "\u1c80": "\u0432",
    "\u1c81": "\u0434",
    "\u1c82": "\u043e",
    "\u1c83": "\u0441",
    "\u1c84": "\u0442",
    "\u1c85": "\u0442",
    "\u1c86": "\u044a",
    "\u1c87": "\u0463",
    "\u1c88": "\ua64b",
}
"""Lower-case characters that full case folding maps further (CaseFolding.txt, Unicode 15)."""

_CYRILLIC: Final = (
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442"
    "\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d\u04cf"
)
_GREEK: Final = "\u03b1\u03b5\u03b6\u03b7\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
LOOK_ALIKES: Final = dict(zip(_CYRILLIC + _GREEK, "abekmhopctyxsijhdqwlaezhikvoptux", strict=True))
"""Lower-case Cyrillic and Greek letters that look like Latin ones, in lower case or as capitals.
Not the Greek mu, which is the compatibility form of the micro sign: "5 \u00b5m" is not "5 mm"."""

SIGNS: Final = {
    "\u00d7": "*",
    "\u00f7": "/",
    "\u2044": "/",
    "\u2215": "/",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2212": "-",
    "\u2217": "*",
    "\u22c5": "*",
}
"""Signs of which ASCII has a plain form."""

SPACELESS: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts that put no spaces between words, as character classes of Rust's `regex`."""

FULL_SPELLING: Final = {"\u05bb": "\u05d5"}
"""The Hebrew point kubutz: the vowel that spelling without points writes as the letter vav (Academy
of the Hebrew Language, rules of full spelling)."""

_UNREAD: Final = (
    r"[\p{Cf}\x{FE00}-\x{FE0F}\x{E0100}-\x{E01EF}"
    r"\x{0640}\x{0610}-\x{061A}\x{064B}-\x{0652}\x{0656}-\x{065F}\x{0670}\x{06D6}-\x{06DC}"
    r"\x{06DF}-\x{06E4}\x{06E7}\x{06E8}\x{06EA}-\x{06ED}"
    r"\x{0591}-\x{05BD}\x{05BF}\x{05C1}\x{05C2}\x{05C4}\x{05C5}\x{05C7}]"
)
"""Format characters and variation selectors; Arabic tatweel and vowel signs; Hebrew points."""
_ALONE: Final = rf"\p{{So}}|[\p{{Sm}}--\p{{ASCII}}]\p{{M}}*|[[{SPACELESS}]--\p{{M}}]\p{{M}}*"
_SEPARATORS: Final = r"(?:[^\p{L}\p{M}\p{N}\p{So}\p{Sm}\p{Sc}]|[$+<=>|~])+"


def normalised(texts: pl.Series) -> pl.Series:
    """Return every text in its normal form, as the module says. Null stays null."""
    return separated(mark_operators(folded(texts)))


def folded(texts: pl.Series) -> pl.Series:
    """Do steps 1 to 3, and write signs as ASCII has them."""
    substitutes = LOOK_ALIKES | SIGNS | FULL_SPELLING
    return (
        texts.str.normalize("NFKD")
        .str.to_lowercase()
        .str.replace_many(list(FOLDS), list(FOLDS.values()))
        .str.normalize("NFKC")
        .str.replace_many(list(substitutes), list(substitutes.values()))
        .str.replace_all(_UNREAD, "")
    )


def separated(texts: pl.Series) -> pl.Series:
    """Do steps 5 to 7."""
    return (
        texts.str.replace_all(_ALONE, " ${0} ")
        .str.replace_all(_SEPARATORS, " ")
        .str.strip_chars(" ")
    )


def mark_operators(texts: pl.Series) -> pl.Series:
    """Do step 4: put the stand-in of every operator in its place. Null stays null."""
    column = views(texts.fill_null(""))
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
