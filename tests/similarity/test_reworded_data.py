"""Rewordings by a model of real questions, and real questions that are none."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from tests.similarity.rows import frame, relation

pytestmark = pytest.mark.long

Matches = dict[int, set[int]]


def matches(train: Sequence[str], holdout: Sequence[str]) -> Matches:
    """Return holdout row → training rows that say the same in other words."""
    rows: list[dict[str, object]] = [{"input": text} for text in train]
    rows += [{"split": "holdout", "input": text} for text in holdout]
    groups = frame(relation(rows, rewordings=True, workers=2, method="minhash"), "reworded")[
        "members"
    ].to_list()
    return {
        group[0]["row"]: {member["row"] for member in group[1:]}
        for group in groups
        if group[0]["split"] == "holdout"
    }


def questions(path: Path) -> list[str]:
    return pl.read_ndjson(path)["question"].to_list()


@pytest.fixture
def gsm8k(shared: Path) -> tuple[list[str], list[str]]:
    return tuple(questions(shared / f"gsm8k_{side}.jsonl") for side in ("train", "test"))  # type: ignore[return-value] # two


def test_most_reworded_questions_are_found_among_real_ones(
    shared: Path, gsm8k: tuple[list[str], list[str]]
) -> None:
    path = shared / "reworded" / "gsm8k_reworded_half.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [record["question"] for record in records]
    alone, among = matches(texts, gsm8k[1]), matches([*texts, *gsm8k[0]], gsm8k[1])
    for found in (alone, among):
        right = sum(row in found.get(record["index"], ()) for row, record in enumerate(records))
        assert right >= 0.85 * len(records)
    wrong = {row for rows in among.values() for row in rows if row >= len(records)}
    assert len(wrong) <= 11


def test_few_real_questions_are_taken_for_rewordings(gsm8k: tuple[list[str], list[str]]) -> None:
    found = matches(*gsm8k)
    assert len({row for rows in found.values() for row in rows}) <= 11


def test_reworded_questions_without_numbers_are_found_too(shared: Path) -> None:
    folder = shared / "reworded"
    texts = pl.read_ndjson(folder / "sociology_reworded.jsonl")["text"].to_list()
    real = pl.read_csv(folder / "sociology_test.csv")["question"].to_list()
    found = matches(texts, real)
    assert sum(row in found.get(row, ()) for row in range(201)) >= 0.80 * 201
    assert sum(bool(rows - {row}) for row, rows in found.items()) <= 6
