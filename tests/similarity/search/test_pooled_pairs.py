"""Rows that are joined before a split: whatever side a unit goes to, nothing is given away."""

import random
import tempfile
from pathlib import Path

import numpy as np
import pytest

from ftaudit.remedies.splitting.related_rows import related_groups
from ftaudit.remedies.splitting.split_units import Integers, unite_rows
from ftaudit.similarity.build import build
from ftaudit.similarity.parameters import SimilarityOptions
from tests.conftest import dataset
from tests.similarity.rows import Row, frame, relation

WORDS = [f"{a}{b}" for a in ("lor", "mip", "sat", "dun", "kel") for b in ("em", "um", "ol", "ir")]
KINDS = ("near", "contained", "permuted", "quoted", "same-answer")


def units_of(rows: list[Row]) -> Integers:
    """Return the unit of each row, before any split."""
    data = dataset(rows)
    with tempfile.TemporaryDirectory() as folder:
        similar = build(
            data.rows,
            data.files,
            SimilarityOptions(),
            label_reader=None,
            folder=Path(folder),
            pooled=True,
        )
        return unite_rows(len(rows), related_groups(similar, np.zeros(1, np.int64)))


def sentence(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(WORDS, k=words))


def planted() -> list[Row]:
    """Return rows that give one another away in every way there is, in chains and pairs."""
    draw = random.Random(5)  # noqa: S311 - made-up words
    rows: list[Row] = [
        {"input": sentence(draw, 20), "output": sentence(draw, 30)} for _ in range(60)
    ]
    texts = [str(row["input"]) for row in rows]
    for at in range(0, 30, 3):
        host = f"{sentence(draw, 15)} {texts[at]} {sentence(draw, 15)}"
        rows += [
            {"input": host, "output": sentence(draw, 25)},
            {"input": f"{sentence(draw, 9)} {texts[at]} {sentence(draw, 22)}", "output": "yes"},
            {"input": sentence(draw, 18), "output": f"{sentence(draw, 8)} {texts[at + 1]}"},
            {"input": sentence(draw, 21), "output": rows[at + 2]["output"]},
            {"input": f"{texts[at]} too", "output": sentence(draw, 25)},
        ]
    for at in range(6):
        stem, options = sentence(draw, 9), [sentence(draw, 2) for _ in range(4)]
        for _ in range(3):
            draw.shuffle(options)
            rows.append({"input": "\n".join([stem, *options]), "output": f"answer {at}"})
    return rows


@pytest.fixture(scope="module")
def units() -> Integers:
    return units_of(planted())


@pytest.mark.parametrize("seed", range(4))
def test_no_split_by_units_lets_training_give_a_holdout_row_away(
    seed: int, units: Integers
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's choice
    held_out = {unit for unit in range(int(units.max()) + 1) if chance.random() < 0.5}
    split = [
        {**row, "split": "holdout" if unit in held_out else "train"}
        for row, unit in zip(planted(), units.tolist(), strict=True)
    ]
    similar = relation(sorted(split, key=lambda row: row["split"] == "holdout"))
    for kind in KINDS:
        for cluster in frame(similar, kind).iter_rows(named=True):
            assert len({member["split"] for member in cluster["members"]}) == 1, kind


def test_rows_that_have_nothing_in_common_stay_units_of_their_own(units: Integers) -> None:
    sizes = np.bincount(units)
    assert (sizes == 1).sum() >= 20
    assert sizes.max() <= 10


def test_what_is_joined_does_not_depend_on_the_order_of_rows() -> None:
    draw = random.Random(8)  # noqa: S311 - made-up words
    words = ["".join(draw.choices("abdeiklmnorstu", k=7)) for _ in range(750)]
    texts = [" ".join(draw.choices(words, k=9)) for _ in range(600)]
    for text in texts[:40]:
        kept = text.split()[:7]
        draw.shuffle(kept)
        texts.append(" ".join([*kept, draw.choice(words)]))
    parts = []
    for _ in range(2):
        units = units_of([{"input": text} for text in texts])
        named: dict[int, set[str]] = {}
        for text, unit in zip(texts, units.tolist(), strict=True):
            named.setdefault(unit, set()).add(text)
        parts.append(sorted(sorted(unit) for unit in named.values()))
        draw.shuffle(texts)
    assert parts[0] == parts[1]
    assert len(parts[0]) < len(texts) - 20


ASKED = "which of the four old harbour towns was burnt down twice before the bridge stood"
OPTIONS = ("Aldham on the river", "Brack under the hill", "Corley by the mill", "Dunne")
SHOT = "Who mends shoes?\nA) a cobbler\nB) a cooper\nAnswer: A\n\n"


@pytest.mark.parametrize(
    "texts",
    [
        (f"system: Be kind and brief.\n\nuser: {ASKED}?", f"system: Rhyme!\n\nuser: {ASKED}?"),
        ("system: Be kind.\n\nuser: How do I pay?", "system: Rhyme!\n\nuser: how do I pay"),
        (f"Tell me: {ASKED}? Then name its mayor.", f"Q: Who?\nA: I\n\nQ: {ASKED}?\nA:"),
        (
            f"{SHOT}{ASKED}?\nA) {OPTIONS[0]}\nB) {OPTIONS[1]}\nC) {OPTIONS[2]}\nAnswer:",
            f"Do as told. {ASKED}?\n(a) {OPTIONS[2]}\n(b) {OPTIONS[0]}\n(c) {OPTIONS[1]}",
        ),
    ],
)
def test_records_that_ask_the_same_are_joined_whatever_stands_before(
    texts: tuple[str, str],
) -> None:
    others = [f"{ASKED[:9]} {' '.join(reversed(WORDS))}?\nA) {OPTIONS[3]}\nB) {OPTIONS[0]}"]
    units = units_of([{"input": text} for text in (*texts, *others)]).tolist()
    assert units[0] == units[1]
    assert len(set(units)) == 2
