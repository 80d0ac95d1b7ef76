"""The privacy checks say the same on worker processes as in one."""

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ftaudit.checks.markings import Markings
from ftaudit.checks.pii import Pii
from ftaudit.checks.secrets import Secrets
from ftaudit.engines.folds import Fold
from ftaudit.engines.local.mapping import map_parts
from ftaudit.engines.local.processes import Workers
from ftaudit.engines.spool import Spool
from ftaudit.model.parts import HeldPart
from tests.conftest import canonical
from tests.privacy.planted import planted

pytestmark = pytest.mark.long

if TYPE_CHECKING:
    from ftaudit.model.check import Check, Judgement


def nothing() -> None:
    """Prepare nothing."""


def fold(
    folder: Path, frame: pl.DataFrame, size: int, workers: Workers | None = None
) -> list[tuple[object, ...]]:
    folder.mkdir()
    checks: list[Check] = [Pii(), Secrets(), Markings()]
    folds = [Fold(check, Spool(folder, check.id, check.rules)) for check in checks]
    parts = [HeldPart(frame[i : i + size]) for i in range(0, frame.height, size)]
    map_parts(folds, parts, workers=workers)
    return [_said(each) for each in folds]


def _said(each: Fold) -> tuple[object, ...]:
    totals = each.totals()
    assert isinstance(totals, pl.DataFrame)
    said: Judgement = each.check.judge(totals)
    found = pl.concat(list(each.spool.frames()) or [said.findings])
    return dict(said.metrics), said.notes, said.examples, said.charts, found.to_dicts()


def test_workers_and_batches_change_nothing(tmp_path: Path) -> None:
    texts = [*(value.text for value in planted()), "TLP:RED\nplan", "clean"][::24]
    frame = canonical([{"input": text, "output": texts[-i]} for i, text in enumerate(texts)])
    alone = fold(tmp_path / "alone", frame, 1_000)
    with Workers(1, nothing) as workers:
        workers.wait()
        assert fold(tmp_path / "spread", frame, 49, workers) == alone
