"""Findings that only the newer of two audits has, though rows moved and files were renamed."""

import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.pipeline.new_findings import new_findings

WORDS = ("parcel", "invoice", "password", "refund", "address", "voucher", "account", "courier")
CLEAN = [
    (text.format(WORDS[at], WORDS[at - 3]), WORDS[at])
    for text in ("my {} came with a {}", "who has sent the {} and not the {} that I asked for")
    for at in range(len(WORDS))
]
TOKEN = "ghp_" + "k3J9xQ2vB7nM5tR8wY1zL4cF6hD0sA2eG7pU"
FAULTY = [
    (CLEAN[0][0] + "!", CLEAN[0][1]),
    (CLEAN[0][0] + "?", CLEAN[0][1]),
    (CLEAN[1][0] + "!", CLEAN[2][1]),
    (f"the token is {TOKEN} and it does not work", "password"),
]
"""Two copies, a conflict and a secret."""
NEW = {
    "duplicates.exact": (CLEAN[9][0] + "!", CLEAN[9][1]),
    "a third copy": (CLEAN[0][0] + " !", CLEAN[0][1]),
    "label_conflicts.label": (CLEAN[11][0], CLEAN[12][1]),
    "secrets.GITHUB_TOKEN": (f"I am locked out with {TOKEN} as my token", "password"),
}


def audited(rows: Sequence[tuple[str, str]], folder: Path, name: str) -> Path:
    path = folder / name / f"{name}.csv"
    path.parent.mkdir()
    pl.DataFrame(rows, schema=["text", "label"], orient="row").write_csv(path)
    only = ("duplicates", "label-conflicts", "secrets")
    with ftaudit.scan(path, policy="report-only", only=only) as audit:
        audit.write(path.parent / "audit", reports=())
    return path.parent / "audit"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audited([*CLEAN, *FAULTY], tmp_path_factory.mktemp("old"), "january")


def shuffled(rows: Sequence[tuple[str, str]], seed: int) -> list[tuple[str, str]]:
    return random.Random(seed).sample(rows, len(rows))  # noqa: S311 - an order, not a secret


@pytest.mark.parametrize("seed", [1, 2])
def test_moved_rows_of_a_renamed_file_are_no_new_findings(
    old: Path, tmp_path: Path, seed: int
) -> None:
    new = audited(shuffled([*CLEAN, *FAULTY], seed), tmp_path, "february")
    before, after = (pl.read_parquet(folder / "findings.parquet") for folder in (old, new))
    assert before.height == after.height > len(FAULTY)
    rows = new_findings(old, new).rows
    assert rows is not None
    assert rows.is_empty()


@pytest.mark.parametrize("kind", list(NEW))
@pytest.mark.parametrize("first", [True, False])
def test_one_more_faulty_row_is_one_new_finding(
    old: Path, tmp_path: Path, kind: str, *, first: bool
) -> None:
    rest = shuffled([*CLEAN, *FAULTY], 3)
    rows = [NEW[kind], *rest] if first else [*rest, NEW[kind]]
    findings = new_findings(old, audited(rows, tmp_path, "march")).rows
    assert findings is not None
    findings = findings.filter(pl.col("rule") != "label_conflicts.suspect")  # learned anew
    assert {kind, "duplicates.exact"} >= {*findings["rule"]} - {"a third copy"}
    assert len(findings["rule"].unique()) == findings.height
    named = pl.concat([findings["row"], findings["related_row"].drop_nulls()])
    assert rows.index(NEW[kind]) in named.to_list()


def test_a_finding_that_is_gone_hides_no_new_one(old: Path, tmp_path: Path) -> None:
    rows = [*CLEAN, *FAULTY[1:], NEW["a third copy"]]
    findings = new_findings(old, audited(rows, tmp_path, "april")).rows
    assert findings is not None
    certain = findings.filter(pl.col("rule") != "label_conflicts.suspect")
    assert certain["row"].to_list() == [len(rows) - 1]
