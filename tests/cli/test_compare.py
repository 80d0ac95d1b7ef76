"""`ftaudit compare`, as a shell runs it."""

import json
from pathlib import Path

import jsonschema
import polars as pl
import pytest

from ftaudit.wire.evaluation_statement import EVALUATION_TYPE, from_json, schema, to_json
from ftaudit.wire.manifest import evidence_digest, load
from tests.cli.commands import Shell
from tests.evaluation.results import EVALUATION, HOLDOUT

LABELS = ("refund", "delivery", "account", "invoice")
ROWS = 120


def write(folder: Path) -> None:
    """Write a holdout of 120 rows, training data that holds 12 of them, and three results."""
    topics = [LABELS[at % 4] for at in range(ROWS)]
    texts = [
        f"ticket number {at:03} {'abcdefghij'[at % 10] * (at % 7 + 5)} about {label}"
        for at, label in enumerate(topics)
    ]
    pl.DataFrame({"text": texts, "label": topics}).write_csv(folder / "test.csv")
    train = [f"an older ticket {at} on {LABELS[at % 4]} of {at * at}" for at in range(60)] + texts[
        :12
    ]
    labels = [LABELS[at % 4] for at in range(60)] + topics[:12]
    pl.DataFrame({"text": train, "label": labels}).write_csv(folder / "train.csv")
    results = {
        "prompt.jsonl": ["unknown" if at % 3 == 0 else label for at, label in enumerate(topics)],
        "retrieval.jsonl": ["unknown" if at % 2 == 0 else label for at, label in enumerate(topics)],
        "tuned.jsonl": ["unknown" if at % 20 == 0 else label for at, label in enumerate(topics)],
    }
    for name, outputs in results.items():
        rows = [{"id": at, "output": output} for at, output in enumerate(outputs)]
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))


COMPARE = ("compare", "test.csv", "--baseline", "prompt.jsonl", "--tuned", "tuned.jsonl")


def test_a_lift_that_is_shown_ends_with_zero_and_leaves_its_evidence(shell: Shell) -> None:
    write(shell.folder)
    ended = shell(*COMPARE, "--baseline", "retrieval.jsonl")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("PASSED: The tuned model is better by 28.3 points (")
    assert "shown      45.0 points" in ended.out
    out = shell.folder / "ftaudit-out"
    assert {p.name for p in out.iterdir()} == {
        *("evaluation.html", "evaluation.json", "evaluation.md", "evaluations.jsonl"),
    }
    statement = from_json((out / "evaluation.json").read_bytes())
    assert to_json(statement).encode() == (out / "evaluation.json").read_bytes()
    assert [s.name for s in statement.subject] == [
        *("test.csv", "prompt.jsonl", "retrieval.jsonl", "tuned.jsonl"),
    ]
    value = json.loads((out / "evaluation.json").read_text())
    assert value["predicateType"] == EVALUATION_TYPE
    jsonschema.validate(value, dict(schema()))
    assert "script" not in (out / "evaluation.html").read_text()


def test_equal_files_give_equal_bytes_but_for_the_clock(shell: Shell) -> None:
    write(shell.folder)
    values = []
    for folder in ("a", "b"):
        shell(*COMPARE, "--output", folder, "--workers", "2" if folder == "b" else "1")
        value = json.loads((shell.folder / folder / "evaluation.json").read_text())
        del value["predicate"]["timeCreated"], value["predicate"]["expires"]
        values.append(value)
    assert values[0] == values[1]


def test_the_audit_ties_the_holdout_and_tells_its_leaked_rows(shell: Shell) -> None:
    write(shell.folder)
    shell(
        *("scan", "train.csv", "--holdout", "test.csv", "--only", "leakage", "--only", "schema"),
        *("--policy", "report-only", "--output", "audit"),
    )
    audited = (*COMPARE, "--manifest", "audit/manifest.json")
    ended = shell(*audited, "--json")
    predicate = json.loads(ended.out)["predicate"]
    assert predicate["metrics"]["lift.leaked_rows"] == 12
    assert [lift["pairs"] for lift in predicate["comparisons"][0]["lifts"]] == [120, 120, 108, 12]
    assert "could not tell which holdout rows training says in other" in predicate["notes"][-1]
    manifest = load(shell.folder / "audit" / "manifest.json")
    assert predicate["audit"]["evidence"] == evidence_digest(manifest)

    findings = shell.folder / "audit" / "findings.parquet"
    kept = findings.read_bytes()
    pl.read_parquet(findings).head(5).write_parquet(findings)
    ended = shell(*audited)
    assert ended.code == 4
    assert "5 leaked rows, where the manifest counts 12: it belongs to another audit" in ended.err
    findings.write_bytes(kept)

    leaked = pl.read_parquet(findings)
    others = [row for row in range(120) if row not in set(leaked["row"])][:7]
    rows = pl.Series("row", others, dtype=pl.UInt64)
    reworded = leaked.head(7).with_columns(rows, rule=pl.lit("leakage.reworded"))
    pl.concat([leaked, reworded.select(leaked.columns)]).write_parquet(findings)
    path = shell.folder / "audit" / "manifest.json"
    text = path.read_text()
    for count in (6, 7):
        metric = f'"leakage.reworded_rows": {count}, "leakage.quoted_rows": 0'
        path.write_text(text.replace('"leakage.quoted_rows": 0', metric))
        ended = shell(*audited)
        assert ended.code == (4 if count == 6 else 0)
        assert ("7 leaked rows, where the manifest counts 6" in ended.err) == (count == 6)
    predicate = json.loads(shell(*audited, "--json").out)["predicate"]
    assert not any("could not tell" in note for note in predicate["notes"])
    lifts = [(lift["reading"], lift["pairs"]) for lift in predicate["comparisons"][0]["lifts"]]
    assert lifts[2:] == [
        ("without leaked rows", 108),
        ("leaked rows", 12),
        ("without reworded rows", 101),
    ]
    assert predicate["metrics"]["lift.reworded_rows"] == 7
    assert predicate["claims"][3]["id"] == "better without reworded rows"
    path.write_text(text)
    findings.write_bytes(kept)

    pl.read_csv("test.csv").head(119).write_csv("test.csv")
    ended = shell(*audited)
    assert ended.code == 4
    assert ended.err == (
        "ftaudit: test.csv: not the holdout that was audited: its digest is another. Audit it "
        "again, or give the audited file\n"
    )


def test_every_tuned_model_that_a_holdout_judges_is_counted(shell: Shell) -> None:
    write(shell.folder)
    for name in ("one", "two", "three", "one"):
        text = (shell.folder / "tuned.jsonl").read_text()
        (shell.folder / f"{name}.jsonl").write_text(text + "\n" * len(name) * (name != "one"))
    uses = []
    for name in ("one", "two", "one", "three"):
        ended = shell(
            "compare",
            "test.csv",
            "--baseline",
            "prompt.jsonl",
            "--tuned",
            f"{name}.jsonl",
            "--json",
        )
        uses.append(json.loads(ended.out)["predicate"]["uses"])
    assert uses == [1, 2, 2, 3]
    ended = shell("compare", "test.csv", "--baseline", "prompt.jsonl", "--tuned", "two.jsonl")
    assert "this holdout has judged 3 tuned models" in ended.out


def test_models_are_counted_beside_the_audit_whatever_the_output_folder(shell: Shell) -> None:
    write(shell.folder)
    scan = ("scan", "train.csv", "--holdout", "test.csv", "--only", "schema", "--output", "audit")
    shell(*scan, "--policy", "report-only")
    text = (shell.folder / "tuned.jsonl").read_text()
    uses = []
    for name in ("one", "two"):
        (shell.folder / f"{name}.jsonl").write_text(text + "\n" * len(name) * (name != "one"))
        results = ("--baseline", "prompt.jsonl", "--tuned", f"{name}.jsonl", "--output", name)
        ended = shell(
            "compare", "test.csv", *results, "--manifest", "audit/manifest.json", "--json"
        )
        uses.append(json.loads(ended.out)["predicate"]["uses"])
    assert uses == [1, 2]
    assert len((shell.folder / "audit" / "evaluations.jsonl").read_text().splitlines()) == 2


def test_missing_rows_end_with_three(shell: Shell) -> None:
    write(shell.folder)
    path = shell.folder / "tuned.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:100]))
    ended = shell(*COMPARE)
    assert ended.code == 3
    assert ended.out.startswith("INCOMPLETE: ")
    assert "lacks 20 of 120 holdout rows" in ended.out


def test_what_is_wrong_is_one_line(shell: Shell) -> None:
    write(shell.folder)
    for arguments, message in (
        (("--baseline", "none.jsonl"), "none.jsonl: the results cannot be read"),
        (("--id-column", "nr"), "the holdout has no column nr"),
        (("--plan", "none.yaml"), "none.yaml: the plan file cannot be read"),
        (("--result-column", "output"), "give PART=NAME, such as output=answer"),
        (("--metric", "f1"), "has no score named f1"),
    ):
        ended = shell(*COMPARE, *arguments)
        assert ended.code == 2
        assert message in ended.err
        assert "Traceback" not in ended.err


def test_scan_and_compare_share_a_folder(shell: Shell) -> None:
    write(shell.folder)
    fast = ("--only", "schema", "--policy", "report-only", "--report", "text")
    shell("scan", "train.csv", *fast)
    shell(*COMPARE)
    shell("scan", "train.csv", *fast)
    names = {path.name for path in (shell.folder / "ftaudit-out").iterdir()}
    assert {"manifest.json", "evaluation.json"} <= names


@pytest.mark.usefixtures("shared")
@pytest.mark.long
def test_the_fixture_is_blocked_by_three_classes(shell: Shell) -> None:
    ended = shell(
        *("compare", HOLDOUT, "--baseline", EVALUATION / "baseline.jsonl"),
        *("--tuned", EVALUATION / "tuned.jsonl"),
    )
    assert ended.code == 1
    assert ended.out.startswith(
        "BLOCKED: The tuned model is better by 14.3 points (12.7 to 15.9); three classes got "
        "worse: exchange_charge, lost_or_stolen_phone, top_up_limits; of 1 class the rows cannot "
        "tell.\n"
    )
    assert "FTA-LIFT-003: 3 classes got worse beyond chance; the limit is 0" in ended.out
