"""Partials with keys that stand on disk give what those in memory give."""

from pathlib import Path

import polars as pl
import pytest

from ftaudit.checks.bias import Bias
from ftaudit.checks.group_leakage import GroupLeakage
from ftaudit.checks.pii import Pii
from ftaudit.checks.schema import Schema
from ftaudit.checks.temporal_leakage import TemporalLeakage
from ftaudit.engines.base import RelationSource
from ftaudit.engines.folds import Fold
from ftaudit.engines.local import shuffled_fold
from ftaudit.engines.local.engine import LocalEngine
from ftaudit.engines.local.shuffled_fold import ShuffledFold
from ftaudit.engines.spool import Spool
from ftaudit.model.check import Check, Completed, Judgement, Skip
from ftaudit.model.dataset import Dataset
from ftaudit.model.parts import HeldPart
from tests.conftest import context, dataset
from tests.engines.test_mapped_parts import IDS, dated, mailed, of_splits, swapped

PLACES = {"group": ("group",), "time": "when", "label": "label", "input": "input"}


def judged(check: Check, data: Dataset, folder: Path, bytes_in_memory: int) -> Judgement:
    folder.mkdir()
    fold = Fold(check, Spool(folder, check.id, check.rules))
    batch = pl.concat(data.rows.batches())
    parts = [HeldPart(batch[start : start + 7]) for start in range(0, batch.height, 7)]
    source = RelationSource(lambda _: parts, bytes_in_memory)
    LocalEngine(folder).fold([fold], source)
    result = fold.result()
    assert isinstance(result, Completed)
    return result.judgement


@pytest.mark.parametrize(
    ("check", "data", "metric"),
    [
        (Schema, dataset([{"input": "a text", "key": key} for key in IDS]), "schema.duplicate_ids"),
        (GroupLeakage, of_splits(), "leakage.shared_groups"),
        (TemporalLeakage, dated(60), "leakage.temporal_rows"),
        (Pii, mailed(60), "pii.findings"),
        (Bias, swapped(120), "bias.counterfactual_conflicts"),
    ],
)
def test_what_was_written_by_key_is_judged_as_what_was_held(
    check: type[Check],
    data: Dataset,
    metric: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ShuffledFold, "most", 20)
    prepared = check.prepare(context(data, columns=PLACES))
    assert not isinstance(prepared, Skip)
    held = judged(prepared, data, tmp_path / "held", 0)
    written = judged(prepared, data, tmp_path / "written", 3 * shuffled_fold.SLOT_BYTES)
    assert held.metrics[metric]
    assert (written.metrics, written.headline) == (held.metrics, held.headline)
    assert written.findings.equals(held.findings)
    folder = tmp_path / "written" / "partials"
    assert [path.name for path in folder.iterdir()] == [check.id]
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("check", [GroupLeakage, Bias])
def test_no_text_of_the_data_stands_in_what_is_written(
    check: type[Check], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"group": "customer-of-note", "input": "may she enter by night", "label": "refused-by"}
    data = dataset([{**texts, "split": split} for split in ("train", "holdout")])
    prepared = check.prepare(context(data, columns=PLACES))
    assert not isinstance(prepared, Skip)
    fold = ShuffledFold(Fold(prepared, Spool(tmp_path, "x", check.rules)), tmp_path / "partials", 2)
    monkeypatch.setattr(ShuffledFold, "most", 1)  # write at once
    for batch in data.rows.batches():
        fold.take(prepared.map(batch), fold.fold.seen)
    files = list((tmp_path / "partials").iterdir())
    assert files
    for file in files:
        written = pl.read_ipc(file).write_csv()
        assert not [text for text in texts.values() if text in written]
