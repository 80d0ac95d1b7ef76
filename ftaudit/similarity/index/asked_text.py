"""What a row asks, without the labels of a conversation: so that chat and plain text compare."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from ftaudit.similarity.text.turn_labels import ANSWERING, SYSTEM, USER

_ALONE: Final = rf"(?is)^\s*(?:(?:{SYSTEM}): .*?\n\n)?(?:{USER}): (.*)$"
"""A rendered conversation (`records.conversation`) that begins with a user, or after a prompt."""
_ANOTHER: Final = rf"(?i)\n\n(?:{USER}|{ANSWERING}): "
"""The beginning of a further turn."""


def asked(texts: pl.Series) -> pl.Series:
    """Return the user's turn of conversations that have no other, without its label.

    A system prompt before it is left out, too. Other texts stay as they are, and null stays null.
    """
    turns = texts.str.extract(_ALONE, 1)
    return pl.select(
        pl.when(turns.is_null() | turns.str.contains(_ANOTHER)).then(texts).otherwise(turns)
    ).to_series()


class AskedText:
    """Leaves out of every text what `asked` does, as `text_source.Boilerplate`."""

    @property
    def configuration(self) -> Mapping[str, object]:
        """Nothing decides it but the text."""
        return {}

    @property
    def notes(self) -> tuple[str, ...]:
        """There is nothing to note."""
        return ()

    def without(self, texts: pl.Series) -> pl.Series:
        """Return what each text asks."""
        return asked(texts)
