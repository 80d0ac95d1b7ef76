"""Tokens of one record: all, trained, and what a limit leaves of them."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

Cut: TypeAlias = Literal["end", "proportion", "drop"]
"""What is cut from a record that is too long: its end, prompt and answer in proportion, or all."""


class CountedSegment(NamedTuple):
    """A stretch of a sequence: its tokens, and whether they are trained."""

    tokens: int
    trained: bool


class RecordTokens(NamedTuple):
    """Tokens of one sequence, and what a limit leaves of them."""

    total: int
    trained: int
    kept: int
    """Tokens that the limit leaves; all without a limit."""
    kept_trained: int
    """Trained tokens that the limit leaves."""

    @property
    def cut(self) -> bool:
        """Whether the sequence is too long."""
        return self.kept < self.total

    @property
    def answer_cut(self) -> bool:
        """Whether a trained token is cut off."""
        return self.kept_trained < self.trained

    @property
    def untrained(self) -> bool:
        """Whether no trained token is left."""
        return self.kept_trained == 0


def record_tokens(
    segments: Sequence[CountedSegment], limit: int | None, cut: Cut = "end"
) -> RecordTokens:
    """Count the tokens of a sequence, and those that a limit leaves."""
    total = sum(segment.tokens for segment in segments)
    trained = sum(segment.tokens for segment in segments if segment.trained)
    if limit is None or total <= limit:
        return RecordTokens(total, trained, total, trained)
    if cut == "drop":
        return RecordTokens(total, trained, 0, 0)
    if cut == "proportion":
        kept_trained = _proportional(total - trained, trained, limit)
        kept = kept_trained + min(total - trained, max(limit - kept_trained, 0))
        return RecordTokens(total, trained, kept, kept_trained)
    return RecordTokens(total, trained, limit, _trained_before(segments, limit))


def _trained_before(segments: Sequence[CountedSegment], limit: int) -> int:
    left, trained = limit, 0
    for segment in segments:
        kept = min(left, segment.tokens)
        trained += kept * segment.trained
        left -= kept
    return trained


def _proportional(prompt: int, answer: int, limit: int) -> int:
    """Return how many tokens of an answer are left.

    Source: hiyouga/LLaMA-Factory src/llamafactory/data/processor/processor_utils.py, infer_seqlen.
    """
    if answer * 2 < limit:
        most = limit
    elif prompt * 2 < limit:
        most = limit - prompt
    else:
        most = limit * answer // (prompt + answer)
    return min(most, answer)
