"""`ftaudit split` writes the parts, says what it did, and leaves nothing half done."""

import json

from tests.cli.commands import Shell
from tests.pipeline.test_split import DATA, PLAIN


def test_parts_are_written_and_counted(shell: Shell) -> None:
    PLAIN.write_csv(shell.folder / "tickets.csv")
    said = shell("split", "tickets.csv", "-o", "my parts", "--validation", "0.1", "--workers", "1")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].startswith("Units       100, 20 of them of several rows (40 rows, at most 2")
    assert [line.split()[0] for line in lines[1:4]] == ["holdout", "validation", "train"]
    assert lines[-1].startswith("Next        ftaudit scan 'my parts'  # ")
    assert {path for path in shell.left() if path.startswith("my parts/")} == {
        *(f"my parts/{part}" for part in ("test", "train", "validation", "split.json")),
        *(f"my parts/{part}/tickets.csv" for part in ("test", "train", "validation")),
    }


def test_wishes_reach_the_split(shell: Shell) -> None:
    DATA.write_ndjson(shell.folder / "tickets.jsonl")
    options = ("--time-column", "created", "--group-column", "customer", "--seed", "7")
    said = shell("split", "tickets.jsonl", "-o", "out", "--holdout-after", "2026-04-10", *options)
    assert said.code == 0
    parameters = json.loads((shell.folder / "out" / "split.json").read_text())["parameters"]
    assert parameters["holdoutAfter"] == "2026-04-10"
    assert parameters["groupColumn"] == "customer"
    assert parameters["seed"] == 7
    assert "--group-column customer --time-column created" in said.out


def test_what_only_a_person_can_decide_ends_with_1_and_errors_with_2(shell: Shell) -> None:
    PLAIN.write_csv(shell.folder / "tickets.csv")
    assert shell("split", "tickets.csv", "-o", "out", "--quiet").code == 0
    read = [(shell.folder / "out" / p / "tickets.csv").read_text() for p in ("test", "train")]
    bridge = " ".join(text.splitlines()[1].partition(",")[0] for text in read)
    with (shell.folder / "tickets.csv").open("a") as file:
        file.write(f"{bridge},refund\n")
    kept = shell("split", "tickets.csv", "-o", "out-2", "--keep", "out")
    assert kept.code == 1
    assert "1 new row near to rows" in kept.out
    again = shell("split", "tickets.csv", "-o", "out", "--folds", "3")
    assert (again.code, again.out) == (2, "")
    assert "exists already" in again.err
    assert not [path for path in shell.left() if "ftaudit-" in path]
