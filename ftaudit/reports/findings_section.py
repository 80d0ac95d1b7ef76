"""Every finding in the HTML report: a table without script, the rest as data for the one script."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.model.escape import printable
from ftaudit.model.finding import Severity
from ftaudit.reports import phrasing
from ftaudit.reports.limits import concern
from ftaudit.wire.manifest import ChartRecord

STATIC: Final = 300
"""Findings that stand in the page itself, readable without JavaScript."""
EMBEDDED: Final = 20_000
"""Findings that the script can page through; beyond, `ftaudit findings` shows them."""
BINS: Final = 20
"""Bars of a histogram of similarities."""


class FindingLine(Struct, frozen=True):
    """One finding as a line of the table."""

    severity: str
    check: str
    rule: str
    place: str
    related: str
    remark: str


class FindingsSection(Struct, frozen=True):
    """What the template writes of all findings."""

    total: int
    static: list[FindingLine]
    data: str
    """JSON of all embedded findings, safe within a script element."""
    embedded: int


def findings_section(findings: pl.DataFrame) -> FindingsSection | None:
    """Return the findings, the worst first; None where there are none.

    Args:
        findings: with the columns of `finding.FINDINGS`.
    """
    if findings.is_empty():
        return None
    severities = list(reversed(Severity))
    rank = pl.col("severity").replace_strict({str(s): at for at, s in enumerate(severities)})
    stakes = {check: int(concern(check)) for check in findings["check"].unique()}
    stake = pl.col("check").replace_strict(stakes)
    ordered = findings.sort(stake, rank, "check", "rule", "file", "row", maintain_order=True)
    lines = [_line(row) for row in ordered.head(EMBEDDED).iter_rows(named=True)]
    return FindingsSection(findings.height, lines[:STATIC], _data(lines), len(lines))


def similarity_chart(check: str, findings: pl.DataFrame) -> ChartRecord | None:
    """Return how many findings of a check have which similarity; None where fewer than two do."""
    if findings.is_empty():
        return None
    values = findings.filter(pl.col("check") == check)["similarity"].drop_nulls()
    if len(values) < 2:
        return None
    least = min(int(float(str(values.min())) * BINS), BINS - 1)
    bins = (values * BINS).cast(pl.Int64).clip(0, BINS - 1)
    counts = dict(bins.value_counts().iter_rows())
    labels = [f"{at / BINS:.2f}-{(at + 1) / BINS:.2f}" for at in range(least, BINS)]
    series = {"findings": [float(counts.get(at, 0)) for at in range(least, BINS)]}
    return ChartRecord(
        title="Similarity of the pairs found", labels=labels, series=series, unit="findings"
    )


def _line(row: Mapping[str, object]) -> FindingLine:
    related = ""
    if row["related_file"] is not None:
        related = _place(row["related_file"], row["related_row"], row["related_line"])
    remarks = [
        f"similarity {row['similarity']:.3f}" if row["similarity"] is not None else "",
        f"score {row['score']:.2f}" if row["score"] is not None else "",
        printable(str(row["detail"] or "")),
    ]
    return FindingLine(
        severity=phrasing.name(str(row["severity"])),
        check=phrasing.name(str(row["check"])),
        rule=phrasing.name(str(row["rule"])),
        place=f"{row['split']} {_place(row['file'], row['row'], row['line'])}",
        related=related,
        remark=", ".join(remark for remark in remarks if remark),
    )


def _place(file: object, row: object, line: object) -> str:
    tail = f", line {line}" if line is not None else ""
    return f"{phrasing.name(str(file))} row {row}{tail}"


def _data(lines: Sequence[FindingLine]) -> str:
    """Return JSON that can end no script element and open no comment."""
    rows = [[f.severity, f.check, f.rule, f.place, f.related, f.remark] for f in lines]
    text = json.dumps(rows, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
