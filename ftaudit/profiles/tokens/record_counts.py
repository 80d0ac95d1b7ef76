"""Tokens of many records: by their template one by one, or by their texts all at once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ftaudit.profiles.json_line import read_line
from ftaudit.profiles.tokens.chat_template import TemplateError
from ftaudit.profiles.tokens.rendered_record import RenderedRecord, counted_segments
from ftaudit.profiles.tokens.token_counter import token_bounds
from ftaudit.profiles.tokens.token_tally import CountedSegment, RecordTokens, record_tokens
from ftaudit.profiles.tokens.trainer_settings import TrainerSettings
from ftaudit.profiles.tokens.training_text import TextSegment


class CountableRecord(NamedTuple):
    """What is to be counted of a record: its texts, or the one that a template makes of it."""

    segments: Sequence[TextSegment]
    rendered: RenderedRecord | None
    problem: str
    """Why the template did not render it; empty where it did."""


class CountedRecord(NamedTuple):
    """The tokens of one record, and how sure they are."""

    tokens: RecordTokens
    """Counted, or without a tokenizer as many as there can be."""
    least: int
    """Fewest tokens there can be; the number itself where it was counted."""
    problem: str = ""
    """Why a template did not render it."""
    masked: bool = True
    """Whether it is known what is trained."""


def countable_record(line: bytes, settings: TrainerSettings) -> CountableRecord | None:
    """Return what is to be counted of a line; None where it is no record."""
    reading = read_line(line)
    if not reading.readable or not isinstance(reading.value, dict):
        return None
    record = settings.record(reading.value)
    rendered, problem = None, ""
    if settings.counter is not None:
        try:
            rendered = settings.rendered(record)
        except TemplateError as error:
            problem = str(error)
    return CountableRecord([] if rendered else settings.segments(record), rendered, problem)


def record_counts(
    records: Sequence[CountableRecord], settings: TrainerSettings
) -> Iterator[CountedRecord]:
    """Count the tokens of records, in their order."""
    counter = settings.counter
    texts = [segment.text for record in records for segment in record.segments]
    counts = iter(counter.count(texts) if counter and texts else ())
    for record in records:
        if record.rendered is None or counter is None:
            yield _of_texts(record, counts, settings)
            continue
        segments = counted_segments(record.rendered, counter)
        tokens = record_tokens(segments, settings.limit, settings.cut)
        yield CountedRecord(tokens, tokens.total, masked=record.rendered.known)


def _of_texts(
    record: CountableRecord, counts: Iterator[int], settings: TrainerSettings
) -> CountedRecord:
    """Add up the tokens of texts.

    Args:
        record: what is counted.
        counts: yields the tokens of each of its texts, where there is a tokenizer.
        settings: the limit, and what it cuts.
    """
    segments = record.segments
    if settings.counter:
        least, numbers = 0, [next(counts) for _ in segments]
    else:
        bounds = [token_bounds(segment.text) for segment in segments]
        least, numbers = sum(b.least for b in bounds), [b.most for b in bounds]
    numbered = list(zip(numbers, segments, strict=True))
    parts = [
        record_tokens(list(part), settings.limit, settings.cut) for part in _sequences(numbered)
    ]
    total = sum(count + segment.overhead for count, segment in numbered)
    trained = sum(count for count, segment in numbered if segment.trained)
    tokens = RecordTokens(
        total,
        trained,
        total - sum(part.total - part.kept for part in parts),
        trained - sum(part.trained - part.kept_trained for part in parts),
    )
    return CountedRecord(tokens, total if settings.counter else least, record.problem)


def _sequences(numbered: Sequence[tuple[int, TextSegment]]) -> Iterator[Iterator[CountedSegment]]:
    """Yield the counted segments of every sequence: one, or one for each answer."""
    branches = sorted({segment.branch for _, segment in numbered} - {0}) or [0]
    for branch in branches:
        yield _sequence(numbered, branch)


def _sequence(numbered: Sequence[tuple[int, TextSegment]], branch: int) -> Iterator[CountedSegment]:
    for count, segment in numbered:
        if segment.branch in {0, branch}:
            yield CountedSegment(segment.overhead, trained=False)
            yield CountedSegment(count, segment.trained)
