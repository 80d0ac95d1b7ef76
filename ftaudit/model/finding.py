"""What a check may find: rules, their severity, and the shape of a finding."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

import polars as pl
from msgspec import Struct

from ftaudit.model.fix import Fix


class Severity(StrEnum):
    """How much one finding harms a model trained on the data."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Rule(Struct, frozen=True):
    """One kind of finding a check can report.

    `id` is `<topic>.<name>`, such as `leakage.near`; a trailing `.*` stands for a family whose
    members are known only at run time, such as `pii.*` for every entity type.
    """

    id: str
    title: str
    severity: Severity
    remedy: str
    """What to do about it, as an imperative sentence."""
    fix: Fix | None = None
    """What `ftaudit fix` does about it; None where only a person or another export can."""
    of_data: bool = False
    """Whether it is of the data, a file, a class or a group: the row that is named stands for it.
    Another row may do so after a shuffle, so that such findings are not known by their row."""


class Metric(Struct, frozen=True):
    """One number a check measures. `name` may end in a family, such as `pii.*.findings`."""

    name: str
    meaning: str
    unit: str = "rows"
    """`rows`, `pairs`, `clusters`, `findings`, `classes`, `fields`, `ratio` in [0, 1], …"""
    sentence: str = ""
    """How reports say it: `{value}` stands for the number (a share as a percentage), `{name}` for
    the member of a family. Without it: the number, then the meaning."""


class Location(NamedTuple):
    """A row of the user's own file: `file` is the ordinal in `Dataset.files`, `row` 0-based."""

    split: str
    file: int
    row: int


class Example(Struct, frozen=True):
    """A row, or a pair of rows, worth showing to a person. Holds no text of the data."""

    rule: str
    where: Location
    related: Location | None = None
    field: str = ""
    start: int | None = None
    end: int | None = None
    similarity: float | None = None
    score: float | None = None
    detail: str = ""
    line: int | None = None
    """The line of a text file, where it is not the one on which the row begins; `WHOLE_FILE`."""


WHOLE_FILE: Final = 0
"""Stands for the line of a finding that is of the file as a whole."""

EVIDENCE: Final = pl.Schema(
    {
        "rule": pl.String,
        "split": pl.String,
        "file": pl.UInt32,
        "row": pl.UInt64,
        "related_file": pl.UInt32,
        "related_row": pl.UInt64,
        "field": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "similarity": pl.Float64,
        "score": pl.Float64,
        "detail": pl.String,
    }
)
"""Columns of the findings a check emits, one row per finding and row of data.

`rule` to `row` are never null. `start` and `end` are character offsets in `field`, end
exclusive. `similarity` and `score` are in [0, 1]. `detail` never holds text of the data, except
masked."""

PLACED: Final = pl.Schema({"line": pl.UInt64, "severity": pl.String})
"""Columns that a check may add: the line where it is not the one on which the row begins
(`WHOLE_FILE`: it is on none), and the severity where it is not that of the rule; else null."""

FINDINGS: Final = pl.Schema(
    {
        "check": pl.String,
        "rule": pl.String,
        "severity": pl.String,
        "split": pl.String,
        "file": pl.String,
        "row": pl.UInt64,
        "line": pl.UInt64,
        "related_file": pl.String,
        "related_row": pl.UInt64,
        "related_line": pl.UInt64,
        "field": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "similarity": pl.Float64,
        "score": pl.Float64,
        "detail": pl.String,
        "digest": pl.String,
        "related_digest": pl.String,
    }
)
"""Columns of `findings.parquet`: evidence with the check, the severity, and files by name.

`line` is the 1-based line of a jsonl or csv file on which the row begins, else null; `digest` is of
the content of the row (`pipeline.digesting`), null where it could not be read as a row."""


def evidence(frame: pl.DataFrame, **columns: pl.Expr | str | float | None) -> pl.DataFrame:
    """Shape `frame` as `EVIDENCE`: named columns are set, missing ones are null.

    A plain value is a constant; an expression is evaluated on `frame`.
    """
    expressions = {k: v if isinstance(v, pl.Expr) else pl.lit(v) for k, v in columns.items()}
    have = set(frame.columns)
    return frame.select(
        expressions.get(name, pl.col(name) if name in have else pl.lit(None))
        .cast(dtype)
        .alias(name)
        for name, dtype in EVIDENCE.items()
    )


def rule_of(rules: Iterable[Rule], id_: str) -> Rule | None:
    """Return the rule called `id_`, or else the family it belongs to, or None."""
    families = [
        r for r in rules if r.id == id_ or (r.id.endswith(".*") and id_.startswith(r.id[:-1]))
    ]
    return max(families, key=lambda r: r.id == id_, default=None)


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return `1 row` or `2,000 rows`, for the headlines of checks."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
