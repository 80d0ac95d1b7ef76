"""Find personal data in columns of text: Presidio's findings, many times faster."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from ftaudit.privacy.span import Span


class RecognizerError(RuntimeError):
    """A recognizer broke. Names it and the type of its exception, never the text it was given."""


@dataclass(frozen=True)
class ScanOptions:
    """What to search for. Hashable and picklable: equal options share one engine per process."""

    languages: tuple[str, ...] = ("en",)
    """ISO 639-1 codes. With several, a text's spans are the union over the languages."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 codes whose recognizers are turned on beside the default ones."""
    entities: tuple[str, ...] | None = None
    """Entity types to search; None: all that the recognizers support."""
    recognizers: tuple[str, ...] = ()
    """The user's own: paths of Presidio YAML files, or `module:Class` of Python ones."""
    extra: tuple[str, ...] = ()
    """ftaudit's own recognizers, as `module:Class`."""


@dataclass(frozen=True)
class Coverage:
    """What a scan searches, and how."""

    entities: Mapping[str, tuple[str, ...]]
    """Entity type → names of the recognizers that search it, both sorted."""
    always: tuple[str, ...]
    """Recognizers that see every row because no prefilter could be derived."""
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    """Countries with at least one active recognizer of their own, sorted."""
    versions: Mapping[str, str]
    """Library → version, of those that decide results."""
    plain: str = ""
    """Why every recognizer sees every row; empty when the two-stage scan is used."""


class Scanner:
    """Search texts. Cheap to build; the engine is built once per process and options."""

    def __init__(self, options: ScanOptions | None = None) -> None:
        """Keep the options; nothing is loaded yet."""
        self.options = options or ScanOptions()

    def find(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) for each text with spans, by ascending position.

        Spans are sorted by (start, end, entity, recognizer) and unresolved: they may overlap.
        """
        raise NotImplementedError

    def coverage(self) -> Coverage:
        """Return what this scan searches, and how."""
        raise NotImplementedError
