"""`ftaudit findings`: rows, rules, masked excerpts, and what other tools read."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import polars as pl
import pytest

from tests.cli.commands import FAST, Said, Shell
from tests.sample_data.samples import SAMPLES

Findings: TypeAlias = Callable[..., Said]
"""Runs the command in the folder of the results."""

PLANTED = ("4111 1111", "anna.beispiel", "Anna Beispiel", "Tulpe-47", "203.0.113.77")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the dirty tickets and the results of their scan, made once."""
    from ftaudit import scan

    folder = tmp_path_factory.mktemp("scanned")
    shutil.copytree(SAMPLES / "dirty", folder / "tickets")
    with scan(folder / "tickets") as audit:
        audit.write(folder / "out")
    return folder


@pytest.fixture
def findings(scanned: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Findings:
    """Run the command in the folder of the results."""
    monkeypatch.chdir(scanned)

    def run(*arguments: str) -> Said:
        return shell("findings", "out", *arguments)

    return run


def test_rows_of_a_pair_stand_with_place_text_and_differing_words(findings: Findings) -> None:
    said = findings("--rule", "leakage.near")
    assert (said.code, said.err) == (0, "")
    assert "leakage.near  A holdout row is near-identical to a training row" in said.out
    assert "holdout test.csv row 4, line 6 input  similarity 0.948, same label" in said.out
    assert "train train-1.csv row 135, line 139" in said.out
    assert "*Thank you*" in said.out


def test_a_pair_that_is_found_from_both_rows_is_shown_once(findings: Findings) -> None:
    frame = pl.read_parquet("out/findings.parquet").filter(rule="label_conflicts.label")
    pairs = {frozenset(pair) for pair in frame.select("row", "related_row").iter_rows()}
    said = findings("--rule", "label_conflicts.label", "--limit", "1000")
    assert said.out.count("different label") == len(pairs) < frame.height
    assert f"{frame.height} findings of {len(pairs)} pair" in " ".join(said.out.split())


def test_everything_found_is_there_and_nothing_of_it_is_in_clear(findings: Findings) -> None:
    said = findings("--json")
    records = json.loads(said.out)
    assert len(records) == pl.read_parquet("out/findings.parquet").height
    assert all(value not in said.out for value in PLANTED)
    card = next(r for r in records if r["rule"] == "pii.CREDIT_CARD")
    assert "[CREDIT_CARD]" in card["text"]
    assert (card["file"], card["row"], card["line"]) == ("train-1.csv", 23, 25)


def test_the_worst_stand_first_and_a_limit_takes_rules_in_turn(findings: Findings) -> None:
    records = json.loads(findings("--json", "--limit", "12").out)
    assert records[0]["rule"].startswith("leakage.")
    assert len({record["rule"] for record in records}) == 12


@pytest.mark.parametrize(
    ("arguments", "column", "values"),
    [
        (("--check", "secrets"), "check", {"secrets"}),
        (("--rule", "leakage.*"), "check", {"leakage"}),
        (("--split", "validation"), "split", {"validation"}),
    ],
)
def test_findings_are_chosen_by_check_rule_and_split(
    arguments: tuple[str, ...], column: str, values: set[str], findings: Findings
) -> None:
    records = json.loads(findings(*arguments, "--json").out)
    assert {record[column] for record in records} == values


def test_csv_holds_the_same_and_no_formula(findings: Findings, tmp_path: Path) -> None:
    said = findings("--csv", str(tmp_path / "f.csv"))
    rows = list(csv.DictReader((tmp_path / "f.csv").read_text("utf-8").splitlines()))
    assert said.out == f"{tmp_path / 'f.csv'}: {len(rows):,} findings\n"
    assert len(rows) == len(json.loads(findings("--json").out))
    assert not any(value.startswith(("=", "+", "@")) for row in rows for value in row.values())


def test_without_the_data_places_are_shown_and_it_is_said_why(scanned: Path, shell: Shell) -> None:
    said = shell("findings", scanned / "out", "--rule", "leakage.near")
    assert said.code == 0
    assert "holdout test.csv row 4, line 6" in said.out
    assert "Thank you" not in said.out
    assert said.err.startswith("note: the data was not found")


def test_data_that_is_named_is_read_and_other_data_is_not(scanned: Path, shell: Shell) -> None:
    named = shell("findings", scanned / "out", scanned / "tickets", "--rule", "leakage.near")
    assert "*Thank you*" in named.out
    other = shell("findings", scanned / "out", SAMPLES / "clean", "--rule", "leakage.near")
    assert other.err == "note: the data is not what was audited, so no rows are shown\n"


def test_excerpts_can_be_left_out(findings: Findings) -> None:
    said = findings("--rule", "leakage.near", "--no-excerpts")
    assert "Thank you" not in said.out
    assert said.err == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--check", "leakege"), "did you mean leakage?"),
        (("--rule", "leakage.nere"), "did you mean leakage.near?"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    arguments: tuple[str, ...], words: str, findings: Findings
) -> None:
    said = findings(*arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err


def test_a_folder_without_results_is_one_line(shell: Shell) -> None:
    said = shell("findings", ".")
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert "holds no manifest" in said.err


def test_findings_that_are_none_of_ours_are_one_line(shell: Shell) -> None:
    assert shell("scan", SAMPLES / "clean", *FAST, "--quiet").code == 0
    path = shell.folder / "ftaudit-out" / "findings.parquet"
    assert shell("findings", "ftaudit-out").out == "No findings.\n"
    path.write_bytes(b"PAR1 and no more")
    assert shell("findings", "ftaudit-out").code == 2
    pl.DataFrame({"a": [1]}).write_parquet(path)
    said = shell("findings", "ftaudit-out")
    assert (said.code, said.err.count("\n")) == (2, 1)


def test_code_that_a_manifest_names_is_never_loaded(scanned: Path, shell: Shell) -> None:
    shutil.copytree(scanned / "out", shell.folder / "out")
    path = shell.folder / "out" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    settings = manifest["predicate"]["configuration"]["checks"]["pii"]["parameters"]
    settings["recognizers"] = ["module_of_somebody:Recognizer"]
    path.write_text(json.dumps(manifest), "utf-8")
    said = shell("findings", "out", scanned / "tickets", "--rule", "leakage.near")
    assert said.code == 0
    assert "recognizers or a model of its own" in said.err
    assert "Thank you" not in said.out
