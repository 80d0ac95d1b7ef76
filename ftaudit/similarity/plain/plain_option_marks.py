"""Which texts may ask a multiple-choice question: those with two line breaks or labels."""

import re
from typing import Final

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import Hashes, texts_of

_BLANK: Final = rb"[\t-\r \x80-\xff]"
_MARK: Final = re.compile(rb"[\n-\r]|[)\].:](?=%b)" % _BLANK)
_LABEL: Final = re.compile(
    rb"(?:(?<=%b)|(?<=%b[(\[]))(?:[A-Za-z]|[0-9]{1,2})[)\].:]\Z" % (_BLANK, _BLANK)
)
_LONGEST: Final = 5
"""Bytes of the longest label, with the blank before it."""


def find_lists(views: npt.NDArray[np.int32], buffers: Hashes, found: npt.NDArray[np.bool_]) -> None:
    """Do what `kernels.option_marks.find_lists` does."""
    found[:] = [_is_list(text) for text in texts_of(views, buffers)]


def _is_list(text: bytes) -> bool:
    seen = False
    for mark in _MARK.finditer(text):
        end = mark.end()
        if text[end - 1] < ord(" ") or _LABEL.search(text, max(0, end - _LONGEST), end):
            if seen:
                return True
            seen = True
    return False
