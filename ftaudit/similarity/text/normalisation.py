"""What counts as the same text: Unicode-aware normalisation, version 1.

1. NFKD, lower case, full case folding where that differs (ß, final sigma, iota subscript, old
   Cyrillic), NFKC: the compatibility caseless form of the Unicode Standard, section 3.13.
2. Invisible format characters (category Cf: soft hyphen, zero-width and bidirectional marks) and
   variation selectors vanish without a trace.
3. Letters, combining marks and numbers (L, M, N) are kept. Every other symbol of category So
   (emoji among them) is a word of its own, and so is every character, with its marks, of a
   script that puts no spaces between words: Han, Hiragana, Katakana, Bopomofo, Thai, Lao,
   Khmer, Myanmar.
4. Currency signs (Sc) stay part of their word, for "£1" and "€1" are different amounts; only the
   ASCII "$" separates, for it marks variables and formulas as often as money.
5. Everything else separates words: punctuation of any script, curly quotes, dashes, mathematical
   signs, controls, white space. Runs collapse into one space; ends are trimmed.

On ASCII this means: letters and digits are kept in lower case, everything else separates. The
kernels do that on bytes; texts with any other character are normalised here first.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ftaudit.model.progress import Silent
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.text.arrow_buffers import TextViews, views

VERSION: Final = "unicode-1"

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

SPACELESS: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts that put no spaces between words, as character classes of Rust's `regex`."""

_INVISIBLE: Final = r"[\p{Cf}\x{FE00}-\x{FE0F}\x{E0100}-\x{E01EF}]"
_ALONE: Final = rf"\p{{So}}|[[{SPACELESS}]--\p{{M}}]\p{{M}}*"
_SEPARATORS: Final = r"(?:[^\p{L}\p{M}\p{N}\p{So}\p{Sc}]|\$)+"


def normalised(texts: pl.Series) -> pl.Series:
    """Return every text in its normal form, as the module says. Null stays null."""
    return (
        texts.str.normalize("NFKD")
        .str.to_lowercase()
        .str.replace_many(list(FOLDS), list(FOLDS.values()))
        .str.normalize("NFKC")
        .str.replace_all(_INVISIBLE, "")
        .str.replace_all(_ALONE, " ${0} ")
        .str.replace_all(_SEPARATORS, " ")
        .str.strip_chars(" ")
    )


def prepared(texts: pl.Series) -> pl.Series:
    """Normalise the texts that are not ASCII; null becomes empty.

    ASCII texts are left as they are: the kernels normalise them, to the same bytes.
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
    """Return what `prepared` returns, with views of it, and which texts it normalised."""
    texts = texts.fill_null("") if texts.null_count() else texts
    column = views(texts)
    foreign = np.flatnonzero(_foreign(column))
    if not len(foreign):
        return PreparedTexts(texts, column, foreign)
    if len(foreign) == len(texts):
        texts = normalised(texts)
    else:
        texts = texts.scatter(foreign, normalised(texts.gather(foreign)))
    return PreparedTexts(texts, views(texts), foreign)


def _foreign(column: TextViews) -> npt.NDArray[np.bool_]:
    """Return whether each text holds a character outside ASCII."""
    load_kernels(Silent(), "byte_normalisation")
    from ftaudit.similarity.kernels.byte_normalisation import find_foreign

    foreign = np.zeros(len(column.views), np.bool_)
    find_foreign(column.views, column.addresses, foreign)
    return foreign
