"""An evaluation as evidence: signed, waived, approved, gated and requested as manifests are."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from ftaudit.cli.main import run
from ftaudit.evaluation.self_consistency import evaluation_contradictions
from ftaudit.wire.evaluation_statement import from_json
from tests.cli.commands import Shell
from tests.cli.test_compare import COMPARE, LABELS, ROWS, write

SCAN = (
    *("scan", "train.csv", "--holdout", "test.csv", "--policy", "open.yaml", "--output", "audit"),
    *("--only", "schema", "--only", "leakage"),
)
OPEN = """
schema: ftaudit.policy/v1
id: open
extends: none
required: [schema]
rules:
  FTA-LIFT-001: {metric: lift.lower, min: 0}
  FTA-LIFT-003: {metric: lift.classes_worse, max: 0, if_measured: true}
"""
GATE = ("gate", "audit/manifest.json", "train.csv", "--policy", "open.yaml")
AUDITED = (*COMPARE, "--manifest", "audit/manifest.json", "--policy", "open.yaml")
PLAN = """
schema: ftaudit.plan/v1
task: route tickets
alternatives:
  - {kind: prompting, tried: x, metric: accuracy, score: 0.67, why_not: x}
baseline: {model: prompt, metric: accuracy, score: SCORE}
target: {metric: accuracy, score: 0.95, minimum_lift: 0.1}
"""


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an audit and an evaluation of its holdout."""
    folder = tmp_path_factory.mktemp("evaluation")
    write(folder)
    (folder / "open.yaml").write_text(OPEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CI", raising=False)
        patch.chdir(folder)
        assert run(SCAN) == 0
        assert run(AUDITED) == 0
    return folder


@pytest.fixture
def evaluated(evaluation: Path, shell: Shell) -> Shell:
    """Return a shell in a folder with a copy of the audit and the evaluation."""
    shutil.copytree(evaluation, shell.folder, dirs_exist_ok=True)
    return shell


def test_the_gate_opens_for_what_is_shown(evaluated: Shell) -> None:
    assert evaluated(*GATE).code == 0
    ended = evaluated(*GATE, "--evaluation", "ftaudit-out/evaluation.json")
    assert ended.code == 0
    assert "evaluation 120 rows, lift +0.2833 (" in ended.out
    assert "anybody may have written the evaluation" in ended.out


def spoil() -> None:
    """Let the tuned model answer three classes rightly, and break twelve rows of the fourth."""
    refunds = [at for at in range(0, ROWS, 4) if at % 3]
    broken = {*range(0, ROWS, 12), *refunds[:12]}
    answers = [
        {"id": at, "output": "unknown" if at in broken else LABELS[at % 4]} for at in range(ROWS)
    ]
    Path("tuned.jsonl").write_text("".join(json.dumps(answer) + "\n" for answer in answers))


def test_the_gate_stays_shut_for_a_class_that_got_worse_until_it_is_waived(
    evaluated: Shell,
) -> None:
    spoil()
    evaluated(*AUDITED)
    evaluation = ("--evaluation", "ftaudit-out/evaluation.json")
    shut = evaluated(*GATE, *evaluation)
    assert shut.code == 1
    assert "FTA-LIFT-003: 1 class got worse beyond chance; the limit is 0." in shut.out
    evaluated("keygen", "-o", "owner")
    waived = evaluated(
        *("waive", "ftaudit-out/evaluation.json", "--rule", "FTA-LIFT-003", "--max", "1"),
        *("--key", "owner.pem", "--by", "owner@example.com", "--requested-by", "ml@example.com"),
        *("--expires", "2099-12-31", "--reason", "routed to the prompt", "--policy", "open.yaml"),
    )
    assert waived.code == 0, waived.err
    trusted = ("--trusted-key", "owner.pub.json")
    for path in ("audit/manifest.json", "ftaudit-out/evaluation.json"):
        assert evaluated("sign", path, "--key", "owner.pem").code == 0
    opened = evaluated(
        *("gate", "audit/manifest.dsse.json", "train.csv", "--policy", "open.yaml", *trusted),
        *("--evaluation", "ftaudit-out/evaluation.dsse.json"),
        *("--waiver", "ftaudit-out/waiver-FTA-LIFT-003.dsse.json"),
    )
    assert opened.code == 0, opened.out
    assert "waived     FTA-LIFT-003" in opened.out
    assert "evaluation the signature holds" in opened.out


def test_an_approval_of_the_evaluation_is_told(evaluated: Shell) -> None:
    evaluated("keygen", "-o", "owner")
    made = evaluated(
        *("approve", "ftaudit-out/evaluation.json", "--role", "product", "--key", "owner.pem"),
        *("--by", "owner@example.com", "--expires", "2099-12-31"),
    )
    assert made.code == 0, made.err
    evaluated("sign", "audit/manifest.json", "--key", "owner.pem")
    evaluated("sign", "ftaudit-out/evaluation.json", "--key", "owner.pem")
    ended = evaluated(
        *("gate", "audit/manifest.dsse.json", "train.csv", "--policy", "open.yaml"),
        *("--trusted-key", "owner.pub.json"),
        *("--evaluation", "ftaudit-out/evaluation.dsse.json"),
        *("--approval", "ftaudit-out/approval-product.dsse.json"),
    )
    assert ended.code == 0, ended.out
    assert "approval   product, of the evaluation: owner@example.com" in ended.out


def test_numbers_that_do_not_follow_from_their_counts_are_refused(evaluated: Shell) -> None:
    path = Path("ftaudit-out/evaluation.json")
    original = path.read_text()
    for name, value in (
        ("lift.lower", 0.9),
        ("lift.difference", 0.5),
        ("lift.classes_worse", 7),
        ("lift.evaluations", 9),
    ):
        statement = json.loads(original)
        statement["predicate"]["metrics"][name] = value
        path.write_text(json.dumps(statement))
        ended = evaluated(*GATE, "--evaluation", path)
        assert ended.code == 4
        assert "the evaluation contradicts itself" in ended.out
    statement = json.loads(original)
    statement["predicate"]["comparisons"][0]["lifts"][0]["counts"]["fixed"] += 1
    path.write_text(json.dumps(statement))
    assert evaluated("sign", path, "--key", "none.pem").code == 4


def test_an_evaluation_that_leaves_out_what_is_judged_is_refused(evaluated: Shell) -> None:
    path = Path("ftaudit-out/evaluation.json")
    whole = json.loads(path.read_text())
    predicate = whole["predicate"]
    measures, first = predicate["measures"], predicate["comparisons"][0]
    skipped = [measure | {"state": "skipped"} for measure in measures]
    for change, says in (
        ({"measures": []}, "measures"),
        ({"measures": measures[1:]}, "measures"),
        ({"measures": measures * 2}, "measures"),
        ({"measures": skipped}, "a measure is missing"),
        (
            {
                "measures": measures[:2] + skipped[2:],
                "metrics": predicate["metrics"] | {"cost.total": 1.0},
            },
            "cost was skipped",
        ),
        ({"comparisons": []}, "no comparison"),
        ({"comparisons": [first | {"lifts": []}]}, "no lift"),
        ({"configuration": {"confidence": 1e300}}, "no probability"),
    ):
        value = whole | {"predicate": predicate | change}
        statement = from_json(json.dumps(value, sort_keys=True).encode(), path.name)
        assert says in evaluation_contradictions(statement)[0]
    path.write_text(json.dumps(whole | {"predicate": predicate | {"measures": []}}))
    assert evaluated(*GATE, "--evaluation", path).code == 4


def test_an_evaluation_of_another_holdout_proves_nothing(evaluated: Shell) -> None:
    frame = pl.read_csv("test.csv")
    frame.with_columns(pl.lit("x").alias("extra")).write_csv("test.csv")
    evaluated(*COMPARE)
    ended = evaluated(*GATE, "--evaluation", "ftaudit-out/evaluation.json")
    assert ended.code == 4
    assert "the evaluation is of another holdout: test.csv was not audited" in ended.out


def test_an_incomplete_evaluation_ends_with_three(evaluated: Shell) -> None:
    rows = Path("tuned.jsonl").read_text().splitlines(keepends=True)
    Path("tuned.jsonl").write_text("".join(rows[:90]))
    assert evaluated(*AUDITED).code == 3
    ended = evaluated(*GATE, "--evaluation", "ftaudit-out/evaluation.json")
    assert ended.code == 3
    assert "lacks 30 of 120 holdout rows" in ended.out


def test_unsigned_evaluations_do_not_pass_where_signatures_are_required(evaluated: Shell) -> None:
    evaluated("keygen", "-o", "owner")
    evaluated("sign", "audit/manifest.json", "--key", "owner.pem")
    ended = evaluated(
        *("gate", "audit/manifest.dsse.json", "train.csv", "--policy", "open.yaml"),
        *("--trusted-key", "owner.pub.json", "--evaluation", "ftaudit-out/evaluation.json"),
    )
    assert ended.code == 4
    assert "not signed, where a signature is required. Give evaluation.dsse.json" in ended.out


def test_a_request_carries_the_evaluation_and_names_what_it_contradicts(evaluated: Shell) -> None:
    request = ("request", "audit/manifest.json", "--plan", "plan.yaml", "-o", "request.json")
    evaluation = ("--evaluation", "ftaudit-out/evaluation.json")
    Path("plan.yaml").write_text(PLAN.replace("SCORE", "0.80"))
    ended = evaluated(*request, *evaluation)
    assert ended.code == 1
    assert "gap: baseline.score: the evaluation measured 0.6667, not 0.8" in ended.err
    Path("plan.yaml").write_text(PLAN.replace("SCORE", "0.667"))
    ended = evaluated(*request, *evaluation)
    assert "the evaluation" not in ended.err
    value = json.loads(Path("request.json").read_text())
    assert value["evaluation"]["verdict"] == "PASSED"
    assert value["evaluation"]["metrics"]["lift.pairs"] == ROWS
    for name in ("request.md", "request.html"):
        evaluated(*request[:-1], name, *evaluation)
        text = Path(name).read_text()
        assert "The tuned model is better by 28.3 points" in text
    Path("plan.yaml").write_text(PLAN.replace("SCORE", "0.667").replace("0.1}", "0.4}"))
    assert (
        "target.minimum_lift: the evaluation does not show it"
        in evaluated(*request, *evaluation).err
    )
    named = f"non_inferiority: {{margin: 0.05, classes: [{LABELS[0]}, gone]}}\n"
    Path("plan.yaml").write_text(PLAN.replace("SCORE", "0.667") + named)
    gaps = evaluated(*request, *evaluation).err
    assert "non_inferiority.margin: the evaluation judged classes by 0.1, not 0.05" in gaps
    assert "non_inferiority.classes: the evaluation does not show that these are no worse: " in gaps
    assert "gone" in gaps
    assert evaluated(*request, "--evaluation", "audit/manifest.json").code == 2
