"""Judge lines and files by a profile."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ftaudit.profiles.file_tests import FileSummary, LineIs, LineObject
from ftaudit.profiles.json_line import FlawPlace, LineFlaw, LineReading
from ftaudit.profiles.profiled_record import JsonObject, ProfiledRecord, profiled
from ftaudit.profiles.provider_profile import FileTest, ProfileRule, ProviderProfile, RecordTest
from ftaudit.profiles.rule_place import kind_of
from ftaudit.profiles.value_outline import keys_of, outline


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


class _OutlineVerdict(NamedTuple):
    """What holds for all records of one outline."""

    judged: JudgedLine
    undecided: tuple[tuple[ProfileRule, RecordTest], ...]
    """The rules that an outline cannot decide."""


_REMEMBERED: Final = 4_096
"""Outlines that are remembered; real data has a few."""


@dataclass
class ProfileJudge:
    """Judges lines by one profile. Remembers verdicts, so one judge serves one process."""

    profile: ProviderProfile
    remember: bool = True
    _verdicts: dict[Hashable, _OutlineVerdict] = field(default_factory=dict, repr=False)

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
        self._files = tuple((r, r.check) for r in rules if isinstance(r.check, FileTest))

    def line(self, reading: LineReading, shape: Hashable | None = None) -> JudgedLine:
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

    def record(self, value: JsonObject, shape: Hashable | None = None) -> JudgedLine:
        """Return what the profile says of a decoded record; `shape` is its outline, if known."""
        judged, undecided = self._recall(value, shape)
        if not undecided:
            return judged
        record = profiled(value, self.profile.layouts)
        rest = tuple(_violations(undecided, record))
        return JudgedLine(judged.layout, (*judged.violations, *rest)) if rest else judged

    def file(self, summary: FileSummary) -> Iterator[FileViolation]:
        """Yield what the profile says of a file as a whole."""
        for rule, test in self._files:
            for line, detail in test.places(summary):
                yield FileViolation(line, Violation(rule, "", detail))

    def _recall(self, value: JsonObject, shape: Hashable | None) -> _OutlineVerdict:
        if not self.remember:
            return self._learn(value)
        shape = shape or outline(value)
        verdict = self._verdicts.get(shape)
        if verdict is None:
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            verdict = self._verdicts[shape] = self._learn(value)
        return verdict

    def _learn(self, value: JsonObject) -> _OutlineVerdict:
        record = profiled(value, self.profile.layouts)
        keys = keys_of(value)
        undecided = tuple(
            (rule, test)
            for rule, test in self._by_value
            if not test.triggers or keys & test.triggers
        )
        name = record.layout.name if record.layout else None
        judged = JudgedLine(name, tuple(_violations(self._by_outline, record)))
        return _OutlineVerdict(judged, undecided)

    def _of_flaws(self, flaws: tuple[FlawPlace, ...]) -> Iterator[Violation]:
        for flaw in flaws:
            for rule in self._flaws.get(flaw.flaw, ()):
                yield Violation(rule, flaw.path, flaw.detail)


def _violations(
    rules: tuple[tuple[ProfileRule, RecordTest], ...], record: ProfiledRecord
) -> Iterator[Violation]:
    for rule, test in rules:
        for path, detail in test.places(record):
            yield Violation(rule, path, detail)
