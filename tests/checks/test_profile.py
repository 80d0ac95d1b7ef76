"""The check of profiles, through a whole scan."""

import json
from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.model.errors import GateBlocked, InputError
from ftaudit.model.options import Options

GOOD = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
BAD = {"messages": [{"role": "user", "content": "a"}, {"role": "bot", "content": "hunter2"}]}
FINDING = tuple[str, int | None, int, str]


def scanned(
    data: Path | pl.DataFrame, *profiles: str, policy: str | Path = "standard", workers: int = 1
) -> tuple[ftaudit.Audit, list[FINDING]]:
    options = Options(
        policy=policy,
        only=("profile", "schema"),
        parameters={"profile": {"profiles": list(profiles)}} if profiles else {},
        workers=workers,
    )
    with ftaudit.scan(data, options=options) as audit:
        findings = audit.findings.filter(check="profile")
    rows = findings.select("rule", "line", "row", "severity").iter_rows()
    return audit, [row for row in rows if row[3] != "info"]


def written(folder: Path, *lines: object) -> Path:
    file = folder / "train.jsonl"
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    file.write_bytes(b"\n".join(texts) + b"\n")
    return file


def metrics(audit: ftaudit.Audit) -> dict[str, int | float]:
    (record,) = [c for c in audit.manifest.predicate.checks if c.id == "profile"]
    return dict(record.metrics)


def test_invalid_lines_are_counted_and_named(tmp_path: Path) -> None:
    audit, found = scanned(written(tmp_path, *[GOOD] * 5, BAD, *[GOOD] * 5), "openai", "trl-sft")
    assert ("profile.openai.role", 6, 5, "high") in found
    assert {line for _, line, _, _ in found} == {6}
    assert metrics(audit) == {
        "profile.invalid_rows": 1,
        "profile.refused_files": 0,
        "profile.openai.invalid_rows": 1,
        "profile.openai.suspicious_rows": 0,
        "profile.openai.refused_files": 0,
        "profile.trl-sft.invalid_rows": 0,
        "profile.trl-sft.suspicious_rows": 1,
        "profile.trl-sft.refused_files": 0,
    }


def test_a_broken_line_hides_neither_itself_nor_the_others(tmp_path: Path) -> None:
    data = written(tmp_path, *[GOOD] * 5, b'{"messages": ', b"", BAD, *[GOOD] * 5)
    audit, found = scanned(data, "openai")
    lines = {line: rule for rule, line, _, _ in found}
    assert lines[6] == "profile.openai.json"
    assert lines[7] == "profile.openai.blank-line"
    assert 8 in lines
    assert set(lines) == {6, 7, 8}
    assert not audit.passed
    (schema,) = [c for c in audit.manifest.predicate.checks if c.id == "schema"]
    assert schema.status == "skipped"
    assert "line 6" in schema.reason


def test_without_a_profile_broken_data_is_refused_as_before(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2"):
        scanned(written(tmp_path, GOOD, b"{"))


def test_a_file_that_is_too_small_is_refused_as_a_whole(tmp_path: Path) -> None:
    audit, found = scanned(written(tmp_path, *[GOOD] * 9), "openai")
    assert found == [("profile.openai.too-few", None, 0, "high")]
    assert metrics(audit)["profile.refused_files"] == 1
    rules = {breach.rule for breach in audit.verdict.breaches}
    assert "FTA-PROFILE-002" in rules


def test_an_empty_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_bytes(b"")
    _, found = scanned(tmp_path / "train.jsonl", "openai")
    assert found == [("profile.openai.too-few", None, 0, "high")]


def test_a_record_that_is_certainly_cut_is_named(tmp_path: Path) -> None:
    long = {"prompt": "word " * 1_200, "completion": "x"}
    short = {"prompt": "word " * 600, "completion": "x"}
    _, found = scanned(written(tmp_path, short, long), "trl-sft")
    assert found == [("profile.trl-sft.truncated", 2, 1, "medium")]


def test_rows_of_a_table_are_judged_as_the_json_they_would_be() -> None:
    table = pl.DataFrame([GOOD] * 11 + [BAD])
    audit, found = scanned(table, "openai")
    assert ("profile.openai.role", None, 11, "high") in found
    assert {row for _, _, row, _ in found} == {11}
    assert metrics(audit)["profile.openai.invalid_rows"] == 1


def test_a_policy_that_requires_a_profile_runs_it_and_blocks(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("schema: ftaudit.policy/v1\nid: mine\nprofiles: [openai]\n", "utf-8")
    audit, found = scanned(written(tmp_path, *[GOOD] * 11, BAD), policy=policy)
    assert found
    assert "FTA-PROFILE-001" in {breach.rule for breach in audit.verdict.breaches}
    assert audit.manifest.predicate.coverage.other["profiles_judged"] == ["openai"]


def test_the_manifest_names_the_profile_its_version_and_digest(tmp_path: Path) -> None:
    audit, _ = scanned(written(tmp_path, *[GOOD] * 10), "openai")
    checks = audit.manifest.predicate.configuration["checks"]
    assert isinstance(checks, dict)
    (profile,) = checks["profile"]["chosen"]["profiles"]
    assert (profile["name"], profile["version"]) == ("openai", 2)
    assert len(profile["sha256"]) == 64


def test_a_profile_of_the_user_extends_a_built_in_one(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text(
        "schema: ftaudit.profile/v1\nprofile: mine\ntitle: Mine\nseen: 2026-01-02\n"
        "extends: openai\nsources: {us: our trainer}\nrules:\n"
        "  - {rule: role, check: {test: known-role, roles: [user, bot]}, effect: crashes,"
        " confidence: high, source: us}\n",
        "utf-8",
    )
    _, found = scanned(written(tmp_path, *[GOOD] * 10), str(own))
    assert {rule for rule, *_ in found} == {"profile.mine.role"}


def test_an_unknown_profile_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="openai"):
        scanned(written(tmp_path, GOOD), "opnai")


def test_no_text_of_the_data_stands_in_the_manifest_or_the_findings(tmp_path: Path) -> None:
    data = written(tmp_path, *[GOOD] * 10, BAD, b'{"hunter2": "hunter2" 1}')
    with ftaudit.scan(
        data, options=Options(parameters={"profile": {"profiles": ["openai", "trl-sft"]}})
    ) as audit:
        assert "hunter2" not in str(audit.manifest)
        assert "hunter2" not in str(audit.findings.rows())


@pytest.mark.long  # batches and their order are held by tests/checks/test_laws.py
def test_workers_carry_no_meaning(tmp_path: Path, eager_workers: None) -> None:
    del eager_workers
    data = written(tmp_path, *[GOOD] * 500, BAD, *[GOOD] * 500, {"text": "x"})
    one, two = scanned(data, "openai", "together"), scanned(data, "openai", "together", workers=2)
    assert one[1] == two[1]
    assert metrics(one[0]) == metrics(two[0])


@pytest.mark.parametrize("named", ["policy", "option"])
def test_the_gate_takes_a_manifest_of_the_profile_that_it_requires(
    tmp_path: Path, named: str
) -> None:
    data = written(tmp_path, *[GOOD] * 10)
    policy = tmp_path / "policy.yaml"
    text = "schema: ftaudit.policy/v1\nid: mine\nextends: none\nrequired: [schema]\n"
    policy.write_text(text + ("profiles: [openai]\n" if named == "policy" else ""), "utf-8")
    options = Options(
        policy=policy,
        only=("profile", "schema"),
        parameters={"profile": {"profiles": ["openai"]}} if named == "option" else {},
    )
    with ftaudit.scan(data, options=options) as audit:
        assert audit.passed
        audit.write(tmp_path / "out", ())
    manifest = tmp_path / "out" / "manifest.json"
    ftaudit.gate(manifest, data, policy=policy)
    policy.write_text(f"{text}profiles: [together]\n", "utf-8")
    with pytest.raises(GateBlocked) as blocked:
        ftaudit.gate(manifest, data, policy=policy)
    assert any("together" in reason for reason in blocked.value.reasons)


def test_a_holdout_is_not_uploaded_and_not_judged(tmp_path: Path) -> None:
    data = written(tmp_path, *[GOOD] * 10)
    holdout, validation = tmp_path / "test.jsonl", tmp_path / "validation.jsonl"
    holdout.write_text(json.dumps(BAD) + "\n", "utf-8")
    validation.write_text(f"{json.dumps({**GOOD, 'tools': []})}\n{json.dumps(BAD)}\n", "utf-8")
    options = Options(only=("profile",), parameters={"profile": {"profiles": ["openai"]}})
    with ftaudit.scan(data, holdout=holdout, validation=validation, options=options) as audit:
        findings = audit.findings.filter(pl.col("severity") == "high")
    places = set(findings.select("split", "line").rows())
    assert places == {("validation", 2)}
    (record,) = [c for c in audit.manifest.predicate.checks if c.id == "profile"]
    assert record.rows_seen == {"holdout": 1, "train": 10, "validation": 2}
