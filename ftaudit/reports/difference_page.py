"""The difference of two audits, as lines for a person and as JSON."""

from collections.abc import Iterator, Sequence

import polars as pl

from ftaudit.model.escape import printable, shown_json
from ftaudit.model.finding import counted
from ftaudit.reports.audit_difference import AuditDifference, BreachChange, CountChange

SHOWN = 10
"""Rows that are named; the rest are counted."""


def lines(difference: AuditDifference) -> Iterator[str]:
    """Yield the lines of the difference."""
    old, new = difference.verdicts
    blocking = len(difference.new_breaches)
    yield f"{old} before, {new} now; {counted(blocking, 'breach', 'breaches')} new or worse"
    yield from _listed("New or worse, blocks", map(_breach, difference.new_breaches))
    yield from _listed("No longer completed", difference.new_errors)
    yield from _listed("Blocks as before", map(_breach, difference.kept_breaches))
    yield from _listed("Blocks no more", map(_breach, difference.gone_breaches))
    yield from _listed("New or worse, warns", map(_breach, difference.new_warnings))
    yield from _listed("Warns no more", map(_breach, difference.gone_warnings))
    yield from _listed("More findings", map(_count, difference.more))
    yield from _listed("Fewer findings", map(_count, difference.fewer))
    yield from _listed("Newly checked", difference.newly_checked)
    yield from _listed("No longer checked", difference.no_longer_checked)
    yield from _new_rows(difference)
    yield from _listed("Mind", difference.remarks)


def as_json(difference: AuditDifference) -> str:
    """Return the difference as JSON."""
    kinds = ("new_breaches", "kept_breaches", "gone_breaches", "new_warnings", "gone_warnings")
    value: dict[str, object] = {
        "verdicts": {"old": difference.verdicts[0], "new": difference.verdicts[1]},
        **{kind: [_breach_record(c) for c in getattr(difference, kind)] for kind in kinds},
        "more": [_count_record(count) for count in difference.more],
        "fewer": [_count_record(count) for count in difference.fewer],
        "newly_checked": list(difference.newly_checked),
        "no_longer_checked": list(difference.no_longer_checked),
        "new_errors": list(difference.new_errors),
        "remarks": list(difference.remarks),
        "new_rows": _row_records(difference.new_rows),
        "new_rows_that_block": _row_records(difference.blocking_rows),
    }
    return shown_json(value)


def _listed(title: str, items: Sequence[str] | Iterator[str]) -> Iterator[str]:
    entries = list(items)
    if entries:
        yield ""
        yield title
        yield from (f"  {printable(entry)}" for entry in entries)


def _breach(change: BreachChange) -> str:
    breach = change.breach
    values = [None if b is None else b.value for b in (change.old, change.new)]
    moved = "" if None in values or values[0] == values[1] else f" (before: {values[0]:g})"
    return f"{breach.rule}: {breach.message}{moved}"


def _count(change: CountChange) -> str:
    return f"{change.rule}: {change.old:,} → {change.new:,} ({change.title})"


def _new_rows(difference: AuditDifference) -> Iterator[str]:
    rows, blocking = difference.new_rows, difference.blocking_rows
    if rows is None or blocking is None:
        return
    others = rows.join(blocking, on=rows.columns, how="anti", nulls_equal=True)
    yield from _listed("Rows that are new findings, of checks that block", _rows(blocking))
    yield from _listed("Rows that are new findings", _rows(others))


def _rows(rows: pl.DataFrame) -> Iterator[str]:
    for finding in rows.head(SHOWN).iter_rows(named=True):
        place = f"{finding['file']} row {finding['row']}"
        related = f" with {finding['related_file']} row {finding['related_row']}"
        named = place if finding["related_file"] is None else place + related
        yield f"{finding['rule']}: {named} {finding['field'] or ''}".rstrip()
    if rows.height > SHOWN:
        yield f"… and {rows.height - SHOWN:,} more (--json names all)"


def _breach_record(change: BreachChange) -> dict[str, object]:
    breach = change.breach
    return {
        "rule": breach.rule,
        "check": breach.check,
        "metric": breach.metric,
        "message": breach.message,
        "limit": breach.limit,
        "old": None if change.old is None else change.old.value,
        "new": None if change.new is None else change.new.value,
    }


def _count_record(change: CountChange) -> dict[str, object]:
    return {"rule": change.rule, "old": change.old, "new": change.new}


def _row_records(rows: pl.DataFrame | None) -> list[dict[str, object]] | None:
    if rows is None:
        return None
    names = ("check", "rule", "severity", "split", "file", "row", "field", "start", "end")
    return rows.select(*names, "related_file", "related_row", "digest").to_dicts()
