"""What is counted while the lines of a file are judged: partial counts that add up."""

from collections.abc import Container
from dataclasses import dataclass, field

from ftaudit.profiles.file_tests import LINES_KEPT, FileSummary
from ftaudit.profiles.line_framing import Framing
from ftaudit.profiles.profile_judge import JudgedLine


@dataclass
class FileTally:
    """Counts of some lines of one file under one profile."""

    watched: tuple[str, ...] = ()
    """Keys of which is noted what lines have them."""
    records: int = 0
    invalid: int = 0
    layouts: dict[str, list[int]] = field(default_factory=dict)
    keys: dict[str, list[int]] = field(default_factory=dict)

    def add(self, line: int, judged: JudgedLine, keys: Container[str] | None) -> None:
        """Count a line; `keys` are those of its record, None where it is none."""
        self.records += keys is not None
        if judged.violations:
            self.invalid += any(violation.rule.invalid for violation in judged.violations)
        if judged.layout is not None:
            _note(self.layouts, judged.layout, line)
        if self.watched and keys is not None:
            for key in self.watched:
                _note(self.keys, key if key in keys else f"!{key}", line)

    def summary(
        self, name: str, size: int, *, bom: bool, unended: bool, framing: Framing
    ) -> FileSummary:
        """Return what the rules of files look at."""
        return FileSummary(
            name=name,
            size=size,
            bom=bom,
            unended=unended,
            framing=framing,
            records=self.records,
            invalid=self.invalid,
            layouts={name: tuple(sorted(lines)) for name, lines in self.layouts.items()},
            keys={key: tuple(sorted(lines)) for key, lines in self.keys.items()},
        )


def _note(lines: dict[str, list[int]], name: str, line: int) -> None:
    kept = lines.setdefault(name, [])
    if len(kept) < LINES_KEPT:
        kept.append(line)
