"""The masks of the usual patterns, which come with the package: deriving them takes a minute.

A file is named by the source of the modules that derive masks. A pattern without masks there, of a
recognizer of the user's own or of a country beyond the usual ones, is searched for in every text.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from ftaudit.privacy.patterns.mask_tables import MaskTables, pattern_digest
from ftaudit.privacy.patterns.masked_prefilter import MaskedPrefilter
from ftaudit.privacy.patterns.pattern_cache import read_shipped
from ftaudit.privacy.patterns.prefilter import Prefilter

PERSONAL: Final = "personal-masks"
SECRETS: Final = "secret-masks"
_LEAST: Final = 0.5
"""Share of patterns with masks below which masks save nothing."""
_SOURCES: Final = (
    *("byte_automaton", "byte_masks", "byte_shares", "mask_layout", "mask_tables"),
    *("re2_shape", "regex_ir", "regex_widen"),
)


def masked(patterns: Sequence[str], name: str) -> Prefilter | MaskedPrefilter:
    """Return what searches for patterns, with the masks of the file that begins with a name."""
    tables = read_shipped(file_of(name), MaskTables)
    if tables is None:
        return Prefilter(patterns)
    with_masks = {*tables.patterns}
    count = sum(pattern_digest(pattern) in with_masks for pattern in patterns)
    if count < _LEAST * len(patterns):
        return Prefilter(patterns)
    return MaskedPrefilter(patterns, tables)


@cache
def file_of(name: str) -> str:
    """Return the name of the file of masks as the present source derives them."""
    folder = Path(__file__).parent
    whole = b"\0".join((folder / f"{source}.py").read_bytes() for source in _SOURCES)
    return f"{name}-{hashlib.sha256(whole).hexdigest()[:24]}.json"
