"""What was found never leaves in clear: every byte that is written anywhere is searched for it."""

import json
import logging
import os
import pickle
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

import polars as pl
import pytest

from ftaudit.checks.markings import Markings
from ftaudit.checks.pii import Pii
from ftaudit.checks.secrets import Secrets
from ftaudit.model.check import Check
from ftaudit.model.options import Options
from ftaudit.pipeline.scan import scan
from tests.conftest import canonical
from tests.privacy.planted import PER_TYPE, Planted, planted

CHECKS = ("pii", "secrets", "markings", "schema")
CRASHING = "tests.privacy.presidio.crashing:CrashingRecognizer"


@pytest.fixture(scope="module")
def values() -> list[Planted]:
    return list(planted())


@pytest.fixture(scope="module")
def some(values: list[Planted]) -> list[Planted]:
    """Return every eighth value: twenty-five of each type."""
    return values[::8]


@pytest.fixture(scope="module")
def forms(some: list[Planted]) -> list[str]:
    """Return every planted value, as written and with its separators gone."""
    written = {value.value for value in some}
    written |= {re.sub(r"[ .-]", "", form) for form in written if len(form) > 10}
    return sorted(written)


def leaks(content: bytes, forms: list[str]) -> int:
    """Return how many planted values stand in `content`."""
    column = pl.Series([content.decode("latin-1")])
    return int(column.str.extract_many(forms).list.len().sum())


@pytest.mark.parametrize(
    "step", [4, pytest.param(1, marks=pytest.mark.long)], ids=["a quarter", "all"]
)
def test_every_planted_value_is_found(values: list[Planted], step: int) -> None:
    values = values[::step]
    frame = canonical([{"input": value.text} for value in values])
    found = pl.concat([check.map(frame).findings for check in (Pii(), Secrets())])
    kinds = {*found.select("row", pl.col("rule").str.split(".").list.last()).iter_rows()}
    missed = [value.kind for row, value in enumerate(values) if (row, value.kind) not in kinds]
    assert missed == []


def test_distinct_values_are_counted_without_being_kept(values: list[Planted]) -> None:
    check, kinds = Pii(), ("CREDIT_CARD", "IBAN_CODE", "BR_CPF", "PASSPORT")
    frame = canonical([{"input": v.text} for v in values if v.kind in kinds for _ in range(2)])
    metrics = check.judge(check.map(frame).partials).metrics
    for kind in kinds:
        assert metrics[f"pii.{kind}.distinct"] == PER_TYPE


@pytest.mark.parametrize("check", [Pii(), Secrets(), Markings()], ids=lambda c: c.id)
def test_neither_partials_nor_findings_nor_words_hold_a_value(
    check: Check, some: list[Planted], forms: list[str]
) -> None:
    frame = canonical([{"input": v.text, "source_id": f"s{i % 3}"} for i, v in enumerate(some)])
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


class Watch(threading.Thread):
    """Reads every file below a folder as often as it can, and keeps what it has seen leak."""

    def __init__(self, folder: Path, forms: list[str]) -> None:
        super().__init__(daemon=True)
        self.folder, self.forms = folder, forms
        self.files: set[str] = set()
        self.leaked: set[str] = set()
        self._over = threading.Event()

    def run(self) -> None:
        sizes: dict[Path, int] = {}
        while not self._over.wait(0.05):
            found: list[Path] = []
            with suppress(OSError):  # a folder may be gone by now
                found = list(self.folder.rglob("*"))
            for path in found:
                with suppress(OSError):  # a worker's file may be gone by now
                    if path.is_file() and sizes.get(path) != path.stat().st_size:
                        content = path.read_bytes()
                        sizes[path] = len(content)
                        self.files.add(path.name)
                        if leaks(content, self.forms):
                            self.leaked.add(path.name)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


def contents(*folders: Path) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            content = path.read_bytes()
            yield path.name, content
            if path.suffix == ".parquet":
                yield path.name, pl.read_parquet(path).write_json().encode()
            if path.suffix == ".arrow":
                yield path.name, pl.read_ipc(path).write_json().encode()


@pytest.mark.usefixtures("eager_workers")
@pytest.mark.parametrize(
    ("recognizers", "workers"),
    [
        pytest.param((), 1, id="as it is"),
        pytest.param((), 2, id="as it is, by workers", marks=pytest.mark.long),
        pytest.param((CRASHING,), 1, id="with a recognizer that breaks"),
        pytest.param((CRASHING,), 2, id="with a recognizer that breaks, by workers"),
    ],
)
def test_a_scan_writes_no_value_anywhere(  # noqa: PLR0913, PLR0917 - fixtures
    recognizers: tuple[str, ...],
    workers: int,
    some: list[Planted],
    forms: list[str],
    tmp_path: Path,
    watched: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    data = tmp_path / "data" / "train.jsonl"
    data.parent.mkdir()
    rows = [{"prompt": v.text, "completion": f"noted, {i}"} for i, v in enumerate(some)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    parameters = {"pii": {"recognizers": recognizers}}
    options = Options(parameters=parameters, workers=workers, only=CHECKS)
    with Watch(tmp_path, forms) as watch:
        scanned = scan(data, options=options)
        scanned.write(tmp_path / "out", ("html", "markdown", "sarif", "junit", "text"))
    said = (repr(scanned), capfd.readouterr(), caplog.text, scanned.manifest)
    written = {name: leaks(content, forms) for name, content in contents(tmp_path / "out", watched)}
    written["said"] = leaks(repr(said).encode(), forms)
    assert {name: count for name, count in written.items() if count} == {}
    [pii] = [c for c in scanned.manifest.predicate.checks if c.id == "pii"]
    assert pii.status == ("error" if recognizers else "failed")
    assert "manifest.json" in written
    assert watch.leaked == {"train.jsonl"}
    assert len(watch.files) > len({"train.jsonl", "manifest.json"})
