"""Whole scans by the command line: models, coverage, what a policy allows, where findings stand."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ftaudit.cli.main import run
from tests.privacy.conftest import PEOPLE, PLACES, SENTENCE

CHAT: list[dict[str, object]] = [
    {
        "messages": [
            {"role": "user", "content": "book it for jo@mail.example.com"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {
                            "name": "book",
                            "arguments": json.dumps(
                                {"to": "jo@mail.example.com", "tel": ["+1 202-555-0142"]}
                            ),
                        },
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "sent to al@corp.example.net"},
            {"role": "assistant", "content": "Done."},
        ],
        "source_id": "chats",
    },
    {
        "messages": [
            {"role": "user", "content": "my zip code is 94107, card 4111 1111 1111 1111"},
            {"role": "assistant", "content": "Write to help@ours.example.org about it."},
        ],
        "source_id": "mails",
    },
]


def write(folder: Path, rows: list[dict[str, object]]) -> str:
    path = folder / "train.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def scan(data: str, folder: Path, *options: str) -> int:
    return run(["scan", data, "--only", "pii", "--output", str(folder), *options])


def predicate(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))["predicate"]
    return found


def pii(folder: Path) -> dict[str, Any]:
    [check] = [check for check in predicate(folder)["checks"] if check["id"] == "pii"]
    assert isinstance(check, dict)
    return check


def places(folder: Path) -> set[tuple[str, str]]:
    found = pl.read_parquet(folder / "findings.parquet")
    return set(found.select("rule", "field").iter_rows())


def policy(folder: Path, text: str, extends: str = "report-only") -> str:
    path = folder / "policy.yaml"
    head = f"schema: ftaudit.policy/v1\nid: mine\nextends: {extends}\n"
    path.write_text(head + text, encoding="utf-8")
    return str(path)


# --- models -------------------------------------------------------------------------------------


@pytest.fixture
def named(tmp_path: Path) -> str:
    """Return a file of sentences in which only a model finds anything."""
    sentences = [SENTENCE.format(p, q) for p in PEOPLE for q in PLACES]
    return write(tmp_path, [{"prompt": s, "completion": "noted"} for s in sentences])


@pytest.mark.usefixtures("eager_workers")
def test_a_model_changes_coverage_and_findings_and_workers_agree(
    named: str, model: str, tmp_path: Path
) -> None:
    without, one, two = (tmp_path / name for name in ("without", "one", "two"))
    scan(named, without, "--workers", "1")
    scan(named, one, "--ner", model, "--workers", "1")
    scan(named, two, "--ner", model, "--workers", "2")
    assert places(without) == set()
    assert places(one) == {("pii.PERSON", "prompt"), ("pii.LOCATION", "prompt")}
    before, after = predicate(without)["coverage"], predicate(one)["coverage"]
    assert {"LOCATION", "PERSON"} <= set(before["entitiesNotSearched"])
    assert {"LOCATION", "PERSON"} <= set(after["entitiesSearched"])
    assert before["ner"] in ("none", ["none"])
    assert "en_pipeline" in str(after["ner"])
    assert pii(one) == pii(two)
    assert predicate(two)["coverage"] == after
    frames = [pl.read_parquet(folder / "findings.parquet") for folder in (one, two)]
    assert frames[0].equals(frames[1])


@pytest.mark.parametrize(
    ("spec", "install"),
    [
        ("spacy:en_core_web_sm", "python -m spacy download en_core_web_sm"),
        ("gliner:models/absent", "pip install 'ftaudit[ner]'"),
    ],
)
def test_a_missing_model_is_one_line_with_what_installs_it(
    spec: str, install: str, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scan(named, tmp_path / "out", "--ner", spec) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert install in said.err
    assert not (tmp_path / "out").exists()


# --- coverage -----------------------------------------------------------------------------------


def test_a_required_type_that_was_not_searched_blocks_and_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write(tmp_path, [{"prompt": "hello there", "completion": "hello"}])
    chosen = policy(
        tmp_path,
        "required: [pii]\nentities:\n  require: [EMAIL_ADDRESS, ORGANIZATION]\n",
        extends="standard",
    )
    assert scan(data, tmp_path / "out", "--policy", chosen) != 0
    [breach] = [
        b
        for b in predicate(tmp_path / "out")["gate"]["breaches"]
        if b["rule"] == "FTA-PII-REQUIRED"
    ]
    assert breach["metric"] == "pii.ORGANIZATION.findings"
    said = " ".join(capsys.readouterr().out.split())
    assert "requires a search for ORGANIZATION, and none was made" in breach["message"]
    # on the console the rule stands at the end of the first line, within the sentence
    assert "requires a search for ORGANIZATION, and none was" in said.replace(
        "FTA-PII-REQUIRED ", ""
    )
    assert "Turn on a recognizer or model that finds it" in said
    for report in ("report.html", "report.md"):
        text = (tmp_path / "out" / report).read_text("utf-8")
        assert "FTA-PII-REQUIRED" in text
        assert "Not searched for" in text


def test_a_required_type_that_was_searched_does_not_block(tmp_path: Path) -> None:
    data = write(tmp_path, [{"prompt": "hello there", "completion": "hello"}])
    chosen = policy(tmp_path, "entities:\n  require: [EMAIL_ADDRESS, CREDIT_CARD]\n")
    assert scan(data, tmp_path / "out", "--policy", chosen) == 0
    gate = predicate(tmp_path / "out")["gate"]
    assert "FTA-PII-REQUIRED" not in str(gate)


def test_coverage_names_countries_languages_and_versions(tmp_path: Path) -> None:
    scan(write(tmp_path, CHAT), tmp_path / "out")
    found = predicate(tmp_path / "out")
    assert found["coverage"]["countries"] == ["uk", "us"]
    assert found["coverage"]["languages"] == ["en"]
    assert "presidio-analyzer" in json.dumps(found)


# --- places, allow lists, groups ----------------------------------------------------------------


def test_every_message_and_tool_argument_is_searched_and_named_by_its_path(tmp_path: Path) -> None:
    scan(write(tmp_path, CHAT), tmp_path / "out")
    arguments = "messages[1].tool_calls[0].function.arguments"
    assert places(tmp_path / "out") == {
        ("pii.EMAIL_ADDRESS", "messages[0].content"),
        ("pii.EMAIL_ADDRESS", arguments),
        ("pii.PHONE_NUMBER", arguments),
        ("pii.EMAIL_ADDRESS", "messages[2].content"),
        ("pii.ZIP_CODE", "messages[0].content"),
        ("pii.CREDIT_CARD", "messages[0].content"),
        ("pii.EMAIL_ADDRESS", "messages[1].content"),
    }


def test_a_policy_file_allows_values_patterns_and_domains_and_sets_thresholds(
    tmp_path: Path,
) -> None:
    chosen = policy(
        tmp_path,
        "parameters:\n"
        "  pii:\n"
        "    allow_domains: [ours.example.org]\n"
        "    allow_values: ['4111 1111 1111 1111']\n"
        "    allow_patterns: ['.*202-555-01\\d\\d']\n"
        "    thresholds: {ZIP_CODE: 0.75}\n",
    )
    scan(write(tmp_path, CHAT), tmp_path / "out", "--policy", chosen)
    assert places(tmp_path / "out") == {
        ("pii.EMAIL_ADDRESS", "messages[0].content"),
        ("pii.EMAIL_ADDRESS", "messages[1].tool_calls[0].function.arguments"),
        ("pii.EMAIL_ADDRESS", "messages[2].content"),
    }


def test_a_report_groups_findings_by_type_field_and_source(tmp_path: Path) -> None:
    scan(write(tmp_path, CHAT), tmp_path / "out")
    for report in ("report.html", "report.md"):
        text = (tmp_path / "out" / report).read_text("utf-8").replace("\\", "")
        assert "EMAIL_ADDRESS in the data" in text
        assert "Findings by source: chats 4, mails 3." in text
        assert "Findings by field: messages[].content 5" in text
