"""Operators of texts: which rows have any, and the rows with their operators marked."""

import re
from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.operators import marked
from ftaudit.similarity.plain.plain_byte_blocks import Hashes, texts_of

FOREIGN, OPERATORS, SIMPLE = 1, 2, 3
"""The classes of `kernels.operator_marks`."""

_OPERATORS: Final = re.compile(
    rb"[$%&*+<=>^|~\\/\[{-]|\.(?=[0-9.A-Za-z])|!(?=[0-9A-Za-z_(:.])"
    rb"|\?(?=[0-9A-Za-z_.:;])|@(?=[A-Za-z \t])|:(?=[0-9:A-Za-z(])|[0-9A-Za-z_](?=#)"
    rb"|[0-9](?=[!?])|#(?=[A-Za-z])|[^0-9A-Za-z_](?=_|[A-Za-z]!)|[ \t](?=\.[ \t]|'[A-Za-z])|'(?=')"
    rb"|\A(?:_|(?s:.)!)"
    rb"|[0-9A-Za-z_'](?=\()|\((?=[0-9?)]|[0-9A-Za-z],)|,(?=[)\]}])"
)
_SPACES: Final = "\u00a0\u202f" + "".join(map(chr, range(0x2000, 0x200B)))
_HYPHENS: Final = map(chr, (*range(0x2010, 0x2014), 0x2212))
_SIGNS: Final = dict.fromkeys(_HYPHENS, "-") | {"\u00d7": "*", "\u00f7": "/"}
_QUOTES: Final = dict.fromkeys("\u2018\u2019\u201a\u201b", "'") | dict.fromkeys(
    "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2039\u203a", '"'
)
_COMMAS: Final = dict.fromkeys("\u00a1\u00a7\u00b6\u00b7\u00bf\u2014\u2015\u2022", ",")
_KEPT: Final = "\u00a2\u00a3\u00a5\u20ac" + "".join(
    map(chr, (c for c in range(0xC0, 0x100) if c not in {0xD7, 0xDF, 0xF7}))
)
_WRITTEN: Final = dict.fromkeys(_SPACES, " ") | _SIGNS | _QUOTES | _COMMAS | {"\u2026": "..."}
_FOLDS: Final = str.maketrans(_WRITTEN)
_LOWERED: Final = re.compile(r"[^\x00-\x7f]|(?<![\\-])[A-Z]")
_SIMPLE: Final = re.compile(rf"[\x00-\x7f{''.join(_WRITTEN)}{_KEPT}]*")


def classify_rows(
    views: npt.NDArray[np.int32], buffers: Hashes, classes: npt.NDArray[np.uint8]
) -> None:
    """Do what `kernels.operator_marks.classify_rows` does."""
    for row, text in enumerate(texts_of(views, buffers)):
        if text.isascii():
            classes[row] = OPERATORS if _OPERATORS.search(text) else 0
        else:
            classes[row] = SIMPLE if _SIMPLE.fullmatch(text.decode()) else FOREIGN


def mark_rows(  # noqa: PLR0913, PLR0917 - those of the kernel
    views: npt.NDArray[np.int32],
    buffers: Hashes,
    rows: npt.NDArray[np.int64],
    simple: bool,  # noqa: FBT001 - as the kernel
    out: npt.NDArray[np.uint8],
    ends: npt.NDArray[np.int64],
) -> None:
    """Do what `kernels.operator_marks.mark_rows` does."""
    ends[0] = end = 0
    for i, data in enumerate(texts_of(views, buffers, rows.tolist())):
        text = data.decode()
        folded = _LOWERED.sub(_lower, text.translate(_FOLDS)) if simple else text
        written = marked(folded).encode()
        out[end : end + len(written)] = np.frombuffer(written, np.uint8)
        ends[i + 1] = end = end + len(written)


def _lower(match: re.Match[str]) -> str:
    return match[0].lower()
