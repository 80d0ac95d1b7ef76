"""Rows for the tests of similarity, and the relation of them."""

import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ftaudit.model.dataset import Dataset
from ftaudit.similarity.build import build
from ftaudit.similarity.labels.suspected_labels import review_labels
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.relation import CLUSTERS, Similar
from tests.conftest import dataset

Row = dict[str, object]


def relation(
    rows: Sequence[Row],
    *,
    workers: int = 1,
    cuts: Sequence[int] = (),
    memory: int | None = None,
    rewordings: bool = False,
    **options: object,
) -> Similar:
    """Build the relation of rows given as `canonical` takes them."""
    return relation_of(
        dataset(rows, cuts=cuts), workers=workers, memory=memory, rewordings=rewordings, **options
    )


def relation_of(
    data: Dataset,
    *,
    workers: int = 1,
    memory: int | None = None,
    rewordings: bool = False,
    **options: object,
) -> Similar:
    """Build the relation of a dataset, without rewordings unless they are asked for."""
    options_given = SimilarityOptions(**options)  # type: ignore[arg-type] # a test's own words
    with tempfile.TemporaryDirectory() as folder:
        return build(
            data.rows,
            data.files,
            options_given,
            label_reader=review_labels,
            workers=workers,
            memory=memory,
            folder=Path(folder),
            rejected=True,
            has_more=data.has_more,
            rewordings=rewordings,
        )


def frame(similar: Similar, kind: str = "near") -> pl.DataFrame:
    """Return all clusters of one kind as one frame."""
    return pl.concat([CLUSTERS.to_frame(), *similar.batches()], how="vertical").filter(kind=kind)


def texts_of(shared: Path, name: str) -> list[str]:
    """Return the inputs of a real data set, or of a made-up one."""
    if name == "synthetic":
        return synthetic(3_000)
    if name == "banking77":
        return pl.read_csv(shared / "banking77_train.csv")["text"].to_list()
    if name == "gsm8k":
        return pl.read_ndjson(shared / "gsm8k_train.jsonl")["question"].to_list()
    records = json.loads((shared / "gpteacher_roleplay.json").read_text(encoding="utf-8"))
    return [f"{r['instruction']}\n{r['input']}" for r in records]


def synthetic(rows: int, seed: int = 3) -> list[str]:
    """Return made-up chat texts, a third of them edited copies of others."""
    draw = random.Random(seed)  # noqa: S311 - made-up words
    words = [
        "".join(draw.choices("abcdefghiklmnoprstuvw", k=draw.randint(2, 9))) for _ in range(900)
    ]
    texts: list[str] = []
    for _ in range(rows):
        if texts and draw.random() < 0.33:
            text = draw.choice(texts).split(" ")
            for _ in range(draw.choice((0, 1, 1, 2, 4))):
                text[draw.randrange(len(text))] = draw.choice(words)
        else:
            text = draw.choices(words, k=draw.randint(6, 60))
        texts.append(" ".join(text))
    return texts
