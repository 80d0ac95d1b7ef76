"""`ftaudit scan`: exit codes, what is printed, what is written, and how it fails."""

import io
import json
import os
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ftaudit.checks import discover
from ftaudit.cli.main import run
from tests.cli.commands import CLEAN, FAST, Shell
from tests.sample_data.samples import SAMPLES
from tests.similarity.static_model import WORDS, write_model

WRITTEN = ["findings.parquet", "manifest.json", "profile.json", "report.html", "report.md"]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output folder of one whole scan of the clean set."""
    out = tmp_path_factory.mktemp("clean") / "out"
    assert run(["scan", CLEAN, "--output", str(out), "--quiet"]) == 0
    return out


# --- exit codes ---------------------------------------------------------------------------------


def test_0_is_may_proceed(clean: Path) -> None:
    assert sorted(p.name for p in clean.iterdir()) == WRITTEN
    predicate = json.loads((clean / "manifest.json").read_text("utf-8"))["predicate"]
    assert predicate["gate"]["verdict"] == "PASSED"


def test_1_is_blocked(shell: Shell) -> None:
    said = shell("scan", SAMPLES / "dirty-kto", "--only", "schema")
    assert said.code == 1
    assert "BLOCKED" in said.out
    assert "FTA-SCHEMA-001" in said.out


def test_2_is_input_that_cannot_be_read(shell: Shell) -> None:
    assert shell("scan", "missing.csv").code == 2


def test_3_is_a_required_check_that_broke(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ftaudit.checks.schema.Schema.judge", broken)
    said = shell("scan", SAMPLES / "dirty-kto", *FAST, "--report", "sarif")
    assert said.code == 3
    assert "ZeroDivisionError" in said.out
    assert "Traceback" not in said.out + said.err


# --- what is printed ----------------------------------------------------------------------------


def test_the_summary_says_what_was_recognised_and_where_results_are(shell: Shell) -> None:
    said = shell("scan", CLEAN, *FAST)
    assert said.code == 0
    assert "Recognised as classification: 376 rows in 2 files" in said.out
    assert said.out.endswith(
        "Report    ftaudit-out/report.html\n"
        "Manifest  ftaudit-out/manifest.json\n"
        "Findings  ftaudit-out/findings.parquet\n"
        "Profile   ftaudit-out/profile.json\n"
        f"Next      ftaudit gate ftaudit-out/manifest.json {CLEAN}  # verify before tuning starts\n"
    )


def test_json_prints_the_manifest_and_nothing_else(shell: Shell) -> None:
    said = shell("scan", CLEAN, *FAST, "--json")
    assert said.code == 0
    assert said.err == ""
    assert said.out == (shell.folder / "ftaudit-out" / "manifest.json").read_text("utf-8")
    assert json.loads(said.out)["_type"] == "https://in-toto.io/Statement/v1"


def test_quiet_prints_nothing(shell: Shell) -> None:
    said = shell("scan", CLEAN, *FAST, "--quiet")
    assert said == (0, "", "")
    assert [name.partition("/")[2] for name in shell.left()[1:]] == WRITTEN


def test_where_stderr_is_no_terminal_one_line_says_what_is_done(shell: Shell) -> None:
    assert shell("scan", "sample_data", *FAST).err.startswith("ftaudit: auditing sample_data … ")
    assert shell("scan", CLEAN, *FAST).err.count("\n") == 1


def test_the_line_is_there_before_anything_is_read(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ftaudit.pipeline import scan as audit

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "scan", stopped)
    assert shell("scan", CLEAN).err.startswith("ftaudit: auditing ")


def test_what_was_left_out_is_not_said_to_be_kept(shell: Shell) -> None:
    first = shell("scan", CLEAN, *FAST).out.partition("\n\n")[0]
    assert " ".join(first.split()) == (
        "PASSED Tuning may proceed. Every limit of the 2 checks that ran is kept; "
        f"{len(discover()) - 2} checks were left out."
    )


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Scan the dirty sample; return the folder where that was done, and what was printed."""
    folder, printed = tmp_path_factory.mktemp("blocked"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.chdir(folder)
        assert run(["scan", str(SAMPLES / "dirty")]) == 1
    return folder, printed.getvalue()


def test_a_blocked_scan_begins_with_the_verdict_and_ends_with_a_command(
    blocked: tuple[Path, str],
) -> None:
    lines = blocked[1].splitlines()
    assert lines[0].startswith("BLOCKED  Tuning may not proceed.")
    assert all(line == line.rstrip() for line in lines)
    checks = [line.split()[0] for line in lines if re.match(r"[a-z-]+  ", line)]
    assert checks.index("leakage") < checks.index("schema") < checks.index("provenance")
    assert "  ✗ 5.4% of the holdout stands in training; the limit is 1%." in "\n".join(lines)


def test_nothing_of_the_data_is_printed(blocked: tuple[Path, str]) -> None:
    folder, printed = blocked
    for value in ("4111 1111", "anna.beispiel", "Tulpe-47", "203.0.113.77", "\x1b[31m", "\x07"):
        assert value not in printed
    page = (folder / "ftaudit-out" / "report.html").read_text("utf-8")
    for value in ("4111 1111", "anna.beispiel", "Anna Beispiel", "Tulpe-47", "203.0.113.77"):
        assert value not in page


# --- what is written ----------------------------------------------------------------------------


def test_vectors_are_of_a_folder_that_the_manifest_names_by_its_digests(shell: Shell) -> None:
    scan = ("scan", "train.csv", "--only", "duplicates", "--policy", "report-only", "--vectors")
    rows = [f"{a} {b} {a}" for a, b in zip(WORDS[:60], WORDS[60:120], strict=True)]
    pl.DataFrame({"text": rows, "label": ["a", "b"] * 30}).write_csv(shell.folder / "train.csv")
    said = shell(*scan, "nowhere")
    assert said.code == 2
    assert "there is no static embedding model in nowhere" in said.err
    write_model(shell.folder / "model")
    said = shell(*scan, "model", "--json")
    rewording = json.loads(said.out)["predicate"]["configuration"]["similarity"]["rewording"]
    assert sorted(rewording["vectors"]["files"]) == ["model.safetensors", "tokenizer.json"]


def test_reports_are_those_asked_for(shell: Shell) -> None:
    shell("scan", CLEAN, *FAST, "--report", "sarif", "--report", "junit", "--output", "deep/out")
    names = sorted(p.name for p in (shell.folder / "deep" / "out").iterdir())
    assert "report.html" not in names
    assert {"manifest.json", "findings.parquet"} < set(names)
    assert len(names) == 5


def test_a_second_scan_replaces_the_first(shell: Shell) -> None:
    assert shell("scan", SAMPLES / "dirty-kto", "--only", "schema").code == 1
    before = pl.read_parquet("ftaudit-out/findings.parquet").height
    assert shell("scan", CLEAN, *FAST).code == 0
    assert before
    assert pl.read_parquet("ftaudit-out/findings.parquet").height == 0
    manifest = json.loads(Path("ftaudit-out/manifest.json").read_text("utf-8"))
    assert manifest["predicate"]["gate"]["verdict"] == "PASSED"
    assert [name.partition("/")[2] for name in shell.left()[1:]] == WRITTEN


def test_a_scan_that_fails_leaves_the_last_result_alone(shell: Shell) -> None:
    shell("scan", CLEAN, *FAST)
    before = Path("ftaudit-out/manifest.json").read_bytes()
    assert shell("scan", "missing.csv").code == 2
    assert Path("ftaudit-out/manifest.json").read_bytes() == before


def test_manifests_are_equal_at_one_source_date_epoch(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")
    for out in ("one", "two"):
        shell("scan", CLEAN, *FAST, "--output", out)
    for name in WRITTEN:
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes()


def test_no_place_of_this_machine_is_written(clean: Path) -> None:
    for name in ("manifest.json", "report.html", "report.md"):
        text = (clean / name).read_text("utf-8")
        assert str(SAMPLES) not in text
        assert str(clean.parent) not in text


# --- how it fails -------------------------------------------------------------------------------

PROVENANCE = "schema: ftaudit.provenance/v1\n"

BAD = {
    "a missing file": (["missing.csv"], {}, "missing.csv"),
    "a folder without data": (
        ["empty"],
        {"empty/readme.txt": "x"},
        "holds no file of a known kind",
    ),
    "an empty file": (["a.csv"], {"a.csv": ""}, "is empty"),
    "a file without rows": (["a.csv"], {"a.csv": "text,label\n"}, "no data rows"),
    "an unknown extension": (["a.doc"], {"a.doc": "x"}, "a.doc"),
    "bad JSON": (["a.jsonl"], {"a.jsonl": '{"text": "a", "label": "b"}\n{"text"\n'}, "line 2"),
    "training that is the holdout": (["a.csv", "--holdout", "a.csv"], {}, "holdout"),
    "no text column": (["b.csv"], {"b.csv": "x,y\n1,2\n"}, "--input-column"),
    "an unknown check in --only": (["a.csv", "--only", "nope"], {}, "no check nope"),
    "a check spelt wrongly": (["a.csv", "--skip", "leakge"], {}, "did you mean leakage?"),
    "an unknown policy": (["a.csv", "--policy", "strickt"], {}, "did you mean strict?"),
    "an unknown format": (["a.csv", "--format", "chatt"], {}, "did you mean chat?"),
    "an unknown column": (["a.csv", "--label-column", "lable"], {}, "did you mean label?"),
    "an unknown report": (["a.csv", "--report", "pdf"], {}, "'pdf' is not one of"),
    "a threshold above 1": (["a.csv", "--threshold", "7"], {}, "--threshold"),
    "a threshold that is no number": (["a.csv", "--threshold", "x"], {}, "--threshold"),
    "no workers": (["a.csv", "--workers", "0"], {}, "--workers"),
    "a model that is not there": (["a.csv", "--ner", "spacy:no_such_model"], {}, "no_such_model"),
    "a missing record": (["a.csv", "--provenance", "no.yaml"], {}, "no.yaml"),
    "a record that is no YAML": (["a.csv"], {"provenance.yaml": "schema: [\n"}, "provenance.yaml"),
    "a record with an unknown key": (
        ["a.csv"],
        {"provenance.yaml": PROVENANCE + "sorces: []\n"},
        "did you mean sources?",
    ),
    "a record that is a folder": (["a.csv", "--provenance", "."], {}, "."),
    "a policy that is no YAML": (["a.csv", "--policy", "p.yaml"], {"p.yaml": "{"}, "p.yaml"),
    "a policy with an unknown rule": (
        ["a.csv", "--policy", "p.yaml"],
        {"p.yaml": "schema: ftaudit.policy/v1\nid: x\nrules: {FTA-DUPS-1: {max: 1}}\n"},
        "FTA-DUP",
    ),
    "a policy with a wrong parameter": (
        ["a.csv", "--policy", "p.yaml"],
        {"p.yaml": "schema: ftaudit.policy/v1\nid: x\nparameters: {pii: {treshold: 1}}\n"},
        "did you mean threshold?",
    ),
    "a missing suite": (["a.csv", "--expectations", "no.json"], {}, "no.json"),
    "a suite that is no JSON": (["a.csv", "--expectations", "s.json"], {"s.json": "{"}, "s.json"),
    "a suite without expectations": (
        ["a.csv", "--expectations", "s.json"],
        {"s.json": "{}"},
        "s.json",
    ),
    "a suite for a column that is not there": (
        ["a.csv", "--expectations", "s.json"],
        {
            "s.json": json.dumps(
                {
                    "name": "s",
                    "expectations": [
                        {
                            "type": "expect_column_values_to_not_be_null",
                            "kwargs": {"column": "txt"},
                        }
                    ],
                }
            )
        },
        "txt",
    ),
    "a key that is not there": (["a.csv", "--sign", "no.pem"], {}, "no.pem"),
    "an index that is not there": (["a.csv", "--holdout-index", "no.ftidx"], {}, "no.ftidx"),
    "a benchmark that is not there": (["a.csv", "--benchmark", "b.ftidx"], {}, "b.ftidx"),
    "two files of different columns": (
        ["a.csv", "c.csv"],
        {"c.csv": "text,category\nx,y\n"},
        "c.csv",
    ),
    "bytes that are no UTF-8": (["d.csv"], {"d.csv": "text,label\n\udcff,x\n"}, "UTF-8"),
    "an output that is a file": (["a.csv", "--output", "a.csv"], {}, "--output"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_leaves_nothing(case: str, shell: Shell) -> None:
    arguments, files, words = BAD[case]
    given = {"a.csv": "text,label\n" + "a text of some words,x\nanother text it is,y\n"} | files
    for name, text in given.items():
        path = shell.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    before = shell.left()
    said = shell("scan", *arguments)
    assert said.code == 2
    assert said.out == ""
    assert words in said.err
    assert "Traceback" not in said.err
    lines = [x for x in said.err.splitlines() if not x.startswith(("Usage: ", "Try ")) and x]
    assert len(lines) == 1
    assert shell.left() == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("mode", [0o000])
def test_a_file_that_may_not_be_read_is_one_line(mode: int, shell: Shell) -> None:
    path = shell.folder / "a.csv"
    path.write_text("text,label\na,b\n")
    path.chmod(mode)
    said = shell("scan", "a.csv")
    assert said.code == 2
    assert "ermission" in said.err


def test_data_that_changes_while_it_is_read_is_never_audited_half(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shell.folder / "a.csv"
    path.write_text("text,label\n" + "a text of some words,x\n" * 20)
    from ftaudit.pipeline import scan as line
    from ftaudit.pipeline import session

    real = session.open_session

    def changed(*arguments: Any, **named: Any) -> object:  # noqa: ANN401 - passed on
        opened = real(*arguments, **named)
        path.write_text("text,label\n" + "a text of other words,x\n" * 9)
        return opened

    monkeypatch.setattr(line, "open_session", changed)
    said = shell("scan", "a.csv", *FAST)
    assert said.code == 2
    assert "changed" in said.err
    assert shell.left() == ["a.csv"]


def test_the_files_named_at_the_end_are_those_that_were_written(shell: Shell) -> None:
    said = shell("scan", CLEAN, *FAST, "--report", "junit")
    named = [line.split()[1] for line in said.out.splitlines()[-5:-1]]
    assert sorted(named) == sorted(name for name in shell.left() if "/" in name)
    assert said.out.splitlines()[-5].startswith("Report")
