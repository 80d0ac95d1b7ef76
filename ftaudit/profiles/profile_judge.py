"""Judge lines and files by a profile."""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from ftaudit.profiles.file_tests import FileSummary, LineIs, LineObject
from ftaudit.profiles.json_line import FlawPlace, LineFlaw, LineReading
from ftaudit.profiles.profiled_record import JsonObject, ProfiledRecord, profiled
from ftaudit.profiles.provider_profile import FileTest, ProfileRule, ProviderProfile, RecordTest
from ftaudit.profiles.rule_place import kind_of
from ftaudit.profiles.tool_tests import CallId
from ftaudit.profiles.value_outline import Links, Outline, keys_of, links_outline, outline


class Violation(NamedTuple):
    """One place of a line, or of a file, that breaks a rule. Holds no text of the data."""

    rule: ProfileRule
    path: str
    detail: str


class FileViolation(NamedTuple):
    """The same, with its line: 0 for the file as a whole."""

    line: int
    violation: Violation


class JudgedLine(NamedTuple):
    """What a profile says of one line."""

    layout: str | None
    """Name of the record's layout; None where there is none, or no record."""
    violations: tuple[Violation, ...]


_Tests: TypeAlias = tuple[tuple[ProfileRule, RecordTest], ...]


class _OutlineVerdict(NamedTuple):
    """What holds for all records of one outline."""

    judged: JudgedLine
    by_links: _Tests
    """The rules that the texts under `value_outline.LINKS` decide."""
    by_texts: _Tests
    """The rules that any text may decide."""
    of_links: dict[Hashable, tuple[Violation, ...]]
    """What `by_links` find, by the outline of the links."""


_REMEMBERED: Final = 4_096
"""Outlines that are remembered, and as many of links; real data has a few."""
_LARGEST: Final = 4_096
"""Characters of links that are remembered: tools may be long, and differ in every record."""


@dataclass
class ProfileJudge:
    """Judges lines by one profile. Remembers verdicts, so one judge serves one process."""

    profile: ProviderProfile
    remember: bool = True
    _verdicts: dict[Hashable, _OutlineVerdict] = field(default_factory=dict, repr=False)
    _links: int = field(default=0, repr=False)
    """Outlines of links that are remembered, of all outlines together."""

    def __post_init__(self) -> None:
        """Sort the rules by what they need to be decided."""
        rules = self.profile.rules
        self._flaws: dict[str, list[ProfileRule]] = {}
        for rule in rules:
            if isinstance(rule.check, LineIs):
                for flaw in rule.check.flaws:
                    self._flaws.setdefault(flaw, []).append(rule)
        self._object = tuple(rule for rule in rules if isinstance(rule.check, LineObject))
        tests = [(rule, rule.check) for rule in rules if isinstance(rule.check, RecordTest)]
        self._by_outline = tuple((r, t) for r, t in tests if not t.by_value)
        self._by_value = tuple((r, t) for r, t in tests if t.by_value)
        self.forms = tuple(re.compile(t.pattern) for _, t in tests if isinstance(t, CallId))
        self._files = tuple((r, r.check) for r in rules if isinstance(r.check, FileTest))

    def line(self, reading: LineReading, shape: Outline | None = None) -> JudgedLine:
        """Return what the profile says of a line; `shape` is its outline, where it is known."""
        flaws = tuple(self._of_flaws(reading.flaws)) if reading.flaws else ()
        if not reading.readable:
            return JudgedLine(None, flaws)
        value = reading.value
        if not isinstance(value, dict):
            detail = f"expected an object, not {kind_of(value)}"
            refused = tuple(Violation(rule, "", detail) for rule in self._object)
            return JudgedLine(None, (*flaws, *refused))
        try:
            judged = self.record(value, shape)
        except RecursionError:
            deep = FlawPlace(LineFlaw.JSON, "", "nested too deep")
            return JudgedLine(None, (*flaws, *self._of_flaws((deep,))))
        return JudgedLine(judged.layout, (*flaws, *judged.violations)) if flaws else judged

    def record(self, value: JsonObject, shape: Outline | None = None) -> JudgedLine:
        """Return what the profile says of a decoded record; `shape` is its outline, if known."""
        if not self.remember:
            return self._fresh(value)
        shape = shape or outline(value)
        verdict = self._recall(value, shape.marks)
        judged = verdict.judged
        if not verdict.by_links and not verdict.by_texts:
            return judged
        more = self._of_links(value, verdict, shape.links) if verdict.by_links else ()
        if verdict.by_texts:
            more += tuple(_violations(verdict.by_texts, profiled(value, self.profile.layouts)))
        return JudgedLine(judged.layout, (*judged.violations, *more)) if more else judged

    def file(self, summary: FileSummary) -> Iterator[FileViolation]:
        """Yield what the profile says of a file as a whole."""
        for rule, test in self._files:
            for line, detail in test.places(summary):
                yield FileViolation(line, Violation(rule, "", detail))

    def searches(self, shape: Outline) -> list[re.Pattern[bytes]] | None:
        """Return what the bytes of a line must not match for its outline and links to decide.

        None where other texts decide, or where the outline is not of the record judged last.
        """
        verdict = self._verdicts.get(shape.marks)
        if verdict is None or shape.links is None:
            return None
        patterns = [test.trace for _, test in verdict.by_texts]
        return [p for p in patterns if p] if all(patterns) else None

    def _fresh(self, value: JsonObject) -> JudgedLine:
        judged, by_links, by_texts, _ = self._learn(value)
        rest = _violations((*by_links, *by_texts), profiled(value, self.profile.layouts))
        return JudgedLine(judged.layout, (*judged.violations, *rest))

    def _recall(self, value: JsonObject, marks: Hashable) -> _OutlineVerdict:
        verdict = self._verdicts.get(marks)
        if verdict is None:
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            verdict = self._verdicts[marks] = self._learn(value)
        return verdict

    def _of_links(
        self, value: JsonObject, verdict: _OutlineVerdict, links: Links | None
    ) -> tuple[Violation, ...]:
        marks = links_outline(links, self.forms) if links is not None else None
        violations = verdict.of_links.get(marks)
        if violations is None:
            record = profiled(value, self.profile.layouts)
            violations = tuple(_violations(verdict.by_links, record))
            if links is not None and sum(len(text or "") for _, text in links) <= _LARGEST:
                self._make_room()
                verdict.of_links[marks] = violations
        return violations

    def _make_room(self) -> None:
        """Count one more outline of links, and forget all of them where there are too many."""
        self._links += 1
        if self._links > _REMEMBERED:
            self._links = 1
            for verdict in self._verdicts.values():
                verdict.of_links.clear()

    def _learn(self, value: JsonObject) -> _OutlineVerdict:
        record = profiled(value, self.profile.layouts)
        keys = keys_of(value)
        undecided = [
            (rule, test)
            for rule, test in self._by_value
            if (not test.triggers or keys & test.triggers) and test.undecided(record)
        ]
        name = record.layout.name if record.layout else None
        return _OutlineVerdict(
            JudgedLine(name, tuple(_violations(self._by_outline, record))),
            by_links=tuple((rule, test) for rule, test in undecided if test.by_links),
            by_texts=tuple((rule, test) for rule, test in undecided if not test.by_links),
            of_links={},
        )

    def _of_flaws(self, flaws: tuple[FlawPlace, ...]) -> Iterator[Violation]:
        for flaw in flaws:
            for rule in self._flaws.get(flaw.flaw, ()):
                yield Violation(rule, flaw.path, flaw.detail)


def _violations(rules: _Tests, record: ProfiledRecord) -> Iterator[Violation]:
    for rule, test in rules:
        for path, detail in test.places(record):
            yield Violation(rule, path, detail)
