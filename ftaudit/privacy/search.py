"""Search texts for personal data with every search there is, and settle overlaps."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.model.errors import UsageError, suggestion
from ftaudit.privacy import ner
from ftaudit.privacy.findings.allow import AllowList
from ftaudit.privacy.findings.doubt import RAISED, THRESHOLD
from ftaudit.privacy.findings.entity_types import BY_CUES_ONLY, KNOWN, MODELLED, PRESIDIO, STAND_IN
from ftaudit.privacy.findings.resolve import Resolution
from ftaudit.privacy.findings.searchable import SearchableTexts
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.findings.stand_ins import is_test_card
from ftaudit.privacy.patterns.masked_prefilter import MaskedPrefilter
from ftaudit.privacy.patterns.prefilter import Prefilter
from ftaudit.privacy.patterns.shipped_masks import PERSONAL, masked
from ftaudit.privacy.presidio.presidio_scanner import (
    PresidioCoverage,
    PresidioOptions,
    PresidioScanner,
)
from ftaudit.privacy.presidio.score_floor import ScoreFloor
from ftaudit.privacy.recognizers.cued_scanner import CuedScanner

_BARE: Final = r"^[0-9]{1,8}$"
"""A text that is nothing but a short number: row numbers, counts, scores, labels."""
_CODE: Final = (
    r"^(?:[A-Za-z]{1,2}[-_]?[0-9]{1,6}|[A-Za-z]{3,8}[-_]?(?:[0-9]{3}|[0-9]{5,6})"
    r"|[0-9]{1,2}-[0-9]{1,3}|[0-9]{3,4}-[0-9]{3,4})$"
)
"""A text that is nothing but letters and a few digits, and no month and year ("T-00001"), or a
range of numbers of eight digits in all."""
_TIMESTAMP: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?$"
)
_MIDNIGHT: Final = r"[T ][0:.]+$"


@lru_cache(8)
def _prefilter(shapes: tuple[str, ...]) -> Prefilter | MaskedPrefilter:
    return masked(shapes, PERSONAL)


class Searched(Struct, frozen=True):
    """What a search covers, and what it does not. Entity types are sorted."""

    entities: tuple[str, ...]
    by_cues_only: tuple[str, ...]
    """Types of which only those are found that words give away."""
    missing: tuple[str, ...]
    """Known types that nothing here searches for; those `by_cues_only` among them."""
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    model: str
    """The model's name and version; empty without one."""
    versions: Mapping[str, str]
    always: tuple[str, ...]
    """Recognizers without a prefilter."""
    plain: str
    """Why Presidio ran without any prefilter; empty when it did not."""


class Search(Struct, frozen=True):
    """Presidio's recognizers, our own and a model's, resolved and filtered."""

    languages: tuple[str, ...] = ("en",)
    countries: tuple[str, ...] | None = None
    entities: tuple[str, ...] | None = None
    recognizers: tuple[str, ...] = ()
    threshold: float = THRESHOLD
    thresholds: Mapping[str, float] = field(default_factory=dict)
    allow: AllowList = field(default_factory=AllowList)
    model: str = ""
    """A model as `framework:name` (`ner.parse`), or nothing."""
    spare_test_cards: bool = False
    """Whether card numbers that vendors document for tests are `STAND_IN`, not `CREDIT_CARD`."""

    def check(self) -> None:
        """Load what may be missing on this machine, and validate the options.

        Raises:
            UsageError: an entity that nothing here knows, a score outside of [0, 1], a pattern
                that RE2 cannot read, recognizers or a model that are not on this machine.
            InputError: a file of recognizers is not what it should be.
        """
        self.allow.check()
        for name, score in [("threshold", self.threshold), *self.thresholds.items()]:
            if not 0 <= score <= 1:
                msg = f"the threshold of {name} is {score}; expected a score from 0 to 1"
                raise UsageError(msg.replace("the threshold of threshold", "threshold"))
        named_types = (*(self.entities or ()), *self.thresholds)
        if self._is_usual and not named_types:  # nothing can be wrong, and loading takes a while
            return
        known_types = {*self.covered().entities, *KNOWN, *CuedScanner().coverage()}
        for entity in named_types:
            if entity not in known_types and not self.recognizers:
                msg = f"entity {entity} is unknown{suggestion(entity, known_types)}"
                raise UsageError(msg)

    def find(
        self, texts: pl.Series, labels: pl.Series | None = None
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield (position, spans) for each text with findings, by ascending position.

        Spans are resolved: they ascend and do not overlap. What is allowed is left out, together
        with all that it overlapped. `labels` say what the field of each text is called
        (`field_labels`). Texts are normalised before, and long ones searched in windows; spans
        are those of the texts as they came.
        """
        strings = texts if texts.dtype == pl.String else texts.cast(pl.String)
        searchable = SearchableTexts(strings, labels)
        yield from searchable.placed(self._resolved(searchable.column))

    def _resolved(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        resolution = Resolution(self.threshold, self.thresholds)
        for position, spans in self._all(texts):
            text = texts[position]
            standing = [
                span
                for span in map(self._classed(text), resolution.resolve(text, spans))
                if not self.allow.allows(text, span)
            ]
            if standing:
                yield position, standing

    def _classed(self, text: str) -> Callable[[Span], Span]:
        """Return what gives documented test cards a class of their own, if that is asked for."""

        def classed(span: Span) -> Span:
            if self.spare_test_cards and is_test_card(span.entity, text[span.start : span.end]):
                return span._replace(entity=STAND_IN)
            return span

        return classed

    def covered(self) -> Searched:
        """Say what is searched and what is not."""
        scan = self._scan_coverage()
        cued = CuedScanner(self.entities).coverage()
        modelled = set(ner.load(self.model).entities) if self.model else set()
        if self.entities is not None:
            modelled &= set(self.entities)
        searched = set(scan.entities) | modelled | set(cued)
        by_cues = (BY_CUES_ONLY & set(cued)) - modelled - set(scan.entities)
        return Searched(
            entities=tuple(sorted(searched - by_cues)),
            by_cues_only=tuple(sorted(by_cues)),
            missing=tuple(sorted((KNOWN | by_cues) - (searched - by_cues))),
            languages=scan.languages,
            countries=scan.countries,
            model=ner.load(self.model).name if self.model else "",
            versions=scan.versions,
            always=scan.always,
            plain=scan.plain,
        )

    @property
    def _is_usual(self) -> bool:
        """Whether the search is that of English and its default countries, without guesses."""
        usual = (self.languages, self.countries, self.recognizers, self.model)
        least = min([self.threshold, *self.thresholds.values()])
        return usual == (("en",), None, (), "") and least >= THRESHOLD

    @property
    def _options(self) -> PresidioOptions:
        return PresidioOptions(
            self.languages, self.countries, self.entities, self.recognizers, whole_words=True
        )

    @property
    def _without_presidio(self) -> bool:
        """Whether none of the types asked for is one of Presidio's or of the user's own."""
        return (
            self.entities is not None
            and not self.recognizers
            and not PRESIDIO.intersection(self.entities)
        )

    def _scan_coverage(self) -> PresidioCoverage:
        if self._without_presidio:
            return PresidioCoverage({}, (), self.languages, (), {})
        return PresidioScanner(self._options).coverage()

    def _scanned(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield what Presidio's recognizers find, then what ours do.

        One walk over each text looks for the shapes of both, where all have one.
        """
        cued = CuedScanner(self.entities)
        if self._without_presidio:
            yield from cued.find(texts)
            return
        presidio = PresidioScanner(self._options)
        shapes, machine = presidio.shapes(), self._without_machine_cells(texts)
        if shapes is None:
            yield from presidio.find(machine)
            yield from cued.find(texts)
            return
        count, read = len(shapes), machine.is_not_null()
        hits = [*_prefilter((*shapes, *cued.shapes())).candidates(texts)]
        own_hits = (
            (position, text, own)
            for position, text, found in hits
            if (own := [i for i in found if i < count]) and read[position]
        )
        yield from presidio.find_hits(own_hits, ScoreFloor(self.threshold, self.thresholds, RAISED))
        yield from cued.find_hits(
            (position, text, [i - count for i in found if i >= count])
            for position, text, found in hits
        )

    def shapes(self) -> tuple[str, ...] | None:
        """Return the prefilters of Presidio's recognizers and of ours; None where one has none."""
        shapes = PresidioScanner(self._options).shapes()
        return None if shapes is None else (*shapes, *CuedScanner(self.entities).shapes())

    def _without_machine_cells(self, texts: pl.Series) -> pl.Series:
        """Put null for texts that are but a code or a time of day: Presidio finds nothing there.

        What it guesses of them falls, as nothing around supports it (licences, phone numbers), or
        because a cell that is a machine's timestamp is no date of somebody (`doubt`). So a table
        with an id and a time in every row does not load Presidio, which takes longer than the rest
        of a small scan.
        """
        if not self._is_usual:
            return texts
        timed = texts.str.contains(_TIMESTAMP)
        if timed.any():
            timed &= ~texts.str.contains(_MIDNIGHT)
        machine = texts.str.contains(_CODE) | timed
        return pl.select(pl.when(~machine).then(texts)).to_series()

    def _without_bare_numbers(self, texts: pl.Series) -> pl.Series:
        """Put null for texts that are nothing but a short number: no finding can stand there.

        Of a bare number of at most eight digits the recognizers of English and its default
        countries make guesses that score 0.3 at most (licences, bank accounts), which no word
        around supports, and phone numbers without a cue, which need nine digits (`doubt`).
        """
        if not self._is_usual:
            return texts
        return pl.select(pl.when(~texts.str.contains(_BARE)).then(texts)).to_series()

    def _all(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Merge the spans of all searches, by position."""
        texts = self._without_bare_numbers(texts)
        spans_of: dict[int, list[Span]] = {}
        for position, spans in self._scanned(texts):
            spans_of.setdefault(position, []).extend(spans)
        if self.model:
            entities = set(self.entities or MODELLED)
            for position, spans in ner.find(self.model, texts):
                kept = [span for span in spans if span.entity in entities]
                spans_of.setdefault(position, []).extend(kept)
        yield from sorted(spans_of.items())
