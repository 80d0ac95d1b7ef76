"""Parts mapped on a cluster give what one machine gives, and partials with keys stay there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from ftaudit.checks import temporal_leakage
from ftaudit.checks.bias import Bias
from ftaudit.checks.group_leakage import GroupLeakage
from ftaudit.checks.pii import Pii
from ftaudit.checks.schema import Schema
from ftaudit.checks.temporal_leakage import TemporalLeakage
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


def dated(count: int) -> Dataset:
    """Return rows of as many moments: of training after the first of the holdout."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    splits = ["train"] * (count - 5) + ["holdout"] * 5
    return dataset(
        [
            {"input": "a text", "split": split, "time": start - timedelta(minutes=at - count)}
            for at, split in enumerate(splits)
        ]
    )


def mailed(count: int) -> Dataset:
    return dataset([{"input": f"Write to jane.{at}@firm{at}.com"} for at in range(count)])


def swapped(count: int) -> Dataset:
    """Return texts that name men and women; of every fiftieth pair the answers clash."""
    return dataset(
        [
            {"input": f"Case {at}: may {name} enter?", "label": "yes" if clash else "no"}
            for at in range(count // 2)
            for name, clash in (("he", True), ("she", at % 50 > 0))
        ]
    )


@pytest.mark.parametrize(
    ("check", "rows", "metric"),
    [
        (TemporalLeakage, dated, "leakage.temporal_rows"),
        (Pii, mailed, "pii.findings"),
        (Bias, swapped, "bias.counterfactual_conflicts"),
    ],
)
def test_what_every_row_has_of_its_own_is_not_held_by_the_driver(
    check: type[Check],
    rows: Callable[[int], Dataset],
    metric: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(temporal_leakage, "LISTED", 20)
    held: list[int] = []
    for count in (150, 450):
        data = rows(count)
        names = {"time": "when", "label": "label", "input": "input"}
        prepared = check.prepare(context(data, columns=names))
        assert not isinstance(prepared, Skip)
        here, _ = judged(prepared, data, 40, tmp_path / f"here-{count}", None)
        there, kept = judged(prepared, data, 40, tmp_path / f"there-{count}", 3)
        assert there.metrics[metric]
        assert (there.metrics, there.headline) == (here.metrics, here.headline)
        assert there.findings.equals(here.findings)
        held.append(kept)
    assert held[1] <= max(2 * 450 // 50, 3 * 21)


class NoRows:
    """A part of which nothing is to be read."""

    @staticmethod
    def frames() -> Iterator[pl.DataFrame]:
        return iter(())


def test_a_part_without_a_row_adds_nothing(tmp_path: Path) -> None:
    data = of_splits()
    check = GroupLeakage.prepare(context(data, columns={"group": ("group",)}))
    assert not isinstance(check, Skip)
    fold = Fold(check, Spool(tmp_path, check.id, check.rules))
    held = [HeldPart(batch) for batch in data.rows.batches()]
    mapped_parts.map_parts(MemoryCluster(), [fold], [NoRows(), *held, NoRows()], 2)
    result = fold.result()
    assert isinstance(result, Completed)
    assert result.judgement.metrics["leakage.shared_groups"] == 2
