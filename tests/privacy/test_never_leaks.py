"""What was found never leaves in clear: every byte that is written anywhere is searched for it."""

import json
import logging
import os
import pickle
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from ftaudit.check import Check
from ftaudit.checks.markings import Markings
from ftaudit.checks.pii import Pii
from ftaudit.checks.secrets import Secrets
from tests.conftest import canonical
from tests.privacy.planted import PER_TYPE, Planted, planted

CRASHING = "tests.privacy.crashing:CrashingRecognizer"


@pytest.fixture(scope="module")
def values() -> list[Planted]:
    return list(planted())


@pytest.fixture(scope="module")
def forms(values: list[Planted]) -> list[str]:
    """Return every planted value, as written and with its separators gone."""
    written = {value.value for value in values}
    written |= {re.sub(r"[ .-]", "", form) for form in written if len(form) > 10}
    return sorted(written)


def leaks(content: bytes, forms: list[str]) -> int:
    """Return how many planted values stand in `content`."""
    column = pl.Series([content.decode("latin-1")])
    return int(column.str.extract_many(forms).list.len().sum())


def test_every_planted_value_is_found(values: list[Planted]) -> None:
    frame = canonical([{"input": value.text} for value in values])
    found = pl.concat([check.map(frame).findings for check in (Pii(), Secrets())])
    kinds = found.select("row", pl.col("rule").str.split(".").list.last().alias("kind"))
    missed = [
        value.kind
        for row, value in enumerate(values)
        if kinds.filter(row=row, kind=value.kind).is_empty()
    ]
    assert missed == []


def test_distinct_values_are_counted_without_being_kept(values: list[Planted]) -> None:
    check = Pii()
    frame = canonical([{"input": v.text} for v in values for _ in range(2)])
    metrics = check.judge(check.map(frame).partials).metrics
    for kind in ("CREDIT_CARD", "IBAN_CODE", "BR_CPF", "PASSPORT"):
        assert metrics[f"pii.{kind}.distinct"] == PER_TYPE


@pytest.mark.parametrize("check", [Pii(), Secrets(), Markings()], ids=lambda c: c.id)
def test_neither_partials_nor_findings_nor_words_hold_a_value(
    check: Check, values: list[Planted], forms: list[str]
) -> None:
    frame = canonical([{"input": v.text, "source_id": f"s{i % 3}"} for i, v in enumerate(values)])
    assert leaks(pickle.dumps(frame["input"].to_list()), forms)
    mapped = check.map(frame)
    written = [
        mapped.findings.write_json().encode(),
        pickle.dumps(mapped.partials.to_dicts()),
        repr(check.judge(mapped.partials)).encode(),
        repr(check).encode(),
    ]
    assert [leaks(content, forms) for content in written] == [0] * len(written)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder for all temporary files, from which nothing is removed."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(tempfile.TemporaryDirectory, "cleanup", lambda _: None)
    monkeypatch.setattr(tempfile.TemporaryDirectory, "_cleanup", lambda *_, **__: None)
    for module, name in ((os, "unlink"), (os, "remove"), (shutil, "rmtree")):
        monkeypatch.setattr(module, name, lambda *_, **__: None)
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    return folder


def contents(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            content = path.read_bytes()
            yield path.name, content
            if path.suffix == ".parquet":
                yield path.name, pl.read_parquet(path).write_json().encode()
            if path.suffix == ".arrow":
                yield path.name, pl.read_ipc(path).write_json().encode()


@pytest.mark.parametrize(
    "recognizers", [(), (CRASHING,)], ids=["as it is", "with a recognizer that breaks"]
)
def test_a_scan_writes_no_value_anywhere(  # noqa: PLR0913, PLR0917 - fixtures
    recognizers: tuple[str, ...],
    values: list[Planted],
    forms: list[str],
    tmp_path: Path,
    watched: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    audit = pytest.importorskip("ftaudit.audit")
    caplog.set_level(logging.DEBUG)
    data = tmp_path / "data" / "train.jsonl"
    data.parent.mkdir()
    rows = [{"prompt": v.text, "completion": f"noted, {i}"} for i, v in enumerate(values)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    parameters = {"pii": {"recognizers": recognizers}}
    scanned = audit.scan(data, options=audit.Options(parameters=parameters))
    scanned.write(tmp_path / "out", ("html", "markdown", "sarif", "junit", "text"))
    said = (repr(scanned), capfd.readouterr(), caplog.text, scanned.manifest)
    written = {name: leaks(content, forms) for name, content in contents(tmp_path / "out", watched)}
    written["said"] = leaks(repr(said).encode(), forms)
    assert {name: count for name, count in written.items() if count} == {}
    [pii] = [c for c in scanned.manifest.predicate.checks if c.id == "pii"]
    assert pii.status == ("error" if recognizers else "failed")
    assert "manifest.json" in written
