"""Containment: planted texts are found, and no pair that a brute force does not find."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ftaudit.model.row_id import row_id
from ftaudit.similarity.search import containment
from tests.conftest import dataset
from tests.similarity.reference import host, shingles
from tests.similarity.rows import Row, frame, relation, relation_of, texts_of

QUESTION = "how do I cancel the yearly plan that my former employer paid for with a company card"


def contained(
    rows: list[Row], *, workers: int = 1, threshold: float = 0.8
) -> dict[int, tuple[int, float]]:
    """Return holdout row → (training row, share)."""
    found = frame(relation(rows, workers=workers, threshold=threshold), "contained")
    assert found["cluster"].is_sorted()
    result = {}
    for cluster in found.iter_rows(named=True):
        one, host = cluster["members"]
        assert (one["split"], host["split"]) == ("holdout", "train")
        assert cluster["cluster"] == one["id"]
        result[one["row"]] = (host["row"], cluster["pairs"][0]["similarity"])
    return result


def test_a_holdout_text_inside_a_longer_training_text_is_found() -> None:
    rows: list[Row] = [
        {"input": "something else that has nothing to do with any of this, at all, ever"},
        {"input": f"{'Dear team, thank you for your help. ' * 6}{QUESTION}? Kind regards, a user"},
        {"input": QUESTION.upper(), "split": "holdout", "label": "x"},
        {"input": "how do I cancel", "split": "holdout"},
        {"input": QUESTION.replace("yearly", "monthly"), "split": "holdout"},
    ]
    assert contained(rows) == {0: (1, 1.0)}


def test_rows_that_are_near_are_not_contained_too() -> None:
    rows: list[Row] = [
        {"input": f"{QUESTION} today"},
        {"input": QUESTION, "split": "holdout"},
    ]
    assert contained(rows) == {}


@pytest.mark.parametrize(
    ("taught", "sought"),
    [
        (f"system: Be brief.\n\nuser: {QUESTION}", f"system: Rhyme, pirate!\n\nuser: {QUESTION}"),
        (QUESTION, f"system: You are a pirate and rhyme, always and at length\n\nuser: {QUESTION}"),
        (f"user: Hi\n\nassistant: Yes\n\nuser: {QUESTION}", f"Q: Who?\nA: I\n\nQ: {QUESTION}\nA:"),
    ],
)
def test_what_is_asked_is_found_behind_another_prompt(taught: str, sought: str) -> None:
    rows: list[Row] = [
        {"input": "user: something else that has nothing to do with any of this, at all, ever"},
        {"input": taught},
        {"input": sought, "split": "holdout"},
    ]
    assert contained(rows) == {0: (1, 1.0)}


def test_a_question_inside_what_a_record_has_beside_its_texts_is_found() -> None:
    other = "something else that has nothing to do with any of this, at all, ever"
    rows: list[Row] = [
        {"input": other, "text": f"{other} tools: solves {QUESTION}", "output": "yes"},
        {"input": QUESTION, "split": "holdout", "text": QUESTION},
    ]
    for has_more in (True, False):
        data = replace(dataset(rows), has_more=has_more)
        assert frame(relation_of(data), "contained").height == has_more


def test_prompts_that_share_all_but_their_question_are_not_contained() -> None:
    shot = "Q: How many litres are left in the tank after two whole days?\nA: 12\n\nQ: "
    rows: list[Row] = [
        {"input": f"{shot}{QUESTION.replace('cancel', 'pause').replace('paid', 'asked')}\nA:"},
        {"input": f"{shot}Which treaty ended the war between the two island kingdoms?\nA:"},
        {"input": f"{shot}{QUESTION}\nA:", "split": "holdout"},
    ]
    assert contained(rows, threshold=0.99) == {}


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("at_once", [1 << 23, 50])
def test_planted_sentences_of_real_texts_are_all_found(
    shared: Path, workers: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containment, "AT_ONCE", at_once)
    texts = texts_of(shared, "gsm8k")[:600]
    chance = random.Random(1)  # noqa: S311 - a test's choice
    rows: list[Row] = [{"input": text} for text in texts]
    expected = {}
    for n, i in enumerate(chance.sample(range(len(texts)), 40)):
        words = texts[i].split()
        rows.append({"input": " ".join(words[2:14]), "split": "holdout"})
        if len(words) > 18:
            expected[n] = i
    found = contained(rows, workers=workers)
    assert {n: i for n, (i, _) in found.items() if n in expected} == expected
    assert all(found[n][1] == 1.0 for n in expected)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_what_is_found_is_what_a_brute_force_finds(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's choice
    words = [f"w{i}" for i in range(12)]
    train = [" ".join(chance.choices(words, k=chance.randrange(10, 40))) for _ in range(12)]
    held = [" ".join(chance.choices(words, k=12)) for _ in range(4)]
    for _ in range(6):
        source = chance.choice(train).split()
        part = source[(at := chance.randrange(len(source))) : at + chance.randrange(8, 30)]
        if chance.random() < 0.5:
            part[chance.randrange(len(part))] = "odd"
        held.append(" ".join(part))
    rows: list[Row] = [{"input": t} for t in train]
    rows += [{"input": t, "split": "holdout"} for t in held]
    found = contained(rows, threshold=1.0)
    sets = [shingles(text, "word3") for text in train]
    for i, text in enumerate(held):
        wanted = host(text, sets, containment.SHARE, containment.LEAST_SHINGLES)
        if any(shingles(text, "char5") == shingles(other, "char5") for other in train):
            wanted = None  # near-identical at this threshold, which is another finding
        assert found.get(i) == pytest.approx(wanted), text


def test_ids_are_those_of_the_files() -> None:
    rows: list[Row] = [
        {"input": f"well, {QUESTION}, and what else can I do about it now?"},
        {"input": QUESTION, "split": "holdout"},
    ]
    (cluster,) = frame(relation(rows), "contained").iter_rows(named=True)
    assert [m["id"] for m in cluster["members"]] == [row_id(1, 0), 0]
