"""Show what a trainer makes of single records: their text, what of it is trained, what is cut.

The text is masked as that of reports: a value that a check would find is never shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import polars as pl

from ftaudit.checks import discover
from ftaudit.model.check import Masking
from ftaudit.model.dataset import Dataset
from ftaudit.model.errors import InputError
from ftaudit.model.parts import PartSizes
from ftaudit.pipeline.excerpts import maskings
from ftaudit.pipeline.session import Data, NamedData, ReadingOptions, open_session, open_unsound
from ftaudit.profiles.json_line import read_line
from ftaudit.profiles.profile_catalogue import load_profile
from ftaudit.profiles.profiled_record import ProfiledRecord, profiled
from ftaudit.profiles.provider_profile import ProviderProfile
from ftaudit.profiles.tokens.chat_template import ChatTemplate, TemplateError, open_template
from ftaudit.profiles.tokens.generic_layouts import GENERIC_LAYOUTS
from ftaudit.profiles.tokens.marked_text import MarkedPiece, marked_pieces, plain_record
from ftaudit.profiles.tokens.rendered_record import RenderedRecord, counted_segments, render_record
from ftaudit.profiles.tokens.token_counter import TokenCounter, open_counter
from ftaudit.profiles.tokens.token_tally import RecordTokens, record_tokens
from ftaudit.profiles.tokens.training_text import segments_of

EXAMPLES: Final = 5
"""Records that are shown unless rows are named."""
SHOWN: Final = 4_000
"""Characters of a record that are shown."""
MASK: Final = "•"


@dataclass(frozen=True)
class PreviewOptions:
    """How records are to be shown."""

    profile: str | None = None
    tokenizer: str | None = None
    chat_template: str | None = None
    max_tokens: int | None = None
    rows: tuple[int, ...] = ()
    """0-based data rows of the first file; none: the first five."""


class RecordPreview(NamedTuple):
    """One record as a trainer sees it."""

    file: str
    row: int
    line: int | None
    pieces: tuple[MarkedPiece, ...]
    """Masked."""
    tokens: RecordTokens | None
    """None without a tokenizer."""
    problem: str = ""
    """Why the chat template does not render it."""


@dataclass(frozen=True)
class Previewer:
    """Makes previews of records."""

    profile: ProviderProfile | None
    counter: TokenCounter | None
    template: ChatTemplate | None
    max_tokens: int | None
    maskings: Sequence[Masking]

    @classmethod
    def of(cls, options: PreviewOptions) -> "Previewer":
        """Load what the options name.

        Raises:
            InputError, UsageError: there is no such profile, tokenizer or template.
        """
        return cls(
            load_profile(options.profile) if options.profile else None,
            open_counter(options.tokenizer) if options.tokenizer else None,
            open_template(options.chat_template) if options.chat_template else None,
            options.max_tokens,
            maskings(discover(), ()),
        )

    @property
    def limit(self) -> int | None:
        """Tokens of a record that are kept."""
        limit = self.profile.tokens if self.profile else None
        return self.max_tokens or (limit.at_most if limit else None)

    def preview(self, file: str, row: int, line: int | None, text: bytes) -> RecordPreview:
        """Return the preview of one record."""
        reading = read_line(text)
        if not reading.readable or not isinstance(reading.value, dict):
            return RecordPreview(file, row, line, (), None, "the line is not a JSON object")
        layouts = self.profile.layouts if self.profile else ()
        record = profiled(reading.value, (*layouts, *GENERIC_LAYOUTS))
        try:
            rendered = self._rendered(record)
        except TemplateError as error:
            return RecordPreview(file, row, line, (), None, str(error))
        tokens, kept = self._counted(rendered)
        masked = self._masked(rendered.text[:SHOWN])
        pieces = tuple(marked_pieces(masked, rendered.trained, kept))
        return RecordPreview(file, row, line, pieces, tokens)

    def _rendered(self, record: ProfiledRecord) -> RenderedRecord:
        trains = self.profile.trains if self.profile else "answers"
        rendered = render_record(record, self.template, trains) if self.template else None
        return rendered or plain_record(segments_of(record, trains))

    def _counted(self, rendered: RenderedRecord) -> tuple[RecordTokens | None, int | None]:
        """Return the tokens of a record, and how many of its characters the limit keeps."""
        if self.counter is None:
            return None, None
        limit = self.profile.tokens if self.profile else None
        segments = counted_segments(rendered, self.counter)
        tokens = record_tokens(segments, self.limit, limit.cut if limit else "end")
        if not tokens.cut:
            return tokens, None
        return tokens, self.counter.kept(rendered.text, tokens.kept) if tokens.kept else 0

    def _masked(self, text: str) -> str:
        """Replace every character that a check would mask, so that places stay."""
        characters = list(text)
        for masking in self.maskings:
            for _, spans in masking.sensitive(pl.Series([text])):
                for span in spans:
                    characters[span.start : span.end] = MASK * (span.end - span.start)
        return "".join(characters)


def preview(data: Data, options: PreviewOptions) -> Iterator[RecordPreview]:
    """Yield the preview of some records.

    Raises:
        InputError: the data cannot be read, or a row does not exist.
        UsageError: an option cannot be meant.
    """
    previewer = Previewer.of(options)
    dataset = _dataset(data)
    missing = set(options.rows or range(EXAMPLES))
    for file, row, line, text in _lines(dataset):
        if row in missing:
            missing.discard(row)
            yield previewer.preview(dataset.files[file].name, row, line, text)
        if not missing:
            return
    if options.rows:
        problem = f"has no row {min(missing):,}; the first row is 0"
        raise InputError(dataset.files[0].name, problem)


def _dataset(data: Data) -> Dataset:
    named = NamedData.of(data)
    try:
        return open_session(named, ReadingOptions()).dataset
    except InputError:
        dataset = open_unsound(named)
        if dataset is None:
            raise
        return dataset


def _lines(dataset: Dataset) -> Iterator[tuple[int, int, int | None, bytes]]:
    """Yield file, row, line and text of the records of the first file."""
    parts = dataset.lines.line_parts(PartSizes(dataset.memory, 1)) if dataset.lines else ()
    for part in parts:
        for frame in part.frames():
            rows = frame.filter(pl.col("row").is_not_null(), pl.col("file") == 0)
            yield from rows.select("file", "row", "line", "text").iter_rows()
