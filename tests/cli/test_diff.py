"""`ftaudit diff` and `scan --baseline`, as a shell runs them."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import Said, Shell

LINES = ("Where is my parcel now?,delivery", "I want my money back please,refund")
DOUBLE = "Where is my parcel now,delivery"
ONLY = ("--only", "duplicates", "--only", "schema")

POLICY = """schema: ftaudit.policy/v1
id: line
extends: report-only
mode: enforce
required: []
required_if_applicable: []
rules:
  FTA-DUP-002: {max: 0, severity: block}
"""


def write(*lines: str) -> None:
    Path("train.csv").write_text("\n".join(("text,label", *lines)) + "\n")


def scan(shell: Shell, output: str, *options: str) -> Said:
    return shell(
        "scan", "train.csv", *ONLY, "--policy", "policy.yaml", "--output", output, *options
    )


@pytest.fixture
def audited(shell: Shell) -> Shell:
    """Return a shell in a folder with the audit of data that is not clean yet."""
    Path("policy.yaml").write_text(POLICY)
    write(*LINES, DOUBLE)
    assert scan(shell, "old").code == 1
    return shell


def test_a_line_is_held_on_data_that_is_not_clean_yet(audited: Shell) -> None:
    held = scan(audited, "same", "--baseline", "old", "--fail-on", "new")
    assert (held.code, "0 breaches new or worse" in held.out) == (0, True)
    assert "Blocks as before\n  FTA-DUP-002: " in held.out
    write(*LINES, DOUBLE, "I want my money back please!,refund")
    worse = scan(audited, "new", "--baseline", "old/manifest.json", "--fail-on", "new")
    assert worse.code == 1
    assert "New or worse, blocks\n  FTA-DUP-002: " in worse.out
    assert audited("diff", "old", "new", "--fail-on", "new").code == 1
    assert audited("diff", "old", "new").code == 0
    better = audited("diff", "new", "old", "--json")
    value = json.loads(better.out)
    assert value["new_breaches"] == []
    assert value["fewer"] == [{"rule": "duplicates.exact", "old": 2, "new": 1}]


def test_a_new_finding_is_known_though_rows_moved_and_as_many_are_gone(audited: Shell) -> None:
    shell = audited
    write(DOUBLE, *reversed(LINES))
    scan(shell, "moved")
    moved = shell("diff", "old", "moved", "--fail-on", "new")
    assert (moved.code, "new findings" in moved.out) == (0, False)
    write("I want my money back please!,refund", *LINES)
    swapped = scan(shell, "swapped", "--baseline", "old", "--fail-on", "new")
    assert (swapped.code, "0 breaches new or worse" in swapped.out) == (1, True)
    named = "Rows that are new findings, of checks that block\n  duplicates.exact: train.csv row 2"
    assert named in swapped.out
    value = json.loads(shell("diff", "old", "swapped", "--json").out)
    assert [row["row"] for row in value["new_rows_that_block"]] == [2]


def test_why_rows_cannot_be_compared_is_said(audited: Shell) -> None:
    Path("key").write_text("secret")
    scan(audited, "keyed", "--profile-key", "key")
    ended = audited("diff", "old", "keyed")
    assert "were made with another --profile-key" in ended.out
    Path("old/findings.parquet").unlink()
    ended = audited("diff", "old", "keyed", "--json")
    assert json.loads(ended.out)["new_rows"] is None


def test_no_baseline_is_no_comparison(audited: Shell) -> None:
    alone = scan(audited, "x", "--fail-on", "new")
    assert (alone.code, "--baseline" in alone.err) == (2, True)
    over = scan(audited, "old", "--baseline", "old")
    assert (over.code, "another --output" in over.err) == (2, True)
    missing = audited("diff", "nowhere", "old")
    assert (missing.code, missing.err.count("\n")) == (2, 1)
