"""Show what a trainer makes of single records: their text, what of it is trained, what is cut.

The text is masked as that of reports: a value that a check would find is never shown.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.checks import discover
from ftaudit.model.check import Completed, Masking, Result, SensitiveSpan, TrainingMarks
from ftaudit.model.dataset import TRAIN, Dataset
from ftaudit.model.errors import InputError
from ftaudit.model.parts import PartSizes
from ftaudit.pipeline.excerpts import maskings
from ftaudit.pipeline.session import Data, NamedData, ReadingOptions, open_session, open_unsound
from ftaudit.privacy.findings.value_copies import copies
from ftaudit.profiles.profile_catalogue import load_profile
from ftaudit.profiles.tokens.chat_template import open_template
from ftaudit.profiles.tokens.record_marker import MarkedRecord, RecordMarker
from ftaudit.profiles.tokens.token_counter import open_counter
from ftaudit.profiles.tokens.trainer_settings import TrainerSettings
from ftaudit.profiles.tokens.training_text import read_columns
from ftaudit.readers.panic_text import quietly
from ftaudit.reports.training_examples import TrainingExample

EXAMPLES: Final = 5
"""Records that are shown unless rows are named."""
MASK: Final = "•"
SEARCHED: Final = 200_000
"""Bytes of a record that are searched for values, copies of which are masked."""


class PreviewOptions(Struct, frozen=True):
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
    record: MarkedRecord
    """Masked."""


def preview(data: Data, options: PreviewOptions) -> Iterator[RecordPreview]:
    """Yield the preview of some records.

    Raises:
        InputError: the data cannot be read, or a row does not exist.
        UsageError: an option cannot be meant.
    """
    return quietly(_previews(data, options))


def _previews(data: Data, options: PreviewOptions) -> Iterator[RecordPreview]:
    trainer = _trainer(options)
    masks = maskings(discover(), ())
    dataset = _dataset(data)
    marker = RecordMarker(replace(trainer, columns=read_columns(dataset.columns)))
    missing = set(options.rows or range(EXAMPLES))
    for file, row, line, text in lines_of_first_file(dataset):
        if row in missing:
            missing.discard(row)
            record = marker.mark(text, _blotting(text, masks))
            yield RecordPreview(dataset.files[file].name, row, line, record)
        if not missing:
            return
    if options.rows:
        problem = f"has no row {min(missing):,}; the first row is 0"
        raise InputError(dataset.files[0].name, problem)


def training_examples(
    dataset: Dataset, results: Sequence[Result], masks: Sequence[Masking]
) -> tuple[TrainingExample, ...]:
    """Return the first records as a trainer sees them, where a check of the scan can tell.

    Masked; empty where no check was given what it needs, such as a chat template.
    """
    completed = (result.check for result in results if isinstance(result, Completed))
    markers = [check for check in completed if isinstance(check, TrainingMarks) and check.marks]
    if not markers or not dataset.files or dataset.files[0].split != TRAIN:
        return ()
    name = dataset.files[0].name
    examples: list[TrainingExample] = []
    for _, row, line, text in islice(lines_of_first_file(dataset), EXAMPLES):
        marked = markers[0].marked(text, _blotting(text, masks))
        examples.append(TrainingExample(name, row, line, *marked))
    return tuple(examples)


def _blotting(line: bytes, masks: Sequence[Masking]) -> Callable[[str], str]:
    """Return what masks a text of a record, given the record as it is written."""
    record = line[:SEARCHED].decode(errors="replace")
    return lambda visible: blotted(visible, masks, record)


def blotted(text: str, masks: Sequence[Masking], record: str = "") -> str:
    """Replace every character that a check would mask, so that places stay.

    Copies of what a check would find elsewhere in the record are masked, too.
    """
    characters = list(text)
    spans, others = (_sensitive(shown, masks) for shown in (text, record))
    values = {record[span.start : span.end]: span.entity for span in others}
    values |= {text[span.start : span.end]: span.entity for span in spans}
    for span in [*spans, *copies(text, values)]:
        characters[span.start : span.end] = MASK * (span.end - span.start)
    return "".join(characters)


def _sensitive(text: str, masks: Sequence[Masking]) -> list[SensitiveSpan]:
    return [s for mask in masks for _, at in mask.sensitive(pl.Series([text])) for s in at]


def _trainer(options: PreviewOptions) -> TrainerSettings:
    """Load what the options name.

    Raises:
        InputError, UsageError: there is no such profile, tokenizer or template.
    """
    return TrainerSettings(
        load_profile(options.profile) if options.profile else None,
        open_counter(options.tokenizer) if options.tokenizer else None,
        open_template(options.chat_template) if options.chat_template else None,
        options.max_tokens,
    )


def _dataset(data: Data) -> Dataset:
    named = NamedData.of(data)
    try:
        return open_session(named, ReadingOptions()).dataset
    except InputError:
        dataset = open_unsound(named)
        if dataset is None:
            raise
        return dataset


def lines_of_first_file(dataset: Dataset) -> Iterator[tuple[int, int, int | None, bytes]]:
    """Yield file, row, line and text of the records of the first file."""
    parts = dataset.lines.line_parts(PartSizes(dataset.memory, 1)) if dataset.lines else ()
    for part in parts:
        for frame in part.frames():
            rows = frame.filter(pl.col("row").is_not_null(), pl.col("file") == 0)
            yield from rows.select("file", "row", "line", "text").iter_rows()
