"""What is new, worse, better, newly or no longer checked between two audits."""

from pathlib import Path

import msgspec
import polars as pl
import pytest

from ftaudit.reports.audit_difference import AuditDifference, difference
from ftaudit.wire.manifest import Manifest
from tests import manifests

WORSE = {**manifests.DUPLICATES, "duplicates.near_rows": 2, "duplicates.near_share": 0.5}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return manifests.data(tmp_path)


def compared(old: Manifest, new: Manifest) -> AuditDifference:
    return difference(old, new)


def test_a_breach_is_new_worse_kept_or_gone(files: tuple[Path, Path]) -> None:
    clean = manifests.of(files)
    breached = manifests.of(files, metrics=manifests.DUPLICATES)
    worse = manifests.of(files, metrics=WORSE)
    assert [c.breach.rule for c in difference(clean, breached).new_breaches] == ["FTA-DUP-002"]
    assert [c.breach.rule for c in difference(breached, worse).new_breaches] == ["FTA-DUP-002"]
    same = difference(breached, breached)
    assert (same.new_breaches, same.exit_code) == ((), 0)
    assert [c.breach.rule for c in same.kept_breaches] == ["FTA-DUP-002"]
    better = difference(worse, breached)
    assert (better.new_breaches, better.exit_code) == ((), 0)
    gone = difference(breached, clean)
    assert [c.breach.rule for c in gone.gone_breaches] == ["FTA-DUP-002"]
    assert (gone.exit_code, difference(clean, breached).exit_code) == (0, 1)


def test_findings_are_compared_by_rule(files: tuple[Path, Path]) -> None:
    old = manifests.of(files, findings={"duplicates.near": 3})
    new = manifests.of(files, findings={"duplicates.near": 1, "duplicates.exact": 2})
    changes = difference(old, new)
    assert [(c.rule, c.old, c.new) for c in changes.more] == [("duplicates.exact", 0, 2)]
    assert [(c.rule, c.old, c.new) for c in changes.fewer] == [("duplicates.near", 3, 1)]


def test_a_check_that_breaks_is_no_improvement(files: tuple[Path, Path]) -> None:
    old = manifests.of(files)
    new = manifests.of(files, states={"pii": "error", "markings": "skipped"})
    changes = difference(old, new)
    assert changes.no_longer_checked == ("markings", "pii")
    assert changes.new_errors == ("pii",)
    assert changes.exit_code == 3
    assert difference(new, old).newly_checked == ("markings", "pii")


def test_another_policy_and_other_versions_are_said(files: tuple[Path, Path]) -> None:
    old, new = manifests.of(files), manifests.of(files, under="strict")
    record = old.predicate.checks[0]
    renewed = [
        msgspec.structs.replace(record, version=record.version + 1),
        *old.predicate.checks[1:],
    ]
    later = msgspec.structs.replace(
        old, predicate=msgspec.structs.replace(old.predicate, checks=renewed)
    )
    assert "another policy" in difference(old, new).remarks[0]
    assert record.id in difference(old, later).remarks[0]
    assert difference(old, old).remarks == ()


def test_a_new_finding_of_a_check_that_blocks_as_before_is_new(files: tuple[Path, Path]) -> None:
    breached = manifests.of(files, metrics=manifests.DUPLICATES)
    of_duplicates, of_pii = (
        pl.DataFrame({"check": [check], "severity": ["low"]}) for check in ("duplicates", "pii")
    )
    assert difference(breached, breached, of_duplicates).exit_code == 1
    assert difference(breached, breached, of_pii).exit_code == 0
    notes = of_duplicates.with_columns(severity=pl.lit("info"))
    assert difference(breached, breached, notes).exit_code == 0
    untold = difference(breached, breached, obstacle="no findings")
    assert (untold.blocking_rows, untold.remarks[0].endswith("no findings")) == (None, True)
