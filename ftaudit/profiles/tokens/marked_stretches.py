"""The text of a record in stretches: what is given, what is trained, what is cut off."""

from collections.abc import Iterator, Sequence

from ftaudit.model.training_text_marks import MarkedPiece
from ftaudit.profiles.tokens.rendered_record import RenderedRecord
from ftaudit.profiles.tokens.token_counter import Span
from ftaudit.profiles.tokens.training_text import TextSegment


def plain_record(segments: Sequence[TextSegment]) -> RenderedRecord:
    """Return the texts of a record one below the other, where no template joins them."""
    text = ""
    spans: list[Span] = []
    for segment in segments:
        if segment.trained:
            spans.append((len(text), len(text) + len(segment.text)))
        text += f"{segment.text}\n"
    return RenderedRecord(text.removesuffix("\n"), tuple(spans))


def marked_pieces(
    text: str, trained: Sequence[Span], kept: int | None = None
) -> Iterator[MarkedPiece]:
    """Yield a text in stretches.

    Args:
        text: what the model reads, or as much of it as is to be shown.
        trained: the characters that are trained, ascending.
        kept: how many characters a limit leaves; None: all.
    """
    end = len(text) if kept is None else min(kept, len(text))
    at = 0
    for start, stop in ((min(span[0], end), min(span[1], end)) for span in trained):
        if start > at:
            yield MarkedPiece(text[at:start], "given")
        if stop > start:
            yield MarkedPiece(text[start:stop], "trained")
        at = max(at, stop)
    if at < end:
        yield MarkedPiece(text[at:end], "given")
    if end < len(text):
        yield MarkedPiece(text[end:], "cut")
