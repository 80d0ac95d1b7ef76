from datetime import date
from pathlib import Path

import polars as pl
import pytest

from ftaudit.checks.provenance import Provenance
from ftaudit.model.check import Context, Judgement, Skip
from ftaudit.model.dataset import Dataset
from tests.conftest import context, dataset
from tests.provenance.documents import COMPLETE, written

POLICY = {
    "licenses": {
        "allow": ["MIT", "Apache-2.0", "CC-BY-4.0"],
        "review": ["CC-BY-SA-*"],
        "deny": ["CC-BY-NC-*"],
    },
    "provenance": {"require": ["dataset.id", "sources.license", "retention.expires"]},
}
COLUMNS = {"input": "text", "source_id": "source_id", "license": "license"}


def row(source_id: str | None, license_: str | None = None, **more: object) -> dict[str, object]:
    return {"input": "x", "source_id": source_id, "license": license_, **more}


def ask(data: Dataset, told: Context) -> tuple[Judgement, pl.DataFrame]:
    check = Provenance.prepare(told)
    assert not isinstance(check, Skip)
    mapped = [check.map(batch) for batch in data.rows.batches()]
    judgement = check.judge(check.combine(pl.concat([m.partials for m in mapped])))
    return judgement, pl.concat([*(m.findings for m in mapped), judgement.findings])


def asked(
    tmp_path: Path, rows: list[dict[str, object]], **record: object
) -> tuple[dict[str, float], pl.DataFrame]:
    data = dataset(rows)
    text = str(record.pop("text", COMPLETE))
    told = context(
        data,
        provenance=written(tmp_path, text, **record),
        policy=POLICY,
        columns=COLUMNS,
        parameters={"today": "2026-11-22"},
    )
    judgement, findings = ask(data, told)
    return {k.removeprefix("provenance."): v for k, v in judgement.metrics.items()}, findings


def test_sound_data_with_a_sound_record_has_no_findings(tmp_path: Path) -> None:
    metrics, findings = asked(tmp_path, [row("web"), row("model", "MIT"), row("web", "cc-by-4.0")])
    assert findings.is_empty()
    assert metrics.pop("record") == 1
    assert metrics.pop("sources") == 2
    assert set(metrics.values()) == {0}


def test_rows_are_held_to_their_source_and_to_the_policy(tmp_path: Path) -> None:
    rows = [
        row("web"),  # allowed by its source
        row("nowhere"),  # no source, so no licence
        row(None),  # no source
        row("web", "CC-BY-NC-4.0"),  # denied, and not the licence of its source
        row("model", "MIT"),  # one of the licences of its source
        row("model", "CC-BY-SA-4.0"),  # review, and not the licence of its source
        row("nowhere", "0BSD"),  # no source; in no list
        row("web", "do what you like"),  # no expression
    ]
    metrics, findings = asked(tmp_path, rows)
    assert metrics["rows_without_source"] == 3
    assert metrics["rows_denied_license"] == 1
    assert metrics["rows_review_license"] == 1
    assert metrics["rows_unlicensed"] == 4
    assert metrics["rows_contradicting_license"] == 2
    told = findings.group_by("rule").agg(pl.col("row").sort()).sort("rule")
    assert dict(told.iter_rows()) == {
        "provenance.contradicting_license": [3, 5],
        "provenance.denied_license": [3],
        "provenance.missing_license": [1],
        "provenance.no_source": [1, 6],
        "provenance.review_license": [5],
        "provenance.unknown_license": [6, 7],
    }


def test_text_of_a_licence_column_is_never_quoted(tmp_path: Path) -> None:
    _, findings = asked(tmp_path, [row("web", "call +49 170 1234567"), row("jane@example.com")])
    shown = "".join(findings["detail"])
    assert "1234567" not in shown
    assert "jane" not in shown


def test_without_a_record_everything_is_missing() -> None:
    data = dataset([row(None), row(None)])
    judgement, findings = ask(data, context(data, policy=POLICY))
    assert judgement.metrics["provenance.record"] == 0
    assert judgement.metrics["provenance.missing_fields"] == 3
    assert judgement.metrics["provenance.rows_without_source"] == 2
    assert judgement.metrics["provenance.rows_unlicensed"] == 2
    assert judgement.metrics["provenance.unlisted_files"] == 1
    assert "provenance.no_record" in findings["rule"].to_list()
    assert judgement.notes[0] == "missing: dataset.id"


def test_without_a_column_all_rows_are_of_the_only_source(tmp_path: Path) -> None:
    one = COMPLETE[: COMPLETE.index("  - id: model")] + "approvals: []\n"
    data = dataset([{"input": "a"}, {"input": "b"}])
    several = context(data, provenance=written(tmp_path), policy=POLICY)
    assert ask(data, several)[0].metrics["provenance.rows_without_source"] == 2
    single = context(data, provenance=written(tmp_path, one), policy=POLICY)
    assert ask(data, single)[0].metrics["provenance.rows_without_source"] == 0


def test_rows_that_give_no_origin_are_told_once_per_file(tmp_path: Path) -> None:
    data = dataset([{"input": str(i)} for i in range(50)], cuts=[7, 20])
    _, findings = ask(data, context(data, provenance=written(tmp_path), policy=POLICY))
    loose = findings.filter(rule="provenance.no_source")
    assert loose["row"].to_list() == [0]
    assert "every row" in loose["detail"][0]


def test_the_calendar_and_the_files_are_held_to_the_record(tmp_path: Path) -> None:
    rows = [row("web"), row("web", split="holdout")]
    text = COMPLETE.replace("2028-11-01", "2026-11-21").replace(
        "end: 2025-06-30", "end: 2027-01-01"
    )
    files = [{"path": "train.csv", "split": "train", "sha256": "f" * 64, "rows": 7}]
    metrics, findings = asked(tmp_path, rows, text=text, files=files)
    assert metrics["expired_retention"] == 1
    assert metrics["future_dates"] == 1
    assert metrics["unlisted_files"] == 1
    assert metrics["hash_mismatches"] == 1
    assert metrics["contradictions"] == 1
    where = findings.sort("rule").select("rule", "file", "row").rows()
    assert where == [
        ("provenance.contradiction", 0, 0),
        ("provenance.expired_retention", 0, 0),
        ("provenance.future_date", 0, 0),
        ("provenance.hash_mismatch", 0, 0),
        ("provenance.unlisted_file", 1, 0),
    ]


def test_a_column_the_data_does_not_have_is_a_contradiction(tmp_path: Path) -> None:
    data = dataset([row("web")])
    told = context(
        data,
        provenance=written(tmp_path, row_columns={"source_id": "src"}),
        columns=COLUMNS,
        table={"text": pl.String(), "source_id": pl.String()},
        policy=POLICY,
    )
    assert ask(data, told)[0].metrics["provenance.contradictions"] == 1


def test_the_day_is_recorded_and_may_be_set(tmp_path: Path) -> None:
    data = dataset([row("web")])
    told = context(
        data, provenance=written(tmp_path), policy=POLICY, parameters={"today": date(2030, 1, 1)}
    )
    judgement, _ = ask(data, told)
    assert judgement.configuration["today"] == "2030-01-01"
    assert judgement.metrics["provenance.expired_retention"] == 1


@pytest.mark.parametrize("name", ["sources.licence", "datasets.id"])
def test_a_policy_that_requires_an_unknown_field_is_refused(name: str) -> None:
    from ftaudit.model.errors import UsageError

    data = dataset([row("web")])
    with pytest.raises(UsageError, match="does not exist"):
        Provenance.prepare(context(data, policy={"provenance": {"require": [name]}}))
