"""Parts mapped on a cluster give what one machine gives, and partials with keys stay there."""

from pathlib import Path

import polars as pl
import pytest

from ftaudit.checks.group_leakage import GroupLeakage
from ftaudit.checks.schema import Schema
from ftaudit.engines.folds import Fold
from ftaudit.engines.local import mapping
from ftaudit.engines.spark import mapped_parts
from ftaudit.engines.spool import Spool
from ftaudit.model.check import Check, Completed, Judgement, KeyedPartials, Skip
from ftaudit.model.dataset import Dataset
from ftaudit.model.parts import HeldPart
from tests.conftest import context, dataset
from tests.similarity.divided.memory_cluster import MemoryCluster

GROUPS = ["a", "b", None, "c", "a", "d", "b", "a", "e"]
IDS = [*(f"id {number}" for number in range(40)), "id 3", "id 17", None, "id 3"]


def judged(
    check: Check, data: Dataset, rows: int, folder: Path, slots: int | None
) -> tuple[Judgement, int]:
    """Judge on a cluster of so many slots, or on one machine; say how many totals had keys."""
    folder.mkdir()
    assert isinstance(check, KeyedPartials)
    fold = Fold(check, Spool(folder, check.id, check.rules))
    batch = pl.concat(data.rows.batches())
    held = [HeldPart(batch[start : start + rows]) for start in range(0, batch.height, rows)]
    if slots is None:
        mapping.map_parts([fold], held)
    else:
        mapped_parts.map_parts(MemoryCluster(cores=0), [fold], held, slots)
    totals, result = fold.totals(), fold.result()
    assert isinstance(totals, pl.DataFrame)
    assert isinstance(result, Completed)
    return result.judgement, check.keys(totals).drop_nulls().len()


def of_splits() -> Dataset:
    splits = ["train"] * 5 + ["holdout"] * 4
    pairs = zip(GROUPS, splits, strict=True)
    return dataset([{"input": "a text", "group": group, "split": split} for group, split in pairs])


@pytest.mark.parametrize(("rows", "slots", "at_once"), [(44, 1, 9), (7, 3, 2), (1, 5, 2_000)])
@pytest.mark.parametrize(
    ("check", "data", "metric", "value", "kept"),
    [
        (
            Schema,
            dataset([{"input": "a text", "key": key} for key in IDS]),
            *("schema.duplicate_ids", 3, 5),
        ),
        (GroupLeakage, of_splits(), *("leakage.shared_groups", 2, 4)),
    ],
)
def test_what_belongs_together_is_settled_by_the_slots_of_its_digest(  # noqa: PLR0913, PLR0917 - a case and a cut
    check: type[Check],
    data: Dataset,
    metric: str,
    value: int,
    kept: int,
    rows: int,
    slots: int,
    at_once: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mapped_parts, "AT_ONCE", at_once)
    prepared = check.prepare(context(data, columns={"group": ("group",)}))
    assert not isinstance(prepared, Skip)
    here, _ = judged(prepared, data, rows, tmp_path / "here", None)
    there, keyed = judged(prepared, data, rows, tmp_path / "there", slots)
    assert (there.metrics, there.headline) == (here.metrics, here.headline)
    assert there.findings.equals(here.findings)
    assert (here.metrics[metric], keyed) == (value, kept)
