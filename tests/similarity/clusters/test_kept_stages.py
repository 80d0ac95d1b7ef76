"""Stages that a killed scan finished are not made again, and come to the same relation."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from ftaudit.similarity.build import build
from ftaudit.similarity.clusters import similar_relation
from ftaudit.similarity.clusters.kept_stages import Arrays
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.relation import CLUSTERS, Similar
from ftaudit.similarity.search.search_task import SearchTask
from tests.conftest import dataset
from tests.similarity.rows import synthetic


class StagesInMemory:
    def __init__(self) -> None:
        self.made: dict[str, Arrays] = {}

    def __call__(self, decided_by: object, make: Callable[[], Arrays]) -> Arrays:
        name = repr(decided_by)
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]


def test_what_training_gives_away_is_searched_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = synthetic(90)
    rows: list[dict[str, object]]
    rows = [{"input": text, "output": "so"} for text in texts[:60]]
    rows += [{"input": f"{texts[3]} {texts[70 + n]} {texts[5]}"} for n in range(9)]
    rows += [{"input": text, "split": "holdout"} for text in texts[55:80]]
    data = dataset(rows)
    keep = StagesInMemory()
    options = SimilarityOptions()

    def built(kept: StagesInMemory | None) -> Similar:
        return build(data.rows, data.files, options, label_reader=None, folder=tmp_path, kept=kept)

    here, first = built(None), built(keep)
    for name in ("find_contained", "find_permuted", "find_equal_answers", "find_quoted"):
        monkeypatch.setattr(similar_relation, name, _never)
    monkeypatch.setattr(similar_relation, "find_reworded", _never)
    for again in (first, built(keep)):
        assert _frame(again).equals(_frame(here))
        assert again.configuration == here.configuration
        assert again.limits == here.limits
    assert "contained" in _frame(here)["kind"]
    assert len(keep.made) == 6


def _never(task: SearchTask, *_: object) -> pl.DataFrame:
    raise AssertionError(task)


def _frame(similar: Similar) -> pl.DataFrame:
    return pl.concat([CLUSTERS.to_frame(), *similar.batches()])
