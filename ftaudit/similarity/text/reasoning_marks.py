"""The reasoning before answers, so that answers compare without it.

Training may give the answer of a holdout row after other reasoning.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.similarity.text.answer_dress import undressed

_END: Final = (
    r"(?i)</(?:think|thinking|thought|thoughts|reasoning|reflection|analysis)>"
    r"|<\|end_of_(?:thought|thinking|reasoning)\|>|\[/think\]|\x{25C1}/think\x{25B7}"
    r"|<\|channel\|>final<\|message\|>|<answer>|<\|begin_of_solution\|>"
)
"""Tags behind which models and their data write the answer (DeepSeek R1, QwQ, OpenThoughts, Kimi,
Magistral, gpt-oss)."""
_CLOSING: Final = r"(?i)</answer>|<\|end_of_solution\|>"
_MARK: Final = "endofreasoningzq"
"""Stands for such a tag in texts that are compared: a word, so that it stays."""
_REASONING: Final = rf"(?s)^.*\b{_MARK}\b"


class ReasoningMarks(Struct, frozen=True):
    """Puts a mark where reasoning ends, in texts that are yet to be prepared (`Boilerplate`)."""

    @property
    def configuration(self) -> Mapping[str, object]:
        """Nothing: the tags are those of this version."""
        return {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing is left out."""
        return ()

    def without(self, texts: pl.Series) -> pl.Series:
        """Return every text with a mark for each tag, without its dress; null stays null."""
        marked = pl.col("text").str.replace_all(_END, f" {_MARK} ").str.replace_all(_CLOSING, " ")
        return undressed(texts.alias("text").to_frame().select(marked).to_series())


def has_reasoning(texts: pl.Series) -> pl.Series:
    """Return whether prepared texts, which have marks, have reasoning."""
    return texts.str.contains(_MARK, literal=True)


def without_marks(texts: pl.Series) -> pl.Series:
    """Return prepared texts with all their reasoning, but no marks."""
    return texts.str.replace_all(_MARK, " ", literal=True)


def without_reasoning(texts: pl.Series) -> pl.Series:
    """Return what stands behind the last mark of prepared texts."""
    return texts.str.replace(_REASONING, "")
