"""The sample data holds what its README says, and a scan finds exactly that."""

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from ftaudit.checks import discover
from ftaudit.cli.main import run
from ftaudit.model.finding import rule_of
from ftaudit.model.options import Options
from ftaudit.pipeline.audit import Audit
from ftaudit.pipeline.scan import scan
from ftaudit.privacy import marking_scanner as markings
from ftaudit.privacy.secrets import secret_scanner as secrets
from tests.sample_data import samples

CLEAN = ("clean", "clean-chat")
DIRTY = tuple(folder for folder in samples.OPTIONS if folder not in CLEAN)
PLANTS = samples.writer("make").plants()

NEEDS_AN_INDEX = {"index_leakage.exact", "index_leakage.near"}
NEEDS_A_MODEL = {"pii.LOCATION", "pii.NRP", "pii.ORGANIZATION"}
SHADOWED = {"pii.CA_POSTAL_CODE", "pii.UK_POSTCODE"}
"""Found as pii.ZIP_CODE beside a word that says so, and too weak without one."""
NOBODYS = {"pii.STAND_IN", "pii.COORDINATES", "pii.DEVICE_ID"}
OTHER_SHAPES = {
    "schema.turns_in_text",
    "slices.too_small",
    "slices.share",
    "leakage.permuted_options",
    "leakage.quoted_in_answer",
    "leakage.same_answer",
    "leakage.shared_passage",
}
ASKED_FOR = {
    "profile.*",
    "tokens.truncated",
    "tokens.answer_cut",
    "tokens.untrained",
    "tokens.template",
}
"""Found only when a profile, a limit of tokens or a template is named."""
UNSHOWN = ASKED_FOR | OTHER_SHAPES | NEEDS_AN_INDEX | NEEDS_A_MODEL | SHADOWED | NOBODYS


@pytest.fixture(scope="module")
def audits() -> Iterator[dict[str, Audit]]:
    found = {folder: samples.scanned(folder) for folder in samples.OPTIONS}
    yield found
    for audit in found.values():
        audit.close()


def test_the_committed_files_are_what_make_writes() -> None:
    written = samples.writer("make").files()
    paths = (p for p in samples.SAMPLES.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    committed = {
        p.relative_to(samples.SAMPLES).as_posix(): p.read_bytes().decode()
        for p in paths
        if p.suffix != ".py"
    }
    assert committed == written


@pytest.mark.parametrize("folder", CLEAN)
def test_a_clean_set_passes_without_a_finding(folder: str, audits: dict[str, Audit]) -> None:
    audit = audits[folder]
    assert audit.passed
    assert audit.exit_code == 0
    assert samples.flagged(audit) == set()
    ended = {check.id: check.status for check in audit.manifest.predicate.checks}
    options = ["agreement", "contamination", "index-leakage", "profile", "tokens"]
    if folder == "clean-chat":  # nothing is labelled
        options.append("slices")
    not_asked = dict.fromkeys(options, "skipped")
    assert ended == dict.fromkeys(ended, "passed") | not_asked


@pytest.mark.parametrize("folder", DIRTY)
def test_every_planted_defect_is_found_at_its_row_and_nothing_else(
    folder: str, audits: dict[str, Audit]
) -> None:
    assert samples.flagged(audits[folder]) == samples.planted(PLANTS, folder)


@pytest.mark.parametrize("folder", DIRTY)
def test_a_dirty_set_is_blocked(folder: str, audits: dict[str, Audit]) -> None:
    assert audits[folder].exit_code == 1


@pytest.mark.parametrize("folder", DIRTY)
def test_the_readme_names_the_line_of_every_finding(folder: str, audits: dict[str, Audit]) -> None:
    page = (samples.SAMPLES / "README.md").read_text("utf-8")
    section = page.partition(f"\n### {folder}\n")[2].partition("\n### ")[0]
    told = {
        (file, int(row), int(line), rule)
        for file, row, line, rule in re.findall(
            r"^\| (\S+) \| (\d+) \| (\d+) \| `(\S+)`", section, re.MULTILINE
        )
    }
    found = set(audits[folder].findings.select("file", "row", "line", "rule").iter_rows())
    assert told
    assert told <= found


def test_every_rule_is_shown_or_the_readme_says_why_not() -> None:
    shown = {plant.rule for plant in PLANTS}
    page = (samples.SAMPLES / "README.md").read_text("utf-8")
    for check in discover().values():
        named = {rule.id for rule in check.rules if not rule.id.endswith(".*")}
        untold = named - shown - UNSHOWN
        assert not untold, f"{check.id}: no sample shows {untold}"
        families = [rule for rule in check.rules if rule.id.endswith(".*")]
        for family in families:
            assert family.id in UNSHOWN or any(
                rule_of(check.rules, rule) == family for rule in shown
            ), family.id
    assert all(rule in page for rule in UNSHOWN)


def test_every_kind_of_secret_and_marking_is_shown() -> None:
    shown = {plant.rule for plant in (*PLANTS, *samples.writer("vendor_keys").build()[1])}
    assert {f"secrets.{kind}" for kind in secrets.kinds()} <= shown
    assert {f"markings.{kind}" for kind in markings.kinds()} <= shown


def test_the_key_of_every_vendor_is_found(tmp_path: Path) -> None:
    keys = samples.writer("vendor_keys")
    keys.main(tmp_path)
    with scan(tmp_path / "dirty-keys") as audit:
        assert samples.flagged(audit) == samples.planted(keys.build()[1], "dirty-keys")


def test_an_index_of_the_dirty_holdout_finds_what_leaks_from_it(tmp_path: Path) -> None:
    index, dirty = tmp_path / "holdout.ftidx", samples.SAMPLES / "dirty"
    assert run(["index", str(dirty / "test.csv"), "-o", str(index), "--quiet"]) == 0
    options = Options(only=("index-leakage",), parameters={"index-leakage": {"index": str(index)}})
    rows = {
        p.rule: re.findall(r"row (\d+) of train-1", p.what) for p in PLANTS if p.folder == "dirty"
    }
    leaked = {(int(rows[f"leakage.{how}"][0]), f"index_leakage.{how}") for how in ("exact", "near")}
    with scan(dirty / "train-1.csv", options=options) as audit:
        assert {(flag.row, flag.rule) for flag in samples.flagged(audit)} == leaked


def test_the_index_of_the_benchmark_finds_what_gives_it_away(tmp_path: Path) -> None:
    index, folder = tmp_path / "questions.ftidx", "dirty-benchmark"
    assert run(["index", str(samples.SAMPLES / "benchmark"), "-o", str(index), "--quiet"]) == 0
    parameters = {"contamination": {"benchmarks": [str(index)]}}
    options = Options(only=("contamination",), parameters=parameters)
    with scan(samples.SAMPLES / folder, options=options) as audit:
        assert samples.flagged(audit) == samples.planted(PLANTS, folder)
        (check,) = (c for c in audit.manifest.predicate.checks if c.id == "contamination")
    counts = {name: value for name, value in check.metrics.items() if name.startswith("leakage.")}
    assert counts == {
        "leakage.benchmarks": 1,
        "leakage.benchmarks_incomplete": 0,
        "leakage.benchmark_rows": 5,
        "leakage.benchmark_share": round(5 / 12, 9),
        "leakage.benchmark_exact_rows": 2,
        "leakage.benchmark_near_rows": 3,
        "leakage.benchmark_contained_rows": 2,
        "leakage.benchmark_reworded_rows": 1,
        "leakage.benchmark_ngram_rows": 4,
        "leakage.benchmark_passage_rows": 5,
        "leakage.benchmark_short_rows": 1,
    }


def test_no_vendors_key_is_committed() -> None:
    # of what can be pushed, only kinds that belong to no vendor
    texts = pl.Series(
        [
            p.read_text("utf-8")
            for p in samples.SAMPLES.rglob("*")
            if p.is_file() and p.suffix != ".pyc"
        ]
    )
    found = {span.entity for _, spans in secrets.SecretScanner().find(texts) for span in spans}
    assert found == {
        "API_KEY",
        "BEARER_TOKEN",
        "CONNECTION_STRING",
        "JWT",
        "PASSWORD",
        "PRIVATE_KEY",
    }


def test_findings_of_a_csv_with_lines_in_its_cells_name_the_line_of_the_file(
    audits: dict[str, Audit],
) -> None:
    lines = (samples.SAMPLES / "dirty" / "train-1.csv").read_text("utf-8").split("\n")
    found = audits["dirty"].findings.filter(
        (pl.col("file") == "train-1.csv") & pl.col("rule").str.starts_with("markings.")
    )
    assert (found["line"] != found["row"] + 2).all()  # the private key stands above them
    ids = pl.read_csv(samples.SAMPLES / "dirty" / "train-1.csv")["id"]
    for row, line in found.select("row", "line").iter_rows():
        assert lines[line - 1].startswith(ids[row])
