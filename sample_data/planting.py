"""Files with planted defects, and the list of what was planted where."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from clean import Row, to_csv, to_jsonl


@dataclass(frozen=True, order=True)
class Plant:
    """A finding that a scan must report, and why."""

    folder: str
    file: str
    row: int
    """0-based."""
    rule: str
    what: str


@dataclass
class Sheet:
    """A data file that grows row by row and remembers what was planted in it."""

    folder: str
    file: str
    source: Iterator[Row]
    """Clean rows that carry the defects, or stand between them."""
    rows: list[Row] = field(default_factory=list)
    plants: list[Plant] = field(default_factory=list)

    def put(self, row: Row, **found: str) -> int:
        """Add a row with its findings (rule with `__` for the dot → what) and return its number."""
        self.rows.append(row)
        for rule, what in found.items():
            self.note(len(self.rows) - 1, rule.replace("__", ".", 1), what)
        return len(self.rows) - 1

    def note(self, row: int, rule: str, what: str) -> None:
        """Remember a finding on a row that was put earlier."""
        self.plants.append(Plant(self.folder, self.file, row, rule, what))

    def clean(self, **changes: object) -> Row:
        """Return the next clean row, changed."""
        return next(self.source) | changes

    def pad(self, rows: int = 1) -> int:
        """Add clean rows and return the number of the last."""
        self.rows.extend(next(self.source) for _ in range(rows))
        return len(self.rows) - 1

    def say(self, rule: str, sentence: str, what: str, **also: str) -> int:
        """Plant a sentence that a rule finds between two clean rows; return its row."""
        self.pad()
        row = self.clean()
        return self.put(row | {"text": f"{row['text']} {sentence}"}, **{rule: what}, **also)

    def text(self) -> str:
        """Return the file's content."""
        return to_csv(self.rows) if self.file.endswith(".csv") else to_jsonl(self.rows)


def suite(name: str, *expectations: tuple[str, str, dict[str, object]]) -> str:
    """Return a Great Expectations suite of (severity, type, arguments)."""
    listed = [{"type": t, "kwargs": k, "severity": s} for s, t, k in expectations]
    return json.dumps({"name": name, "expectations": listed}, indent=1) + "\n"
