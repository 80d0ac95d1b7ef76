"""Mark what a trainer makes of a record: its text, what of it is trained, what is cut."""

from collections.abc import Callable
from typing import Final, NamedTuple

from msgspec import Struct

from ftaudit.model.training_text_marks import MarkedPiece, MarkedText
from ftaudit.profiles.json_line import read_line
from ftaudit.profiles.profiled_record import ProfiledRecord
from ftaudit.profiles.tokens.chat_template import TemplateError
from ftaudit.profiles.tokens.marked_stretches import marked_pieces, plain_record
from ftaudit.profiles.tokens.rendered_record import RenderedRecord, counted_segments
from ftaudit.profiles.tokens.token_tally import RecordTokens, record_tokens
from ftaudit.profiles.tokens.trainer_settings import TrainerSettings

SHOWN: Final = 4_000
"""Characters of a record that are marked."""
_BEYOND: Final = 400
"""Characters after those that are searched, too: a value across the end is masked."""


class MarkedRecord(NamedTuple):
    """The text of a record in stretches, and its tokens."""

    pieces: tuple[MarkedPiece, ...]
    tokens: RecordTokens | None
    """None without a tokenizer."""
    problem: str = ""
    """Why there is no text: the template does not render it, or the line is no record."""

    @property
    def marked(self) -> MarkedText:
        """The text, and a sentence on its tokens."""
        return MarkedText(self.pieces, self.problem or _note(self.tokens))


def _note(tokens: RecordTokens | None) -> str:
    if tokens is None:
        return ""
    note = f"{tokens.total:,} tokens, {tokens.trained:,} of them trained"
    if tokens.cut:
        note += f"; {tokens.total - tokens.kept:,} are cut off"
    return f"{note}; nothing is trained" if tokens.untrained else note


class RecordMarker(Struct, frozen=True):
    """Marks records as one trainer has them."""

    trainer: TrainerSettings

    def mark(self, line: bytes, mask: Callable[[str], str]) -> MarkedRecord:
        """Return the text of a record in stretches.

        Args:
            line: the record as JSON.
            mask: replaces what must not be shown, character by character, so that places stay.
        """
        reading = read_line(line)
        if not reading.readable or not isinstance(reading.value, dict):
            return MarkedRecord((), None, "the line is not a JSON object")
        record = self.trainer.record(reading.value)
        try:
            rendered = self._rendered(record)
        except TemplateError as error:
            return MarkedRecord((), None, str(error))
        tokens, kept = self._counted(rendered)
        text = mask(rendered.text[: SHOWN + _BEYOND])[:SHOWN]
        return MarkedRecord(tuple(marked_pieces(text, rendered.trained, kept)), tokens)

    def _rendered(self, record: ProfiledRecord) -> RenderedRecord:
        rendered = self.trainer.rendered(record)
        return rendered or plain_record(self.trainer.segments(record))

    def _counted(self, rendered: RenderedRecord) -> tuple[RecordTokens | None, int | None]:
        """Return the tokens of a record, and how many of its characters the limit keeps."""
        trainer = self.trainer
        if trainer.counter is None:
            return None, None
        segments = counted_segments(rendered, trainer.counter)
        tokens = record_tokens(segments, trainer.limit, trainer.cut)
        if not tokens.cut:
            return tokens, None
        return tokens, trainer.counter.kept(rendered.text, tokens.kept) if tokens.kept else 0
