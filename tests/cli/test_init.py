"""`ftaudit init`: starter files that are valid as they are."""

from pathlib import Path

import pytest
import yaml

from tests.cli.commands import CLEAN, FAST, Shell

FILES = ["plan.yaml", "policy.yaml", "provenance.yaml"]


def test_starter_files_are_filled_with_what_the_data_tells(shell: Shell) -> None:
    said = shell("init", f"{CLEAN}/train.csv", "--holdout", f"{CLEAN}/test.csv")
    assert said.code == 0
    assert said.err == ""
    scan = f"ftaudit scan {CLEAN}/train.csv --holdout {CLEAN}/test.csv --policy policy.yaml"
    assert said.out.endswith(f"then run\n  {scan} --provenance provenance.yaml\n")
    assert shell.left() == FILES
    record = yaml.safe_load((shell.folder / "provenance.yaml").read_text("utf-8"))
    assert [file["rows"] for file in record["files"]] == [296, 80]
    assert [source["id"] for source in record["sources"]] == ["tickets-export"]
    assert "TODO" in (shell.folder / "provenance.yaml").read_text("utf-8")


def test_the_starter_policy_and_record_are_valid(shell: Shell) -> None:
    shell("init", f"{CLEAN}/train.csv")
    assert shell("policy", "check", "policy.yaml").code == 0
    said = shell(
        "scan",
        f"{CLEAN}/train.csv",
        *FAST,
        "--only",
        "provenance",
        "--provenance",
        "provenance.yaml",
    )
    assert said.code == 0
    assert "required fields missing" in said.out


def test_a_record_beside_the_data_is_found_by_the_scan(shell: Shell) -> None:
    (shell.folder / "train.csv").write_bytes(Path(f"{CLEAN}/train.csv").read_bytes())
    assert "--provenance" not in shell("init", "train.csv").out
    assert shell("scan", "train.csv", "--only=provenance", "--policy=report-only").code == 0


def test_without_data_policy_and_plan_are_written(shell: Shell) -> None:
    assert shell("init").code == 0
    assert shell.left() == FILES[:2]


def test_files_that_exist_are_kept_unless_forced(shell: Shell) -> None:
    (shell.folder / "policy.yaml").write_text("mine")
    said = shell("init")
    assert said.code == 2
    assert "policy.yaml exists already; --force replaces it" in said.err
    assert shell.left() == ["policy.yaml"]
    assert (shell.folder / "policy.yaml").read_text() == "mine"
    assert shell("init", "--force").code == 0
    assert (shell.folder / "policy.yaml").read_text() != "mine"


@pytest.mark.parametrize(
    "arguments", [["missing.csv"], ["."], [f"{CLEAN}/train.csv", "--input-column", "txt"]]
)
def test_bad_input_leaves_nothing(arguments: list[str], shell: Shell) -> None:
    said = shell("init", *arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("ftaudit: ")
    assert said.err.count("\n") == 1
    assert shell.left() == []
