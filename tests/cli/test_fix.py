"""`ftaudit fix`: what it prints, what it writes, and the exit codes."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import Shell
from tests.remedies.planted_rows import CLEAN, HOLDOUT, row

REPEATED = [*CLEAN, row(0), row(6)]
"""Clean rows, one once more, and one of the holdout."""
CONFLICTING = [*CLEAN, row(0, "b", " now.")]


@pytest.fixture
def data(shell: Shell) -> Path:
    """Write training and holdout data into the folder of the shell."""
    write(shell.folder / "test.jsonl", HOLDOUT)
    return write(shell.folder / "train.jsonl", REPEATED)


def write(path: Path, rows: object) -> Path:
    assert isinstance(rows, list | tuple)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


TWO = ("--remedy", "deduplicate", "--remedy", "decontaminate")


def test_a_dry_run_says_what_would_change_and_writes_nothing(data: Path, shell: Shell) -> None:
    before = shell.left()
    said = shell("fix", data, "--holdout", "test.jsonl", *TWO, "--dry-run")
    assert said.code == 0
    assert "decontaminate      1 row would be removed: leakage.exact 1" in said.out
    assert "deduplicate        1 row would be removed: duplicates.exact 1" in said.out
    assert "train              6 → 4 rows" in said.out
    assert shell.left() == before


def test_the_data_is_written_and_the_next_command_scans_it(data: Path, shell: Shell) -> None:
    options = ("--holdout", "test.jsonl", "--threshold", "0.9", "--no-set-aside")
    said = shell("fix", data, *options, *TWO, "--output", "out")
    assert said.code == 0
    scan = "ftaudit scan out/train.jsonl --holdout out/test.jsonl --threshold 0.9"
    assert f"Next      {scan}  # scan what was written" in said.out
    assert not (shell.folder / "out" / "set-aside").exists()
    again = shell("fix", "out", *TWO, "--threshold", "0.9", "--dry-run")
    assert "nothing to change" in again.out
    assert again.code == 0


def test_a_case_for_a_person_is_named_and_ends_with_1(data: Path, shell: Shell) -> None:
    write(data, CONFLICTING)
    options = ("--holdout", "test.jsonl", "--threshold", "0.9")
    said = shell("fix", data, *options, "--remedy", "resolve-conflicts", "-o", "out")
    assert said.code == 1
    assert "to be decided      2 rows set aside for a person: label_conflicts.label" in said.out
    assert f"ftaudit review {data} {' '.join(options)} -o review.csv" in said.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "name the folder to write with --output, or say --dry-run"),
        (
            ("--dry-run", "--remedy", "dedup"),
            "there is no remedy dedup (did you mean deduplicate?)",
        ),
        (("--dry-run", "--remedy", "redact", "--recipe", "r.yaml"), "exclude each other"),
        (("--dry-run", "--recipe", "r.yaml"), "the recipe file cannot be read"),
        (("--dry-run", "--redaction-key", "none"), "the key cannot be read"),
        (("--dry-run", "--decisions", "none.csv"), "the decisions cannot be read"),
        (("-o", "."), "the output folder holds the data that is fixed"),
    ],
)
def test_a_request_that_cannot_be_meant_ends_with_2(
    data: Path, shell: Shell, options: tuple[str, ...], message: str
) -> None:
    extra = () if "--remedy" in options or "--recipe" in options else ("--remedy", "drop-malformed")
    said = shell("fix", data, *extra, *options)
    assert (said.code, said.out) == (2, "")
    assert message in said.err
