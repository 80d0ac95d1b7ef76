"""The relation against plain Python, on real data, for both methods and both shingles."""

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from ftaudit.similarity.build import build
from ftaudit.similarity.options import SimilarityOptions
from ftaudit.similarity.relation import CLUSTERS, Similar
from tests.conftest import dataset
from tests.similarity.reference import all_pairs, components, row_pairs

ROWS = 3_000


def relation(
    rows: Sequence[dict[str, object]],
    *,
    workers: int = 1,
    cuts: Sequence[int] = (),
    **options: object,
) -> Similar:
    data = dataset(rows, cuts=cuts)
    given = SimilarityOptions(**options)  # type: ignore[arg-type] # a test's own words
    with tempfile.TemporaryDirectory() as folder:
        return build(data.rows, data.files, given, workers=workers, folder=Path(folder))


def texts_of(shared: Path, name: str) -> list[str]:
    if name == "banking77":
        return pl.read_csv(shared / "banking77_train.csv")["text"].to_list()
    if name == "gsm8k":
        return pl.read_ndjson(shared / "gsm8k_train.jsonl")["question"].to_list()
    records = json.loads((shared / "gpteacher_roleplay.json").read_text(encoding="utf-8"))
    return [f"{r['instruction']}\n{r['input']}" for r in records]


@pytest.mark.parametrize("kind", ["char5", "word3"])
@pytest.mark.parametrize("name", ["banking77", "gsm8k", "roleplay"])
def test_exact_mode_finds_every_pair_of_a_brute_force_and_no_other(
    shared: Path, name: str, kind: str
) -> None:
    texts = texts_of(shared, name)[:ROWS]
    rows = [{"input": text} for text in texts]
    expected = all_pairs(texts, kind, 0.7)
    found = relation(rows, method="exact", shingles=kind, threshold=0.7)
    assert row_pairs(list(found.batches())) == pytest.approx(expected)
    assert len(expected) > 5
