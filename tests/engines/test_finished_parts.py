"""Scans that were killed and go on from their finished parts."""

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.engines.local.finished_parts import (
    STAGE,
    SUFFIX,
    FinishedParts,
    MappedBatch,
    canonical_bytes,
)
from ftaudit.engines.local.mapping import PartMapper
from ftaudit.model.errors import UsageError
from ftaudit.model.parts import HeldPart, PartSizes
from ftaudit.pipeline.audit import Audit
from ftaudit.readers import byte_stream
from ftaudit.similarity import build
from ftaudit.wire.manifest import to_json
from tests.engines.test_local import Count, folded
from tests.pipeline.test_scan import NOW, findings

ROWS = 60
CHECKS = ("markings", "secrets")


class KilledError(BaseException):
    """Stands for a kill: nothing catches it."""


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut data into many parts."""
    monkeypatch.setattr(byte_stream, "BLOCK", 512)
    monkeypatch.setattr(PartSizes, "most", 1_000)
    monkeypatch.setattr(PartSizes, "least", 500)


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    texts = [f"ticket {n} internal use only, token: {n}" for n in range(ROWS)]
    pl.DataFrame({"text": texts, "label": ["a", "b"] * (ROWS // 2)}).write_csv(path)
    return path


@pytest.fixture
def mapped(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the batches that are mapped; kill the scan before the one of number `limit`."""
    counts = [0, 10**9]
    map_batch = PartMapper.mapped

    def counted(self: PartMapper, batch: pl.DataFrame) -> MappedBatch:
        if counts[0] >= counts[1]:
            raise KilledError
        counts[0] += 1
        return map_batch(self, batch)

    monkeypatch.setattr(PartMapper, "mapped", counted)
    return counts


def scanned(tickets: Path, checks: Sequence[str] = CHECKS, **options: object) -> Audit:
    return ftaudit.scan(
        tickets,
        policy="report-only",
        only=tuple(checks),
        now=NOW,
        workers=1,
        **options,  # type: ignore[arg-type] # by name
    )


@pytest.mark.usefixtures("small_parts")
def test_a_killed_scan_goes_on_from_its_finished_parts_with_the_same_bytes(
    tickets: Path, tmp_path: Path, mapped: list[int]
) -> None:
    parts = tmp_path / "parts"
    with scanned(tickets) as plain:
        manifest, rows = to_json(plain.manifest), findings(plain)
    all_batches = mapped[0]
    mapped[:] = [0, all_batches // 2]
    with pytest.raises(KilledError):
        scanned(tickets, resume=parts)
    kept = len(list(parts.glob(f"*{SUFFIX}")))
    assert kept > 2
    mapped[:] = [0, 10**9]
    with scanned(tickets, resume=parts) as audit:
        assert (to_json(audit.manifest), findings(audit)) == (manifest, rows)
    assert 0 < mapped[0] <= all_batches - kept
    mapped[0] = 0
    with scanned(tickets, resume=parts) as audit:
        assert (to_json(audit.manifest), findings(audit)) == (manifest, rows)
    assert mapped[0] <= 2  # of a relation that is never divided
    assert all(path.stat().st_mode & 0o077 == 0 for path in (parts, *parts.iterdir()))


def test_near_identical_rows_that_a_killed_scan_found_are_not_sought_again(
    tickets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KilledError

    def duplicates(**options: object) -> tuple[str, object]:
        with scanned(tickets, checks=("duplicates", "label-conflicts"), **options) as audit:
            return to_json(audit.manifest), findings(audit)

    plain = duplicates()
    with monkeypatch.context() as patch:
        patch.setattr(build, "membership", killed)
        with pytest.raises(KilledError):
            duplicates(resume=tmp_path / "parts")
    assert len(list((tmp_path / "parts").glob(f"*{STAGE}"))) == 1
    monkeypatch.setattr(build, "link_rows", killed)
    assert duplicates(resume=tmp_path / "parts") == plain
    with pytest.raises(KilledError):
        duplicates(resume=tmp_path / "parts", threshold=0.7)
    tickets.write_text(tickets.read_text().replace("ticket 7", "ticket 8"))
    with pytest.raises(KilledError):
        duplicates(resume=tmp_path / "parts")


@pytest.mark.usefixtures("small_parts")
def test_nothing_is_taken_of_other_data_other_checks_or_damaged_files(
    tickets: Path, tmp_path: Path, mapped: list[int]
) -> None:
    parts = tmp_path / "parts"
    scanned(tickets, resume=parts).close()
    first = mapped[0]
    for path in parts.glob(f"*{SUFFIX}"):
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    mapped[0] = 0
    scanned(tickets, resume=parts).close()
    assert mapped[0] == first
    mapped[0] = 0
    scanned(tickets, resume=parts, parameters={"secrets": {"allow_values": ["x"]}}).close()
    assert mapped[0] == first // 2  # the digests of rows are those of any checks
    tickets.write_text(tickets.read_text().replace("ticket 7", "ticket 8"))
    os.utime(tickets, (1, 1))
    mapped[0] = 0
    scanned(tickets, resume=parts).close()
    assert mapped[0] >= first - 2  # the empty part that comes first is of no file, once for digests


def test_what_broke_is_made_again(tmp_path: Path) -> None:
    records = FinishedParts.within(tmp_path / "parts", "1").of([Count()])
    part = HeldPart(pl.DataFrame({"input": ["break"], "row": [0]}))
    mapper = PartMapper([Count()], records)
    mapper.all_of(part)
    assert [path.name for path in (tmp_path / "parts").iterdir()] == ["key"]
    assert folded(tmp_path / "spool", ["break"], None).broken is not None


def test_a_folder_that_is_not_ones_own_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(UsageError, match="a folder of your own"):
        FinishedParts.within(tmp_path / "link", "1")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be kept"):
        FinishedParts.within(tmp_path / "file", "1")


def test_equal_values_have_equal_bytes_in_every_process() -> None:
    value = {"types": frozenset({"EMAIL", "PHONE", "NAME", "IBAN"}), "n": (1, {"b", "a"})}
    program = (
        "import sys, pickle; from ftaudit.engines.local.finished_parts import canonical_bytes\n"
        "sys.stdout.buffer.write(canonical_bytes(pickle.loads(sys.stdin.buffer.read())))"
    )
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        input=pickle.dumps(value),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert ended.stdout == canonical_bytes(value)
