"""The Python API: what it takes, what it gives, and that nothing else changes a result."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar, Self

import jsonschema
import polars as pl
import pytest
from msgspec.structs import replace

import ftaudit
from ftaudit.admission import rules
from ftaudit.checks import discover
from ftaudit.model.check import Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.finding import FINDINGS, Metric, Rule, Severity
from ftaudit.model.options import Options
from ftaudit.model.parts import PartSizes
from ftaudit.model.run_folder import RUN
from ftaudit.pipeline import scan as line
from ftaudit.pipeline.audit import Audit
from ftaudit.readers import byte_stream, file_digest, frame, parquet
from ftaudit.records import rows as canonical_rows
from ftaudit.wire.manifest import evidence_digest, to_json
from tests.sample_data.samples import COLUMNS, OPTIONS, SAMPLES

DIRTY = SAMPLES / "dirty"
NOW = datetime(2026, 6, 20, tzinfo=UTC)
FAST = Options(only=("schema", "class-balance", "duplicates"), policy="report-only")
"""No search for personal data: loads at once."""


@pytest.fixture(scope="module")
def dirty() -> Iterator[Audit]:
    with ftaudit.scan(DIRTY, options=OPTIONS["dirty"], now=NOW) as audit:
        yield audit


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which run folders are made."""
    place = tmp_path / "runs"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    return place


def tickets(rows: int = 40) -> pl.DataFrame:
    return pl.read_csv(SAMPLES / "clean" / "train.csv").head(rows).select("text", "label")


def metrics(audit: Audit) -> dict[str, float]:
    found = audit.manifest.predicate.checks
    return {name: value for check in found for name, value in check.metrics.items()}


def findings(audit: Audit) -> bytes:
    return (Path(audit._folder.path) / "findings.parquet").read_bytes()  # noqa: SLF001 - the bytes as they are written


# --- what is public -----------------------------------------------------------------------------


def test_the_public_names_are_these() -> None:
    assert sorted(ftaudit.__all__) == [
        "Audit",
        "Fixed",
        "Options",
        "Split",
        "compare",
        "fix",
        "gate",
        "scan",
        "split",
    ]
    assert ftaudit.scan is line.scan
    assert ftaudit.Audit is Audit
    assert ftaudit.Options is Options
    public = {name for name in vars(Audit) if not name.startswith("_")}
    assert public == {"close", "exit_code", "findings", "passed", "with_rows", "write"}


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'scam'"):
        _ = ftaudit.scam


def test_an_audit_tells_what_it_found(dirty: Audit) -> None:
    assert not dirty.passed
    assert dirty.exit_code == 1
    assert dirty.manifest.predicate.gate.verdict == "BLOCKED"
    assert dirty.findings.schema == FINDINGS
    assert dirty.recognised.startswith("classification: input=text, label=label")


def test_a_check_of_an_audit_is_got_by_its_name(dirty: Audit) -> None:
    assert dirty["leakage"].metrics["leakage.near_rows"] == 2
    with pytest.raises(UsageError, match=r"no check leakege \(did you mean leakage\?\)"):
        _ = dirty["leakege"]


def test_findings_stand_beside_the_users_own_rows(dirty: Audit) -> None:
    chosen = dirty.findings.filter(pl.col("rule") == "leakage.near")
    row = chosen.with_rows().row(0, named=True)
    assert (row["file"], row["row"], row["split"]) == ("test.csv", 4, "holdout")
    assert row["text"].startswith("We are going to end our subscription")
    assert row["label"] == "business_closed"
    whole = dirty.findings.with_rows()
    assert whole.select(dirty.findings.columns).equals(dirty.findings)
    assert dirty.with_rows(chosen).equals(chosen.with_rows())
    last = dirty.findings.sort("row", descending=True).head(1)
    assert last.with_rows()["row"].to_list() == [dirty.findings["row"].max()]
    with pytest.raises(UsageError, match="give it to audit"):
        dirty.findings.slice(1).with_rows()  # type: ignore[attr-defined] # polars makes the class


def test_a_closed_audit_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + "a text of some words,x\nanother text it is,y\n" * 3)
    audit = ftaudit.scan(path, options=Options(only=("schema",), policy="report-only"))
    findings = audit.findings
    audit.close()
    asks = (
        lambda: audit.findings,
        audit.with_rows,
        findings.with_rows,
        lambda: audit.write(tmp_path / "out"),
    )
    for ask in asks:
        with pytest.raises(UsageError, match="the audit is closed"):
            ask()


def test_the_names_of_the_package_are_listed() -> None:
    assert {"Audit", "Options", "gate", "scan"} < set(dir(ftaudit))


def test_an_audit_shows_itself_as_text_and_as_html(dirty: Audit) -> None:
    assert "label-conflicts" in repr(dirty)
    assert "BLOCKED" in repr(dirty)
    page = dirty._repr_html_()
    assert "label-conflicts" in page
    assert "<script" not in page


def test_the_manifest_meets_its_schema(dirty: Audit) -> None:
    text = (resources.files("ftaudit.wire") / "schemas" / "manifest-v1.schema.json").read_text(
        "utf-8"
    )
    jsonschema.Draft202012Validator(json.loads(text)).validate(json.loads(to_json(dirty.manifest)))


def test_no_row_text_stands_in_manifest_or_findings(dirty: Audit) -> None:
    text = to_json(dirty.manifest) + dirty.findings.write_ndjson()
    for value in ("4111 1111", "anna.beispiel", "Anna Beispiel", "Tulpe-47", "203.0.113.77"):
        assert value not in text
    assert "software budget" not in text


# --- what it takes ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["frame", "lazy", "arrow", "path", "text", "list"])
def test_data_may_be_a_path_or_a_table(kind: str, tmp_path: Path) -> None:
    table = tickets()
    path = tmp_path / "tickets.csv"
    table.write_csv(path)
    given = {
        "frame": table,
        "lazy": table.lazy(),
        "arrow": table.to_arrow(),
        "path": path,
        "text": str(path),
        "list": [path],
    }
    with ftaudit.scan(given[kind], options=FAST) as audit:
        assert metrics(audit)["schema.rows"] == 40
        assert metrics(audit)["balance.classes"] == table["label"].n_unique()


def test_a_holdout_and_a_validation_may_be_tables_too() -> None:
    table = tickets()
    options = Options(only=("leakage",), policy="report-only")
    with ftaudit.scan(table, holdout=table[:3], validation=table[5:7], options=options) as audit:
        assert metrics(audit)["leakage.exact_rows"] == 3
        assert metrics(audit)["leakage.validation_rows"] == 2
        assert {i.role for i in audit.manifest.predicate.inputs} == {
            "train",
            "validation",
            "holdout",
        }


def test_the_policy_may_be_named_alone() -> None:
    with ftaudit.scan(SAMPLES / "dirty-kto", policy="report-only") as audit:
        assert audit.passed
        assert audit.manifest.predicate.policy.name == "report-only"


@pytest.mark.parametrize("name", ["only", "skip"])
def test_an_unknown_check_is_an_error_with_a_suggestion(name: str, runs: Path) -> None:
    with pytest.raises(UsageError, match="did you mean duplicates"):
        ftaudit.scan(tickets(), options=Options(**{name: ("duplicate",)}))  # type: ignore[arg-type] # a field by name
    assert list(runs.iterdir()) == []


# --- what must not matter -----------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.usefixtures("eager_workers")
def test_the_number_of_workers_changes_no_byte(
    dirty: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_stream, "BLOCK", 4096)
    monkeypatch.setattr(PartSizes, "most", 10_000)
    monkeypatch.setattr(PartSizes, "least", 5_000)
    options = replace(OPTIONS["dirty"], workers=2)
    with ftaudit.scan(DIRTY, options=options, now=NOW) as audit:
        assert evidence_digest(audit.manifest) == evidence_digest(dirty.manifest)
        assert to_json(audit.manifest) == to_json(dirty.manifest)
        assert findings(audit) == findings(dirty)


@pytest.mark.long
def test_where_batches_are_cut_changes_no_byte(
    dirty: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (byte_stream, file_digest):
        monkeypatch.setattr(module, "BLOCK", 4096)
    for module in (parquet, frame):
        monkeypatch.setattr(module, "BATCH_ROWS", 7)
    monkeypatch.setattr(canonical_rows, "_DECODED_ROWS", 3)
    with ftaudit.scan(DIRTY, options=OPTIONS["dirty"], now=NOW) as audit:
        assert to_json(audit.manifest) == to_json(dirty.manifest)
        assert findings(audit) == findings(dirty)


def test_the_order_in_which_files_are_given_changes_no_byte() -> None:
    files = [DIRTY / "train-2.csv", DIRTY / "train-1.csv"]
    options = replace(OPTIONS["dirty"], skip=("pii", "secrets", "markings"))
    with (
        ftaudit.scan(files, holdout=DIRTY / "test.csv", options=options, now=NOW) as one,
        ftaudit.scan(files[::-1], holdout=DIRTY / "test.csv", options=options, now=NOW) as other,
    ):
        assert to_json(one.manifest) == to_json(other.manifest)
        assert findings(one) == findings(other)


def test_a_file_cut_into_several_has_the_same_metrics(tmp_path: Path) -> None:
    table = pl.read_csv(DIRTY / "train-1.csv", infer_schema=False)
    whole = tmp_path / "whole" / "train.csv"
    whole.parent.mkdir()
    table.write_csv(whole)
    parts = tmp_path / "parts"
    parts.mkdir()
    for i, start in enumerate(range(0, table.height, 50)):
        table[start : start + 50].write_csv(parts / f"train-{i}.csv")
    skip = ("pii", "secrets", "markings", "provenance")
    options = Options(policy="report-only", columns=COLUMNS, skip=skip)
    with ftaudit.scan(whole, options=options) as one, ftaudit.scan(parts, options=options) as many:
        assert metrics(one) == metrics(many)
        assert one.findings.height == many.findings.height
        assert one.findings["rule"].sort().equals(many.findings["rule"].sort())


@pytest.mark.parametrize("rows", [7, 1_000])
def test_tables_of_every_kind_have_the_same_metrics(
    rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (parquet, frame):
        monkeypatch.setattr(module, "BATCH_ROWS", rows)
    table = pl.concat([tickets(), tickets(5)])
    table.write_csv(tmp_path / "t.csv")
    table.write_parquet(tmp_path / "t.parquet", row_group_size=4)
    table.write_ndjson(tmp_path / "t.jsonl")
    table.write_ipc(tmp_path / "t.arrow")
    kinds: list[pl.DataFrame | pl.LazyFrame | Path] = [table, table.lazy()]
    kinds += [tmp_path / f"t.{kind}" for kind in ("csv", "parquet", "jsonl", "arrow")]
    found = []
    for kind in kinds:
        with ftaudit.scan(kind, options=FAST) as audit:
            found.append(metrics(audit))
    assert found == [found[0]] * len(found)
    assert found[0]["duplicates.exact_rows"] == 5


def test_the_time_is_that_of_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    with ftaudit.scan(tickets(), options=FAST) as one, ftaudit.scan(tickets(), options=FAST) as two:
        assert to_json(one.manifest) == to_json(two.manifest)
        assert one.manifest.predicate.time_created == "2025-06-15T15:06:40Z"


# --- what is unknown is never a pass ------------------------------------------------------------


@dataclass(frozen=True)
class Crashing:
    """Break at a stage."""

    id: ClassVar[str] = "duplicates"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    rules: ClassVar[tuple[Rule, ...]] = (Rule("crash.row", "a row", Severity.LOW, "None."),)
    metrics: ClassVar[tuple[Metric, ...]] = discover()["duplicates"].metrics
    stage: ClassVar[str] = "map"

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        del context
        return cls()

    def map(self, batch: pl.DataFrame) -> Mapped:
        self._break("map", batch)
        return Mapped(pl.DataFrame({"n": [batch.height]}))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        self._break("combine", partials)
        return partials.select(pl.col("n").sum())

    def judge(self, totals: pl.DataFrame) -> Judgement:
        self._break("judge", totals)
        return Judgement({}, "nothing")

    def _break(self, stage: str, frame: pl.DataFrame) -> None:
        if stage == self.stage:
            msg = f"text of the data {frame}"
            raise ValueError(msg)


def crash(monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    monkeypatch.setattr(Crashing, "stage", stage)
    checks = {"schema": discover()["schema"], "duplicates": Crashing}
    monkeypatch.setattr(rules, "discover", lambda: checks)


@pytest.mark.parametrize("stage", ["map", "combine", "judge"])
def test_a_check_that_breaks_is_an_error_and_never_a_pass(
    stage: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    crash(monkeypatch, stage)
    policy = tmp_path / "policy.yaml"
    policy.write_text("schema: ftaudit.policy/v1\nid: two\nextends: none\nrequired: [duplicates]\n")
    with ftaudit.scan(tickets(), policy=policy) as audit:
        assert not audit.passed
        assert audit.exit_code == 3
        check = next(c for c in audit.manifest.predicate.checks if c.id == "duplicates")
        assert check.status == "error"
        assert "ValueError" in check.reason
        assert "text of the data" not in to_json(audit.manifest)


def test_a_check_that_breaks_under_report_only_ends_with_3_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    crash(monkeypatch, "map")
    policy = tmp_path / "policy.yaml"
    policy.write_text("schema: ftaudit.policy/v1\nid: none\nextends: none\nmode: report\n")
    with ftaudit.scan(tickets(), policy=policy) as audit:
        assert audit.exit_code == 3


def test_a_required_check_that_was_left_out_blocks() -> None:
    options = Options(skip=("pii",))
    with ftaudit.scan(SAMPLES / "dirty-kto", options=options) as audit:
        assert not audit.passed
        breaches = audit.manifest.predicate.gate.breaches
        assert any(b.check == "pii" for b in breaches)


# --- what is left behind ------------------------------------------------------------------------


def test_the_run_folder_lives_as_long_as_the_audit(runs: Path) -> None:
    with ftaudit.scan(tickets(), options=FAST) as audit:
        assert [p.name.startswith(RUN) for p in runs.iterdir()] == [True]
        assert audit.findings.height >= 0
    assert list(runs.iterdir()) == []


def test_closing_twice_does_no_harm(runs: Path) -> None:
    audit = ftaudit.scan(tickets(), options=FAST)
    audit.close()
    audit.close()
    assert list(runs.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ZeroDivisionError])
@pytest.mark.parametrize("place", ["open_session", "decide"])
def test_the_run_folder_is_removed_after_any_exception(
    place: str, error: type[BaseException], runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(line, place, stop)
    with pytest.raises(error):
        ftaudit.scan(tickets(), options=FAST)
    assert list(runs.iterdir()) == []


def test_findings_stay_readable_in_the_frame_after_the_audit_is_closed() -> None:
    with ftaudit.scan(tickets(), options=FAST) as audit:
        found = audit.findings
    assert found.schema == FINDINGS
    assert found.rows() is not None


# --- what is written ----------------------------------------------------------------------------


def test_write_makes_the_folder_whole(dirty: Audit, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    written = dirty.write(out, ["html", "markdown", "sarif", "junit"])
    names = {p.name for p in out.iterdir()}
    assert {p.name for p in written} == names
    assert {"manifest.json", "findings.parquet", "report.html", "report.md"} <= names
    assert (out / "manifest.json").read_text("utf-8") == to_json(dirty.manifest)
    assert (out / "findings.parquet").read_bytes() == findings(dirty)
    assert sorted(p.name for p in out.parent.iterdir()) == ["out"]


def test_write_replaces_what_an_earlier_scan_wrote(dirty: Audit, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("old")
    (tmp_path / "manifest.dsse.json").write_text("old signature")
    (tmp_path / "notes.txt").write_text("mine")
    dirty.write(tmp_path, [])
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "findings.parquet",
        "manifest.json",
        "notes.txt",
        "profile.json",
    ]
    assert json.loads((tmp_path / "manifest.json").read_text("utf-8"))["predicate"]


def test_an_unknown_report_writes_nothing(dirty: Audit, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pdf"):
        dirty.write(tmp_path / "out", ["pdf"])
    assert not (tmp_path / "out").exists()


def test_a_key_that_is_none_writes_nothing(dirty: Audit, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        dirty.write(tmp_path / "out", sign_with=tmp_path / "no.pem")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_a_clear_error(dirty: Audit, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="--output"):
        dirty.write(tmp_path / "out")
    tmp_path.chmod(0o700)


def test_a_holdout_without_the_input_is_refused_as_its_leaks_could_not_be_seen() -> None:
    train = pl.DataFrame({"text": ["how are you", "fine"], "label": ["a", "b"]})
    with pytest.raises(InputError, match="has no column text, which is the input"):
        ftaudit.scan(train, holdout=train.select("label"), options=Options(only=("leakage",)))


@pytest.mark.parametrize("path", ["a\0.csv", "a" * 5_000 + ".csv"])
def test_a_path_that_cannot_be_one_is_input_that_is_wrong(path: str) -> None:
    with pytest.raises(InputError):
        ftaudit.scan(path)


@pytest.mark.parametrize("epoch", ["yesterday", "9" * 14, "9" * 40])
def test_an_epoch_that_is_no_time_is_told(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH is not a number of seconds"):
        ftaudit.scan(pl.DataFrame({"text": ["a b c"]}))


@pytest.mark.parametrize(
    "options",
    [{"threshold": 0.0}, {"threshold": 1.1}, {"workers": 0}, {"method": "exat"}, {"compare": ""}],
)
def test_options_from_python_have_the_limits_of_the_command_line(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(options))):
        Options(**options)


def test_the_provenance_record_is_found_beside_data_in_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "train.csv").write_text("text\nhow are you\n")
    (tmp_path / "provenance.yaml").write_text("no: record\n")
    with pytest.raises(InputError, match="provenance"):
        ftaudit.scan("~/train.csv", options=Options(only=("provenance",)))


def test_nothing_to_compare_is_no_pass() -> None:
    empty = pl.DataFrame({"text": [None, " ", ""], "label": ["a", "b", "a"]}, strict=False)
    with ftaudit.scan(empty, options=Options(only=("duplicates",), policy="report-only")) as audit:
        [check] = [c for c in audit.manifest.predicate.checks if c.id == "duplicates"]
        assert check.status == "error"
        assert "no row has text to compare" in check.reason
        assert audit.exit_code == 3


def test_where_rewordings_cannot_be_told_the_check_says_so_and_measures_none() -> None:
    options = Options(only=("leakage",), policy="report-only")
    with ftaudit.scan(tickets(), holdout=tickets(90)[60:], options=options) as audit:
        [check] = [c for c in audit.manifest.predicate.checks if c.id == "leakage"]
        assert "of 30 it is not known whether training rewords them" in check.headline
        assert any("30 of 30 holdout rows say cannot be told" in note for note in check.notes)
        assert "leakage.reworded_rows" not in check.metrics


def test_a_policy_that_is_named_wins_over_that_of_the_options() -> None:
    rows = pl.DataFrame({"text": ["a first text", "another one"], "label": ["a", "b"]})
    options = Options(only=("schema",), policy="report-only")
    with ftaudit.scan(rows, options=options) as reported:
        assert reported.manifest.predicate.policy.name == "report-only"
        assert reported.passed
    with ftaudit.scan(rows, policy="strict", options=options) as judged:
        assert judged.manifest.predicate.policy.name == "strict"
        assert not judged.passed
